//! Group 2: pings are answered with their payload, pongs are not answered.

use crate::{
    script::{Case, Script},
    wire::{Frame, Heard},
};

/// 2.1 to 2.11.
pub(crate) fn cases() -> Vec<Case> {
    let no_text = || b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff".to_vec();
    let longest = || vec![0xFE; 125];
    let unasked = || Frame::pong("unsolicited pong payload");
    let good_bye = || Frame::close(1000, b"");
    vec![
        Case::new("2.1", || Script::send(&[Frame::ping("")]).hears([pong("")])),
        Case::new("2.2", || Script::send(&[Frame::ping("Hello, world!")]).hears([pong("Hello, world!")])),
        Case::new("2.3", move || Script::send(&[Frame::ping(no_text())]).hears([Heard::Pong(no_text())])),
        Case::new("2.4", move || Script::send(&[Frame::ping(longest())]).hears([Heard::Pong(longest())])),
        Case::new("2.5", || Script::send(&[Frame::ping(vec![0xFE; 126])]).fails(1002)),
        Case::new("2.6", move || Script::chop(&[Frame::ping(longest())], 1).hears([Heard::Pong(longest())])),
        Case::new("2.7", move || Script::send(&[Frame::pong(""), good_bye()]).answered(&[1000])),
        Case::new("2.8", move || Script::send(&[unasked(), good_bye()]).answered(&[1000])),
        Case::new("2.9", move || Script::send(&[unasked(), Frame::ping("ping payload")]).hears([pong("ping payload")])),
        Case::new("2.10", || Script::send(&ten().map(Frame::ping)).hears(ten().map(|text| pong(&text)))),
        Case::new("2.11", || Script::chop(&ten().map(Frame::ping), 1).hears(ten().map(|text| pong(&text)))),
    ]
}

fn pong(text: &str) -> Heard {
    Heard::Pong(text.into())
}

fn ten() -> [String; 10] {
    std::array::from_fn(|number| format!("payload-{number}"))
}
