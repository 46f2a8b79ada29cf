//! A retry is harmless: every message is sent several times, by sockets and by HTTP, from several devices at once, with the
//! server ending in between; some keys are used for two texts.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use model::{RoomId, Seq};
use testkit::chance::Chance;
use tokio::time::sleep;

use super::{Terms, rate};
use crate::{
    book::{Book, Plan},
    people::{Somebody, Town},
    report::Report,
    sender::{Line, Sender},
    server::Server,
};

/// How often the progress is looked at.
const LOOK: Duration = Duration::from_millis(20);
/// The most that the server may need to come back.
const PATIENCE: Duration = Duration::from_mins(10);

/// How many, and how often.
#[derive(Clone, Debug, clap::Args)]
pub struct Scale {
    /// Messages; each is sent once and repeated one to five times.
    #[arg(long, default_value_t = 50_000)]
    messages: usize,
    /// People who send them.
    #[arg(long, default_value_t = 16)]
    people: usize,
    /// Sockets of each, half of them on another device; at most 16.
    #[arg(long, default_value_t = 12)]
    sockets: usize,
    /// Connections for requests of each.
    #[arg(long, default_value_t = 4)]
    desks: usize,
    /// Rooms.
    #[arg(long, default_value_t = 8)]
    rooms: usize,
    /// Times that the server ends and begins again, every second time without a word.
    #[arg(long, default_value_t = 10)]
    restarts: usize,
    /// Begin from this, to have the same chance again.
    #[arg(long)]
    seed: Option<u64>,
}

impl Scale {
    /// A size for a debug build.
    #[must_use]
    pub fn quick() -> Self {
        Self { messages: 600, people: 3, sockets: 4, desks: 2, rooms: 2, restarts: 2, seed: None }
    }
}

/// Runs it.
pub async fn run(terms: &Terms, scale: Scale) -> anyhow::Result<Report> {
    let seed = scale.seed.unwrap_or_else(testkit::chance::seed);
    let mut chance = Chance::new(seed);
    let mut server = Server::start(&terms.choice)?;
    let people = Town::here(server.address).sign_up(scale.people).await?;
    let mut rooms = vec![RoomId::new(0); scale.rooms];
    for (number, room) in rooms.iter_mut().enumerate() {
        for somebody in &people {
            *room = somebody.join(&format!("room {number}")).await?;
        }
    }
    let book = Arc::new(Book::new(&Plan { messages: scale.messages, authors: scale.people, rooms }, &mut chance));
    let copies = book.left();
    let began = Instant::now();
    let failures = Arc::new(AtomicUsize::new(0));
    let mut senders = Vec::new();
    for (author, somebody) in people.iter().enumerate() {
        let other = somebody.log_in().await?;
        for number in 0..scale.sockets + scale.desks {
            let device = if number.is_multiple_of(2) { somebody } else { &other };
            let line = if number < scale.sockets { Line::socket(device) } else { Line::desk(device) };
            let sender = Sender { author, line, book: Arc::clone(&book), failures: Arc::clone(&failures) };
            senders.push(tokio::spawn(sender.run()));
        }
    }
    // The server ends after equal parts of the work.
    for restart in 1..=scale.restarts {
        let left = copies - copies * restart / (scale.restarts + 1);
        until(&book, left).await?;
        server.end(restart.is_multiple_of(2))?;
        server.begin()?;
    }
    until(&book, 0).await?;
    for sender in senders {
        sender.await?;
    }
    let took = began.elapsed();
    let kept = read_back(&people, &book).await?;
    Ok(report(terms, (&scale, seed, took), (&book, &kept, copies, failures.load(Ordering::Relaxed))))
}

async fn until(book: &Book, left: usize) -> anyhow::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while book.left() > left {
        anyhow::ensure!(Instant::now() < deadline, "the work does not end: {} copies are left", book.left());
        sleep(LOOK).await;
    }
    Ok(())
}

/// What stands in the rooms: by author and key, every place and text.
type Kept = HashMap<(usize, String), Vec<(RoomId, u64, String)>>;

async fn read_back(people: &[Somebody], book: &Book) -> anyhow::Result<Kept> {
    let mut kept = Kept::new();
    let numbers: HashMap<_, _> = people.iter().enumerate().map(|(number, one)| (one.person.id, number)).collect();
    for room in book.rooms() {
        let (messages, _) = people[0].desk().read_after(*room, Seq::ZERO).await?;
        for message in messages {
            let author = numbers.get(&message.said.author.id).copied().unwrap_or(usize::MAX);
            let place = (*room, message.seq.number(), message.said.text.as_str().to_owned());
            kept.entry((author, message.said.key.as_str().to_owned())).or_default().push(place);
        }
    }
    Ok(kept)
}

fn report(
    terms: &Terms,
    (scale, seed, took): (&Scale, u64, Duration),
    (book, kept, copies, failures): (&Book, &Kept, usize, usize),
) -> Report {
    let title = format!(
        "retry: {} messages sent {copies} times by {} people, {} sockets and {} connections for requests each; {} \
         restarts; seed {seed}",
        scale.messages, scale.people, scale.sockets, scale.desks, scale.restarts
    );
    let mut report = Report::new(title, !terms.quick);
    let verdict = book.judge(|author, key| kept.get(&(author, key.to_owned())).cloned().unwrap_or_default());
    report.figure("sends answered", rate(copies as u64, took));
    report.figure("sends that had no answer, and were made again", failures);
    report.figure("keys used for two texts", verdict.contested);
    report.figure("other texts refused as key_reused", verdict.reused);
    report.promise(
        "every message is there",
        verdict.lost == 0,
        format!("{} of {}", scale.messages - verdict.lost, scale.messages),
    );
    report.none("duplicates", verdict.doubled);
    report.none("messages that nobody sent", kept.len().saturating_sub(scale.messages));
    report.none("answers with another place than the first", verdict.moved);
    report.none("messages at another place than answered", verdict.misplaced);
    report.none("messages with another text than the one that was accepted", verdict.altered);
    report.none("second texts that were accepted", verdict.accepted_twice);
    report.none("repeats that were refused", verdict.refused);
    report
}
