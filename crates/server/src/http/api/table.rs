//! Every address of the API: who answers, and what is said of it in the document that is made of these lines.

use axum::http::StatusCode;
use model::{File, Person, Posted, Room};
use protocol::{FromClient, SOCKET_PATH, http as body};
use serde_json::json;

use super::{
    accounts, bots, custom_emoji, directs, events, files, gathered, hooks, marks, members, messages, people, portraits,
    previews, profile, push, regards, room_prefs, rooms, scheduled, search, uploads,
};
use crate::{
    http::openapi::{Door, Table, delete, get, patch, post, put},
    instant, ws,
};

/// What is answered soon, or not at all.
pub(crate) fn quick() -> Table {
    let tables = [doors, bytes, pushed, programs, acquaintances, places, conversation, one_message];
    tables.into_iter().fold(Table::new(), |table, more| more(table))
}

/// What takes as long as it takes: sockets, and the bytes of files, which have a pace of their own to keep.
pub(crate) fn slow() -> Table {
    let socket = |door: Door| door.says(StatusCode::SWITCHING_PROTOCOLS, "The socket is open.");
    let offset = json!({ "type": "integer", "format": "int64", "minimum": 0 });
    Table::new()
        .at(
            "/api/v1/uploads/{file}",
            [
                get(uploads::progress, "How far an upload has come.").gives::<body::Upload>(),
                patch(uploads::add, "Send the next bytes of an upload.")
                    .needs("Upload-Offset", &offset)
                    .takes_bytes()
                    .gives::<File>()
                    .says(StatusCode::NO_CONTENT, "They are kept; `Upload-Offset` says how far it has come."),
                delete(uploads::give_up, "Give an upload up.").gives_nothing(),
            ],
        )
        .at(SOCKET_PATH, [socket(get(ws::upgrade, "Open a socket: PROTOCOL.md tells of its frames."))])
        .at("/api/v1/instant/{id}", [socket(get(instant::encrypted, "Enter an encrypted instant room.").open())])
}

fn doors(table: Table) -> Table {
    table
        .at(
            "/api/v1/accounts",
            [post(accounts::sign_up, "Make an account, and sign it in.")
                .open()
                .takes::<body::SignUpBody>()
                .makes::<body::SignedIn>()],
        )
        .at(
            "/api/v1/session",
            [
                get(accounts::who_am_i, "Who is signed in.").gives::<body::WhoAmI>(),
                post(accounts::log_in, "Log in.").open().takes::<body::LogInBody>().gives::<body::SignedIn>(),
                delete(accounts::log_out, "Log out: the session's sockets and lines close.").gives_nothing(),
            ],
        )
        .at(
            "/api/v1/invitations",
            [post(accounts::invite, "Make an invitation: good once, for seven days.").makes::<body::Invitation>()],
        )
        .at(
            "/api/v1/events",
            [post(events::open_line, "Open a line: what stands in for a socket.").makes::<body::LineOpened>()],
        )
        .at(
            "/api/v1/events/{line}",
            [
                get(events::listen, "What came down a line; as server-sent events, if they are what is accepted.")
                    .asks::<events::Wanted>()
                    .gives::<body::Polled>()
                    .says(StatusCode::NO_CONTENT, "Nothing came.")
                    .says(StatusCode::NOT_MODIFIED, "Nothing came since the `If-None-Match`."),
                post(events::speak, "Say a frame. What it brings comes down the line.")
                    .takes::<FromClient>()
                    .says(StatusCode::ACCEPTED, "It was heard."),
                delete(events::close_line, "Say good-bye.").gives_nothing(),
            ],
        )
}

fn bytes(table: Table) -> Table {
    table
        .at(
            "/api/v1/uploads",
            [post(uploads::announce, "Announce a file for a room.")
                .takes::<body::UploadBody>()
                .makes::<body::Upload>()],
        )
        .at("/api/v1/files/{file}", [get(files::whole, "A file.").gives_bytes()])
        .at("/api/v1/files/{file}/preview", [get(files::preview, "A picture, made small.").gives_bytes()])
        .at(
            "/api/v1/emoji",
            [get(custom_emoji::custom_emoji, "The server's own emoji, by name.")
                .gives::<body::CustomEmojis>()
                .says(StatusCode::NOT_MODIFIED, "The same as before.")],
        )
        .at(
            "/api/v1/emoji/{name}",
            [
                put(custom_emoji::add_emoji, "Add an emoji, of a picture's bytes. For administrators.")
                    .takes_bytes()
                    .gives_nothing(),
                delete(custom_emoji::remove_emoji, "Remove an emoji. For administrators.").gives_nothing(),
            ],
        )
        .at(
            "/api/v1/emoji/{name}/picture",
            [get(custom_emoji::emoji_picture, "An emoji's picture.").asks::<custom_emoji::Asked>().gives_bytes()],
        )
}

fn pushed(table: Table) -> Table {
    table
        .at(
            "/api/v1/push",
            [get(push::pushes, "One's devices that messages are pushed to, and how that goes.")
                .gives::<body::Pushes>()],
        )
        .at(
            "/api/v1/push/devices",
            [post(push::subscribe, "Have messages pushed to this device.")
                .takes::<body::SubscribeBody>()
                .makes::<body::Subscribed>()],
        )
        .at("/api/v1/push/devices/{device}", [delete(push::unsubscribe, "Push to a device no more.").gives_nothing()])
        .at(
            "/api/v1/push/devices/{device}/arrivals",
            [post(push::arrived, "Say that a push has come.").gives_nothing()],
        )
        .at(
            "/api/v1/push/devices/{device}/test",
            [post(push::test, "Push something, to see whether it comes.").gives::<body::PushTried>()],
        )
        .at(
            "/api/v1/me/notices",
            [put(push::set_notices, "What you want of being told at once.")
                .takes::<body::NoticePrefsBody>()
                .gives_nothing()],
        )
}

fn programs(table: Table) -> Table {
    table
        .at(
            "/api/v1/bots",
            [
                get(bots::bots, "Your bots, with their tokens and hooks.").gives::<body::Bots>(),
                post(bots::make_bot, "Make a bot: an account for a program.")
                    .takes::<body::BotBody>()
                    .makes::<Person>(),
            ],
        )
        .at(
            "/api/v1/bots/{bot}",
            [delete(bots::retire_bot, "Retire a bot: it leaves its rooms, and what it said stays.").gives_nothing()],
        )
        .at(
            "/api/v1/bots/{bot}/tokens",
            [post(bots::make_token, "Make a token for a bot. It is told once.")
                .takes::<body::TokenBody>()
                .makes::<body::TokenMade>()],
        )
        .at(
            "/api/v1/bots/{bot}/tokens/{token}",
            [delete(bots::revoke_token, "Make a token void: its sockets close.").gives_nothing()],
        )
        .at(
            "/api/v1/bots/{bot}/hooks",
            [post(bots::make_hook, "Make a hook between a room and another program. Its secret is told once.")
                .takes::<body::HookBody>()
                .makes::<body::HookMade>()],
        )
        .at("/api/v1/bots/{bot}/hooks/{hook}", [delete(bots::remove_hook, "Remove a hook.").gives_nothing()])
        .at(
            "/api/v1/hooks/{secret}",
            [post(hooks::say, "Say something as Slack's incoming webhooks take it.")
                .open()
                .takes::<body::SlackBody>()
                .says(StatusCode::OK, "It is said: `ok`.")],
        )
}

fn acquaintances(table: Table) -> Table {
    table
        .at(
            "/api/v1/people",
            [get(people::people, "Who has an account here.").asks::<people::Wanted>().gives::<body::People>()],
        )
        .at(
            "/api/v1/people/{person}",
            [get(profile::person, "Somebody, as you may know them.").gives::<body::PersonCard>()],
        )
        .at(
            "/api/v1/people/{person}/regard",
            [put(regards::set_regard, "Ignore or block somebody, or no more.")
                .takes::<body::RegardBody>()
                .gives_nothing()],
        )
        .at(
            "/api/v1/people/{person}/picture",
            [get(portraits::portrait, "Somebody's picture.").asks::<portraits::Asked>().gives_bytes()],
        )
        .at(
            "/api/v1/me/profile",
            [put(profile::set_profile, "What you tell of yourself.").takes::<body::ProfileBody>().gives_nothing()],
        )
        .at(
            "/api/v1/me/picture",
            [
                put(portraits::set_portrait, "Your picture, of its bytes.").takes_bytes().gives_nothing(),
                delete(portraits::remove_portrait, "Have no picture.").gives_nothing(),
            ],
        )
        .at(
            "/api/v1/me/receipts",
            [put(marks::set_receipts, "Whether you give and get receipts.")
                .takes::<body::ReceiptsBody>()
                .gives_nothing()],
        )
}

fn one_message(table: Table) -> Table {
    table
        .at(
            "/api/v1/rooms/{room}/messages/{seq}",
            [
                patch(messages::edit_message, "Change the text of your message.")
                    .takes::<body::EditBody>()
                    .gives_nothing(),
                delete(messages::delete_message, "Take your message back.").gives_nothing(),
            ],
        )
        .at(
            "/api/v1/rooms/{room}/messages/{seq}/edits",
            [get(messages::edits, "What a message said before.").gives::<body::Edits>()],
        )
        .at(
            "/api/v1/rooms/{room}/messages/{seq}/pin",
            [
                put(messages::pin, "Pin a message to its room.").gives_nothing(),
                delete(messages::unpin, "Take the pin out.").gives_nothing(),
            ],
        )
        .at(
            "/api/v1/rooms/{room}/messages/{seq}/preview",
            [get(previews::preview, "What is behind the first link of a message.")
                .asks::<previews::Behind>()
                .gives::<body::Preview>()
                .says(StatusCode::NO_CONTENT, "Nothing is to be said of it.")],
        )
        .at(
            "/api/v1/rooms/{room}/messages/{seq}/preview/picture",
            [get(previews::preview_picture, "The picture of what is behind a link.")
                .asks::<previews::Behind>()
                .gives_bytes()],
        )
        .at(
            "/api/v1/rooms/{room}/messages/{seq}/reactions/{emoji}",
            [
                put(messages::react, "React to a message.").gives_nothing(),
                delete(messages::unreact, "Take a reaction back.").gives_nothing(),
            ],
        )
        .at(
            "/api/v1/rooms/{room}/messages/{seq}/saved",
            [
                put(messages::save, "Save a message for yourself.").gives_nothing(),
                delete(messages::let_go, "Let go of a message.").gives_nothing(),
            ],
        )
        .at(
            "/api/v1/rooms/{room}/messages/{seq}/unread",
            [
                put(messages::mark_unread, "See a room as unread from a message on.").gives_nothing(),
                delete(messages::unmark_unread, "See it as it is.").gives_nothing(),
            ],
        )
        .at(
            "/api/v1/rooms/{room}/messages/{seq}/thread",
            [get(messages::thread, "The thread that begins with a message.")
                .asks::<messages::Further>()
                .gives::<body::History>()],
        )
}

fn conversation(table: Table) -> Table {
    table
        .at(
            "/api/v1/search",
            [get(search::search, "Messages of one's rooms, newest first.")
                .asks::<search::Asked>()
                .gives::<body::FoundMessages>()],
        )
        .at(
            "/api/v1/rooms/{room}/messages",
            [
                get(messages::history, "A page of history, oldest first.")
                    .asks::<messages::Wanted>()
                    .gives::<body::History>(),
                post(messages::post_message, "Say something. The same key again says nothing twice.")
                    .takes::<body::PostBody>()
                    .gives::<Posted>(),
            ],
        )
        .at("/api/v1/rooms/{room}/pins", [get(messages::pins, "What is pinned to a room.").gives::<body::Pins>()])
        .at(
            "/api/v1/rooms/{room}/scheduled/{key}",
            [put(scheduled::schedule, "Say something later.").takes::<body::ScheduleBody>().gives_nothing()],
        )
        .at(
            "/api/v1/me/scheduled",
            [get(scheduled::scheduled, "What you want to be said later.").gives::<body::ScheduledMessages>()],
        )
        .at("/api/v1/me/scheduled/{key}", [delete(scheduled::cancel, "Say it not.").gives_nothing()])
        .at(
            "/api/v1/me/saved",
            [get(gathered::saved, "Messages that you saved, those saved last first.")
                .asks::<gathered::SavedPage>()
                .gives::<body::Gathered>()],
        )
        .at(
            "/api/v1/me/mentions",
            [get(gathered::mentions, "Messages that name you, newest first.")
                .asks::<gathered::MentionsPage>()
                .gives::<body::Gathered>()],
        )
}

fn places(table: Table) -> Table {
    table
        .at(
            "/api/v1/rooms",
            [
                get(rooms::directory, "Rooms that you can see, by name.")
                    .asks::<rooms::Wanted>()
                    .gives::<body::Directory>(),
                post(rooms::create_room, "Make a room.").takes::<body::CreateRoomBody>().makes::<Room>(),
            ],
        )
        .at(
            "/api/v1/rooms/join",
            [post(rooms::join_room_by_name, "Enter the public room of this name, or make it.")
                .takes::<body::JoinRoomBody>()
                .gives::<Room>()],
        )
        .at("/api/v1/rooms/{room}", [get(rooms::room, "A room.").gives::<Room>()])
        .at(
            "/api/v1/rooms/{room}/members",
            [
                get(members::members, "Who is in a room.").asks::<members::Wanted>().gives::<body::Members>(),
                post(members::add_member, "Bring somebody into a room.")
                    .takes::<body::AddMemberBody>()
                    .gives::<Person>(),
            ],
        )
        .at(
            "/api/v1/rooms/{room}/members/me",
            [
                put(members::join_room, "Enter a room.").gives::<Room>(),
                delete(members::leave_room, "Leave a room.").gives_nothing(),
            ],
        )
        .at(
            "/api/v1/rooms/{room}/marks",
            [
                get(marks::marks, "How far the others have read.").gives::<body::RoomMarks>(),
                put(marks::move_marks, "Say how far you have read.").takes::<body::MarkBody>().gives_nothing(),
            ],
        )
        .at(
            "/api/v1/rooms/{room}/prefs",
            [put(room_prefs::set_room_prefs, "What you want of a room.")
                .takes::<body::RoomPrefsBody>()
                .gives_nothing()],
        )
        .at(
            "/api/v1/rooms/{room}/topic",
            [put(rooms::set_topic, "What a room is about.").takes::<body::TopicBody>().gives_nothing()],
        )
        .at(
            "/api/v1/directs",
            [post(directs::open_direct, "Open the direct chat with these people.")
                .takes::<body::OpenDirectBody>()
                .gives::<Room>()],
        )
}
