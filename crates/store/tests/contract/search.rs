//! What is said is found: by words, beginnings, phrases and marks, by those who may read it, and not once it is gone.

use std::time::Duration;

use model::{
    Amend, Permit, Person, Phrase, RoomName, Said, Scopes, Search, Seq, Session, SessionId, Stream, Timestamp, UserId,
    Wish, rules,
};
use store::{
    Fault, Lane, members, messages, rooms,
    search::{self, Found, Mark, Sought},
};

use crate::{
    archive::{Archive, NOW, at_both},
    cast::{account, body, direct, key, lobby, name, permit, post},
};

/// Longer than anything here takes.
const LONG: Duration = Duration::from_mins(1);

/// What a text asks for, without names of people and rooms.
fn sought(text: &str) -> Sought {
    let search = Search::parse(text, 0).unwrap();
    let mark = |wish: &Wish| match wish {
        Wish::Words(phrase) => Mark::Words(phrase.clone()),
        Wish::Has(has) => Mark::Has(*has),
        Wish::From(id) => Mark::Author(UserId::new(id.parse().unwrap())),
        Wish::In(id) => Mark::Room(model::RoomId::new(id.parse().unwrap())),
    };
    Sought {
        wanted: search.wanted.iter().map(|wish| vec![mark(wish)]).collect(),
        unwanted: search.unwanted.iter().map(mark).collect(),
        since: search.since,
        until: search.until,
        before: None,
    }
}

async fn find(archive: &Archive, who: &Person, sought: Sought, limit: usize) -> Vec<Found> {
    let who = who.id;
    let read =
        archive.store.read(move |conn| Box::pin(async move { search::find(conn, who, &sought, limit, LONG).await }));
    Result::<_, Fault>::unwrap(read.await)
}

/// The places of what somebody finds, newest first.
async fn finds(archive: &Archive, who: &Person, text: &str) -> Vec<u64> {
    find(archive, who, sought(text), 100).await.into_iter().map(|found| found.seq.number()).collect()
}

async fn delete(archive: &Archive, author: &Person, room: &model::Room, seq: Seq) {
    let session = Session { id: SessionId::new(1), person: author.clone(), admin: false, scopes: Scopes::ALL };
    let may = rules::may_amend(&session, Some(room.clone()), model::Membership::Member, Some(author.id));
    let permit: Permit<Amend> = may.unwrap();
    let deleted = archive.store.write(Lane::One(Stream::Room(room.id)), move |tx| {
        Box::pin(async move { messages::delete(tx, permit, seq, NOW).await })
    });
    Result::<(), Fault>::unwrap(deleted.await);
}

at_both!(words_are_found_however_they_are_written, async |archive: Archive| {
    let (alice, _, lobby) = lobby(&archive).await;
    let texts = [
        "Crème brûlée, bitte!",
        "Der Weg zur Straße ist weit",
        "smørrebrød på Ærø",
        "東京で日本語を話します",
        "안녕하세요 여러분",
        "مُحَمَّد يقرأ",
        "done 🎉🎉 👩\u{200D}🚀",
        "ДОБРЫЙ День, Ёлка",
        "ສະບາຍດີ สวัสดีครับ",
        "it's snake_case, isn't it",
        "see https://example.org/a?b=c",
    ];
    for (n, text) in (0..).zip(texts) {
        assert_eq!(post(&archive, &alice, &lobby, &format!("k{n}"), text).await.seq, Seq::new(3 + n));
    }
    let cases: [(&str, &[u64]); 33] = [
        ("creme ", &[3]),
        ("CRÈME BRULEE ", &[3]),
        ("brû", &[3]),
        ("bru ", &[]),
        ("bru* ", &[3]),
        ("strasse ", &[4]),
        ("STRAẞE ", &[4]),
        ("smorrebrod aero ", &[5]),
        ("日本", &[6]),
        ("日", &[6]),
        ("本語を話", &[6]),
        ("語", &[6]),
        ("日語", &[]),
        ("京都", &[]),
        ("안녕", &[7]),
        ("녕하", &[7]),
        ("여러분", &[7]),
        ("محمد ", &[8]),
        ("🎉", &[9]),
        ("🚀", &[9]),
        ("👩🚀", &[9]),
        ("добрый елка ", &[10]),
        ("สวัสดี", &[11]),
        ("บาย", &[]),
        ("ບາຍ", &[11]),
        ("snake case ", &[12]),
        ("\"snake case\"", &[12]),
        ("\"case snake\"", &[]),
        ("it's ", &[12]),
        ("has:link", &[13]),
        ("example.org", &[13]),
        ("-has:link -e* ", &[]),
        ("is", &[12, 4]),
    ];
    for (text, expected) in cases {
        let expected = if text == "-has:link -e* " { vec![12, 11, 10, 9, 8, 7, 6, 5, 4, 3] } else { expected.to_vec() };
        assert_eq!(finds(&archive, &alice, text).await, expected, "{text:?}");
    }
});

at_both!(phrases_and_exclusions_narrow_what_is_found, async |archive: Archive| {
    let (alice, bob, lobby) = lobby(&archive).await;
    for (n, (author, text)) in [
        (&alice, "two stones struck together"),
        (&bob, "two struck stones"),
        (&alice, "a stone and two birds"),
        (&bob, "birds of two feathers, two stones"),
    ]
    .into_iter()
    .enumerate()
    {
        post(&archive, author, &lobby, &format!("k{n}"), text).await;
    }
    for (text, expected) in [
        ("two stones ", vec![6, 4, 3]),
        ("\"two stones\"", vec![6, 3]),
        ("two -stones ", vec![5]),
        ("two -\"two stones\"", vec![5, 4]),
        ("sto", vec![6, 5, 4, 3]),
        ("\"two sto\"", vec![]),
        ("from:1 two ", vec![5, 3]),
        ("two -from:1", vec![6, 4]),
        ("from:2", vec![6, 4]),
        ("in:1 birds ", vec![6, 5]),
        ("in:2 birds ", vec![]),
        ("", vec![6, 5, 4, 3]),
    ] {
        assert_eq!(finds(&archive, &alice, text).await, expected, "{text:?}");
    }
    let either = Sought {
        wanted: vec![
            ["feathers", "together"].map(|word| Mark::Words(Phrase { terms: vec![word.into()], open: false })).to_vec(),
        ],
        ..Sought::default()
    };
    let found = find(&archive, &bob, either, 10).await;
    assert_eq!(found.iter().map(|found| found.seq.number()).collect::<Vec<_>>(), [6, 3]);
});

at_both!(time_bounds_and_pages, async |archive: Archive| {
    let (alice, _, lobby) = lobby(&archive).await;
    let day = 24 * 60 * 60 * 1_000;
    for n in 0..6 {
        // Two in the same millisecond of each day.
        let at = Timestamp::from_ms(NOW.as_ms() + n / 2 * day);
        let (author, room) = (alice.clone(), lobby.clone());
        let message = Said::new(author.clone(), key(&format!("k{n}")), body("the same"));
        let posted = archive.store.write(Lane::One(Stream::Room(room.id)), move |tx| {
            Box::pin(async move { messages::append(tx, permit(&author, &room), message, None, at).await })
        });
        Result::<_, Fault>::unwrap(posted.await).unwrap();
    }
    let between = |since: Option<i64>, until: Option<i64>| Sought {
        since: since.map(|days| NOW.plus_ms(days * day)),
        until: until.map(|days| NOW.plus_ms(days * day)),
        ..sought("same ")
    };
    let seqs = async |sought| {
        find(&archive, &alice, sought, 100).await.into_iter().map(|found| found.seq.number()).collect::<Vec<_>>()
    };
    assert_eq!(seqs(between(None, Some(1))).await, [4, 3]);
    assert_eq!(seqs(between(Some(1), Some(2))).await, [6, 5]);
    assert_eq!(seqs(between(Some(2), None)).await, [8, 7]);
    assert_eq!(seqs(between(Some(2), Some(1))).await, [0; 0]);
    let mut paged = Vec::new();
    let mut before = None;
    loop {
        let page = find(&archive, &alice, Sought { before, ..sought("same ") }, 2).await;
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        paged.extend(page.iter().map(|found| found.seq.number()));
    }
    assert_eq!(paged, [8, 7, 6, 5, 4, 3]);
});

at_both!(nobody_finds_what_they_may_not_read, async |archive: Archive| {
    let (alice, bob, lobby) = lobby(&archive).await;
    let carol = account(&archive, "carol").await;
    let host = alice.clone();
    let vault = archive.store.write(Lane::Any, |tx| {
        Box::pin(async move {
            let vault = rooms::insert(tx, &name("vault"), model::Visibility::Private, NOW).await?.unwrap();
            members::join(tx, &vault, &host, NOW).await?;
            Ok::<_, Fault>(vault)
        })
    });
    let vault = vault.await.unwrap();
    let pair = direct(&archive, &[&alice, &carol]).await;
    for (n, room) in [&lobby, &vault, &pair].into_iter().enumerate() {
        post(&archive, &alice, room, &format!("k{n}"), "the canary sings").await;
    }
    let rooms = async |who: &Person, text: &str| {
        let found = find(&archive, who, sought(text), 10).await;
        found.into_iter().map(|found| found.room).collect::<Vec<_>>()
    };
    let in_vault = format!("canary in:{}", vault.id);
    assert_eq!(rooms(&alice, "canary ").await, [pair.id, vault.id, lobby.id]);
    assert_eq!(rooms(&bob, "canary ").await, [lobby.id]);
    assert_eq!(rooms(&carol, "can").await, [pair.id]);
    assert_eq!(rooms(&alice, &in_vault).await, [vault.id]);
    assert_eq!(rooms(&bob, &in_vault).await, Vec::<model::RoomId>::new());
    let (goer, left) = (bob.clone(), lobby.id);
    let leaves = archive.store.write(Lane::Many(Stream::Room(left)), move |tx| {
        Box::pin(async move { members::leave(tx, left, &goer, NOW).await })
    });
    assert!(Result::<_, Fault>::unwrap(leaves.await));
    assert_eq!(rooms(&bob, "canary ").await, Vec::<model::RoomId>::new());
    let (asker, shown) = (alice.clone(), vault.id);
    let named = archive.store.read(move |conn| {
        Box::pin(async move {
            let of = RoomName::parse("VAULT").unwrap();
            Ok::<_, Fault>([
                search::own_rooms_of_name(conn, asker.id, &of).await?,
                search::own_rooms_of_name(conn, bob.id, &of).await?,
            ])
        })
    });
    assert_eq!(named.await.unwrap(), [vec![shown], Vec::new()]);
});

at_both!(what_was_taken_back_is_not_found, async |archive: Archive| {
    let (alice, bob, lobby) = lobby(&archive).await;
    for n in 0..50 {
        post(&archive, &bob, &lobby, &format!("other{n}"), &format!("nothing of note {n}")).await;
    }
    let posted = post(&archive, &alice, &lobby, "k", "xylophonequartz sings").await;
    post(&archive, &alice, &lobby, "k2", "another sings").await;
    assert_eq!(finds(&archive, &bob, "xylophonequartz ").await, [posted.seq.number()]);
    delete(&archive, &alice, &lobby, posted.seq).await;
    delete(&archive, &alice, &lobby, posted.seq).await;
    assert_eq!(finds(&archive, &bob, "xylophonequartz ").await, [0; 0]);
    assert_eq!(finds(&archive, &bob, "sings ").await, [posted.seq.number() + 1]);
    assert_eq!(finds(&archive, &bob, "from:1").await, [posted.seq.number() + 1]);
});

at_both!(what_was_undone_is_not_found, async |archive: Archive| {
    let (alice, _, lobby) = lobby(&archive).await;
    let (author, room) = (alice.clone(), lobby.clone());
    let refused = archive.store.write(Lane::One(Stream::Room(lobby.id)), move |tx| {
        Box::pin(async move {
            messages::append(tx, permit(&author, &room), Said::new(author, key("k"), body("never")), None, NOW).await?;
            Err::<(), _>(crate::archive::Undone)
        })
    });
    assert!(refused.await.is_err());
    post(&archive, &alice, &lobby, "k2", "ever").await;
    assert_eq!(finds(&archive, &alice, "never ").await, [0; 0]);
    assert_eq!(finds(&archive, &alice, "ever ").await, [3]);
});

at_both!(no_text_breaks_out_of_the_question, async |archive: Archive| {
    let (alice, _, lobby) = lobby(&archive).await;
    post(&archive, &alice, &lobby, "k", "plain words _r1 _any 'quoted' \"here\" a:1,2 <-> & | !").await;
    let long = "a".repeat(250);
    let hostile = [
        "\" OR * NEAR( {",
        "NEAR(a b, 3)",
        "terms:plain",
        "{terms}: plain",
        "a AND",
        "OR",
        "NOT",
        "^plain",
        "a + b",
        "''",
        "'; DROP TABLE messages; --",
        "a & b",
        "a | !b",
        "<->",
        "a:*",
        "\\",
        "\\'",
        "%",
        "_",
        "_any",
        "_r1",
        "\u{0}",
        "\u{FFFD}",
        "\u{202E}x",
        "((((((((",
        "))))))))",
        "\"\"\"\"",
        "- - -",
        "-\"",
        "from:1 from:1",
        &long,
    ];
    for text in hostile {
        // Whatever it finds, it is an answer.
        let found = finds(&archive, &alice, text).await;
        assert!(found.is_empty() || found == [3], "{text:?} {found:?}");
    }
    assert_eq!(finds(&archive, &alice, "_u2").await, [0; 0], "a mark is not written by hand");
});

at_both!(the_longest_message_is_taken_in, async |archive: Archive| {
    let (alice, _, lobby) = lobby(&archive).await;
    let texts = [
        "\u{FDFA}".repeat(8_000),
        "日".repeat(8_000),
        "a".repeat(8_000),
        "a ".repeat(3_990) + "end",
        "e\u{301}".repeat(4_000),
    ];
    for (n, text) in texts.iter().enumerate() {
        post(&archive, &alice, &lobby, &format!("k{n}"), text).await;
    }
    assert_eq!(finds(&archive, &alice, "日日日").await, [4]);
    assert_eq!(finds(&archive, &alice, "end ").await, [6]);
});

/// What was said before there was an index.
async fn forget_the_index(archive: &Archive) {
    archive.run("DELETE FROM message_index; INSERT INTO index_progress (one, room_id, seq) VALUES (1, 0, 0)");
    let filled = archive.store.read(|conn| Box::pin(search::is_filled(conn))).await;
    assert!(!Result::<_, Fault>::unwrap(filled));
}

at_both!(what_was_said_before_is_taken_in_by_and_by, async |archive: Archive| {
    let (alice, bob, lobby) = lobby(&archive).await;
    let pair = direct(&archive, &[&alice, &bob]).await;
    for n in 0..7 {
        post(&archive, &alice, &lobby, &format!("l{n}"), "before").await;
        post(&archive, &alice, &pair, &format!("p{n}"), "before").await;
    }
    forget_the_index(&archive).await;
    delete(&archive, &alice, &lobby, Seq::new(4)).await;
    post(&archive, &alice, &lobby, "new", "before and after").await;
    assert_eq!(finds(&archive, &bob, "before ").await, [11]);
    let mut steps = 0;
    while Result::<_, Fault>::unwrap(archive.store.write(Lane::Any, |tx| Box::pin(search::fill(tx, 3))).await) {
        steps += 1;
        assert!(steps < 20);
    }
    assert_eq!(steps, 6);
    assert_eq!(finds(&archive, &bob, "before ").await.len(), 7 + 6 + 1);
    let filled = archive.store.read(|conn| Box::pin(search::is_filled(conn))).await;
    assert!(Result::<_, Fault>::unwrap(filled));
});

/// Neither in the index nor in a corner of the file that nobody uses any more.
#[tokio::test]
async fn the_words_of_a_message_that_was_taken_back_are_not_in_the_file() {
    let archive = Archive::sqlite().await;
    let (alice, bob, lobby) = lobby(&archive).await;
    for n in 0..40 {
        post(&archive, &bob, &lobby, &format!("before{n}"), &format!("nothing of note {n}")).await;
    }
    let mut taken_back = Vec::new();
    for n in 0..5 {
        let text = format!("xylophonequartz{n} sings {}", "of the sea ".repeat(100));
        taken_back.push(post(&archive, &alice, &lobby, &format!("k{n}"), &text).await.seq);
    }
    for n in 0..400 {
        post(&archive, &bob, &lobby, &format!("after{n}"), &format!("nothing of note either {n}")).await;
    }
    for seq in taken_back {
        delete(&archive, &alice, &lobby, seq).await;
    }
    // Opening it again brings the log into the file.
    let archive = archive.reopen().await;
    for file in std::fs::read_dir(archive.folder()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let found = bytes.windows(12).filter(|bytes| bytes == b"xylophonequa").count();
        assert_eq!(found, 0, "{}", path.display());
    }
}

at_both!(a_search_that_takes_too_long_is_ended_and_leaves_the_connection_as_it_was, async |archive: Archive| {
    let (alice, _, lobby) = lobby(&archive).await;
    // Words that are everywhere, in an order in which they are nowhere: the longest way to nothing.
    let text = format!("{}b", "a ".repeat(3_999));
    for n in 0..40 {
        post(&archive, &alice, &lobby, &format!("k{n}"), &text).await;
    }
    let nowhere = sought(&format!("\"{}b a\"", "a ".repeat(120)));
    let (who, asked) = (alice.id, nowhere.clone());
    let read = archive.store.read::<_, Fault, _>(move |conn| {
        Box::pin(async move {
            let ended = search::find(conn, who, &asked, 10, Duration::from_millis(1)).await;
            assert!(ended.is_err_and(|fault| fault.is_slow()), "it was not ended");
            Ok(())
        })
    });
    // PostgreSQL gives nothing more in a transaction in which a statement was ended.
    let _ = read.await;
    assert_eq!(find(&archive, &alice, nowhere, 10).await, Vec::new(), "it has its time again");
    assert_eq!(finds(&archive, &alice, "b ").await.len(), 40);
});
