//! The checks, each a function from what was written down to what is wrong with it.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use model::{Change, Event, Marks, Message, Posted, RoomId, Seq, Stream, UserId};

use super::{Hearing, History, Kept, Moment, Outcome, Violation, Wish, Write};

/// Whatever contradicts a promise. `histories` are those of everybody who wrote or listened, `kept` is what was read at the end;
/// of a room that is not in `kept` nothing is said to be lost.
#[must_use]
pub fn violations(histories: &[History], kept: &Kept) -> Vec<Violation> {
    let mut found = Vec::new();
    let at_the_end = Standing::of(kept, &mut found);
    for history in histories {
        receipts(history, &at_the_end, kept, &mut found);
        refusals(history, &at_the_end, &mut found);
        live_order(history, &mut found);
        page_order(history, kept, &mut found);
        lines(history, &mut found);
        marks(history, &mut found);
    }
    known_first(histories, &mut found);
    agreement(histories, kept, &mut found);
    unsent(histories, kept, &mut found);
    after_leaving(histories, &mut found);
    found
}

/// Where each author's keys stand at the end.
struct Standing<'a>(BTreeMap<(UserId, &'a str), (RoomId, &'a Message)>);

impl<'a> Standing<'a> {
    fn of(kept: &'a Kept, found: &mut Vec<Violation>) -> Self {
        let mut standing = BTreeMap::new();
        for (room, message) in in_rooms(kept) {
            let name = (message.said.author.id, message.said.key.as_str());
            match standing.entry(name) {
                Entry::Vacant(free) => drop(free.insert((room, message))),
                Entry::Occupied(taken) => {
                    let (first_room, first): (RoomId, &Message) = *taken.get();
                    let places = [(first_room, first.seq), (room, message.seq)];
                    found.push(Violation::Doubled(name.0, name.1.to_owned(), places));
                }
            }
        }
        Self(standing)
    }

    fn find(&self, author: UserId, key: &str) -> Option<(RoomId, &'a Message)> {
        self.0.get(&(author, key)).copied()
    }
}

/// Every receipt is true, and every repeat gets the first one.
fn receipts(history: &History, at_the_end: &Standing<'_>, kept: &Kept, found: &mut Vec<Violation>) {
    let who = history.who.id;
    let mut first: BTreeMap<&str, (&Wish, &Posted)> = BTreeMap::new();
    for (write, posted, _) in acknowledged(history) {
        let key = write.wish.key.as_str();
        match first.get(key) {
            None => drop(first.insert(key, (&write.wish, posted))),
            Some((wish, _)) if **wish != write.wish => found.push(Violation::KeyTakenTwice(who, key.to_owned())),
            Some((_, earlier)) if *earlier != posted => {
                found.push(Violation::ReceiptsDiffer(who, [(*earlier).clone(), posted.clone()]));
            }
            Some(_) => {}
        }
    }
    for (key, (wish, posted)) in first {
        match at_the_end.find(who, key) {
            None if !kept.contains_key(&wish.room) => {}
            None => found.push(Violation::Lost(who, posted.clone())),
            Some((room, message)) => {
                let stands = Posted { room, key: message.said.key.clone(), seq: message.seq, at: message.at };
                if stands != *posted || message.said.text.as_str() != wish.text {
                    found.push(Violation::Moved(who, posted.clone(), Box::new(message.clone())));
                }
            }
        }
    }
}

/// What was refused each time is not there.
fn refusals(history: &History, at_the_end: &Standing<'_>, found: &mut Vec<Violation>) {
    let mut nothing: BTreeMap<&str, bool> = BTreeMap::new();
    for write in &history.writes {
        *nothing.entry(&write.wish.key).or_insert(true) &= write.outcome.kept_nothing();
    }
    for (key, _) in nothing.into_iter().filter(|(_, nothing)| *nothing) {
        if at_the_end.find(history.who.id, key).is_some() {
            found.push(Violation::KeptThoughRefused(history.who.id, key.to_owned()));
        }
    }
}

/// Marks only grow, what was read was delivered, and nobody has what is not there yet. Whoever leaves begins anew.
fn marks(history: &History, found: &mut Vec<Violation>) {
    let mut known: BTreeMap<(RoomId, UserId), Marks> = BTreeMap::new();
    // In the order of the room: whoever listened anew may have been told twice.
    let told: BTreeMap<(Stream, Seq), &Event> =
        events(history).map(|event| ((event.stream, event.seq), event)).collect();
    for event in told.into_values() {
        let Stream::Room(room) = event.stream else { continue };
        if let Some((member, false)) = membership(&event.change) {
            known.remove(&(room, member));
        }
        if let Change::MarksMoved(moved) = event.change {
            let before = known.insert((room, moved.member), moved.marks).unwrap_or_default();
            if before.merge(moved.marks) != moved.marks || moved.marks.delivered >= event.seq {
                found.push(Violation::WrongMarks(room, moved, event.seq));
            }
        }
    }
}

/// Every event is the one after the last, but where listening begins anew.
fn live_order(history: &History, found: &mut Vec<Violation>) {
    let mut places: BTreeMap<Stream, Seq> = BTreeMap::new();
    for hearing in &history.heard {
        match hearing {
            Hearing::Begins(stream, after) | Hearing::Reset(stream, after) => drop(places.insert(*stream, *after)),
            Hearing::Event(event) => {
                let before = places.insert(event.stream, event.seq).unwrap_or(Seq::ZERO);
                let pair = [before, event.seq];
                if event.seq <= before {
                    found.push(Violation::OutOfOrder(history.who.id, event.stream, pair));
                } else if event.seq > before.next() {
                    found.push(Violation::Gap(history.who.id, event.stream, pair));
                }
            }
        }
    }
}

/// A page rises, and lacks nothing between its first message and its last.
fn page_order(history: &History, kept: &Kept, found: &mut Vec<Violation>) {
    for page in &history.pages {
        let stream = Stream::Room(page.room);
        let there: BTreeSet<Seq> = kept.get(&page.room).into_iter().flatten().map(|message| message.seq).collect();
        for pair in page.messages.windows(2).map(|pair| [pair[0].seq, pair[1].seq]) {
            let [before, next] = pair;
            if next <= before {
                found.push(Violation::OutOfOrder(history.who.id, stream, pair));
            } else if there.range(before.next()..next).next().is_some() {
                found.push(Violation::Gap(history.who.id, stream, pair));
            }
        }
    }
}

/// What is sent for the first time on a connection stands after what was sent on it before, if both were acknowledged there.
fn lines(history: &History, found: &mut Vec<Violation>) {
    let mut last: BTreeMap<(u32, RoomId), Seq> = BTreeMap::new();
    let mut known = BTreeSet::new();
    for write in &history.writes {
        let is_new = known.insert(&write.wish.key);
        let Outcome::Kept(posted, _) = &write.outcome else { continue };
        let before = last.entry((write.line, posted.room)).or_default();
        if is_new && posted.seq <= *before {
            found.push(Violation::Inverted(posted.room, [*before, posted.seq]));
        }
        *before = posted.seq.max(*before);
    }
}

/// What is sent after somebody got a receipt stands after what the receipt is for.
fn known_first(histories: &[History], found: &mut Vec<Violation>) {
    let mut moments: Vec<(Moment, RoomId, Seq, Option<Moment>)> = Vec::new();
    for history in histories {
        let mut first_asked: BTreeMap<&str, Moment> = BTreeMap::new();
        for write in &history.writes {
            first_asked.entry(&write.wish.key).or_insert(write.asked);
        }
        for (write, posted, told) in acknowledged(history) {
            let asked = first_asked[write.wish.key.as_str()];
            moments.push((asked, posted.room, posted.seq, None));
            moments.push((told, posted.room, posted.seq, Some(asked)));
        }
    }
    moments.sort_by_key(|(moment, ..)| *moment);
    let mut newest: BTreeMap<RoomId, Seq> = BTreeMap::new();
    for (_, room, seq, receipt) in moments {
        let known = newest.entry(room).or_default();
        match receipt {
            Some(_) => *known = seq.max(*known),
            None if seq <= *known => found.push(Violation::Inverted(room, [*known, seq])),
            None => {}
        }
    }
}

/// All readings of one place are the same, and what was shown is still there.
fn agreement(histories: &[History], kept: &Kept, found: &mut Vec<Violation>) {
    let mut places: BTreeMap<(RoomId, Seq), Option<Message>> = BTreeMap::new();
    for (room, message) in in_rooms(kept) {
        places.insert((room, message.seq), Some(message.clone()));
    }
    let mut differ = BTreeSet::new();
    for history in histories {
        for (room, seq, shown) in shown(history) {
            let is_message = shown.is_some();
            match places.entry((room, seq)) {
                Entry::Occupied(taken) if *taken.get() != shown => drop(differ.insert((room, seq))),
                Entry::Occupied(_) => {}
                Entry::Vacant(free) => {
                    free.insert(shown);
                    if is_message && kept.contains_key(&room) {
                        found.push(Violation::Vanished(history.who.id, room, seq));
                    }
                }
            }
        }
    }
    found.extend(differ.into_iter().map(|(room, seq)| Violation::Disagreement(room, seq)));
}

/// Every message that is there or was shown is one that its author sent.
fn unsent(histories: &[History], kept: &Kept, found: &mut Vec<Violation>) {
    let mut sent = BTreeSet::new();
    for history in histories {
        let wishes = history.writes.iter().map(|write| &write.wish);
        sent.extend(wishes.map(|wish| (history.who.id, wish.room, wish.key.as_str(), wish.text.as_str())));
    }
    let at_the_end = in_rooms(kept).map(|(room, message)| (room, message.clone()));
    let seen = histories.iter().flat_map(shown).filter_map(|(room, _, message)| Some((room, message?)));
    let mut accused = BTreeSet::new();
    for (room, message) in at_the_end.chain(seen) {
        let name = (message.said.author.id, room, message.said.key.as_str(), message.said.text.as_str());
        if !sent.contains(&name) && accused.insert((room, message.seq)) {
            found.push(Violation::Unsent(room, message.seq, message.said.key.as_str().to_owned()));
        }
    }
}

/// Nobody is given what came after they had left for good. (Who comes back may read what they missed.) Who left when is what
/// anybody heard.
fn after_leaving(histories: &[History], found: &mut Vec<Violation>) {
    let mut changes: BTreeMap<(RoomId, UserId), BTreeMap<Seq, bool>> = BTreeMap::new();
    for event in histories.iter().flat_map(events) {
        let (Stream::Room(room), Some((member, is_in))) = (event.stream, membership(&event.change)) else { continue };
        changes.entry((room, member)).or_default().insert(event.seq, is_in);
    }
    for history in histories {
        for (room, seq, _) in shown(history) {
            let Some(changes) = changes.get(&(room, history.who.id)) else { continue };
            let comes_back = changes.range(seq..).any(|(_, is_in)| *is_in);
            if let (Some((left, false)), false) = (changes.range(..seq).next_back(), comes_back) {
                found.push(Violation::HeardAfterLeaving(history.who.id, room, [*left, seq]));
            }
        }
    }
}

fn membership(change: &Change) -> Option<(UserId, bool)> {
    match change {
        Change::MemberJoined { member } => Some((member.id, true)),
        Change::MemberLeft { member } => Some((member.id, false)),
        Change::MessagePosted(_)
        | Change::MessageEdited(_)
        | Change::MessageDeleted { .. }
        | Change::ReactionSet { .. }
        | Change::PinSet { .. }
        | Change::TopicSet { .. }
        | Change::MarksMoved(_)
        | Change::ProfileSet { .. }
        | Change::Reminded { .. }
        | Change::Withheld {}
        | Change::RoomJoined { .. }
        | Change::RoomLeft { .. }
        | Change::RoomRead { .. }
        | Change::RoomPrefsSet { .. }
        | Change::NoticePrefsSet(_)
        | Change::RegardSet(_)
        | Change::ReceiptsSet { .. }
        | Change::SessionClosed { .. } => None,
    }
}

fn acknowledged(history: &History) -> impl Iterator<Item = (&Write, &Posted, Moment)> {
    history.writes.iter().filter_map(|write| match &write.outcome {
        Outcome::Kept(posted, told) => Some((write, posted, *told)),
        Outcome::Unknown | Outcome::Refused(..) => None,
    })
}

fn events(history: &History) -> impl Iterator<Item = &Event> {
    history.heard.iter().filter_map(|hearing| match hearing {
        Hearing::Event(event) => Some(&**event),
        Hearing::Begins(..) | Hearing::Reset(..) => None,
    })
}

/// Every place of a room that this client was shown, live or on a page, with the message there if there is one.
fn shown(history: &History) -> impl Iterator<Item = (RoomId, Seq, Option<Message>)> {
    let live = events(history).filter_map(|event| match event.stream {
        Stream::Room(room) => Some((room, event.seq, event.message())),
        Stream::User(_) => None,
    });
    let read = history
        .pages
        .iter()
        .flat_map(|page| page.messages.iter().map(move |message| (page.room, message.seq, Some(message.clone()))));
    live.chain(read)
}

fn in_rooms(kept: &Kept) -> impl Iterator<Item = (RoomId, &Message)> {
    kept.iter().flat_map(|(room, messages)| messages.iter().map(move |message| (*room, message)))
}
