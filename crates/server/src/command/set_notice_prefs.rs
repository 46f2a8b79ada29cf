//! Says what a person wants of being told at once.

use model::{Actor, SetNoticePrefs, Stream, rules};
use store::{Lane, Tx, notice_prefs};

use super::{Scene, Verb};
use crate::Failure;

impl Verb for SetNoticePrefs {
    type Outcome = ();

    fn lane(&self, actor: &Actor) -> Lane {
        actor.user().map_or(Lane::Any, |user| Lane::One(Stream::User(user)))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        let session = rules::signed_in(&scene.actor)?;
        Ok(notice_prefs::set(tx, session.person.id, self.prefs, scene.now).await?)
    }
}
