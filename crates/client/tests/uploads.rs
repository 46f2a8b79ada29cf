//! Files on their way: whatever breaks in between, the server gets each file whole, and the message once, with its files in order.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::collections::BTreeMap;

use client::{Client, Effect, Errand, Happening, Input, Progress, RowState, Stage};
use model::{
    Body, Change, ClientKey, Epoch, Event, File, FileId, FileKind, FileName, NoticePrefs, Person, Posted, Room, RoomId,
    RoomName, Said, Seq, Stream, Timestamp, UserId, Username, Visibility,
};
use proptest::prelude::*;
use protocol::{Code, FromClient, FromServer, Limits, Me, Refused, RoomHead, encode, http};

const ROOM: RoomId = RoomId::new(5);
const MB: u64 = 1024 * 1024;

fn key(name: &str) -> ClientKey {
    ClientKey::parse(name).unwrap()
}

fn alice() -> Person {
    Person::new(UserId::new(7), Username::kept("alice".into()))
}

fn hello(limits: Limits) -> String {
    let name = RoomName::kept("lobby".into());
    let room = Room { id: ROOM, name, visibility: Visibility::Public, topic: None, people: Vec::new() };
    let head = RoomHead {
        room,
        head: Seq::ZERO,
        marks: model::Marks::default(),
        unread: 0,
        prefs: model::RoomPrefs::default(),
        last_at: None,
    };
    encode(&FromServer::Hello {
        protocol: 1,
        epoch: Epoch::new("e"),
        you: Me { person: alice(), admin: false, receipts: true, notices: NoticePrefs::default() },
        head: Seq::ZERO,
        rooms: vec![head],
        regards: Vec::new(),
        limits,
    })
}

fn file(id: FileId, size: u64) -> File {
    let media_type = "application/octet-stream".into();
    File { id, name: FileName::clean("a.bin"), size, kind: FileKind::Other, media_type, look: None }
}

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Luck {
    Good,
    /// It never arrives.
    LostThere,
    /// It arrives, and its answer does not.
    LostBack,
    /// Half of a piece arrives.
    Torn,
    /// The server has no time.
    Busy,
}

/// A server that keeps uploads, and a client before it.
struct Scene {
    client: Client,
    now_ms: u64,
    /// By the announcement's key: id, size, and how much came.
    uploads: BTreeMap<ClientKey, (FileId, u64, u64)>,
    errands: Vec<(ClientKey, Errand)>,
    posts: Vec<(ClientKey, Vec<FileId>)>,
    /// The files of each message that is kept.
    kept: Vec<Vec<FileId>>,
}

impl Scene {
    fn new(limits: Limits) -> Self {
        let client = Client::new([1, 2]);
        let (uploads, errands) = (BTreeMap::new(), Vec::new());
        let mut scene = Self { client, now_ms: 0, uploads, errands, posts: Vec::new(), kept: Vec::new() };
        scene.gives(Input::Connect);
        scene.gives(Input::Frame(hello(limits)));
        scene
    }

    fn gives(&mut self, input: Input) {
        for effect in self.client.step(self.now_ms, input) {
            if let Effect::Upload { key, errand } = effect {
                self.errands.push((key, errand));
            } else if let Effect::Send(FromClient::Post { key: name, files, .. }) = effect {
                self.posts.push((key(&name), files));
            }
        }
    }

    fn attaches(&mut self, name: &str, size: u64) {
        let media_type = String::new();
        let what = Happening::Chosen { room: ROOM, name: name.into(), size, media_type };
        self.gives(Input::Upload { key: key(name), what });
    }

    fn says(&mut self, text: &str) {
        let text = Body::caption(text).unwrap();
        self.gives(Input::Post { room: ROOM, text, files: Vec::new(), reply: None, at: Timestamp::from_ms(5) });
    }

    fn answer(&mut self, luck: Luck, key: &ClientKey, errand: &Errand) -> Option<Progress> {
        let named = |uploads: &BTreeMap<ClientKey, (FileId, u64, u64)>, id| {
            uploads.iter().find(|(_, upload)| upload.0 == id).map(|(key, _)| key.clone())
        };
        match luck {
            Luck::LostThere => return Some(Progress::Unreachable),
            Luck::Busy => return Some(Progress::Refused(Refused::new(Code::Busy, "Later."))),
            Luck::Good | Luck::LostBack | Luck::Torn => {}
        }
        let answer = match *errand {
            Errand::Announce { size, .. } => {
                let number = self.uploads.len() as u128 + 1;
                let upload = self.uploads.entry(key.clone()).or_insert((FileId::new(number), size, 0));
                stands(*upload)
            }
            Errand::Ask(id) => stands(self.uploads[&named(&self.uploads, id).unwrap()]),
            Errand::Send { id, offset, bytes } => {
                let key = named(&self.uploads, id).unwrap();
                let upload = self.uploads.get_mut(&key).unwrap();
                if offset != upload.2 {
                    return Some(Progress::Refused(Refused::new(Code::OffsetWrong, "elsewhere")));
                }
                upload.2 += if luck == Luck::Torn { bytes / 2 } else { bytes };
                assert!(upload.2 <= upload.1, "more than was announced");
                if luck == Luck::Torn {
                    return Some(Progress::Unreachable);
                }
                if upload.2 == upload.1 {
                    Progress::Finished(file(upload.0, upload.1))
                } else {
                    Progress::Took(upload.2)
                }
            }
            Errand::Cancel(_) => return None,
        };
        Some(if luck == Luck::LostBack { Progress::Unreachable } else { answer })
    }

    /// One errand is done, or, if there is none, a post is kept, or time passes. False: nothing is left to do.
    fn goes_on(&mut self, luck: Luck) -> bool {
        if !self.errands.is_empty() {
            let (key, errand) = self.errands.remove(0);
            if let Some(progress) = self.answer(luck, &key, &errand) {
                self.gives(Input::Upload { key, what: Happening::Progress(progress) });
            }
        } else if !self.posts.is_empty() {
            let (key, files) = self.posts.remove(0);
            self.keeps(key, files);
        } else if let Some(at_ms) = self.client.wake_at().filter(|at_ms| *at_ms < 10_000_000) {
            if self.client.rows(ROOM).all(|row| row.seq.is_some()) && self.client.tray(ROOM).next().is_none() {
                return false;
            }
            self.now_ms = self.now_ms.max(at_ms);
            // The line stays up: the server says something now and then.
            self.gives(Input::Frame(encode(&FromServer::Ping { heads: BTreeMap::new() })));
            self.gives(Input::Tick);
        } else {
            return false;
        }
        true
    }

    fn keeps(&mut self, key: ClientKey, files: Vec<FileId>) {
        for id in &files {
            let upload = self.uploads.values().find(|upload| upload.0 == *id).unwrap();
            assert_eq!(upload.1, upload.2, "a message with half a file");
        }
        self.kept.push(files.clone());
        let (seq, at) = (Seq::new(self.kept.len() as u64), Timestamp::from_ms(9));
        self.gives(Input::Frame(encode(&FromServer::Posted(Posted { room: ROOM, key: key.clone(), seq, at }))));
        let files = files.into_iter().map(|id| file(id, 1)).collect();
        let change =
            Change::MessagePosted(Box::new(Said { files, ..Said::new(alice(), key, Body::caption("").unwrap()) }));
        self.gives(Input::Frame(encode(&FromServer::Event(Event { stream: Stream::Room(ROOM), seq, at, change }))));
    }
}

fn stands((id, size, offset): (FileId, u64, u64)) -> Progress {
    let file = (offset == size && size > 0).then(|| file(id, size));
    Progress::Stands(http::Upload { id, offset, file })
}

fn luck() -> impl Strategy<Value = Luck> {
    prop_oneof![
        3 => Just(Luck::Good),
        1 => Just(Luck::LostThere),
        1 => Just(Luck::LostBack),
        1 => Just(Luck::Torn),
        1 => Just(Luck::Busy),
    ]
}

proptest! {
    #[test]
    fn every_file_comes_whole_and_every_message_once(
        sizes in prop::collection::vec(1..(4 * MB), 1..6),
        lucks in prop::collection::vec(luck(), 0..60),
        said_after in 0_usize..20,
    ) {
        let mut scene = Scene::new(Limits::with_files(25 * MB, 100 * MB));
        for (n, size) in sizes.iter().enumerate() {
            scene.attaches(&format!("upload-{n}"), *size);
        }
        let mut lucks = lucks.into_iter();
        for _ in 0..said_after {
            scene.goes_on(lucks.next().unwrap_or(Luck::Good));
        }
        scene.says("");
        scene.says("and this");
        for luck in lucks {
            scene.goes_on(luck);
        }
        for _ in 0..2_000 {
            if !scene.goes_on(Luck::Good) {
                break;
            }
        }
        prop_assert_eq!(scene.kept.len(), 2);
        let ids: Vec<FileId> = (0..sizes.len()).map(|n| scene.uploads[&key(&format!("upload-{n}"))].0).collect();
        prop_assert!(scene.kept.contains(&ids), "{:?} lacks {ids:?}", scene.kept);
        prop_assert!(scene.client.rows(ROOM).all(|row| row.state == RowState::Kept && row.uploads.is_empty()));
        prop_assert_eq!(scene.client.tray(ROOM).count(), 0);
    }
}

#[test]
fn what_the_server_would_not_take_is_told_before_a_byte_leaves() {
    let mut scene = Scene::new(Limits::with_files(25 * MB, 100 * MB));
    scene.attaches("large", 25 * MB + 1);
    assert_eq!(scene.errands, []);
    let told: Vec<_> = scene.client.tray(ROOM).map(|upload| upload.stage.clone()).collect();
    assert_eq!(told, [Stage::Failed("A file has at most 25 MB. Make it smaller, or share it in another way.".into())]);
    scene.says("without it");
    assert_eq!(scene.posts.len(), 1, "a text does not wait for what will not come");
    assert_eq!(scene.client.tray(ROOM).count(), 1);

    let mut closed = Scene::new(Limits::HERE);
    closed.attaches("any", 1);
    assert_eq!(closed.errands, []);
    assert!(matches!(&closed.client.tray(ROOM).next().unwrap().stage, Stage::Failed(why) if why.contains("no files")));

    let mut many = Scene::new(Limits::with_files(25 * MB, 100 * MB));
    (0..11).for_each(|n| many.attaches(&format!("upload-{n}"), 1));
    assert_eq!(many.client.tray(ROOM).filter(|upload| matches!(upload.stage, Stage::Failed(_))).count(), 1);
}

#[test]
fn two_go_at_a_time_and_one_that_is_taken_out_makes_room() {
    let mut scene = Scene::new(Limits::with_files(25 * MB, 100 * MB));
    (0..3).for_each(|n| scene.attaches(&format!("upload-{n}"), 1));
    assert_eq!(scene.errands.len(), 2);
    scene.errands.clear();
    scene.gives(Input::Upload { key: key("upload-0"), what: Happening::Unwanted });
    assert_eq!(scene.errands[0], (key("upload-0"), Errand::Cancel(None)));
    assert!(matches!(&scene.errands[1], (name, Errand::Announce { .. }) if *name == key("upload-2")));
}

#[test]
fn a_refused_file_fails_its_message_and_both_can_come_again_or_go() {
    let mut scene = Scene::new(Limits::with_files(25 * MB, 100 * MB));
    scene.attaches("bomb", 9);
    scene.says("look");
    let refused = Progress::Refused(Refused::new(Code::PictureRefused, "This picture cannot be shown safely."));
    scene.gives(Input::Upload { key: key("bomb"), what: Happening::Progress(refused.clone()) });
    let row = |scene: &Scene| scene.client.rows(ROOM).map(|row| (row.id, row.state)).next();
    let (id, state) = row(&scene).unwrap();
    assert_eq!(state, RowState::Failed("This picture cannot be shown safely.".into()));
    let client::RowId::Own(message) = id else { panic!("one's own") };

    scene.errands.clear();
    scene.gives(Input::Retry { room: ROOM, key: message.clone() });
    assert_eq!(row(&scene).unwrap().1, RowState::Sending);
    assert!(matches!(scene.errands[..], [(_, Errand::Announce { .. })]));

    scene.gives(Input::Upload { key: key("bomb"), what: Happening::Progress(refused) });
    scene.gives(Input::Discard { room: ROOM, key: message });
    assert_eq!(row(&scene), None);
    assert_eq!(scene.client.upload(&key("bomb")), None);
}

#[test]
fn a_server_that_cannot_keep_a_file_is_asked_later_and_later_and_gets_no_byte_twice() {
    let mut scene = Scene::new(Limits::with_files(25 * MB, 100 * MB));
    scene.attaches("a", 9);
    let (id, name) = (FileId::new(1), key("a"));
    let hears = |scene: &mut Scene, progress| {
        scene.gives(Input::Upload { key: key("a"), what: Happening::Progress(progress) });
    };
    scene.errands.clear();
    hears(&mut scene, stands((id, 9, 0)));
    assert_eq!(scene.errands, [(name.clone(), Errand::Send { id, offset: 0, bytes: 9 })]);
    let mut waits = Vec::new();
    for _ in 0..7 {
        scene.errands.clear();
        hears(&mut scene, Progress::Refused(Refused::new(Code::StorageAway, "Later.")));
        let Stage::Waiting { until_ms, .. } = scene.client.upload(&name).unwrap().stage else { panic!("it waits") };
        waits.push(until_ms - scene.now_ms);
        scene.now_ms = until_ms;
        scene.gives(Input::Frame(encode(&FromServer::Ping { heads: BTreeMap::new() })));
        scene.gives(Input::Tick);
        hears(&mut scene, Progress::Stands(http::Upload { id, offset: 9, file: None }));
        let again = [Errand::Ask(id), Errand::Send { id, offset: 9, bytes: 0 }].map(|errand| (name.clone(), errand));
        assert_eq!(scene.errands, again);
    }
    assert_eq!(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    hears(&mut scene, Progress::Finished(file(id, 9)));
    assert!(matches!(scene.client.upload(&name).unwrap().stage, Stage::Done(_)));
}

#[test]
fn a_break_waits_longer_each_time_and_a_new_line_ends_the_wait() {
    let mut scene = Scene::new(Limits::with_files(25 * MB, 100 * MB));
    scene.attaches("a", 9);
    let mut waits = Vec::new();
    for _ in 0..7 {
        scene.gives(Input::Upload { key: key("a"), what: Happening::Progress(Progress::Unreachable) });
        let Stage::Waiting { until_ms, .. } = scene.client.upload(&key("a")).unwrap().stage else { panic!("it waits") };
        waits.push(until_ms - scene.now_ms);
        scene.now_ms = until_ms;
        // The server speaks, so that the line stands.
        scene.gives(Input::Frame(encode(&FromServer::Ping { heads: BTreeMap::new() })));
        scene.gives(Input::Tick);
    }
    assert_eq!(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    scene.gives(Input::Upload { key: key("a"), what: Happening::Progress(Progress::Unreachable) });
    scene.errands.clear();
    scene.gives(Input::SocketClosed { code: 1006 });
    scene.gives(Input::Connect);
    scene.gives(Input::Frame(hello(Limits::with_files(25 * MB, 100 * MB))));
    assert_eq!(scene.errands.len(), 1);
}
