//! A database that an older Stonechat made opens, and has everything it had.

use model::{Change, Marks, RoomPrefs, Seq, Stream, UserId, Visibility};
use store::{Fault, members, rooms};

use crate::{
    archive::{Archive, NOW, Place},
    cast::{account, direct, history, log, post, standing},
};

/// What the first version left behind: alice and bob in a public room with a message each, and alice alone in a private one.
const LEFT_BEHIND: &str = "
    CREATE TABLE stonechat_schema (version BIGINT NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL);
    INSERT INTO stonechat_schema VALUES (1, 0);
    INSERT INTO identity (one, product, epoch, created_at) VALUES (1, 'stonechat', 'old', 0);
    INSERT INTO users (id, username, username_key, username_skeleton, password, admin, created_at)
        VALUES (1, 'alice', 'alice', 'alice', 'x', 1, 0), (2, 'bob', 'bob', 'bob', 'x', 0, 0);
    INSERT INTO streams (kind, owner, head, at) VALUES (1, 1, 4, 0), (1, 7, 1, 0), (2, 1, 2, 0), (2, 2, 1, 0);
    INSERT INTO rooms (id, name, name_key, visibility, created_at)
        VALUES (1, 'Lobby', 'lobby', 1, 0), (7, 'vault', 'vault', 2, 0);
    INSERT INTO members (room_id, user_id, joined_at) VALUES (1, 1, 0), (1, 2, 0), (7, 1, 0);
    INSERT INTO messages (room_id, seq, author_id, client_key, body, at)
        VALUES (1, 3, 1, 'k1', 'hello', 30), (1, 4, 2, 'k2', 'hello yourself', 40);
    INSERT INTO events (kind, owner, seq, at, what, person, room, number)
        VALUES (1, 1, 1, 0, 'member_joined', 1, NULL, NULL), (1, 1, 2, 0, 'member_joined', 2, NULL, NULL),
               (1, 1, 3, 30, 'message_posted', 1, NULL, NULL), (1, 1, 4, 40, 'message_posted', 2, NULL, NULL),
               (1, 7, 1, 0, 'member_joined', 1, NULL, NULL),
               (2, 1, 1, 0, 'room_joined', NULL, 1, 1), (2, 1, 2, 0, 'room_joined', NULL, 7, 1),
               (2, 2, 1, 0, 'room_joined', NULL, 1, 2);
";

#[tokio::test]
async fn a_file_of_the_first_version_opens_with_everything_in_it() {
    let first = include_str!("../../migrations/sqlite/0001_first.sql");
    let archive = Archive::found(Place::sqlite(), &format!("{first}{LEFT_BEHIND}")).await;
    keeps_everything(&archive).await;
    // What refers to a room still does.
    let refused = archive.try_run("INSERT INTO members (room_id, user_id, joined_at) VALUES (999, 1, 0)");
    assert!(refused.unwrap_err().contains("FOREIGN KEY"));
}

#[tokio::test]
async fn a_postgres_of_the_first_version_opens_with_everything_in_it() {
    let first = include_str!("../../migrations/postgres/0001_first.sql");
    // Ids were given by hand above, and the counters do not know.
    let counters = "ALTER TABLE users ALTER id RESTART WITH 3; ALTER TABLE rooms ALTER id RESTART WITH 8;";
    let archive = Archive::found(Place::postgres(), &format!("{first}{LEFT_BEHIND}{counters}")).await;
    keeps_everything(&archive).await;
}

async fn keeps_everything(archive: &Archive) {
    assert_eq!((archive.is_new, archive.store.epoch().as_str()), (false, "old"));
    let of = async |user: i64| {
        let read = archive.store.read(move |conn| Box::pin(members::rooms_of(conn, UserId::new(user))));
        Result::<_, Fault>::unwrap(read.await)
    };
    let (alices, bobs) = (of(1).await, of(2).await);
    let shown: Vec<_> = alices.iter().map(|s| (s.room.id.number(), s.room.name.as_str(), s.room.visibility)).collect();
    assert_eq!(shown, [(1, "Lobby", Visibility::Public), (7, "vault", Visibility::Private)]);
    assert_eq!(bobs.len(), 1);
    for standing in alices.iter().chain(&bobs) {
        assert_eq!(
            (standing.marks, standing.unread),
            (Marks::at(standing.head), 0),
            "nothing is unread after an upgrade"
        );
        assert_eq!(standing.prefs, RoomPrefs::default());
    }
    let lobby = alices[0].room.clone();
    let (alice, bob) = archive
        .store
        .read(move |conn| {
            Box::pin(async move {
                let mut people = members::page(conn, lobby.id, UserId::new(0), 10).await?;
                let bob = people.pop();
                Ok::<_, Fault>((people.pop().unwrap(), bob.unwrap()))
            })
        })
        .await
        .unwrap();
    let lobby = alices[0].room.clone();
    let said: Vec<_> = history(archive, &alice, &lobby, 1 << 40, 50).await.into_iter().map(|m| m.said.text).collect();
    assert_eq!(said.iter().map(model::Body::as_str).collect::<Vec<_>>(), ["hello", "hello yourself"]);
    assert_eq!(log(archive, Stream::Room(lobby.id), 0).await.len(), 4);
    let told = log(archive, Stream::User(alice.id), 0).await.remove(0).change;
    assert_eq!(told, Change::RoomJoined { room: lobby.clone(), head: Seq::new(1) });
    // And it goes on from there.
    assert_eq!(post(archive, &alice, &lobby, "k3", "anew").await.seq, Seq::new(5));
    assert_eq!(standing(archive, &bob, &lobby).await.unread, 1);
    let carol = account(archive, "carol").await;
    assert_eq!(carol.id, UserId::new(3));
    let pair = direct(archive, &[&alice, &carol]).await;
    assert!(pair.id.number() > 7, "no id is given out twice");
    let taken = archive.store.write(store::Lane::Any, |tx| {
        Box::pin(async move { rooms::insert(tx, &crate::cast::name("lobby"), Visibility::Public, NOW).await })
    });
    assert_eq!(Result::<_, Fault>::unwrap(taken.await), None, "public names are still one of each");
}
