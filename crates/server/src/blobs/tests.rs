//! One suite, two places: whatever blobs are promised, a folder keeps it, and so does a store that speaks S3.

use std::{fs, net::SocketAddr, time::Instant};

use futures_util::TryStreamExt;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use sha2::{Digest, Sha256};
use store::blobs::BlobHash;
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::{BlobTrouble, Folder, Objects, S3, S3Settings};
use crate::random::hex;

/// A place of blobs, and where their files are made before.
struct Place {
    objects: Objects,
    folder: TempDir,
}

impl Place {
    fn folder() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { objects: Objects::Folder(Folder::open(folder.path().join("blobs")).unwrap()), folder }
    }

    async fn s3() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = serve_s3(&folder).await;
        Self { objects: Objects::S3(S3::open(&settings(address)).unwrap()), folder }
    }

    /// Puts a content, and gives its name.
    async fn put(&self, content: &[u8]) -> BlobHash {
        let hash = BlobHash::new(hex(&Sha256::digest(content)));
        let path = self.folder.path().join("arriving");
        fs::write(&path, content).unwrap();
        self.objects.put(&hash, &path).await.unwrap();
        hash
    }

    async fn read(&self, hash: &BlobHash, range: std::ops::Range<u64>) -> Option<Vec<u8>> {
        let content = self.objects.open(hash, range).await.unwrap()?;
        let pieces: Vec<_> = content.try_collect().await.unwrap();
        Some(pieces.concat())
    }
}

fn settings(address: SocketAddr) -> S3Settings {
    S3Settings {
        endpoint: format!("http://{address}"),
        bucket: "stonechat".into(),
        region: "us-east-1".into(),
        access_key: "stone".into(),
        secret_key: "two stones struck together".into(),
    }
}

/// A store that speaks S3, with one bucket.
async fn serve_s3(folder: &TempDir) -> SocketAddr {
    let root = folder.path().join("s3");
    fs::create_dir_all(root.join("stonechat")).unwrap();
    let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(&root).unwrap());
    service.set_auth(SimpleAuth::from_single("stone", "two stones struck together"));
    let service = service.build();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let service = service.clone();
            tokio::spawn(async move {
                drop(auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await);
            });
        }
    });
    address
}

async fn what_was_put_is_there_and_what_was_removed_is_not(place: Place) {
    let content = b"two stones struck together".repeat(10_000);
    let hash = place.put(&content).await;
    let size = content.len() as u64;
    assert_eq!(place.objects.size(&hash).await.unwrap(), Some(size));
    assert_eq!(place.read(&hash, 0..size).await.as_deref(), Some(&content[..]));
    assert_eq!(place.read(&hash, 4..10).await.as_deref(), Some(&content[4..10]));
    assert_eq!(place.read(&hash, size - 3..size).await.as_deref(), Some(&content[content.len() - 3..]));
    assert_eq!(place.read(&hash, 7..7).await.as_deref(), Some(&[][..]));

    assert_eq!(place.put(&content).await, hash, "the same content again");
    place.objects.remove(&hash).await.unwrap();
    assert_eq!(place.objects.size(&hash).await.unwrap(), None);
    assert!(place.objects.open(&hash, 0..size).await.unwrap().is_none());
    place.objects.remove(&hash).await.unwrap();

    assert_eq!(place.put(&content).await, hash, "it comes back");
    assert_eq!(place.read(&hash, 0..size).await.as_deref(), Some(&content[..]));
}

async fn a_large_one_and_one_of_nothing(place: Place) {
    let large: Vec<u8> = (0..12_000_000_u32).map(|n| n.to_le_bytes()[n as usize % 4]).collect();
    for content in [large, Vec::new()] {
        let hash = place.put(&content).await;
        let size = content.len() as u64;
        assert_eq!(place.objects.size(&hash).await.unwrap(), Some(size));
        assert!(place.read(&hash, 0..size).await.unwrap() == content);
    }
}

#[tokio::test]
async fn a_folder_keeps_blobs() {
    what_was_put_is_there_and_what_was_removed_is_not(Place::folder()).await;
    a_large_one_and_one_of_nothing(Place::folder()).await;
}

#[tokio::test]
async fn a_store_that_speaks_s3_keeps_blobs() {
    what_was_put_is_there_and_what_was_removed_is_not(Place::s3().await).await;
    a_large_one_and_one_of_nothing(Place::s3().await).await;
}

#[tokio::test]
async fn a_wrong_key_is_away_and_not_a_missing_blob() {
    let folder = tempfile::tempdir().unwrap();
    let address = serve_s3(&folder).await;
    let s3 = S3::open(&S3Settings { secret_key: "wrong".into(), ..settings(address) }).unwrap();
    let hash = BlobHash::new("0".repeat(64));
    let refused = Objects::S3(s3).size(&hash).await;
    assert!(matches!(refused, Err(BlobTrouble::Away(_))), "{refused:?}");
}

#[tokio::test]
async fn a_store_that_is_away_is_told_of_within_five_seconds() {
    // One port where nobody listens, and one where somebody does and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    let hash = BlobHash::new("0".repeat(64));
    for address in [closed, silent.local_addr().unwrap()] {
        let objects = Objects::S3(S3::open(&settings(address)).unwrap());
        let began = Instant::now();
        let [opened, put] = [
            objects.open(&hash, 0..1).await.map(drop),
            // Each question has its time.
            objects.put(&hash, file.path()).await,
        ];
        assert!(
            matches!((&opened, &put), (Err(BlobTrouble::Away(_)), Err(BlobTrouble::Away(_)))),
            "{opened:?} {put:?}"
        );
        assert!(began.elapsed().as_secs_f64() < 10.0, "{:?} for two questions", began.elapsed());
    }
}
