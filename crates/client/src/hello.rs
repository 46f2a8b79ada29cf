//! The server's first word: who this is, which rooms there are, where each stands.

use model::{Epoch, Seq};
use protocol::{Limits, Me, RoomHead};

use crate::{Client, Effect, Room, What};

/// What `hello` says.
pub(crate) struct Hello {
    pub(crate) epoch: Epoch,
    pub(crate) you: Me,
    pub(crate) head: Seq,
    pub(crate) rooms: Vec<RoomHead>,
    pub(crate) limits: Limits,
}

impl Client {
    /// Makes the list of rooms what the server says, and asks for what was missed in each.
    pub(crate) fn greeted(&mut self, now_ms: u64, hello: Hello, out: &mut Vec<Effect>) {
        self.line.greeted(now_ms, &hello.limits, out);
        let another_life = self.epoch.as_ref() != Some(&hello.epoch);
        self.epoch = Some(hello.epoch);
        self.me = Some(hello.you);
        self.own = hello.head;
        self.own_beyond = None;

        let mut had = std::mem::take(&mut self.rooms);
        for at in hello.rooms {
            let id = at.room.id;
            let room = match had.remove(&id) {
                Some(mut room) => {
                    // A cursor beyond the head is of a life that the epoch should have told apart.
                    if another_life || room.cursor > at.head {
                        room.begin_again(at.head);
                    }
                    room.info = at.room;
                    room
                }
                None => Room::new(at),
            };
            self.rooms.insert(id, room);
        }
        out.extend([Effect::Changed(What::Me), Effect::Changed(What::Rooms)]);
        if let Some(open) = self.open {
            out.push(Effect::Changed(What::Timeline(open)));
        }

        let ids: Vec<_> = self.rooms.keys().copied().collect();
        for id in ids {
            self.listen(id, out);
            self.post_next(now_ms, id, out);
        }
        self.read_open(out);
    }
}
