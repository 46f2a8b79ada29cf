//! A sound file is called sound, and a damaged one damaged.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::{fs, os::unix::fs::FileExt as _, path::Path};

use model::{Epoch, Timestamp};
use store::{DatabaseUrl, Opened, Store, soundness};

async fn new_file(file: &Path) -> DatabaseUrl {
    let url = DatabaseUrl::Sqlite(file.to_owned());
    let Opened { store, mut feed, .. } =
        Store::open(&url, Epoch::new("epoch"), Timestamp::from_ms(1_795_000_000_000)).await.unwrap();
    drop(store);
    while feed.next().await.is_some() {}
    url
}

#[tokio::test]
async fn a_torn_page_and_a_loose_reference_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("chat.db");
    let url = new_file(&file).await;
    assert_eq!(soundness::problems(&url).unwrap(), Some(Vec::new()));

    let behind_its_back = rusqlite::Connection::open(&file).unwrap();
    let loose =
        "PRAGMA foreign_keys = OFF; INSERT INTO invitations (token, inviter_id, created_at) VALUES (x'01', 99, 0)";
    behind_its_back.execute_batch(loose).unwrap();
    drop(behind_its_back);
    let found = soundness::problems(&url).unwrap().unwrap();
    assert!(found.iter().any(|problem| problem.starts_with("invitations refers")), "{found:?}");

    // The head of the fourth page.
    fs::OpenOptions::new().write(true).open(&file).unwrap().write_all_at(&[0xEE; 64], 3 * 4_096).unwrap();
    assert!(soundness::problems(&url).map_or(true, |found| found.is_some_and(|found| found.len() > 2)));
    assert_eq!(soundness::problems(&DatabaseUrl::Postgres("postgres://nowhere".to_owned())).unwrap(), None);
}
