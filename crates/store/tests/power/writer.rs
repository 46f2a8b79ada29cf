//! The child: writes to a store as fast as it answers, and says what was acknowledged.

use std::{env, io::Write as _, path::Path, sync::Arc};

use model::{
    Body, ClientKey, Epoch, Membership, Permit, Person, Post, Room, RoomName, Said, Scopes, Session, SessionId, Stream,
    Timestamp, Username, Visibility, rules,
};
use store::{DatabaseUrl, Fault, Lane, Opened, Store, members, messages, rooms, users};

/// Names the file to the child.
pub(crate) const FILE: &str = "STONECHAT_TEST_POWER_FILE";
/// What a line on standard output begins with, before the key of the message that was acknowledged.
pub(crate) const ACKNOWLEDGED: &str = "acknowledged ";

/// Writers at once: what waits is committed together.
const WRITERS: usize = 6;
/// Messages of each. Enough for the log to be brought into the file several times.
const MESSAGES: usize = 400;
const NOW: Timestamp = Timestamp::from_ms(1_795_000_000_000);

/// Does nothing unless it is run as the child.
#[tokio::test]
async fn child() {
    let Some(file) = env::var_os(FILE) else { return };
    let store = open(Path::new(&file)).await.unwrap().store;
    let (author, room) = furnish(&store).await;
    let (author, room) = (Arc::new(author), Arc::new(room));
    let writers = (0..WRITERS).map(|writer| {
        let (store, author, room) = (store.clone(), Arc::clone(&author), Arc::clone(&room));
        tokio::spawn(async move {
            for message in 0..MESSAGES {
                let key = format!("w{writer}-{message}");
                post(&store, &author, &room, &key).await.unwrap();
                // One write, after the acknowledgement.
                std::io::stdout().write_all(format!("{ACKNOWLEDGED}{key}\n").as_bytes()).unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    // The power goes now: nothing is closed in order.
    std::process::abort();
}

pub(crate) async fn open(file: &Path) -> Result<Opened, store::OpenError> {
    let url: DatabaseUrl = format!("sqlite:{}", file.display()).parse().unwrap();
    Store::open(&url, Epoch::new("first"), NOW).await
}

async fn furnish(store: &Store) -> (Person, Room) {
    let made = store.write(Lane::Any, |tx| {
        Box::pin(async move {
            let password = model::PasswordHash::new("not a hash".into());
            let user = users::NewUser { username: Username::parse("alice").unwrap(), password, admin: false };
            let alice = users::insert(tx, &user, NOW).await?.unwrap();
            let name = RoomName::parse("lobby").unwrap();
            let lobby = rooms::insert(tx, &name, Visibility::Public, NOW).await?.unwrap();
            members::join(tx, &lobby, &alice, NOW).await?;
            Ok::<_, Fault>((alice, lobby))
        })
    });
    made.await.unwrap()
}

async fn post(store: &Store, author: &Person, room: &Room, key: &str) -> Result<(), Fault> {
    // Long enough that a message takes pages of its own.
    let text = format!("{key} {}", "stone ".repeat(150));
    let message = Said::new(author.clone(), ClientKey::parse(key).unwrap(), Body::parse(&text).unwrap());
    let permit = permit(author, room);
    let lane = Lane::One(Stream::Room(room.id));
    let posted = store
        .write(lane, move |tx| Box::pin(async move { messages::append(tx, permit, message, None, NOW).await }))
        .await?;
    assert!(posted.is_some(), "{key}");
    Ok(())
}

fn permit(person: &Person, room: &Room) -> Permit<Post> {
    let session = Session { id: SessionId::new(1), person: person.clone(), admin: false, scopes: Scopes::ALL };
    rules::may_post(&session, Some(room.clone()), Membership::Member).unwrap()
}
