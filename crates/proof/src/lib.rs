//! The proof that instant rooms keep nothing: made on the real program, by looking for what was said in them.
//!
//! In comes the program to test; out goes a [`Report`] of where something was found that should not be there. The program
//! runs under `strace`, in a folder of its own; twenty visitors say a thousand things in a room, each with a *canary* in it, a
//! text that stands nowhere else in the world. Then every write, every file, the database, the log and the program's memory
//! are searched for it, in all forms in which such a text is usually written down. This crate speaks to the program from
//! outside, as anybody could; it knows nothing of its inside.

mod calls;
mod canary;
mod files;
mod memory;
mod report;
mod room;
mod search;
mod subject;

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use rustix::process::Signal;

use self::{canary::Canary, room::Room, search::Search, subject::Subject};
pub use self::{
    report::{Finding, Report},
    room::{Envelope, Seal},
};

/// How long memory may show what was said after the last visitor has left.
const FORGET_WITHIN: Duration = Duration::from_secs(5);

/// What to prove it of.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Encrypted rooms; visitors seal their envelopes so. What is said is not found at any time.
    Encrypted(Seal),
    /// Plain rooms. What is said is in the program's memory while the room is open, which also shows that the search sees it.
    Plain,
}

/// The program while the room is open and all has been said.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// Where the program keeps its data.
    pub data: &'a Path,
    /// What was said.
    pub text: &'a str,
}

/// Runs `program` and proves it. `look` is called while the room is open: a test of the proof plants a leak there.
pub fn prove(program: &Path, kind: Kind, look: impl FnOnce(Scene<'_>)) -> anyhow::Result<Report> {
    let canary = Canary::draw()?;
    let mut subject = Subject::start(program)?;
    let database = subject.database()?;
    let mut report = Report::new(kind);

    let room = Room::open(subject.address(), &canary, kind)?;
    let search = Search::of(&canary, &room.name_in_address())?;
    let room = room.talk()?;
    match kind {
        Kind::Encrypted(_) => {
            let said = Search::of_what_is_said(&canary)?;
            report.memory("while the room is open", memory::search(subject.pid(), &said)?);
        }
        Kind::Plain => {
            let seen = memory::search(subject.pid(), &search)?;
            ensure!(!seen.hits.is_empty(), "the search does not see the program's memory; this proves nothing");
        }
    }
    look(Scene { data: &subject.data(), text: canary.text() });
    room.close();

    report.memory("after the room was closed", forgotten(&subject, &search)?);
    report.database(&database, &subject.database()?);
    crash(&mut subject, &canary, kind)?;
    report.files(files::search(subject.folder(), &search)?);
    report.calls(calls::search(&fs::read_to_string(subject.trace()).context("strace wrote nothing")?, &search)?);
    Ok(report)
}

/// Searches the memory again and again until it is clean, or its time is over.
fn forgotten(subject: &Subject, search: &Search) -> anyhow::Result<memory::Look> {
    let closed = Instant::now();
    loop {
        let look = memory::search(subject.pid(), search)?;
        if look.hits.is_empty() || closed.elapsed() > FORGET_WITHIN {
            return Ok(look);
        }
    }
}

/// Opens the room again and kills the program in the middle of it, in the way that would leave a core file.
fn crash(subject: &mut Subject, canary: &Canary, kind: Kind) -> anyhow::Result<()> {
    let room = Room::open(subject.address(), canary, kind)?.talk()?;
    subject.end(Signal::ABORT)?;
    room.close();
    Ok(())
}
