//! Reading a file of little-endian sections piece by piece, so that a damaged one ends in an error and never in a panic.

use std::ops::Range;

use sha2::{Digest, Sha256};

/// What is wrong with a file.
pub(super) type Fault = &'static str;

/// Bytes of the magic and the hash in front of every file of ours.
pub(super) const HEAD: usize = 40;

/// Checks magic and hash; the hash is of all that follows it.
pub(super) fn check_head(data: &[u8], magic: [u8; 8]) -> Result<[u8; 32], Fault> {
    let (head, body) = data.split_at_checked(HEAD).ok_or("it is cut off in its first bytes")?;
    if head[..8] != magic {
        return Err("it does not begin as such a file of this version does");
    }
    let hash: [u8; 32] = head[8..].try_into().map_err(|_| "it is cut off in its first bytes")?;
    if hash[..] != Sha256::digest(body)[..] {
        return Err("it is damaged or cut off: its content does not have the hash it names");
    }
    Ok(hash)
}

/// Walks through bytes from front to back.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    data: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(data: &'a [u8], at: usize) -> Self {
        Self { data, at }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at == self.data.len()
    }

    /// The next `length` bytes.
    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], Fault> {
        let end = self.at.checked_add(length).ok_or("a length in it is impossible")?;
        let bytes = self.data.get(self.at..end).ok_or("it ends too early")?;
        self.at = end;
        Ok(bytes)
    }

    /// The place of the section `name` (8 bytes of name, 8 of length, padded to 8).
    pub(super) fn section(&mut self, name: &str) -> Result<Range<usize>, Fault> {
        let found = self.take(8)?;
        let found = found.strip_suffix(&[0; 8][name.len().min(8)..]).unwrap_or(found);
        if found != name.as_bytes() {
            return Err("its parts are not those of this version");
        }
        let length = u64::from_le_bytes(array(self.take(8)?)?);
        let length = usize::try_from(length).map_err(|_| "a length in it is impossible")?;
        let start = self.at;
        self.take(length)?;
        self.take(length.next_multiple_of(8) - length)?;
        Ok(start..start + length)
    }

    pub(super) fn float(&mut self) -> Result<f32, Fault> {
        finite(f32::from_le_bytes(array(self.take(4)?)?))
    }

    pub(super) fn floats(&mut self, count: usize) -> Result<Vec<f32>, Fault> {
        floats(self.take(count * 4)?)
    }
}

fn array<const N: usize>(bytes: &[u8]) -> Result<[u8; N], Fault> {
    bytes.try_into().map_err(|_| "it ends too early")
}

fn finite(value: f32) -> Result<f32, Fault> {
    if value.is_finite() { Ok(value) } else { Err("a number in it is none") }
}

/// All of `bytes` as finite numbers.
pub(super) fn floats(bytes: &[u8]) -> Result<Vec<f32>, Fault> {
    let (chunks, _) = bytes.as_chunks::<4>();
    chunks.iter().map(|chunk| finite(f32::from_le_bytes(*chunk))).collect()
}

/// All of `bytes` as whole numbers.
pub(super) fn words(bytes: &[u8]) -> Vec<u32> {
    let (chunks, _) = bytes.as_chunks::<4>();
    chunks.iter().map(|chunk| u32::from_le_bytes(*chunk)).collect()
}

/// All of `bytes` as signed ones.
pub(super) fn signed(bytes: &[u8]) -> Vec<i8> {
    bytes.iter().map(|byte| byte.cast_signed()).collect()
}
