//! The list of rooms: favourites, chats with people, rooms, each by name. It does not move while one reads it.

use client::{Client, Room};
use model::{Person, RoomId, UserId, Visibility, limits::UNREAD_MAX};

use crate::text;

/// A room in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) id: RoomId,
    /// What the person calls it.
    pub(crate) title: String,
    /// How many messages are unread, or a dot if it is to be seen so; nothing, if none is.
    pub(crate) unread: String,
}

/// The rooms that the person is in.
pub(crate) fn listed(client: &Client) -> Vec<Listed> {
    let me = client.me().map(|me| me.person.id);
    let mut rooms: Vec<_> = client
        .rooms()
        .map(|room| {
            let list = match (room.prefs().favourite, room.is_direct()) {
                (true, _) => 0,
                (false, true) => 1,
                (false, false) => 2,
            };
            let title = title(room.info(), me);
            ((list, title.to_lowercase(), room.id()), Listed { id: room.id(), title, unread: unread(room) })
        })
        .collect();
    rooms.sort_by(|(one, _), (other, _)| one.cmp(other));
    rooms.into_iter().map(|(_, listed)| listed).collect()
}

/// What the person calls a room: `#` stands before one that everybody finds, `@` before somebody.
pub(crate) fn title(room: &model::Room, me: Option<UserId>) -> String {
    let others: Vec<&str> = room.people.iter().filter(|person| Some(person.id) != me).map(Person::called).collect();
    let title = match room.visibility {
        Visibility::Public => format!("#{}", room.name.as_str()),
        Visibility::Private => format!("+{}", room.name.as_str()),
        Visibility::Direct if others.is_empty() => "Notes to yourself".to_owned(),
        Visibility::Direct => format!("@{}", others.join(", ")),
    };
    text::line(&title)
}

fn unread(room: &Room) -> String {
    match room.unread() {
        0 if room.unread_from().is_some() => "•".to_owned(),
        0 => String::new(),
        UNREAD_MAX.. => "99+".to_owned(),
        count => count.to_string(),
    }
}
