//! What the person has before them besides what the engine knows: what they write, how far they scrolled, what they were told.
//!
//! Keys come in, wishes go out. Nothing here waits, draws or asks anybody.

mod keys;
mod paging;

use client::{Client, Delivery, Input};
use jiff::tz::TimeZone;
use model::{Body, ClientKey, RoomId, Timestamp};

pub(crate) use self::{keys::Key, paging::window};
use crate::{
    command::Command,
    composer::{Composer, Edit},
    lines, rooms,
    view::Areas,
};

/// Where the person is in the timeline: at its end, or at the line that stands lowest on the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Scroll {
    #[default]
    End,
    At(client::RowId, usize),
}

/// What is before the person.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) composer: Composer,
    pub(crate) scroll: Scroll,
    /// What they were told last, until they press a key.
    pub(crate) notice: Option<String>,
    /// Whether they look at what can be done.
    pub(crate) help: bool,
    /// Columns and rows of the terminal.
    pub(crate) size: (u16, u16),
    /// Whether the terminal is in front of them, as far as it says.
    pub(crate) focused: bool,
    /// Where times of day are theirs.
    pub(crate) zone: TimeZone,
    /// The room that was just opened, until its first unread message is on the screen.
    arriving: Option<RoomId>,
    /// They wanted to go, and were told what is not sent yet.
    warned: bool,
}

/// What is to be done for the person.
#[derive(Debug)]
pub(crate) enum Wish {
    /// Tell the engine.
    Give(Input),
    /// Enter a room.
    Join(String),
    /// Open the chat with somebody.
    Direct(String),
    /// Leave a room.
    Leave(RoomId),
    /// End.
    Quit,
}

impl Desk {
    pub(crate) fn new(size: (u16, u16), zone: TimeZone) -> Self {
        Self {
            composer: Composer::default(),
            scroll: Scroll::End,
            notice: None,
            help: false,
            size,
            focused: true,
            zone,
            arriving: None,
            warned: false,
        }
    }

    /// How the timeline is laid at this size, and how many rows it has.
    pub(crate) fn frame(&self) -> (lines::Frame, usize) {
        let area = Areas::of(self.size, self).timeline;
        (lines::Frame { columns: area.width.into(), zone: self.zone.clone() }, area.height.into())
    }

    /// The person is told something.
    pub(crate) fn tell(&mut self, words: &str) {
        self.notice = Some(crate::text::line(words));
    }

    /// A room is before the person from now on.
    pub(crate) fn go(&mut self, client: &Client, room: RoomId) -> Vec<Wish> {
        self.composer = Composer::of(client.room(room).map_or("", client::Room::draft));
        self.scroll = Scroll::End;
        self.help = false;
        self.arriving = Some(room);
        vec![Wish::Give(Input::Open(Some(room))), Wish::Give(Input::SeekUnread(room))]
    }

    /// Something changed in the engine. A room that vanished, or that there was none before, makes place for another.
    pub(crate) fn follow(&mut self, client: &Client) -> Vec<Wish> {
        let rooms = rooms::listed(client);
        let lost = client.open().is_none_or(|open| client.room(open).is_none() && self.arriving != Some(open));
        if lost && let Some(room) = client.rooms().max_by_key(|room| room.last_at()).map(client::Room::id) {
            let first = client.open().is_none();
            let room = if first { room } else { rooms.first().map_or(room, |listed| listed.id) };
            return self.go(client, room);
        }
        self.arrive(client);
        self.seen(client).map(Wish::Give).into_iter().collect()
    }

    /// A key was pressed.
    pub(crate) fn press(&mut self, key: Key, client: &Client, now: Timestamp) -> Vec<Wish> {
        self.notice = None;
        let warned = std::mem::take(&mut self.warned);
        if std::mem::take(&mut self.help) && !matches!(key, Key::Quit) {
            return Vec::new();
        }
        match key {
            Key::Edit(edit) => self.edit(edit, client),
            Key::Enter => self.submit(client, now, warned),
            Key::Quit => self.quit(client, warned),
            Key::End if self.composer.text().is_empty() => self.quit(client, warned),
            Key::End => Vec::new(),
            Key::NextRoom => self.step(client, 1),
            Key::FormerRoom => self.step(client, -1),
            Key::NextUnread => self.next_unread(client),
            Key::PageUp => self.back(client, None),
            Key::PageDown => self.on(client, None),
            Key::Up => self.back(client, Some(1)),
            Key::Down => self.on(client, Some(1)),
            Key::Escape => {
                self.scroll = Scroll::End;
                Vec::new()
            }
            Key::Reconnect => vec![Wish::Give(Input::Connect)],
        }
    }

    fn edit(&mut self, edit: Edit, client: &Client) -> Vec<Wish> {
        let before = self.composer.text().to_owned();
        self.composer.edit(edit);
        let text = self.composer.text().to_owned();
        let open = client.open().filter(|_| text != before);
        // Who writes a command does not write to the room.
        let command = text.starts_with('/') && !text.starts_with("/me ");
        open.filter(|_| !command).map(|room| Wish::Give(Input::Draft { room, text })).into_iter().collect()
    }

    fn submit(&mut self, client: &Client, now: Timestamp, warned: bool) -> Vec<Wish> {
        if self.composer.text().trim().is_empty() {
            return Vec::new();
        }
        let command = Command::read(self.composer.text());
        if let Command::Say(text) = &command {
            return self.say(client, text, now);
        }
        let room = client.open().filter(|open| client.room(*open).is_some());
        self.composer.take();
        match command {
            Command::Say(_) => Vec::new(),
            Command::Join(name) => vec![Wish::Join(name)],
            Command::Direct(name) => vec![Wish::Direct(name)],
            Command::Leave => room.map(Wish::Leave).into_iter().collect(),
            Command::Retry => failed(client).map(|(room, key)| Wish::Give(Input::Retry { room, key })).collect(),
            Command::Discard => failed(client).map(|(room, key)| Wish::Give(Input::Discard { room, key })).collect(),
            Command::Help => {
                self.help = true;
                Vec::new()
            }
            Command::Quit => self.quit(client, warned),
            Command::Not(why) => {
                self.tell(&why);
                Vec::new()
            }
        }
    }

    fn say(&mut self, client: &Client, text: &str, now: Timestamp) -> Vec<Wish> {
        let Some(room) = client.open().filter(|open| client.room(*open).is_some()) else {
            self.tell("You are in no room. /join name enters one.");
            return Vec::new();
        };
        match Body::parse(text) {
            Ok(text) => {
                self.composer.take();
                self.scroll = Scroll::End;
                let post = Input::Post { room, text, files: Vec::new(), reply: None, at: now };
                vec![Wish::Give(Input::Draft { room, text: String::new() }), Wish::Give(post)]
            }
            Err(why) => {
                self.tell(&why.to_string());
                Vec::new()
            }
        }
    }

    /// Ends, unless something is not sent yet and they were not told so.
    fn quit(&mut self, client: &Client, warned: bool) -> Vec<Wish> {
        let unsent = client.unsent();
        if unsent == 0 || warned {
            return vec![Wish::Quit];
        }
        self.warned = true;
        let messages = if unsent == 1 { "A message is".to_owned() } else { format!("{unsent} messages are") };
        self.tell(&format!("{messages} not sent yet. Again: end without."));
        Vec::new()
    }

    fn step(&mut self, client: &Client, by: isize) -> Vec<Wish> {
        let rooms = rooms::listed(client);
        let at = rooms.iter().position(|listed| Some(listed.id) == client.open()).unwrap_or_default();
        let count = isize::try_from(rooms.len()).unwrap_or(isize::MAX).max(1);
        let next = (isize::try_from(at).unwrap_or_default() + by).rem_euclid(count);
        let next = usize::try_from(next).ok().and_then(|next| rooms.get(next));
        next.map(|listed| listed.id).map(|room| self.go(client, room)).unwrap_or_default()
    }

    fn next_unread(&mut self, client: &Client) -> Vec<Wish> {
        let rooms = rooms::listed(client);
        let at = rooms.iter().position(|listed| Some(listed.id) == client.open()).map_or(0, |at| at + 1);
        let mut after = rooms.iter().cycle().skip(at).take(rooms.len());
        let unread = |listed: &&rooms::Listed| !listed.unread.is_empty() && Some(listed.id) != client.open();
        let Some(listed) = after.find(unread) else {
            self.tell("Nothing is unread.");
            return Vec::new();
        };
        self.go(client, listed.id)
    }
}

/// What failed in the open room.
fn failed(client: &Client) -> impl Iterator<Item = (RoomId, ClientKey)> {
    let room = client.open().and_then(|open| client.room(open));
    room.into_iter().flat_map(|room| {
        let failed = room.pending().filter(|pending| matches!(pending.delivery, Delivery::Failed { .. }));
        failed.map(|pending| (room.id(), pending.key.clone()))
    })
}

#[cfg(test)]
mod tests;
