//! Which messages a person is told of at once, and until when.
//!
//! A message waits a moment first: the person may be reading it in another window or on another device, and their mark comes in
//! that time. So however many windows somebody has open, those that they do not look at stay quiet while they look at one.

use model::{Change, Event, Regard, RoomId, Seq, UserId};

use crate::{Client, Effect, Room};

/// What was said while the line was gone is told of if it was gone for no longer than this, in milliseconds. What is older is
/// seen when the person comes.
pub(crate) const MISSED_MS: u64 = 5 * 60 * 1_000;
/// How long a message waits beyond the time between two marks, in milliseconds.
const GRACE_MS: u64 = 500;
/// The longest line that is shown of a message, in characters.
const LINE_CHARS_MAX: usize = 120;

/// What of one room is to be shown to its person, and what is.
#[derive(Debug)]
pub(crate) struct Notices {
    /// Messages up to here are not told of.
    from: Seq,
    /// When the last message is to be shown, and its place.
    due: Option<(u64, Seq)>,
    /// The message that is shown.
    shown: Option<Seq>,
}

impl Notices {
    pub(crate) fn from(head: Seq) -> Self {
        Self { from: head, due: None, shown: None }
    }

    /// Nothing up to here is told of.
    pub(crate) fn skip(&mut self, head: Seq) {
        self.from = head;
        self.due = None;
    }

    pub(crate) fn wake_at(&self) -> Option<u64> {
        self.due.map(|(at_ms, _)| at_ms)
    }

    /// Messages that `gone` says are not to be shown any more. Returns whether one of them is.
    fn withdraw(&mut self, gone: impl Fn(Seq) -> bool) -> bool {
        self.due.take_if(|(_, seq)| gone(*seq));
        self.shown.take_if(|seq| gone(*seq)).is_some()
    }
}

impl Room {
    /// One line of a message, if it still stands: who said it, and what.
    fn line_of(&self, seq: Seq) -> Option<(model::Person, String)> {
        let message = self.timeline.messages().rev().find(|message| message.seq == seq)?;
        let text = match message.said.files.len() {
            _ if !message.said.text.is_empty() => {
                let text = message.said.text.as_str();
                markup::plain(crate::slash::action(text).unwrap_or(text), LINE_CHARS_MAX)
            }
            0 => return None,
            1 => "Sent a file".to_owned(),
            count => format!("Sent {count} files"),
        };
        Some((message.said.author.clone(), text))
    }
}

impl Client {
    /// An event of a room is applied: its message may be one to tell of, or one that was told of may be gone.
    pub(crate) fn consider(&mut self, now_ms: u64, id: RoomId, event: &Event, out: &mut Vec<Effect>) {
        if let Change::MessageDeleted { message } = event.change {
            return self.withdraw(id, |seq| seq == message, out);
        }
        let Change::MessagePosted(said) = &event.change else { return };
        let (looked_at, Some(me)) = (self.looks_at(id), self.me.as_ref().map(|me| me.person.id)) else { return };
        let heeded = self.regard(said.author.id) == Regard::Open;
        let wanted =
            |room: &Room, me: UserId| heeded && said.author.id != me && room.prefs.notify.wants(said.names(me));
        if let Some(room) = self.rooms.get_mut(&id).filter(|room| !looked_at && wanted(room, me))
            && event.seq > room.notices.from
        {
            // Of many in a row the last is shown, at the time that the first was to be.
            let at_ms = room.notices.wake_at().unwrap_or(now_ms + room.tell_every_ms() + GRACE_MS);
            room.notices.due = Some((at_ms, event.seq));
        }
    }

    /// The person wanted to be told of this message of their own, now.
    pub(crate) fn remind(&mut self, now_ms: u64, id: RoomId, message: Seq) {
        if let Some(room) = self.rooms.get_mut(&id) {
            room.notices.due = Some((now_ms + GRACE_MS, message));
        }
    }

    /// Shows what has waited long enough and was not read meanwhile.
    pub(crate) fn notify_due(&mut self, now_ms: u64, id: RoomId, out: &mut Vec<Effect>) {
        let looked_at = self.looks_at(id);
        let Some(room) = self.rooms.get_mut(&id) else { return };
        let Some((_, seq)) = room.notices.due.take_if(|(at_ms, _)| *at_ms <= now_ms) else { return };
        if looked_at {
            return;
        }
        if let Some((author, text)) = room.line_of(seq) {
            room.notices.shown = Some(seq);
            let author = self.named(&author).clone();
            out.push(Effect::Notify { room: id, seq, author, text });
        }
    }

    /// The person's mark in a room may have moved: what is read is not shown any more.
    pub(crate) fn withdraw_read(&mut self, id: RoomId, out: &mut Vec<Effect>) {
        if let Some(read) = self.rooms.get(&id).map(|room| room.marks().read) {
            self.withdraw(id, |seq| seq <= read, out);
        }
    }

    fn withdraw(&mut self, id: RoomId, gone: impl Fn(Seq) -> bool, out: &mut Vec<Effect>) {
        if self.rooms.get_mut(&id).is_some_and(|room| room.notices.withdraw(gone)) {
            out.push(Effect::Withdraw(id));
        }
    }

    /// Whether the person has a room in front of them here.
    fn looks_at(&self, id: RoomId) -> bool {
        self.focused && self.open == Some(id)
    }
}
