//! `kill -9` in the middle of a burst: what was acknowledged is there, once; what was not can be sent again.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{SyncSender, sync_channel},
    },
    thread,
};

use e2e::Server;
use model::{Posted, RoomId};
use testkit::{
    cast::{Gone, Guest, Line},
    postgres::{Database, Durability, Server as PostgresServer},
};

const WRITERS: usize = 4;
/// Messages that a writer has under way at once.
const IN_FLIGHT: usize = 16;
const ROUNDS: usize = 8;

/// What one writer knows: the receipts it got, and the keys that it sent without getting one.
#[derive(Default)]
struct Known {
    kept: BTreeMap<String, Posted>,
    unknown: Vec<String>,
}

/// One round: where to post, and after how many receipts the server dies.
#[derive(Clone, Copy)]
struct Burst {
    room: RoomId,
    round: usize,
    fatal: usize,
}

#[test]
fn nothing_acknowledged_is_lost_on_sqlite() {
    survives(Server::start());
}

#[test]
fn nothing_acknowledged_is_lost_on_postgres() {
    let durable = PostgresServer::start(Durability::Durable);
    let database = Database::create_on(&durable);
    survives(Server::start_on(Some(&database.url())));
}

fn survives(mut server: Server) {
    let guests: Vec<_> = (0..WRITERS).map(|n| Guest::signs_up(&server.base, &format!("writer{n}"))).collect();
    let rooms: Vec<_> = guests.iter().map(|guest| guest.joins("burst")).collect();
    let room = rooms[0];
    let mut known: Vec<Known> = guests.iter().map(|_| Known::default()).collect();
    for round in 0..ROUNDS {
        // Each round dies at another point of the burst.
        let burst = Burst { room, round, fatal: 50 + 61 * round };
        server = die_in(server, burst, &guests, &mut known);
        check(&guests[0], room, &known);
        send_again(&guests, room, &mut known);
        check(&guests[0], room, &known);
    }
    let total: usize = known.iter().map(|k| k.kept.len()).sum();
    assert!(total > ROUNDS * 50, "only {total} messages were acknowledged: nothing was tried");
}

/// Everybody posts until the server has acknowledged so many messages and is killed.
fn die_in(mut server: Server, burst: Burst, guests: &[Guest], known: &mut [Known]) -> Server {
    let count = Arc::new(AtomicUsize::new(0));
    let (enough, was_enough) = sync_channel(1);
    let writers: Vec<_> = guests
        .iter()
        .map(|guest| {
            let (line, count, enough) = (guest.connects(), Arc::clone(&count), enough.clone());
            thread::spawn(move || write_until_the_end(line, burst, &count, &enough))
        })
        .collect();
    was_enough.recv().unwrap();
    server.kill();
    for (writer, known) in writers.into_iter().zip(known) {
        let news = writer.join().unwrap();
        known.kept.extend(news.kept);
        known.unknown.extend(news.unknown);
    }
    server.restarted()
}

fn write_until_the_end(mut line: Line, burst: Burst, count: &AtomicUsize, enough: &SyncSender<()>) -> Known {
    let Burst { room, round, fatal } = burst;
    let mut known = Known::default();
    let mut next = 0;
    loop {
        while known.unknown.len() < IN_FLIGHT {
            let key = format!("r{round}-{next}");
            next += 1;
            let sent = line.try_post(room, &key, &key);
            known.unknown.push(key);
            if sent.is_err() {
                return known;
            }
        }
        match line.try_hear_posted() {
            Ok(posted) => {
                known.unknown.retain(|key| key != posted.key.as_str());
                known.kept.insert(posted.key.as_str().to_owned(), posted);
                if count.fetch_add(1, Ordering::SeqCst) + 1 == fatal {
                    let _ = enough.try_send(());
                }
            }
            Err(Gone) => return known,
        }
    }
}

/// What is in doubt is sent again with its key, and gets a receipt, the first or a new one.
fn send_again(guests: &[Guest], room: RoomId, known: &mut [Known]) {
    for (guest, known) in guests.iter().zip(known) {
        for key in std::mem::take(&mut known.unknown) {
            let posted = guest.posts(room, &key, &key).unwrap();
            known.kept.insert(key, posted);
        }
    }
}

/// Every receipt is true, no message is there twice, and places rise.
fn check(reader: &Guest, room: RoomId, known: &[Known]) {
    let messages = reader.reads_all(room);
    assert!(messages.windows(2).all(|pair| pair[0].seq < pair[1].seq), "places do not rise");
    let mut found = BTreeMap::new();
    for message in &messages {
        let name = (message.author.name.as_str().to_owned(), message.key.as_str().to_owned());
        assert!(found.insert(name.clone(), message.seq).is_none(), "{name:?} is there twice");
        assert_eq!(message.text.as_str(), message.key.as_str());
    }
    for (n, known) in known.iter().enumerate() {
        for (key, posted) in &known.kept {
            let name = (format!("writer{n}"), key.clone());
            assert_eq!(found.get(&name), Some(&posted.seq), "{name:?} was acknowledged and is lost or moved");
        }
    }
}
