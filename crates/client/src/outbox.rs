//! What the person said in one room and the server has not shown yet, in order.
//!
//! One message is under way at a time, so that the order of the room is the order of typing. A message keeps its key through
//! every retry, so the server keeps it once, however often it is sent.

use model::{Body, ClientKey, File, Posted, Quote, Seq, Timestamp};
use protocol::{Code, Refused};

/// Messages that may wait in one room. One more fails at once.
const WAITING_MAX: usize = 100;
/// A post that was not answered for this long is sent again.
const ANSWER_TIMEOUT_MS: u64 = 15_000;
/// How long to wait when the server says "later" without saying when.
const LATER_MS: u64 = 1_000;

/// How far a message of one's own has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It waits for its turn, or for a connection.
    Waiting,
    /// It was sent, and not answered.
    UnderWay {
        /// When it was sent.
        since_ms: u64,
    },
    /// The server asked to wait.
    Delayed {
        /// When to send it again.
        until_ms: u64,
    },
    /// The server has it; the event that shows its place has not come yet.
    Kept {
        /// Its place.
        seq: Seq,
    },
    /// The server refused it.
    Failed {
        /// Why, for programs.
        code: Code,
        /// Why, in words.
        message: String,
    },
}

/// A message of one's own that is not in the timeline yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Its name.
    pub key: ClientKey,
    /// What it says.
    pub text: Body,
    /// The files that go with it, which the server has already.
    pub files: Vec<File>,
    /// What it answers.
    pub reply: Option<Quote>,
    /// The files that go with it and are still on their way: it waits for them, and lets those behind it pass.
    pub uploads: Vec<ClientKey>,
    /// When it was said: by the device's clock, and by the server's once that is known.
    pub at: Timestamp,
    /// How far it has come.
    pub delivery: Delivery,
}

/// What is to be said.
pub(crate) struct Words {
    /// The text.
    pub(crate) text: Body,
    /// The files that go with it, which the server has already.
    pub(crate) files: Vec<File>,
    /// What it answers.
    pub(crate) reply: Option<Quote>,
}

/// The pending messages of one room.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    pending: Vec<Pending>,
}

impl Outbox {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Pending> {
        self.pending.iter()
    }

    pub(crate) fn push(&mut self, key: ClientKey, words: Words, at: Timestamp) {
        let Words { text, files, reply } = words;
        let delivery = if self.pending.iter().filter(|pending| !pending.is_done()).count() < WAITING_MAX {
            Delivery::Waiting
        } else {
            Delivery::Failed { code: Code::Busy, message: "Too many messages are waiting here already.".into() }
        };
        self.pending.push(Pending { key, text, files, reply, uploads: Vec::new(), at, delivery });
    }

    /// A message waits for these files.
    pub(crate) fn hold(&mut self, key: &ClientKey, uploads: Vec<ClientKey>) {
        if let Some(pending) = self.find(key) {
            pending.uploads = uploads;
        }
    }

    /// Gives the messages whose files are all there their files, as `done` knows them; returns those messages and their uploads.
    pub(crate) fn supply(&mut self, done: impl Fn(&ClientKey) -> Option<File>) -> Vec<(ClientKey, Vec<ClientKey>)> {
        let held = self.pending.iter_mut().filter(|pending| !pending.uploads.is_empty());
        held.filter_map(|pending| {
            pending.files.extend(pending.uploads.iter().map(&done).collect::<Option<Vec<_>>>()?);
            Some((pending.key.clone(), std::mem::take(&mut pending.uploads)))
        })
        .collect()
    }

    /// A file will not come: the message that waits for it has failed.
    pub(crate) fn lack(&mut self, upload: &ClientKey, why: &str) {
        for pending in self.pending.iter_mut().filter(|pending| pending.uploads.contains(upload)) {
            pending.delivery = Delivery::Failed { code: Code::FileNotReady, message: why.to_owned() };
        }
    }

    pub(crate) fn append(&mut self, mut other: Self) {
        self.pending.append(&mut other.pending);
    }

    /// What the server does not have, as far as this device knows.
    pub(crate) fn into_unkept(self) -> impl Iterator<Item = Pending> {
        self.pending.into_iter().filter(|pending| !matches!(pending.delivery, Delivery::Kept { .. }))
    }

    /// The message to send now, if there is one; it counts as sent.
    pub(crate) fn next(&mut self, now_ms: u64) -> Option<&Pending> {
        let first = self.pending.iter_mut().find(|pending| pending.is_to_send())?;
        if first.due_ms().is_some_and(|due_ms| now_ms < due_ms) {
            return None;
        }
        first.delivery = Delivery::UnderWay { since_ms: now_ms };
        Some(first)
    }

    /// When the first message should be sent, if waiting alone can bring that about.
    pub(crate) fn wake_at(&self) -> Option<u64> {
        self.pending.iter().find(|pending| pending.is_to_send())?.due_ms()
    }

    /// The line was lost: what was under way will be sent again, with the same key.
    pub(crate) fn interrupt(&mut self) {
        for pending in &mut self.pending {
            if matches!(pending.delivery, Delivery::UnderWay { .. }) {
                pending.delivery = Delivery::Waiting;
            }
        }
    }

    /// The server's receipt. A message that the timeline shows already is gone from here.
    pub(crate) fn keep(&mut self, posted: &Posted, cursor: Seq) {
        if posted.seq <= cursor {
            self.settle(&posted.key);
        } else if let Some(pending) = self.find(&posted.key) {
            pending.at = posted.at;
            pending.delivery = Delivery::Kept { seq: posted.seq };
        }
    }

    /// The message stands in the timeline. Returns whether it was pending.
    pub(crate) fn settle(&mut self, key: &ClientKey) -> bool {
        let before = self.pending.len();
        self.pending.retain(|pending| pending.key != *key);
        self.pending.len() < before
    }

    /// The cursor passed these places, though nothing shows them: their history is a page away.
    pub(crate) fn settle_up_to(&mut self, cursor: Seq) {
        self.pending.retain(|pending| !matches!(pending.delivery, Delivery::Kept { seq } if seq <= cursor));
    }

    /// In another life of the database what was kept may be lost: it is sent again. If it is there, the key says so.
    pub(crate) fn doubt(&mut self) {
        for pending in &mut self.pending {
            if matches!(pending.delivery, Delivery::Kept { .. }) {
                pending.delivery = Delivery::Waiting;
            }
        }
    }

    /// The room is not the one that these messages were said in: they go nowhere by themselves.
    pub(crate) fn strand(&mut self) {
        for pending in &mut self.pending {
            let message = "The server was restored from a backup, and this was said in a room that is gone.".into();
            pending.delivery = Delivery::Failed { code: Code::NotFound, message };
        }
    }

    pub(crate) fn refuse(&mut self, refused: &Refused, key: &str, now_ms: u64) {
        let Some(pending) = self.pending.iter_mut().find(|pending| pending.key.as_str() == key) else { return };
        if matches!(pending.delivery, Delivery::Kept { .. }) {
            return;
        }
        pending.delivery = if matches!(refused.code, Code::TooFast | Code::Busy | Code::StorageAway) {
            Delivery::Delayed { until_ms: now_ms + refused.retry_after_ms.unwrap_or(LATER_MS) }
        } else {
            Delivery::Failed { code: refused.code, message: refused.message.clone() }
        };
    }

    /// Sends a failed message again, after those that wait. `fresh` names it anew if its old name was the trouble.
    pub(crate) fn retry(&mut self, key: &ClientKey, fresh: ClientKey) {
        let Some(place) = self.pending.iter().position(|pending| pending.key == *key) else { return };
        if let Delivery::Failed { code, .. } = self.pending[place].delivery {
            let mut pending = self.pending.remove(place);
            if matches!(code, Code::KeyReused | Code::KeyInvalid) {
                pending.key = fresh;
            }
            pending.delivery = Delivery::Waiting;
            self.pending.push(pending);
        }
    }

    /// Gives up a message that failed, or that waits for its files. Returns whether it was there.
    pub(crate) fn discard(&mut self, key: &ClientKey) -> bool {
        let before = self.pending.len();
        let given_up =
            |pending: &Pending| matches!(pending.delivery, Delivery::Failed { .. }) || !pending.uploads.is_empty();
        self.pending.retain(|pending| pending.key != *key || !given_up(pending));
        self.pending.len() < before
    }

    fn find(&mut self, key: &ClientKey) -> Option<&mut Pending> {
        self.pending.iter_mut().find(|pending| pending.key == *key)
    }
}

impl Pending {
    /// Whether nothing more is to be sent.
    fn is_done(&self) -> bool {
        matches!(self.delivery, Delivery::Kept { .. } | Delivery::Failed { .. })
    }

    fn is_to_send(&self) -> bool {
        !self.is_done() && self.uploads.is_empty()
    }

    fn due_ms(&self) -> Option<u64> {
        match self.delivery {
            Delivery::UnderWay { since_ms } => Some(since_ms + ANSWER_TIMEOUT_MS),
            Delivery::Delayed { until_ms } => Some(until_ms),
            Delivery::Waiting | Delivery::Kept { .. } | Delivery::Failed { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use model::RoomId;

    use super::*;

    fn key(name: &str) -> ClientKey {
        ClientKey::parse(name).unwrap()
    }

    fn words(text: &str) -> Words {
        Words { text: Body::parse(text).unwrap(), files: Vec::new(), reply: None }
    }

    fn outbox(names: &[&str]) -> Outbox {
        let mut outbox = Outbox::default();
        for name in names {
            outbox.push(key(name), words(name), Timestamp::from_ms(0));
        }
        outbox
    }

    fn next(outbox: &mut Outbox, now_ms: u64) -> Option<String> {
        outbox.next(now_ms).map(|pending| pending.key.as_str().to_owned())
    }

    fn posted(name: &str, seq: u64) -> Posted {
        Posted { room: RoomId::new(1), key: key(name), seq: Seq::new(seq), at: Timestamp::from_ms(9) }
    }

    #[test]
    fn one_is_under_way_and_the_order_stands() {
        let mut outbox = outbox(&["a", "b"]);
        assert_eq!(next(&mut outbox, 0).as_deref(), Some("a"));
        assert_eq!(next(&mut outbox, 1), None);
        outbox.keep(&posted("a", 1), Seq::ZERO);
        assert_eq!(next(&mut outbox, 2).as_deref(), Some("b"));
        outbox.interrupt();
        assert_eq!(next(&mut outbox, 3).as_deref(), Some("b"));
        assert_eq!(next(&mut outbox, 3 + ANSWER_TIMEOUT_MS).as_deref(), Some("b"), "an answer that never came");
    }

    #[test]
    fn too_fast_waits_and_keeps_the_order() {
        let mut outbox = outbox(&["a", "b"]);
        next(&mut outbox, 0);
        let refused = Refused { retry_after_ms: Some(800), ..Refused::new(Code::TooFast, "slow") };
        outbox.refuse(&refused, "a", 100);
        assert_eq!((next(&mut outbox, 899), outbox.wake_at()), (None, Some(900)));
        assert_eq!(next(&mut outbox, 900).as_deref(), Some("a"));
    }

    #[test]
    fn a_failed_message_lets_the_next_one_pass_and_can_come_again() {
        let mut outbox = outbox(&["a", "b"]);
        next(&mut outbox, 0);
        outbox.refuse(&Refused::new(Code::NotAMember, "Join the room first."), "a", 0);
        assert_eq!(next(&mut outbox, 0).as_deref(), Some("b"));
        outbox.retry(&key("a"), key("fresh"));
        outbox.settle(&key("b"));
        assert_eq!(next(&mut outbox, 0).as_deref(), Some("a"));
        outbox.discard(&key("a"));
        assert_eq!(outbox.iter().count(), 1, "what is under way cannot be discarded");
        outbox.refuse(&Refused::new(Code::KeyReused, "used"), "a", 0);
        outbox.retry(&key("a"), key("fresh"));
        assert_eq!(next(&mut outbox, 0).as_deref(), Some("fresh"));
    }

    #[test]
    fn the_queue_has_an_end() {
        let mut outbox = Outbox::default();
        for n in 0..=WAITING_MAX {
            outbox.push(key(&n.to_string()), words("x"), Timestamp::from_ms(0));
        }
        assert_eq!(outbox.iter().filter(|pending| pending.is_done()).count(), 1);
    }
}
