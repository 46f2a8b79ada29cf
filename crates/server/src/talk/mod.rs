//! A conversation with a client, whatever carries it: hello, then frames both ways, until one side says good-bye.
//!
//! One task does everything in turn, so a client that is slow to be written to is not read from either, and costs nobody
//! else anything.

mod departure;
mod hear;
mod subscribe;
mod typing;
mod wire;

pub use wire::Over;
pub(crate) use wire::{Heard, Wire};

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use axum::extract::ws::Utf8Bytes;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use model::{
    Sight, Stream,
    limits::{PONG_TIMEOUT_MS, SESSION_LOOK_MS},
};
use protocol::{Close, Code, FromServer, Limits, Me, Refused};
use relay::{Delivery, Socket};
use tokio::time::Instant;

use self::{typing::TypingPace, wire::say};
use crate::{Failure, House, http::Caller, query, random};

/// Frames a second, over time, and at once, that one socket may send.
const FRAMES: [NonZeroU32; 2] = [NonZeroU32::new(50).unwrap(), NonZeroU32::new(200).unwrap()];
/// Times that a socket is told that it was too fast before it is closed. A frame that is taken wipes them out.
const STRIKES_MAX: u32 = 20;
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
    /// When it is looked at whether the session still lives.
    next_look: Instant,
}

/// Talks to a client until one side has enough.
pub(crate) async fn run(mut wire: impl Wire, house: Arc<House>, caller: Caller) {
    // The second is held until the good-bye is said: the house waits for it when it closes.
    let Some((mut closing, token)) = house.enter() else {
        return wire.end(Over(Some(Close::GoingAway))).await;
    };
    let person = caller.session.person.id;
    let sight = match query::sight(&house, person).await {
        Ok(sight) => sight,
        Err(failure) => return wire.end(fault(&failure)).await,
    };
    let Ok(socket) = house.hub.connect(person, caller.session.id, sight.clone()) else {
        return wire.end(Over(Some(Close::TooManySockets))).await;
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
        next_ping: Instant::now() + ping_after(&wire),
        pong_due: None,
        next_look: Instant::now() + Duration::from_millis(SESSION_LOOK_MS),
    };
    let talking = async {
        conversation.hello(&mut wire).await?;
        loop {
            conversation.step(&mut wire).await?;
        }
    };
    let over: Result<std::convert::Infallible, Over> = tokio::select! {
        over = talking => over,
        _ = closing.wait_for(|closing| *closing) => Err(Over(Some(Close::GoingAway))),
    };
    drop(conversation);
    tokio::spawn(departure.note());
    let Err(over) = over;
    wire.end(over).await;
    drop(token);
}

impl Conversation {
    async fn hello<W: Wire>(&mut self, wire: &mut W) -> Result<(), Over> {
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
            limits: Limits { ping_ms: u32::try_from(W::PING_MS).unwrap_or(u32::MAX), ..self.house.limits() },
        };
        say(wire, &frame).await?;
        self.socket.sent(own, hello.head, hello.head);
        Ok(())
    }

    /// Waits for the next thing, whichever side it comes from, and deals with it.
    async fn step(&mut self, wire: &mut impl Wire) -> Result<(), Over> {
        tokio::select! {
            heard = wire.hear() => match heard? {
                Heard::Frame(text) => self.hear(wire, &text).await,
                Heard::Nothing if self.pace.check().is_ok() => Ok(()),
                Heard::Nothing => self.refuse(wire, too_fast()).await,
                Heard::Life => {
                    self.pong_due = None;
                    Ok(())
                }
            },
            delivery = self.socket.next() => match delivery {
                Delivery::Frames(due) => wire.write(due.into_iter().map(|queued| queued.frame)).await,
                Delivery::Behind => say(wire, &FromServer::Behind {}).await,
                Delivery::Ended(close) => Err(Over(Some(close))),
            },
            () = tokio::time::sleep_until(self.pong_due.unwrap_or(self.next_ping)) => self.beat(wire).await,
        }
    }

    /// The time of a ping has come, or of the answer to one has passed.
    async fn beat(&mut self, wire: &mut impl Wire) -> Result<(), Over> {
        if self.pong_due.is_some() {
            return Err(Over(Some(Close::TooSlow)));
        }
        let now = Instant::now();
        if self.next_look <= now {
            self.next_look = now + Duration::from_millis(SESSION_LOOK_MS);
            let alive = query::whose_session(&self.house, self.caller.token).await.map_err(|f| fault(&f))?;
            // Its person may be called otherwise now.
            self.caller.session = alive.ok_or(Over(Some(Close::SessionEnded)))?;
        }
        say(wire, &FromServer::Ping { heads: self.socket.heads() }).await?;
        // Whoever talks is pinged all the same: the ping carries the heads, and the session is looked at beside it.
        self.next_ping = Instant::now() + ping_after(wire);
        self.pong_due = Some(Instant::now() + Duration::from_millis(PONG_TIMEOUT_MS));
        Ok(())
    }

    async fn refuse(&mut self, wire: &mut impl Wire, refused: Refused) -> Result<(), Over> {
        if refused.code == Code::TooFast {
            self.strikes += 1;
            if self.strikes > STRIKES_MAX {
                return Err(Over(Some(Close::Flood)));
            }
        }
        say(wire, &FromServer::Refused(refused)).await
    }
}

fn ping_after<W: Wire>(_: &W) -> Duration {
    Duration::from_millis(W::PING_MS)
}

fn too_fast() -> Refused {
    Refused::new(Code::TooFast, "That was a lot at once. Wait a moment.")
}

/// A fault outside of any frame: logged, and the end of the socket.
fn fault(failure: &Failure) -> Over {
    failure.tell(&random::request_id());
    Over(Some(Close::Fault))
}
