//! One socket's life: hello, then frames both ways, until one side says good-bye.
//!
//! One task does everything in turn, so a socket that is slow to be written to is not read from either, and costs nobody
//! else anything.

mod departure;
mod hear;
mod subscribe;
mod typing;

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use axum::extract::ws::{Utf8Bytes, WebSocket};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use model::{
    Sight, Stream,
    limits::{PING_MS, PONG_TIMEOUT_MS},
};
use protocol::{Close, Code, FromServer, Me, Refused};
use relay::{Delivery, Socket};
use tokio::time::Instant;

use self::typing::TypingPace;
use super::frames::{self, Over, say, write};
use crate::{Failure, House, http::Caller, query, random};

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
    /// Whether its person got receipts when it opened.
    sight: Sight,
    pace: DefaultDirectRateLimiter,
    typing: TypingPace,
    strikes: u32,
    next_ping: Instant,
    pong_due: Option<Instant>,
    pings: u32,
}

/// Talks to a client until one side has enough.
pub(super) async fn run(mut ws: WebSocket, house: Arc<House>, caller: Caller) {
    // The second is held until the good-bye is said: the house waits for it when it closes.
    let Some((mut closing, token)) = house.enter() else {
        return frames::end(ws, Over(Some(Close::GoingAway))).await;
    };
    let person = caller.session.person.id;
    let sight = match query::sight(&house, person).await {
        Ok(sight) => sight,
        Err(failure) => return frames::end(ws, fault(&failure)).await,
    };
    let Ok(socket) = house.hub.connect(person, caller.session.id, sight.clone()) else {
        return frames::end(ws, Over(Some(Close::TooManySockets))).await;
    };
    // It begins to wait when the socket is dropped, and not before.
    let departure =
        departure::Departure { house: Arc::clone(&house), person, closing: closing.clone(), token: token.clone() };
    let [rate, burst] = FRAMES;
    let mut conversation = Conversation {
        house,
        caller,
        socket,
        sight,
        pace: RateLimiter::direct(Quota::per_second(rate).allow_burst(burst)),
        typing: TypingPace::default(),
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
    tokio::spawn(departure.note());
    let Err(over) = over;
    frames::end(ws, over).await;
    drop(token);
}

impl Conversation {
    async fn hello(&mut self, ws: &mut WebSocket) -> Result<(), Over> {
        // The socket listens to its person's stream already: what happens after this is read comes as events.
        let person = self.caller.session.person.clone();
        let hello = query::hello(&self.house, person.id).await.map_err(|failure| fault(&failure))?;
        // Receipts were turned on or off, or somebody was blocked, while it was coming: what the hub was told at the door may be of
        // before.
        if hello.sight != self.sight {
            return Err(Over(Some(Close::LostThread)));
        }
        let own = Stream::User(person.id);
        let frame = FromServer::Hello {
            protocol: 1,
            epoch: self.house.store.epoch().clone(),
            you: Me {
                person,
                admin: self.caller.session.admin,
                receipts: hello.sight.receipts,
                notices: hello.notices,
            },
            head: hello.head,
            rooms: hello.rooms,
            regards: hello.regards,
            limits: self.house.limits(),
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
                None if self.pace.check().is_ok() => Ok(()),
                None => self.refuse(ws, too_fast()).await,
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
            // Its person may be called otherwise now.
            self.caller.session = alive.ok_or(Over(Some(Close::SessionEnded)))?;
        }
        say(ws, &FromServer::Ping { heads: self.socket.heads() }).await?;
        // Whoever talks is pinged all the same: the ping carries the heads, and the session is looked at beside it.
        self.next_ping = Instant::now() + Duration::from_millis(PING_MS);
        self.pong_due = Some(Instant::now() + Duration::from_millis(PONG_TIMEOUT_MS));
        Ok(())
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
}

fn too_fast() -> Refused {
    Refused::new(Code::TooFast, "That was a lot at once. Wait a moment.")
}

/// A fault outside of any frame: logged, and the end of the socket.
fn fault(failure: &Failure) -> Over {
    failure.tell(&random::request_id());
    Over(Some(Close::Fault))
}
