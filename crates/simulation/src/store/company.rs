//! Commands about a room as a place, and about others as company.

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

    pub(super) fn add(
        &mut self,
        session: &Session,
        room: RoomId,
        whom: UserId,
        (now, told): (Timestamp, &mut Vec<Event>),
    ) -> Result<(), Refusal> {
        let membership = self.state.membership(room, session.person.id);
        let room = rules::may_add_member(self.find(room), membership)?;
        rules::may_reach(self.state.part(session.person.id, whom))?;
        self.enter(&room, whom, now, told);
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

    /// Refuses what would pass between two of whom one blocks the other.
    pub(super) fn reach(&self, who: &Session, room: RoomId) -> Result<(), Refusal> {
        let people = self.state.rooms.get(&room).map(|kept| kept.room.people.as_slice()).unwrap_or_default();
        if let [one, other] = people
            && [one.id, other.id].contains(&who.person.id)
        {
            rules::may_reach(self.state.part(one.id, other.id))?;
        }
        Ok(())
    }
}
