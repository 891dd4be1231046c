//! The model file in memory; `search/encoder/build_model.py` documents its layout and writes it.

use std::borrow::Cow;
use std::ops::Range;

use super::network::Network;
use super::normaliser::Normaliser;
use super::section::{Cursor, Fault, HEAD, check_head, floats, words};
use super::tokenizer::{SPECIAL, Tokenizer};
use super::vector::DIMENSIONS;
use crate::Error;

const MAGIC: [u8; 8] = *b"FHENC003";

/// Grids on which embeddings lie: lowest value and step of each.
const GRIDS: usize = 17;

/// Bytes of one row: grid, base, 512 codes of five bits.
const ROW: usize = 2 + DIMENSIONS * 5 / 8;

/// Bytes of a row that needs six bits a code.
const WIDE_ROW: usize = DIMENSIONS * 6 / 8;

/// Everything the encoder knows. Rows stay packed where they are.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) data: Cow<'static, [u8]>,
    pub(super) hash: [u8; 32],
    pub(super) normaliser: Normaliser,
    pub(super) tokenizer: Tokenizer,
    pub(super) network: Network,
    grids: Vec<f32>,
    rows: Range<usize>,
    wide: Range<usize>,
}

impl Model {
    pub(super) fn read(data: Cow<'static, [u8]>) -> Result<Self, Error> {
        Self::parse(data).map_err(|reason| Error::Model { reason })
    }

    fn parse(data: Cow<'static, [u8]>) -> Result<Self, Fault> {
        let hash = check_head(&data, MAGIC)?;
        let mut cursor = Cursor::new(&data, HEAD);
        let trie = words(&data[cursor.section("trie")?]);
        let replaced = data[cursor.section("replaced")?].to_vec();
        let ends = words(&data[cursor.section("ends")?]);
        let pieces = cursor.section("pieces")?;
        let scores = floats(&data[cursor.section("scores")?])?;
        let grids = floats(&data[cursor.section("grids")?])?;
        let rows = cursor.section("rows")?;
        let wide = cursor.section("wide")?;
        let network = Network::read(&data[cursor.section("network")?])?;
        let counts_agree = grids.len() == 2 * GRIDS && rows.len() == (ends.len() + SPECIAL) * ROW;
        let wide_agree = wide_rows_are_there(&data[rows.clone()], wide.len());
        if !counts_agree || !wide_agree || !cursor.is_at_end() {
            return Err("its parts do not fit together");
        }
        let normaliser = Normaliser::new(trie, replaced);
        let tokenizer = Tokenizer::new(&data, pieces, &ends, scores)?;
        Ok(Self { hash, normaliser, tokenizer, network, grids, rows, wide, data })
    }

    /// The embeddings of `rows`, one after the other.
    pub(super) fn rows(&self, rows: &[usize]) -> Vec<f32> {
        let mut out = Vec::with_capacity(rows.len() * DIMENSIONS);
        let table = &self.data[self.rows.clone()];
        for row in rows {
            self.unpack(&table[row * ROW..][..ROW], &mut out);
        }
        out
    }

    fn unpack(&self, row: &[u8], out: &mut Vec<f32>) {
        let grid = usize::from(row[0]) % GRIDS;
        let (low, step) = (self.grids[2 * grid], self.grids[2 * grid + 1]);
        if row[1] < 0x80 {
            let low = low + step * f32::from(row[1]);
            unpack::<5>(&row[2..], low, step, out);
        } else {
            let place = usize::from(u16::from_le_bytes([row[2], row[3]]));
            let wide = &self.data[self.wide.clone()][place * WIDE_ROW..][..WIDE_ROW];
            unpack::<6>(wide, low, step, out);
        }
    }
}

/// Codes of `BITS` bits, eight at a time, lowest first.
fn unpack<const BITS: usize>(codes: &[u8], low: f32, step: f32, out: &mut Vec<f32>) {
    for group in codes.as_chunks::<BITS>().0 {
        let mut bytes = [0; 8];
        bytes[..BITS].copy_from_slice(group);
        let bits = u64::from_le_bytes(bytes);
        let code = |place: usize| (bits >> (BITS * place)) as u8 & ((1 << BITS) - 1);
        out.extend((0..8).map(|place| low + step * f32::from(code(place))));
    }
}

/// Whether every wide row that `rows` name is there.
fn wide_rows_are_there(rows: &[u8], wide: usize) -> bool {
    let places = rows.as_chunks::<ROW>().0.iter().filter(|row| row[1] >= 0x80);
    places
        .map(|row| usize::from(u16::from_le_bytes([row[2], row[3]])))
        .all(|place| (place + 1) * WIDE_ROW <= wide)
}
