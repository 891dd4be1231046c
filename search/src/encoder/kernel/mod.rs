//! Products of 8-bit matrices with integer vectors: the one place where processor instructions are named.
//! All versions are exact and agree to the last bit; tests hold them against the plain one.

mod scalar;
#[cfg(target_arch = "x86_64")]
mod x86;

/// Windows over one slice: window `i` is the `width` values from `i * stride`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Windows<'a> {
    pub(super) values: &'a [i16],
    pub(super) width: usize,
    pub(super) stride: usize,
    pub(super) count: usize,
}

impl<'a> Windows<'a> {
    fn at(&self, index: usize) -> &'a [i16] {
        &self.values[index * self.stride..][..self.width]
    }
}

/// Product of every row of `matrix` (rows of the windows' width) with every window:
/// `sums[window * rows + row]`. A sum must fit 32 bits: 1280 values of 12 bits do.
///
/// # Panics
/// When a window reaches beyond the values or `sums` has another size.
pub(super) fn products(matrix: &[i8], windows: &Windows<'_>, sums: &mut [i32]) {
    assert_eq!(sums.len() * windows.width, windows.count * matrix.len(), "one sum for each pair");
    #[cfg(target_arch = "x86_64")]
    if windows.width.is_multiple_of(x86::LANES) && std::arch::is_x86_feature_detected!("avx2") {
        #[expect(
            unsafe_code,
            reason = "the processor has just said that it knows these instructions"
        )]
        unsafe {
            x86::products(matrix, windows, sums);
        }
        return;
    }
    scalar::products(matrix, windows, sums);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn both(matrix: &[i8], windows: &Windows<'_>) -> (Vec<i32>, Vec<i32>) {
        let size = windows.count * matrix.len() / windows.width;
        let (mut fast, mut plain) = (vec![0; size], vec![0; size]);
        products(matrix, windows, &mut fast);
        scalar::products(matrix, windows, &mut plain);
        (fast, plain)
    }

    proptest! {
        #[test]
        fn fast_products_are_the_plain_ones(
            blocks in 1..6_usize, rows in 1..9_usize, count in 1..11_usize, overlap: bool,
            seed in prop::collection::vec((any::<i8>(), -2047..=2047_i16), 64),
        ) {
            let width = blocks * 16;
            let stride = if overlap { 16 } else { width };
            let matrix: Vec<i8> = (0..rows * width).map(|i| seed[(i * 7 + i / 64) % 64].0).collect();
            let values: Vec<i16> =
                (0..count * stride + width).map(|i| seed[(i * 5 + i / 64) % 64].1).collect();
            let (fast, plain) = both(&matrix, &Windows { values: &values, width, stride, count });
            prop_assert_eq!(fast, plain);
        }
    }

    #[test]
    fn the_largest_sums_fit() {
        let (fast, plain) = both(
            &[-128; 1280],
            &Windows { values: &[-2047; 1280], width: 1280, stride: 1280, count: 1 },
        );
        assert_eq!(fast, plain);
        assert_eq!(plain, [1280 * 128 * 2047]);
    }

    #[test]
    fn a_width_no_instruction_fits_is_still_right() {
        let windows = Windows { values: &[1, 2, 3, 4, 5], width: 3, stride: 1, count: 3 };
        let (fast, plain) = both(&[1, 1, 1, -1, 0, 1], &windows);
        assert_eq!(fast, plain);
        assert_eq!(plain, [6, 2, 9, 2, 12, 2]);
    }
}
