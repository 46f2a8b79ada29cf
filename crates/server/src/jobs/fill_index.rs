//! Takes what was said before there was an index of words into it, while the house is open, and then is done.

use std::{sync::Weak, time::Duration};

use model::{Actor, Refusal};
use tokio::{sync::watch, time::timeout};

use crate::{Failure, House, command::FillIndex};

/// The least time between two steps.
const PAUSE: Duration = Duration::from_millis(5);
/// The time until another try, when a step was refused or failed.
const LATER: Duration = Duration::from_secs(5);

/// Fills the index. After each step it rests for as long as the step took: half of the writers' time is left to the people.
pub(crate) async fn fill_index(house: Weak<House>, mut closing: watch::Receiver<bool>) {
    loop {
        let Some(house) = house.upgrade() else { return };
        let began = tokio::time::Instant::now();
        let stepped = house.execute(Actor::Operator, FillIndex).await;
        drop(house);
        let pause = match stepped {
            Ok(true) => began.elapsed().max(PAUSE),
            Ok(false) => return,
            Err(Failure::Refused(Refusal::Busy)) => LATER,
            Err(failure) => {
                drop(failure.tell("fill_index"));
                LATER
            }
        };
        if timeout(pause, closing.wait_for(|closing| *closing)).await.is_ok() {
            return;
        }
    }
}
