//! Has messages pushed to those who have no page open.

use std::sync::Weak;

use model::Refusal;
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep_until},
};

use crate::{Failure, House, push::News};

/// What comes next.
enum Next {
    News(News),
    Look,
    Over,
}

/// Pushes what `news` tells of, until the house closes.
pub(crate) async fn push(house: Weak<House>, mut news: mpsc::Receiver<News>, mut closing: watch::Receiver<bool>) {
    let Some(push) = house.upgrade().and_then(|house| house.push.clone()) else { return };
    // Made at the first start, so that the first browser that asks gets the one that stays.
    if let Some(house) = house.upgrade()
        && let Err(failure) = push.public_key(&house).await
    {
        failure.tell("push");
    }
    let told = closing.clone();
    let mut settling = push.settling();
    loop {
        let due = settling.due();
        let look = async {
            match due {
                Some(due) => sleep_until(due).await,
                None => std::future::pending().await,
            }
        };
        let next = tokio::select! {
            heard = news.recv() => heard.map_or(Next::Over, Next::News),
            () = look => Next::Look,
            _ = closing.wait_for(|closing| *closing) => Next::Over,
        };
        let look = match next {
            Next::News(News::Said(room, seq)) => {
                settling.add(Instant::now(), room, seq);
                continue;
            }
            Next::News(News::Reminded(user, room, seq)) => {
                if let Some(house) = house.upgrade()
                    && let Err(failure) = push.remind(&house, user, (room, seq), &told).await
                {
                    failure.tell("push");
                }
                continue;
            }
            Next::Look => settling.next(Instant::now()),
            Next::Over => return,
        };
        let (Some(house), Some(look)) = (house.upgrade(), look) else { continue };
        match push.act(&house, look, &told).await {
            Ok(again) => again.into_iter().for_each(|look| settling.look_again(Instant::now(), look)),
            Err(Failure::Refused(Refusal::Busy | Refusal::NotFound)) => {}
            Err(failure) => drop(failure.tell("push")),
        }
    }
}
