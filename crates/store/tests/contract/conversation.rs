//! What is done to messages that stand: whoever reads a page has the same as whoever heard every event.

use std::collections::BTreeMap;

use model::{
    Body, Emoji, Event, Membership, Mention, Message, Permit, Person, Posted, Quote, Reaction, Said, Scopes, Seq,
    Session, SessionId, Stream, limits::QUOTE_CHARS_MAX, rules,
};
use store::{Fault, Lane, edits, messages, reactions};

use crate::{
    archive::{Archive, NOW, at_both},
    cast::{body, history, key, lobby, log, permit, post, reader},
};

pub(crate) async fn answer(
    archive: &Archive,
    author: &Person,
    room: &model::Room,
    k: &str,
    said: (Body, Seq),
) -> Posted {
    let (author, room, k, (text, to)) = (author.clone(), room.clone(), key(k), said);
    let mentions = vec![Mention { word: "bob".into(), person: Some(author.clone()) }];
    let posted = archive.store.write(Lane::One(Stream::Room(room.id)), move |tx| {
        Box::pin(async move {
            let answered = messages::find(tx, room.id, to).await?;
            let said = Said { mentions, ..Said::new(author.clone(), k, text) };
            messages::append(tx, permit(&author, &room), said, answered, NOW).await
        })
    });
    Result::<_, Fault>::unwrap(posted.await).unwrap()
}

fn amends(author: &Person, room: &model::Room) -> Permit<model::Amend> {
    let session = Session { id: SessionId::new(1), person: author.clone(), admin: false, scopes: Scopes::ALL };
    rules::may_amend(&session, Some(room.clone()), Membership::Member, Some(author.id)).unwrap()
}

async fn edit(archive: &Archive, author: &Person, room: &model::Room, seq: Seq, text: &str) {
    let (may, room, text) = (amends(author, room), room.id, body(text));
    let done = archive.store.write(Lane::One(Stream::Room(room)), move |tx| {
        Box::pin(async move {
            let message = messages::find(tx, room, seq).await?.unwrap();
            messages::edit(tx, may, message, (text, Vec::new()), NOW).await
        })
    });
    Result::<_, Fault>::unwrap(done.await);
}

pub(crate) async fn delete(archive: &Archive, author: &Person, room: &model::Room, seq: Seq) {
    let may = amends(author, room);
    let done = archive.store.write(Lane::One(Stream::Room(room.id)), move |tx| {
        Box::pin(async move { messages::delete(tx, may, seq, NOW).await })
    });
    Result::<_, Fault>::unwrap(done.await);
}

async fn react(archive: &Archive, who: &Person, room: &model::Room, seq: Seq, (emoji, on): (&str, bool)) {
    let (may, who, emoji) = (permit(who, room), who.clone(), Emoji::parse(emoji).unwrap());
    let done = archive.store.write(Lane::One(Stream::Room(room.id)), move |tx| {
        Box::pin(async move {
            let stands = reactions::stands(tx, (may.room(), seq), who.id, &emoji).await?;
            assert_ne!(stands, on);
            reactions::set(tx, &may, who, (seq, emoji, on), NOW).await
        })
    });
    Result::<_, Fault>::unwrap(done.await);
}

async fn pin(archive: &Archive, who: &Person, room: &model::Room, seq: Seq, on: bool) {
    let (may, who) = (permit(who, room), who.clone());
    let done = archive.store.write(Lane::One(Stream::Room(room.id)), move |tx| {
        Box::pin(async move { messages::pin(tx, &may, who, (seq, on), NOW).await })
    });
    Result::<_, Fault>::unwrap(done.await);
}

/// The messages as somebody has them who heard all these events.
fn heard(events: &[Event]) -> Vec<Message> {
    let mut messages: BTreeMap<Seq, Message> = BTreeMap::new();
    for event in events {
        for message in messages.values_mut() {
            message.undergo(event);
        }
        messages.extend(event.message().map(|message| (message.seq, message)));
    }
    messages.into_values().map(settled).collect()
}

/// How many replies a thread had when its message was posted, nobody asks.
fn settled(mut message: Message) -> Message {
    message.said.reply.iter_mut().for_each(|reply| reply.replies = 0);
    message
}

at_both!(a_page_says_the_same_as_every_event, async |mut archive: Archive| {
    let (alice, bob, lobby) = lobby(&archive).await;
    let one = post(&archive, &alice, &lobby, "a1", &"long ".repeat(100)).await.seq;
    let two = answer(&archive, &bob, &lobby, "b1", (body("yes, @bob"), one)).await.seq;
    let three = answer(&archive, &alice, &lobby, "a2", (body("no"), two)).await.seq;
    react(&archive, &bob, &lobby, one, ("👍", true)).await;
    react(&archive, &alice, &lobby, one, ("🐦", true)).await;
    edit(&archive, &alice, &lobby, one, "short").await;
    react(&archive, &bob, &lobby, one, ("👍", false)).await;
    react(&archive, &bob, &lobby, one, ("👍", true)).await;
    edit(&archive, &alice, &lobby, one, "shorter").await;
    pin(&archive, &bob, &lobby, two, true).await;
    pin(&archive, &bob, &lobby, one, true).await;
    pin(&archive, &bob, &lobby, two, false).await;
    edit(&archive, &alice, &lobby, three, "perhaps").await;
    react(&archive, &bob, &lobby, three, ("🐦", true)).await;
    delete(&archive, &alice, &lobby, three).await;

    let page = history(&archive, &bob, &lobby, 1 << 40, 50).await;
    let kept = log(&archive, Stream::Room(lobby.id), 0).await;
    let live = archive.hears(Stream::Room(lobby.id), kept.last().unwrap().seq).await;
    let settled: Vec<Message> = page.iter().cloned().map(settled).collect();
    assert_eq!(heard(&live), settled, "as it was heard");
    assert_eq!(heard(&kept), settled, "as the log tells it");

    let [first, second, third] = page.as_slice() else { panic!("three messages") };
    assert_eq!((first.said.text.as_str(), first.edits, first.pinned, first.replies), ("shorter", 2, true, 2));
    let by = |who: &Person, emoji: &str| Reaction { by: who.id, emoji: Emoji::parse(emoji).unwrap() };
    assert_eq!(first.reactions, [by(&alice, "🐦"), by(&bob, "👍")], "in the order in which they were set last");
    let reply = second.said.reply.as_ref().unwrap();
    assert_eq!((reply.to.seq, reply.to.text.as_str(), reply.thread), (one, "shorter", one));
    assert_eq!(second.said.mentions.len(), 1);
    assert_eq!(third.said.reply.as_ref().unwrap().thread, one, "an answer to an answer is in the same thread");
    assert!(third.deleted && third.reactions.is_empty() && third.said.text.is_empty() && third.edits == 0);
});

at_both!(what_was_said_before_is_kept_until_the_message_goes, async |archive: Archive| {
    let (alice, bob, lobby) = lobby(&archive).await;
    let seq = post(&archive, &alice, &lobby, "a1", "first").await.seq;
    edit(&archive, &alice, &lobby, seq, "second").await;
    edit(&archive, &alice, &lobby, seq, "third").await;
    let before = async || {
        let permit = reader(&bob, &lobby);
        let read = archive.store.read(move |conn| Box::pin(async move { edits::of_message(conn, &permit, seq).await }));
        let texts = Result::<_, Fault>::unwrap(read.await);
        texts.into_iter().map(|(_, text)| String::from(text)).collect::<Vec<_>>()
    };
    assert_eq!(before().await, ["first", "second"]);
    let author = alice.id;
    let earlier =
        archive.store.read(move |conn| Box::pin(async move { messages::find_by_key(conn, author, &key("a1")).await }));
    let (text, ..) = Result::<_, Fault>::unwrap(earlier.await).unwrap().said.unwrap();
    assert_eq!(text, body("first"), "a late repeat of the post is compared with what was posted");
    delete(&archive, &alice, &lobby, seq).await;
    assert!(before().await.is_empty());
});

at_both!(a_quote_and_the_pins_are_bounded_and_in_order, async |archive: Archive| {
    let (alice, bob, lobby) = lobby(&archive).await;
    let long = "é".repeat(QUOTE_CHARS_MAX + 1);
    let one = post(&archive, &alice, &lobby, "a1", &long).await.seq;
    let two = answer(&archive, &bob, &lobby, "b1", (body("so long"), one)).await.seq;
    let page = history(&archive, &bob, &lobby, 1 << 40, 50).await;
    let quoted = &page[1].said.reply.as_ref().unwrap().to;
    assert_eq!(quoted.text.chars().count(), QUOTE_CHARS_MAX);
    assert_eq!(quoted.text, Quote::beginning(&long));
    pin(&archive, &alice, &lobby, two, true).await;
    pin(&archive, &alice, &lobby, one, true).await;
    let permit = reader(&bob, &lobby);
    let pins = archive.store.read(move |conn| Box::pin(async move { messages::pinned(conn, &permit, 10).await }));
    let pins: Vec<Seq> = Result::<_, Fault>::unwrap(pins.await).iter().map(|message| message.seq).collect();
    assert_eq!(pins, [two, one], "at one moment, the later message is first");
    let permit = reader(&bob, &lobby);
    let thread = archive
        .store
        .read(move |conn| Box::pin(async move { messages::in_thread(conn, &permit, one, Seq::ZERO, 10).await }));
    let thread: Vec<Seq> =
        Result::<_, Fault>::unwrap(thread.await).messages.iter().map(|message| message.seq).collect();
    assert_eq!(thread, [two]);
});
