//! The disk fails to keep what is written (`fsync` gives EIO, by `strace`): what it did not keep is not acknowledged, what was
//! acknowledged before is there, and as soon as the disk works again so does the server.
//!
//! SQLite only: PostgreSQL does its own fsync, and ends itself when that fails. What a later loss of power would take is not
//! seen here, because the kernel's memory survives.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use e2e::{Server, Terms};
use model::{RoomId, Seq};
use protocol::Code;
use testkit::{
    cast::{Guest, send},
    chance::{Chance, SEED, seed},
    history::{History, Kept, Moment, Outcome, Ticks, Violation, Wish, violations},
    wait::wait_until,
    witness::{Listener, Writer},
};

const ROOMS: [&str; 2] = ["burst", "storm"];
const WRITERS: usize = 8;
const IN_FLIGHT: usize = 16;
/// Frames that a writer sends on one connection; the server refuses a socket that sends more than 200 at once.
const FRAMES_MAX: usize = 150;
/// Syncs that opening the file takes at most. A failure among them is a server that does not start.
const SYNCS_OF_OPENING: u64 = 12;
const PATIENCE: Duration = Duration::from_secs(10);

/// Everybody who takes part.
struct Cast {
    writers: Vec<Writer>,
    listener: Listener,
    rooms: Vec<RoomId>,
    ticks: Ticks,
}

/// One message after the other, so that each is a commit of its own: the first whose sync fails is refused, and all after it.
#[test]
fn a_message_that_the_disk_did_not_keep_is_not_acknowledged() {
    let seed = seed();
    let mut chance = Chance::new(seed);
    let mut cast;
    let (server, mut writer, room) = {
        let server = Server::start();
        cast = Cast::signs_up(&server, 1);
        let first = SYNCS_OF_OPENING + chance.between(1, 40);
        let writer = cast.writers.pop().unwrap();
        (server.restarted_on(&failing(&format!("{first}+"))), writer, cast.rooms[0])
    };
    let mut failed_before = 0;
    for wish in news(&writer.history, &[room], 80, &mut chance) {
        let mut line = writer.connects();
        writer.sends(&mut line, [wish], 1).unwrap();
        let outcome = &writer.history.writes.last().unwrap().outcome;
        let failed = failures(&server).len();
        let told = match outcome {
            Outcome::Kept(..) => failed == 0,
            Outcome::Refused(code, _) => *code == Code::Fault && failed > failed_before,
            Outcome::Unknown => false,
        };
        assert!(told, "{SEED}={seed}: {failed_before} syncs had failed, then {failed}: {outcome:?}");
        failed_before = failed;
    }
    let acknowledged = writer.history.acknowledged().count();
    assert!(failed_before > 0 && acknowledged > 0, "{SEED}={seed}: {acknowledged} were acknowledged");
    cast.writers.push(writer);
    cast.sees_what_was_acknowledged(&server, seed);
    cast.ends_well(server.restarted(), seed);
}

/// Eight at once, and the disk fails for good at some moment.
#[test]
fn nothing_is_acknowledged_while_the_disk_fails() {
    let seed = seed();
    let mut chance = Chance::new(seed);
    for _ in 0..2 {
        let server = Server::start();
        let mut cast = Cast::signs_up(&server, WRITERS);
        let first = SYNCS_OF_OPENING + chance.between(1, 120);
        let mut server = server.restarted_on(&failing(&format!("{first}+")));
        let (ticks, log) = (cast.ticks.clone(), log(&server));
        let watch = thread::spawn(move || {
            wait_until("a failed sync", PATIENCE, || (!failures_in(&log).is_empty()).then(|| ticks.now()))
        });
        cast = cast.all_send(&mut chance);
        let failed: Moment = watch.join().unwrap();
        for write in cast.writers.iter().flat_map(|writer| &writer.history.writes) {
            let kept_later = write.asked > failed && matches!(write.outcome, Outcome::Kept(..));
            assert!(!kept_later, "{SEED}={seed}: asked when the disk had failed: {write:?}");
        }
        assert!(server.lives());
        assert_eq!(send("GET", &format!("{}/healthz", server.base), &[], None).status, 200);
        cast.sees_what_was_acknowledged(&server, seed);
        // Some end politely, with a disk that fails still, and some do not.
        if chance.between(0, 1) == 0 {
            server.kill();
        }
        cast.ends_well(server.restarted(), seed);
    }
}

/// Now and then one sync fails, and the next does not: the server goes on by itself, and who listens misses nothing.
#[test]
fn the_server_goes_on_when_the_disk_does() {
    let seed = seed();
    let mut chance = Chance::new(seed);
    for _ in 0..2 {
        let server = Server::start();
        let mut cast = Cast::signs_up(&server, WRITERS);
        let (first, step) = (SYNCS_OF_OPENING + chance.between(1, 30), chance.between(9, 40));
        let mut server = server.restarted_on(&failing(&format!("{first}+{step}")));
        let goal: Arc<Mutex<Option<BTreeMap<RoomId, Seq>>>> = Arc::default();
        let (mut listener, theirs) = (cast.listener.clone(), Arc::clone(&goal));
        let hearing = thread::spawn(move || {
            let there = |places: &BTreeMap<RoomId, Seq>| theirs.lock().unwrap().as_ref().is_some_and(|g| g == places);
            while listener.connects().and_then(|line| listener.hears(line, there)).is_err() {}
            listener
        });
        cast = cast.all_send(&mut chance);
        cast.asks_until_it_is_kept();
        cast.says_a_last_word(&goal);
        cast.listener = hearing.join().unwrap();
        assert!(failures(&server).len() > 1, "{SEED}={seed}");
        assert!(server.lives());
        let acknowledged: usize = cast.writers.iter().map(|writer| writer.history.acknowledged().count()).sum();
        assert!(acknowledged >= WRITERS * FRAMES_MAX, "{SEED}={seed}: {acknowledged}");
        cast.sees_what_was_acknowledged(&server, seed);
        server.kill();
        cast.ends_well(server.restarted(), seed);
    }
}

impl Cast {
    fn signs_up(server: &Server, writers: usize) -> Self {
        let ticks = Ticks::default();
        let guests: Vec<_> = (0..writers).map(|n| Guest::signs_up(&server.base, &format!("writer{n}"))).collect();
        let ear = Guest::signs_up(&server.base, "listener");
        let rooms: Vec<_> = ROOMS.iter().map(|room| ear.joins(room)).collect();
        for (guest, room) in guests.iter().flat_map(|guest| ROOMS.iter().map(move |room| (guest, room))) {
            guest.joins(room);
        }
        let writers = guests.into_iter().map(|guest| Writer::new(guest, &ticks)).collect();
        Self { writers, listener: Listener::new(ear, &rooms, &ticks), rooms, ticks }
    }

    /// All send at once, until all is answered or in doubt.
    fn all_send(self, chance: &mut Chance) -> Self {
        let Self { writers, listener, rooms, ticks } = self;
        let writing: Vec<_> = writers
            .into_iter()
            .map(|mut writer| {
                let mut wishes = news(&writer.history, &rooms, FRAMES_MAX, &mut chance.split()).into_iter();
                thread::spawn(move || {
                    // After a failed commit the server asks everybody to come again. What was under way then is in doubt.
                    while {
                        let mut line = writer.connects();
                        writer.sends(&mut line, wishes.by_ref(), IN_FLIGHT).is_err()
                    } {}
                    writer
                })
            })
            .collect();
        let writers = writing.into_iter().map(|thread| thread.join().unwrap()).collect();
        Self { writers, listener, rooms, ticks }
    }

    /// What is in doubt is sent until it is kept.
    fn asks_until_it_is_kept(&mut self) {
        for writer in &mut self.writers {
            wait_until("a receipt for everything", PATIENCE, || {
                let doubts = writer.history.in_doubt();
                let mut line = writer.connects();
                let _ = writer.sends(&mut line, doubts, IN_FLIGHT);
                writer.history.in_doubt().is_empty().then_some(())
            });
        }
    }

    /// One more message in each room, known to the listener as the last.
    fn says_a_last_word(&mut self, goal: &Mutex<Option<BTreeMap<RoomId, Seq>>>) {
        let reader = &self.listener.guest;
        let next = self.rooms.iter().map(|room| (*room, reader.reads(*room).head.next()));
        *goal.lock().unwrap() = Some(next.collect());
        let writer = &mut self.writers[0];
        for room in &self.rooms {
            let mut line = writer.connects();
            let _ = writer.sends(&mut line, [Wish::new(*room, format!("last-{room}"), "That is all.")], 1);
        }
        self.asks_until_it_is_kept();
    }

    /// While the disk fails, reading goes on, and shows what was acknowledged. SQLite shows nothing whose sync has failed, so what
    /// was acknowledged without the disk would be missing here.
    fn sees_what_was_acknowledged(&self, server: &Server, seed: u64) {
        assert_eq!(self.violations(), [], "{SEED}={seed}");
        server.checks_its_file();
    }

    /// On a sound disk: all doubts are settled, and everything is as everybody saw it.
    fn ends_well(mut self, server: Server, seed: u64) {
        server.checks_its_file();
        assert_eq!(self.violations(), [], "{SEED}={seed}");
        self.asks_until_it_is_kept();
        let heads = self.rooms.iter().map(|room| (*room, self.listener.guest.reads(*room).head)).collect();
        let line = self.listener.connects().unwrap();
        self.listener.hears_up_to(line, &heads).unwrap();
        assert_eq!(self.violations(), [], "{SEED}={seed}");
        drop(server);
    }

    fn violations(&self) -> Vec<Violation> {
        let reader = &self.listener.guest;
        let kept: Kept = self.rooms.iter().map(|room| (*room, reader.reads_all(*room))).collect();
        let histories: Vec<History> =
            self.writers.iter().map(|writer| &writer.history).chain([&self.listener.history]).cloned().collect();
        violations(&histories, &kept)
    }
}

/// A server whose syncs fail when strace's expression says.
fn failing(when: &str) -> Terms {
    let inject = format!("inject=fsync,fdatasync:error=EIO:when={when}");
    let strace = ["strace", "-D", "-f", "-y", "--seccomp-bpf", "-o", "syncs"];
    let filters = ["-e", "trace=fsync,fdatasync", "-e", &inject];
    Terms { under: strace.iter().chain(&filters).map(ToString::to_string).collect(), ..Terms::default() }
}

fn log(server: &Server) -> PathBuf {
    server.folder().join("syncs")
}

/// The syncs that failed so far. strace writes each down before it lets the program go on.
fn failures(server: &Server) -> Vec<String> {
    failures_in(&log(server))
}

fn failures_in(log: &PathBuf) -> Vec<String> {
    let lines = fs::read_to_string(log).unwrap_or_default();
    lines.lines().filter(|line| line.ends_with("(INJECTED)")).map(str::to_owned).collect()
}

fn news(history: &History, rooms: &[RoomId], count: usize, chance: &mut Chance) -> Vec<Wish> {
    let wish = |n| {
        let key = format!("news-{n}");
        let text = format!("{} says {key}", history.who.name.as_str());
        Wish::new(*chance.one_of(rooms), key, text)
    };
    (0..count).map(wish).collect()
}
