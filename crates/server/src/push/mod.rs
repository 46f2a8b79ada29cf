//! Messages pushed to the devices of people who have no page open: Web Push (RFC 8030), from this server straight to the push services
//! of the browsers.
//!
//! `settling.rs` waits whether a message is read meanwhile, `decide.rs` says whom it is pushed to, `letter.rs` what is said, `seal.rs`
//! makes it readable to the device alone, `vapid.rs` proves who pushes, and `deliver.rs` tries until it is taken or given up. Nothing
//! here is promised: a push that is lost is lost, and the message stands in its room. `docs/decisions/` says why it is done so.

mod decide;
mod deliver;
mod hours;
mod letter;
mod seal;
mod settling;
mod vapid;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::http::Uri;
use model::{
    Actor, PushId, Refusal, RoomId, Seq, Subscription, UserId,
    limits::{PUSH_ENDPOINT_BYTES_MAX, PUSHES_MAX},
};
use store::Fault;
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore, watch};

use self::vapid::Key;
pub(crate) use self::{
    deliver::{Outcome, deliver},
    hours::is_zone,
    letter::Letter,
    settling::{Look, Settling},
};
use crate::{
    Failure, House,
    command::KeepPushKey,
    outbound::{NoAnswer, Outbound},
};

/// How messages are pushed.
#[derive(Clone, Debug)]
pub struct PushSettings {
    /// Hosts of push services that are pushed to, with all hosts below them; `*`: any.
    pub services: Vec<String>,
    /// Whom a push service may write to: an address of `mailto:` or `https:`.
    pub contact: Option<String>,
    /// How long a message waits, whether it is read meanwhile.
    pub settle: Duration,
    /// How long after that those are looked at again who seemed to be there.
    pub look_again: Duration,
    /// How long a push waits that was not taken; each time four times as long.
    pub retry: Duration,
}

/// What may be pushed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum News {
    /// Something was said in a room.
    Said(RoomId, Seq),
    /// It is time for what somebody wanted to be reminded of.
    Reminded(UserId, RoomId, Seq),
}

/// What pushing needs.
pub(crate) struct Push {
    settings: PushSettings,
    outbound: Arc<Outbound>,
    key: OnceCell<Key>,
    /// For each push that is under way.
    places: Arc<Semaphore>,
    /// The last message of each room that is under way to each device: an earlier one need not come any more.
    newest: Mutex<HashMap<(PushId, RoomId), Seq>>,
}

impl Push {
    pub(crate) fn new(settings: PushSettings, outbound: Arc<Outbound>) -> Self {
        let places = Arc::new(Semaphore::new(PUSHES_MAX));
        Self { settings, outbound, key: OnceCell::new(), places, newest: Mutex::default() }
    }

    /// A queue for what waits to be decided.
    pub(crate) fn settling(&self) -> Settling {
        Settling::new(self.settings.settle, self.settings.look_again)
    }

    /// The server's public key, as browsers want it.
    pub(crate) async fn public_key(&self, house: &House) -> Result<&str, Failure> {
        Ok(&self.key(house).await?.public)
    }

    /// Refuses what cannot be pushed to: another push service than those that the operator wants, an address that leads inward, keys
    /// that are none.
    pub(crate) async fn admit(&self, wish: &Subscription) -> Result<(), Failure> {
        let uri = wish.endpoint.parse::<Uri>().ok().filter(|_| wish.endpoint.len() <= PUSH_ENDPOINT_BYTES_MAX);
        let uri = uri.filter(|uri| self.serves(uri.host().unwrap_or_default())).ok_or(Refusal::PushInvalid)?;
        if wish.auth.len() != 16 || seal::seal(wish, b"").is_err() {
            return Err(Refusal::PushInvalid.into());
        }
        match self.outbound.check(&uri).await {
            Ok(()) => Ok(()),
            Err(NoAnswer::Forbidden(_)) => Err(Refusal::PushInvalid.into()),
            Err(NoAnswer::Away(_)) => Err(Refusal::Busy.into()),
        }
    }

    /// Pushes what a look has come to, each by itself; `closing` turns true when the house closes.
    pub(crate) async fn act(
        self: &Arc<Self>,
        house: &Arc<House>,
        look: Look,
        closing: &watch::Receiver<bool>,
    ) -> Result<Option<Look>, Failure> {
        let decided = decide::decide(house, &look).await?;
        self.send_all(house, decided.letters, closing);
        let again = look.held.is_none() && !decided.held.is_empty();
        Ok(again.then_some(Look { held: Some(decided.held), ..look }))
    }

    /// Pushes a reminder to all devices of its person, unless they sit at one.
    pub(crate) async fn remind(
        self: &Arc<Self>,
        house: &Arc<House>,
        user: UserId,
        place: (RoomId, Seq),
        closing: &watch::Receiver<bool>,
    ) -> Result<(), Failure> {
        let letters = decide::remind(house, user, place).await?;
        self.send_all(house, letters, closing);
        Ok(())
    }

    fn send_all(self: &Arc<Self>, house: &Arc<House>, letters: Vec<Letter>, closing: &watch::Receiver<bool>) {
        for letter in letters {
            let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
                tracing::warn!(most = PUSHES_MAX, "too many pushes are under way: one more is given up");
                continue;
            };
            self.set_out(&letter);
            let task = on_the_way(Arc::downgrade(house), Arc::clone(self), letter, closing.clone(), place);
            tokio::spawn(task);
        }
    }

    async fn key(&self, house: &House) -> Result<&Key, Failure> {
        let read = async || {
            let kept = house.store.read::<_, Fault, _>(|conn| Box::pin(store::push::find_key(conn))).await?;
            let kept = if let Some(kept) = kept {
                kept
            } else {
                let key = Key::draw().map_err(|_| Failure::broken("no key for push services could be drawn"))?;
                // Of two servers that start at once on one database, one has its key kept.
                house.execute(Actor::Operator, KeepPushKey { key }).await?
            };
            Key::read(&kept).ok_or_else(|| Failure::broken("the kept key for push services cannot be read"))
        };
        self.key.get_or_try_init(read).await
    }

    /// Whether a host is one of a push service that is pushed to.
    fn serves(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let below = |service: &str| host.strip_suffix(service).is_some_and(|rest| rest.ends_with('.'));
        self.settings.services.iter().any(|service| service == "*" || host == *service || below(service))
    }

    fn set_out(&self, letter: &Letter) {
        if let Some((room, seq)) = letter.about {
            self.newest().insert((letter.to.id, room), seq);
        }
    }

    /// Whether a later message of the same room is under way to the same device.
    fn is_overtaken(&self, letter: &Letter) -> bool {
        let newest = |(room, seq)| self.newest().get(&(letter.to.id, room)).is_some_and(|newest| *newest > seq);
        letter.about.is_some_and(newest)
    }

    fn arrive(&self, letter: &Letter) {
        if let Some((room, seq)) = letter.about {
            let mut newest = self.newest();
            if newest.get(&(letter.to.id, room)) == Some(&seq) {
                newest.remove(&(letter.to.id, room));
            }
        }
    }

    fn newest(&self) -> std::sync::MutexGuard<'_, HashMap<(PushId, RoomId), Seq>> {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn on_the_way(
    house: std::sync::Weak<House>,
    push: Arc<Push>,
    letter: Letter,
    mut closing: watch::Receiver<bool>,
    place: OwnedSemaphorePermit,
) {
    tokio::select! {
        () = deliver::try_until_taken(&house, &push, &letter) => {}
        _ = closing.wait_for(|closing| *closing) => {}
    }
    push.arrive(&letter);
    drop(place);
}
