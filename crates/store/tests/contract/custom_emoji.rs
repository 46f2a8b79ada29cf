//! Custom emoji: one picture under each name, whose blob stays as long as it is shown and no longer.

use model::{EmojiName, Stream, UserId, limits::CUSTOM_EMOJI_MAX};
use store::{
    Fault, Lane,
    blobs::{self, BlobHash},
    custom_emoji::{self, Claim, CustomEmoji},
    portraits::{self, Portrait},
};

use crate::{
    archive::{Archive, NOW, at_both},
    cast::account,
};

fn hash(digit: &str) -> BlobHash {
    BlobHash::new(digit.repeat(64))
}

fn emoji(name: &str, digit: &str) -> CustomEmoji {
    let name = EmojiName::parse(name).unwrap();
    CustomEmoji { name, picture: hash(digit), media_type: "image/png".into() }
}

async fn claim(archive: &Archive, wish: CustomEmoji) -> Claim {
    let claimed =
        archive.store.write(Lane::Any, move |tx| Box::pin(async move { custom_emoji::claim(tx, &wish).await }));
    Result::<_, Fault>::unwrap(claimed.await)
}

async fn show(archive: &Archive, wish: CustomEmoji) -> bool {
    let shown = archive.store.write(Lane::Any, move |tx| Box::pin(async move { custom_emoji::show(tx, &wish).await }));
    Result::<_, Fault>::unwrap(shown.await)
}

async fn remove(archive: &Archive, name: &str) -> bool {
    let name = EmojiName::parse(name).unwrap();
    let removed =
        archive.store.write(Lane::Any, move |tx| Box::pin(async move { custom_emoji::remove(tx, &name).await }));
    Result::<_, Fault>::unwrap(removed.await)
}

async fn add(archive: &Archive, wish: &CustomEmoji) {
    assert_eq!(claim(archive, wish.clone()).await, Claim::Claimed);
    assert!(show(archive, wish.clone()).await);
}

async fn all(archive: &Archive) -> Vec<CustomEmoji> {
    let read = archive.store.read(|conn| Box::pin(async move { custom_emoji::all(conn).await }));
    Result::<_, Fault>::unwrap(read.await)
}

/// Takes on what is doomed, for good.
async fn swept(archive: &Archive) -> Vec<BlobHash> {
    let swept = archive.store.write(Lane::Any, move |tx| {
        Box::pin(async move {
            let leased = blobs::lease(tx, NOW, NOW.plus_ms(60_000), 10).await?;
            for hash in &leased {
                blobs::forget(tx, hash).await?;
            }
            Ok(leased)
        })
    });
    Result::<_, Fault>::unwrap(swept.await)
}

at_both!(an_emoji_is_shown_when_its_picture_is_kept_and_until_it_is_removed, async |archive: Archive| {
    let (stone, bird) = (emoji("stone", "a"), emoji("bird", "b"));
    assert_eq!(claim(&archive, stone.clone()).await, Claim::Claimed);
    assert_eq!(all(&archive).await, [], "its picture is not written yet");
    assert!(!show(&archive, emoji("stone", "b")).await, "another picture was claimed");
    assert!(show(&archive, stone.clone()).await);
    assert!(!show(&archive, stone.clone()).await, "once");
    add(&archive, &bird).await;
    assert_eq!(all(&archive).await, [bird.clone(), stone.clone()], "by name");
    let name = stone.name.clone();
    let read = archive.store.read(move |conn| Box::pin(async move { custom_emoji::find(conn, &name).await }));
    assert_eq!(Result::<_, Fault>::unwrap(read.await), Some(stone.clone()));

    assert_eq!(claim(&archive, stone.clone()).await, Claim::Shown, "a retry is no trouble");
    assert_eq!(claim(&archive, emoji("stone", "b")).await, Claim::Taken);
    assert!(remove(&archive, "stone").await);
    assert!(!remove(&archive, "stone").await, "it is gone");
    assert_eq!(all(&archive).await, [bird]);
    assert_eq!(swept(&archive).await, [hash("a")]);
    add(&archive, &stone).await;
});

at_both!(a_picture_that_others_need_stays, async |archive: Archive| {
    let alice = account(&archive, "alice").await.id;
    let portrait = Portrait { large: (hash("a"), "image/png".into()), small: (hash("b"), "image/png".into()) };
    add(&archive, &emoji("stone", "a")).await;
    add(&archive, &emoji("rock", "a")).await;
    let wish = portrait.clone();
    let lane = Lane::Many(Stream::User(alice));
    let set = archive.store.write(lane, move |tx| {
        Box::pin(async move {
            // The same twice, as after an answer that was lost.
            for _ in 0..2 {
                assert!(portraits::claim(tx, alice, &wish).await?);
            }
            portraits::set(tx, alice, &wish, NOW).await
        })
    });
    assert!(Result::<_, Fault>::unwrap(set.await));
    assert_eq!(swept(&archive).await, [], "all of it is shown");

    assert!(remove(&archive, "stone").await);
    assert_eq!(swept(&archive).await, [], "the other emoji is the same picture");
    assert!(remove(&archive, "rock").await);
    assert_eq!(swept(&archive).await, [], "and so is the portrait");
    add(&archive, &emoji("stone", "a")).await;
    let unset = archive.store.write(lane, move |tx| Box::pin(portraits::remove(tx, alice, NOW)));
    Result::<_, Fault>::unwrap(unset.await);
    assert_eq!(swept(&archive).await, [hash("b")], "the emoji needs the other");
    assert!(remove(&archive, "stone").await);
    assert_eq!(swept(&archive).await, [hash("a")]);
});

at_both!(one_emoji_at_a_time_is_being_added, async |archive: Archive| {
    assert_eq!(claim(&archive, emoji("stone", "a")).await, Claim::Claimed);
    assert_eq!(claim(&archive, emoji("stone", "a")).await, Claim::Claimed, "the first try was cut short");
    assert_eq!(swept(&archive).await, [], "its picture is needed still");
    assert_eq!(claim(&archive, emoji("bird", "b")).await, Claim::Claimed);
    assert!(!show(&archive, emoji("stone", "a")).await, "the later one is shown");
    assert_eq!(swept(&archive).await, [hash("a")]);
    assert!(show(&archive, emoji("bird", "b")).await);
    assert_eq!(swept(&archive).await, []);

    // At once, from two lanes: one is shown, or the other, and never both under one name.
    let lane = Lane::One(Stream::User(UserId::new(1)));
    let wish = emoji("stone", "c");
    let other = archive.store.write(lane, move |tx| Box::pin(async move { custom_emoji::claim(tx, &wish).await }));
    let (one, other) = tokio::join!(claim(&archive, emoji("stone", "d")), other);
    assert_eq!((one, Result::<_, Fault>::unwrap(other)), (Claim::Claimed, Claim::Claimed));
    let shown = [show(&archive, emoji("stone", "c")).await, show(&archive, emoji("stone", "d")).await];
    assert!(shown[0] != shown[1], "{shown:?}");
});

at_both!(there_are_so_many_and_no_more, async |archive: Archive| {
    let rows = (0..CUSTOM_EMOJI_MAX).map(|n| format!("('n{n:03}', 1, 'x', 'image/png')")).collect::<Vec<_>>();
    let fill = format!("INSERT INTO custom_emoji (name, shown, picture, media_type) VALUES {}", rows.join(", "));
    archive.try_run(&fill).unwrap();
    assert_eq!(claim(&archive, emoji("stone", "a")).await, Claim::Full);
    assert!(remove(&archive, "n000").await);
    add(&archive, &emoji("stone", "a")).await;
});
