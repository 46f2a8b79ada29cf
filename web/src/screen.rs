//! What is on the screen, as signals. Set once per frame, by `App`; read by the views.

use client::{Connection, Members, Timeline};
use leptos::prelude::{ArcRwSignal, GetUntracked, RwSignal, Set};
use model::{Person, RoomId, Visibility};

use crate::rows::RowView;

/// The state of the screen. Copying it copies handles.
#[derive(Clone, Copy)]
pub(crate) struct Screen {
    pub(crate) connection: RwSignal<Connection>,
    pub(crate) me: RwSignal<Option<Person>>,
    pub(crate) rooms: RwSignal<Vec<RoomItem>>,
    /// The room that the address names.
    pub(crate) open: RwSignal<Option<RoomId>>,
    /// That room, if the person is in it.
    pub(crate) room: RwSignal<Option<model::Room>>,
    pub(crate) rows: RwSignal<Vec<RowView>>,
    pub(crate) past: RwSignal<Past>,
    pub(crate) members: RwSignal<People>,
}

/// One room in the sidebar.
#[derive(Clone)]
pub(crate) struct RoomItem {
    pub(crate) room: model::Room,
    pub(crate) unread: ArcRwSignal<bool>,
}

/// What is before the first row.
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
    pub(crate) fn new() -> Self {
        Self {
            connection: RwSignal::new(Connection::Connecting { attempt: 0 }),
            me: RwSignal::new(None),
            rooms: RwSignal::new(Vec::new()),
            open: RwSignal::new(None),
            room: RwSignal::new(None),
            rows: RwSignal::new(Vec::new()),
            past: RwSignal::new(Past::default()),
            members: RwSignal::new(People::default()),
        }
    }
}

impl RoomItem {
    pub(crate) fn is_private(&self) -> bool {
        self.room.visibility == Visibility::Private
    }
}

impl From<&Timeline> for Past {
    fn from(timeline: &Timeline) -> Self {
        if timeline.is_loading() {
            Self::Loading
        } else if timeline.has_failed() {
            Self::Failed
        } else if timeline.has_older() {
            Self::More
        } else {
            Self::Beginning
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
