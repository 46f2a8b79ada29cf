//! Two programs with the client library talk on a server, and nothing is lost or told twice when the line between is cut.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test may fail loudly")]

use std::time::Duration;

use client::{
    Connection, Question,
    driver::{Handle, Inbox, News, Server as Address, Token, Trouble, connect},
};
use e2e::{Cable, Server};
use model::{RoomId, Seq};
use protocol::Code;
use testkit::cast::{Guest, PASSWORD};
use tokio::time::timeout;

/// How long anything may take. A lost line comes back after a second or two.
const PATIENCE: Duration = Duration::from_secs(20);

async fn within<T>(what: &str, work: impl Future<Output = T>) -> T {
    timeout(PATIENCE, work).await.unwrap_or_else(|_| panic!("waited in vain for {what}"))
}

async fn enters(base: &str, name: &str) -> (Handle, Inbox) {
    let server = Address::at(base).unwrap();
    let token = server.log_in(name, PASSWORD).await.unwrap();
    within("hello", connect(server, token)).await.unwrap()
}

/// The next message, as who said what; everything else is passed over.
async fn hears(inbox: &mut Inbox) -> String {
    loop {
        match within("a message", inbox.next()).await.expect("the connection stands") {
            News::Message { message, .. } => {
                return format!("{}: {}", message.said.author.name, message.said.text.as_str());
            }
            News::Missed { .. } => panic!("something was missed"),
            News::Connection(_) | News::Rooms => {}
        }
    }
}

async fn turns(inbox: &mut Inbox, wanted: impl Fn(Connection) -> bool) {
    loop {
        match within("a change of the connection", inbox.next()).await.expect("the connection stands") {
            News::Connection(state) if wanted(state) => return,
            News::Message { .. } | News::Missed { .. } | News::Connection(_) | News::Rooms => {}
        }
    }
}

#[tokio::test]
async fn two_drivers_talk_and_a_cut_line_loses_and_repeats_nothing() {
    let server = Server::start();
    for name in ["alice", "bob"] {
        Guest::signs_up(&server.base, name);
    }
    let cable = Cable::to(&server.base);
    let (alice, mut to_alice) = enters(&server.base, "alice").await;
    let (bob, mut to_bob) = enters(&cable.base, "bob").await;
    let room = within("the room", alice.join("quarry")).await.unwrap();
    assert_eq!(within("the room", bob.join("quarry")).await.unwrap(), room);

    let posted = within("a receipt", alice.post(room, "one")).await.unwrap();
    assert_eq!(hears(&mut to_bob).await, "alice: one");
    within("a receipt", bob.post(room, "two")).await.unwrap();
    for said in ["alice: one", "bob: two"] {
        assert_eq!(hears(&mut to_alice).await, said);
    }
    assert_eq!(hears(&mut to_bob).await, "bob: two");

    // The line is cut. What each says meanwhile waits or is kept, and comes once, in order.
    cable.pull();
    turns(&mut to_bob, |state| matches!(state, Connection::Offline { .. })).await;
    for n in 3..8 {
        within("a receipt", alice.post(room, &n.to_string())).await.unwrap();
        assert_eq!(hears(&mut to_alice).await, format!("alice: {n}"));
    }
    let waiting = tokio::spawn({
        let bob = bob.clone();
        async move { bob.post(room, "said without a line").await }
    });
    cable.plug();
    within("a receipt", waiting).await.unwrap().unwrap();
    for n in 3..8 {
        assert_eq!(hears(&mut to_bob).await, format!("alice: {n}"));
    }
    for inbox in [&mut to_alice, &mut to_bob] {
        assert_eq!(hears(inbox).await, "bob: said without a line");
    }

    let history = alice.history(Question::before(room, posted.seq.next())).await.unwrap();
    assert_eq!(history.messages.last().map(|message| message.seq), Some(posted.seq));
    within("a good-bye", bob.close()).await;
    assert!(within("the end", to_bob.next()).await.is_none());
    within("a receipt", alice.post(room, "bye")).await.unwrap();
}

#[tokio::test]
async fn whoever_does_not_listen_is_told_what_they_missed_and_can_still_speak() {
    let server = Server::start();
    let (alice, bob) = (Guest::signs_up(&server.base, "alice"), Guest::signs_up(&server.base, "bob"));
    let room = alice.joins("quarry");
    bob.joins("quarry");
    let (handle, mut inbox) = enters(&server.base, "bob").await;
    for n in 0..500 {
        alice.posts(room, &format!("k{n}"), &n.to_string()).unwrap();
    }
    // Bob takes nothing of it, and what he says is kept all the same.
    let posted = within("a receipt", handle.post(room, "me too")).await.unwrap();

    let (mut last, mut heard, mut missed) = (Seq::ZERO, 0, 0);
    while last < posted.seq {
        match within("news", inbox.next()).await.expect("the connection stands") {
            News::Message { message, .. } => {
                assert!(message.seq > last, "{} after {last}", message.seq);
                (last, heard) = (message.seq, heard + 1);
            }
            News::Missed { after, until, .. } => {
                assert!(until > after && until >= last, "{after} to {until} after {last}");
                missed += 1;
            }
            News::Connection(_) | News::Rooms => {}
        }
    }
    assert!(missed > 0 && (100..501).contains(&heard), "{heard} heard, {missed} times something was missed");
}

#[tokio::test]
async fn what_cannot_be_is_said_in_words() {
    let server = Server::start();
    Guest::signs_up(&server.base, "alice");
    let address = Address::at(&server.base).unwrap();
    let refused = address.log_in("alice", "not the password").await.unwrap_err();
    assert!(matches!(refused, Trouble::Refused { code: Code::WrongCredentials, .. }), "{refused:?}");
    let nobody = connect(address.clone(), Token::new("stc_nobody")).await.unwrap_err();
    assert_eq!(nobody, Trouble::SignedOut);

    let token = address.log_in("alice", PASSWORD).await.unwrap();
    let (handle, mut inbox) = within("hello", connect(address.clone(), token.clone())).await.unwrap();
    assert_eq!(handle.post(RoomId::new(999), "hello").await, Err(Trouble::NotThere));
    assert!(matches!(handle.post(RoomId::new(999), " ").await, Err(Trouble::Text(_))));
    assert!(matches!(handle.join("/").await, Err(Trouble::Refused { .. })));
    let room = handle.join("quarry").await.unwrap();
    assert!(handle.rooms().await.unwrap().iter().any(|joined| joined.id == room));

    // The session ends elsewhere.
    address.log_out(&token).await.unwrap();
    turns(&mut inbox, |state| state == Connection::SignedOut).await;
    assert_eq!(within("the end", inbox.next()).await, None);
    assert_eq!(handle.post(room, "hello").await, Err(Trouble::Closed));
}
