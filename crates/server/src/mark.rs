//! Saying how far one has come, whichever door it comes through: the pace, the command.

use model::{Actor, Marks, MoveMarks, RoomId, Session};

use crate::{Failure, House};

/// Moves a person's marks in a room.
pub(crate) async fn mark(house: &House, session: &Session, room: RoomId, marks: Marks) -> Result<(), Failure> {
    house.paces.mark(session.person.id)?;
    house.execute(Actor::SignedIn(session.clone()), MoveMarks { room, marks }).await
}
