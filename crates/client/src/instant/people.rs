//! Who is in an encrypted room, and which counter each sender has reached. A sender's counters are never forgotten, or what it
//! said could be played again.

use std::collections::BTreeMap;

use model::limits::{INSTANT_SENDERS_MAX, TYPING_MS};
use protocol::instant::{Head, Sender};

use super::picture::Incoming;

/// Digits of a tag, when no other sender begins with them.
const TAG_DIGITS: usize = 4;

/// Somebody who is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Here {
    /// The nickname, fit to be shown; it proves nothing.
    pub name: String,
    /// The beginning of the sender, which tells two of one name apart.
    pub tag: String,
    /// Whether they are writing.
    pub types: bool,
}

/// A sender that was heard.
#[derive(Debug, Default)]
pub(super) struct Person {
    /// The first name that they gave: a second one would be a way into another's shoes.
    pub(super) name: Option<String>,
    pub(super) here: bool,
    pub(super) typing_until_ms: u64,
    pub(super) incoming: Option<Incoming>,
    counter: u32,
}

/// All senders that were ever heard.
#[derive(Debug, Default)]
pub(super) struct People {
    known: BTreeMap<Sender, Person>,
}

impl People {
    /// Whoever said this. `None`: it was said before, or too many have been here.
    pub(super) fn heard(&mut self, head: Head) -> Option<&mut Person> {
        if self.known.len() >= INSTANT_SENDERS_MAX && !self.known.contains_key(&head.sender) {
            return None;
        }
        let person = self.known.entry(head.sender).or_default();
        if head.counter <= person.counter {
            return None;
        }
        person.counter = head.counter;
        Some(person)
    }

    /// This sender is the guest's own: what comes under it was played back by somebody.
    pub(super) fn is_me(&mut self, sender: Sender) {
        self.known.insert(sender, Person { counter: u32::MAX, ..Person::default() });
    }

    pub(super) fn get(&mut self, sender: Sender) -> Option<&mut Person> {
        self.known.get_mut(&sender)
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Person> {
        self.known.values_mut()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Person> {
        self.known.values()
    }

    pub(super) fn count_here(&self) -> usize {
        self.known.values().filter(|person| person.here).count()
    }

    /// The name of a sender, and a tag that no other sender has had.
    pub(super) fn name_and_tag(&self, sender: Sender) -> (String, String) {
        let name = self.known.get(&sender).and_then(|person| person.name.clone());
        let whole = sender.text();
        let is_alone = |tag: &str| self.known.keys().all(|other| *other == sender || !other.text().starts_with(tag));
        let tag = [TAG_DIGITS, 2 * TAG_DIGITS].into_iter().filter_map(|digits| whole.get(..digits));
        let tag = tag.map(str::to_owned).find(|tag| is_alone(tag)).unwrap_or(whole);
        (name.unwrap_or_else(|| super::nick("")), tag)
    }

    /// Those who are here, by name.
    pub(super) fn here(&self, now_ms: u64) -> Vec<Here> {
        let here = self.known.iter().filter(|(_, person)| person.here);
        let mut here: Vec<_> = here
            .map(|(sender, person)| {
                let (name, tag) = self.name_and_tag(*sender);
                Here { name, tag, types: person.typing_until_ms > now_ms }
            })
            .collect();
        here.sort_by(|a, b| (&a.name, &a.tag).cmp(&(&b.name, &b.tag)));
        here
    }

    /// When the next one stops writing.
    pub(super) fn wake_at(&self, now_ms: u64) -> Option<u64> {
        self.known.values().map(|person| person.typing_until_ms).filter(|until_ms| *until_ms > now_ms).min()
    }

    /// Somebody is writing from now on, for a while.
    pub(super) fn types(person: &mut Person, now_ms: u64) {
        person.typing_until_ms = now_ms + TYPING_MS;
    }
}
