//! One suite, two places: whatever blobs are promised, a folder keeps it, and so does a store that speaks S3.

use std::{fs, io::ErrorKind, net::SocketAddr, num::NonZeroU32, time::Duration};

use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};
use store::blobs::BlobHash;
use tempfile::TempDir;
use testkit::s3::{ACCESS_KEY, BUCKET, Mood, SECRET_KEY, Store};
use tokio::{net::TcpListener, time::Instant};

use super::{BlobTrouble, Folder, Objects, S3, S3Settings};
use crate::random::hex;

/// A place of blobs, and where their files are made before.
struct Place {
    objects: Objects,
    folder: TempDir,
    store: Option<Store>,
}

impl Place {
    fn folder() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { objects: Objects::Folder(Folder::open(folder.path().join("blobs")).unwrap()), folder, store: None }
    }

    fn s3() -> Self {
        let (folder, store) = (tempfile::tempdir().unwrap(), Store::start());
        Self { objects: Objects::S3(S3::open(&settings(store.address)).unwrap()), folder, store: Some(store) }
    }

    fn becomes(&self, mood: Mood) {
        self.store.as_ref().unwrap().becomes(mood);
    }

    /// Puts a content, and gives its name.
    async fn put(&self, content: &[u8]) -> BlobHash {
        self.tries_to_put(content).await.unwrap();
        name(content)
    }

    async fn tries_to_put(&self, content: &[u8]) -> Result<(), BlobTrouble> {
        let path = self.folder.path().join("arriving");
        fs::write(&path, content).unwrap();
        self.objects.put(&name(content), &path).await
    }

    async fn read(&self, hash: &BlobHash, range: std::ops::Range<u64>) -> Option<Vec<u8>> {
        let content = self.objects.open(hash, range).await.unwrap()?;
        let pieces: Vec<_> = content.try_collect().await.unwrap();
        Some(pieces.concat())
    }
}

fn name(content: &[u8]) -> BlobHash {
    BlobHash::new(hex(&Sha256::digest(content)))
}

fn settings(address: SocketAddr) -> S3Settings {
    S3Settings {
        endpoint: format!("http://{address}"),
        bucket: BUCKET.into(),
        region: "us-east-1".into(),
        access_key: ACCESS_KEY.into(),
        secret_key: SECRET_KEY.into(),
    }
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
    what_was_put_is_there_and_what_was_removed_is_not(Place::s3()).await;
    a_large_one_and_one_of_nothing(Place::s3()).await;
}

#[tokio::test]
async fn a_wrong_key_is_away_and_not_a_missing_blob() {
    let store = Store::start();
    let s3 = S3::open(&S3Settings { secret_key: "wrong".into(), ..settings(store.address) }).unwrap();
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

const LARGE_BYTES: usize = 6_000_000;

/// More than goes there at once.
fn large() -> Vec<u8> {
    vec![7; LARGE_BYTES]
}

#[tokio::test]
async fn a_store_that_refuses_is_away() {
    let place = Place::s3();
    let hash = place.put(b"stone").await;
    place.becomes(Mood::Refuses);
    let began = Instant::now();
    let refused = place.tries_to_put(b"another").await;
    assert!(matches!(refused, Err(BlobTrouble::Away(_))), "{refused:?}");
    assert!(matches!(place.objects.open(&hash, 0..1).await, Err(BlobTrouble::Away(_))));
    assert!(began.elapsed() < Duration::from_secs(10), "{:?} for two questions", began.elapsed());
    place.becomes(Mood::Well);
    place.put(b"another").await;
}

#[tokio::test]
async fn a_file_that_stands_still_is_given_up_and_comes_again() {
    tokio::join!(stands_still(Mood::Stalls), stands_still(Mood::Mute));
}

async fn stands_still(mood: Mood) {
    let place = Place::s3();
    place.becomes(mood);
    let began = Instant::now();
    let stalled = place.tries_to_put(&large()).await;
    assert!(matches!(stalled, Err(BlobTrouble::Away(_))), "{mood:?}: {stalled:?}");
    assert!(began.elapsed() < Duration::from_secs(25), "{mood:?}: {:?}", began.elapsed());
    assert_eq!(place.objects.size(&name(&large())).await.unwrap(), None, "{mood:?}: nothing half-written");
    place.becomes(Mood::Well);
    place.put(&large()).await;
}

#[tokio::test]
async fn a_slow_store_gets_a_large_file_all_the_same() {
    let place = Place::s3();
    place.becomes(Mood::Slow(NonZeroU32::new(600_000).unwrap()));
    place.put(&large()).await;
    assert_eq!(place.objects.size(&name(&large())).await.unwrap(), Some(LARGE_BYTES as u64));
}

#[tokio::test]
async fn a_file_that_stops_coming_breaks_off() {
    let place = Place::s3();
    let hash = place.put(&large()).await;
    place.becomes(Mood::Stalls);
    let content = place.objects.open(&hash, 0..LARGE_BYTES as u64).await.unwrap().unwrap();
    let broken = content.try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!(broken.kind(), ErrorKind::TimedOut);
}
