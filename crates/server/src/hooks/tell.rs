//! A hook's turn: what was said since the last one goes out, one message after the other, until something fails.

use std::{sync::Weak, time::Duration};

use axum::http::{Request, Uri, header};
use http_body_util::Full;
use model::{
    Actor, HookId, Message, Refusal, Room, Seq, Stream, Timestamp,
    limits::{HOOK_PLACES, HOOK_RETRY_MS, HOOK_RETRY_MS_MAX, HOOK_TRIES_MAX, HOOK_TURN_MS},
};
use protocol::{encode, http::Hooked};
use store::{Fault, hooks::Turn, messages, rooms, streams};
use tokio::time::Instant;

use super::{Hooks, sign};
use crate::{
    Failure, House,
    command::{HookFate, NoteHook, TakeHook},
};

/// Tells what a hook has to tell. What goes wrong on this side is written down, and tried again when the lease has ended.
pub(super) async fn tell(house: &Weak<House>, hooks: &Hooks, id: HookId) {
    match turn(house, hooks, id).await {
        Ok(()) | Err(Failure::Refused(Refusal::Busy)) => {}
        Err(failure) => drop(failure.tell("tell_hooks")),
    }
}

async fn turn(weak: &Weak<House>, hooks: &Hooks, id: HookId) -> Result<(), Failure> {
    let end = Instant::now() + Duration::from_millis(HOOK_TURN_MS);
    let Some(house) = weak.upgrade() else { return Ok(()) };
    let Some(mut turn) = house.execute(Actor::Operator, TakeHook { id }).await? else { return Ok(()) };
    let Some((room, said, last)) = news(&house, &turn).await? else { return Ok(()) };
    // Not held while another server takes its time: whoever closes the house wants to be the last to hold it.
    drop(house);
    for message in said {
        if Instant::now() > end {
            let before = message.seq.number().saturating_sub(1);
            return note(weak, &turn, HookFate::Done(Seq::new(before))).await.map(drop);
        }
        let (seq, now) = (message.seq, now(weak));
        let status = bring(hooks, &turn, &room, message, now).await;
        if !note(weak, &turn, fate(&turn, status, seq, now)).await? {
            return Ok(());
        }
        turn.tries = 0;
    }
    note(weak, &turn, HookFate::Done(last)).await.map(drop)
}

/// What there is to tell: messages of others that stand. With the place up to which that is all.
async fn news(house: &House, turn: &Turn) -> Result<Option<(Room, Vec<Message>, Seq)>, Failure> {
    let (room, cursor, bot) = (turn.room, turn.cursor.number(), turn.bot);
    let read = house.store.read::<_, Fault, _>(move |conn| {
        Box::pin(async move {
            let head = streams::head(conn, Stream::Room(room)).await?.unwrap_or_default();
            let last = Seq::new(head.number().min(cursor + HOOK_PLACES));
            let said = messages::between(conn, room, Seq::new(cursor + 1), last).await?.into_values();
            let said = said.filter(|message| !message.deleted && message.said.author.id != bot).collect();
            Ok(rooms::find(conn, room).await?.map(|room| (room, said, last)))
        })
    });
    Ok(read.await?)
}

/// Brings one message. Gives the status that came back; 0: none.
async fn bring(hooks: &Hooks, turn: &Turn, room: &Room, message: Message, now: Timestamp) -> u16 {
    let id = format!("msg_{}_{}", turn.id, message.seq);
    let body = encode(&Hooked { hook: turn.id, room: room.clone(), message });
    let seconds = now.as_ms() / 1_000;
    let request = turn.url.parse::<Uri>().ok().and_then(|uri| {
        let request = Request::post(uri)
            .header(header::CONTENT_TYPE, "application/json")
            .header("webhook-signature", sign::signature(turn.key.reveal(), &id, seconds, &body))
            .header("webhook-timestamp", seconds)
            .header("webhook-id", id);
        request.body(Full::from(body)).ok()
    });
    let Some(request) = request else { return 0 };
    // What it answers is read by nobody: nothing of it may find its way into the room.
    hooks.outbound.send(request, |_| 0).await.map_or(0, |answer| answer.status.as_u16())
}

/// What a status means.
fn fate(turn: &Turn, status: u16, seq: Seq, now: Timestamp) -> HookFate {
    let factor = 4_i64.saturating_pow(turn.tries);
    let next_at = now.plus_ms(HOOK_RETRY_MS.saturating_mul(factor).min(HOOK_RETRY_MS_MAX));
    match status {
        200..300 => HookFate::Taken(seq),
        410 => HookFate::Gone,
        _ if turn.tries + 1 >= HOOK_TRIES_MAX => HookFate::GivenUp { status, seq, next_at },
        _ => HookFate::Failed { status, next_at },
    }
}

fn now(house: &Weak<House>) -> Timestamp {
    house.upgrade().map_or(Timestamp::from_ms(0), |house| (house.clock)())
}

/// Says whether the turn goes on.
async fn note(house: &Weak<House>, turn: &Turn, fate: HookFate) -> Result<bool, Failure> {
    match house.upgrade() {
        Some(house) => house.execute(Actor::Operator, NoteHook { turn: turn.clone(), fate }).await,
        None => Ok(false),
    }
}
