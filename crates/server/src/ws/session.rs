//! One socket's life: hello, then frames both ways, until one side says good-bye.
//!
//! One task does everything in turn, so a socket that is slow to be written to is not read from either, and costs nobody
//! else anything.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use axum::extract::ws::{Utf8Bytes, WebSocket};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use model::{
    Cursor, RoomId, Seq, Session, Stream,
    limits::{PING_MS, PONG_TIMEOUT_MS, ROOMS_PER_USER_MAX},
};
use protocol::{Close, Code, FromClient, FromServer, Limits, Me, Refused, RoomHead, decode, encode};
use relay::{Delivery, Socket};
use tokio::time::Instant;

use super::frames::{self, Over, say, write};
use crate::{
    Failure, House,
    http::Caller,
    post,
    query::{self, Resumed},
    random,
};

/// Frames a second, over time, and at once, that one socket may send.
const FRAMES: [NonZeroU32; 2] = [NonZeroU32::new(50).unwrap(), NonZeroU32::new(200).unwrap()];
/// Times that a socket is told that it was too fast before it is closed. A frame that is taken wipes them out.
const STRIKES_MAX: u32 = 20;
/// Pings between two looks at whether the session still lives: a minute.
const PINGS_PER_CHECK: u32 = 3;

struct Conversation {
    house: Arc<House>,
    caller: Caller,
    socket: Socket<Utf8Bytes>,
    pace: DefaultDirectRateLimiter,
    strikes: u32,
    next_ping: Instant,
    pong_due: Option<Instant>,
    pings: u32,
}

/// Talks to a client until one side has enough.
pub(super) async fn run(mut ws: WebSocket, house: Arc<House>, caller: Caller) {
    // The second is held until the good-bye is said: the house waits for it when it closes.
    let Some((mut closing, _token)) = house.enter() else {
        return frames::end(ws, Over(Some(Close::GoingAway))).await;
    };
    let Ok(socket) = house.hub.connect(caller.session.person.id, caller.session.id) else {
        return frames::end(ws, Over(Some(Close::TooManySockets))).await;
    };
    let [rate, burst] = FRAMES;
    let mut conversation = Conversation {
        house,
        caller,
        socket,
        pace: RateLimiter::direct(Quota::per_second(rate).allow_burst(burst)),
        strikes: 0,
        next_ping: Instant::now() + Duration::from_millis(PING_MS),
        pong_due: None,
        pings: 0,
    };
    let talking = async {
        conversation.hello(&mut ws).await?;
        loop {
            conversation.step(&mut ws).await?;
        }
    };
    let over: Result<std::convert::Infallible, Over> = tokio::select! {
        over = talking => over,
        _ = closing.wait_for(|closing| *closing) => Err(Over(Some(Close::GoingAway))),
    };
    drop(conversation);
    let Err(over) = over;
    frames::end(ws, over).await;
}

impl Conversation {
    async fn hello(&mut self, ws: &mut WebSocket) -> Result<(), Over> {
        // The socket listens to its person's stream already: what happens after this is read comes as events.
        let person = self.caller.session.person.clone();
        let hello = query::hello(&self.house, person.id).await.map_err(|failure| fault(&failure))?;
        let own = Stream::User(person.id);
        let frame = FromServer::Hello {
            protocol: 1,
            epoch: self.house.store.epoch().clone(),
            you: Me { person, admin: self.caller.session.admin },
            head: hello.head,
            rooms: hello.rooms.into_iter().map(|(room, head)| RoomHead { room, head }).collect(),
            limits: Limits::HERE,
        };
        say(ws, &frame).await?;
        self.socket.sent(own, hello.head, hello.head);
        Ok(())
    }

    /// Waits for the next thing, whichever side it comes from, and deals with it.
    async fn step(&mut self, ws: &mut WebSocket) -> Result<(), Over> {
        tokio::select! {
            received = ws.recv() => match frames::text(received)? {
                Some(text) => self.hear(ws, &text).await,
                None => self.keep_pace(ws).await.map(drop),
            },
            delivery = self.socket.next() => match delivery {
                Delivery::Frames(due) => write(ws, due.into_iter().map(|queued| queued.frame)).await,
                Delivery::Behind => say(ws, &FromServer::Behind {}).await,
                Delivery::Ended(close) => Err(Over(Some(close))),
            },
            () = tokio::time::sleep_until(self.pong_due.unwrap_or(self.next_ping)) => self.beat(ws).await,
        }
    }

    /// The time of a ping has come, or of the answer to one has passed.
    async fn beat(&mut self, ws: &mut WebSocket) -> Result<(), Over> {
        if self.pong_due.is_some() {
            return Err(Over(Some(Close::TooSlow)));
        }
        self.pings += 1;
        if self.pings.is_multiple_of(PINGS_PER_CHECK) {
            let alive = query::whose_session(&self.house, self.caller.token).await.map_err(|f| fault(&f))?;
            if alive.is_none() {
                return Err(Over(Some(Close::SessionEnded)));
            }
        }
        say(ws, &FromServer::Ping { heads: self.socket.heads() }).await?;
        // Whoever talks is pinged all the same: the ping carries the heads, and the session is looked at beside it.
        self.next_ping = Instant::now() + Duration::from_millis(PING_MS);
        self.pong_due = Some(Instant::now() + Duration::from_millis(PONG_TIMEOUT_MS));
        Ok(())
    }

    async fn hear(&mut self, ws: &mut WebSocket, text: &str) -> Result<(), Over> {
        // Whatever is heard is a sign of life.
        self.pong_due = None;
        if !self.keep_pace(ws).await? {
            return Ok(());
        }
        match decode(text) {
            Ok(FromClient::Pong {}) => Ok(()),
            Ok(FromClient::Unsubscribe { room }) => {
                self.socket.unlisten(room);
                Ok(())
            }
            Ok(FromClient::Subscribe { room, since }) => match self.subscribe(ws, room, since).await? {
                Ok(()) => Ok(()),
                Err(failure) => {
                    self.socket.unlisten(room);
                    let refused = Refused { room: Some(room), ..failure.tell(&random::request_id()) };
                    self.refuse(ws, refused).await
                }
            },
            Ok(FromClient::Post { room, key, text }) => {
                match post::post(&self.house, &self.caller.session, room, &key, &text).await {
                    Ok(posted) => {
                        self.strikes = 0;
                        say(ws, &FromServer::Posted(posted)).await
                    }
                    Err(failure) => {
                        let refused = failure.tell(&random::request_id());
                        self.refuse(ws, Refused { key: Some(key), room: Some(room), ..refused }).await
                    }
                }
            }
            Err(malformed) => self.refuse(ws, Failure::from(malformed).tell("")).await,
        }
    }

    /// Counts a frame, of whatever kind. Says whether it came in time.
    async fn keep_pace(&mut self, ws: &mut WebSocket) -> Result<bool, Over> {
        if self.pace.check().is_ok() {
            return Ok(true);
        }
        self.refuse(ws, Refused::new(Code::TooFast, "That was a lot at once. Wait a moment.")).await?;
        Ok(false)
    }

    async fn refuse(&mut self, ws: &mut WebSocket, refused: Refused) -> Result<(), Over> {
        if refused.code == Code::TooFast {
            self.strikes += 1;
            if self.strikes > STRIKES_MAX {
                return Err(Over(Some(Close::Flood)));
            }
        }
        say(ws, &FromServer::Refused(refused)).await
    }

    /// Listens first and reads then, so that nothing falls between; what comes twice, the socket passes over.
    async fn subscribe(
        &mut self,
        ws: &mut WebSocket,
        room: RoomId,
        since: Option<Cursor>,
    ) -> Result<Result<(), Failure>, Over> {
        if self.socket.listening() > ROOMS_PER_USER_MAX {
            return Ok(Err(model::Refusal::TooManyRooms.into()));
        }
        let session: &Session = &self.caller.session;
        let permit = match query::may_listen(&self.house, session.clone(), room).await {
            Ok(permit) => permit,
            Err(failure) => return Ok(Err(failure)),
        };
        self.socket.listen(&permit);
        let stream = Stream::Room(room);
        let mut cursor = since;
        let mut told = false;
        loop {
            let resumed = query::resume(&self.house, session.clone(), room, cursor.clone()).await;
            let (head, events) = match resumed {
                Ok(Resumed::Events { head, events }) => (head, events),
                Ok(Resumed::Reset { head }) => {
                    let epoch = self.house.store.epoch().clone();
                    say(ws, &FromServer::Reset { room, epoch, head }).await?;
                    self.socket.sent(stream, head, head);
                    return Ok(Ok(()));
                }
                Err(failure) => return Ok(Err(failure)),
            };
            if !told {
                say(ws, &FromServer::Subscribed { room, head }).await?;
                told = true;
            }
            let reached = events.last().map(|event| event.seq);
            write(ws, events.into_iter().map(|event| Utf8Bytes::from(encode(&FromServer::Event(event))))).await?;
            let at: Seq = match (&mut cursor, reached) {
                (Some(cursor), Some(reached)) => {
                    cursor.seq = reached;
                    reached
                }
                (Some(cursor), None) => cursor.seq,
                (None, _) => head,
            };
            if at >= head {
                self.socket.sent(stream, at, head);
                return Ok(Ok(()));
            }
        }
    }
}

/// A fault outside of any frame: logged, and the end of the socket.
fn fault(failure: &Failure) -> Over {
    failure.tell(&random::request_id());
    Over(Some(Close::Fault))
}
