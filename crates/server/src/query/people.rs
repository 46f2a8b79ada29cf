//! Who has an account here?

use model::{Presence, Session, UserId, Username, limits::PEOPLE_PAGE_MAX};
use protocol::http::{People, PersonEntry};
use store::users::{self, Known};

use crate::{Failure, House};

/// The people with an id above `after` whose name begins with `prefix`, a page of them. How those are who share a room with
/// the asker is told, too.
pub(crate) async fn people(house: &House, session: &Session, prefix: &str, after: UserId) -> Result<People, Failure> {
    let asker = session.person.id;
    // No name has one, and PostgreSQL refuses to compare with it.
    if prefix.chars().any(char::is_control) {
        return Ok(People { people: Vec::new(), next: None });
    }
    let prefix = Username::kept(prefix.trim().to_owned()).key();
    let read = house.store.read(move |conn| {
        Box::pin(async move { Ok::<_, Failure>(users::page(conn, asker, &prefix, after, PEOPLE_PAGE_MAX + 1).await?) })
    });
    let mut known = read.await?;
    let more = known.len() > PEOPLE_PAGE_MAX;
    known.truncate(PEOPLE_PAGE_MAX);
    let next = if more { known.last().map(|known| known.person.id) } else { None };
    Ok(People { people: known.into_iter().map(|known| entry(house, known)).collect(), next })
}

pub(super) fn entry(house: &House, known: Known) -> PersonEntry {
    let presence = known.shared.then(|| house.hub.presence(known.person.id));
    let last_seen = known.last_seen.filter(|_| presence == Some(Presence::Offline));
    PersonEntry { person: known.person, presence, last_seen }
}
