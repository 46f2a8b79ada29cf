//! May somebody have a file, and where are its bytes?

use model::{File, FileId, Membership, Refusal, Session};
use store::{
    files::{self, Blobs},
    members,
};

use crate::{Failure, House};

/// A file and its blobs: for the members of its room; before it goes with a message, for whoever uploaded it. For everybody else,
/// and before it is finished, there is no such file.
pub(crate) async fn file(house: &House, session: &Session, id: FileId) -> Result<(File, Blobs), Failure> {
    let asker = session.person.id;
    let read = house.store.read::<_, Failure, _>(move |conn| {
        Box::pin(async move {
            let kept = files::find(conn, id).await?.ok_or(Refusal::NotFound)?;
            let may = match kept.message {
                Some(_) => members::find(conn, kept.announced.room, asker).await? == Membership::Member,
                None => kept.announced.owner == asker,
            };
            Ok(kept.finished.filter(|_| may).ok_or(Refusal::NotFound)?)
        })
    });
    read.await
}
