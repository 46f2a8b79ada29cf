//! Groups 3 and 4: reserved bits and reserved opcodes fail the connection, and what came before is still answered.

use crate::{
    script::{Case, Script},
    wire::{Frame, Heard},
};

const HELLO: &str = "Hello, world!";
const BINARY: &[u8] = b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff";
const SOME: &str = "reserved opcode payload";

/// 3.1 to 3.7, and 4.1.1 to 4.2.5.
pub(crate) fn cases() -> Vec<Case> {
    let alone = |number: &str, frame: fn() -> Frame| Case::new(number, move || Script::send(&[frame()]).fails(1002));
    // A message that is good, the frame that is not, and a ping that is too late; written in different ways.
    let after = |number: &str, frame: fn() -> Frame, write: fn(&[Frame]) -> Script| {
        Case::new(number, move || {
            write(&[Frame::text(HELLO), frame(), Frame::ping("")])
                .hears([Heard::Text(HELLO.into())])
                .or_hears([])
                .fails(1002)
        })
    };
    let by_octets: fn(&[Frame]) -> Script = |frames| Script::chop(frames, 1);
    vec![
        alone("3.1", || Frame::text(HELLO).reserving(1)),
        after("3.2", || Frame::text(HELLO).reserving(2), Script::send),
        after("3.3", || Frame::text(HELLO).reserving(3), Script::send_each),
        after("3.4", || Frame::text(HELLO).reserving(4), by_octets),
        alone("3.5", || Frame::binary(BINARY).reserving(5)),
        // The suite says ping and sends a binary frame.
        alone("3.6", || Frame::binary(HELLO).reserving(6)),
        alone("3.7", || Frame::close_of(b"").reserving(7)),
        alone("4.1.1", || Frame::of(3, "")),
        alone("4.1.2", || Frame::of(4, SOME)),
        after("4.1.3", || Frame::of(5, ""), Script::send),
        after("4.1.4", || Frame::of(6, HELLO), Script::send),
        after("4.1.5", || Frame::of(7, HELLO), by_octets),
        alone("4.2.1", || Frame::of(11, "")),
        alone("4.2.2", || Frame::of(12, SOME)),
        after("4.2.3", || Frame::of(13, ""), Script::send),
        after("4.2.4", || Frame::of(14, HELLO), Script::send),
        after("4.2.5", || Frame::of(15, HELLO), by_octets),
    ]
}
