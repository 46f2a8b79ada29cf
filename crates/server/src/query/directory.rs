//! Which rooms are there?

use model::{Session, limits::DIRECTORY_PAGE_MAX};
use protocol::http::{Directory, DirectoryEntry};
use store::rooms;
use unicase::UniCase;

use crate::{Failure, House};

/// The rooms that the asker can see whose name begins with `prefix`, by name.
pub(crate) async fn directory(house: &House, session: &Session, prefix: &str) -> Result<Directory, Failure> {
    let user = session.person.id;
    // No room's name has one, and PostgreSQL refuses to compare with it.
    if prefix.chars().any(char::is_control) {
        return Ok(Directory { rooms: Vec::new() });
    }
    let prefix = UniCase::unicode(prefix.trim()).to_folded_case();
    let listed = house.store.read(move |conn| {
        Box::pin(async move { Ok::<_, Failure>(rooms::directory(conn, user, &prefix, DIRECTORY_PAGE_MAX).await?) })
    });
    let entry =
        |listed: rooms::Listed| DirectoryEntry { room: listed.room, members: listed.members, joined: listed.joined };
    Ok(Directory { rooms: listed.await?.into_iter().map(entry).collect() })
}
