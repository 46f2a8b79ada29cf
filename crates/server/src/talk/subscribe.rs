//! Listening to a room: what the client lacks first, and then what happens.

use axum::extract::ws::Utf8Bytes;
use model::{Cursor, RoomId, Seq, Session, Stream, limits::ROOMS_PER_USER_MAX};
use protocol::{FromServer, encode};

use super::{Conversation, Over, Wire, wire::say};
use crate::{
    Failure,
    query::{self, Resumed},
};

impl Conversation {
    /// Listens first and reads then, so that nothing falls between; what comes twice, the socket passes over.
    pub(super) async fn subscribe(
        &mut self,
        wire: &mut impl Wire,
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
                Ok(Resumed::Reset { head, marks, unread, topic }) => {
                    let epoch = self.house.store.epoch().clone();
                    say(wire, &FromServer::Reset { room, epoch, head, marks, unread, topic }).await?;
                    self.socket.sent(stream, head, head);
                    return Ok(Ok(()));
                }
                Err(failure) => return Ok(Err(failure)),
            };
            if !told {
                say(wire, &FromServer::Subscribed { room, head }).await?;
                told = true;
            }
            let reached = events.last().map(|event| event.seq);
            wire.write(events.into_iter().map(|event| Utf8Bytes::from(encode(&FromServer::Event(event))))).await?;
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
