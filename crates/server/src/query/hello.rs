//! Where does everything of this person stand?

use model::{Room, Seq, Stream, UserId};
use store::{members, streams};

use crate::{Failure, House};

/// Where a person's streams stand, at one moment.
pub(crate) struct Hello {
    /// The head of the person's own stream.
    pub(crate) head: Seq,
    /// The rooms they are in, and the head of each.
    pub(crate) rooms: Vec<(Room, Seq)>,
}

/// Where everything of this person stands.
pub(crate) async fn hello(house: &House, user: UserId) -> Result<Hello, Failure> {
    let read = house.store.read(move |conn| {
        Box::pin(async move {
            let head = streams::head(conn, Stream::User(user)).await?.unwrap_or(Seq::ZERO);
            Ok(Hello { head, rooms: members::rooms_of(conn, user).await? })
        })
    });
    read.await
}
