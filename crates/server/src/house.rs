//! What every door shares.

use std::{
    hash::RandomState,
    sync::{Arc, Mutex, PoisonError},
};

use axum::extract::ws::Utf8Bytes;
use model::{
    Actor, CreateRoom, OfferSetUp, Refusal, RoomName, SignUpPolicy, Visibility,
    limits::{PUSH_WAITING_MAX, SEARCHES_AT_ONCE, SEARCHES_WAITING_MAX},
    rules,
};
use protocol::Limits;
use relay::Hub;
use store::{Feed, Store};
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
};

use crate::{
    Clock, Failure, Files, Passwords, Secret, Settings,
    command::{Scene, Verb},
    hooks::Hooks,
    http::Front,
    jobs,
    line::Lines,
    outbound::Outbound,
    pace::Paces,
    preview::Previews,
    push::Push,
    turns::Turns,
};

/// Rooms that exist from the first start, so that there is somewhere to talk.
const FIRST_ROOMS: [&str; 3] = ["general", "office", "friends"];

/// The house: the store, the hub, and what an operator decided.
pub struct House {
    pub(crate) store: Store,
    pub(crate) hub: Arc<Hub<Utf8Bytes>>,
    pub(crate) clock: Clock,
    pub(crate) settings: Settings,
    pub(crate) passwords: Passwords,
    pub(crate) paces: Paces,
    pub(crate) searches: Turns,
    pub(crate) front: Front,
    /// What has messages pushed, if they are.
    pub(crate) push: Option<Arc<Push>>,
    /// What tells other servers of messages, if there are bots.
    pub(crate) hooks: Option<Arc<Hooks>>,
    /// What looks behind links, if it does.
    pub(crate) previews: Option<Previews>,
    /// What stands in for sockets.
    pub(crate) lines: Lines,
    /// The rooms that keep nothing.
    pub(crate) instant: Arc<instant::Rooms>,
    /// Turns true when the house closes; sockets then say good-bye.
    closing: watch::Sender<bool>,
    /// Each connection and socket holds a clone of the sender; when the house has let go of its own and the last clone is
    /// dropped, all have said good-bye.
    sockets: Mutex<Option<mpsc::Sender<()>>>,
    sockets_gone: tokio::sync::Mutex<mpsc::Receiver<()>>,
    /// Follows the store's feed, and so ends when the store has closed.
    following: Mutex<Option<JoinHandle<()>>>,
}

/// What whoever is in the house holds: a word when it closes, and a token that is dropped when they have gone.
pub(crate) type Stay = (watch::Receiver<bool>, mpsc::Sender<()>);

impl House {
    /// A house around an open store. Follows the store's feed from now on.
    pub fn new(store: Store, feed: Feed, clock: Clock, settings: Settings, front: Front) -> Arc<Self> {
        let hub = Hub::new();
        let asks = settings.push.is_some() || settings.previews || settings.bots;
        let outbound = asks.then(|| Arc::new(Outbound::new(&settings.own_hosts)));
        let push = settings.push.clone().zip(outbound.clone()).map(|(push, out)| Arc::new(Push::new(push, out)));
        let hooks = outbound.clone().filter(|_| settings.bots).map(|out| Arc::new(Hooks::new(out)));
        let previews = outbound.filter(|_| settings.previews).map(Previews::new);
        let (say, said) = mpsc::channel(PUSH_WAITING_MAX);
        let told = jobs::Told { push: push.is_some().then_some(say), hooks: hooks.clone() };
        let following = tokio::spawn(jobs::follow(feed, Arc::clone(&hub), told));
        let (sockets, gone) = mpsc::channel(1);
        let closing = watch::Sender::new(false);
        if store.is_shared() {
            tokio::spawn(jobs::look(store.clone(), Arc::clone(&hub), closing.subscribe()));
        }
        let house = Arc::new(Self {
            store,
            hub,
            clock,
            paces: Paces::new(settings.posts),
            settings,
            searches: Turns::new(SEARCHES_AT_ONCE, SEARCHES_WAITING_MAX),
            passwords: Passwords::new(),
            front,
            push,
            hooks,
            previews,
            lines: Lines::default(),
            instant: instant::Rooms::new(RandomState::new()),
            closing,
            sockets: Mutex::new(Some(sockets)),
            sockets_gone: tokio::sync::Mutex::new(gone),
            following: Mutex::new(Some(following)),
        });
        tokio::spawn(jobs::say_due(Arc::downgrade(&house), house.closing.subscribe()));
        tokio::spawn(jobs::fill_index(Arc::downgrade(&house), house.closing.subscribe()));
        if let Some(hooks) = house.hooks.clone() {
            tokio::spawn(jobs::tell_hooks(Arc::downgrade(&house), hooks, house.closing.subscribe()));
        }
        if house.push.is_some() {
            tokio::spawn(jobs::push(Arc::downgrade(&house), said, house.closing.subscribe()));
        }
        if let Some(files) = house.settings.files.clone() {
            let closing = house.closing.subscribe();
            tokio::spawn(jobs::sweep(Arc::downgrade(&house), files, closing));
        }
        house
    }

    /// The only door through which the world changes: one command in one transaction. The answer comes after the commit.
    pub async fn execute<V: Verb>(&self, actor: Actor, command: V) -> Result<V::Outcome, Failure> {
        if let Actor::SignedIn(session) = &actor {
            rules::may(session, V::NEEDS)?;
        }
        let scene = Scene { now: (self.clock)(), policy: self.settings.sign_up, actor };
        let lane = command.lane(&scene.actor);
        self.store.write(lane, move |tx| Box::pin(command.perform(tx, scene))).await
    }

    /// Furnishes a new database.
    pub async fn furnish(&self) -> Result<(), Failure> {
        for name in FIRST_ROOMS {
            let name = RoomName::parse(name).map_err(model::Refusal::from)?;
            self.execute(Actor::Operator, CreateRoom { name, visibility: Visibility::Public }).await?;
        }
        Ok(())
    }

    /// A new set-up link's secret, as long as nobody administers the server.
    pub async fn offer_set_up(&self) -> Result<Option<Secret>, Failure> {
        if self.store.read(|conn| Box::pin(store::users::any_admin(conn))).await? {
            return Ok(None);
        }
        let secret = Secret::draw()?;
        self.execute(Actor::Operator, OfferSetUp { token: secret.hash() }).await?;
        Ok(Some(secret))
    }

    /// What the server takes.
    pub(crate) fn limits(&self) -> Limits {
        let files = self.settings.files.as_ref();
        files.map_or(Limits::HERE, |files| Limits::with_files(files.max_bytes(), files.quota_bytes()))
    }

    /// Where files are.
    pub(crate) fn files(&self) -> Result<&Files, Refusal> {
        self.settings.files.as_ref().ok_or(Refusal::FilesClosed)
    }

    /// Whether people may make accounts by themselves.
    pub(crate) fn sign_up_is_open(&self) -> bool {
        self.settings.sign_up == SignUpPolicy::Open
    }

    /// A connection's or a socket's share in the house: a word when it closes, and a token to hold until the good-bye is said. `None` when the
    /// house is closing already.
    pub(crate) fn enter(&self) -> Option<Stay> {
        let token = self.sockets.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        Some((self.closing.subscribe(), token))
    }

    /// Tells every connection and socket to say good-bye and waits until all have.
    pub async fn close(&self) {
        self.sockets.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.closing.send_replace(true);
        while self.sockets_gone.lock().await.recv().await.is_some() {}
    }

    /// Waits until the store has written what waits and closed its files; somebody else's hold on the house delays that.
    pub(crate) async fn leave(self: Arc<Self>) {
        let following = self.following.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(self);
        if let Some(following) = following {
            let _ = following.await;
        }
    }
}
