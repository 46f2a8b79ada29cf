//! A push service and a device behind it, as a test needs them.
//!
//! The service takes what is pushed and keeps it for the test; the device opens it with code that is not the server's. Who pushes is
//! verified, too.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "what only tests use may fail loudly")]

use std::{
    collections::VecDeque,
    convert::Infallible,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http_body_util::{BodyExt, Full};
use hyper::{
    HeaderMap, Request, Response,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use model::PushId;
use protocol::http::{Pushed, Subscribed};
use tokio::net::TcpListener;
use web_push_native::{Auth, p256};

use crate::cast::{Answer, Guest};

/// How long a push has to come.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a push service answers next, each once: a status, and after how many seconds to come again.
type Moods = Arc<Mutex<VecDeque<(u16, Option<u32>)>>>;
/// Pushes that wait for the test to look at them.
const WAITING_MAX: usize = 1_000;

/// A browser's end of a push: what it keeps to itself.
#[derive(Debug)]
pub struct Device {
    secret: p256::SecretKey,
    auth: [u8; 16],
}

/// What came to the push service.
#[derive(Debug)]
pub struct Came {
    /// The path, which names the device.
    pub path: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The sealed body.
    pub body: Vec<u8>,
}

/// A running push service.
#[derive(Debug)]
pub struct Service {
    /// Where it listens.
    pub address: SocketAddr,
    came: Mutex<Receiver<Came>>,
    /// When there is none: 201.
    moods: Moods,
}

impl Default for Device {
    fn default() -> Self {
        Self::new()
    }
}

impl Device {
    /// A device with keys of its own.
    #[must_use]
    pub fn new() -> Self {
        let mut auth = [0; 16];
        let mut secret = [0; 32];
        getrandom::fill(&mut auth).expect("random numbers");
        let secret = loop {
            getrandom::fill(&mut secret).expect("random numbers");
            if let Ok(secret) = p256::SecretKey::from_slice(&secret) {
                break secret;
            }
        };
        Self { secret, auth }
    }

    /// Its public key, uncompressed.
    #[must_use]
    pub fn public_key(&self) -> Vec<u8> {
        use p256::elliptic_curve::sec1::ToEncodedPoint as _;
        self.secret.public_key().to_encoded_point(false).as_bytes().to_vec()
    }

    /// What it shares with the server.
    #[must_use]
    pub fn auth(&self) -> Vec<u8> {
        self.auth.to_vec()
    }

    /// Reads what was sealed, if it was sealed for this device.
    #[must_use]
    pub fn opens(&self, sealed: &[u8]) -> Option<String> {
        let opened = web_push_native::decrypt(sealed.to_vec(), &self.secret, &Auth::clone_from_slice(&self.auth));
        opened.ok().and_then(|text| String::from_utf8(text).ok())
    }

    /// What a browser tells the server, for pushes to this address.
    #[must_use]
    pub fn subscription(&self, endpoint: &str) -> serde_json::Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        serde_json::json!({ "endpoint": endpoint, "p256dh": text(&self.public_key()), "auth": text(&self.auth) })
    }
}

impl Came {
    /// Who pushed, by their public key, and what they claim, once their signature is found right.
    #[must_use]
    pub fn claims(&self) -> (String, serde_json::Value) {
        use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier as _};
        let header = self.headers.get("authorization").expect("who pushes").to_str().expect("a text");
        let (token, key) = header.strip_prefix("vapid t=").expect("vapid").split_once(", k=").expect("a key");
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).expect("base64url");
        let (said, signature) = token.rsplit_once('.').expect("a signature");
        let verifier = VerifyingKey::from_sec1_bytes(&bytes(key)).expect("a key");
        let signature = Signature::from_slice(&bytes(signature)).expect("a signature");
        verifier.verify(said.as_bytes(), &signature).expect("the signature is the key's");
        let (head, claims) = said.split_once('.').expect("claims");
        assert_eq!(bytes(head), br#"{"typ":"JWT","alg":"ES256"}"#);
        (key.to_owned(), serde_json::from_slice(&bytes(claims)).expect("claims"))
    }

    /// The header of this name; empty if there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a text"))
    }
}

impl Service {
    /// Starts one that takes everything.
    #[must_use]
    pub fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a listener");
        let address = listener.local_addr().expect("an address");
        let (send, came) = sync_channel(WAITING_MAX);
        let moods = Arc::new(Mutex::new(VecDeque::new()));
        let answers = Arc::clone(&moods);
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(serve(listener, send, answers));
        });
        Self { address, came: Mutex::new(came), moods }
    }

    /// The address of a device here.
    #[must_use]
    pub fn endpoint(&self, device: &str) -> String {
        format!("http://{}/{device}", self.address)
    }

    /// Answers so next, once: a status, and perhaps the seconds after which to come again.
    pub fn answers(&self, status: u16, retry_after_s: Option<u32>) {
        self.moods.lock().expect("a lock").push_back((status, retry_after_s));
    }

    /// Asks the server to push to a device here.
    pub fn tries_to_subscribe(&self, guest: &Guest, path: &str, device: &Device) -> Answer {
        guest.sends("POST", "push/devices", &device.subscription(&self.endpoint(path)))
    }

    /// The same, and it works.
    pub fn subscribes(&self, guest: &Guest, path: &str, device: &Device) -> PushId {
        let answer = self.tries_to_subscribe(guest, path, device);
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.value::<Subscribed>().id
    }

    /// The next thing that comes.
    #[must_use]
    pub fn hears(&self) -> Came {
        self.came.lock().expect("a lock").recv_timeout(PATIENCE).expect("a push in time")
    }

    /// The next thing that comes, opened by the device that it is for.
    #[must_use]
    pub fn hears_for(&self, path: &str, device: &Device) -> Pushed {
        let came = self.hears();
        assert_eq!(came.path, format!("/{path}"));
        protocol::decode(&device.opens(&came.body).expect("it is for this device")).expect("a push of the protocol")
    }

    /// Whether nothing has come by now.
    #[must_use]
    pub fn has_heard_nothing(&self) -> bool {
        self.came.lock().expect("a lock").try_recv().is_err()
    }
}

async fn serve(listener: std::net::TcpListener, send: SyncSender<Came>, moods: Moods) {
    let listener = TcpListener::from_std(listener).expect("a listener");
    while let Ok((stream, _)) = listener.accept().await {
        let (send, moods) = (send.clone(), Arc::clone(&moods));
        let answer = service_fn(move |request| answer(request, send.clone(), Arc::clone(&moods)));
        tokio::spawn(async move { drop(http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await) });
    }
}

async fn answer(
    request: Request<Incoming>,
    send: SyncSender<Came>,
    moods: Moods,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes().to_vec()).unwrap_or_default();
    let mood = moods.lock().expect("a lock").pop_front();
    let (status, retry_after_s) = mood.unwrap_or((201, None));
    // The test may be over.
    let _ = send.send(Came { path: head.uri.path().to_owned(), headers: head.headers, body });
    let mut response = Response::builder().status(status);
    if let Some(seconds) = retry_after_s {
        response = response.header("retry-after", seconds);
    }
    Ok(response.body(Full::default()).expect("an answer"))
}
