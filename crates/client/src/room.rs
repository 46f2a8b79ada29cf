//! One room as the client has it.

use std::collections::{BTreeMap, BTreeSet, vec_deque::Iter};

use model::{ClientKey, Message, Person, RoomId, RoomPrefs, Seq, Timestamp, UserId};
use protocol::RoomHead;

use crate::{
    deeds::Deeds,
    excerpt::Excerpt,
    members::Members,
    notices::Notices,
    outbox::{Outbox, Pending},
    people::Typists,
    reading::Reading,
    receipts::Receipts,
    recent::Recent,
    timeline::Timeline,
};

/// People who reacted that are remembered by name in one room. The others are counted.
const VOICES_MAX: usize = 2_000;

/// A room, its cursor, and everything that hangs on it.
#[derive(Debug)]
pub struct Room {
    pub(crate) info: model::Room,
    /// Everything up to here, in the client's epoch, is known: in the timeline, or a page of history away.
    pub(crate) cursor: Seq,
    pub(crate) listening: Listening,
    /// At the last ping the server was beyond the cursor, at least here.
    pub(crate) beyond: Option<Seq>,
    pub(crate) timeline: Timeline,
    /// What is shown in its stead, while the person is elsewhere.
    pub(crate) excerpt: Option<Excerpt>,
    pub(crate) outbox: Outbox,
    pub(crate) deeds: Deeds,
    pub(crate) recent: Recent,
    /// Who reacted to messages here, as far as that came.
    pub(crate) voices: BTreeMap<UserId, Person>,
    pub(crate) members: Members,
    pub(crate) draft: String,
    /// The files that lie beside the draft.
    pub(crate) tray: Vec<ClientKey>,
    pub(crate) reading: Reading,
    pub(crate) receipts: Receipts,
    pub(crate) typists: Typists,
    /// What the person wants of it.
    pub(crate) prefs: RoomPrefs,
    /// The messages that they saved here.
    pub(crate) saved: BTreeSet<Seq>,
    pub(crate) notices: Notices,
    /// When something was last said here.
    pub(crate) last_at: Option<Timestamp>,
    /// Where the person stopped reading when they last came to look, if something was unread then.
    pub(crate) line: Option<Seq>,
    /// Older messages are loaded until the first unread one is there.
    pub(crate) seeking: bool,
    /// It is as the last start left it, and nothing of its messages is here.
    pub(crate) stale: bool,
}

/// Whether the server tells what happens in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listening {
    /// Not asked on this connection.
    No,
    /// Asked.
    Asked,
    /// The server said yes.
    Yes,
    /// The server said later.
    Delayed {
        /// When to ask again.
        until_ms: u64,
    },
}

impl Room {
    pub(crate) fn new(at: RoomHead) -> Self {
        Self {
            reading: Reading::new(&at),
            info: at.room,
            cursor: at.head,
            listening: Listening::No,
            beyond: None,
            timeline: Timeline::at(at.head),
            excerpt: None,
            outbox: Outbox::default(),
            deeds: Deeds::default(),
            recent: Recent::at(at.head),
            voices: BTreeMap::new(),
            members: Members::default(),
            draft: String::new(),
            tray: Vec::new(),
            receipts: Receipts::default(),
            typists: Typists::default(),
            prefs: at.prefs,
            saved: at.saved.into_iter().collect(),
            notices: Notices::from(at.head),
            last_at: at.last_at,
            line: None,
            seeking: false,
            stale: false,
        }
    }

    /// Events up to `head` were passed over; from there on the room is known again. What was said and not answered stays.
    pub(crate) fn begin_again(&mut self, head: Seq) {
        self.cursor = head;
        self.beyond = None;
        self.timeline = Timeline::at(head);
        self.excerpt = None;
        self.recent = Recent::at(head);
        self.members.forget();
        self.receipts.doubt(head);
        self.notices.skip(head);
        self.seeking = false;
        self.stale = false;
        self.outbox.settle_up_to(head);
        self.deeds.settle(head);
    }

    /// Whether something that the person did to a message is still to be told to the server, or by it.
    #[must_use]
    pub fn is_amending(&self, message: Seq) -> bool {
        self.deeds.of(message).next().is_some()
    }

    /// Somebody reacted to a message here.
    pub(crate) fn heard_voice(&mut self, person: &Person) {
        if self.voices.len() < VOICES_MAX || self.voices.contains_key(&person.id) {
            self.voices.insert(person.id, person.clone());
        }
    }

    /// The room.
    #[must_use]
    pub fn id(&self) -> RoomId {
        self.info.id
    }

    /// Its name and who can find it.
    #[must_use]
    pub fn info(&self) -> &model::Room {
        &self.info
    }

    /// Messages of others that the person has not read, on any device; [`model::limits::UNREAD_MAX`] stands for that many
    /// or more.
    #[must_use]
    pub fn unread(&self) -> u32 {
        self.reading.unread()
    }

    /// The person's own marks.
    #[must_use]
    pub fn marks(&self) -> model::Marks {
        self.reading.marks()
    }

    /// What the person wants of it.
    #[must_use]
    pub fn prefs(&self) -> RoomPrefs {
        self.prefs
    }

    /// The message from which on the person wants to see the room as unread, though they have read it.
    #[must_use]
    pub fn unread_from(&self) -> Option<Seq> {
        self.deeds.unread_from(self.prefs.unread_from)
    }

    /// The messages that the person saved here.
    pub fn saved(&self) -> impl Iterator<Item = Seq> {
        self.saved.iter().copied()
    }

    /// Where the person stopped reading, or where they want to see it so, if something came after it.
    pub(crate) fn stopped_at(&self) -> Option<Seq> {
        let marked = self.unread_from().map(|from| Seq::new(from.number().saturating_sub(1)));
        let read = (self.reading.unread() > 0).then(|| self.reading.marks().read);
        marked.into_iter().chain(read).min()
    }

    /// Where the person stopped reading when they last came to look: what was said later is new. None if nothing was.
    #[must_use]
    pub fn line(&self) -> Option<Seq> {
        self.line
    }

    /// Whether older messages are being loaded until the first unread one is there.
    #[must_use]
    pub fn is_seeking(&self) -> bool {
        self.seeking
    }

    /// When something was last said here.
    #[must_use]
    pub fn last_at(&self) -> Option<Timestamp> {
        self.last_at
    }

    /// How far the others have come, as far as they tell.
    #[must_use]
    pub fn receipts(&self) -> &Receipts {
        &self.receipts
    }

    /// What stands in the composer.
    #[must_use]
    pub fn draft(&self) -> &str {
        &self.draft
    }

    /// The kept messages that the client has.
    #[must_use]
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// What is shown in the timeline's stead, if the person went to a message that is far from its end.
    #[must_use]
    pub fn excerpt(&self) -> Option<&Excerpt> {
        self.excerpt.as_ref()
    }

    /// The messages that are shown, oldest first.
    pub(crate) fn shown(&self) -> Iter<'_, Message> {
        self.excerpt.as_ref().map_or_else(|| self.timeline.messages(), Excerpt::messages)
    }

    /// Every message after this place, up to the last that is shown, is shown.
    #[must_use]
    pub fn shown_from(&self) -> Seq {
        self.excerpt.as_ref().map_or_else(|| self.timeline.from(), Excerpt::from)
    }

    /// Who is in it, as far as that was asked.
    #[must_use]
    pub fn members(&self) -> &Members {
        &self.members
    }

    /// What the person said and the timeline does not show yet, in order.
    pub fn pending(&self) -> impl Iterator<Item = &Pending> {
        self.outbox.iter()
    }
}
