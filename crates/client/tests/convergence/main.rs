//! A client and a tiny server with a line between them that loses, repeats and reorders what the server says, and breaks.
//! Whatever happened, once the line is good again both have the same list, the same marks and the same number of unread
//! messages, and every message was kept exactly once.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a test may talk, and fail loudly")]

mod server;

use std::{cell::Cell, collections::VecDeque, env};

use client::{Client, Connection, Deed, Effect, Input, Question, RowState};
use model::{
    Body, Change, ClientKey, Emoji, Event, Message, Person, Quote, RoomId, Said, Seq, SessionId, Timestamp, UserId,
    Username,
};
use proptest::{prelude::*, test_runner::TestRunner};
use protocol::{
    Amendment, FromClient, FromServer, encode,
    http::{History, RoomMarks},
};
use server::Server;

const ROOM: RoomId = RoomId::new(5);
const ME: UserId = UserId::new(7);
const OTHER: UserId = UserId::new(1);

fn person(id: UserId) -> Person {
    Person::new(id, Username::kept(format!("p{id}")))
}

struct World {
    client: Client,
    server: Server,
    now_ms: u64,
    said: Vec<String>,
    pages: VecDeque<(Question, History)>,
    marks: VecDeque<RoomMarks>,
}

#[derive(Clone, Debug)]
enum Turn {
    OtherPosts,
    OtherMoves,
    OtherDeletes(u8),
    IDelete(u8),
    OtherAmends(u8, u8),
    IAmend(u8, u8),
    IAnswer(u8),
    OtherReads,
    IKeep(u8, u8),
    MyOtherDeviceKeeps(u8, u8),
    IPost,
    ISee(u8),
    Focus(bool),
    Deliver,
    Lose,
    Repeat,
    Reorder,
    ServerTakes,
    PageArrives,
    PageFails,
    LoadOlder,
    LoadNewer,
    GoTo(u8),
    ToEnd,
    LookAway,
    LookBack,
    Break,
    Behind,
    NewLife,
    RefuseNext,
    OwnEvent,
    Ping,
    Wait(u16),
}

fn turn() -> impl Strategy<Value = Turn> {
    prop_oneof![
        4 => Just(Turn::OtherPosts),
        1 => Just(Turn::OtherMoves),
        1 => (0..6_u8).prop_map(Turn::OtherDeletes),
        1 => (0..6_u8).prop_map(Turn::IDelete),
        3 => (0..6_u8, 0..8_u8).prop_map(|(up, what)| Turn::OtherAmends(up, what)),
        4 => (0..6_u8, 0..8_u8).prop_map(|(up, what)| Turn::IAmend(up, what)),
        1 => (0..6_u8).prop_map(Turn::IAnswer),
        2 => Just(Turn::OtherReads),
        3 => (0..6_u8, 0..4_u8).prop_map(|(up, what)| Turn::IKeep(up, what)),
        2 => (0..6_u8, 0..4_u8).prop_map(|(up, what)| Turn::MyOtherDeviceKeeps(up, what)),
        3 => (0..6_u8).prop_map(Turn::ISee),
        1 => any::<bool>().prop_map(Turn::Focus),
        4 => Just(Turn::IPost),
        12 => Just(Turn::Deliver),
        1 => Just(Turn::Lose),
        1 => Just(Turn::Repeat),
        1 => Just(Turn::Reorder),
        10 => Just(Turn::ServerTakes),
        3 => Just(Turn::PageArrives),
        1 => Just(Turn::PageFails),
        1 => Just(Turn::LoadOlder),
        1 => Just(Turn::LoadNewer),
        2 => (1..60_u8).prop_map(Turn::GoTo),
        1 => Just(Turn::ToEnd),
        1 => Just(Turn::LookAway),
        1 => Just(Turn::LookBack),
        1 => Just(Turn::Break),
        1 => Just(Turn::Behind),
        1 => Just(Turn::NewLife),
        1 => Just(Turn::RefuseNext),
        1 => Just(Turn::OwnEvent),
        1 => Just(Turn::Ping),
        3 => (0..20_000_u16).prop_map(Turn::Wait),
    ]
}

impl World {
    fn new() -> Self {
        let client = Client::new([3, 5]);
        let (pages, marks) = (VecDeque::new(), VecDeque::new());
        let mut world = Self { client, server: Server::default(), now_ms: 0, said: Vec::new(), pages, marks };
        world.give(Input::Open(Some(ROOM)));
        world.give(Input::Connect);
        world
    }

    fn give(&mut self, input: Input) {
        for effect in self.client.step(self.now_ms, input) {
            match effect {
                Effect::Connect => self.server.accept(),
                Effect::Disconnect => self.server.cut(),
                Effect::Send(frame) if self.server.connected => self.server.up.push_back(frame),
                Effect::FetchHistory(before) => self.pages.push_back((before, self.server.page(before))),
                Effect::SignedOut => panic!("nobody logged out"),
                Effect::FetchMarks(_) => self.marks.push_back(self.server.marks()),
                Effect::Send(_)
                | Effect::CheckSession
                | Effect::Notify { .. }
                | Effect::Withdraw(_)
                | Effect::FetchMembers { .. }
                | Effect::Keep(_)
                | Effect::Forget(_)
                | Effect::KeepDraft { .. }
                | Effect::KeepHome(_)
                | Effect::Wipe
                | Effect::Tell(_)
                | Effect::Reveal { .. }
                | Effect::Upload { .. }
                | Effect::Changed(_) => {}
            }
        }
    }

    fn deliver(&mut self) {
        if let Some(frame) = self.server.down.pop_front() {
            self.give(Input::Frame(encode(&frame)));
        }
    }

    fn play(&mut self, turn: &Turn) {
        match turn {
            Turn::OtherPosts => self.other_posts(),
            Turn::OtherMoves => drop(self.server.record(Change::MemberJoined { member: person(UserId::new(2)) })),
            Turn::IPost => self.i_post(None),
            Turn::OtherDeletes(up) => self.other_deletes(usize::from(*up)),
            Turn::IDelete(up) => self.i_delete(usize::from(*up)),
            Turn::OtherAmends(up, what) => self.other_amends(usize::from(*up), *what),
            Turn::IAmend(up, what) => self.i_amend(usize::from(*up), *what),
            Turn::IAnswer(up) => self.i_post(Some(usize::from(*up))),
            Turn::OtherReads => self.server.they_read(),
            Turn::IKeep(up, what) => self.i_keep(usize::from(*up), *what),
            Turn::MyOtherDeviceKeeps(up, what) => self.my_other_device_keeps(usize::from(*up), *what),
            Turn::ISee(up) => {
                let seen = self.client.rows(ROOM).filter_map(|row| row.seq);
                if let Some(seq) = seen.collect::<Vec<_>>().into_iter().rev().nth(usize::from(*up)) {
                    self.give(Input::Saw { room: ROOM, seq });
                }
            }
            Turn::Focus(focused) => self.give(Input::Focus(*focused)),
            Turn::Deliver => self.deliver(),
            Turn::Lose => drop(self.server.down.pop_front()),
            Turn::Repeat => {
                if let Some(frame) = self.server.down.front().cloned() {
                    self.give(Input::Frame(encode(&frame)));
                }
            }
            Turn::Reorder if self.server.down.len() > 1 => self.server.down.swap(0, 1),
            Turn::Reorder => {}
            Turn::ServerTakes => self.server.take(),
            Turn::PageArrives => {
                if let Some((before, page)) = self.pages.pop_back() {
                    self.give(Input::HistoryArrived { question: before, page });
                }
                if let Some(page) = self.marks.pop_front() {
                    self.give(Input::MarksArrived(page));
                }
            }
            Turn::PageFails => {
                if let Some((before, _)) = self.pages.pop_front() {
                    self.give(Input::HistoryFailed(before));
                }
                if self.marks.pop_back().is_some() {
                    self.give(Input::MarksFailed(ROOM));
                }
            }
            Turn::LoadOlder => self.give(Input::LoadOlder(ROOM)),
            Turn::LoadNewer => self.give(Input::LoadNewer(ROOM)),
            Turn::GoTo(seq) => self.give(Input::GoTo { room: ROOM, seq: Seq::new(u64::from(*seq)) }),
            Turn::ToEnd => self.give(Input::ToEnd(ROOM)),
            Turn::LookAway => self.give(Input::Open(None)),
            Turn::LookBack => self.give(Input::Open(Some(ROOM))),
            Turn::Break => self.cut(),
            Turn::Behind => {
                self.server.listening = false;
                self.server.down.retain(|frame| !matches!(frame, FromServer::Event(_)));
                self.server.says(FromServer::Behind {});
            }
            Turn::NewLife => {
                self.cut();
                self.server.lives += 1;
            }
            Turn::RefuseNext => self.server.refuse_next = true,
            Turn::OwnEvent => self.own_event(),
            Turn::Ping => self.server.ping(),
            Turn::Wait(ms) => self.wait(u64::from(*ms)),
        }
    }

    /// The person saves a message, or marks the room unread from it, or takes that back.
    fn i_keep(&mut self, up: usize, what: u8) {
        if let Some((row, _)) = self.rows().into_iter().rev().nth(up) {
            let (on, room, message) = (what < 2, ROOM, row.seq);
            let deed = if what.is_multiple_of(2) { Deed::Save { on } } else { Deed::Unread { on } };
            self.give(Input::Amend { room, message, deed });
        }
    }

    fn my_other_device_keeps(&mut self, up: usize, what: u8) {
        if let Some(message) = self.server.messages().into_iter().rev().nth(up) {
            let on = what < 2;
            let what = if what.is_multiple_of(2) { Amendment::Save { on } } else { Amendment::Unread { on } };
            let _ = self.server.amend(message.seq, ME, &what);
        }
    }

    fn other_posts(&mut self) {
        let key = ClientKey::parse(&format!("o{}", self.server.log.len())).unwrap();
        let text = Body::parse(&format!("other {}", self.server.log.len())).unwrap();
        // Every third answers something.
        let places: Vec<Seq> = self.server.log.iter().filter_map(Event::message).map(|message| message.seq).collect();
        let reply = places.iter().rev().nth(places.len() % 3).and_then(|seq| self.server.answer(*seq));
        let said = Said { reply, ..Said::new(person(OTHER), key, text) };
        self.server.record(Change::MessagePosted(Box::new(said)));
    }

    fn i_post(&mut self, answers: Option<usize>) {
        let text = format!("mine {}", self.said.len());
        // Without a room in its list the client has nothing to say it in.
        if self.client.room(ROOM).is_some() {
            self.said.push(text.clone());
            let text = Body::parse(&text).unwrap();
            let reply = answers.and_then(|up| self.rows().into_iter().rev().nth(up)).map(|(quote, _)| quote);
            self.give(Input::Post { room: ROOM, text, files: Vec::new(), reply, at: Timestamp::from_ms(0) });
        }
    }

    /// The rows that have a place, as they would be quoted, and how often each was changed.
    fn rows(&self) -> Vec<(Quote, u32)> {
        let rows = self.client.rows(ROOM).filter_map(|row| {
            let (author, text) = (row.author.clone(), Quote::beginning(row.text.as_str()));
            Some((Quote { seq: row.seq?, author, text, deleted: row.deleted }, row.edits))
        });
        rows.collect()
    }

    fn other_deletes(&mut self, up: usize) {
        let theirs = self.server.messages().into_iter().rev().filter(|message| message.said.author.id != ME);
        if let Some(message) = theirs.skip(up).find(|message| !message.deleted) {
            let _ = self.server.amend(message.seq, message.said.author.id, &Amendment::Delete {});
        }
    }

    fn i_delete(&mut self, up: usize) {
        let mut own = self.rows().into_iter().rev().filter(|(row, _)| row.author.id == ME && !row.deleted);
        if let Some((Quote { seq: message, .. }, _)) = own.nth(up) {
            self.give(Input::Amend { room: ROOM, message, deed: Deed::Delete });
        }
    }

    fn other_amends(&mut self, up: usize, what: u8) {
        let Some(message) = self.server.messages().into_iter().rev().nth(up) else { return };
        let (edits, text) = (message.edits, format!("{what}, for the {}th time", message.edits));
        let emoji = if what.is_multiple_of(2) { "👍" } else { "🐦" }.to_owned();
        let what = match what {
            0 | 1 => Amendment::Edit { edits, text },
            2 => Amendment::Pin { on: !message.pinned },
            3..=5 => Amendment::React { emoji, on: true },
            _ => Amendment::React { emoji, on: false },
        };
        // The author changes the text; the others may not, and then this is nothing.
        let by = if let Amendment::Edit { .. } = what { message.said.author.id } else { OTHER };
        let _ = self.server.amend(message.seq, by, &what);
    }

    fn i_amend(&mut self, up: usize, what: u8) {
        let Some((row, edits)) = self.rows().into_iter().rev().nth(up) else { return };
        let text = Body::parse(&format!("mine {what} for the {edits}th time")).unwrap();
        let emoji = Emoji::parse(if what.is_multiple_of(2) { "👍" } else { "🐦" }).unwrap();
        let deed = match what {
            0 | 1 => Deed::Edit { edits, text },
            2 => Deed::Pin { on: true },
            3 => Deed::Pin { on: false },
            4..=6 => Deed::React { emoji, on: true },
            _ => Deed::React { emoji, on: false },
        };
        self.give(Input::Amend { room: ROOM, message: row.seq, deed });
    }

    fn own_event(&mut self) {
        self.server.tell(Change::SessionClosed { session: SessionId::new(1) });
    }

    fn cut(&mut self) {
        if self.server.connected {
            self.server.cut();
            self.give(Input::SocketClosed { code: 1006 });
        }
    }

    fn wait(&mut self, ms: u64) {
        self.now_ms += ms;
        if self.client.wake_at().is_some_and(|at_ms| at_ms <= self.now_ms) {
            self.give(Input::Tick);
        }
    }

    /// From here on nothing is lost, until there is nothing more to be done.
    fn heal(&mut self) {
        self.give(Input::Open(Some(ROOM)));
        let mut rested = 0;
        for _ in 0..400 {
            rested = if self.calm_moment() { rested + 1 } else { 0 };
            if rested > REST {
                return;
            }
        }
        panic!("the client does not come to rest");
    }

    /// Some time passes, and everything that is under way arrives. Returns whether that was nothing but a ping.
    fn calm_moment(&mut self) -> bool {
        self.wait(5_000);
        self.server.ping();
        let mut calm = self.server.connected && self.server.down.len() == 1 && self.pages.is_empty();
        while !self.server.down.is_empty() || !self.server.up.is_empty() {
            self.deliver();
            calm &= self.server.up.iter().all(|frame| matches!(frame, FromClient::Pong {}));
            self.server.take();
        }
        while let Some((before, page)) = self.pages.pop_front() {
            self.give(Input::HistoryArrived { question: before, page });
        }
        while let Some(page) = self.marks.pop_front() {
            self.give(Input::MarksArrived(page));
        }
        self.give(Input::LoadOlder(ROOM));
        calm
    }

    /// What stands on the screen, and what the server has from the first of it to the last.
    fn excerpt(&self) -> Option<(Vec<Message>, Vec<Message>)> {
        let excerpt = self.client.room(ROOM)?.excerpt()?;
        let has: Vec<Message> = excerpt.messages().cloned().collect();
        let last = has.last().map_or(excerpt.from(), |message| message.seq);
        let mut kept = self.server.messages();
        kept.retain(|message| message.seq > excerpt.from() && message.seq <= last);
        Some((has, kept))
    }

    /// Down to the newest message.
    fn scroll_down(&mut self) {
        while self.client.room(ROOM).is_some_and(|room| room.excerpt().is_some()) {
            self.give(Input::LoadNewer(ROOM));
            let (question, page) = self.pages.pop_front().unwrap();
            self.give(Input::HistoryArrived { question, page });
        }
    }
}

/// How many replies a thread had when its message was posted, nobody asks.
fn settled(mut message: Message) -> Message {
    message.said.reply.iter_mut().for_each(|reply| reply.replies = 0);
    message
}

/// How many sequences are played, and how long each may be. `PROPTEST_CASES` says otherwise.
const SEQUENCES: u32 = if cfg!(debug_assertions) { 256 } else { 10_000 };
const TURNS_MAX: usize = 250;
/// Calm moments of five seconds after which nothing more is to be expected: longer than any silence or back-off.
const REST: usize = 30;

#[test]
fn the_client_comes_to_have_what_the_server_has() {
    let cases = if env::var_os("PROPTEST_CASES").is_some() { ProptestConfig::default().cases } else { SEQUENCES };
    let config = ProptestConfig { failure_persistence: None, cases, ..ProptestConfig::default() };
    let played = Cell::new([0_usize; 2]);
    let result = TestRunner::new(config).run(&prop::collection::vec(turn(), 0..TURNS_MAX), |turns| {
        let [sequences, all] = played.get();
        played.set([sequences + 1, all + turns.len()]);
        converges(&turns)
    });
    if let Err(broken) = result {
        panic!("{broken}");
    }
    let [sequences, turns] = played.get();
    assert_eq!(u32::try_from(sequences), Ok(cases), "some were left out");
    println!("{sequences} sequences of {turns} turns in all: each time the client came to have what the server has");
}

/// Plays the turns, heals the line and compares.
fn converges(turns: &[Turn]) -> Result<(), TestCaseError> {
    let mut world = World::new();
    for turn in turns {
        world.play(turn);
    }
    world.heal();
    prop_assert_eq!(world.client.connection(), Connection::Online);

    if let Some((has, kept)) = world.excerpt() {
        let [has, kept] = [has, kept].map(|all| all.into_iter().map(settled).collect::<Vec<_>>());
        prop_assert_eq!(has, kept, "an excerpt is as the server has it");
    }
    world.scroll_down();
    let kept = world.server.messages();
    let has: Vec<Message> = world.client.room(ROOM).unwrap().timeline().messages().cloned().collect();
    prop_assert_eq!(
        has.into_iter().map(settled).collect::<Vec<_>>(),
        kept.iter().cloned().map(settled).collect::<Vec<_>>()
    );
    let shown: Vec<String> = world.client.rows(ROOM).map(|row| row.text.as_str().to_owned()).collect();
    let kept: Vec<String> = kept.iter().map(|m| m.said.text.as_str().to_owned()).collect();
    prop_assert_eq!(&shown, &kept, "nothing is still to be done");
    let state = |seq| if seq <= world.server.theirs.read { RowState::Read } else { RowState::Kept };
    for (row, message) in world.client.rows(ROOM).zip(world.server.messages()) {
        let expected = if message.said.author.id == ME { state(message.seq) } else { RowState::Kept };
        prop_assert_eq!(row.state, expected, "{}", message.seq);
    }
    let room = world.client.room(ROOM).unwrap();
    prop_assert_eq!(room.prefs(), world.server.prefs, "what the person wants of the room");
    prop_assert_eq!(room.unread_from(), world.server.prefs.unread_from, "nothing of that is still to be done");
    let standing: Vec<Seq> = world.server.messages().iter().filter(|m| !m.deleted).map(|m| m.seq).collect();
    let saved: Vec<Seq> = room.saved().filter(|seq| standing.contains(seq)).collect();
    let kept: Vec<Seq> = world.server.saved.iter().copied().filter(|seq| standing.contains(seq)).collect();
    prop_assert_eq!(saved, kept, "what the person saved");
    prop_assert_eq!(room.unread(), world.server.unread());
    prop_assert_eq!(room.marks(), world.server.mine, "the server knows what was read and what came");
    prop_assert!(!world.client.room(ROOM).unwrap().timeline().has_older());

    let said = world.server.log.iter().filter_map(Event::message).map(|message| message.said.text.as_str().to_owned());
    let mine: Vec<String> = said.filter(|text| text.starts_with("mine")).collect();
    prop_assert_eq!(mine, world.said);
    Ok(())
}
