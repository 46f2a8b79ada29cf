//! Blobs in a store that speaks S3, one object each, in a bucket of its own.
//!
//! Every question has a time: a store that is away is told of within [`PATIENCE`]. A file that goes there, or comes from there, may
//! take long, but not stand still for longer than [`STALL`].

use std::{
    fmt, io,
    ops::Range,
    path::Path,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use async_trait::async_trait;
use axum::body::Bytes;
use futures_util::{Stream, StreamExt, stream};
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, SizeHint};
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::{
    client::legacy::{
        Client,
        connect::{Connect, HttpConnector as Tcp},
    },
    rt::TokioExecutor,
};
use object_store::{
    ClientOptions, GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    client::{
        HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody, HttpResponse,
        HttpResponseBody, HttpService,
    },
    path::Path as Key,
};
use store::blobs::BlobHash;
use tokio::{
    io::AsyncReadExt,
    sync::{Notify, Semaphore},
    time::timeout,
};

use super::{BlobTrouble, Content};

/// The time that a store has to begin an answer to a question.
const PATIENCE: Duration = Duration::from_secs(4);
/// The time without a byte after which a file's way is given up. Longer than the other: what the machine has buffered counts as
/// taken, and has to go over the wire before the store can answer.
const STALL: Duration = Duration::from_secs(15);
/// The time that it has to take a file, with what waits before it, and so much more for each of these bytes.
const PUT_PATIENCE: Duration = Duration::from_mins(1);
const PUT_BYTES_A_SECOND: u64 = 128 * 1024;
/// Bytes that are given to a connection at once: the measure of whether the store takes them.
const PIECE_BYTES: usize = 64 * 1024;
/// The time until a connection stands.
const CONNECT_PATIENCE: Duration = Duration::from_secs(3);
/// Bytes of one part of a file; the least that S3 takes. A smaller file is sent at once.
const PART_BYTES: usize = 5 * 1024 * 1024;
/// Files that are sent at once: each has a part or two in memory.
const PUTS_AT_ONCE: usize = 2;

/// How the store is reached.
#[derive(Clone)]
pub struct S3Settings {
    /// Its address, with a scheme and without a slash at its end.
    pub endpoint: String,
    /// The bucket.
    pub bucket: String,
    /// The region that it wants to be named.
    pub region: String,
    /// Who we are there; empty: nobody.
    pub access_key: String,
    /// The proof of that.
    pub secret_key: String,
}

impl fmt::Debug for S3Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "S3Settings({}/{})", self.endpoint, self.bucket)
    }
}

/// Blobs in a store that speaks S3.
#[derive(Debug)]
pub(crate) struct S3 {
    bucket: AmazonS3,
    puts: Semaphore,
}

impl S3 {
    /// Nobody is asked yet.
    pub(crate) fn open(settings: &S3Settings) -> Result<Self, BlobTrouble> {
        let retry = RetryConfig { max_retries: 2, retry_timeout: CONNECT_PATIENCE, ..RetryConfig::default() };
        let plain = settings.endpoint.starts_with("http://");
        let bucket = AmazonS3Builder::new()
            .with_endpoint(&settings.endpoint)
            .with_allow_http(plain)
            .with_bucket_name(&settings.bucket)
            .with_region(&settings.region)
            .with_access_key_id(&settings.access_key)
            .with_secret_access_key(&settings.secret_key)
            .with_skip_signature(settings.access_key.is_empty())
            .with_retry(retry)
            .with_http_connector(Connector { tls: !plain })
            .build()
            .map_err(away)?;
        Ok(Self { bucket, puts: Semaphore::new(PUTS_AT_ONCE) })
    }

    pub(super) async fn put(&self, hash: &BlobHash, path: &Path) -> Result<(), BlobTrouble> {
        let size = tokio::fs::metadata(path).await?.len();
        // Also tells soon that the store is away.
        if self.size(hash).await? == Some(size) {
            return Ok(());
        }
        let patience = PUT_PATIENCE + Duration::from_secs(size / PUT_BYTES_A_SECOND);
        let sent = async {
            let _turn = self.puts.acquire().await.map_err(io::Error::other)?;
            self.send(&key(hash), path).await
        };
        timeout(patience, sent).await.unwrap_or_else(|_| Err(too_late()))
    }

    pub(super) async fn open_blob(&self, hash: &BlobHash, range: Range<u64>) -> Result<Option<Content>, BlobTrouble> {
        if range.is_empty() {
            return Ok(self.size(hash).await?.map(|_| stream::empty().boxed()));
        }
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        match asked(self.bucket.get_opts(&key(hash), options)).await? {
            Some(found) => Ok(Some(impatient(found.into_stream()).boxed())),
            None => Ok(None),
        }
    }

    pub(super) async fn size(&self, hash: &BlobHash) -> Result<Option<u64>, BlobTrouble> {
        Ok(asked(self.bucket.head(&key(hash))).await?.map(|about| about.size))
    }

    pub(super) async fn remove(&self, hash: &BlobHash) -> Result<(), BlobTrouble> {
        asked(self.bucket.delete(&key(hash))).await.map(drop)
    }

    async fn send(&self, key: &Key, path: &Path) -> Result<(), BlobTrouble> {
        let mut file = tokio::fs::File::open(path).await?;
        let mut piece = part(&mut file).await?;
        if piece.len() < PART_BYTES {
            return self.bucket.put(key, payload(piece)).await.map(drop).map_err(away);
        }
        let mut upload = self.bucket.put_multipart(key).await.map_err(away)?;
        while !piece.is_empty() {
            upload.put_part(payload(piece)).await.map_err(away)?;
            piece = part(&mut file).await?;
        }
        upload.complete().await.map(drop).map_err(away)
    }
}

/// The next part of a file; empty at its end.
async fn part(file: &mut tokio::fs::File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(PART_BYTES as u64).read_to_end(&mut bytes).await?;
    Ok(bytes)
}

/// A part as it is given to a connection: piece by piece.
fn payload(part: Vec<u8>) -> PutPayload {
    let mut rest = Bytes::from(part);
    std::iter::from_fn(|| (!rest.is_empty()).then(|| rest.split_to(PIECE_BYTES.min(rest.len())))).collect()
}

/// What comes, and an error when nothing comes for too long.
fn impatient(
    content: impl Stream<Item = object_store::Result<Bytes>> + Send,
) -> impl Stream<Item = io::Result<Bytes>> + Send {
    stream::try_unfold(Box::pin(content), async |mut content| {
        let piece = timeout(STALL, content.next()).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?;
        piece.map(|piece| piece.map(|piece| (piece, content)).map_err(io::Error::other)).transpose()
    })
}

/// The answer to a question, if it comes in time; `None`: there is no such object.
async fn asked<T>(question: impl Future<Output = object_store::Result<T>>) -> Result<Option<T>, BlobTrouble> {
    match timeout(PATIENCE, question).await.map_err(|_| too_late())? {
        Ok(answer) => Ok(Some(answer)),
        Err(object_store::Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(away(error)),
    }
}

fn key(hash: &BlobHash) -> Key {
    Key::from(format!("blobs/{}", hash.as_str()))
}

fn too_late() -> BlobTrouble {
    BlobTrouble::Away("it took too long".to_owned())
}

/// Whatever the store says, only its administrator can help. The secret key is not in it.
#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` gives")]
fn away(error: object_store::Error) -> BlobTrouble {
    BlobTrouble::Away(error.to_string())
}

/// Gives the store's client a line of ours: the house has an HTTP client and a TLS of its own already, and what the crate would
/// bring along instead takes longer to build than all the rest of it.
#[derive(Debug)]
struct Connector {
    tls: bool,
}

#[derive(Debug)]
struct Line<C>(Client<C, Watched>);

/// A body that tells of every piece that the connection takes.
struct Watched {
    body: HttpRequestBody,
    taken: Arc<Notify>,
}

impl Body for Watched {
    type Data = Bytes;
    type Error = HttpError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, HttpError>>> {
        self.taken.notify_one();
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let mut tcp = Tcp::new();
        tcp.set_connect_timeout(Some(CONNECT_PATIENCE));
        tcp.set_nodelay(true);
        tcp.enforce_http(false);
        let builder = Client::builder(TokioExecutor::new());
        if !self.tls {
            return Ok(HttpClient::new(Line(builder.build(tcp))));
        }
        // The machine's own list of whom to trust: it may have a store's private one in it.
        let roots = HttpsConnectorBuilder::new().with_native_roots();
        let tls = roots.map_err(|error| object_store::Error::Generic { store: "S3", source: Box::new(error) })?;
        let connector = tls.https_only().enable_http1().wrap_connector(tcp);
        Ok(HttpClient::new(Line(builder.build::<_, Watched>(connector))))
    }
}

#[async_trait]
impl<C: Connect + Clone + fmt::Debug + Send + Sync + 'static> HttpService for Line<C> {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let taken = Arc::new(Notify::new());
        let watched = request.map(|body| Watched { body, taken: Arc::clone(&taken) });
        let mut asked = pin!(self.0.request(watched));
        let answer = loop {
            tokio::select! {
                answer = &mut asked => break answer,
                moved = timeout(STALL, taken.notified()) => {
                    moved.map_err(|elapsed| HttpError::new(HttpErrorKind::Timeout, elapsed))?;
                }
            }
        };
        let answer = answer.map_err(|error| {
            let kind = if error.is_connect() { HttpErrorKind::Connect } else { HttpErrorKind::Request };
            HttpError::new(kind, error)
        })?;
        let interrupted = |error| HttpError::new(HttpErrorKind::Interrupted, error);
        Ok(answer.map(|body| HttpResponseBody::new(body.map_err(interrupted))))
    }
}
