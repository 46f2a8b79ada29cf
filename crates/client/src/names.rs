//! What people are called now. A word about somebody may be old: written down long ago, under way for long, or overtaken on another
//! stream. The one with the greatest version counts, whichever way it came.

use std::collections::BTreeMap;

use model::{Person, UserId};

use crate::{Client, Effect, What};

/// The newest word of everybody who ever told something else of themselves, as far as it came here.
#[derive(Debug, Default)]
pub(crate) struct Names(BTreeMap<UserId, Person>);

impl Names {
    /// Takes a word in; says whether it was news.
    pub(crate) fn hear(&mut self, person: &Person) -> bool {
        let known = self.0.get(&person.id).map_or(0, |known| known.version);
        let news = person.version > known;
        if news {
            self.0.insert(person.id, person.clone());
        }
        news
    }

    /// The newest word of somebody.
    pub(crate) fn of<'a>(&'a self, person: &'a Person) -> &'a Person {
        self.0.get(&person.id).filter(|known| known.version > person.version).unwrap_or(person)
    }

    /// In another life of the database versions begin anew.
    pub(crate) fn forget(&mut self) {
        self.0.clear();
    }
}

impl Client {
    /// Somebody as they are known by now: `person` is a word of them, perhaps an old one.
    #[must_use]
    pub fn named<'a>(&'a self, person: &'a Person) -> &'a Person {
        self.names.of(person)
    }

    /// The people of a direct chat, as the server names them.
    pub(crate) fn known_by(&mut self, room: &model::Room, out: &mut Vec<Effect>) {
        room.people.iter().for_each(|person| self.renew(person, out));
    }

    /// Something was said of a person. If it is news, it holds wherever they are.
    pub(crate) fn renew(&mut self, person: &Person, out: &mut Vec<Effect>) {
        if !self.names.hear(person) {
            return;
        }
        if self.me.as_mut().is_some_and(|me| me.person.renew(person)) {
            out.push(Effect::Changed(What::Me));
        }
        for (id, room) in &mut self.rooms {
            if room.members.renew(person) {
                out.push(Effect::Changed(What::Members(*id)));
            }
            for one in &mut room.info.people {
                one.renew(person);
            }
        }
        out.extend([Effect::Changed(What::Rooms), Effect::Changed(What::People)]);
        out.extend(self.open.map(|open| Effect::Changed(What::Timeline(open))));
        out.extend(self.open.map(|open| Effect::Changed(What::Typists(open))));
        out.extend(self.home().map(|home| Effect::KeepHome(Box::new(home))));
    }
}
