//! One socket at a node, after `crates/server/src/ws/session.rs`: hello, then frames both ways, one thing after the other.
//!
//! Where the real one waits, this one comes back by [`Happening::Proceed`], and anything may happen in between.

use std::{
    collections::VecDeque,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use model::{
    Body, ClientKey, Cursor, Marks, Refusal, RoomId, Seq, Session, Sight, Stream,
    limits::{OFFLINE_AFTER_MS, PING_MS, PONG_TIMEOUT_MS},
};
use protocol::{Close, Code, FromClient, FromServer, Refused, decode, encode};
use relay::{Delivery, Socket};

use crate::{
    agenda::Happening,
    line::{LineId, Packet},
    node::Asker,
    plant::Plant,
    store::{Command, Outcome, Resumed},
    world::World,
};

/// One conversation with a client.
#[derive(Debug)]
pub(crate) struct Talk {
    session: Session,
    sight: Sight,
    socket: Socket<Arc<str>>,
    inbox: VecDeque<Arc<str>>,
    doing: Doing,
    pings: u32,
    pong_due: bool,
    beat_at_ms: u64,
}

/// What a conversation waits for.
#[derive(Debug)]
enum Doing {
    /// To greet.
    Greeting,
    /// For the next thing, whichever side it comes from.
    Nothing,
    /// For what it wrote to be taken.
    Writing,
    /// To ask whether a room may be listened to.
    Asking { room: RoomId, since: Option<Cursor> },
    /// To read the log.
    Reading { room: RoomId, since: Option<Cursor>, told: bool },
    /// For the lane's answer to a frame.
    Committing(FromClient),
}

/// Pings between two looks at whether the session still lives.
const PINGS_PER_CHECK: u32 = 3;
/// Time that one read of the store takes, at most.
const READ_MS: u64 = 15;

impl World {
    /// A client dials.
    pub(crate) fn dialled(&mut self, id: LineId) {
        let Some(line) = self.lines.get(&id).filter(|line| !line.gone && !line.up_mute) else { return };
        let (node, device) = (line.node, line.page.device);
        let stands = self.nodes[node.0].up && self.nodes[node.0].life == line.life && self.devices[device.0].online;
        let session = self.store.session(self.devices[device.0].session).filter(|_| stands);
        let Some(session) = session else { return self.cut(id) };
        let sight = self.store.state.sight(session.person.id);
        let Ok(socket) = self.nodes[node.0].hub.connect(session.person.id, session.id, sight.clone()) else {
            return self.send_down(id, Packet::Close(Close::TooManySockets.number()));
        };
        let beat_at_ms = self.now_ms + PING_MS;
        let (inbox, doing) = (VecDeque::new(), Doing::Greeting);
        let talk = Talk { session, sight, socket, inbox, doing, pings: 0, pong_due: false, beat_at_ms };
        self.nodes[node.0].talks.insert(id, talk);
        self.agenda.plan(beat_at_ms, Happening::Beat(id));
        self.proceed_later(id);
        self.pump(node);
    }

    fn proceed_later(&mut self, id: LineId) {
        let at_ms = self.later(READ_MS);
        self.agenda.plan(at_ms, Happening::Proceed(id));
    }

    fn talk(&mut self, id: LineId) -> Option<&mut Talk> {
        let node = self.lines.get(&id)?.node;
        self.nodes[node.0].talks.get_mut(&id)
    }

    /// Ends a conversation, with a number or without a word.
    fn end(&mut self, id: LineId, close: Option<Close>) {
        let Some(node) = self.lines.get(&id).map(|line| line.node) else { return };
        let Some(talk) = self.nodes[node.0].talks.remove(&id) else { return };
        let (user, life) = (talk.session.person.id, self.nodes[node.0].life);
        drop(talk);
        self.agenda.plan(self.now_ms + OFFLINE_AFTER_MS, Happening::Depart(node, life, user));
        match close {
            Some(close) => self.send_down(id, Packet::Close(close.number())),
            None => self.cut(id),
        }
        self.pump(node);
    }

    /// The server notices that a line is gone.
    pub(crate) fn hung(&mut self, id: LineId) {
        self.end(id, None);
    }

    fn say(&mut self, id: LineId, frame: &FromServer) {
        self.send_down(id, Packet::Frame(encode(frame).into()));
    }

    fn write(&mut self, id: LineId, text: &Arc<str>, place: Option<(Stream, Seq)>) {
        if let Some((stream, seq)) = place {
            self.witness_write(id, stream, seq);
        }
        self.send_down(id, Packet::Frame(Arc::clone(text)));
    }

    /// A frame from the client arrives.
    pub(crate) fn arrives(&mut self, id: LineId) {
        let Some(text) = self.take_up(id) else { return };
        let Some(talk) = self.talk(id) else { return };
        talk.inbox.push_back(text);
        self.serve(id);
    }

    /// A conversation that waits for nothing in particular takes what there is.
    pub(crate) fn serve(&mut self, id: LineId) {
        loop {
            let client_first = self.chance.percent(50);
            let Some(talk) = self.talk(id).filter(|talk| matches!(talk.doing, Doing::Nothing)) else { return };
            let first = if client_first { talk.inbox.pop_front() } else { None };
            if let Some(text) = first {
                self.hear(id, &text);
            } else if let Some(delivery) = poll(&mut talk.socket) {
                self.deliver(id, delivery);
            } else if let Some(text) = talk.inbox.pop_front() {
                self.hear(id, &text);
            } else {
                return;
            }
        }
    }

    fn deliver(&mut self, id: LineId, delivery: Delivery<Arc<str>>) {
        match delivery {
            Delivery::Frames(due) => {
                for queued in due {
                    self.write(id, &queued.frame, queued.place);
                }
                self.perhaps_wait(id);
            }
            Delivery::Behind => {
                self.witness_behind(id);
                self.say(id, &FromServer::Behind {});
            }
            Delivery::Ended(close) => self.end(id, Some(close)),
        }
    }

    /// Now and then the client takes its time to take what was written.
    fn perhaps_wait(&mut self, id: LineId) {
        if self.misfortune(20) {
            let at_ms = self.later(self.weather.line_ms);
            if let Some(talk) = self.talk(id).filter(|talk| matches!(talk.doing, Doing::Nothing)) {
                talk.doing = Doing::Writing;
                self.agenda.plan(at_ms, Happening::Proceed(id));
            }
        }
    }

    /// What a conversation waited for is there.
    pub(crate) fn proceed(&mut self, id: LineId) {
        let Some(talk) = self.talk(id) else { return };
        match std::mem::replace(&mut talk.doing, Doing::Nothing) {
            Doing::Greeting => self.greet(id),
            Doing::Nothing | Doing::Writing => {}
            Doing::Asking { room, since } => self.may_listen(id, room, since),
            Doing::Reading { room, since, told } => self.read_log(id, room, since, told),
            waiting @ Doing::Committing(_) => talk.doing = waiting,
        }
        self.serve(id);
    }

    fn greet(&mut self, id: LineId) {
        let Some(talk) = self.talk(id) else { return };
        let (session, sight) = (talk.session.clone(), talk.sight.clone());
        if sight != self.store.state.sight(session.person.id) {
            return self.end(id, Some(Close::LostThread));
        }
        let (hello, head) = self.store.hello(&session);
        self.witness_from(id, Stream::User(session.person.id), head);
        self.say(id, &hello);
        if let Some(talk) = self.talk(id) {
            talk.socket.sent(Stream::User(session.person.id), head, head);
        }
    }

    fn may_listen(&mut self, id: LineId, room: RoomId, since: Option<Cursor>) {
        let Some(session) = self.talk(id).map(|talk| talk.session.clone()) else { return };
        match self.store.may_read(&session, room) {
            Ok(permit) => {
                self.witness_unlisten(id, room);
                if let Some(talk) = self.talk(id) {
                    talk.socket.listen(&permit);
                    talk.doing = Doing::Reading { room, since, told: false };
                    self.proceed_later(id);
                }
            }
            Err(refusal) => self.not_listening(id, room, refusal),
        }
    }

    fn not_listening(&mut self, id: LineId, room: RoomId, refusal: Refusal) {
        self.witness_unlisten(id, room);
        if let Some(talk) = self.talk(id) {
            talk.socket.unlisten(room);
        }
        let frame = FromClient::Subscribe { room, since: None };
        self.refuse(id, &frame, refusal.into());
    }

    /// Reads a page of the log and writes it, until the head is reached.
    fn read_log(&mut self, id: LineId, room: RoomId, mut since: Option<Cursor>, told: bool) {
        let Some(session) = self.talk(id).map(|talk| talk.session.clone()) else { return };
        let stream = Stream::Room(room);
        let (head, events) = match self.store.resume(&session, room, since.as_ref()) {
            Ok(Resumed::Events { head, events }) => (head, events),
            Ok(Resumed::Reset { head, marks, unread, topic }) => {
                self.witness_from(id, stream, head);
                self.say(id, &FromServer::Reset { room, epoch: self.store.epoch(), head, marks, unread, topic });
                return self.settle(id, stream, head, head);
            }
            Err(refusal) => return self.not_listening(id, room, refusal),
        };
        if !told {
            self.witness_from(id, stream, since.as_ref().map_or(head, |cursor| cursor.seq));
            self.say(id, &FromServer::Subscribed { room, head });
        }
        let reached = events.last().map(|event| event.seq);
        let twice = self.plant == Some(Plant::WriteTwice);
        for event in events {
            let place = Some((event.stream, event.seq));
            let text: Arc<str> = encode(&FromServer::Event(event)).into();
            for _ in 0..if twice { 2 } else { 1 } {
                self.write(id, &text, place);
            }
        }
        let at = match (&mut since, reached) {
            (Some(cursor), Some(reached)) => {
                cursor.seq = reached;
                reached
            }
            (Some(cursor), None) if self.plant.is_none() => cursor.seq,
            (Some(_) | None, _) => head,
        };
        if at >= head {
            return self.settle(id, stream, at, head);
        }
        if let Some(talk) = self.talk(id) {
            talk.doing = Doing::Reading { room, since, told: true };
            self.proceed_later(id);
        }
    }

    fn settle(&mut self, id: LineId, stream: Stream, at: Seq, head: Seq) {
        if let Some(talk) = self.talk(id) {
            talk.socket.sent(stream, at, head);
        }
    }

    fn hear(&mut self, id: LineId, text: &str) {
        let frame: FromClient = match decode(text) {
            Ok(frame) => frame,
            Err(_) => return self.witness_malformed(text),
        };
        let hasty = !matches!(frame, FromClient::Pong {}) && self.misfortune(self.weather.too_fast_percent);
        let Some(talk) = self.talk(id) else { return };
        // Whatever is heard is a sign of life.
        talk.pong_due = false;
        if hasty {
            return self.refuse(id, &frame, Refusal::TooFast { retry_after_ms: 300 }.into());
        }
        let session = talk.session.clone();
        match frame {
            FromClient::Pong {} => {}
            FromClient::Unsubscribe { room } => talk.socket.unlisten(room),
            FromClient::Subscribe { room, since } => {
                talk.doing = Doing::Asking { room, since };
                self.proceed_later(id);
            }
            FromClient::Post { room, ref key, ref text, reply, .. } => match (ClientKey::parse(key), Body::parse(text))
            {
                (Ok(name), Ok(body)) => {
                    talk.doing = Doing::Committing(frame.clone());
                    self.ask_lane(id, session, Command::Post { room, key: name, text: body, reply });
                }
                (_, _) => self.witness_malformed(text),
            },
            FromClient::Amend { room, message, key, what } => {
                talk.doing = Doing::Committing(FromClient::Amend { room, message, key, what: what.clone() });
                self.ask_lane(id, session, Command::Amend { room, message, what });
            }
            FromClient::Mark { room, delivered, read } => {
                talk.doing = Doing::Committing(FromClient::Mark { room, delivered, read });
                self.ask_lane(id, session, Command::Mark { room, marks: Marks { delivered, read } });
            }
            FromClient::Typing { room } => talk.socket.typing(room, &session.person),
            FromClient::Here { away } => talk.socket.here(away),
            FromClient::Watch { people } => {
                let shared = self.store.shared(session.person.id, &people);
                if let Some(talk) = self.talk(id) {
                    talk.socket.watch(&shared);
                }
            }
        }
    }

    fn ask_lane(&mut self, id: LineId, session: Session, command: Command) {
        if let Some(node) = self.lines.get(&id).map(|line| line.node) {
            self.ask(node, session, command, Asker::Line(id));
        }
    }

    /// The lane's answer to a frame.
    pub(crate) fn replied(&mut self, id: LineId, outcome: Outcome) {
        let Some(talk) = self.talk(id) else { return };
        let Doing::Committing(frame) = &talk.doing else { return };
        let frame = frame.clone();
        talk.doing = Doing::Nothing;
        match outcome {
            Outcome::Posted(posted) => {
                self.witness_acknowledged(id, &posted);
                self.say(id, &FromServer::Posted(posted));
            }
            Outcome::Amended(seq) => {
                if let FromClient::Amend { room, key, .. } = frame {
                    self.say(id, &FromServer::Amended { room, key, seq });
                }
            }
            Outcome::Done => {}
            Outcome::Refused(refusal) => self.refuse(id, &frame, refusal.into()),
            Outcome::Fault => self.refuse(id, &frame, Refused::new(Code::Fault, "Something went wrong here.")),
        }
        self.serve(id);
    }

    fn refuse(&mut self, id: LineId, frame: &FromClient, refused: Refused) {
        let (room, key) = frame.about();
        let refused = Refused { frame: Some(frame.name().into()), room, key: key.map(str::to_owned), ..refused };
        self.say(id, &FromServer::Refused(refused));
    }

    /// The time of a ping has come, or of the answer to one has passed.
    pub(crate) fn beat(&mut self, id: LineId) {
        let now_ms = self.now_ms;
        let Some(talk) = self.talk(id) else { return };
        if now_ms < talk.beat_at_ms {
            return;
        }
        // The real one keeps time only when it waits for nothing else.
        if !matches!(talk.doing, Doing::Nothing) {
            self.agenda.plan(now_ms + 5, Happening::Beat(id));
            return;
        }
        if talk.pong_due {
            return self.end(id, Some(Close::TooSlow));
        }
        talk.pings += 1;
        let (check, session) = (talk.pings.is_multiple_of(PINGS_PER_CHECK), talk.session.id);
        let heads = talk.socket.heads();
        talk.pong_due = true;
        talk.beat_at_ms = now_ms + PONG_TIMEOUT_MS.min(PING_MS);
        let beat_at_ms = talk.beat_at_ms;
        if check && self.store.session(session).is_none() {
            return self.end(id, Some(Close::SessionEnded));
        }
        self.say(id, &FromServer::Ping { heads });
        self.agenda.plan(beat_at_ms, Happening::Beat(id));
    }

    /// Whose conversation this is.
    pub(crate) fn talker(&self, id: LineId) -> Option<&Session> {
        let node = self.lines.get(&id)?.node;
        self.nodes[node.0].talks.get(&id).map(|talk| &talk.session)
    }
}

/// What waits for a socket now, if something does.
fn poll(socket: &mut Socket<Arc<str>>) -> Option<Delivery<Arc<str>>> {
    match pin!(socket.next()).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(delivery) => Some(delivery),
        Poll::Pending => None,
    }
}
