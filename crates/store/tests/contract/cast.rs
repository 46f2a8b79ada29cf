//! People and rooms of the suite, and what they do.

use model::{
    Body, ClientKey, Event, Marks, Membership, Message, Permit, Person, Post, Posted, Read, RoomName, Said, Scopes,
    Seq, Session, SessionId, Stream, TokenHash, Username, Visibility, rules,
};
use store::{
    Fault, Lane, Tx, directs,
    marks::{self, Step},
    members::{self, Standing},
    messages, rooms, streams, users,
};

use crate::archive::{Archive, NOW};

pub(crate) fn name(text: &str) -> RoomName {
    RoomName::parse(text).unwrap()
}

pub(crate) fn key(text: &str) -> ClientKey {
    ClientKey::parse(text).unwrap()
}

pub(crate) fn body(text: &str) -> Body {
    Body::parse(text).unwrap()
}

pub(crate) fn token(byte: u8) -> TokenHash {
    TokenHash::new([byte; 32])
}

pub(crate) async fn person(tx: &mut Tx, username: &str) -> Result<Option<Person>, Fault> {
    let username = Username::parse(username).unwrap();
    let password = model::PasswordHash::new("not a hash".into());
    users::insert(tx, &users::NewUser { username, password, admin: false }, NOW).await
}

pub(crate) fn permit(person: &Person, room: &model::Room) -> Permit<Post> {
    let session = Session { id: SessionId::new(1), person: person.clone(), admin: false, scopes: Scopes::ALL };
    rules::may_post(&session, Some(room.clone()), Membership::Member).unwrap()
}

pub(crate) fn reader(person: &Person, room: &model::Room) -> Permit<Read> {
    let session = Session { id: SessionId::new(1), person: person.clone(), admin: false, scopes: Scopes::ALL };
    rules::may_read(&session, Some(room.clone()), Membership::Member).unwrap()
}

/// Alice and Bob in the lobby.
pub(crate) async fn lobby(archive: &Archive) -> (Person, Person, model::Room) {
    let made = archive.store.write(Lane::Any, |tx| {
        Box::pin(async move {
            let (alice, bob) = (person(tx, "alice").await?.unwrap(), person(tx, "bob").await?.unwrap());
            let lobby = rooms::insert(tx, &name("lobby"), Visibility::Public, NOW).await?.unwrap();
            for member in [&alice, &bob] {
                assert!(members::join(tx, &lobby, member, NOW).await?);
            }
            Ok::<_, Fault>((alice, bob, lobby))
        })
    });
    made.await.unwrap()
}

pub(crate) async fn post(archive: &Archive, author: &Person, room: &model::Room, k: &str, text: &str) -> Posted {
    let (author, room) = (author.clone(), room.clone());
    let message = Said::new(author.clone(), key(k), body(text));
    let lane = Lane::One(Stream::Room(room.id));
    let posted = archive.store.write(lane, move |tx| {
        Box::pin(async move { messages::append(tx, permit(&author, &room), message, None, NOW).await })
    });
    posted.await.unwrap().unwrap()
}

pub(crate) async fn history(
    archive: &Archive,
    who: &Person,
    room: &model::Room,
    before: u64,
    limit: usize,
) -> Vec<Message> {
    let permit = reader(who, room);
    let page = archive
        .store
        .read(move |conn| Box::pin(async move { messages::before(conn, &permit, Seq::new(before), limit).await }));
    page.await.unwrap().messages
}

/// A new account.
pub(crate) async fn account(archive: &Archive, username: &'static str) -> Person {
    archive.store.write(Lane::Any, move |tx| Box::pin(person(tx, username))).await.unwrap().unwrap()
}

/// The direct chat of these people, who are in order.
pub(crate) async fn direct(archive: &Archive, people: &[&Person]) -> model::Room {
    let people: Vec<_> = people.iter().copied().cloned().collect();
    let lane = Lane::Many(Stream::User(people[0].id));
    archive.store.write(lane, move |tx| Box::pin(async move { directs::open(tx, people, NOW).await })).await.unwrap()
}

/// Moves somebody's marks, as the verb does.
pub(crate) async fn mark(archive: &Archive, who: &Person, room: &model::Room, marks: Marks, told: bool) {
    let (permit, stream) = (reader(who, room), Stream::Room(room.id));
    let moved = archive.store.write(Lane::Many(stream), move |tx| {
        Box::pin(async move {
            let head = streams::lock(tx, stream).await?.unwrap();
            let from = marks::find(tx, &permit).await?;
            let to = from.merge(marks.up_to(head));
            marks::advance(tx, &permit, Step { from, to, told }, NOW).await
        })
    });
    Result::<(), Fault>::unwrap(moved.await);
}

/// What stands in a stream after a place.
pub(crate) async fn log(archive: &Archive, stream: Stream, after: u64) -> Vec<Event> {
    let read = archive
        .store
        .read(move |conn| Box::pin(async move { streams::events_since(conn, stream, Seq::new(after), 10_000).await }));
    Result::<_, Fault>::unwrap(read.await)
}

/// Where a person stands in a room.
pub(crate) async fn standing(archive: &Archive, who: &Person, room: &model::Room) -> Standing {
    let (who, room) = (who.id, room.id);
    let all: Result<_, Fault> = archive.store.read(move |conn| Box::pin(members::rooms_of(conn, who))).await;
    all.unwrap().into_iter().find(|standing| standing.room.id == room).unwrap()
}
