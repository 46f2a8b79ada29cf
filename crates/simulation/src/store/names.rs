//! What rooms are about, what people are called, and how they regard each other.

use model::{Change, Event, Line, Refusal, Regard, Regarded, RoomId, Session, Stream, Timestamp, UserId, rules};

use super::Store;

impl Store {
    pub(super) fn name_topic(
        &mut self,
        who: &Session,
        (room, topic): (RoomId, &str),
        (now, told): (Timestamp, &mut Vec<Event>),
    ) -> Result<(), Refusal> {
        rules::may_set_topic(who, self.find(room), self.state.membership(room, who.person.id))?;
        let (by, topic) = (self.state.person(who.person.id).unwrap_or(&who.person).clone(), Line::topic(topic)?);
        if let Some(kept) = self.state.rooms.get_mut(&room).filter(|kept| kept.room.topic != topic) {
            kept.room.topic.clone_from(&topic);
            self.record(Stream::Room(room), Change::TopicSet { by, topic }, now, told);
        }
        Ok(())
    }

    pub(super) fn regard(
        &mut self,
        who: &Session,
        (whom, regard): (UserId, Regard),
        (now, told): (Timestamp, &mut Vec<Event>),
    ) -> Result<(), Refusal> {
        let (user, person) = (who.person.id, self.state.person(whom).cloned().ok_or(Refusal::NotFound)?);
        if self.state.regards.entry(user).or_default().insert(whom, regard).unwrap_or_default() != regard {
            self.record(Stream::User(user), Change::RegardSet(Regarded { person, regard }), now, told);
        }
        Ok(())
    }

    /// A person is called otherwise: all their rooms hear of it, and they themselves; and whatever is read from now on says so.
    pub(super) fn tell_profile(&mut self, user: UserId, now: Timestamp, told: &mut Vec<Event>) {
        let Some(account) = self.state.people.get_mut(&user) else { return };
        let person = &mut account.person;
        person.version += 1;
        person.display = Some(Line::kept(format!("p{user}, as of {}", person.version)));
        let person = person.clone();
        let inside = self.state.rooms.iter().filter(|(_, kept)| kept.members.contains_key(&user));
        let rooms: Vec<RoomId> = inside.map(|(id, _)| *id).collect();
        for kept in self.state.rooms.values_mut() {
            let authors = kept.messages.iter_mut().map(|message| &mut message.said.author);
            for one in kept.room.people.iter_mut().chain(authors) {
                one.renew(&person);
            }
        }
        for room in rooms {
            self.record(Stream::Room(room), Change::ProfileSet { person: person.clone() }, now, told);
        }
        self.record(Stream::User(user), Change::ProfileSet { person }, now, told);
    }
}
