//! Custom emoji: named, shown, taken away.

use model::{Actor, EmojiName, Refusal, rules};
use store::{
    Lane, Tx,
    custom_emoji::{self, Claim, CustomEmoji},
};

use super::{Scene, Verb};
use crate::Failure;

/// Names the blob of an emoji before it is written. Says whether it is to be written: not if this very emoji is shown already.
pub(crate) struct ClaimEmoji {
    pub(crate) emoji: CustomEmoji,
}

/// The blob is kept for good: shows the emoji.
pub(crate) struct ShowEmoji {
    pub(crate) emoji: CustomEmoji,
}

/// Shows an emoji no more.
pub(crate) struct RemoveEmoji {
    pub(crate) name: EmojiName,
}

impl Verb for ClaimEmoji {
    type Outcome = bool;

    fn lane(&self, _: &Actor) -> Lane {
        Lane::Any
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<bool, Failure> {
        rules::may_keep_emoji(rules::signed_in(&scene.actor)?)?;
        // What people type to write an emoji of the table stays that emoji.
        if emojis::get_by_shortcode(self.emoji.name.as_str()).is_some() {
            return Err(Refusal::EmojiExists.into());
        }
        match custom_emoji::claim(tx, &self.emoji).await? {
            Claim::Claimed => Ok(true),
            Claim::Shown => Ok(false),
            Claim::Taken => Err(Refusal::EmojiExists.into()),
            Claim::Full => Err(Refusal::TooManyEmoji.into()),
            // In a moment it is gone, and can be written anew.
            Claim::Leaving => Err(Refusal::Busy.into()),
        }
    }
}

impl Verb for ShowEmoji {
    type Outcome = ();

    fn lane(&self, _: &Actor) -> Lane {
        Lane::Any
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        rules::may_keep_emoji(rules::signed_in(&scene.actor)?)?;
        // Of two that come at once the later is shown, and the other is told so.
        if custom_emoji::show(tx, &self.emoji).await? { Ok(()) } else { Err(Refusal::Busy.into()) }
    }
}

impl Verb for RemoveEmoji {
    type Outcome = ();

    fn lane(&self, _: &Actor) -> Lane {
        Lane::Any
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        rules::may_keep_emoji(rules::signed_in(&scene.actor)?)?;
        if custom_emoji::remove(tx, &self.name).await? { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }
}
