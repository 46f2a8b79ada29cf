//! Pictures as they come: from cameras, from drawing programs, and from people who mean harm.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::io::Cursor;

use gif::{DisposalMethod, Encoder, Frame, Repeat};
use image::{
    DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Rgb, RgbImage, Rgba, RgbaImage,
    codecs::{jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder},
    metadata::Orientation,
};
use picture::{Head, Trouble, Wanted, run};
use proptest::prelude::*;

/// What a camera writes where it was: it must not come back.
const PLACE: &[u8] = b"59 deg 56 N, 30 deg 19 E";
const LATITUDE: [u32; 3] = [59, 56, 2_011];
const LONGITUDE: [u32; 3] = [30, 19, 4_733];

/// What was made of a file.
struct Made {
    head: Head,
    whole: Vec<u8>,
    preview: Vec<u8>,
}

fn make(wanted: Wanted, file: &[u8]) -> Result<Made, Trouble> {
    let mut out = Vec::new();
    run(wanted, Cursor::new(file), &mut out)?;
    let line = out.iter().position(|byte| *byte == b'\n').unwrap();
    assert!(line < Head::LINE_BYTES_MAX);
    let head = Head::read(&out[..line]).unwrap();
    let whole = line + 1 + usize::try_from(head.size).unwrap();
    Ok(Made { head, preview: out[whole..].to_vec(), whole: out[line + 1..whole].to_vec() })
}

fn whole(file: &[u8]) -> Result<Made, Trouble> {
    make(Wanted::Whole, file)
}

/// A bird, as far as tests need one: four corners of four colours, wider than high.
fn bird() -> RgbImage {
    RgbImage::from_fn(160, 96, |x, y| match (x < 80, y < 48) {
        (true, true) => Rgb([200, 30, 30]),
        (false, true) => Rgb([30, 200, 30]),
        (true, false) => Rgb([30, 30, 200]),
        (false, false) => Rgb([200, 200, 30]),
    })
}

/// Whether a picture shows the bird upright.
fn is_upright(file: &[u8]) -> bool {
    let shown = image::load_from_memory(file).unwrap().into_rgb8();
    let (width, height) = shown.dimensions();
    let (original, x, y) = (bird(), width / 8, height / 8);
    let near = |shown: &Rgb<u8>, meant: &Rgb<u8>| shown.0.iter().zip(meant.0).all(|(a, b)| a.abs_diff(b) < 24);
    width > height
        && near(shown.get_pixel(x, y), original.get_pixel(1, 1))
        && near(shown.get_pixel(width - x, y), original.get_pixel(159, 1))
        && near(shown.get_pixel(x, height - y), original.get_pixel(1, 95))
        && near(shown.get_pixel(width - x, height - y), original.get_pixel(159, 95))
}

/// What a camera writes: how it was held, where it was in words, and a directory of where it was in numbers.
fn exif(orientation: u8) -> Vec<u8> {
    const PLACE_AT: u8 = 50;
    const GPS_AT: u8 = 74;
    const LATITUDE_AT: u8 = 128;
    const LONGITUDE_AT: u8 = 152;
    let entry = |tag: u16, kind: u8, count: u8, value: [u8; 4]| {
        [&tag.to_le_bytes()[..], &[kind, 0, count, 0, 0, 0], &value].concat()
    };
    let parts = [
        b"II*\0\x08\0\0\0\x03\0".to_vec(),
        // An image description, the orientation, and where the directory of the place begins.
        entry(0x010e, 2, 24, [PLACE_AT, 0, 0, 0]),
        entry(0x0112, 3, 1, [orientation, 0, 0, 0]),
        entry(0x8825, 4, 1, [GPS_AT, 0, 0, 0]),
        vec![0; 4],
        PLACE.to_vec(),
        vec![4, 0],
        entry(1, 2, 2, *b"N\0\0\0"),
        entry(2, 5, 3, [LATITUDE_AT, 0, 0, 0]),
        entry(3, 2, 2, *b"E\0\0\0"),
        entry(4, 5, 3, [LONGITUDE_AT, 0, 0, 0]),
        vec![0; 4],
        degrees(LATITUDE),
        degrees(LONGITUDE),
    ];
    parts.concat()
}

/// Degrees, minutes and hundredths of seconds, as three fractions.
fn degrees([degrees, minutes, hundredths]: [u32; 3]) -> Vec<u8> {
    [degrees, 1, minutes, 1, hundredths, 100].iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// The bird as a camera that was held like this writes it.
fn held(orientation: u8) -> DynamicImage {
    let meant = Orientation::from_exif(orientation).unwrap();
    // What undoes it: a quarter turn is undone by the other, everything else by itself.
    let undone = match orientation {
        6 => Orientation::Rotate270,
        8 => Orientation::Rotate90,
        _ => meant,
    };
    let mut picture = DynamicImage::ImageRgb8(bird());
    picture.apply_orientation(undone);
    picture
}

fn encoded(picture: &DynamicImage, format: ImageFormat, exif: Vec<u8>) -> Vec<u8> {
    fn write(picture: &DynamicImage, mut encoder: impl ImageEncoder, exif: Vec<u8>) {
        encoder.set_exif_metadata(exif).unwrap();
        picture.write_with_encoder(encoder).unwrap();
    }
    let mut file = Vec::new();
    if format == ImageFormat::Jpeg {
        write(picture, JpegEncoder::new_with_quality(&mut file, 95), exif);
    } else if format == ImageFormat::Png {
        write(picture, PngEncoder::new(&mut file), exif);
    } else {
        write(picture, WebPEncoder::new_lossless(&mut file), exif);
    }
    file
}

fn holds(file: &[u8], needle: &[u8]) -> bool {
    file.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn a_photograph_comes_back_upright_and_without_its_place() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        for orientation in 1..=8 {
            let file = encoded(&held(orientation), format, exif(orientation));
            let [latitude, longitude] = [LATITUDE, LONGITUDE].map(degrees);
            for needle in [PLACE, &latitude, &longitude] {
                assert!(holds(&file, needle), "the test's own picture tells its place");
            }
            let made = whole(&file).unwrap();
            assert!(is_upright(&made.whole), "{format:?} held as {orientation}");
            for needle in [PLACE, &latitude, &longitude, b"Exif", b"eXIf", b"EXIF", b"II*\0"] {
                assert!(!holds(&made.whole, needle), "{format:?}: {}", String::from_utf8_lossy(needle));
            }
            let made_of = ImageReader::new(Cursor::new(&made.whole)).with_guessed_format().unwrap();
            assert_eq!(made_of.into_decoder().unwrap().exif_metadata().unwrap(), None, "{format:?}");
            assert_eq!((made.head.look.width, made.head.look.height), (160, 96));
            assert!(made.head.preview.is_none(), "a small picture is its own preview");
        }
    }
}

#[test]
fn a_large_one_is_made_smaller_and_has_a_preview() {
    let large = DynamicImage::ImageRgb8(bird()).thumbnail_exact(5_000, 3_000);
    let made = whole(&encoded(&large, ImageFormat::Jpeg, exif(1))).unwrap();
    assert_eq!((made.head.look.width, made.head.look.height), (4_096, 2_458));
    assert_eq!(made.head.media_type, "image/jpeg");
    let preview = image::load_from_memory(&made.preview).unwrap();
    assert_eq!((preview.width(), preview.height()), (800, 480));
    assert!(is_upright(&made.whole) && is_upright(&made.preview));
    assert_eq!(made.head.preview.unwrap().size, made.preview.len() as u64);
}

#[test]
fn what_can_be_seen_through_stays_so() {
    let glass = RgbaImage::from_fn(1_000, 500, |x, _| Rgba([9, 9, 9, if x < 500 { 0 } else { 255 }]));
    let made = whole(&encoded(&DynamicImage::ImageRgba8(glass), ImageFormat::WebP, Vec::new())).unwrap();
    assert_eq!(made.head.media_type, "image/png");
    for file in [&made.whole, &made.preview] {
        let shown = image::load_from_memory(file).unwrap().into_rgba8();
        assert_eq!((shown.get_pixel(1, 1).0[3], shown.get_pixel(shown.width() - 1, 1).0[3]), (0, 255));
    }
}

#[test]
fn a_person_s_picture_is_two_squares_of_the_middle() {
    let file = encoded(&DynamicImage::ImageRgb8(bird()), ImageFormat::Jpeg, exif(1));
    let made = make(Wanted::Squares([256, 64]), &file).unwrap();
    let [large, little] = [&made.whole, &made.preview].map(|file| image::load_from_memory(file).unwrap());
    assert_eq!((large.width(), large.height(), little.width(), little.height()), (256, 256, 64, 64));
}

#[test]
fn an_emoji_is_the_whole_picture_made_small_and_does_not_move() {
    let file = encoded(&DynamicImage::ImageRgb8(bird()), ImageFormat::Jpeg, exif(1));
    for (file, media_type) in [(file, "image/jpeg"), (moving(3, 200), "image/png")] {
        let made = make(Wanted::Small(128), &file).unwrap();
        let shown = image::load_from_memory(&made.whole).unwrap();
        assert_eq!((shown.width().max(shown.height()), made.head.media_type.as_str()), (128, media_type));
        assert!(!made.head.look.animated && made.head.preview.is_none());
    }
    let little = make(Wanted::Small(128), &moving(1, 20)).unwrap();
    assert_eq!((little.head.look.width, little.head.look.height), (20, 20), "nothing is made larger");
}

/// Pictures that move: so many, of this size.
fn moving(frames: usize, side: u16) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new(), side, side, &[0, 0, 0, 255, 0, 0]).unwrap();
    encoder.set_repeat(Repeat::Finite(3)).unwrap();
    for n in 0..frames {
        let buffer = vec![u8::from(n % 2 == 0); usize::from(side) * usize::from(side)].into();
        let frame = Frame {
            width: side,
            height: side,
            delay: 7,
            dispose: DisposalMethod::Background,
            buffer,
            ..Frame::default()
        };
        encoder.write_frame(&frame).unwrap();
    }
    encoder.into_inner().unwrap()
}

#[test]
fn what_moves_goes_on_moving_without_what_was_written_beside_it() {
    let mut file = moving(5, 40);
    // A comment before the end, and an archive after it.
    let end = file.pop().unwrap();
    file.extend([0x21, 0xfe, u8::try_from(PLACE.len()).unwrap()]);
    file.extend(PLACE);
    file.extend([0, end]);
    file.extend(b"PK\x03\x04");
    let made = whole(&file).unwrap();
    assert!(made.head.look.animated);
    assert!(!holds(&made.whole, PLACE) && !holds(&made.whole, b"PK\x03\x04"));
    let mut decoder = gif::DecodeOptions::new().read_info(&made.whole[..]).unwrap();
    let mut frames = 0;
    while let Some(frame) = decoder.read_next_frame().unwrap() {
        assert_eq!(
            (frame.delay, frame.dispose, frame.buffer[0]),
            (7, DisposalMethod::Background, u8::from(frames % 2 == 0))
        );
        frames += 1;
    }
    assert_eq!((frames, decoder.repeat()), (5, Repeat::Finite(3)));
    let still = image::load_from_memory(&made.preview).unwrap();
    assert_eq!((still.width(), still.height()), (40, 40));
    assert!(!whole(&moving(1, 40)).unwrap().head.look.animated);
}

#[test]
fn a_tail_after_the_picture_is_gone() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png] {
        let mut file = encoded(&DynamicImage::ImageRgb8(bird()), format, exif(1));
        file.extend(b"<script>alert(1)</script>PK\x03\x04");
        assert!(!holds(&whole(&file).unwrap().whole, b"<script>"), "{format:?}");
    }
}

/// A picture whose head claims these measures.
fn lying_png(width: u32, height: u32) -> Vec<u8> {
    let mut file = encoded(&DynamicImage::ImageRgb8(bird()), ImageFormat::Png, exif(1));
    file[16..20].copy_from_slice(&width.to_be_bytes());
    file[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc32fast::hash(&file[12..29]);
    file[29..33].copy_from_slice(&crc.to_be_bytes());
    file
}

#[test]
fn too_much_is_refused_by_its_head() {
    for (width, height) in [(50_000, 50_000), (12_001, 1), (1, 12_001), (12_000, 12_000), (u32::MAX >> 1, 1)] {
        let refused = whole(&lying_png(width, height));
        assert!(matches!(refused, Err(Trouble::TooMuch)), "{width}×{height}");
    }
    let mut endless = moving(1_001, 1);
    assert!(matches!(whole(&endless), Err(Trouble::TooMuch)), "more than a thousand pictures");
    // A picture of 4,000 pixels a side, thirty times over.
    endless = moving(30, 4_000);
    assert!(matches!(whole(&endless), Err(Trouble::TooMuch)), "more pixels than are taken together");
    let mut wide = moving(1, 40);
    wide[6..10].copy_from_slice(&[0xff; 4]);
    assert!(matches!(whole(&wide), Err(Trouble::TooMuch)), "a wide screen");
}

#[test]
fn what_is_no_picture_is_none() {
    let bird = encoded(&DynamicImage::ImageRgb8(bird()), ImageFormat::Png, exif(1));
    let files: [&[u8]; 8] = [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"%PDF-1.7",
        b"GIF89a/*",
        b"\x89PNG\r\n\x1a\n",
        &bird[..bird.len() / 2],
        b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0",
    ];
    for file in files {
        assert!(
            matches!(whole(file), Err(Trouble::NotAPicture)),
            "{:?}",
            String::from_utf8_lossy(&file[..file.len().min(20)])
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_damage_breaks_more_than_the_picture(
        which in 0..4_usize,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        cut in any::<prop::sample::Index>(),
    ) {
        let picture = DynamicImage::ImageRgb8(bird());
        let mut file = match which {
            0 => encoded(&picture, ImageFormat::Jpeg, exif(6)),
            1 => encoded(&picture, ImageFormat::Png, exif(6)),
            2 => encoded(&picture, ImageFormat::WebP, exif(6)),
            _ => moving(3, 20),
        };
        for (place, byte) in damage {
            let place = place.index(file.len());
            file[place] = byte;
        }
        file.truncate(cut.index(2 * file.len()).max(1));
        if let Ok(made) = whole(&file) {
            prop_assert!(image::load_from_memory(&made.whole).is_ok());
        }
    }
}
