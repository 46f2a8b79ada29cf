//! Makes pictures anew that somebody sent: upright, small enough, and nothing but the picture.
//!
//! In comes a file of bytes that nobody trusts, out go a head, the picture and a smaller one. Nothing of the file's own bytes is
//! copied, so what a camera wrote beside the picture is gone, and so is whatever else the file was meant to be. Decoding is where
//! hostile files do their harm: this runs in a process of its own, [`run`], which the server limits and does not believe.

mod animation;
mod decode;
mod encode;
mod head;

pub use head::{Head, Preview};

use std::io::{BufRead, Seek, Write};

use base64::Engine as _;
use image::{DynamicImage, ImageFormat};
use model::{
    Look,
    limits::{PICTURE_KEPT_SIDE_MAX, PREVIEW_SIDE_MAX},
};

/// The longer side of what a thumbhash is made of, in pixels.
const THUMBHASH_SIDE_MAX: u32 = 100;

/// What is to be made of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The picture, at most [`PICTURE_KEPT_SIDE_MAX`] pixels a side, and one of at most [`PREVIEW_SIDE_MAX`].
    Whole,
    /// Two squares of the middle, which do not move: of these many pixels a side.
    Squares([u32; 2]),
    /// The picture, which does not move, at most so many pixels a side.
    Small(u32),
}

/// Why nothing was made.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The file is no JPEG, PNG, WebP or GIF, whatever it is called, or it is damaged.
    #[error("not a picture")]
    NotAPicture,
    /// The picture is larger than `model::limits` says.
    #[error("more than is taken")]
    TooMuch,
    /// What was made could not be written, or the file not be read.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl Trouble {
    /// The number that the process ends with.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::NotAPicture => Self::NOT_A_PICTURE,
            Self::TooMuch => Self::TOO_MUCH,
            Self::Io(_) => 1,
        }
    }

    /// [`Self::exit_code`] of [`Self::NotAPicture`].
    pub const NOT_A_PICTURE: u8 = 10;
    /// [`Self::exit_code`] of [`Self::TooMuch`].
    pub const TOO_MUCH: u8 = 11;
}

/// Reads a file and writes what is wanted of it: one line of JSON, a [`Head`], then as many bytes as it says.
pub fn run(wanted: Wanted, input: impl BufRead + Seek, mut output: impl Write) -> Result<(), Trouble> {
    let (head, whole, preview) = make(wanted, input)?;
    output.write_all(head.line().as_bytes())?;
    output.write_all(&whole)?;
    output.write_all(&preview)?;
    Ok(output.flush()?)
}

/// What is wanted of a file: what it is, the picture, and the smaller one, if another one than the picture serves as that.
fn make(wanted: Wanted, mut input: impl BufRead + Seek) -> Result<(Head, Vec<u8>, Vec<u8>), Trouble> {
    let format = decode::format(&mut input)?;
    match wanted {
        Wanted::Whole if format == ImageFormat::Gif => moving(input),
        Wanted::Whole => still(&decode::decode(input, format, PICTURE_KEPT_SIDE_MAX)?, format),
        Wanted::Squares(sides) => squares(decode::decode(input, format, PICTURE_KEPT_SIDE_MAX)?, format, sides),
        Wanted::Small(side) => still(&fit(&decode::decode(input, format, PICTURE_KEPT_SIDE_MAX)?, side), format),
    }
}

fn still(picture: &DynamicImage, format: ImageFormat) -> Result<(Head, Vec<u8>, Vec<u8>), Trouble> {
    let (whole, media_type) = encode::whole(picture, format)?;
    let look = look(picture, (picture.width(), picture.height()), false);
    let (preview, preview_bytes) = if picture.width().max(picture.height()) <= PREVIEW_SIDE_MAX {
        (None, Vec::new())
    } else {
        let (bytes, media_type) = encode::small(&fit(picture, PREVIEW_SIDE_MAX))?;
        (Some(Preview { media_type: media_type.to_owned(), size: bytes.len() as u64 }), bytes)
    };
    let head = Head { media_type: media_type.to_owned(), look, size: whole.len() as u64, preview };
    Ok((head, whole, preview_bytes))
}

fn moving(mut input: impl BufRead + Seek) -> Result<(Head, Vec<u8>, Vec<u8>), Trouble> {
    let start = input.stream_position()?;
    let anew = animation::make(&mut input)?;
    input.seek(std::io::SeekFrom::Start(start))?;
    let first = decode::decode(input, ImageFormat::Gif, PICTURE_KEPT_SIDE_MAX)?;
    let look = look(&first, (anew.width, anew.height), anew.frames > 1);
    let (bytes, media_type) = encode::small(&fit(&first, PREVIEW_SIDE_MAX))?;
    let preview = Some(Preview { media_type: media_type.to_owned(), size: bytes.len() as u64 });
    let head = Head { media_type: "image/gif".to_owned(), look, size: anew.bytes.len() as u64, preview };
    Ok((head, anew.bytes, bytes))
}

fn squares(picture: DynamicImage, format: ImageFormat, sides: [u32; 2]) -> Result<(Head, Vec<u8>, Vec<u8>), Trouble> {
    let side = picture.width().min(picture.height());
    let (x, y) = ((picture.width() - side) / 2, (picture.height() - side) / 2);
    let middle = picture.crop_imm(x, y, side, side);
    drop(picture);
    let [large, little] = sides.map(|side| middle.thumbnail_exact(side, side));
    let (whole, media_type) = encode::whole(&large, format)?;
    let (preview, preview_type) = encode::small(&little)?;
    let look = look(&large, (large.width(), large.height()), false);
    let head = Head {
        media_type: media_type.to_owned(),
        look,
        size: whole.len() as u64,
        preview: Some(Preview { media_type: preview_type.to_owned(), size: preview.len() as u64 }),
    };
    Ok((head, whole, preview))
}

/// The picture, made smaller if its longer side is longer than this.
fn fit(picture: &DynamicImage, side: u32) -> DynamicImage {
    let (width, height) = (picture.width(), picture.height());
    let longer = width.max(height);
    if longer <= side {
        return picture.clone();
    }
    let scaled = |length: u32| {
        let scaled = (u64::from(length) * u64::from(side) + u64::from(longer / 2)) / u64::from(longer);
        u32::try_from(scaled).unwrap_or(side).max(1)
    };
    picture.thumbnail_exact(scaled(width), scaled(height))
}

fn look(picture: &DynamicImage, (width, height): (u32, u32), animated: bool) -> Look {
    let small = fit(picture, THUMBHASH_SIDE_MAX).into_rgba8();
    let hash = thumbhash::rgba_to_thumb_hash(small.width() as usize, small.height() as usize, small.as_raw());
    Look { width, height, thumbhash: base64::engine::general_purpose::STANDARD.encode(hash), animated }
}
