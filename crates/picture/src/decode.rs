//! From bytes that nobody trusts to a picture: upright, of eight bits a colour, and not larger than wanted.

use std::io::{BufRead, ErrorKind, Read, Seek, SeekFrom};

use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use model::limits::{PICTURE_PIXELS_MAX, PICTURE_SIDE_MAX};

use crate::{Trouble, fit};

/// The memory that a decoder may ask for, in bytes: enough for [`PICTURE_PIXELS_MAX`] of four bytes each.
const ALLOCATED_BYTES_MAX: u64 = 4 * PICTURE_PIXELS_MAX + (1 << 20);
/// The memory for what stands beside a PNG's picture, in bytes.
const BESIDE_BYTES_MAX: u64 = 4 << 20;
/// The bytes that tell a format.
const MAGIC_BYTES: usize = 16;

/// The format that a file's first bytes tell. The file stands at its beginning again.
pub(crate) fn format(input: &mut (impl BufRead + Seek)) -> Result<ImageFormat, Trouble> {
    let start = input.stream_position()?;
    let mut magic = Vec::with_capacity(MAGIC_BYTES);
    input.by_ref().take(MAGIC_BYTES as u64).read_to_end(&mut magic)?;
    input.seek(SeekFrom::Start(start))?;
    let known = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif];
    let format = image::guess_format(&magic).map_err(|_| Trouble::NotAPicture)?;
    if known.contains(&format) { Ok(format) } else { Err(Trouble::NotAPicture) }
}

/// The picture; of one that moves, the first. Its head is looked at before anything of it is decoded.
pub(crate) fn decode(input: impl BufRead + Seek, format: ImageFormat, side: u32) -> Result<DynamicImage, Trouble> {
    let mut reader = ImageReader::with_format(input, format);
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(PICTURE_SIDE_MAX);
    limits.max_image_height = Some(PICTURE_SIDE_MAX);
    // What a PNG's decoder asks for is all beside the picture: notes, colour profiles. None of it is wanted.
    let beside = format == ImageFormat::Png;
    limits.max_alloc = Some(if beside { BESIDE_BYTES_MAX } else { ALLOCATED_BYTES_MAX });
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(trouble)?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(Trouble::NotAPicture);
    }
    if u64::from(width) * u64::from(height) > PICTURE_PIXELS_MAX || decoder.total_bytes() > ALLOCATED_BYTES_MAX {
        return Err(Trouble::TooMuch);
    }
    let orientation = decoder.orientation().map_err(trouble)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(trouble)?;
    // Smaller first: whatever follows costs memory for each pixel once more.
    if picture.width().max(picture.height()) > side {
        picture = fit(&picture, side);
    }
    picture = plain(picture);
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// Eight bits a colour, and with transparency only if something can be seen through.
fn plain(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return DynamicImage::ImageRgb8(picture.into_rgb8());
    }
    let picture = picture.into_rgba8();
    if picture.pixels().all(|pixel| pixel.0[3] == u8::MAX) {
        DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(picture).into_rgb8())
    } else {
        DynamicImage::ImageRgba8(picture)
    }
}

/// What an error of a decoder means.
pub(crate) fn trouble(error: ImageError) -> Trouble {
    match error {
        ImageError::Limits(_) => Trouble::TooMuch,
        ImageError::IoError(error) if error.kind() != ErrorKind::UnexpectedEof && error.raw_os_error().is_some() => {
            Trouble::Io(error)
        }
        ImageError::IoError(_)
        | ImageError::Decoding(_)
        | ImageError::Encoding(_)
        | ImageError::Parameter(_)
        | ImageError::Unsupported(_) => Trouble::NotAPicture,
    }
}
