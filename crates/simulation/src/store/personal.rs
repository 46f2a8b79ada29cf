//! What people keep for themselves: what they want of a room, what they saved, and what they want to see as unread.

use model::{Change, Event, Refusal, RoomId, RoomPrefs, RoomWish, Seq, Session, Stream, Timestamp, rules};
use protocol::Amendment;

use super::Store;

impl Store {
    /// What somebody wants of a room.
    pub(super) fn want(
        &mut self,
        who: &Session,
        what: (RoomId, RoomWish),
        (now, told): (Timestamp, &mut Vec<Event>),
    ) -> Result<(), Refusal> {
        let (user, (room, wish)) = (who.person.id, what);
        rules::may_read(who, self.find(room), self.state.membership(room, user))?;
        let Some(kept) = self.state.rooms.get_mut(&room) else { return Ok(()) };
        let before = kept.prefs.get(&user).copied().unwrap_or_default();
        let prefs = wish.upon(before);
        if prefs != before {
            kept.prefs.insert(user, prefs);
            self.record(Stream::User(user), Change::RoomPrefsSet { room, prefs }, now, told);
        }
        Ok(())
    }

    /// Saves a message for somebody, or marks it as unread for them; the message is there. Gives the head of their own stream.
    pub(super) fn keep_for_oneself(
        &mut self,
        who: &Session,
        (room, message): (RoomId, Seq),
        what: &Amendment,
        (now, told): (Timestamp, &mut Vec<Event>),
    ) -> Result<Seq, Refusal> {
        let (user, stream) = (who.person.id, Stream::User(who.person.id));
        let Some(kept) = self.state.rooms.get_mut(&room) else { return Err(Refusal::NotFound) };
        let deleted = kept.messages.iter().any(|kept| kept.seq == message && kept.deleted);
        let change = match what {
            Amendment::Save { on: true } if deleted => return Err(Refusal::NotFound),
            Amendment::Save { on } => {
                let saved = kept.saved.entry(user).or_default();
                let news = if *on { saved.insert(message) } else { saved.remove(&message) };
                news.then_some(Change::SavedSet { room, message, on: *on })
            }
            Amendment::Unread { on } => {
                let before = kept.prefs.get(&user).copied().unwrap_or_default();
                let ends = before.unread_from == Some(message);
                let prefs = RoomPrefs { unread_from: on.then_some(message), ..before };
                let news = if *on { !ends } else { ends };
                if news {
                    kept.prefs.insert(user, prefs);
                }
                news.then_some(Change::RoomPrefsSet { room, prefs })
            }
            Amendment::Edit { .. } | Amendment::Delete {} | Amendment::React { .. } | Amendment::Pin { .. } => None,
        };
        if let Some(change) = change {
            self.record(stream, change, now, told);
        }
        Ok(self.state.head(stream))
    }
}
