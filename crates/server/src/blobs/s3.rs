//! Blobs in a store that speaks S3, one object each, in a bucket of its own.
//!
//! Every question has a time: a store that is away is told of within [`PATIENCE`], and chat goes on meanwhile.

use std::{fmt, io, ops::Range, path::Path, time::Duration};

use async_trait::async_trait;
use futures_util::{StreamExt, TryStreamExt, stream};
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::{
    client::legacy::{
        Client,
        connect::{Connect, HttpConnector as Tcp},
    },
    rt::TokioExecutor,
};
use object_store::{
    ClientOptions, GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig, WriteMultipart,
    aws::{AmazonS3, AmazonS3Builder},
    client::{
        HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody, HttpResponse,
        HttpResponseBody, HttpService,
    },
    path::Path as Key,
};
use store::blobs::BlobHash;
use tokio::{io::AsyncReadExt, sync::Semaphore, time::timeout};

use super::{BlobTrouble, Content};

/// The time that a store has to begin an answer.
const PATIENCE: Duration = Duration::from_millis(4_500);
/// The time that it has to take a file.
const PUT_PATIENCE: Duration = Duration::from_mins(1);
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
        let _turn = self.puts.acquire().await.map_err(io::Error::other)?;
        timeout(PUT_PATIENCE, self.send(&key(hash), path)).await.unwrap_or_else(|_| Err(too_late()))
    }

    pub(super) async fn open_blob(&self, hash: &BlobHash, range: Range<u64>) -> Result<Option<Content>, BlobTrouble> {
        if range.is_empty() {
            return Ok(self.size(hash).await?.map(|_| stream::empty().boxed()));
        }
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        match asked(self.bucket.get_opts(&key(hash), options)).await? {
            Some(found) => Ok(Some(found.into_stream().map_err(io::Error::other).boxed())),
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
            return self.bucket.put(key, PutPayload::from(piece)).await.map(drop).map_err(away);
        }
        let upload = self.bucket.put_multipart(key).await.map_err(away)?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, PART_BYTES);
        while !piece.is_empty() {
            upload.wait_for_capacity(1).await.map_err(away)?;
            upload.put(piece.into());
            piece = part(&mut file).await?;
        }
        upload.finish().await.map(drop).map_err(away)
    }
}

/// The next part of a file; empty at its end.
async fn part(file: &mut tokio::fs::File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(PART_BYTES as u64).read_to_end(&mut bytes).await?;
    Ok(bytes)
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

/// Whatever the store says, only its administrator can help. Addresses and keys are not in it.
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
struct Line<C>(Client<C, HttpRequestBody>);

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
        Ok(HttpClient::new(Line(builder.build::<_, HttpRequestBody>(connector))))
    }
}

#[async_trait]
impl<C: Connect + Clone + fmt::Debug + Send + Sync + 'static> HttpService for Line<C> {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let answer = self.0.request(request).await.map_err(|error| {
            let kind = if error.is_connect() { HttpErrorKind::Connect } else { HttpErrorKind::Request };
            HttpError::new(kind, error)
        })?;
        let interrupted = |error| HttpError::new(HttpErrorKind::Interrupted, error);
        Ok(answer.map(|body| HttpResponseBody::new(http_body_util::BodyExt::map_err(body, interrupted))))
    }
}
