//! Who is this?

use model::{Profile, Refusal, Session, UserId};
use protocol::http::PersonCard;
use store::profiles;

use super::people::entry;
use crate::{Failure, House};

/// Somebody, as the asker may know them: everybody here knows everybody's names, and those who share a room more.
pub(crate) async fn person(house: &House, session: &Session, user: UserId) -> Result<PersonCard, Failure> {
    let (asker, now) = (session.person.id, (house.clock)());
    let read = house
        .store
        .read(move |conn| Box::pin(async move { Ok::<_, Failure>(profiles::card(conn, asker, user).await?) }));
    let (known, told) = read.await?.ok_or(Refusal::NotFound)?;
    let mut profile = if known.shared { told } else { Profile::default() };
    profile.status.take_if(|status| !status.stands(now));
    Ok(PersonCard { entry: entry(house, known), profile })
}
