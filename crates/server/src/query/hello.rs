//! Where does everything of this person stand?

use model::{NoticePrefs, Seq, Stream, UserId};
use protocol::RoomHead;
use store::{
    members::{self, Standing},
    notice_prefs, streams, users,
};

use crate::{Failure, House};

/// Where a person's streams stand, at one moment.
pub(crate) struct Hello {
    /// The head of the person's own stream.
    pub(crate) head: Seq,
    /// Whether they give and get receipts.
    pub(crate) receipts: bool,
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
            let receipts = users::gives_receipts(conn, user).await?;
            let notices = notice_prefs::find(conn, user).await?;
            let rooms = members::rooms_of(conn, user).await?.into_iter().map(room_head).collect();
            Ok(Hello { head, receipts, notices, rooms })
        })
    });
    read.await
}

fn room_head(standing: Standing) -> RoomHead {
    let Standing { room, head, marks, prefs, unread, last_at } = standing;
    RoomHead { room, head, marks, prefs, unread, last_at }
}
