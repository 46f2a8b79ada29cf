//! One socket of a crowd: it hears, answers pings, counts, and can be made to stop reading.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::Instant,
};

use model::{Cursor, Epoch, RoomId, Seq, UserId};
use protocol::{FromClient, FromServer, decode};
use tokio::sync::Notify;

use crate::{
    frames::Came,
    ledger::{Ledger, number_after},
    link::{Ear, Mouth},
};

/// The number of a close that came without a frame.
pub const BROKEN: u16 = 1006;

/// A socket in the crowd's room.
#[derive(Debug)]
pub struct Seat {
    /// Whose.
    pub user: UserId,
    /// To speak.
    pub mouth: Mouth,
    room: RoomId,
    since: Option<Cursor>,
    ledger: Ledger,
    /// The last place that was heard of in the room.
    place: AtomicU64,
    listens: AtomicBool,
    /// Messages that were heard, and places that were not the next.
    messages: AtomicUsize,
    jumps: AtomicUsize,
    /// Times that the server said that this socket was behind.
    lags: AtomicUsize,
    stalled: AtomicBool,
    resumed: Notify,
    kept: Mutex<Kept>,
}

/// What a socket is there for.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Whose it is.
    pub user: UserId,
    /// The room to listen to.
    pub room: RoomId,
    /// From where on; from the head if nothing is said.
    pub since: Option<Cursor>,
    /// Every message is to be kept, not only their number.
    pub keeps: bool,
}

/// What is kept of a socket that is looked at more closely.
#[derive(Debug, Default)]
struct Kept {
    epoch: Option<Epoch>,
    /// The place and the text of every message, if they are to be kept.
    messages: Option<Vec<(u64, String)>>,
    ended: Option<(u16, Instant)>,
    /// What only some care for: signals, resets, and what was refused.
    others: Vec<(FromServer, Instant)>,
}

/// What a text asks of its hearer.
enum Reply {
    Nothing,
    Say(FromClient),
}

impl Seat {
    /// Takes a seat: hears from now on, in a task of its own.
    pub fn take(wish: Wish, (ear, mouth): (Ear, Mouth), ledger: &Ledger) -> Arc<Self> {
        let Wish { user, room, since, keeps } = wish;
        let kept = Kept { messages: keeps.then(Vec::new), ..Kept::default() };
        let place = since.as_ref().map_or(0, |cursor| cursor.seq.number());
        let seat = Arc::new(Self {
            user,
            mouth,
            room,
            since,
            ledger: ledger.clone(),
            place: AtomicU64::new(place),
            listens: AtomicBool::new(false),
            messages: AtomicUsize::new(0),
            jumps: AtomicUsize::new(0),
            lags: AtomicUsize::new(0),
            stalled: AtomicBool::new(false),
            resumed: Notify::new(),
            kept: Mutex::new(kept),
        });
        tokio::spawn(Arc::clone(&seat).attend(ear));
        seat
    }

    /// Where the socket stands in the room.
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        let seq = Seq::new(self.place.load(Ordering::Relaxed));
        self.kept().epoch.clone().map(|epoch| Cursor { epoch, seq })
    }

    /// Whether the server has said that it listens.
    #[must_use]
    pub fn listens(&self) -> bool {
        self.listens.load(Ordering::Relaxed)
    }

    /// Messages heard; places that did not follow the one before; times that the server called it behind.
    #[must_use]
    pub fn counts(&self) -> [usize; 3] {
        [&self.messages, &self.jumps, &self.lags].map(|count| count.load(Ordering::Relaxed))
    }

    /// The number with which it was closed, and when that was seen.
    #[must_use]
    pub fn ended(&self) -> Option<(u16, Instant)> {
        self.kept().ended
    }

    /// Takes what was kept: the place and the text of every message.
    #[must_use]
    pub fn take_messages(&self) -> Vec<(u64, String)> {
        self.kept().messages.take().unwrap_or_default()
    }

    /// Takes the signals and refusals that came.
    #[must_use]
    pub fn take_others(&self) -> Vec<(FromServer, Instant)> {
        std::mem::take(&mut self.kept().others)
    }

    /// Reads no more, after what is on its way.
    pub fn stall(&self) {
        self.stalled.store(true, Ordering::Relaxed);
    }

    /// Reads again.
    pub fn resume(&self) {
        self.stalled.store(false, Ordering::Relaxed);
        self.resumed.notify_one();
    }

    async fn attend(self: Arc<Self>, mut ear: Ear) {
        let mut replies = Vec::new();
        loop {
            while self.stalled.load(Ordering::Relaxed) {
                self.resumed.notified().await;
            }
            let mut closed = None;
            let stands = ear.hear(|came| match came {
                Came::Text(text) => {
                    if let Reply::Say(reply) = self.hears(text) {
                        replies.push(reply);
                    }
                }
                Came::Close(number) => closed = Some(number),
                Came::Other => {}
            });
            let stands = stands.await.unwrap_or(false);
            if !stands || closed.is_some() {
                let number = closed.unwrap_or(BROKEN);
                self.kept().ended.get_or_insert((number, Instant::now()));
                return;
            }
            for reply in replies.drain(..) {
                // If it cannot be said, the next hearing tells why.
                let _ = self.mouth.say(&reply).await;
            }
        }
    }

    fn hears(&self, text: &[u8]) -> Reply {
        if text.starts_with(br#"{"type":"event","stream":"room:"#) {
            self.hears_event(text);
            Reply::Nothing
        } else if text.starts_with(br#"{"type":"posted""#) {
            if let Some(sent) = number_after(text, b"\"key\":\"at-") {
                self.ledger.receipted(sent);
            }
            Reply::Nothing
        } else if text.starts_with(br#"{"type":"event","stream":"user:"#) {
            // What is told of a person goes to all their sockets, and says nothing of the room.
            Reply::Nothing
        } else if text.starts_with(br#"{"type":"ping""#) {
            Reply::Say(FromClient::Pong {})
        } else {
            self.hears_more(text)
        }
    }

    fn hears_event(&self, text: &[u8]) {
        let Some(place) = number_after(text, b"\"seq\":") else { return };
        let before = self.place.swap(place, Ordering::Relaxed);
        if place != before + 1 {
            self.jumps.fetch_add(1, Ordering::Relaxed);
        }
        if let Some(sent) = number_after(text, b"\"text\":\"") {
            self.ledger.delivered(sent);
            self.messages.fetch_add(1, Ordering::Relaxed);
            if let Some(messages) = &mut self.kept().messages
                && let Ok(FromServer::Event(event)) = decode(&String::from_utf8_lossy(text))
                && let Some(message) = event.message()
            {
                messages.push((message.seq.number(), message.said.text.as_str().to_owned()));
            }
        }
    }

    fn hears_more(&self, text: &[u8]) -> Reply {
        let Ok(frame) = decode::<FromServer>(&String::from_utf8_lossy(text)) else { return Reply::Nothing };
        if let FromServer::Hello { epoch, .. } = &frame {
            self.kept().epoch = Some(epoch.clone());
            return Reply::Say(FromClient::Subscribe { room: self.room, since: self.since.clone() });
        }
        if let FromServer::Subscribed { head, .. } = &frame {
            if !self.listens.swap(true, Ordering::Relaxed) && self.since.is_none() {
                self.place.store(head.number(), Ordering::Relaxed);
            }
        } else if matches!(frame, FromServer::Behind {}) {
            self.lags.fetch_add(1, Ordering::Relaxed);
            return Reply::Say(FromClient::Subscribe { room: self.room, since: self.cursor() });
        } else {
            if let FromServer::Reset { head, .. } = &frame {
                self.place.store(head.number(), Ordering::Relaxed);
                self.listens.store(true, Ordering::Relaxed);
            }
            self.kept().others.push((frame, Instant::now()));
        }
        Reply::Nothing
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
