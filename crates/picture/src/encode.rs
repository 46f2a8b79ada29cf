//! From a picture to bytes that every browser shows.

use std::io::Cursor;

use image::{
    DynamicImage, ImageFormat,
    codecs::{
        jpeg::JpegEncoder,
        png::{CompressionType, FilterType, PngEncoder},
    },
};

use crate::{Trouble, decode::trouble};

/// Out of 100: what it takes off cannot be seen.
const QUALITY: u8 = 88;
/// Out of 100, for small pictures.
const QUALITY_SMALL: u8 = 80;

/// The picture for good: a drawing or a screen stays exact, a photograph stays a photograph.
pub(crate) fn whole(picture: &DynamicImage, from: ImageFormat) -> Result<(Vec<u8>, &'static str), Trouble> {
    let photograph = matches!(from, ImageFormat::Jpeg | ImageFormat::WebP);
    if photograph && !picture.color().has_alpha() { jpeg(picture, QUALITY) } else { png(picture) }
}

/// The picture in a few bytes.
pub(crate) fn small(picture: &DynamicImage) -> Result<(Vec<u8>, &'static str), Trouble> {
    if picture.color().has_alpha() { png(picture) } else { jpeg(picture, QUALITY_SMALL) }
}

fn jpeg(picture: &DynamicImage, quality: u8) -> Result<(Vec<u8>, &'static str), Trouble> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality)).map_err(trouble)?;
    Ok((bytes.into_inner(), "image/jpeg"))
}

fn png(picture: &DynamicImage) -> Result<(Vec<u8>, &'static str), Trouble> {
    let mut bytes = Cursor::new(Vec::new());
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive);
    picture.write_with_encoder(encoder).map_err(trouble)?;
    Ok((bytes.into_inner(), "image/png"))
}
