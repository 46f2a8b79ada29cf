//! Two servers on one database: what is written through one is heard through the other.

use e2e::Server;
use testkit::{
    cast::Guest,
    postgres::{Database, Durability, Server as PostgresServer},
};

#[test]
fn what_one_server_keeps_the_other_tells() {
    let postgres = PostgresServer::start(Durability::Careless);
    let database = Database::create_on(&postgres);
    let (here, there) = (Server::start_on(Some(&database.url())), Server::start_on(Some(&database.url())));
    let alice = Guest::signs_up(&here.base, "alice");
    let bob = Guest::signs_up(&there.base, "bob");
    let room = alice.joins("bridge");
    assert_eq!(bob.joins("bridge"), room);

    let mut line = alice.connects();
    line.subscribes(room, None).unwrap();
    bob.posts(room, "k1", "from the other side").unwrap();
    let behind = line.hears();
    assert_eq!(behind, protocol::FromServer::Behind {}, "the log is looked at");
    let head = alice.reads(room).head;
    let epoch = alice.reads(room).epoch;
    let since = model::Cursor { epoch, seq: model::Seq::new(head.number() - 1) };
    line.subscribes(room, Some(since)).unwrap();
    assert_eq!(line.hears_texts(1), ["from the other side"]);
    // A key is good for ever, whichever server is asked.
    let again = alice.posts(room, "k2", "once").unwrap();
    let elsewhere = Guest::logs_in(&there.base, "alice");
    assert_eq!(elsewhere.posts(room, "k2", "once"), Ok(again));
    assert_eq!(elsewhere.posts(room, "k2", "twice"), Err(protocol::Code::KeyReused));
}
