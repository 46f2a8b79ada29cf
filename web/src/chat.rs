//! A room as its person sees it: what it is, and what to call it.

use std::sync::Arc;

use leptos::prelude::ArcRwSignal;
use model::{Person, RoomId, UserId, Visibility};

/// What kind of conversation it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A room that everybody finds.
    Public,
    /// A room that only its members know of.
    Private,
    /// A direct chat of one: notes to oneself.
    Notes,
    /// A direct chat with somebody.
    One(Person),
    /// A direct chat with several.
    Group(Vec<Person>),
}

/// A room, and what its person calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chat {
    pub(crate) id: RoomId,
    pub(crate) kind: Kind,
    pub(crate) title: Arc<str>,
    /// What it is about.
    pub(crate) topic: Option<Arc<str>>,
}

/// One line of the sidebar.
#[derive(Clone)]
pub(crate) struct ChatItem {
    pub(crate) chat: Chat,
    /// Messages of others that were not read; at most so many are counted.
    pub(crate) unread: ArcRwSignal<u32>,
}

impl Chat {
    /// A room as `me` sees it.
    pub(crate) fn of(room: &model::Room, me: Option<UserId>) -> Self {
        let kind = match room.visibility {
            Visibility::Public => Kind::Public,
            Visibility::Private => Kind::Private,
            Visibility::Direct => Kind::direct(room.people.iter().filter(|person| Some(person.id) != me)),
        };
        let title = match &kind {
            Kind::Public | Kind::Private => room.name.as_str().into(),
            Kind::Notes => "Notes to yourself".into(),
            Kind::One(other) => other.called().into(),
            Kind::Group(others) => others.iter().map(Person::called).collect::<Vec<_>>().join(", ").into(),
        };
        let topic = room.topic.as_ref().map(|topic| topic.as_str().into());
        Self { id: room.id, kind, title, topic }
    }
}

impl Kind {
    fn direct<'a>(others: impl Iterator<Item = &'a Person>) -> Self {
        let mut others: Vec<Person> = others.cloned().collect();
        match others.len() {
            0 => Self::Notes,
            1 => Self::One(others.remove(0)),
            2.. => Self::Group(others),
        }
    }

    /// Whether its people are the same for ever.
    pub(crate) fn is_direct(&self) -> bool {
        match self {
            Self::Public | Self::Private => false,
            Self::Notes | Self::One(_) | Self::Group(_) => true,
        }
    }
}

/// How many are unread, in as little room as there is.
pub(crate) fn count(unread: u32) -> String {
    if unread >= model::limits::UNREAD_MAX { "99+".into() } else { unread.to_string() }
}
