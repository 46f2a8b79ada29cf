//! What the house does by itself with outgoing hooks: it takes one on, and notes what became of what it told.

use model::{Actor, HookId, Seq, Timestamp, limits::HOOK_LEASE_MS};
use store::{
    Lane, Tx,
    hooks::{self, Turn},
};

use super::{Scene, Verb};
use crate::Failure;

/// Takes a hook on, unless another server is at it or it rests.
pub(crate) struct TakeHook {
    pub(crate) id: HookId,
}

/// Something became of what a hook told, or its turn ends.
pub(crate) struct NoteHook {
    pub(crate) turn: Turn,
    pub(crate) fate: HookFate,
}

/// What became of it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum HookFate {
    /// The message at this place was taken.
    Taken(Seq),
    /// What comes next could not be brought. With the status that came; 0: none. The hook rests.
    Failed { status: u16, next_at: Timestamp },
    /// The same, and the message at this place is given up.
    GivenUp { status: u16, seq: Seq, next_at: Timestamp },
    /// There is nobody any more at its address.
    Gone,
    /// Up to this place nothing is left to be told in this turn.
    Done(Seq),
}

impl Verb for TakeHook {
    type Outcome = Option<Turn>;

    fn lane(&self, _: &Actor) -> Lane {
        Lane::Any
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<Option<Turn>, Failure> {
        Ok(hooks::take(tx, self.id, scene.now, scene.now.plus_ms(HOOK_LEASE_MS)).await?)
    }
}

impl Verb for NoteHook {
    /// Whether the turn goes on.
    type Outcome = bool;

    fn lane(&self, _: &Actor) -> Lane {
        Lane::Any
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<bool, Failure> {
        let Self { turn, fate } = self;
        match fate {
            HookFate::Taken(seq) => {
                hooks::note_sent(tx, turn.id, scene.now).await?;
                return Ok(hooks::tell(tx, &turn, seq).await?);
            }
            HookFate::Failed { status, next_at } => {
                hooks::note_failed(tx, &turn, status, scene.now).await?;
                hooks::let_go(tx, &turn, next_at).await?;
            }
            HookFate::GivenUp { status, seq, next_at } => {
                hooks::note_failed(tx, &turn, status, scene.now).await?;
                hooks::tell(tx, &turn, seq).await?;
                hooks::let_go(tx, &turn, next_at).await?;
            }
            HookFate::Gone => drop(hooks::remove(tx, turn.bot, turn.id).await?),
            HookFate::Done(seq) => {
                hooks::tell(tx, &turn, seq).await?;
                hooks::let_go(tx, &turn, Timestamp::from_ms(0)).await?;
            }
        }
        Ok(false)
    }
}
