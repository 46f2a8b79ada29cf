//! The rows of the open room. A row is made once and keeps its place on the screen; what can change in it is a signal.

use std::{collections::BTreeMap, sync::Arc};

use client::{Client, Row, RowId, RowState, Tally, Upload};
use leptos::prelude::{ArcRwSignal, GetUntracked, Set, WithUntracked};
use model::{Emoji, File, FileKind, Mention, Person, Quote, RoomId, Seq, Timestamp, UserId};

use crate::driver::{
    alone::is_emoji_alone,
    words::{Words, local_day, minute},
};

/// One message on the screen.
#[derive(Clone)]
pub(crate) struct RowView {
    pub(crate) id: RowId,
    pub(crate) room: RoomId,
    pub(crate) own: bool,
    /// What they are called may change.
    pub(crate) author: ArcRwSignal<Person>,
    /// What it says; its author may change that.
    pub(crate) said: ArcRwSignal<SaidView>,
    /// What has gathered at it.
    pub(crate) extras: ArcRwSignal<Extras>,
    pub(crate) files: ArcRwSignal<Vec<FileView>>,
    /// Its place, once it has one.
    pub(crate) seq: ArcRwSignal<Option<Seq>>,
    /// Its author took it back.
    pub(crate) deleted: ArcRwSignal<bool>,
    /// Its author is ignored or blocked: it is shown when the person asks for it.
    pub(crate) covered: ArcRwSignal<bool>,
    pub(crate) state: ArcRwSignal<RowState>,
    pub(crate) lead: ArcRwSignal<Lead>,
    /// Of one's own: who is known to have read as far as this and no further.
    pub(crate) readers: ArcRwSignal<Option<Readers>>,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SaidView {
    pub(crate) text: Arc<str>,
    /// It is a few emoji and nothing else.
    pub(crate) large: bool,
    /// How often it was changed.
    pub(crate) edits: u32,
    pub(crate) mentions: Arc<[Mention]>,
    /// It names the reader, or everybody.
    pub(crate) names_me: bool,
    pub(crate) reply: Option<Quote>,
}

/// What has gathered at a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extras {
    pub(crate) reactions: Vec<TallyView>,
    pub(crate) pinned: bool,
    /// The first message of its thread, where it belongs to one or one begins with it.
    pub(crate) thread: Option<Seq>,
    /// How many stand in the thread that begins with it.
    pub(crate) replies: u32,
}

/// All reactions with one emoji.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TallyView {
    pub(crate) emoji: Emoji,
    /// Who, in words.
    pub(crate) names: String,
    pub(crate) count: usize,
    pub(crate) mine: bool,
}

impl SaidView {
    fn of(row: &Row<'_>, me: Option<UserId>) -> Self {
        let names_me = |mention: &Mention| mention.person.as_ref().is_none_or(|person| Some(person.id) == me);
        Self {
            text: row.text.as_str().into(),
            large: row.reply.is_none() && is_emoji_alone(row.text.as_str()),
            edits: row.edits,
            mentions: row.mentions.into(),
            names_me: me != Some(row.author.id) && row.mentions.iter().any(names_me),
            reply: row.reply.cloned(),
        }
    }

    /// Whether a row says this still.
    fn is(&self, row: &Row<'_>) -> bool {
        *self.text == *row.text.as_str()
            && self.edits == row.edits
            && *self.mentions == *row.mentions
            && self.reply.as_ref() == row.reply
    }
}

impl Extras {
    fn of(client: &Client, row: Row<'_>) -> Self {
        let tally = |tally: Tally<'_>| TallyView {
            names: names(client, &tally),
            emoji: tally.emoji,
            count: tally.count,
            mine: tally.mine,
        };
        Self {
            reactions: row.reactions.into_iter().map(tally).collect(),
            pinned: row.pinned,
            thread: row.thread.or(row.seq.filter(|_| row.replies > 0)),
            replies: row.replies,
        }
    }
}

/// Who reacted, in words: the first few by name.
fn names(client: &Client, tally: &Tally<'_>) -> String {
    const NAMED: usize = 8;
    let first = tally.people.iter().take(NAMED).map(|person| client.named(person).called());
    let first = first.collect::<Vec<_>>().join(", ");
    match tally.count - tally.people.len().min(NAMED) {
        0 => first,
        others => format!("{first} and {others} others"),
    }
}

/// A file of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FileView {
    /// The server has it.
    Kept(File),
    /// One's own, not there yet.
    OnItsWay(Upload),
}

impl FileView {
    /// Whether it is shown as a picture.
    pub(crate) fn is_picture(&self) -> bool {
        matches!(self, Self::Kept(file) if file.kind == FileKind::Picture)
    }

    fn of(client: &Client, row: &Row<'_>) -> Vec<Self> {
        let on_their_way = row.uploads.iter().filter_map(|key| client.upload(key)).cloned();
        row.files.iter().cloned().map(Self::Kept).chain(on_their_way.map(Self::OnItsWay)).collect()
    }
}

/// What stands above a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lead {
    /// The day, if another one begins here.
    pub(crate) day: Option<String>,
    /// Whether it is the first that was not read when the person came.
    pub(crate) new: bool,
    /// The time, if the message opens a group: another author, or another minute.
    pub(crate) time: Option<String>,
    /// The whole moment, beside the time.
    pub(crate) moment: String,
}

/// How many have read a message, and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Readers {
    pub(crate) count: usize,
    pub(crate) seq: Seq,
}

/// The rows that were made, by name.
#[derive(Default)]
pub(crate) struct Rows {
    room: Option<RoomId>,
    /// The reader's day: tomorrow, today's messages are yesterday's.
    today: i64,
    made: BTreeMap<RowId, Made>,
}

/// A row, and what its lead was made from: words for moments are dear, and most rows stay as they are.
struct Made {
    view: RowView,
    at: Timestamp,
    place: Place,
    above: Option<Place>,
    new: bool,
}

impl Rows {
    /// The rows of a room as they are now: old ones are the same as before, with their signals set.
    pub(crate) fn of(&mut self, client: &Client, room: RoomId, words: &Words, now: Timestamp) -> Vec<RowView> {
        let mut before = if self.room == Some(room) { std::mem::take(&mut self.made) } else { BTreeMap::new() };
        let same_day = std::mem::replace(&mut self.today, local_day(now)) == local_day(now);
        self.room = Some(room);
        self.made.clear();
        let me = client.me().map(|me| me.person.id);
        // In a chat of two the ticks say it.
        let counted = client.room(room).is_some_and(|room| room.info().people.len() != 2);
        // As long as the first new message is not here, none of those that are is the first.
        let reaches = |line: &Seq| client.room(room).is_some_and(|room| room.shown_from() <= *line);
        let mut line = client.room(room).and_then(client::Room::line).filter(reaches);
        let mut shown: Vec<RowView> = Vec::new();
        let mut readers = Vec::new();
        let mut above = None;
        for row in client.rows(room) {
            // One's own words are not news.
            let new = me != Some(row.author.id) && line.is_some_and(|line| row.seq.is_some_and(|seq| seq > line));
            if new {
                line = None;
            }
            let made = match before.remove(&row.id) {
                Some(made) if same_day && (made.at, made.above, made.new) == (row.at, above, new) => made,
                other => {
                    let place = Place::of(row.author.id, row.at);
                    let lead = place.lead(above, &row, new, (words, now));
                    let view = other.map_or_else(|| RowView::new(&row, room, me), |made| made.view);
                    set(&view.lead, lead);
                    Made { view, at: row.at, place, above, new }
                }
            };
            set(&made.view.files, FileView::of(client, &row));
            set(&made.view.deleted, row.deleted);
            set(&made.view.covered, row.covered);
            set(&made.view.seq, row.seq);
            set(&made.view.state, row.state.clone());
            if made.view.said.with_untracked(|said| !said.is(&row)) {
                made.view.said.set(SaidView::of(&row, me));
            }
            if made.view.author.with_untracked(|author| author != row.author) {
                made.view.author.set(row.author.clone());
            }
            readers.push(row.seq.filter(|_| counted && row.readers > 0).map(|seq| Readers { count: row.readers, seq }));
            above = Some(made.place);
            shown.push(made.view.clone());
            let id = row.id.clone();
            set(&made.view.extras, Extras::of(client, row));
            self.made.insert(id, made);
        }
        tell_readers(&shown, readers);
        shown
    }
}

/// Says of each message how many have read it, unless as many have read a later one.
fn tell_readers(shown: &[RowView], readers: Vec<Option<Readers>>) {
    let mut told = 0;
    for (view, readers) in shown.iter().zip(readers).rev() {
        let more = readers.filter(|readers| readers.count > told);
        told = more.map_or(told, |readers| readers.count);
        set(&view.readers, more);
    }
}

impl RowView {
    fn new(row: &Row<'_>, room: RoomId, me: Option<UserId>) -> Self {
        Self {
            id: row.id.clone(),
            room,
            own: me == Some(row.author.id),
            author: ArcRwSignal::new(row.author.clone()),
            said: ArcRwSignal::new(SaidView::of(row, me)),
            extras: ArcRwSignal::new(Extras::default()),
            files: ArcRwSignal::new(Vec::new()),
            seq: ArcRwSignal::new(row.seq),
            deleted: ArcRwSignal::new(row.deleted),
            covered: ArcRwSignal::new(row.covered),
            state: ArcRwSignal::new(row.state.clone()),
            lead: ArcRwSignal::new(Lead::default()),
            readers: ArcRwSignal::new(None),
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

    fn lead(self, above: Option<Self>, row: &Row<'_>, new: bool, (words, now): (&Words, Timestamp)) -> Lead {
        if above == Some(self) && !new {
            return Lead::default();
        }
        let new_day = above.is_none_or(|above| above.day != self.day);
        let day = new_day.then(|| words.day(row.at, now));
        Lead { day, new, time: Some(words.time(row.at)), moment: words.moment(row.at) }
    }
}

fn set<T: PartialEq + Clone + Send + Sync + 'static>(signal: &ArcRwSignal<T>, value: T) {
    if signal.get_untracked() != value {
        signal.set(value);
    }
}
