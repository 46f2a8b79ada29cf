//! Files and blobs: a message never has a file whose blob may go, and what nobody needs goes.

use model::{
    ClientKey, File, FileId, FileKind, FileName, Look, Person, Posted, Room, Said, Seq, Stream, Timestamp, UserId,
    limits::FILE_WAITS_MS,
};
use store::{
    Fault, Lane,
    blobs::{self, BlobHash},
    files::{self, Announced, Blobs, Kept},
    messages, streams,
};

use crate::{
    archive::{Archive, NOW, at_both},
    cast::{body, history, key, lobby, permit},
};

fn announced(id: u128, owner: &Person, room: &Room) -> Announced {
    Announced {
        id: FileId::new(id),
        owner: owner.id,
        room: room.id,
        name: FileName::clean("bird.jpg"),
        sent: 1_000,
        claimed_type: "image/jpeg".into(),
    }
}

fn picture(id: u128) -> File {
    File {
        id: FileId::new(id),
        name: FileName::clean("bird.jpg"),
        size: 900,
        kind: FileKind::Picture,
        media_type: "image/jpeg".into(),
        look: Some(Look { width: 40, height: 30, thumbhash: "aGFzaA==".into(), animated: true }),
    }
}

fn blobs_of(whole: &str, preview: &str) -> Blobs {
    let hash = |text: &str| BlobHash::new(text.repeat(64 / text.len()));
    let preview = (!preview.is_empty()).then(|| (hash(preview), "image/png".to_owned()));
    Blobs { whole: hash(whole), preview }
}

async fn announce(archive: &Archive, file: Announced) {
    let made = archive.store.write(Lane::Any, move |tx| {
        Box::pin(async move {
            let key = ClientKey::parse(&file.id.to_string()).unwrap();
            files::announce(tx, &file, &key, NOW).await
        })
    });
    Result::<_, Fault>::unwrap(made.await);
}

// On a lane of its own, so that it meets the others.
async fn claim(archive: &Archive, id: u128, blobs: Blobs) -> bool {
    let lane = Lane::One(Stream::User(UserId::new(1)));
    let claimed =
        archive.store.write(lane, move |tx| Box::pin(async move { files::claim(tx, FileId::new(id), &blobs).await }));
    Result::<_, Fault>::unwrap(claimed.await)
}

async fn finish(archive: &Archive, id: u128, blobs: Blobs) -> bool {
    let done = archive
        .store
        .write(Lane::Any, move |tx| Box::pin(async move { files::finish(tx, &picture(id), &blobs, NOW).await }));
    Result::<_, Fault>::unwrap(done.await)
}

/// A finished file of these blobs.
async fn file(archive: &Archive, id: u128, (owner, room): (&Person, &Room), blobs: Blobs) {
    announce(archive, announced(id, owner, room)).await;
    assert!(claim(archive, id, blobs.clone()).await);
    assert!(finish(archive, id, blobs).await);
}

async fn find(archive: &Archive, id: u128) -> Option<Kept> {
    archive.store.read(move |conn| Box::pin(async move { files::find(conn, FileId::new(id)).await })).await.unwrap()
}

async fn ready(archive: &Archive, owner: &Person, room: &Room, ids: &[u128]) -> Option<Vec<File>> {
    let (owner, room) = (owner.id, room.id);
    let ids: Vec<_> = ids.iter().map(|id| FileId::new(*id)).collect();
    archive.store.read(move |conn| Box::pin(async move { files::ready(conn, owner, room, &ids).await })).await.unwrap()
}

async fn post(archive: &Archive, author: &Person, room: &Room, files: Vec<File>) -> Result<Option<Posted>, Fault> {
    let (author, room) = (author.clone(), room.clone());
    let message = Said { files, ..Said::new(author.clone(), key("k"), body("look")) };
    let posted = archive.store.write(Lane::One(Stream::Room(room.id)), move |tx| {
        Box::pin(async move { messages::append(tx, permit(&author, &room), message, None, NOW).await })
    });
    posted.await
}

async fn remove(archive: &Archive, id: u128) -> bool {
    let removed =
        archive.store.write(Lane::Any, move |tx| Box::pin(async move { files::remove(tx, FileId::new(id)).await }));
    Result::<_, Fault>::unwrap(removed.await)
}

/// Takes on what is doomed, for a minute.
async fn lease(archive: &Archive, now: Timestamp) -> Vec<BlobHash> {
    let leased = archive
        .store
        .write(Lane::Any, move |tx| Box::pin(async move { blobs::lease(tx, now, now.plus_ms(60_000), 10).await }));
    Result::<_, Fault>::unwrap(leased.await)
}

async fn forget(archive: &Archive, hash: BlobHash) {
    let done = archive.store.write(Lane::Any, move |tx| Box::pin(async move { blobs::forget(tx, &hash).await }));
    Result::<_, Fault>::unwrap(done.await);
}

at_both!(a_file_comes_back_as_it_was_kept, async |archive: Archive| {
    let (alice, _, lobby) = lobby(&archive).await;
    let blobs = blobs_of("a", "b");
    announce(&archive, announced(1, &alice, &lobby)).await;
    let kept = find(&archive, 1).await.unwrap();
    assert_eq!(kept, Kept { announced: announced(1, &alice, &lobby), message: None, finished: None });
    assert!(!finish(&archive, 1, blobs.clone()).await, "no blob was claimed");
    assert!(claim(&archive, 1, blobs.clone()).await);
    assert!(!finish(&archive, 1, blobs_of("c", "")).await, "other blobs were claimed");
    assert!(finish(&archive, 1, blobs.clone()).await);
    assert!(!finish(&archive, 1, blobs.clone()).await, "once");
    assert_eq!(find(&archive, 1).await.unwrap().finished, Some((picture(1), blobs)));

    file(&archive, 2, (&alice, &lobby), blobs_of("c", "")).await;
    let usage = archive.store.read(move |conn| Box::pin(async move { files::usage(conn, alice.id).await }));
    assert_eq!(Result::<_, Fault>::unwrap(usage.await), (2_000, 0));
});

at_both!(files_go_with_their_message_in_history_and_log, async |archive: Archive| {
    let (alice, bob, lobby) = lobby(&archive).await;
    for id in [1, 2] {
        file(&archive, id, (&alice, &lobby), blobs_of("a", "b")).await;
    }
    announce(&archive, announced(3, &alice, &lobby)).await;
    assert_eq!(ready(&archive, &alice, &lobby, &[2, 3]).await, None, "one is not finished");
    assert_eq!(ready(&archive, &bob, &lobby, &[2]).await, None, "it is hers");
    let both = ready(&archive, &alice, &lobby, &[2, 1]).await.unwrap();
    let posted = post(&archive, &alice, &lobby, both.clone()).await.unwrap().unwrap();
    assert_eq!(ready(&archive, &alice, &lobby, &[1]).await, None, "it is in a message");
    assert!(!remove(&archive, 1).await, "what is in a message goes with it and not before");

    let page = history(&archive, &alice, &lobby, u64::MAX >> 1, 10).await;
    assert_eq!(page.last().unwrap().said.files, both);
    let stream = Stream::Room(lobby.id);
    let log = archive
        .store
        .read(move |conn| Box::pin(async move { streams::events_since(conn, stream, Seq::new(2), 10).await }));
    assert_eq!(log.await.unwrap()[0].message().unwrap().said.files, both);
    let earlier =
        archive.store.read(move |conn| Box::pin(async move { messages::find_by_key(conn, alice.id, &key("k")).await }));
    let said = earlier.await.unwrap().unwrap().said.unwrap();
    assert_eq!(said, (body("look"), vec![FileId::new(2), FileId::new(1)], None));
    assert_eq!(find(&archive, 1).await.unwrap().message, Some(posted.seq));
});

at_both!(a_blob_goes_when_its_last_file_does, async |archive: Archive| {
    let (alice, _, lobby) = lobby(&archive).await;
    file(&archive, 1, (&alice, &lobby), blobs_of("a", "b")).await;
    file(&archive, 2, (&alice, &lobby), blobs_of("a", "c")).await;
    assert!(remove(&archive, 1).await);
    assert_eq!(lease(&archive, NOW).await, [blobs_of("b", "").whole], "the other is needed still");
    assert_eq!(lease(&archive, NOW).await, [], "somebody is removing it");
    assert_eq!(lease(&archive, NOW.plus_ms(60_000)).await.len(), 1, "and did not come back");

    // The same content again, while it is being removed: not before it is gone.
    announce(&archive, announced(3, &alice, &lobby)).await;
    assert!(!claim(&archive, 3, blobs_of("b", "")).await);
    forget(&archive, blobs_of("b", "").whole).await;
    assert!(claim(&archive, 3, blobs_of("b", "")).await);
    assert_eq!(lease(&archive, NOW.plus_ms(200_000)).await, [], "what is claimed is needed");
    forget(&archive, blobs_of("b", "").whole).await;
    assert!(finish(&archive, 3, blobs_of("b", "")).await);
});

at_both!(claiming_and_dooming_at_once_never_lose_a_blob, async |archive: Archive| {
    let (alice, _, lobby) = lobby(&archive).await;
    for round in 0..15_u128 {
        let (old, new) = (2 * round + 1, 2 * round + 2);
        file(&archive, old, (&alice, &lobby), blobs_of("a", "")).await;
        announce(&archive, announced(new, &alice, &lobby)).await;
        let (_, claimed) = tokio::join!(remove(&archive, old), claim(&archive, new, blobs_of("a", "")));
        let doomed = lease(&archive, NOW).await;
        assert_ne!(claimed, !doomed.is_empty(), "round {round}: either it is needed or it goes");
        assert!(remove(&archive, new).await);
        for hash in doomed.into_iter().chain(lease(&archive, NOW).await) {
            forget(&archive, hash).await;
        }
    }
});

at_both!(what_waits_too_long_is_swept_and_what_lives_is_not, async |archive: Archive| {
    let (alice, _, lobby) = lobby(&archive).await;
    announce(&archive, announced(1, &alice, &lobby)).await;
    file(&archive, 2, (&alice, &lobby), blobs_of("a", "")).await;
    file(&archive, 3, (&alice, &lobby), blobs_of("b", "")).await;
    let files = ready(&archive, &alice, &lobby, &[3]).await.unwrap();
    post(&archive, &alice, &lobby, files).await.unwrap();
    let later = NOW.plus_ms(FILE_WAITS_MS);
    let touched = archive
        .store
        .write(Lane::Any, move |tx| Box::pin(async move { files::touch(tx, FileId::new(1), later).await }));
    Result::<_, Fault>::unwrap(touched.await);
    let waiting = archive.store.read(move |conn| Box::pin(async move { files::waiting(conn, NOW, 10).await }));
    assert_eq!(Result::<_, Fault>::unwrap(waiting.await), [FileId::new(2)]);
    for (id, expected) in [(1, false), (2, true), (3, false)] {
        let swept = archive
            .store
            .write(Lane::Any, move |tx| Box::pin(async move { files::remove_waiting(tx, FileId::new(id), NOW).await }));
        assert_eq!(Result::<_, Fault>::unwrap(swept.await), expected, "{id}");
    }
});

at_both!(a_file_that_went_meanwhile_takes_the_message_with_it, async |archive: Archive| {
    let (alice, _, lobby) = lobby(&archive).await;
    file(&archive, 1, (&alice, &lobby), blobs_of("a", "")).await;
    let files = ready(&archive, &alice, &lobby, &[1]).await.unwrap();
    assert!(remove(&archive, 1).await);
    assert!(post(&archive, &alice, &lobby, files).await.unwrap_err().is_passing());
    assert!(history(&archive, &alice, &lobby, u64::MAX >> 1, 10).await.is_empty());
});
