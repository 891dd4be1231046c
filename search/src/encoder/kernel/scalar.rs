//! Plain products, for every processor, and the measure of the fast ones.

use super::Windows;

pub(super) fn products(matrix: &[i8], windows: &Windows<'_>, sums: &mut [i32]) {
    let rows = matrix.len() / windows.width;
    for (i, sums) in sums.chunks_exact_mut(rows.max(1)).enumerate() {
        let window = windows.at(i);
        for (sum, row) in sums.iter_mut().zip(matrix.chunks_exact(windows.width)) {
            let products = row.iter().zip(window).map(|(w, x)| i32::from(*w) * i32::from(*x));
            *sum = products.fold(0, i32::wrapping_add);
        }
    }
}
