//! Group 1: text and binary frames of each kind of length.

use crate::{
    script::{Case, Script},
    wire::{Frame, Heard},
};

const LENGTHS: [usize; 7] = [0, 125, 126, 127, 128, 65_535, 65_536];
const LONGEST: usize = 65_536;
const CHOP: usize = 997;

/// 1.1.1 to 1.2.8.
pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (number, length) in (1..).zip(LENGTHS) {
        cases.push(Case::new(format!("1.1.{number}"), move || {
            Script::send(&[Frame::text(stars(length))]).hears([Heard::Text(stars(length))])
        }));
        cases.push(Case::new(format!("1.2.{number}"), move || {
            Script::send(&[Frame::binary(bytes(length))]).hears([Heard::Binary(bytes(length))])
        }));
    }
    cases.push(Case::new("1.1.8", || {
        Script::chop(&[Frame::text(stars(LONGEST))], CHOP).hears([Heard::Text(stars(LONGEST))])
    }));
    cases.push(Case::new("1.2.8", || {
        Script::chop(&[Frame::binary(bytes(LONGEST))], CHOP).hears([Heard::Binary(bytes(LONGEST))])
    }));
    cases
}

fn stars(length: usize) -> Vec<u8> {
    vec![b'*'; length]
}

fn bytes(length: usize) -> Vec<u8> {
    vec![0xFE; length]
}
