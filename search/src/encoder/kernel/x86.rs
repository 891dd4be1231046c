//! Products by AVX2: sixteen weights at a time, widened once and used for four windows.

use std::arch::x86_64::{
    __m128i, __m256i, _mm_add_epi32, _mm_cvtsi128_si32, _mm_shuffle_epi32, _mm256_add_epi32,
    _mm256_castsi256_si128, _mm256_cvtepi8_epi16, _mm256_extracti128_si256, _mm256_madd_epi16,
    _mm256_setzero_si256,
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
    let mut pairs = matrix.chunks_exact(2 * width);
    for (pair, two) in pairs.by_ref().enumerate() {
        let (first, second) = two.split_at(width);
        strip([first, second], inputs, &mut sums[2 * pair..], rows);
    }
    if !pairs.remainder().is_empty() {
        strip([pairs.remainder()], inputs, &mut sums[rows - 1..], rows);
    }
}

/// A few rows times a few windows: as many sums as stay in registers.
#[target_feature(enable = "avx2")]
#[inline]
fn strip<const R: usize, const N: usize>(
    weights: [&[i8]; R],
    inputs: [&[i16]; N],
    sums: &mut [i32],
    rows: usize,
) {
    let blocks = weights[0].len() / LANES;
    let weights = weights.map(|row| &row.as_chunks::<LANES>().0[..blocks]);
    let inputs = inputs.map(|input| &input.as_chunks::<LANES>().0[..blocks]);
    let mut totals = [[_mm256_setzero_si256(); N]; R];
    for block in 0..blocks {
        let mut wide = [_mm256_setzero_si256(); R];
        for r in 0..R {
            wide[r] = widened(weights[r][block]);
        }
        for n in 0..N {
            let values = packed(inputs[n][block]);
            for r in 0..R {
                let products = _mm256_madd_epi16(wide[r], values);
                totals[r][n] = _mm256_add_epi32(totals[r][n], products);
            }
        }
    }
    for r in 0..R {
        for n in 0..N {
            sums[n * rows + r] = added(totals[r][n]);
        }
    }
}

#[target_feature(enable = "avx2")]
#[inline]
fn widened(weights: [i8; LANES]) -> __m256i {
    #[expect(unsafe_code, reason = "sixteen bytes either way, and all of them are values")]
    let weights = unsafe { std::mem::transmute::<[i8; LANES], __m128i>(weights) };
    _mm256_cvtepi8_epi16(weights)
}

#[target_feature(enable = "avx2")]
#[inline]
fn packed(values: [i16; LANES]) -> __m256i {
    #[expect(unsafe_code, reason = "32 bytes either way, and all of them are values")]
    unsafe {
        std::mem::transmute::<[i16; LANES], __m256i>(values)
    }
}

#[target_feature(enable = "avx2")]
#[inline]
fn added(total: __m256i) -> i32 {
    let half = _mm_add_epi32(_mm256_castsi256_si128(total), _mm256_extracti128_si256::<1>(total));
    let quarter = _mm_add_epi32(half, _mm_shuffle_epi32::<0b01_00_11_10>(half));
    _mm_cvtsi128_si32(_mm_add_epi32(quarter, _mm_shuffle_epi32::<0b10_11_00_01>(quarter)))
}
