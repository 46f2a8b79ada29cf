//! What is on the screen, as signals. Set once per frame, by `App`; read by the views.

use std::sync::Arc;

use client::{Connection, Members, Upload};
use leptos::prelude::{GetUntracked, RwSignal, Set};
use model::{FileId, Person, Quote, RoomId, RoomPrefs, Seq, Timestamp};
use protocol::Me;

use crate::{app::Symbols, chat::Chat, chat::ChatItem, driver::clock, rows::RowView, view::Later};

/// The state of the screen.
pub(crate) struct Screen {
    pub(crate) connection: RwSignal<Connection>,
    pub(crate) me: RwSignal<Option<Me>>,
    /// Favourites, and direct chats and rooms besides, each with the liveliest first.
    pub(crate) favourites: RwSignal<Vec<ChatItem>>,
    pub(crate) directs: RwSignal<Vec<ChatItem>>,
    pub(crate) rooms: RwSignal<Vec<ChatItem>>,
    /// What is unread in all of them.
    pub(crate) unread: RwSignal<u32>,
    /// How many messages the person has saved.
    pub(crate) saved: RwSignal<usize>,
    /// The room that the address names.
    pub(crate) open: RwSignal<Option<RoomId>>,
    /// That room, if the person is in it.
    pub(crate) room: RwSignal<Option<Chat>>,
    /// What the person wants of it.
    pub(crate) prefs: RwSignal<RoomPrefs>,
    pub(crate) rows: RwSignal<Vec<RowView>>,
    pub(crate) past: RwSignal<Past>,
    /// What is after the last row, if that is not the room's newest.
    pub(crate) beyond: RwSignal<Option<Past>>,
    /// The message that is to be brought before the person's eyes.
    pub(crate) reveal: RwSignal<Option<(RoomId, Seq)>>,
    pub(crate) news: RwSignal<News>,
    /// What was looked for and led to something, the last first.
    pub(crate) searches: RwSignal<Vec<String>>,
    /// What the search is to be opened with.
    pub(crate) sought: RwSignal<Option<String>>,
    pub(crate) members: RwSignal<People>,
    /// The files that lie beside what is being written in the open room.
    pub(crate) tray: RwSignal<Vec<Upload>>,
    /// The message that its author may take back, if they say so.
    pub(crate) deleting: RwSignal<Option<(RoomId, Seq)>>,
    /// What is to be said later, or shown of it.
    pub(crate) plan: RwSignal<Option<Plan>>,
    /// The message whose menu was asked for.
    pub(crate) menu: RwSignal<Option<RowView>>,
    /// The message that the next emoji is for; none: the composer.
    pub(crate) reacting: RwSignal<Option<(RoomId, Seq)>>,
    /// The message that is being answered or changed.
    pub(crate) answering: RwSignal<Option<Answering>>,
    /// The messages that are shown beside the timeline.
    pub(crate) gathered: RwSignal<Option<Gathered>>,
    /// The picture that is shown over everything.
    pub(crate) lightbox: RwSignal<Option<FileId>>,
    /// The place of the message whose readers are asked for.
    pub(crate) asked: RwSignal<Option<Seq>>,
    pub(crate) typists: RwSignal<Vec<Person>>,
    /// Whose card is asked for.
    pub(crate) card: RwSignal<Option<Person>>,
    /// Somebody came or went, or is called otherwise: `App::seen` and `App::named` say something else now.
    pub(crate) comings: RwSignal<()>,
    pub(crate) symbols: RwSignal<Symbols>,
    /// The server's own emoji, as far as they are known: each its name between colons, and after that the address of its picture.
    pub(crate) own_emoji: RwSignal<Vec<String>>,
    /// Something was named that is none of them.
    pub(crate) lacking: RwSignal<bool>,
    /// What the person was told last, and the how-manieth it was.
    pub(crate) told: RwSignal<Option<(u64, String)>>,
    /// The table of programming languages, if it was asked for; empty until it is here.
    pub(crate) languages: RwSignal<Option<&'static str>>,
    /// The emoji that were used last, the last one first.
    pub(crate) recent: RwSignal<Vec<String>>,
    /// The tone of skin that was chosen, 1 to 5; 0 is none.
    pub(crate) tone: RwSignal<usize>,
    /// The window is in front of the person.
    pub(crate) in_front: RwSignal<bool>,
    /// The wall clock's time, a minute at a time.
    pub(crate) minute: RwSignal<Timestamp>,
    /// The views whose code comes later.
    pub(crate) later: Later,
}

/// What the composer is about, if it is not about a new message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answering {
    /// An answer.
    Reply { room: RoomId, to: Quote },
    /// Another text for a message of one's own.
    Edit { room: RoomId, message: Seq, edits: u32, text: Arc<str> },
}

impl Answering {
    /// Where.
    pub(crate) fn room(&self) -> RoomId {
        match self {
            Self::Reply { room, .. } | Self::Edit { room, .. } => *room,
        }
    }
}

/// What is to happen later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// This is to be said.
    Say { room: RoomId, text: String },
    /// The person is to be reminded of this message.
    Remind { room: RoomId, seq: Seq, text: String },
    /// What is planned is to be shown.
    Show,
}

/// Messages that are shown by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gathered {
    /// Those pinned to a room.
    Pins(RoomId),
    /// A thread, by its first message.
    Thread(RoomId, Seq),
    /// What a message said before.
    Edits(RoomId, Seq),
    /// Those that the person saved, in all rooms.
    Saved,
    /// Those that name the person, in all rooms.
    Mentions,
    /// The way to those of some day in a room.
    Day(RoomId),
    /// One that is to be passed on.
    Forward(RoomId, Seq),
}

/// What is before the first row, or after the last one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Past {
    /// The room's beginning.
    Beginning,
    /// More messages.
    #[default]
    More,
    /// More messages, on their way.
    Loading,
    /// More messages that could not be fetched.
    Failed,
}

/// What was new in the open room when the person came, and what is unread of it now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct News {
    /// Where they had stopped reading, if something came after it.
    pub(crate) line: Option<Seq>,
    /// How many came after it.
    pub(crate) count: u32,
    /// The first of them is among the rows.
    pub(crate) loaded: bool,
    /// Older messages are being loaded until it is.
    pub(crate) seeking: bool,
    /// How many are unread now.
    pub(crate) unread: u32,
}

/// Who is in the open room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum People {
    /// Not known yet.
    #[default]
    Loading,
    /// Could not be fetched.
    Failed,
    /// These.
    Known(Vec<Person>),
}

impl Screen {
    /// All lists of chats, from the top.
    pub(crate) fn lists(&self) -> [RwSignal<Vec<ChatItem>>; 3] {
        [self.favourites, self.directs, self.rooms]
    }

    pub(crate) fn new() -> Self {
        Self {
            connection: RwSignal::new(Connection::Connecting { attempt: 0 }),
            me: RwSignal::new(None),
            favourites: RwSignal::new(Vec::new()),
            directs: RwSignal::new(Vec::new()),
            rooms: RwSignal::new(Vec::new()),
            unread: RwSignal::new(0),
            saved: RwSignal::new(0),
            open: RwSignal::new(None),
            room: RwSignal::new(None),
            prefs: RwSignal::new(RoomPrefs::default()),
            rows: RwSignal::new(Vec::new()),
            past: RwSignal::new(Past::default()),
            beyond: RwSignal::new(None),
            reveal: RwSignal::new(None),
            news: RwSignal::new(News::default()),
            searches: RwSignal::new(Vec::new()),
            own_emoji: RwSignal::new(Vec::new()),
            lacking: RwSignal::new(false),
            sought: RwSignal::new(None),
            members: RwSignal::new(People::default()),
            tray: RwSignal::new(Vec::new()),
            deleting: RwSignal::new(None),
            plan: RwSignal::new(None),
            menu: RwSignal::new(None),
            reacting: RwSignal::new(None),
            answering: RwSignal::new(None),
            gathered: RwSignal::new(None),
            lightbox: RwSignal::new(None),
            asked: RwSignal::new(None),
            typists: RwSignal::new(Vec::new()),
            card: RwSignal::new(None),
            comings: RwSignal::new(()),
            symbols: RwSignal::new(Symbols::default()),
            told: RwSignal::new(None),
            languages: RwSignal::new(None),
            recent: RwSignal::new(Vec::new()),
            tone: RwSignal::new(0),
            in_front: RwSignal::new(false),
            minute: RwSignal::new(clock::wall()),
            later: Later::new(),
        }
    }
}

impl News {
    /// What is new in a room, after what was known of it.
    pub(crate) fn of(room: &client::Room, before: Self) -> Self {
        let line = room.line();
        let loaded = line.is_some_and(|line| room.shown_from() <= line);
        // What is read is not counted any more, but it was new.
        let most = if line == before.line { before.count } else { 0 };
        Self { line, count: most.max(room.unread()), loaded, seeking: room.is_seeking(), unread: room.unread() }
    }
}

impl Past {
    /// What is before the first row of a room.
    pub(crate) fn of(room: &client::Room) -> Self {
        let (loading, failed, more) = match room.excerpt() {
            Some(excerpt) => (excerpt.is_loading(), excerpt.has_failed(), excerpt.has_older()),
            None => (room.timeline().is_loading(), room.timeline().has_failed(), room.timeline().has_older()),
        };
        Self::from(loading, failed, more)
    }

    /// What is after the last row of a room, if that is not its newest.
    pub(crate) fn beyond(room: &client::Room) -> Option<Self> {
        room.excerpt().map(|excerpt| Self::from(excerpt.is_loading_after(), excerpt.has_failed_after(), true))
    }

    fn from(loading: bool, failed: bool, more: bool) -> Self {
        match (loading, failed, more) {
            (true, ..) => Self::Loading,
            (_, true, _) => Self::Failed,
            (.., true) => Self::More,
            (.., false) => Self::Beginning,
        }
    }
}

impl From<&Members> for People {
    fn from(members: &Members) -> Self {
        if members.is_known() {
            Self::Known(members.people().cloned().collect())
        } else if members.has_failed() {
            Self::Failed
        } else {
            Self::Loading
        }
    }
}

/// Sets a signal if that changes anything: what is set is drawn again.
pub(crate) fn put<T: PartialEq + Clone + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.get_untracked() != value {
        signal.set(value);
    }
}
