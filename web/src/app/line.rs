//! The line to the server: a socket, or polls where none comes through, and the way back.

use std::cell::{Cell, RefCell};

use client::Input;
use leptos::prelude::{GetUntracked, Set};
use protocol::{SOCKET_PATH, SUBPROTOCOL};

use super::{App, Inner};
use crate::{
    driver::{
        clock,
        polls::Polls,
        socket::{Heard, Socket},
    },
    view::later,
};

/// A socket over which nothing has come for so long will not bring anything: something between takes it and holds it.
const HELLO_MS: u64 = 4_000;
/// Time between two tries whether a socket comes through by now, while there are polls.
const AGAIN_MS: u64 = 60_000;
/// The number of a socket that was lost.
const LOST: u16 = 1006;

/// What there is of a line.
#[derive(Default)]
pub(super) struct Line {
    way: RefCell<Option<Way>>,
    /// The next one goes by polls.
    detour: Cell<bool>,
    /// The number of this one: what an older one still says is not heard.
    number: Cell<u32>,
    /// Whether anything has come over it.
    lives: Cell<bool>,
    /// Is tried while there are polls.
    probe: RefCell<Option<Socket>>,
}

enum Way {
    Socket(Socket),
    Polls(Polls),
}

impl Line {
    pub(super) fn send(&self, frame: &str) {
        match &*self.way.borrow() {
            Some(Way::Socket(socket)) => socket.send(frame),
            Some(Way::Polls(polls)) => polls.send(frame.to_owned()),
            None => {}
        }
    }

    pub(super) fn drop(&self) {
        self.number.set(self.number.get().wrapping_add(1));
        self.lives.set(false);
        drop((self.way.take(), self.probe.take()));
    }
}

impl App {
    /// Opens a line: by a socket, unless the last one brought nothing; then by polls, unless they bring nothing either.
    pub(super) fn dial(self, inner: &Inner) {
        inner.line.drop();
        let number = inner.line.number.get();
        let tell = move |heard| self.heard(number, heard);
        let polls = inner.line.detour.get().then(|| later::polls(self, Box::new(tell))).flatten();
        self.screen.detour.set(polls.is_some());
        let way = match polls {
            Some(polls) => Some(Way::Polls(polls)),
            None => Socket::open(&inner.window, SOCKET_PATH, Some(SUBPROTOCOL), tell).map(Way::Socket),
        };
        let patience_ms = match way {
            Some(Way::Socket(_)) => Some(HELLO_MS),
            // The engine has a patience of its own.
            Some(Way::Polls(_)) => None,
            None => Some(0),
        };
        if let Some(patience_ms) = patience_ms {
            clock::later(&inner.window, patience_ms, move || {
                if !self.inner().line.lives.get() {
                    self.heard(number, Heard::Closed(LOST));
                }
            });
        }
        inner.line.way.replace(way);
    }

    fn heard(self, number: u32, heard: Heard) {
        let inner = self.inner();
        let line = &inner.line;
        if line.number.get() != number {
            return;
        }
        match heard {
            Heard::Frame(text) => {
                if !line.lives.replace(true) && self.screen.detour.get_untracked() {
                    self.probe_later(number);
                }
                self.give(Input::Frame(text));
            }
            Heard::Open | Heard::Bytes(_) => {}
            Heard::Closed(code) => {
                if !line.lives.get() {
                    line.detour.set(!self.screen.detour.get_untracked());
                }
                line.drop();
                self.give(Input::SocketClosed { code });
            }
        }
    }

    /// The browser has a network again: perhaps another one.
    pub(crate) fn is_back_online(self) {
        if self.screen.detour.get_untracked() {
            self.probe(self.inner().line.number.get());
        }
        self.give(Input::Connect);
    }

    fn probe_later(self, number: u32) {
        clock::later(&self.window(), AGAIN_MS, move || self.probe(number));
    }

    /// Tries whether a socket comes through by now.
    fn probe(self, number: u32) {
        let inner = self.inner();
        if inner.line.number.get() != number {
            return;
        }
        let tell = move |heard| match heard {
            Heard::Frame(_) => self.come_back(number),
            Heard::Closed(_) => self.probe_later(number),
            Heard::Open | Heard::Bytes(_) => {}
        };
        inner.line.probe.replace(Socket::open(&inner.window, SOCKET_PATH, Some(SUBPROTOCOL), tell));
    }

    /// A socket comes through again.
    fn come_back(self, number: u32) {
        let line = &self.inner().line;
        if line.number.get() == number {
            line.detour.set(false);
            line.drop();
            self.give(Input::SocketClosed { code: LOST });
            self.give(Input::Connect);
        }
    }
}
