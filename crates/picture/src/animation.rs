//! Pictures that move (GIF): each picture in one is decoded and written anew, with its colours as they are. Comments, and whatever
//! else programs leave in such a file, are not.

use std::io::{BufRead, Seek, SeekFrom};

use gif::{ColorOutput, DecodeOptions, Decoder, Encoder, Frame, MemoryLimit};
use model::limits::{PICTURE_FRAMES_MAX, PICTURE_FRAMES_PIXELS_MAX, PICTURE_KEPT_SIDE_MAX};

use crate::Trouble;

/// The memory that one picture in it may take, in bytes: one for each pixel.
const FRAME_BYTES_MAX: u64 = (PICTURE_KEPT_SIDE_MAX as u64) * (PICTURE_KEPT_SIDE_MAX as u64);

/// One that was made anew.
pub(crate) struct Anew {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) frames: usize,
    pub(crate) bytes: Vec<u8>,
}

/// Makes it anew. First it is read through without decoding, so that one that is too much costs little.
pub(crate) fn make(mut input: impl BufRead + Seek) -> Result<Anew, Trouble> {
    let start = input.stream_position()?;
    let mut first = open(&mut input, true)?;
    let (width, height) = (first.width(), first.height());
    if width == 0 || height == 0 {
        return Err(Trouble::NotAPicture);
    }
    if u32::from(width.max(height)) > PICTURE_KEPT_SIDE_MAX {
        return Err(Trouble::TooMuch);
    }
    let frames = count(&mut first)?;
    let repeat = first.repeat();
    drop(first);
    input.seek(SeekFrom::Start(start))?;
    let mut decoder = open(&mut input, false)?;
    let palette = decoder.global_palette().unwrap_or_default().to_vec();
    let mut encoder = Encoder::new(Vec::new(), width, height, &palette).map_err(|_| Trouble::NotAPicture)?;
    if frames > 1 {
        encoder.set_repeat(repeat).map_err(|_| Trouble::NotAPicture)?;
    }
    while let Some(frame) = decoder.read_next_frame().map_err(|_| Trouble::NotAPicture)? {
        // The lines stand in their order after decoding.
        let frame = Frame { interlaced: false, ..frame.clone() };
        encoder.write_frame(&frame).map_err(|_| Trouble::NotAPicture)?;
    }
    let bytes = encoder.into_inner().map_err(|_| Trouble::NotAPicture)?;
    Ok(Anew { width: width.into(), height: height.into(), frames, bytes })
}

fn open<R: BufRead>(input: R, skip: bool) -> Result<Decoder<R>, Trouble> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    options.skip_frame_decoding(skip);
    options.check_frame_consistency(true);
    options.set_memory_limit(MemoryLimit::Bytes(FRAME_BYTES_MAX.try_into().unwrap_or(std::num::NonZeroU64::MIN)));
    options.read_info(input).map_err(|_| Trouble::NotAPicture)
}

/// The pictures in it, if they are not too many and not too much together.
fn count<R: BufRead>(decoder: &mut Decoder<R>) -> Result<usize, Trouble> {
    let (mut frames, mut pixels) = (0_usize, 0_u64);
    while let Some(frame) = decoder.next_frame_info().map_err(|_| Trouble::NotAPicture)? {
        frames += 1;
        pixels += u64::from(frame.width) * u64::from(frame.height);
        if frames > PICTURE_FRAMES_MAX || pixels > PICTURE_FRAMES_PIXELS_MAX {
            return Err(Trouble::TooMuch);
        }
    }
    if frames == 0 { Err(Trouble::NotAPicture) } else { Ok(frames) }
}
