//! Groups 9 and 10: large messages, whole, in fragments and in pieces; and many small ones, one after the other.
//!
//! The suite measures times as well. We do not: that is a matter for the benchmarks.

use crate::{
    script::{Case, Script, Step},
    wire::{Frame, Heard},
};

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;
const WHOLE: [usize; 6] = [64 * KIB, 256 * KIB, MIB, 4 * MIB, 8 * MIB, 16 * MIB];
const FRAGMENT: [usize; 9] = [64, 256, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 4 * MIB];
const CHOP: [usize; 6] = [64, 128, 256, 512, KIB, 2 * KIB];
const ROUND: [usize; 6] = [0, 16, 64, 256, KIB, 4 * KIB];
const ROUNDS: usize = 1000;

/// The two kinds of message: the number that a section of the suite adds for it, the head of a frame, and its echo.
type Kind = (usize, fn(Vec<u8>) -> Frame, fn(Vec<u8>) -> Heard, &'static [u8], &'static [u8]);

/// 9.1.1 to 9.8.6, and 10.1.1.
pub(crate) fn cases() -> Vec<Case> {
    let kinds: [Kind; 2] = [
        (0, Frame::text, Heard::Text, b"BAsd7&jh23", b"*"),
        (1, Frame::binary, Heard::Binary, b"\x00\xfe\x23\xfa\xf0", b"\xfe"),
    ];
    let mut cases: Vec<_> = kinds.into_iter().flat_map(of_kind).collect();
    cases.push(Case::new("10.1.1", || {
        let text = vec![b'*'; 65_536];
        Script::fragment(&Frame::text(text.clone()), 1300).hears([Heard::Text(text)])
    }));
    cases
}

fn of_kind((second, frame, heard, mixed, plain): Kind) -> Vec<Case> {
    let mut cases = Vec::new();
    for (number, bytes) in (1..).zip(WHOLE) {
        let case = Case::new(format!("9.{}.{number}", 1 + second), move || {
            let payload = load(mixed, bytes);
            Script::send(&[frame(payload.clone())]).hears([heard(payload)])
        });
        cases.push(if bytes > model::limits::FRAME_BYTES_MAX { case.raised() } else { case });
    }
    for (number, bytes) in (1..).zip(FRAGMENT) {
        let case = Case::new(format!("9.{}.{number}", 3 + second), move || {
            let payload = load(plain, 4 * MIB);
            Script::fragment(&frame(payload.clone()), bytes).hears([heard(payload)])
        });
        cases.push(case.raised());
    }
    for (number, bytes) in (1..).zip(CHOP) {
        let case = Case::new(format!("9.{}.{number}", 5 + second), move || {
            let payload = load(mixed, MIB);
            Script::chop(&[frame(payload.clone())], bytes).hears([heard(payload)])
        });
        cases.push(case.raised());
    }
    for (number, bytes) in (1..).zip(ROUND) {
        cases.push(Case::new(format!("9.{}.{number}", 7 + second), move || {
            let payload = load(plain, bytes);
            Script::send(&[]).then(Step::Rounds(frame(payload.clone()), heard(payload), ROUNDS))
        }));
    }
    cases
}

fn load(pattern: &[u8], bytes: usize) -> Vec<u8> {
    let mut load = pattern.repeat(bytes.div_ceil(pattern.len()));
    load.truncate(bytes);
    load
}
