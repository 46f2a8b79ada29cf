//! SQLite's write-ahead log: whatever is found in it is brought into the file before anything is written upon it.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::{fs, path::Path};

use model::{Epoch, RoomName, Timestamp, Visibility};
use store::{DatabaseUrl, Fault, Lane, Opened, Store, rooms};

const NOW: Timestamp = Timestamp::from_ms(1_795_000_000_000);

async fn open(file: &Path) -> Result<Opened, String> {
    let url = DatabaseUrl::Sqlite(file.to_owned());
    Store::open(&url, Epoch::new("epoch"), NOW).await.map_err(|error| error.to_string())
}

/// A file whose log is not empty, because somebody else has it open, and that somebody.
async fn left_behind(file: &Path) -> rusqlite::Connection {
    let Opened { store, mut feed, .. } = open(file).await.unwrap();
    let somebody = rusqlite::Connection::open(file).unwrap();
    somebody.execute_batch("SELECT one FROM identity").unwrap();
    let made = store.write(Lane::Any, |tx| {
        let name = RoomName::parse("lobby").unwrap();
        Box::pin(async move { rooms::insert(tx, &name, Visibility::Public, NOW).await })
    });
    let made: Result<_, Fault> = made.await;
    assert!(made.unwrap().is_some());
    drop(store);
    while feed.next().await.is_some() {}
    assert!(log_bytes(file) > 0, "nothing is tried");
    somebody
}

fn log_bytes(file: &Path) -> u64 {
    fs::metadata(file.with_extension("db-wal")).map_or(0, |log| log.len())
}

#[tokio::test]
async fn what_the_log_holds_is_brought_into_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("chat.db");
    let somebody = left_behind(&file).await;
    let opened = open(&file).await.unwrap();
    assert_eq!(log_bytes(&file), 0);
    drop((opened, somebody));
}

#[tokio::test]
async fn a_log_that_somebody_holds_is_not_written_upon() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("chat.db");
    let somebody = left_behind(&file).await;
    somebody.execute_batch("BEGIN; SELECT one FROM identity").unwrap();
    let refused = open(&file).await.err().unwrap();
    assert!(refused.contains("holds the database file"), "{refused}");
    somebody.execute_batch("COMMIT").unwrap();
    open(&file).await.unwrap();
}
