//! One command's writes, all or none.

use std::ops::{Deref, DerefMut};

use model::Event;

use crate::engine::Conn;

/// A transaction under way. It is a connection to read by, too; only functions that take a `Tx` write.
pub struct Tx {
    conn: Conn,
    events: Vec<Event>,
}

impl Tx {
    pub(crate) fn new(conn: Conn) -> Self {
        Self { conn, events: Vec::new() }
    }

    pub(crate) fn into_parts(self) -> (Conn, Vec<Event>) {
        (self.conn, self.events)
    }

    /// For `streams::record` alone.
    pub(crate) fn push(&mut self, event: Event) {
        self.events.push(event);
    }
}

impl Deref for Tx {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}
