//! Which messages have these words?

use model::{
    RoomId, RoomName, Search, Session, Username, Wish,
    limits::{SEARCH_PAGE_MAX, SEARCH_PLACES_MAX},
};
use protocol::http::{FoundMessage, FoundMessages};
use store::{
    Conn, Fault, directs,
    search::{self as index, Mark, Sought},
    users,
};

use super::gathered::placed;
use crate::{Failure, House};

/// What is looked for, and which page of it.
pub(crate) struct Wanted {
    /// What the asker typed, read.
    pub(crate) search: Search,
    /// The last message of the page before.
    pub(crate) before: Option<i64>,
    /// How many messages.
    pub(crate) limit: usize,
}

/// A page of what is found in the asker's rooms, newest first. Who searches takes a turn: it costs more than a look.
pub(crate) async fn search(house: &House, session: Session, wanted: Wanted) -> Result<FoundMessages, Failure> {
    let turn = house.searches.take(session.person.id).await?;
    let (epoch, time) = (house.store.epoch().clone(), house.settings.search);
    let read = house.store.read::<_, Failure, _>(move |conn| {
        Box::pin(async move {
            // Whoever stops waiting does not stop the database.
            let _turn = turn;
            let Wanted { search, before, limit } = wanted;
            let limit = limit.clamp(1, SEARCH_PAGE_MAX);
            let complete = index::is_filled(conn).await?;
            let sought = match sought(conn, &session, &search).await? {
                Some(sought) if !search.is_blank() => Sought { before, ..sought },
                Some(_) | None => {
                    return Ok(FoundMessages { epoch, rooms: Vec::new(), found: Vec::new(), next: None, complete });
                }
            };
            // One more than wanted tells whether there are others beyond.
            let mut places = index::find(conn, session.person.id, &sought, limit + 1, time).await.map_err(refuse)?;
            let more = places.len() > limit;
            places.truncate(limit);
            let next = if more { places.last().map(|last| last.id.to_string()) } else { None };
            let places = places.iter().map(|found| (found.room, found.seq));
            let (rooms, messages) = placed(conn, &session, places).await?;
            let found = messages.into_iter().map(|(room, message)| {
                let places = search.places(message.said.text.as_str(), SEARCH_PLACES_MAX);
                FoundMessage { room, message, places }
            });
            let found = found.collect();
            Ok(FoundMessages { epoch, rooms, found, next, complete })
        })
    });
    read.await
}

fn refuse(fault: Fault) -> Failure {
    if fault.is_slow() { model::Refusal::SearchTooBroad.into() } else { fault.into() }
}

/// What was typed, with people and rooms in the place of their names. `None` if one of them is nobody, or no room of the asker's:
/// then nothing can be found.
async fn sought(conn: &mut Conn, session: &Session, search: &Search) -> Result<Option<Sought>, Failure> {
    let mut sought = Sought { since: search.since, until: search.until, ..Sought::default() };
    let (mut authors, mut rooms) = (None, None);
    for wish in &search.wanted {
        match wish {
            Wish::Words(phrase) => sought.wanted.push(vec![Mark::Words(phrase.clone())]),
            Wish::Has(has) => sought.wanted.push(vec![Mark::Has(*has)]),
            Wish::From(name) => authors.get_or_insert_with(Vec::new).extend(author(conn, session, name).await?),
            Wish::In(name) => rooms.get_or_insert_with(Vec::new).extend(rooms_of(conn, session, name).await?),
        }
    }
    for group in [authors, rooms].into_iter().flatten() {
        if group.is_empty() {
            return Ok(None);
        }
        sought.wanted.push(group);
    }
    for wish in &search.unwanted {
        match wish {
            Wish::Words(phrase) => sought.unwanted.push(Mark::Words(phrase.clone())),
            Wish::Has(has) => sought.unwanted.push(Mark::Has(*has)),
            Wish::From(name) => sought.unwanted.extend(author(conn, session, name).await?),
            Wish::In(name) => sought.unwanted.extend(rooms_of(conn, session, name).await?),
        }
    }
    Ok(Some(sought))
}

async fn author(conn: &mut Conn, session: &Session, name: &str) -> Result<Option<Mark>, Fault> {
    if name.eq_ignore_ascii_case("me") {
        return Ok(Some(Mark::Author(session.person.id)));
    }
    Ok(person(conn, name).await?.map(|person| Mark::Author(person.id)))
}

async fn person(conn: &mut Conn, name: &str) -> Result<Option<model::Person>, Fault> {
    match Username::parse(name.trim_start_matches('@')) {
        Ok(name) => users::find(conn, &name).await,
        Err(_) => Ok(None),
    }
}

/// The asker's rooms that are called so: by name, by number, or with `@` the direct chat with somebody.
async fn rooms_of(conn: &mut Conn, session: &Session, name: &str) -> Result<Vec<Mark>, Fault> {
    let asker = session.person.id;
    let rooms = if let Ok(id) = name.parse::<RoomId>() {
        vec![id]
    } else if name.starts_with('@') {
        direct_with(conn, session, name).await?.into_iter().collect()
    } else {
        match RoomName::parse(name.trim_start_matches('#')) {
            Ok(name) => index::own_rooms_of_name(conn, asker, &name).await?,
            Err(_) => Vec::new(),
        }
    };
    Ok(rooms.into_iter().map(Mark::Room).collect())
}

async fn direct_with(conn: &mut Conn, session: &Session, name: &str) -> Result<Option<RoomId>, Fault> {
    let Some(other) = person(conn, name).await? else { return Ok(None) };
    let mut people = vec![session.person.clone(), other];
    people.sort_unstable_by_key(|person| person.id);
    people.dedup_by_key(|person| person.id);
    Ok(directs::find(conn, &people).await?.map(|room| room.id))
}

#[cfg(test)]
mod tests {
    use std::{num::NonZeroU32, sync::Arc, time::Duration};

    use futures_util::FutureExt as _;
    use model::{Epoch, Person, Scopes, SessionId, SignUpPolicy, Timestamp, UserId, limits::SEARCHES_AT_ONCE};
    use store::{DatabaseUrl, Store};

    use super::*;
    use crate::{InstantRooms, Pace, Settings, http::Front};

    async fn house(folder: &tempfile::TempDir) -> Arc<House> {
        let now = || Timestamp::from_ms(0);
        let url = DatabaseUrl::Sqlite(folder.path().join("chat.db"));
        let opened = Store::open(&url, Epoch::new("test"), now()).await.unwrap();
        let settings = Settings {
            server_name: "Test".into(),
            public: None,
            trusted_proxies: Vec::new(),
            sign_up: SignUpPolicy::Open,
            posts: Pace { burst: NonZeroU32::MIN, per_second: NonZeroU32::MIN },
            search: Duration::from_secs(2),
            instant: InstantRooms::Off,
            files: None,
            push: None,
            previews: false,
            bots: false,
            own_hosts: Vec::new(),
        };
        let front = Front { assets: Vec::new(), doors_style: "", icon: "", app: Err("none"), instant: Err("none") };
        House::new(opened.store, opened.feed, Arc::new(now), settings, front)
    }

    #[test]
    fn a_search_that_nobody_waits_for_keeps_its_turn_until_the_database_is_done() {
        // SQLite is read on the runtime's one blocking thread, which the test keeps busy for as long as it looks.
        let runtime =
            tokio::runtime::Builder::new_current_thread().max_blocking_threads(1).enable_all().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let person = Person::new(UserId::new(1), Username::kept("alice".into()));
        let session = Session { id: SessionId::new(1), person, admin: false, scopes: Scopes::ALL };
        let wanted = || Wanted { search: Search::parse("stones", 0).unwrap(), before: None, limit: 10 };
        runtime.block_on(async {
            let house = house(&folder).await;
            let (go, wait) = std::sync::mpsc::sync_channel::<()>(1);
            let busy = tokio::task::spawn_blocking(move || wait.recv().is_ok());
            assert!(search(&house, session.clone(), wanted()).now_or_never().is_none(), "it waits for the database");
            assert_eq!(house.searches.free(), SEARCHES_AT_ONCE - 1, "who went away let another one begin");
            go.send(()).unwrap();
            assert!(busy.await.unwrap());
            // One's own next search comes after it.
            search(&house, session, wanted()).await.unwrap();
            assert_eq!(house.searches.free(), SEARCHES_AT_ONCE);
        });
    }
}
