//! What a command asks the server for.

use leptos::{prelude::*, task::spawn_local};
use model::RoomId;

use crate::app::App;

/// What is to be done.
pub(crate) enum Errand {
    /// Say what the room is about.
    Topic(String),
    /// Bring somebody in.
    Invite(String),
    /// Open the chat with somebody.
    Direct(String),
    Leave,
}

/// Does it. What stands in the way is told to `trouble`.
pub(crate) fn run(app: App, room: RoomId, errand: Errand, trouble: RwSignal<Option<String>>) {
    spawn_local(async move {
        let done = match errand {
            Errand::Topic(topic) => app.set_topic(room, topic).await,
            Errand::Leave => app.leave_room(room).await,
            Errand::Direct(name) => app.open_direct_with(&name).await,
            Errand::Invite(name) => {
                let added = app.add_member(room, name).await;
                added.map(|who| app.tell(format!("{} is in this room now.", who.called())))
            }
        };
        if let Err(why) = done {
            trouble.set(Some(why.words()));
        }
    });
}
