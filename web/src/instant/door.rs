//! The way into one room and out: a socket, and for an encrypted room the lock before it. Sealing and opening take their time, so
//! what goes out waits in one line and what comes in in another, and the order of either is kept.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
};

use client::instant::Input;
use parts::socket::{Heard, Socket};
use protocol::instant::{Head, SUBPROTOCOL, Sender};
use wasm_bindgen_futures::spawn_local;
use web_sys::Window;

use crate::lock::Lock;

/// Frames that wait to be opened. What comes on top is passed over: it comes faster than anybody reads.
const WAITING_MAX: usize = 1_024;

/// A door.
#[derive(Default)]
pub(crate) struct Door {
    path: String,
    lock: Option<Rc<Lock>>,
    line: Option<Rc<Line>>,
}

/// One connection, with what waits on both sides of it.
struct Line {
    /// Gone when it was hung up.
    socket: RefCell<Option<Socket>>,
    out: RefCell<VecDeque<Out>>,
    sealing: Cell<bool>,
    inward: RefCell<VecDeque<In>>,
    opening: Cell<bool>,
    /// It was hung up: nothing more of it is told.
    deaf: Cell<bool>,
}

enum Out {
    Seal(Head, Vec<u8>),
    End,
}

enum In {
    Envelope(Vec<u8>),
    Other(Input),
}

impl Door {
    /// The door of an encrypted room.
    pub(crate) fn sealed(path: String, lock: Lock) -> Self {
        Self { path, lock: Some(Rc::new(lock)), line: None }
    }

    /// The door of a plain room.
    pub(crate) fn plain(path: String) -> Self {
        Self { path, lock: None, line: None }
    }

    /// Opens a new connection, and forgets the one before. `false`: the browser does not even try.
    pub(crate) fn dial(
        &mut self,
        window: &Window,
        give: impl Fn(Input) + Copy + 'static,
        draw: impl Fn() -> Sender + Copy + 'static,
    ) -> bool {
        let line = Rc::new(Line {
            socket: RefCell::default(),
            out: RefCell::default(),
            sealing: Cell::default(),
            inward: RefCell::default(),
            opening: Cell::default(),
            deaf: Cell::default(),
        });
        let (lock, weak) = (self.lock.clone(), Rc::downgrade(&line));
        let tell = move |heard| {
            let input = match heard {
                Heard::Open => In::Other(Input::Up { sender: draw() }),
                Heard::Frame(text) => In::Other(Input::Frame(text)),
                Heard::Bytes(bytes) => In::Envelope(bytes),
                Heard::Closed(code) => In::Other(Input::Down { code }),
            };
            if let Some(line) = weak.upgrade() {
                line.take_in(input, lock.clone(), give);
            }
        };
        let subprotocol = self.lock.as_ref().map(|_| SUBPROTOCOL);
        line.socket.replace(Socket::open(window, &self.path, subprotocol, tell));
        let opened = line.socket.borrow().is_some();
        if let Some(before) = self.line.replace(line) {
            before.end();
        }
        opened
    }

    /// Closes the connection when all before this is sent.
    pub(crate) fn hang_up(&mut self) {
        let Some(line) = self.line.take() else { return };
        line.deaf.set(true);
        line.put_out(Out::End, self.lock.clone());
    }

    /// Sends an envelope.
    pub(crate) fn seal(&mut self, head: Head, inside: Vec<u8>) {
        if let Some(line) = &self.line {
            line.put_out(Out::Seal(head, inside), self.lock.clone());
        }
    }

    /// Sends a text frame.
    pub(crate) fn send(&mut self, frame: &str) {
        if let Some(socket) = self.line.as_ref().map(|line| line.socket.borrow())
            && let Some(socket) = &*socket
        {
            socket.send(frame);
        }
    }
}

impl Line {
    fn end(&self) {
        // Nothing more is heard: the listeners go with the socket.
        drop(self.socket.take());
        self.inward.borrow_mut().clear();
        self.out.borrow_mut().clear();
    }

    fn put_out(self: &Rc<Self>, out: Out, lock: Option<Rc<Lock>>) {
        let Some(lock) = lock else {
            return match out {
                Out::End => self.end(),
                Out::Seal(..) => {}
            };
        };
        self.out.borrow_mut().push_back(out);
        if self.sealing.replace(true) {
            return;
        }
        let line = Rc::clone(self);
        spawn_local(async move {
            while let Some(out) = line.next_out() {
                match out {
                    Out::End => line.end(),
                    Out::Seal(head, inside) => {
                        let envelope = lock.seal(head, &inside).await;
                        if let (Some(socket), Some(envelope)) = (&*line.socket.borrow(), envelope) {
                            socket.send_bytes(&envelope);
                        }
                    }
                }
            }
            line.sealing.set(false);
        });
    }

    fn take_in(self: Rc<Self>, input: In, lock: Option<Rc<Lock>>, give: impl Fn(Input) + 'static) {
        if self.inward.borrow().len() >= WAITING_MAX && matches!(input, In::Envelope(_)) {
            return;
        }
        self.inward.borrow_mut().push_back(input);
        if self.opening.replace(true) {
            return;
        }
        spawn_local(async move {
            while let Some(input) = self.next_in() {
                let input = match (input, &lock) {
                    (In::Other(input), _) => input,
                    (In::Envelope(bytes), Some(lock)) => match lock.open(&bytes).await {
                        Some((head, inside)) => Input::Opened { head, inside },
                        None => Input::Unopened,
                    },
                    (In::Envelope(_), None) => continue,
                };
                // It may have been hung up while this was opened.
                if self.socket.borrow().is_some() && !self.deaf.get() {
                    give(input);
                }
            }
            self.opening.set(false);
        });
    }

    fn next_out(&self) -> Option<Out> {
        self.out.borrow_mut().pop_front()
    }

    fn next_in(&self) -> Option<In> {
        self.inward.borrow_mut().pop_front()
    }
}
