//! Direct chats: rooms without a name, of which the same people have one.
//!
//! Who is in one is settled when it is made; its name on the wire is theirs, put together whenever it is read.

use std::collections::HashMap;

use model::{
    Change, Person, Room, RoomId, RoomName, Seq, Stream, Timestamp, UserId, Visibility, limits::DIRECT_PEOPLE_MAX,
};

use crate::{Fault, Tx, engine::Conn, members, sql::Sql, streams, users};

// Of two who open one at once, one gets the row; the other waits for it and finds it.
static INSERT: Sql = Sql::new(
    "INSERT INTO rooms (name, name_key, visibility, created_at, direct_key) VALUES ('', '', 3, ?2, ?1)
     ON CONFLICT DO NOTHING RETURNING id",
);
static FIND: Sql = Sql::new("SELECT id FROM rooms WHERE direct_key = ?1");
static ENTER: Sql = Sql::new("INSERT INTO members (room_id, user_id, joined_at) VALUES (?1, ?2, ?3)");
static PEOPLE_OF: Sql = Sql::new(
    "SELECT o.room_id, u.id, u.username, u.display, u.version, u.picture, u.owner_id
     FROM members me
     JOIN rooms r ON r.id = me.room_id AND r.visibility = 3
     JOIN members o ON o.room_id = me.room_id
     JOIN users u ON u.id = o.user_id
     WHERE me.user_id = ?1 ORDER BY o.room_id, o.user_id",
);

pub(crate) static STATEMENTS: [&Sql; 4] = [&INSERT, &FIND, &ENTER, &PEOPLE_OF];

/// The direct chat of these people, who are in order of their ids.
pub async fn find(conn: &mut Conn, people: &[Person]) -> Result<Option<Room>, Fault> {
    let Some(mut row) = conn.row(&FIND, &[key(people).into()]).await? else { return Ok(None) };
    Ok(Some(between(RoomId::new(row.int()?), people.to_vec())))
}

/// The direct chat of these people, made if there is none. They are in order of their ids, and so are their streams taken:
/// two who open chats with the same people never wait for one another. Each of their streams tells of a new one.
pub async fn open(tx: &mut Tx, people: Vec<Person>, at: Timestamp) -> Result<Room, Fault> {
    let Some(mut row) = tx.row(&INSERT, &[key(&people).into(), at.into()]).await? else {
        return find(tx, &people).await?.ok_or_else(|| Fault::new("a direct chat is there and cannot be found"));
    };
    let room = between(RoomId::new(row.int()?), people);
    streams::open(tx, Stream::Room(room.id), at).await?;
    for person in &room.people {
        tx.run(&ENTER, &[room.id.into(), person.id.into(), at.into()]).await?;
        let entered = Change::RoomJoined { room: room.clone(), head: Seq::ZERO };
        streams::record(tx, Stream::User(person.id), entered, at).await?;
    }
    Ok(room)
}

/// A direct chat gets its people and their names; other rooms stay as they are.
pub(crate) async fn complete(conn: &mut Conn, room: Room) -> Result<Room, Fault> {
    match room.visibility {
        Visibility::Public | Visibility::Private => Ok(room),
        Visibility::Direct => {
            let people = members::page(conn, room.id, UserId::new(0), DIRECT_PEOPLE_MAX).await?;
            Ok(between(room.id, people))
        }
    }
}

/// Everybody in each of a person's direct chats.
pub(crate) async fn people_of(conn: &mut Conn, user: UserId) -> Result<HashMap<RoomId, Vec<Person>>, Fault> {
    let mut directs: HashMap<_, Vec<_>> = HashMap::new();
    for mut row in conn.rows(&PEOPLE_OF, &[user.into()]).await? {
        let room = RoomId::new(row.int()?);
        let person = users::person(&mut row)?;
        directs.entry(room).or_default().push(person);
    }
    Ok(directs)
}

pub(crate) fn between(id: RoomId, people: Vec<Person>) -> Room {
    let names: Vec<_> = people.iter().map(|person| person.name.as_str()).collect();
    Room { id, name: RoomName::kept(names.join(", ")), visibility: Visibility::Direct, topic: None, people }
}

fn key(people: &[Person]) -> String {
    people.iter().map(|person| person.id.to_string()).collect::<Vec<_>>().join(",")
}
