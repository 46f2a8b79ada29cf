//! What stands in a timeline on the screen: kept messages, then one's own that are not kept yet.

use model::{Body, ClientKey, Emoji, File, Marks, Mention, Message, Person, Quote, Reaction, Seq, Timestamp, UserId};

use crate::{Deed, Delivery, Room};

/// A row's name, the same from the first keystroke of "send" on: a row on the screen is never made twice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowId {
    /// A message of one's own: its key.
    Own(ClientKey),
    /// Somebody else's: its place.
    Other(Seq),
}

/// How far a row has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowState {
    /// Not accepted yet.
    Sending,
    /// The server has it.
    Kept,
    /// In a direct chat: a device of everybody else has it.
    Delivered,
    /// In a direct chat: everybody else has read it.
    Read,
    /// The server refused it, in these words.
    Failed(String),
}

/// One message as it is shown.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// Its name.
    pub id: RowId,
    /// Who said it.
    pub author: &'a Person,
    /// When.
    pub at: Timestamp,
    /// What; nothing if files stand for themselves, or the message was taken back.
    pub text: &'a Body,
    /// The files that go with it.
    pub files: &'a [File],
    /// Files that are still on their way, of a message of one's own.
    pub uploads: &'a [ClientKey],
    /// Whom it names.
    pub mentions: &'a [Mention],
    /// What it answers.
    pub reply: Option<&'a Quote>,
    /// The first message of the thread that it belongs to, if it answers one.
    pub thread: Option<Seq>,
    /// Messages in the thread that begins here.
    pub replies: u32,
    /// How often its text was changed.
    pub edits: u32,
    /// What people think of it, in the order in which each was first said.
    pub reactions: Vec<Tally<'a>>,
    /// Whether it is pinned to its room.
    pub pinned: bool,
    /// Whether it was taken back: only a trace is to be shown.
    pub deleted: bool,
    /// Whether its author is somebody whom the person ignores or blocks: it is shown when they ask for it.
    pub covered: bool,
    /// How far it has come.
    pub state: RowState,
    /// Its place, once it has one.
    pub seq: Option<Seq>,
    /// How many others are known to have read it, if it is one's own.
    pub readers: usize,
}

/// All reactions to one message with one emoji.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally<'a> {
    /// The emoji.
    pub emoji: Emoji,
    /// Who, in the order in which they did, as far as they are known by name.
    pub people: Vec<&'a Person>,
    /// How many.
    pub count: usize,
    /// Whether the person is among them.
    pub mine: bool,
}

/// How far the others have come, for the rows.
struct Ticks {
    /// In a direct chat, how far everybody else has come at least.
    all: Marks,
    /// Where the others read, from the least to the furthest.
    reads: Vec<Seq>,
}

impl Ticks {
    fn of(room: &Room, me: &Person) -> Self {
        let others = room.info().people.iter().filter(|person| person.id != me.id);
        let marks = others.map(|person| room.receipts().of(person.id));
        let least = |a: Marks, b: Marks| Marks { delivered: a.delivered.min(b.delivered), read: a.read.min(b.read) };
        Self { all: marks.reduce(least).unwrap_or_default(), reads: room.receipts().reads() }
    }

    fn state(&self, seq: Seq) -> RowState {
        if seq <= self.all.read {
            RowState::Read
        } else if seq <= self.all.delivered {
            RowState::Delivered
        } else {
            RowState::Kept
        }
    }

    fn readers(&self, seq: Seq) -> usize {
        self.reads.len() - self.reads.partition_point(|read| *read < seq)
    }
}

/// A room's rows, oldest first, as `me` sees them.
pub(crate) fn rows<'a>(room: &'a Room, me: &'a Person) -> impl Iterator<Item = Row<'a>> {
    let ticks = Ticks::of(room, me);
    let kept = room.shown().map(move |message| kept(room, me, &ticks, message));
    // What is not said yet comes after the newest, which an excerpt does not show.
    kept.chain(pending(room, me).filter(|_| room.excerpt().is_none()))
}

/// A message that the server has, with what the person is doing to it.
fn kept<'a>(room: &'a Room, me: &'a Person, ticks: &Ticks, message: &'a Message) -> Row<'a> {
    let said = &message.said;
    let own = said.author.id == me.id;
    let row = Row {
        id: if own { RowId::Own(said.key.clone()) } else { RowId::Other(message.seq) },
        author: &said.author,
        at: message.at,
        text: &said.text,
        files: &said.files,
        uploads: &[],
        mentions: &said.mentions,
        reply: said.reply.as_ref().map(|reply| &reply.to),
        thread: said.reply.as_ref().map(|reply| reply.thread),
        replies: message.replies,
        edits: message.edits,
        reactions: Vec::new(),
        pinned: message.pinned,
        deleted: message.deleted,
        covered: false,
        state: if own { ticks.state(message.seq) } else { RowState::Kept },
        seq: Some(message.seq),
        readers: if own { ticks.readers(message.seq) } else { 0 },
    };
    let mut reactions = message.reactions.clone();
    let row = room.deeds.of(message.seq).fold(row, |row, deed| done(row, deed, me.id, &mut reactions));
    Row { reactions: tallies(room, me, &reactions), ..row }
}

/// A row as it will be once this is done.
fn done<'a>(row: Row<'a>, deed: &'a Deed, me: UserId, reactions: &mut Vec<Reaction>) -> Row<'a> {
    static NOTHING: std::sync::LazyLock<Body> = std::sync::LazyLock::new(Body::default);
    match deed {
        Deed::Edit { text, edits } => Row { text, edits: row.edits.max(edits.saturating_add(1)), ..row },
        Deed::Delete => {
            reactions.clear();
            Row { text: &NOTHING, files: &[], pinned: false, deleted: true, ..row }
        }
        Deed::React { emoji, on } => {
            let mine = |reaction: &Reaction| reaction.by == me && reaction.emoji == *emoji;
            if !on {
                reactions.retain(|reaction| !mine(reaction));
            } else if !reactions.iter().any(mine) {
                reactions.push(Reaction { by: me, emoji: emoji.clone() });
            }
            row
        }
        Deed::Pin { on } => Row { pinned: *on, ..row },
    }
}

fn tallies<'a>(room: &'a Room, me: &'a Person, reactions: &[Reaction]) -> Vec<Tally<'a>> {
    let mut tallies: Vec<Tally<'a>> = Vec::new();
    for Reaction { by, emoji } in reactions {
        let person = if *by == me.id { Some(me) } else { room.voices.get(by) };
        let (mine, people) = (*by == me.id, person.into_iter());
        match tallies.iter_mut().find(|tally| tally.emoji == *emoji) {
            Some(tally) => {
                tally.people.extend(people);
                tally.count += 1;
                tally.mine |= mine;
            }
            None => tallies.push(Tally { emoji: emoji.clone(), people: people.collect(), count: 1, mine }),
        }
    }
    tallies
}

/// What the person said and the timeline does not show yet.
fn pending<'a>(room: &'a Room, me: &'a Person) -> impl Iterator<Item = Row<'a>> {
    room.pending().map(move |pending| Row {
        id: RowId::Own(pending.key.clone()),
        author: me,
        at: pending.at,
        text: &pending.text,
        files: &pending.files,
        uploads: &pending.uploads,
        mentions: &[],
        reply: pending.reply.as_ref(),
        thread: None,
        replies: 0,
        edits: 0,
        reactions: Vec::new(),
        pinned: false,
        deleted: false,
        covered: false,
        state: match &pending.delivery {
            Delivery::Waiting | Delivery::UnderWay { .. } | Delivery::Delayed { .. } => RowState::Sending,
            Delivery::Kept { .. } => RowState::Kept,
            Delivery::Failed { message, .. } => RowState::Failed(message.clone()),
        },
        seq: None,
        readers: 0,
    })
}
