//! Where does everything of this person stand?

use model::{NoticePrefs, Regarded, Seq, Sight, Stream, UserId};
use protocol::RoomHead;
use store::{
    members::{self, Standing},
    notice_prefs, regards, streams,
};

use crate::{Failure, House};

/// Where a person's streams stand, at one moment.
pub(crate) struct Hello {
    /// The head of the person's own stream.
    pub(crate) head: Seq,
    /// What they see of others' receipts.
    pub(crate) sight: Sight,
    /// Whom they ignore or block.
    pub(crate) regards: Vec<Regarded>,
    /// What they want of being told at once.
    pub(crate) notices: NoticePrefs,
    /// The rooms they are in, the head of each, and how far they have come.
    pub(crate) rooms: Vec<RoomHead>,
}

/// Where everything of this person stands.
pub(crate) async fn hello(house: &House, user: UserId) -> Result<Hello, Failure> {
    let read = house.store.read(move |conn| {
        Box::pin(async move {
            let head = streams::head(conn, Stream::User(user)).await?.unwrap_or(Seq::ZERO);
            let sight = regards::sight(conn, user).await?;
            let regards = regards::of(conn, user).await?;
            let notices = notice_prefs::find(conn, user).await?;
            let rooms = members::rooms_of(conn, user).await?.into_iter().map(room_head).collect();
            Ok(Hello { head, sight, regards, notices, rooms })
        })
    });
    read.await
}

fn room_head(standing: Standing) -> RoomHead {
    let Standing { room, head, marks, prefs, unread, last_at } = standing;
    RoomHead { room, head, marks, prefs, unread, last_at }
}
