//! Group 6, first part: text in fragments, and text that stops being text somewhere.

use crate::{
    script::{Case, Script, Step},
    wire::{Frame, Heard},
};

const MIXED: &str = "Hello-µ@ßöäüàá-UTF-8!!";
/// The Greek word kosme, which is text. Its second character has three bytes, the others two.
pub(super) const GREEK: &[u8] = b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5";
/// The code point 0xD800, half of a pair, which is not.
const SURROGATE: &[u8] = b"\xed\xa0\x80";
/// The code point 0x110000, one too many, which is not either: its second byte is the first that is wrong.
const TOO_FAR: &[u8] = b"\xf4\x90\x80\x80";
const ENGLISH: &[u8] = b"edited";

/// Time for the other side to fail, where it has to.
const LONG_MS: u64 = 10_000;
/// Time for the other side to fail, where it may and does not.
const SHORT_MS: u64 = 200;

/// 6.1.1 to 6.4.4.
pub(crate) fn cases() -> Vec<Case> {
    let mut cases = vec![
        Case::new("6.1.1", || Script::send(&[Frame::text("")]).hears([Heard::Text(Vec::new())])),
        Case::new("6.1.2", || in_three("").hears([Heard::Text(Vec::new())])),
        Case::new("6.1.3", || in_three("middle frame payload").hears([Heard::Text("middle frame payload".into())])),
        Case::new("6.2.1", || Script::send(&[Frame::text(MIXED)]).hears([Heard::Text(MIXED.into())])),
        Case::new("6.2.2", || {
            let (first, second) = MIXED.split_once('ü').unwrap();
            let second = format!("ü{second}");
            Script::send(&[Frame::text(first).unfinished(), Frame::continuation(second)])
                .hears([Heard::Text(MIXED.into())])
        }),
        Case::new("6.2.3", || Script::fragment(&Frame::text(MIXED), 1).hears([Heard::Text(MIXED.into())])),
        Case::new("6.2.4", || Script::fragment(&Frame::text(GREEK), 1).hears([Heard::Text(GREEK.into())])),
        Case::new("6.3.1", || Script::send(&[Frame::text([GREEK, SURROGATE, ENGLISH].concat())]).fails(1007)),
        Case::new("6.3.2", || Script::fragment(&Frame::text([GREEK, SURROGATE, ENGLISH].concat()), 1).fails(1007)),
    ];
    // Cut before the bad character, or so that the second part ends with the first bad byte.
    let cuts = [[11, 15], [12, 13]];
    for (index, [first, second]) in cuts.into_iter().enumerate() {
        cases.push(Case::new(format!("6.4.{}", 1 + index), move || in_frames(first, second)));
        cases.push(Case::new(format!("6.4.{}", 3 + index), move || in_chops(first, second)));
    }
    cases
}

fn in_three(middle: &str) -> Script {
    let middle = Frame::continuation(middle).unfinished();
    Script::send(&[Frame::text("").unfinished(), middle, Frame::continuation("")])
}

/// The message in three frames. The suite waits a second after the first, to see that it is taken; we send a ping after it, and
/// wait for the answer.
fn in_frames(first: usize, second: usize) -> Script {
    let whole = [GREEK, TOO_FAR, ENGLISH].concat();
    let begin = [Frame::text(&whole[..first]).unfinished(), Frame::ping("taken?")];
    let taken = Heard::Pong("taken?".into());
    Script::send(&begin)
        .then(Step::Hear(1))
        .then(Step::Send(Frame::continuation(&whole[first..second]).unfinished().bytes()))
        .then(Step::Listen(LONG_MS))
        .then(Step::Send(Frame::continuation(&whole[second..]).bytes()))
        .hears([taken.clone()])
        .or_hears([taken, Heard::Silence])
        .fails(1007)
}

/// The message in one frame that comes in three pieces.
fn in_chops(first: usize, second: usize) -> Script {
    let bytes = Frame::text([GREEK, TOO_FAR, ENGLISH].concat()).bytes();
    // Before the payload come two bytes of length and four of mask.
    let ([begin, rest], middle) = ([&bytes[..6 + first], &bytes[6 + second..]], &bytes[6 + first..6 + second]);
    Script::send(&[])
        .then(Step::Send(begin.into()))
        .then(Step::Listen(SHORT_MS))
        .then(Step::Send(middle.into()))
        .then(Step::Listen(SHORT_MS))
        .then(Step::Send(rest.into()))
        .hears([Heard::Silence])
        .or_hears([Heard::Silence, Heard::Silence])
        .fails(1007)
}
