//! Group 5: messages in fragments, with control frames between them, and fragments that belong to nothing.

use crate::{
    script::{Case, Script, Step},
    wire::{Frame, Heard, joined},
};

type Write = fn(&[Frame]) -> Script;

/// 5.1 to 5.20.
pub(crate) fn cases() -> Vec<Case> {
    let by_octets: Write = |frames| Script::chop(frames, 1);
    let mut cases = vec![
        Case::new("5.1", || in_two(Frame::ping("fragment1")).fails(1002)),
        Case::new("5.2", || in_two(Frame::pong("fragment1")).fails(1002)),
    ];
    let ways: [Write; 3] = [Script::send, Script::send_each, by_octets];
    for (index, write) in ways.into_iter().enumerate() {
        cases.push(Case::new(format!("5.{}", 3 + index), move || {
            write(&[Frame::text("fragment1").unfinished(), Frame::continuation("fragment2")])
                .hears([text("fragment1fragment2")])
        }));
        cases.push(Case::new(format!("5.{}", 6 + index), move || {
            let first = Frame::text("fragment1").unfinished();
            write(&[first, Frame::ping("ping payload"), Frame::continuation("fragment2")])
                .hears([pong("ping payload"), text("fragment1fragment2")])
        }));
        let stray = || Frame::continuation("non-continuation payload");
        cases.push(Case::new(format!("5.{}", 9 + index), move || {
            write(&[stray(), Frame::text("Hello, world!")]).fails(1002)
        }));
        cases.push(Case::new(format!("5.{}", 12 + index), move || {
            write(&[stray().unfinished(), Frame::text("Hello, world!")]).fails(1002)
        }));
    }
    cases.extend([
        Case::new("5.15", || {
            let good = [Frame::text("fragment1").unfinished(), Frame::continuation("fragment2")];
            let bad = [Frame::continuation("fragment3").unfinished(), Frame::text("fragment4")];
            Script::send(&[good, bad].concat()).hears([text("fragment1fragment2")]).or_hears([]).fails(1002)
        }),
        Case::new("5.16", || twice(&Frame::continuation("fragment1").unfinished()).fails(1002)),
        Case::new("5.17", || twice(&Frame::continuation("fragment1")).fails(1002)),
        Case::new("5.18", || {
            Script::send(&[Frame::text("fragment1").unfinished(), Frame::text("fragment2")]).fails(1002)
        }),
        Case::new("5.19", || five(|frames| vec![Step::Send(joined(frames))])),
        Case::new("5.20", || five(|frames| frames.iter().map(|frame| Step::Send(frame.bytes())).collect())),
    ]);
    cases
}

fn in_two(first: Frame) -> Script {
    Script::send(&[first.unfinished(), Frame::continuation("fragment2")])
}

/// A stray fragment, then a message in two; and again.
fn twice(stray: &Frame) -> Script {
    let once = [stray.clone(), Frame::text("fragment2").unfinished(), Frame::continuation("fragment3")];
    Script::send(&[once.clone(), once].concat())
}

/// A message in five fragments, with pings between. The suite waits a second after the first ping; we wait for its answer,
/// which has to come before the message is whole.
fn five(write: fn(&[Frame]) -> Vec<Step>) -> Script {
    let middle = |text: &str| Frame::continuation(text).unfinished();
    let begin = [Frame::text("fragment1").unfinished(), middle("fragment2"), Frame::ping("pongme 1!")];
    let finish = [middle("fragment3"), middle("fragment4"), Frame::ping("pongme 2!"), Frame::continuation("fragment5")];
    let mut script = Script::send(&[]);
    script.steps = write(&begin);
    script.steps.push(Step::Hear(1));
    script.steps.extend(write(&finish));
    script.hears([pong("pongme 1!"), pong("pongme 2!"), text("fragment1fragment2fragment3fragment4fragment5")])
}

fn text(text: &str) -> Heard {
    Heard::Text(text.into())
}

fn pong(text: &str) -> Heard {
    Heard::Pong(text.into())
}
