//! A store that speaks S3, which can be had in bad moods.
//!
//! It runs on a thread of its own and keeps its objects in a folder, so that it outlives whatever program asks it.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "what only tests use may fail loudly")]

use std::{
    convert::Infallible, fs, future::pending, net::SocketAddr, num::NonZeroU32, path::PathBuf, thread, time::Duration,
};

use futures_util::{StreamExt, stream};
use http_body_util::{BodyExt, StreamBody};
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Frame, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use s3s::{
    Body, HttpResponse,
    auth::SimpleAuth,
    service::{S3Service, S3ServiceBuilder},
};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::watch, time::timeout};

/// Its one bucket.
pub const BUCKET: &str = "stonechat";
/// Who may use it.
pub const ACCESS_KEY: &str = "stone";
/// The proof of that.
pub const SECRET_KEY: &str = "two stones struck together";

/// How it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// As it should be.
    Well,
    /// Whoever asks is told to come back later: 503.
    Refuses,
    /// Whoever asks hears nothing.
    Silent,
    /// It takes so many bytes a second of what is put.
    Slow(NonZeroU32),
    /// It takes a little of what is put, and gives a little of what is got, and then no more, for ever.
    Stalls,
    /// It takes all of what is put, and then says nothing, for ever.
    Mute,
}

/// A running store. Dropping it stops it.
#[derive(Debug)]
pub struct Store {
    /// Where it listens.
    pub address: SocketAddr,
    mood: watch::Sender<Mood>,
    folder: TempDir,
}

impl Store {
    /// Starts one that is well and empty.
    #[must_use]
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir_all(folder.path().join(BUCKET)).expect("a bucket");
        let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder.path()).expect("a store"));
        service.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        let service = service.build();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a listener");
        let address = listener.local_addr().expect("an address");
        let (mood, moods) = watch::channel(Mood::Well);
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(serve(listener, service, moods));
        });
        Self { address, mood, folder }
    }

    /// How it is from now on, for whoever asks from now on.
    pub fn becomes(&self, mood: Mood) {
        self.mood.send_replace(mood);
    }

    /// The settings by which a server finds it, as flags of the program.
    #[must_use]
    pub fn flags(&self) -> Vec<String> {
        let flags = [
            ("--files-s3-endpoint", format!("http://{}", self.address)),
            ("--files-s3-bucket", BUCKET.to_owned()),
            ("--files-s3-access-key", ACCESS_KEY.to_owned()),
            ("--files-s3-secret-key", SECRET_KEY.to_owned()),
        ];
        flags.into_iter().flat_map(|(name, value)| [name.to_owned(), value]).collect()
    }

    /// Where blobs are in its folder.
    #[must_use]
    pub fn blobs(&self) -> PathBuf {
        self.folder.path().join(BUCKET).join("blobs")
    }
}

/// Serves until nobody is left to change its mood.
async fn serve(listener: std::net::TcpListener, service: S3Service, mut moods: watch::Receiver<Mood>) {
    let listener = TcpListener::from_std(listener).expect("a listener");
    let looked_at = moods.clone();
    let accept = async {
        while let Ok((stream, _)) = listener.accept().await {
            let (service, moods) = (service.clone(), looked_at.clone());
            let answer = service_fn(move |request| answer(service.clone(), *moods.borrow(), request));
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), answer);
            tokio::spawn(async move { drop(connection.await) });
        }
    };
    let left = async { while moods.changed().await.is_ok() {} };
    tokio::select! {
        () = accept => {}
        () = left => {}
    }
}

async fn answer(service: S3Service, mood: Mood, request: Request<Incoming>) -> Result<HttpResponse, Infallible> {
    let puts = matches!(*request.method(), Method::PUT | Method::POST);
    let request = request.map(Body::from);
    Ok(match mood {
        Mood::Refuses => status(StatusCode::SERVICE_UNAVAILABLE),
        Mood::Silent => pending().await,
        Mood::Slow(pace) if puts => ask(&service, request.map(|body| slowly(body, pace))).await,
        Mood::Stalls if puts => ask(&service, request.map(a_little)).await,
        Mood::Stalls => ask(&service, request).await.map(a_little),
        Mood::Mute if puts => {
            drop(BodyExt::collect(request.into_body()).await);
            pending().await
        }
        Mood::Well | Mood::Slow(_) | Mood::Mute => ask(&service, request).await,
    })
}

async fn ask(service: &S3Service, request: Request<Body>) -> HttpResponse {
    service.call(request).await.unwrap_or_else(|_| status(StatusCode::INTERNAL_SERVER_ERROR))
}

fn status(status: StatusCode) -> HttpResponse {
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = status;
    answer
}

/// The body, at this pace, in bytes a second.
fn slowly(body: Body, pace: NonZeroU32) -> Body {
    let pieces = body.into_data_stream().then(move |piece| async move {
        if let Ok(bytes) = &piece {
            let count = u32::try_from(bytes.len()).expect("a piece of a body");
            // Nobody waits for this: to be slow is what the store is for.
            let _ = timeout(Duration::from_secs(1) * count / pace.get(), pending::<()>()).await;
        }
        piece.map(Frame::data)
    });
    Body::http_body_unsync(StreamBody::new(pieces))
}

/// The first piece of the body, and no end.
fn a_little(body: Body) -> Body {
    let pieces = body.into_data_stream().map(|piece| piece.map(Frame::data));
    // A short one is not its own end, either: the last byte is not given.
    let first = pieces.take(1).map(|piece| {
        piece.map(|frame| {
            let data = frame.into_data().unwrap_or_default();
            Frame::data(data.slice(..data.len().saturating_sub(1)))
        })
    });
    Body::http_body_unsync(StreamBody::new(first.chain(stream::pending())))
}
