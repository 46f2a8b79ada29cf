//! What is said in a push.

use axum::http::HeaderValue;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use model::{
    Message, Person, PushId, Room, RoomId, Seq, UserId, Visibility,
    limits::{PUSH_BYTES, PUSH_LINE_CHARS_MAX},
};
use protocol::{encode, http::Pushed};
use sha2::{Digest, Sha256};
use store::push::{Addressee, Device};

/// What stands over a reminder.
const REMINDER: &str = "Reminder";

/// One push to one device.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) to: Device,
    /// The message that it tells of; a test tells of none.
    pub(crate) about: Option<(RoomId, Seq)>,
    /// Whether it is needless as soon as that is read anywhere.
    pub(super) until_read: bool,
    /// What the device reads.
    pub(super) text: String,
    /// Whether it is worth waking a device that sleeps.
    pub(super) urgent: bool,
}

impl Letter {
    /// Tells of a message in a room, as far as the person wants it told.
    pub(super) fn of(message: &Message, room: &Room, to: Addressee) -> Self {
        let user = to.device.user;
        let about = (room.id, message.seq);
        let direct = room.visibility == Visibility::Direct;
        let (title, line) = if to.notices.hidden {
            (None, None)
        } else {
            (Some(title(&message.said.author, room, user)), Some(line(message)))
        };
        let urgent = direct || message.said.names(user);
        let text = text(to.device.id, about, title, line);
        Self { about: Some(about), until_read: true, text, urgent, to: to.device }
    }

    /// Tells somebody of what they wanted to be reminded of.
    pub(super) fn reminder((room, message): (RoomId, &Message), to: Device, hidden: bool) -> Self {
        let about = (room, message.seq);
        let (title, line) = if hidden { (None, None) } else { (Some(REMINDER.to_owned()), Some(line(message))) };
        let text = text(to.id, about, title, line);
        Self { about: Some(about), until_read: false, text, urgent: true, to }
    }

    /// Tells of nothing but that pushes arrive.
    pub(crate) fn test(to: Device) -> Self {
        let text = encode(&Pushed::Test { device: to.id });
        Self { to, about: None, until_read: false, text, urgent: true }
    }

    /// By what name a push service knows the pushes that stand for each other: one that has not been fetched makes room for the next.
    /// It says nothing to anybody else.
    pub(super) fn topic(&self) -> Option<HeaderValue> {
        let (room, _) = self.about?;
        let hash = Sha256::new().chain_update(&self.to.subscription.auth).chain_update(room.number().to_be_bytes());
        let named = URL_SAFE_NO_PAD.encode(hash.finalize()).chars().take(32).collect::<String>();
        HeaderValue::from_str(&named).ok()
    }
}

/// What the device reads. Signs that need to be written in another way may make it too long: then it tells as much as one that hides.
fn text(device: PushId, (room, seq): (RoomId, Seq), title: Option<String>, text: Option<String>) -> String {
    let full = encode(&Pushed::Message { device, room, seq, title, text });
    if full.len() < PUSH_BYTES {
        return full;
    }
    encode(&Pushed::Message { device, room, seq, title: None, text: None })
}

fn title(author: &Person, room: &Room, reader: UserId) -> String {
    let others: Vec<_> = room.people.iter().filter(|person| person.id != reader).map(Person::called).collect();
    match room.visibility {
        Visibility::Public | Visibility::Private => format!("{} · {}", author.called(), room.name),
        Visibility::Direct if others.len() > 1 => format!("{} · {}", author.called(), others.join(", ")),
        Visibility::Direct => author.called().to_owned(),
    }
}

fn line(message: &Message) -> String {
    match message.said.files.len() {
        _ if !message.said.text.is_empty() => markup::plain(message.said.text.as_str(), PUSH_LINE_CHARS_MAX),
        0 | 1 => "Sent a file".to_owned(),
        count => format!("Sent {count} files"),
    }
}
