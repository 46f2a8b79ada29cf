//! The rows of the open room. A row is made once and keeps its place on the screen; what can change in it is a signal.

use std::{collections::BTreeMap, sync::Arc};

use client::{Client, Row, RowId, RowState};
use leptos::prelude::{ArcRwSignal, GetUntracked, Set};
use model::{RoomId, Timestamp, UserId};

use crate::driver::words::{Words, local_day, minute};

/// One message on the screen.
#[derive(Clone)]
pub(crate) struct RowView {
    pub(crate) id: RowId,
    pub(crate) room: RoomId,
    pub(crate) own: bool,
    pub(crate) author: Arc<str>,
    pub(crate) text: Arc<str>,
    pub(crate) state: ArcRwSignal<RowState>,
    pub(crate) lead: ArcRwSignal<Lead>,
}

/// What stands above a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lead {
    /// The day, if another one begins here.
    pub(crate) day: Option<String>,
    /// The time, if the message opens a group: another author, or another minute.
    pub(crate) time: Option<String>,
    /// The whole moment, beside the time.
    pub(crate) moment: String,
}

/// The rows that were made, by name.
#[derive(Default)]
pub(crate) struct Rows {
    room: Option<RoomId>,
    made: BTreeMap<RowId, Made>,
}

/// A row, and what its lead was made from: words for moments are dear, and most rows stay as they are.
struct Made {
    view: RowView,
    at: Timestamp,
    place: Place,
    above: Option<Place>,
}

impl Rows {
    /// The rows of a room as they are now: old ones are the same as before, with their signals set.
    pub(crate) fn of(&mut self, client: &Client, room: RoomId, words: &Words, now: Timestamp) -> Vec<RowView> {
        let mut before = if self.room == Some(room) { std::mem::take(&mut self.made) } else { BTreeMap::new() };
        self.room = Some(room);
        self.made.clear();
        let me = client.me().map(|me| me.person.id);
        let mut shown = Vec::new();
        let mut above = None;
        for row in client.rows(room) {
            let made = match before.remove(&row.id) {
                Some(made) if made.at == row.at && made.above == above => made,
                other => {
                    let place = Place::of(row.author.id, row.at);
                    let lead = place.lead(above, row.at, words, now);
                    let view = other.map_or_else(|| RowView::new(&row, room, me), |made| made.view);
                    set(&view.lead, lead);
                    Made { view, at: row.at, place, above }
                }
            };
            set(&made.view.state, row.state);
            above = Some(made.place);
            shown.push(made.view.clone());
            self.made.insert(row.id, made);
        }
        shown
    }
}

impl RowView {
    fn new(row: &Row<'_>, room: RoomId, me: Option<UserId>) -> Self {
        Self {
            id: row.id.clone(),
            room,
            own: me == Some(row.author.id),
            author: row.author.name.as_str().into(),
            text: row.text.as_str().into(),
            state: ArcRwSignal::new(row.state.clone()),
            lead: ArcRwSignal::new(Lead::default()),
        }
    }
}

/// Where a message stands among its neighbours.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Place {
    author: UserId,
    minute: i64,
    day: i64,
}

impl Place {
    fn of(author: UserId, at: Timestamp) -> Self {
        Self { author, minute: minute(at), day: local_day(at) }
    }

    fn lead(self, above: Option<Self>, at: Timestamp, words: &Words, now: Timestamp) -> Lead {
        if above == Some(self) {
            return Lead::default();
        }
        let new_day = above.is_none_or(|above| above.day != self.day);
        Lead { day: new_day.then(|| words.day(at, now)), time: Some(words.time(at)), moment: words.moment(at) }
    }
}

fn set<T: PartialEq + Clone + Send + Sync + 'static>(signal: &ArcRwSignal<T>, value: T) {
    if signal.get_untracked() != value {
        signal.set(value);
    }
}
