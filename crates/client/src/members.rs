//! Who is in a room: fetched when somebody wants to know, then kept right by the room's events.

use std::collections::BTreeMap;

use model::{Person, RoomId, UserId};
use protocol::http;

use crate::{Client, Effect, What};

/// The members of one room, as far as they are known.
#[derive(Debug, Default)]
pub struct Members {
    people: BTreeMap<UserId, Person>,
    state: State,
    /// What was heard while pages came: a page may be older than that.
    heard: Vec<(Person, bool)>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Unknown,
    /// The page after this person is on its way; none: the first one.
    Loading(Option<UserId>),
    Known,
    Failed,
}

impl Members {
    /// The people, by age of account.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.people.values()
    }

    /// Whether the list is whole.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.state == State::Known
    }

    /// Whether the list could not be fetched.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.state == State::Failed
    }

    /// Whether the list should be fetched now.
    pub(crate) fn ask(&mut self) -> bool {
        let ask = matches!(self.state, State::Unknown | State::Failed);
        if ask {
            self.people.clear();
            self.heard.clear();
            self.state = State::Loading(None);
        }
        ask
    }

    /// Takes the page after somebody in, and returns after whom the next one is, if there is one. Nobody waits for the answer to a
    /// question that was asked before all was forgotten and asked anew: what came before it would be missing.
    pub(crate) fn arrived(
        &mut self,
        page: Vec<Person>,
        (after, next): (Option<UserId>, Option<UserId>),
    ) -> Option<UserId> {
        if self.state != State::Loading(after) {
            return None;
        }
        self.people.extend(page.into_iter().map(|person| (person.id, person)));
        if next.is_some() {
            self.state = State::Loading(next);
        } else {
            self.state = State::Known;
            for (person, present) in std::mem::take(&mut self.heard) {
                self.put(person, present);
            }
        }
        next
    }

    pub(crate) fn failed(&mut self) {
        if let State::Loading(_) = self.state {
            self.state = State::Failed;
        }
    }

    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn heard(&mut self, person: &Person, present: bool) {
        match self.state {
            State::Unknown | State::Failed => {}
            State::Loading(_) => self.heard.push((person.clone(), present)),
            State::Known => self.put(person.clone(), present),
        }
    }

    /// Somebody is called otherwise now. Says whether that can be seen.
    pub(crate) fn renew(&mut self, person: &Person) -> bool {
        for (heard, _) in &mut self.heard {
            heard.renew(person);
        }
        self.people.get_mut(&person.id).is_some_and(|known| known.renew(person))
    }

    fn put(&mut self, person: Person, present: bool) {
        if present {
            self.people.insert(person.id, person);
        } else {
            self.people.remove(&person.id);
        }
    }
}

impl Client {
    pub(crate) fn want_members(&mut self, id: RoomId, out: &mut Vec<Effect>) {
        if self.rooms.get_mut(&id).is_some_and(|room| room.members.ask()) {
            out.extend([Effect::FetchMembers { room: id, after: None }, Effect::Changed(What::Members(id))]);
        }
    }

    pub(crate) fn members_arrived(
        &mut self,
        (id, after): (RoomId, Option<UserId>),
        page: http::Members,
        out: &mut Vec<Effect>,
    ) {
        let http::Members { epoch, members: mut page, next } = page;
        // An answer from another life of the database answers nobody: what was known then is forgotten, and asked anew.
        if self.epoch.as_ref() != Some(&epoch) {
            return;
        }
        for person in &mut page {
            self.renew(person, out);
            *person = self.named(person).clone();
        }
        let Some(room) = self.rooms.get_mut(&id) else { return };
        let next = room.members.arrived(page, (after, next));
        out.push(Effect::Changed(What::Members(id)));
        if next.is_some() {
            out.push(Effect::FetchMembers { room: id, after: next });
        }
    }
}

#[cfg(test)]
mod tests {
    use model::Username;

    use super::*;

    fn person(id: i64) -> Person {
        Person::new(UserId::new(id), Username::kept(format!("p{id}")))
    }

    #[test]
    fn what_was_heard_during_the_fetch_wins() {
        let mut members = Members::default();
        members.heard(&person(9), true);
        assert!(members.ask() && !members.ask());
        members.arrived(vec![person(1), person(2)], (None, Some(UserId::new(2))));
        members.heard(&person(2), false);
        members.heard(&person(4), true);
        members.arrived(vec![person(3)], (Some(UserId::new(2)), None));
        let ids: Vec<i64> = members.people().map(|person| person.id.number()).collect();
        assert_eq!(ids, [1, 3, 4]);
        members.heard(&person(5), true);
        assert_eq!(members.people().count(), 4);
    }

    #[test]
    fn a_page_of_an_older_question_is_nobody_s_answer() {
        let mut members = Members::default();
        assert!(members.ask());
        let two = Some(UserId::new(2));
        assert_eq!(members.arrived(vec![person(1), person(2)], (None, two)), two);
        members.forget();
        assert!(members.ask());
        members.arrived(vec![person(3)], (two, None));
        assert!(!members.is_known(), "those before it are missing");
        members.arrived(vec![person(1), person(2)], (None, two));
        members.arrived(vec![person(3)], (two, None));
        assert!(members.is_known() && members.people().count() == 3);
    }
}
