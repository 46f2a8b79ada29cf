//! A house inside the test: a real listener on a port of its own, a database in a folder of its own, a clock turned by hand.

use std::{
    num::NonZeroU32,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use model::{Epoch, SignUpPolicy, Timestamp};
use server::{
    FileSettings, Files, House, InstantRooms, Pace, PushSettings, Settings,
    http::{App, Asset, Front, Program},
};
use store::{DatabaseUrl, Store};
use tempfile::TempDir;
use tokio::sync::oneshot;

/// A running server.
pub(crate) struct Running {
    /// Where it is.
    pub(crate) base: String,
    /// The secret of its set-up link.
    pub(crate) set_up: String,
    clock: Arc<AtomicI64>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    folder: Arc<TempDir>,
}

/// What is decided differently.
#[derive(Clone)]
pub(crate) struct Wish {
    pub(crate) sign_up: SignUpPolicy,
    pub(crate) posts_burst: u32,
    /// How long a search may take.
    pub(crate) search: Duration,
    pub(crate) instant: InstantRooms,
    /// Whether there are files, and of how many bytes: one, and all of a person.
    pub(crate) files: Option<[u64; 2]>,
    /// The hosts that the server may send requests to although they are inside; with one, messages are pushed.
    pub(crate) own_hosts: Vec<String>,
}

impl Default for Wish {
    fn default() -> Self {
        Self {
            sign_up: SignUpPolicy::Open,
            posts_burst: 10_000,
            search: Duration::from_millis(model::limits::SEARCH_MS),
            instant: InstantRooms::Open,
            files: Some([1_000_000, 3_000_000]),
            own_hosts: Vec::new(),
        }
    }
}

impl Running {
    pub(crate) fn start() -> Self {
        Self::with(Wish::default())
    }

    pub(crate) fn with(wish: Wish) -> Self {
        Self::open(wish, Arc::new(tempfile::tempdir().unwrap()))
    }

    /// Stops the server and starts it again on the same data.
    pub(crate) fn restart(mut self) -> Self {
        self.stop();
        Self::open(Wish::default(), Arc::clone(&self.folder))
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The folder of its files.
    pub(crate) fn files(&self) -> PathBuf {
        self.folder.path().join("files")
    }

    /// Turns the clock.
    pub(crate) fn pass_ms(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) fn stop(&mut self) {
        self.begin_stop();
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }

    /// Asks it to stop.
    pub(crate) fn begin_stop(&mut self) {
        drop(self.stop.take());
    }

    fn open(wish: Wish, folder: Arc<TempDir>) -> Self {
        let clock = Arc::new(AtomicI64::new(1_795_000_000_000));
        let (stop, stopped) = oneshot::channel::<()>();
        let (tell, told) = std::sync::mpsc::sync_channel(1);
        let (hand, place) = (Arc::clone(&clock), folder.path().to_owned());
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            runtime.block_on(async move {
                let clock: server::Clock = Arc::new(move || Timestamp::from_ms(hand.load(Ordering::SeqCst)));
                let url = DatabaseUrl::Sqlite(place.join("chat.db"));
                let opened = Store::open(&url, Epoch::new("test"), clock()).await.unwrap();
                let house = House::new(opened.store, opened.feed, clock, settings(&wish, &place), front());
                if opened.is_new {
                    house.furnish().await.unwrap();
                }
                let set_up = house.offer_set_up().await.unwrap().map(|s| s.reveal().to_owned());
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send((listener.local_addr().unwrap(), set_up.unwrap_or_default())).unwrap();
                server::serve(house, listener, async { drop(stopped.await) }).await;
            });
        });
        let (address, set_up) = told.recv().unwrap();
        Self { base: format!("http://{address}"), set_up, clock, stop: Some(stop), thread: Some(thread), folder }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.stop();
        }
    }
}

fn settings(wish: &Wish, folder: &Path) -> Settings {
    let pace = Pace { burst: NonZeroU32::new(wish.posts_burst).unwrap(), per_second: NonZeroU32::MIN };
    Settings {
        server_name: "Test".into(),
        public: None,
        trusted_proxies: Vec::new(),
        sign_up: wish.sign_up,
        posts: pace,
        search: wish.search,
        instant: wish.instant,
        push: (!wish.own_hosts.is_empty()).then(push),
        previews: !wish.own_hosts.is_empty(),
        bots: true,
        own_hosts: wish.own_hosts.clone(),
        files: wish.files.map(|[max_bytes, quota_bytes]| files(folder, max_bytes, quota_bytes)),
    }
}

/// Everything is decided soon, and late enough for what a test does meanwhile.
fn push() -> PushSettings {
    PushSettings {
        services: vec!["127.0.0.1".into(), "localhost".into(), "push.example".into()],
        contact: Some("mailto:admin@example.org".into()),
        settle: Duration::from_millis(700),
        look_again: Duration::from_millis(700),
        retry: Duration::from_millis(50),
    }
}

/// Pictures need a program to look into them, and there is none here: `e2e` has it.
fn files(folder: &Path, max_bytes: u64, quota_bytes: u64) -> Files {
    let (folder, worker) = (folder.join("files"), "/nonexistent".into());
    Files::open(FileSettings { max_bytes, quota_bytes, folder, s3: None, worker }).unwrap()
}

fn front() -> Front {
    let asset =
        Asset { path: "/assets/app-1.js", content_type: "text/javascript", body: b"plain", brotli: b"br", gzip: b"gz" };
    let app = App {
        script: "/assets/app-1.js",
        wasm: "/assets/app-2.wasm",
        style: "/assets/app-3.css",
        emoji: "/assets/emoji-4.txt",
        languages: "/assets/languages-5.txt",
    };
    let instant =
        Program { script: "/assets/instant-1.js", wasm: "/assets/instant-2.wasm", style: "/assets/instant-3.css" };
    Front {
        assets: vec![asset],
        doors_style: "/assets/doors.css",
        icon: "/assets/icon.svg",
        app: Ok(app),
        instant: Ok(instant),
    }
}
