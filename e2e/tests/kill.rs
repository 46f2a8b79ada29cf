//! The server dies in the middle of a burst, killed from outside or at a place inside, again and again: what was acknowledged
//! is there, once and in order; what was not can be sent again; and who listens misses nothing.
//!
//! `STONECHAT_TEST_ROUNDS=1000` makes it a long test. A failure prints its seed, and `STONECHAT_TEST_SEED` draws the same deaths again;
//! who was how far at that moment is the scheduler's choice, so the same seed is not the same run.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::{
    collections::BTreeMap,
    env, fmt,
    io::{self, Write as _},
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    thread,
    time::Duration,
};

use e2e::{Server, Terms};
use model::RoomId;
use protocol::Code;
use testkit::{
    cast::Guest,
    chance::{Chance, SEED, seed},
    history::{History, Kept, Outcome, Ticks, Violation, Wish, violations},
    postgres::{Database, Durability, Server as PostgresServer},
    witness::{Listener, Writer},
};

const ROUNDS: &str = "STONECHAT_TEST_ROUNDS";
/// Rounds on each engine, unless the environment says otherwise.
const ROUNDS_BY_DEFAULT: usize = 25;
/// Rounds on one database; then a new one is begun, so that what has to be compared stays small.
const ROUNDS_PER_DATABASE: usize = 25;

const WRITERS: usize = 8;
const ROOMS: [&str; 3] = ["burst", "storm", "flood"];
/// Messages that a writer has under way at once.
const IN_FLIGHT: usize = 16;
/// Frames that a writer sends in a round; the server refuses a socket that sends more than 200 at once.
const FRAMES_MAX: usize = 190;
/// Acknowledged messages that each writer sends again in a round.
const REPEATS: usize = 4;
/// What a key is used for the second time.
const OTHER_TEXT: &str = "Something else under a used name.";

/// When a signal comes, in milliseconds after the burst has begun.
const SIGNAL_MS: [u64; 2] = [5, 500];
/// How long a burst may take that has to end by itself.
const PATIENCE: Duration = Duration::from_secs(30);
/// The places to die at, and the latest pass: a whole burst has 1,520 messages in at least 190 commits.
const FAILPOINTS: [(&str, u64); 6] = [
    ("before_write", 180),
    ("after_write", 1_400),
    ("before_commit", 180),
    ("after_commit", 180),
    ("after_reply", 1_400),
    ("fan_out", 180),
];

/// The latest pass that may come before everybody is connected; a start makes up to four writes of its own.
const START_PASSES: u64 = 8;

/// How long it stays there before it dies. A moment is long enough for what was told too early to reach its hearer.
const STAYS_MS: [u64; 2] = [0, 40];
/// The code of a program that aborted: 128, and the number of the signal.
const ABORTED: i32 = 134;

/// How a round ends.
#[derive(Debug)]
enum Death {
    Signal(Duration),
    Failpoint(String),
    /// At a place that a start may pass, with nobody connected.
    AtStart(String),
}

/// What all rounds came to.
#[derive(Default)]
struct Tally {
    rounds: usize,
    killed: usize,
    aborted: usize,
    at_start: usize,
    acknowledged: usize,
    repeated: usize,
    heard: usize,
    behind: usize,
    slowest_start: Duration,
    violations: Vec<Violation>,
}

/// Everybody who takes part, on one database.
struct Cast {
    writers: Vec<Writer>,
    listener: Listener,
    rooms: Vec<RoomId>,
}

#[test]
fn nothing_acknowledged_is_lost_on_sqlite() {
    survives("SQLite", Server::start);
}

#[test]
fn nothing_acknowledged_is_lost_on_postgres() {
    let durable = PostgresServer::start(Durability::Durable);
    let mut database = None;
    survives("PostgreSQL", || Server::start_on(Some(&database.insert(Database::create_on(&durable)).url())));
}

fn survives(engine: &str, mut start: impl FnMut() -> Server) {
    let seed = seed();
    let mut chance = Chance::new(seed);
    let mut tally = Tally::default();
    let rounds = env::var(ROUNDS).map_or(ROUNDS_BY_DEFAULT, |rounds| rounds.parse().unwrap());
    while tally.rounds < rounds && tally.violations.is_empty() {
        let rounds = ROUNDS_PER_DATABASE.min(rounds - tally.rounds);
        live(start(), rounds, &mut chance, &mut tally);
    }
    // Past what is kept of a test's output, and shown only when it fails.
    let mut out = io::stdout().lock();
    writeln!(out, "kill -9 on {engine}: {tally}").unwrap();
    drop(out);
    assert!(tally.violations.is_empty(), "{SEED}={seed}\n{:#?}", tally.violations.iter().take(20).collect::<Vec<_>>());
    assert!(tally.acknowledged > 20 * rounds, "{SEED}={seed}: only {tally}: nothing was tried");
}

/// The life of one database: so many deaths, and a look at what is left.
fn live(mut server: Server, rounds: usize, chance: &mut Chance, tally: &mut Tally) {
    let mut cast = Cast::signs_up(&server);
    for round in 0..rounds {
        let death = Death::drawn(chance);
        server = server.restarted_on(&death.terms());
        tally.rounds += 1;
        match &death {
            Death::Signal(_) => tally.killed += 1,
            Death::Failpoint(_) => tally.aborted += 1,
            Death::AtStart(_) => {
                tally.at_start += 1;
                death.comes_at_start(&mut server);
                continue;
            }
        }
        assert!(server.greeting.is_some(), "{death:?} came before anybody could be there");
        tally.slowest_start = tally.slowest_start.max(server.opened_in);
        server.checks_its_file();
        cast = cast.storms(&mut server, round, &death, chance);
    }
    server = server.restarted();
    server.checks_its_file();
    let (histories, kept) = cast.settles(tally);
    for history in &histories {
        let mut first: BTreeMap<&str, usize> = BTreeMap::new();
        history.acknowledged().for_each(|wish| *first.entry(&wish.key).or_default() += 1);
        tally.acknowledged += first.len();
        tally.repeated += first.values().filter(|count| **count > 1).count();
    }
    tally.violations.extend(violations(&histories, &kept));
    if tally.violations.is_empty() {
        // The key of a message that was lost would be free for another.
        histories.iter().for_each(reuse_was_refused);
    }
}

/// Who used a key for another text was told so, each time that there was an answer.
fn reuse_was_refused(history: &History) {
    for write in history.writes.iter().filter(|write| write.wish.text == OTHER_TEXT) {
        let told = match &write.outcome {
            Outcome::Unknown | Outcome::Refused(Code::KeyReused, _) => true,
            Outcome::Kept(..) | Outcome::Refused(..) => false,
        };
        assert!(told, "{write:?}");
    }
}

impl Death {
    fn drawn(chance: &mut Chance) -> Self {
        let lot = chance.between(1, 10);
        // Two rounds in five are ended from outside, at any moment.
        if lot <= 4 {
            let [least, most] = SIGNAL_MS;
            return Self::Signal(Duration::from_millis(chance.between(least, most)));
        }
        let (place, latest) = chance.one_of(&FAILPOINTS);
        let stay_ms = chance.one_of(&STAYS_MS);
        if lot == 5 {
            return Self::AtStart(format!("{place}:{}:{stay_ms}", chance.between(1, START_PASSES)));
        }
        Self::Failpoint(format!("{place}:{}:{stay_ms}", chance.between(START_PASSES + 1, *latest)))
    }

    fn terms(&self) -> Terms {
        match self {
            Self::Signal(_) => Terms::default(),
            Self::Failpoint(place) | Self::AtStart(place) => {
                Terms { failpoint: Some(place.clone()), ..Terms::default() }
            }
        }
    }
}

impl Cast {
    fn signs_up(server: &Server) -> Self {
        let ticks = Ticks::default();
        let guests: Vec<_> = (0..WRITERS).map(|n| Guest::signs_up(&server.base, &format!("writer{n}"))).collect();
        let ear = Guest::signs_up(&server.base, "listener");
        let rooms: Vec<_> = ROOMS.iter().map(|room| ear.joins(room)).collect();
        for (guest, room) in guests.iter().flat_map(|guest| ROOMS.iter().map(move |room| (guest, room))) {
            guest.joins(room);
        }
        let writers = guests.into_iter().map(|guest| Writer::new(guest, &ticks)).collect();
        Self { writers, listener: Listener::new(ear, &rooms, &ticks), rooms }
    }

    /// Everybody is busy until the server is dead.
    fn storms(self, server: &mut Server, round: usize, death: &Death, chance: &mut Chance) -> Self {
        let Self { mut writers, mut listener, rooms } = self;
        // All are connected before anything can happen.
        let lines: Vec<_> = writers.iter_mut().map(Writer::connects).collect();
        let ear = listener.connects().unwrap();
        let (busy, all_done) = sync_channel::<()>(1);
        let writing: Vec<_> = writers
            .into_iter()
            .zip(lines)
            .map(|(mut writer, mut line)| {
                let wishes = wishes(&writer.history, &rooms, round, chance.split());
                let busy: SyncSender<()> = busy.clone();
                thread::spawn(move || {
                    // It ends when the server is gone, or when all is said.
                    let _ = writer.sends(&mut line, wishes, IN_FLIGHT);
                    drop(busy);
                    writer
                })
            })
            .collect();
        drop(busy);
        let hearing = thread::spawn(move || {
            listener.hears_to_the_end(ear);
            listener
        });
        death.comes(server, &all_done);
        let writers = writing.into_iter().map(|thread| thread.join().unwrap()).collect();
        Self { writers, listener: hearing.join().unwrap(), rooms }
    }

    /// With nobody killing anybody: all doubts are settled, and everything is read.
    fn settles(self, tally: &mut Tally) -> (Vec<History>, Kept) {
        let Self { mut writers, mut listener, rooms } = self;
        for writer in &mut writers {
            let doubts = writer.history.in_doubt();
            let mut line = writer.connects();
            writer.sends(&mut line, doubts, IN_FLIGHT).unwrap();
            assert_eq!(writer.history.in_doubt(), []);
        }
        let reader = listener.guest.clone();
        let kept: Kept = rooms.iter().map(|room| (*room, reader.reads_all(*room))).collect();
        for (room, messages) in &kept {
            listener.history.reads(*room, messages.clone());
        }
        let heads = rooms.iter().map(|room| (*room, reader.reads(*room).head)).collect();
        let ear = listener.connects().unwrap();
        listener.hears_up_to(ear, &heads).unwrap();
        tally.heard += listener.history.heard.len();
        tally.behind += listener.behind;
        let histories = writers.into_iter().map(|writer| writer.history).chain([listener.history]).collect();
        (histories, kept)
    }
}

impl Death {
    /// A start came to the place, or it never does, and whoever pulls the plug does it.
    fn comes_at_start(&self, server: &mut Server) {
        match server.greeting {
            None => assert_eq!(server.dies().code(), Some(ABORTED), "{self:?}"),
            Some(_) => server.kill(),
        }
    }

    /// Brings it about, or waits for it.
    fn comes(&self, server: &mut Server, all_done: &Receiver<()>) {
        match self {
            Self::Signal(after) => {
                // Whoever is done early only makes the burst a quiet one.
                let _ = all_done.recv_timeout(*after);
                server.kill();
            }
            Self::Failpoint(place) | Self::AtStart(place) => {
                assert_eq!(all_done.recv_timeout(PATIENCE), Err(RecvTimeoutError::Disconnected), "{place}");
                assert_eq!(server.dies().code(), Some(ABORTED), "{place}");
            }
        }
    }
}

/// What a writer sends in a round: what is in doubt, some of what it has a receipt for, one key for another text, and then news.
fn wishes(history: &History, rooms: &[RoomId], round: usize, mut chance: Chance) -> Vec<Wish> {
    let mut wishes = history.in_doubt();
    let acknowledged: Vec<&Wish> = history.acknowledged().collect();
    if !acknowledged.is_empty() {
        wishes.extend((0..REPEATS).map(|_| (*chance.one_of(&acknowledged)).clone()));
        wishes.push(Wish { text: OTHER_TEXT.to_owned(), ..(*chance.one_of(&acknowledged)).clone() });
    }
    for n in wishes.len()..FRAMES_MAX {
        let key = format!("r{round}-{n}");
        let text = format!("{} says {key}", history.who.name.as_str());
        wishes.push(Wish::new(*chance.one_of(rooms), key, text));
    }
    wishes
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut lost, mut doubled, mut out_of_order, mut other) = (0, 0, 0, 0);
        for violation in &self.violations {
            *match violation {
                Violation::Lost(..) | Violation::Moved(..) | Violation::Vanished(..) => &mut lost,
                Violation::Doubled(..) | Violation::ReceiptsDiffer(..) | Violation::KeyTakenTwice(..) => &mut doubled,
                Violation::Inverted(..) | Violation::OutOfOrder(..) | Violation::Gap(..) => &mut out_of_order,
                Violation::KeptThoughRefused(..)
                | Violation::Disagreement(..)
                | Violation::Unsent(..)
                | Violation::HeardAfterLeaving(..)
                | Violation::WrongMarks(..) => &mut other,
            } += 1;
        }
        let Self { rounds, killed, aborted, at_start, acknowledged, repeated, heard, behind, slowest_start, .. } = self;
        write!(
            f,
            "{rounds} rounds ({killed} by a signal, {aborted} at a failpoint, {at_start} at the start), {acknowledged} acknowledged, {lost} lost, \
             {doubled} doubled, {out_of_order} out of order, {other} otherwise wrong; {repeated} acknowledged again, \
             {heard} heard live, {behind} times behind, slowest start {} ms",
            slowest_start.as_millis()
        )
    }
}
