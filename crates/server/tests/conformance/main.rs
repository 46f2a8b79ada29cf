//! How our sockets keep the rules of WebSocket (RFC 6455): the cases of the Autobahn test suite without compression, played as
//! raw bytes over TCP against an echo that is set up, read, written to and ended as the chat's sockets are.
//!
//! The suite's own program needs Python 2.7. What it sends and expects is written down here again, case by case and under its
//! numbers, so that it runs with the other tests. Where it waits for a second, we wait for what it waits for.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod cases;
mod echo;
mod replay;
mod script;
mod wire;

use std::{
    collections::BTreeSet,
    io::Write as _,
    net::SocketAddr,
    sync::atomic::{AtomicUsize, Ordering},
};

use replay::{Verdict, play, play_script};
use script::{Case, Ending, Route, Script, Step};
use wire::{Frame, Heard};

/// Cases that may be answered later than they could be: text that goes wrong in the middle of a frame is found when the frame
/// is whole, which the RFC allows.
const MAY_BE_LATE: [&str; 2] = ["6.4.3", "6.4.4"];

/// Cases that are played at once.
const AT_ONCE: usize = 4;

#[test]
fn every_case_of_the_suite_passes() {
    let cases = cases::all();
    let verdicts = play_all(echo::start(), &cases);
    let count = |wanted: &Verdict| verdicts.iter().filter(|(_, verdict)| verdict == wanted).count();
    let late: Vec<_> = verdicts.iter().filter(|(_, verdict)| *verdict == Verdict::NonStrict).collect();
    let failed: Vec<_> = verdicts.iter().filter(|(_, verdict)| matches!(verdict, Verdict::Failed(_))).collect();
    let raised = cases.iter().filter(|case| case.route == Route::Raised).count();
    tell(&format!(
        "Autobahn: {} cases, {} ok, {} non-strict, {} informational, {} failed. Of them {raised} had larger bounds than the \
         chat's. Left out: groups 12 and 13, compression.",
        cases.len(),
        count(&Verdict::Ok),
        late.len(),
        count(&Verdict::Informational),
        failed.len(),
    ));
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(late.iter().all(|(number, _)| MAY_BE_LATE.contains(number)), "{late:?}");
}

#[test]
fn no_case_is_missing() {
    let cases = cases::all();
    let numbers: BTreeSet<_> = cases.iter().map(|case| &case.number).collect();
    assert_eq!((cases.len(), numbers.len()), (301, 301));
    for (group, count) in cases::GROUPS {
        let here = numbers.iter().filter(|number| number.split('.').next() == Some(group)).count();
        assert_eq!(here, count, "group {group}");
    }
}

/// On the echo with the chat's own bounds, each case that needs larger ones ends with 1009, also if its client is still writing.
#[test]
fn whatever_is_larger_than_the_chat_takes_is_closed_with_1009() {
    let (echo, mut large) = (echo::start(), cases::all());
    large.retain(|case| case.route == Route::Raised);
    for case in &mut large {
        let script = std::mem::replace(&mut case.script, Box::new(|| Script::send(&[])));
        case.script = Box::new(move || Script { hears: Vec::new(), ending: Ending::Failed(1009), ..script() });
        (case.route, case.informational) = (Route::Bounded, false);
    }
    let verdicts = play_all(echo, &large);
    tell(&format!("Too large: {} cases, closed with 1009.", verdicts.len()));
    let failed: Vec<_> = verdicts.iter().filter(|(_, verdict)| *verdict != Verdict::Ok).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn a_server_that_breaks_the_rules_is_found_out() {
    let echo = echo::start();
    let fails = |path: &str, script: &Script| matches!(play_script(echo, path, script), Verdict::Failed(_));
    let hello = || Script::send(&[Frame::text("hello")]).hears([Heard::Text("hello".into())]);
    let good_bye = || Script::send(&[Frame::close(1000, b"")]).answered(&[1000]);
    let reserved = || Script::send(&[Frame::text("hello").reserving(1)]).fails(1002);
    for script in [hello(), good_bye(), reserved()] {
        assert_eq!(play_script(echo, "/bounded", &script), Verdict::Ok);
        assert!(fails("/mute", &script), "silence passed as {:?}", script.ending);
    }
    assert!(fails("/wrong", &hello()), "another text passed as the echo");
    assert!(fails("/wrong", &reserved()), "another number passed as the right one");
    assert!(fails("/bounded", &good_bye().fails(1002)), "an answered good-bye passed as a failure");
    assert!(fails("/bounded", &good_bye().hears([Heard::Silence])), "a good-bye passed as something to hear");
    let late = Script::send(&[Frame::text("a").unfinished()]).then(Step::Listen(1)).or_hears([Heard::Silence]);
    let late = late.then(Step::Send(Frame::continuation(b"\xff").bytes())).fails(1007);
    assert_eq!(play_script(echo, "/bounded", &late), Verdict::NonStrict);
}

/// Plays some at a time.
fn play_all(server: SocketAddr, cases: &[Case]) -> Vec<(&str, Verdict)> {
    let next = AtomicUsize::new(0);
    let player = || {
        let mut verdicts = Vec::new();
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            verdicts.push((case.number.as_str(), play(server, case)));
        }
        verdicts
    };
    std::thread::scope(|scope| {
        let players: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(player)).collect();
        players.into_iter().flat_map(|player| player.join().unwrap()).collect()
    })
}

/// Past the capture of the test's output, which hides what a test that passes says.
fn tell(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").unwrap();
}
