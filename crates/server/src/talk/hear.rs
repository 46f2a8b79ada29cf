//! Frames from the client: each is read, taken or refused; and a refusal says what it answers.

use model::{Marks, Scopes};
use protocol::{FromClient, FromServer, Refused, decode};
use tokio::time::Instant;

use super::{Conversation, Over, Wire, too_fast, wire::say};
use crate::{
    Failure, mark,
    post::{self, Wish},
    query, random,
};

impl Conversation {
    pub(super) async fn hear(&mut self, wire: &mut impl Wire, text: &str) -> Result<(), Over> {
        // Whatever is heard is a sign of life.
        self.pong_due = None;
        let in_time = self.pace.check().is_ok();
        // One that came too soon is read all the same, so that the refusal can name it. Whoever goes on is closed.
        let frame = match decode::<FromClient>(text) {
            Ok(frame) => frame,
            Err(_) if !in_time => return self.refuse(wire, too_fast()).await,
            Err(malformed) => return self.refuse(wire, Failure::from(malformed).tell("")).await,
        };
        if !in_time {
            return self.refuse(wire, about(&frame, too_fast())).await;
        }
        match self.take(wire, &frame).await? {
            Ok(()) => Ok(()),
            Err(failure) => self.refuse(wire, about(&frame, failure.tell(&random::request_id()))).await,
        }
    }

    /// Does what a frame asks. A failure is told and the socket lives; the other error ends it.
    async fn take(&mut self, wire: &mut impl Wire, frame: &FromClient) -> Result<Result<(), Failure>, Over> {
        let session = &self.caller.session;
        match frame {
            FromClient::Pong {} => {}
            FromClient::Unsubscribe { room } => self.socket.unlisten(*room),
            FromClient::Subscribe { room, since } => {
                let subscribed = self.subscribe(wire, *room, since.clone()).await?;
                if subscribed.is_err() {
                    self.socket.unlisten(*room);
                }
                return Ok(subscribed);
            }
            FromClient::Post { room, key, text, files, reply, forward } => {
                let wish = Wish { key, text, files, reply: *reply, forward: *forward };
                match post::post(&self.house, session, *room, wish).await {
                    Ok(posted) => {
                        self.strikes = 0;
                        say(wire, &FromServer::Posted(posted)).await?;
                    }
                    Err(failure) => return Ok(Err(failure)),
                }
            }
            FromClient::Amend { room, message, key, what } => {
                match post::amend(&self.house, session, (*room, *message), what).await {
                    Ok(seq) => say(wire, &FromServer::Amended { room: *room, key: key.clone(), seq }).await?,
                    Err(failure) => return Ok(Err(failure)),
                }
            }
            FromClient::Mark { room, delivered, read } => {
                let marks = Marks { delivered: *delivered, read: *read };
                return Ok(mark::mark(&self.house, session, *room, marks).await);
            }
            FromClient::Typing { room } => {
                if session.scopes.has(Scopes::POST) && self.typing.admits(*room, Instant::now()) {
                    self.socket.typing(*room, &session.person);
                }
            }
            FromClient::Here { away } => self.socket.here(*away),
            FromClient::Watch { people } => match query::shared(&self.house, session.person.id, people).await {
                Ok(shared) => self.socket.watch(&shared),
                Err(failure) => return Ok(Err(failure)),
            },
        }
        Ok(Ok(()))
    }
}

/// Says which frame a refusal answers.
fn about(frame: &FromClient, refused: Refused) -> Refused {
    let (room, key) = frame.about();
    let key = key.map(str::to_owned);
    Refused { frame: Some(frame.name().into()), room, key, ..refused }
}
