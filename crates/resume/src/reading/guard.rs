//! Looks at a PDF's packed parts before anything reads it: a small file must not unpack to gigabytes.

use std::io::Read as _;

use flate2::read::ZlibDecoder;

use super::ReadingError;

/// All parts of a file together unpack to this at most.
const UNPACKED_BYTES_MAX: usize = 96 * 1024 * 1024;
/// Packed in what is packed: nobody does it more than twice.
const LAYERS_MAX: usize = 3;

/// Refuses files that unpack to too much, or are packed in a way that cannot be bounded here.
pub(super) fn check(pdf: &[u8]) -> Result<(), ReadingError> {
    for (name, shown) in [(&b"LZWDecode"[..], "LZW"), (b"RunLengthDecode", "run lengths")] {
        if find(pdf, name).is_some() {
            return Err(ReadingError::Packing(shown));
        }
    }
    let (mut left, mut at) = (UNPACKED_BYTES_MAX, 0);
    while let Some(found) = find(&pdf[at..], b"stream") {
        let mut start = at + found + b"stream".len();
        at = start;
        while pdf.get(start).is_some_and(|byte| matches!(byte, b'\r' | b'\n' | b' ')) {
            start += 1;
        }
        unpack(&pdf[start..], &mut left, LAYERS_MAX)?;
    }
    Ok(())
}

/// Unpacks what begins here, if anything packed does, and counts.
fn unpack(packed: &[u8], left: &mut usize, layers: usize) -> Result<(), ReadingError> {
    // The first byte of a zlib stream of any window size.
    if layers == 0 || packed.first().is_none_or(|byte| byte & 0x0f != 8) {
        return Ok(());
    }
    let mut unpacker = ZlibDecoder::new(packed);
    let (mut buffer, mut kept) = (vec![0; 64 * 1024], Vec::new());
    loop {
        match unpacker.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(count) => {
                *left = left.checked_sub(count).ok_or(ReadingError::Bomb { limit: UNPACKED_BYTES_MAX })?;
                if kept.len() < 1024 * 1024 {
                    kept.extend_from_slice(&buffer[..count]);
                }
            }
        }
    }
    unpack(&kept, left, layers - 1)
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = wanted[0];
    let mut at = 0;
    while let Some(offset) = text[at..].iter().position(|byte| *byte == first) {
        at += offset;
        if text[at..].starts_with(wanted) {
            return Some(at);
        }
        at += 1;
    }
    None
}
