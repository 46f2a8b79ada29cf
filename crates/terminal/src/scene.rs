//! For tests: an engine that heard what a scene wants, a desk before it, and the screen as text.

use client::{Client, Effect, Input, Question, Side};
use jiff::tz::TimeZone;
use model::{
    Body, Change, ClientKey, Event, Line, Marks, NoticePrefs, Person, Room, RoomId, RoomName, Said, Seq, Stream,
    Timestamp, UserId, Username, Visibility,
};
use protocol::{FromServer, Limits, Me, RoomHead, encode, http::History};
use ratatui::{Terminal, backend::TestBackend};

use crate::{
    composer::Edit,
    desk::{Desk, Key, Wish},
    view::view,
};

pub(crate) const LOBBY: RoomId = RoomId::new(5);
pub(crate) const QUARRY: RoomId = RoomId::new(6);
pub(crate) const DIRECT: RoomId = RoomId::new(9);
/// 2026-11-20, 14:05 UTC.
const AT: i64 = 1_795_183_500_000;

pub(crate) struct Scene {
    pub(crate) client: Client,
    pub(crate) desk: Desk,
    /// Pages of history that were asked for.
    pub(crate) asked: Vec<Question>,
    /// What the desk wished and the engine cannot do.
    pub(crate) wished: Vec<Wish>,
}

pub(crate) fn person(id: i64, name: &str) -> Person {
    Person::new(UserId::new(id), Username::kept(name.into()))
}

fn room(id: RoomId, name: &str, visibility: Visibility) -> RoomHead {
    let people = if visibility == Visibility::Direct { vec![person(7, "alice"), person(8, "bob")] } else { Vec::new() };
    let (prefs, name) = (model::RoomPrefs::default(), RoomName::kept(name.into()));
    let topic = (id == LOBBY).then(|| Line::kept("Stones, and where they lie".into()));
    let room = Room { id, name, visibility, topic, people };
    let last_at = Some(Timestamp::from_ms(1_000 - id.number()));
    RoomHead { room, head: Seq::ZERO, marks: Marks::default(), prefs, unread: 0, saved: Vec::new(), last_at }
}

pub(crate) fn rooms() -> Vec<RoomHead> {
    let quarry = room(QUARRY, "quarry", Visibility::Private);
    vec![room(LOBBY, "lobby", Visibility::Public), quarry, room(DIRECT, "", Visibility::Direct)]
}

impl Scene {
    /// Alice, in three rooms in which nothing was said, before a terminal of this size.
    pub(crate) fn new(size: (u16, u16)) -> Self {
        Self::with(size, rooms())
    }

    pub(crate) fn with(size: (u16, u16), rooms: Vec<RoomHead>) -> Self {
        let (client, desk) = (Client::new([1, 2]), Desk::new(size, TimeZone::UTC));
        let mut scene = Self { client, desk, asked: Vec::new(), wished: Vec::new() };
        scene.give(Input::Focus(true));
        scene.give(Input::Connect);
        let you = Me { person: person(7, "alice"), admin: false, receipts: true, notices: NoticePrefs::default() };
        let (epoch, regards, limits) = (model::Epoch::new("e"), Vec::new(), Limits::HERE);
        scene.hears(&FromServer::Hello { protocol: 1, epoch, you, head: Seq::ZERO, rooms, regards, limits });
        scene
    }

    pub(crate) fn hears(&mut self, frame: &FromServer) {
        self.give(Input::Frame(encode(frame)));
        self.follow();
    }

    /// Somebody says something in a room, a minute after the last thing there.
    pub(crate) fn says(&mut self, room: RoomId, seq: u64, (author, key): (Person, &str), text: &str) {
        let body = Body::parse(text).unwrap();
        self.hears(&posted(room, seq, Said::new(author, ClientKey::parse(key).unwrap(), body)));
    }

    pub(crate) fn bob_says(&mut self, room: RoomId, seq: u64, text: &str) {
        self.says(room, seq, (person(8, "bob"), &format!("b{seq}")), text);
    }

    /// The last question for history is answered.
    pub(crate) fn answers(&mut self, page: History) {
        let question = self.asked.pop().unwrap();
        self.give(Input::HistoryArrived { question, page });
        self.follow();
    }

    pub(crate) fn give(&mut self, input: Input) {
        for effect in self.client.step(0, input) {
            if let Effect::FetchHistory(question) = effect {
                self.asked.push(question);
            }
        }
    }

    pub(crate) fn press(&mut self, key: Key) {
        let wishes = self.desk.press(key, &self.client, Timestamp::from_ms(AT));
        self.grant(wishes);
        self.follow();
    }

    pub(crate) fn types(&mut self, text: &str) {
        self.press(Key::Edit(Edit::Insert(text.to_owned())));
    }

    pub(crate) fn goes(&mut self, room: RoomId) {
        let wishes = self.desk.go(&self.client, room);
        self.grant(wishes);
        self.follow();
    }

    fn follow(&mut self) {
        let wishes = self.desk.follow(&self.client);
        self.grant(wishes);
    }

    fn grant(&mut self, wishes: Vec<Wish>) {
        for wish in wishes {
            match wish {
                Wish::Give(input) => self.give(input),
                other @ (Wish::Join(_) | Wish::Direct(_) | Wish::Leave(_) | Wish::Quit) => self.wished.push(other),
            }
        }
    }

    /// The screen, a line of text for each row, without what is blank at its end.
    pub(crate) fn screen(&self) -> String {
        let mut terminal = Terminal::new(TestBackend::new(self.desk.size.0, self.desk.size.1)).unwrap();
        terminal.draw(|frame| view(frame, &self.client, &self.desk)).unwrap();
        let shown = terminal.backend().to_string();
        // Behind a row stands what wide characters hide.
        let bare =
            |line: &str| line.split("\" Hidden").next().unwrap_or_default().trim_matches('"').trim_end().to_owned();
        let rows = shown.lines().map(bare);
        rows.collect::<Vec<_>>().join("\n")
    }
}

/// A message, as it is told.
pub(crate) fn posted(room: RoomId, seq: u64, said: Said) -> FromServer {
    let at = Timestamp::from_ms(AT + i64::try_from(seq).unwrap() * 60_000);
    let change = Change::MessagePosted(Box::new(said));
    FromServer::Event(Event { stream: Stream::Room(room), seq: Seq::new(seq), at, change })
}

/// A page of what bob said at these places, a day before the rest.
pub(crate) fn page(room: RoomId, seqs: std::ops::RangeInclusive<u64>, (head, older): (u64, bool)) -> History {
    let said = |seq: u64| {
        let text = Body::parse(&format!("said {seq}")).unwrap();
        let at = Timestamp::from_ms(AT - 86_400_000 + i64::try_from(seq).unwrap() * 60_000);
        let said = Said::new(person(8, "bob"), ClientKey::parse(&format!("b{seq}")).unwrap(), text);
        model::Message::new(Seq::new(seq), at, said)
    };
    let (epoch, messages, people) = (model::Epoch::new("e"), seqs.map(said).collect(), Vec::new());
    History { room, epoch, head: Seq::new(head), messages, older, newer: false, people }
}

/// Which places were asked for.
pub(crate) fn before(scene: &Scene) -> Option<u64> {
    match scene.asked.last()?.side {
        Side::Before(seq) => Some(seq.number()),
        Side::After(_) => None,
    }
}
