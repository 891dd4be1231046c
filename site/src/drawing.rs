//! Sizes of the drawings of the library, so that pages keep their place while pictures arrive.

use std::collections::HashMap;

use fenghuo_content::{Library, Media};

use crate::asset::short_hash;
use crate::render::Drawing;

/// What a drawing is taken for when its file does not say.
const DEFAULT: (u32, u32) = (480, 320);

/// Address and size of every drawing of `library`, by path.
pub(crate) fn drawings(library: &Library) -> HashMap<String, Drawing> {
    library.media.iter().map(|(path, media)| (path.clone(), drawing(path, media))).collect()
}

fn drawing(path: &str, media: &Media) -> Drawing {
    let size = match media.mime {
        "image/png" => png_size(&media.bytes),
        _ => std::str::from_utf8(&media.bytes).ok().and_then(svg_size),
    };
    let (width, height) = size.unwrap_or(DEFAULT);
    Drawing { address: format!("/{path}?v={}", short_hash(&media.bytes)), width, height }
}

/// Width and height stand in bytes 16 to 24 of a PNG.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    Some((number(16)?, number(20)?))
}

/// The last two numbers of the `viewBox` of an SVG.
fn svg_size(text: &str) -> Option<(u32, u32)> {
    let (_, rest) = text.split_once("viewBox=\"")?;
    let (numbers, _) = rest.split_once('"')?;
    let mut numbers = numbers.split([' ', ',']).filter(|n| !n.is_empty()).skip(2);
    let mut next = || numbers.next()?.parse::<f32>().ok().filter(|n| (1.0..10_000.0).contains(n));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to lie between 1 and 10,000"
    )]
    let mut whole = || next().map(|n| n.round() as u32);
    Some((whole()?, whole()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_a_drawing_comes_from_its_view_box() {
        for (svg, size) in [
            (r#"<svg viewBox="0 0 480 320">"#, Some((480, 320))),
            (r#"<svg viewBox="0,0,10.4,20.6">"#, Some((10, 21))),
            (r#"<svg viewBox="0 0 480">"#, None),
            (r#"<svg viewBox="0 0 -1 99">"#, None),
            ("<svg>", None),
        ] {
            assert_eq!(svg_size(svg), size, "{svg}");
        }
    }

    #[test]
    fn a_truncated_png_has_no_size() {
        assert_eq!(png_size(&[0; 20]), None);
    }
}
