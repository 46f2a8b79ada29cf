//! What the house does by itself with pushes: it keeps its key for push services, and notes what became of a push.

use model::{Actor, PushId, Stream, UserId};
use store::{Lane, Tx, push};

use super::{Scene, Verb};
use crate::Failure;

/// Keeps the server's key for push services, if there is none yet.
pub(crate) struct KeepPushKey {
    pub(crate) key: Vec<u8>,
}

/// Something became of a push to this device.
pub(crate) struct NotePush {
    pub(crate) user: UserId,
    pub(crate) id: PushId,
    pub(crate) fate: PushFate,
}

/// What became of a push.
pub(crate) enum PushFate {
    /// The push service took it.
    Taken,
    /// There is no device any more at this address.
    Gone { endpoint: String },
    /// It was given up. With the push service's status; 0: it gave none.
    Failed { status: u16 },
}

impl Verb for KeepPushKey {
    /// The key that stands.
    type Outcome = Vec<u8>;

    fn lane(&self, _: &Actor) -> Lane {
        Lane::Any
    }

    async fn perform(self, tx: &mut Tx, _: Scene) -> Result<Vec<u8>, Failure> {
        Ok(push::keep_key(tx, self.key).await?)
    }
}

impl Verb for NotePush {
    type Outcome = ();

    fn lane(&self, _: &Actor) -> Lane {
        Lane::One(Stream::User(self.user))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        let noted = match self.fate {
            PushFate::Taken => push::note_sent(tx, self.id, scene.now).await,
            PushFate::Gone { endpoint } => push::forget(tx, self.id, &endpoint).await,
            PushFate::Failed { status } => push::note_failed(tx, self.id, status, scene.now).await,
        };
        Ok(noted?)
    }
}
