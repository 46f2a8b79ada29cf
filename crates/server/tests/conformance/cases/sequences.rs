//! Group 6, second part: one sequence of bytes in each message, after Markus Kuhn's stress test for decoders of UTF-8.

use super::utf8::GREEK;
use crate::{
    script::{Case, Script},
    wire::{Frame, Heard},
};

/// What the bytes are, as the suite has it.
#[derive(Clone, Copy)]
enum Is {
    Text,
    NoText,
}

use Is::{NoText, Text};

/// Sequences whose last byte is missing: each is wrong alone, and so are all of them together.
const CUT: [&[u8]; 10] = [
    b"\xc0",
    b"\xe0\x80",
    b"\xf0\x80\x80",
    b"\xf8\x80\x80\x80",
    b"\xfc\x80\x80\x80\x80",
    b"\xdf",
    b"\xef\xbf",
    b"\xf7\xbf\xbf",
    b"\xfb\xbf\xbf\xbf",
    b"\xfd\xbf\xbf\xbf\xbf",
];

/// 6.5.1 to 6.23.7.
pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (section, sequences) in (5..).zip(sections()) {
        for (number, (is, bytes)) in (1..).zip(sequences) {
            cases.push(Case::new(format!("6.{section}.{number}"), move || {
                let script = Script::send(&[Frame::text(bytes.clone())]);
                match is {
                    Text => script.hears([Heard::Text(bytes.clone())]),
                    NoText => script.fails(1007),
                }
            }));
        }
    }
    cases
}

type Section = Vec<(Is, Vec<u8>)>;

/// The sections from 6.5 on.
fn sections() -> [Section; 19] {
    [
        text(&[b"hello$world", "hello¢world".as_bytes(), "hello€world".as_bytes(), "hello𤭢world".as_bytes(), GREEK]),
        prefixes(),
        // The first and the last of each length; those of 5 and 6 bytes are beyond Unicode, as is the last of 4.
        text(&[b"\x00", b"\xc2\x80", b"\xe0\xa0\x80", b"\xf0\x90\x80\x80"]),
        no_text(&[b"\xf8\x88\x80\x80\x80", b"\xfc\x84\x80\x80\x80\x80"]),
        text(&[b"\x7f", b"\xdf\xbf", b"\xef\xbf\xbf", b"\xf4\x8f\xbf\xbf"]),
        no_text(&[b"\xf7\xbf\xbf\xbf", b"\xfb\xbf\xbf\xbf\xbf", b"\xfd\xbf\xbf\xbf\xbf\xbf"]),
        // Around the surrogates, the replacement character, and around the end of Unicode.
        [
            text(&[b"\xed\x9f\xbf", b"\xee\x80\x80", b"\xef\xbf\xbd", b"\xf4\x8f\xbf\xbf"]),
            no_text(&[b"\xf4\x90\x80\x80"]),
        ]
        .concat(),
        continuations(),
        lonely_starts(),
        no_text(&CUT),
        no_text(&[&CUT.concat()]),
        // Bytes that never occur.
        no_text(&[b"\xfe", b"\xff", b"\xfe\xfe\xff\xff"]),
        // Longer than need be: a slash, the largest of each length, and zero.
        no_text(&[
            b"\xc0\xaf",
            b"\xe0\x80\xaf",
            b"\xf0\x80\x80\xaf",
            b"\xf8\x80\x80\x80\xaf",
            b"\xfc\x80\x80\x80\x80\xaf",
        ]),
        no_text(&[
            b"\xc1\xbf",
            b"\xe0\x9f\xbf",
            b"\xf0\x8f\xbf\xbf",
            b"\xf8\x87\xbf\xbf\xbf",
            b"\xfc\x83\xbf\xbf\xbf\xbf",
        ]),
        no_text(&[
            b"\xc0\x80",
            b"\xe0\x80\x80",
            b"\xf0\x80\x80\x80",
            b"\xf8\x80\x80\x80\x80",
            b"\xfc\x80\x80\x80\x80\x80",
        ]),
        // Surrogates, alone and in pairs.
        no_text(&[
            b"\xed\xa0\x80",
            b"\xed\xad\xbf",
            b"\xed\xae\x80",
            b"\xed\xaf\xbf",
            b"\xed\xb0\x80",
            b"\xed\xbe\x80",
            b"\xed\xbf\xbf",
        ]),
        surrogate_pairs(),
        no_characters(),
        // The specials, U+FFF9 to U+FFFF.
        (0xB9..=0xBF).map(|last| (Text, vec![0xEF, 0xBF, last])).collect(),
    ]
}

fn text(sequences: &[&[u8]]) -> Section {
    sequences.iter().map(|bytes| (Text, bytes.to_vec())).collect()
}

fn no_text(sequences: &[&[u8]]) -> Section {
    sequences.iter().map(|bytes| (NoText, bytes.to_vec())).collect()
}

/// Each prefix of a word. Its characters end after these bytes, and only there is it text.
fn prefixes() -> Section {
    let ends = [2, 5, 7, 9, 11];
    (1..=GREEK.len()).map(|end| (if ends.contains(&end) { Text } else { NoText }, GREEK[..end].to_vec())).collect()
}

/// Bytes that continue nothing: the first, the last, both in turn, and all but the last.
fn continuations() -> Section {
    let in_turn = (2..=6).map(|length| [0x80, 0xBF].repeat(3)[..length].to_vec());
    let sequences = [vec![0x80], vec![0xBF]].into_iter().chain(in_turn).chain([(0x80..0xBF).collect()]);
    sequences.map(|bytes| (NoText, bytes)).collect()
}

/// The bytes that begin a character of each length, all but the last, with a space after each.
fn lonely_starts() -> Section {
    let ranges = [0xC0..0xDF, 0xE0..0xEF, 0xF0..0xF7, 0xF8..0xFB, 0xFC..0xFD];
    ranges.map(|range| (NoText, range.flat_map(|start| [start, b' ']).collect())).into()
}

fn surrogate_pairs() -> Section {
    let highs = [[0xED, 0xA0, 0x80], [0xED, 0xAD, 0xBF], [0xED, 0xAE, 0x80], [0xED, 0xAF, 0xBF]];
    let lows = [[0xED, 0xB0, 0x80], [0xED, 0xBF, 0xBF]];
    highs.iter().flat_map(|high| lows.map(|low| (NoText, [*high, low].concat()))).collect()
}

/// The last two code points of each plane, which are no characters and may be sent all the same.
fn no_characters() -> Section {
    let first = [vec![0xEF, 0xBF, 0xBE], vec![0xEF, 0xBF, 0xBF]];
    let planes = (0xF0..=0xF4).flat_map(|one| [0x8F, 0x9F, 0xAF, 0xBF].map(|two| [one, two]));
    // One is longer than need be, the others beyond Unicode.
    let planes = planes.filter(|plane| *plane != [0xF0, 0x8F] && (plane[0] != 0xF4 || plane[1] == 0x8F));
    let rest = planes.flat_map(|[one, two]| [0xBE, 0xBF].map(|last| vec![one, two, 0xBF, last]));
    first.into_iter().chain(rest).map(|bytes| (Text, bytes)).collect()
}
