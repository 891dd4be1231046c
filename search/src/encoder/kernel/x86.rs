//! Products by AVX2: sixteen weights at a time, widened once and used for four windows.

use std::arch::x86_64::{
    __m128i, __m256i, _mm_add_epi32, _mm_cvtsi128_si32, _mm_loadu_si128, _mm_shuffle_epi32,
    _mm256_add_epi32, _mm256_castsi256_si128, _mm256_cvtepi8_epi16, _mm256_extracti128_si256,
    _mm256_loadu_si256, _mm256_madd_epi16, _mm256_setzero_si256,
};

use super::Windows;

/// Values taken at a time; a width must be a multiple of it.
pub(super) const LANES: usize = 16;

/// Windows that share a widened row.
const TILE: usize = 4;

/// As [`super::products`].
#[target_feature(enable = "avx2")]
pub(super) fn products(matrix: &[i8], windows: &Windows<'_>, sums: &mut [i32]) {
    let rows = matrix.len() / windows.width;
    let whole = windows.count - windows.count % TILE;
    for first in (0..whole).step_by(TILE) {
        let inputs: [&[i16]; TILE] = std::array::from_fn(|i| windows.at(first + i));
        tile(matrix, inputs, &mut sums[first * rows..], rows);
    }
    for first in whole..windows.count {
        tile(matrix, [windows.at(first)], &mut sums[first * rows..], rows);
    }
}

#[target_feature(enable = "avx2")]
fn tile<const N: usize>(matrix: &[i8], inputs: [&[i16]; N], sums: &mut [i32], rows: usize) {
    let width = inputs[0].len();
    for (r, row) in matrix.chunks_exact(width).enumerate() {
        let mut totals = [_mm256_setzero_si256(); N];
        for (block, weights) in row.as_chunks::<LANES>().0.iter().enumerate() {
            let weights = widened(weights);
            for (total, input) in totals.iter_mut().zip(inputs) {
                let values = loaded(&input[block * LANES..][..LANES]);
                *total = _mm256_add_epi32(*total, _mm256_madd_epi16(weights, values));
            }
        }
        for (i, total) in totals.into_iter().enumerate() {
            sums[i * rows + r] = added(total);
        }
    }
}

#[target_feature(enable = "avx2")]
fn widened(weights: &[i8; LANES]) -> __m256i {
    #[expect(unsafe_code, reason = "sixteen bytes are there, and the load asks for no alignment")]
    let weights = unsafe { _mm_loadu_si128(weights.as_ptr().cast::<__m128i>()) };
    _mm256_cvtepi8_epi16(weights)
}

#[target_feature(enable = "avx2")]
fn loaded(values: &[i16]) -> __m256i {
    assert_eq!(values.len(), LANES, "the load reads as many");
    #[expect(unsafe_code, reason = "sixteen values are there, and the load asks for no alignment")]
    unsafe {
        _mm256_loadu_si256(values.as_ptr().cast::<__m256i>())
    }
}

#[target_feature(enable = "avx2")]
fn added(total: __m256i) -> i32 {
    let half = _mm_add_epi32(_mm256_castsi256_si128(total), _mm256_extracti128_si256::<1>(total));
    let quarter = _mm_add_epi32(half, _mm_shuffle_epi32::<0b01_00_11_10>(half));
    _mm_cvtsi128_si32(_mm_add_epi32(quarter, _mm_shuffle_epi32::<0b10_11_00_01>(quarter)))
}
