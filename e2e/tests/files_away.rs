//! Where files are kept is away, or slow: the uploader is told soon, nothing is lost, and people talk on.

use std::{
    fs,
    io::{self, Write as _},
    num::NonZeroU32,
    sync::mpsc::sync_channel,
    time::{Duration, Instant},
};

use e2e::{Server, Talk, Times};
use model::{File, FileId, RoomId};
use protocol::{Code, http::Upload};
use testkit::{
    cast::{Answer, Guest},
    s3::{Mood, Store},
    wait::wait_until,
};

/// How long an answer may take while the store is not well.
const TOLD_WITHIN: Duration = Duration::from_secs(5);
/// How long a file may take once the store is well: a connection that stands still is given up in that time.
const KEPT_WITHIN: Duration = Duration::from_secs(30);
const FILE_BYTES: usize = 1_500_000;

/// One person, and what they send.
struct Sender<'a> {
    guest: &'a Guest,
    room: RoomId,
    told: Duration,
}

impl Sender<'_> {
    fn announces(&self, name: &str, content: &[u8]) -> FileId {
        self.guest.announces(self.room, name, content.len()).value::<Upload>().id
    }

    /// Sends bytes, and sees to it that the answer comes in time.
    fn adds(&mut self, id: FileId, offset: usize, bytes: &[u8]) -> Answer {
        let began = Instant::now();
        let answer = self.guest.adds(id, offset as u64, bytes);
        let took = began.elapsed();
        assert!(took <= TOLD_WITHIN, "{took:?}: {answer:?}");
        self.told = self.told.max(took);
        answer
    }

    /// Sends no byte more, until the file is kept.
    fn asks_until_kept(&mut self, id: FileId) -> File {
        wait_until("the file is kept", KEPT_WITHIN, || {
            let answer = self.adds(id, FILE_BYTES, &[]);
            if answer.status == 200 { Some(answer.value()) } else { is_away(&answer) }
        })
    }
}

/// Checks that this is what is said while the store is away.
fn is_away(answer: &Answer) -> Option<File> {
    assert_eq!((answer.status, answer.code(), answer.header("retry-after")), (503, Code::StorageAway, Some("1")));
    None
}

/// Something that was not sent before.
fn content(n: usize) -> Vec<u8> {
    (0..FILE_BYTES).map(|at| (at / 7 + n).to_le_bytes()[0]).collect()
}

#[test]
fn a_store_that_is_away_or_slow_loses_nothing_and_stops_nobody() {
    let store = Store::start();
    let mut server = Server::start_with(None, store.flags());
    let [alice, bob] = ["alice", "bob"].map(|name| Guest::signs_up(&server.base, name));
    let room = alice.joins("birds");
    bob.joins("birds");
    let mut sender = Sender { guest: &alice, room, told: Duration::ZERO };
    let well = talks_elsewhere();
    let talk = Talk::begins(&server.base);
    let slow = Mood::Slow(NonZeroU32::new(200_000).unwrap());
    for (n, mood) in [Mood::Refuses, Mood::Silent, slow, Mood::Stalls, Mood::Mute].into_iter().enumerate() {
        store.becomes(mood);
        let (name, content) = (format!("file-{n}"), content(n));
        let id = sender.announces(&name, &content);
        is_away(&sender.adds(id, 0, &content));
        assert_eq!(alice.posts_files(room, &name, "", &[id]), Err(Code::FileNotReady), "{mood:?}");
        // All of it is here, and need not be sent again.
        let stands: Upload = alice.asks("GET", &format!("uploads/{id}"), None).value();
        assert_eq!((stands.offset, stands.file.is_some()), (FILE_BYTES as u64, false), "{mood:?}");
        if mood != slow {
            is_away(&sender.adds(id, FILE_BYTES, &[]));
            store.becomes(Mood::Well);
        }
        let file = sender.asks_until_kept(id);
        store.becomes(Mood::Well);
        alice.posts_files(room, &name, "", &[file.id]).unwrap();
        // The same once more is kept once.
        let again = alice.uploads(room, &format!("again {name}"), &content).unwrap();
        alice.posts_files(room, &format!("again-{n}"), "", &[again.id]).unwrap();
        assert_eq!(fs::read_dir(store.blobs()).unwrap().count(), n + 1, "{mood:?}");
    }
    for file in bob.reads_all(room).iter().flat_map(|message| &message.said.files) {
        let fetched = bob.fetches(file.id);
        assert_eq!((fetched.status, fetched.bytes.len()), (200, FILE_BYTES), "{file:?}");
    }
    let times = talk.ends();
    let mut out = io::stdout().lock();
    writeln!(out, "while the store was well: {well}\nwhile it was not: {times}; told within {:?}", sender.told)
        .unwrap();
    // As among the bombs.
    assert!(times.quantile(99) < Duration::from_secs(2), "{times}");
    assert!(server.lives());
}

/// What people notice where nothing is the matter.
fn talks_elsewhere() -> Times {
    let (_never, pause) = sync_channel::<()>(1);
    let server = Server::start();
    let talk = Talk::begins(&server.base);
    let _ = pause.recv_timeout(Duration::from_secs(3));
    talk.ends()
}

#[test]
fn whoever_wants_a_file_of_a_store_that_is_away_is_told_so() {
    let store = Store::start();
    let server = Server::start_with(None, store.flags());
    let alice = Guest::signs_up(&server.base, "alice");
    let room = alice.joins("birds");
    let file = alice.uploads(room, "bird.bin", &content(0)).unwrap();
    for mood in [Mood::Refuses, Mood::Silent] {
        store.becomes(mood);
        let began = Instant::now();
        let answer = alice.fetches(file.id).answer();
        is_away(&answer);
        assert!(began.elapsed() <= TOLD_WITHIN, "{mood:?}");
    }
    store.becomes(Mood::Well);
    assert_eq!(alice.fetches(file.id).bytes, content(0));
}
