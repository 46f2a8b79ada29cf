//! Clients that write down what they do: [`Writer`]s, who ask, and [`Listener`]s, who hear.
//!
//! Both go on until the server is gone, and begin again when it is back: a writer sends again what is in doubt, a listener says
//! where it stands. What they wrote down is judged by [`crate::history`].
#![expect(clippy::missing_panics_doc, reason = "whatever goes wrong here fails the test that asked")]

use std::collections::{BTreeMap, VecDeque};

use model::{Cursor, Epoch, RoomId, Seq, Stream};
use protocol::{FromClient, FromServer};

use crate::{
    cast::{Gone, Guest, Line},
    history::{Asking, History, Ticks, Wish},
};

/// Somebody who sends messages.
#[derive(Debug)]
pub struct Writer {
    /// Who.
    pub guest: Guest,
    /// What they asked, and what came of it.
    pub history: History,
}

/// Somebody who listens to rooms.
#[derive(Clone, Debug)]
pub struct Listener {
    /// Who.
    pub guest: Guest,
    /// What they heard.
    pub history: History,
    /// Times that the server said that they were behind.
    pub behind: usize,
    places: BTreeMap<RoomId, Seq>,
}

impl Writer {
    /// Somebody who has sent nothing yet.
    #[must_use]
    pub fn new(guest: Guest, ticks: &Ticks) -> Self {
        let history = History::new(guest.person.clone(), ticks);
        Self { guest, history }
    }

    /// Opens a connection to send on.
    #[must_use]
    pub fn connects(&mut self) -> Line {
        self.history.connects();
        self.guest.connects()
    }

    /// Sends all of these, at most `in_flight` of them unanswered at once, and waits for every answer.
    pub fn sends(
        &mut self,
        line: &mut Line,
        wishes: impl IntoIterator<Item = Wish>,
        in_flight: usize,
    ) -> Result<(), Gone> {
        let mut wishes = wishes.into_iter();
        let mut open: BTreeMap<String, VecDeque<Asking>> = BTreeMap::new();
        let mut count = 0;
        loop {
            while count < in_flight
                && let Some(wish) = wishes.next()
            {
                let Wish { room, key, text } = wish.clone();
                open.entry(key.clone()).or_default().push_back(self.history.asks(wish));
                count += 1;
                line.try_say(&FromClient::Post { room, key, text, files: Vec::new(), reply: None, forward: None })?;
            }
            if count == 0 {
                return Ok(());
            }
            // A connection is answered in order, so of two askings for one key the first is answered first.
            let mut answered = |key: &str| {
                count -= 1;
                open.get_mut(key).and_then(VecDeque::pop_front).unwrap_or_else(|| panic!("nobody asked for {key}"))
            };
            match line.try_hear()? {
                FromServer::Posted(posted) => self.history.was_kept(answered(posted.key.as_str()), posted),
                FromServer::Refused(refused) => match &refused.key {
                    Some(key) => self.history.was_refused(answered(key), refused.code),
                    None => panic!("{refused:?}"),
                },
                FromServer::Hello { .. }
                | FromServer::Subscribed { .. }
                | FromServer::Reset { .. }
                | FromServer::Event(_)
                | FromServer::Signal { .. }
                | FromServer::Amended { .. }
                | FromServer::Behind {}
                | FromServer::Ping { .. } => {}
            }
        }
    }
}

impl Listener {
    /// Somebody who will listen to these rooms, from their beginning.
    #[must_use]
    pub fn new(guest: Guest, rooms: &[RoomId], ticks: &Ticks) -> Self {
        let history = History::new(guest.person.clone(), ticks);
        let places = rooms.iter().map(|room| (*room, Seq::ZERO)).collect();
        Self { guest, history, behind: 0, places }
    }

    /// Opens a connection and listens from where it was.
    pub fn connects(&mut self) -> Result<(Line, Epoch), Gone> {
        let mut line = self.guest.connects();
        let Some(FromServer::Hello { epoch, head, .. }) = line.hello.clone() else { return Err(Gone) };
        self.history.begins(Stream::User(self.guest.person.id), head);
        self.subscribes(&mut line, &epoch)?;
        Ok((line, epoch))
    }

    /// Hears until the server is gone.
    pub fn hears_to_the_end(&mut self, line: (Line, Epoch)) {
        let _ = self.hears(line, |_| false);
    }

    /// Hears until every room is heard up to these places, or the server is gone.
    pub fn hears_up_to(&mut self, line: (Line, Epoch), heads: &BTreeMap<RoomId, Seq>) -> Result<(), Gone> {
        self.hears(line, |places| heads.iter().all(|(room, head)| places[room] >= *head))
    }

    /// Hears until it stands where `enough` says, which is asked after each frame, or the server closes.
    pub fn hears(
        &mut self,
        (mut line, epoch): (Line, Epoch),
        enough: impl Fn(&BTreeMap<RoomId, Seq>) -> bool,
    ) -> Result<(), Gone> {
        while !enough(&self.places) {
            match line.try_hear()? {
                FromServer::Event(event) => {
                    if let Stream::Room(room) = event.stream {
                        self.places.insert(room, event.seq);
                    }
                    self.history.hears(event);
                }
                FromServer::Reset { room, head, .. } => {
                    self.places.insert(room, head);
                    self.history.was_reset(Stream::Room(room), head);
                }
                FromServer::Behind {} => {
                    self.behind += 1;
                    self.subscribes(&mut line, &epoch)?;
                }
                FromServer::Ping { .. } => line.try_say(&FromClient::Pong {})?,
                FromServer::Refused(refused) => panic!("{refused:?}"),
                FromServer::Hello { .. }
                | FromServer::Subscribed { .. }
                | FromServer::Signal { .. }
                | FromServer::Posted(_)
                | FromServer::Amended { .. } => {}
            }
        }
        Ok(())
    }

    fn subscribes(&mut self, line: &mut Line, epoch: &Epoch) -> Result<(), Gone> {
        for (room, seq) in &self.places {
            self.history.begins(Stream::Room(*room), *seq);
            let since = Some(Cursor { epoch: epoch.clone(), seq: *seq });
            line.try_say(&FromClient::Subscribe { room: *room, since })?;
        }
        Ok(())
    }
}
