//! The engine of a guest in an instant room, sans-IO: what a person does and what comes out of the room goes into
//! [`Guest::step`], effects for a driver come out, and what is to be seen is read from the [`Guest`] itself.
//!
//! It encrypts nothing: a driver seals what it wants said and opens what came. Of an encrypted room it believes only what was
//! opened, under a counter that rises; what the server says of comings and goings is a hint. It keeps nothing: when it is
//! dropped, all is gone.

mod effect;
mod input;
mod line;
mod mail;
mod nick;
mod people;
mod picture;
mod plain;
mod row;
mod sealed;
#[cfg(test)]
mod tests;

pub use effect::Effect;
pub use input::Input;
pub use line::Line;
pub use nick::nick;
pub use people::Here;
pub use picture::{Format, look};
pub use row::{Author, Notice, Photo, Row, RowId, Saying, Sent};

use std::sync::Arc;

use model::Body;

use crate::dice::Dice;
use line::Calls;
use plain::Plain;
use row::Rows;
use sealed::Sealed;

/// A guest in one room.
#[derive(Debug)]
pub struct Guest {
    name: String,
    calls: Calls,
    dice: Dice,
    rows: Rows,
    manner: Manner,
}

/// The kind of room.
#[derive(Debug)]
enum Manner {
    Sealed(Box<Sealed>),
    Plain(Plain),
}

impl Guest {
    /// A guest of an encrypted room, who has not come in yet. The seed spreads retries.
    #[must_use]
    pub fn of_sealed_room(seed: [u64; 2]) -> Self {
        Self::new(seed, Manner::Sealed(Box::default()))
    }

    /// A guest of a plain room, who has not come in yet.
    #[must_use]
    pub fn of_plain_room(seed: [u64; 2]) -> Self {
        Self::new(seed, Manner::Plain(Plain::default()))
    }

    fn new(seed: [u64; 2], manner: Manner) -> Self {
        Self { name: String::new(), calls: Calls::default(), dice: Dice::new(seed), rows: Rows::default(), manner }
    }

    /// Takes one thing in, at a time by a clock that never goes back, and returns what is to be done.
    pub fn step(&mut self, now_ms: u64, input: Input) -> Vec<Effect> {
        let mut out = Vec::new();
        match input {
            Input::Enter { name } => {
                self.name = nick(&name);
                self.calls.dial(now_ms, &mut out);
            }
            Input::Dial => self.calls.dial_again(now_ms, &mut out),
            Input::Leave => self.leave(&mut out),
            Input::Lost => self.hang_up(now_ms, &mut out),
            Input::Up { sender } => self.up(now_ms, sender, &mut out),
            Input::Down { code } => self.down(now_ms, code),
            Input::Frame(text) => self.hear(now_ms, &text),
            Input::Opened { head, inside } => {
                if let Manner::Sealed(sealed) = &mut self.manner {
                    sealed.hear(now_ms, (head, &inside), (&mut self.rows, &mut self.dice), &mut out);
                }
            }
            Input::Unopened => {
                if let Manner::Sealed(sealed) = &mut self.manner {
                    sealed.strangers = sealed.strangers.saturating_add(1);
                }
            }
            Input::Say(text) => self.say(now_ms, &text),
            Input::Typing => {
                if let Manner::Sealed(sealed) = &mut self.manner {
                    sealed.type_on(now_ms, &mut out);
                }
            }
            Input::Picture(bytes) => {
                if let Manner::Sealed(sealed) = &mut self.manner {
                    sealed.picture(now_ms, bytes, &mut self.rows, &mut out);
                }
            }
            Input::Tick => {}
        }
        self.turn(now_ms, &mut out);
        out.push(Effect::Changed);
        out
    }

    /// When to be called with [`Input::Tick`] at the latest.
    #[must_use]
    pub fn wake_at(&self, now_ms: u64) -> Option<u64> {
        let manner = match &self.manner {
            Manner::Sealed(sealed) => sealed.wake_at(now_ms),
            Manner::Plain(plain) => plain.wake_at(),
        };
        [self.calls.wake_at(), manner].into_iter().flatten().min()
    }

    /// The line to the room.
    #[must_use]
    pub fn line(&self) -> Line {
        self.calls.line
    }

    /// What the guest is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What was said, oldest first.
    #[must_use]
    pub fn rows(&self) -> Vec<Arc<Row>> {
        self.rows.all()
    }

    /// The others who are here; in a plain room, those who said something lately.
    #[must_use]
    pub fn people(&self, now_ms: u64) -> Vec<Here> {
        match &self.manner {
            Manner::Sealed(sealed) => sealed.people.here(now_ms),
            Manner::Plain(plain) => plain.heard(),
        }
    }

    /// How many the server says are here besides the guest and those who said who they are. Without the key, they cannot say it.
    #[must_use]
    pub fn silent(&self) -> usize {
        match &self.manner {
            Manner::Sealed(sealed) => sealed.count.saturating_sub(1 + sealed.people.count_here()),
            Manner::Plain(_) => 0,
        }
    }

    /// How many envelopes came that this room's key does not open.
    #[must_use]
    pub fn strangers(&self) -> u32 {
        match &self.manner {
            Manner::Sealed(sealed) => sealed.strangers,
            Manner::Plain(_) => 0,
        }
    }

    /// Whether another text would be taken now.
    #[must_use]
    pub fn may_say(&self) -> bool {
        let room = match &self.manner {
            Manner::Sealed(sealed) => sealed.mail.takes_text(),
            Manner::Plain(plain) => plain.takes_text(),
        };
        self.is_here() && room
    }

    /// Whether another picture would be taken now.
    #[must_use]
    pub fn may_send_picture(&self) -> bool {
        match &self.manner {
            Manner::Sealed(sealed) => self.is_here() && sealed.mail.takes_picture(),
            Manner::Plain(_) => false,
        }
    }

    fn is_here(&self) -> bool {
        matches!(self.calls.line, Line::Here)
    }

    fn up(&mut self, now_ms: u64, sender: protocol::instant::Sender, out: &mut Vec<Effect>) {
        if !self.calls.up(now_ms) {
            return out.push(Effect::HangUp);
        }
        if self.calls.is_back() {
            self.rows.notice(now_ms, Notice::Back);
        }
        match &mut self.manner {
            Manner::Sealed(sealed) => sealed.enter(now_ms, sender),
            Manner::Plain(plain) => plain.enter(sender),
        }
    }

    fn down(&mut self, now_ms: u64, code: u16) {
        self.calls.down(now_ms, code, &mut self.dice);
        match &mut self.manner {
            Manner::Sealed(sealed) => sealed.lose(&mut self.rows),
            Manner::Plain(plain) => plain.lose(&mut self.rows),
        }
    }

    /// Gives the line up from this side, and comes back as after a loss.
    fn hang_up(&mut self, now_ms: u64, out: &mut Vec<Effect>) {
        if matches!(self.calls.line, Line::Here | Line::Dialling) {
            out.push(Effect::HangUp);
            self.down(now_ms, 1006);
        }
    }

    fn leave(&mut self, out: &mut Vec<Effect>) {
        if let Manner::Sealed(sealed) = &mut self.manner {
            if self.calls.line == Line::Here {
                sealed.say_bye(out);
            }
            sealed.lose(&mut self.rows);
        }
        self.calls.line = Line::Away;
        out.push(Effect::HangUp);
    }

    fn hear(&mut self, now_ms: u64, text: &str) {
        match &mut self.manner {
            Manner::Sealed(sealed) => sealed.note(now_ms, text, &mut self.rows),
            Manner::Plain(plain) => plain.hear(now_ms, text, &mut self.rows),
        }
    }

    fn say(&mut self, now_ms: u64, text: &str) {
        let Ok(body) = Body::parse(text) else { return };
        if !self.may_say() {
            return;
        }
        match &mut self.manner {
            Manner::Sealed(sealed) => sealed.say(now_ms, body.as_str(), &mut self.rows),
            Manner::Plain(plain) => plain.say(now_ms, body.as_str(), &self.name, &mut self.rows),
        }
    }

    /// What is due by now.
    fn turn(&mut self, now_ms: u64, out: &mut Vec<Effect>) {
        if self.calls.is_late(now_ms) {
            self.hang_up(now_ms, out);
        }
        self.calls.dial_if_due(now_ms, out);
        match &mut self.manner {
            Manner::Sealed(sealed) => sealed.turn(now_ms, &self.name, &mut self.rows, out),
            Manner::Plain(plain) => {
                if plain.is_deaf(now_ms) {
                    self.hang_up(now_ms, out);
                } else {
                    plain.turn(out);
                }
            }
        }
        self.rows.drop_old(out);
    }
}
