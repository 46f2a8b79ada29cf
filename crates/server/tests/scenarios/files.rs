//! Files: announced, sent in pieces, posted, fetched by those who may, and gone when their message is.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
    time::Duration,
};

use model::{Change, FileId, FileKind};
use protocol::{Code, http::Upload};
use testkit::{cast::Guest, wait::wait_until};

use crate::house::{Running, Wish};

const CONTENT: &[u8] = b"two stones struck together, as text\n";

/// The files under a folder, however deep.
fn count(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
}

fn blobs(house: &Running) -> usize {
    count(&house.files().join("blobs"))
}

fn spooled(house: &Running) -> usize {
    count(&house.files().join("spool"))
}

fn until(what: &str, mut ask: impl FnMut() -> bool) {
    wait_until(what, Duration::from_secs(10), || ask().then_some(()));
}

#[test]
fn a_file_goes_with_a_message_and_only_members_get_it() {
    let house = Running::start();
    let [alice, bob, mallory] = ["alice", "bob", "mallory"].map(|name| Guest::signs_up(&house.base, name));
    let room = alice.makes_private("nest");
    assert_eq!(
        alice.sends("POST", &format!("rooms/{room}/members"), &serde_json::json!({"username": "bob"})).status,
        200
    );
    let mut line = bob.connects();
    line.subscribes(room, None).unwrap();

    let file = alice.uploads(room, "../../отчёт\u{202E}.txt", CONTENT).unwrap();
    assert_eq!((file.name.as_str(), file.size, file.kind), ("отчёт.txt", CONTENT.len() as u64, FileKind::Other));
    assert_eq!(alice.fetches(file.id).bytes, CONTENT, "before it goes with a message, its sender has it");
    assert_eq!(bob.fetches(file.id).status, 404, "and nobody else");

    let posted = alice.posts_files(room, "k1", "", &[file.id]).unwrap();
    let event = line.hears_event();
    let message = event.message().unwrap();
    assert_eq!((message.seq, message.said.text.as_str(), &message.said.files), (posted.seq, "", &vec![file.clone()]));
    assert_eq!(bob.reads(room).messages.last().unwrap().said.files, std::slice::from_ref(&file));

    let fetched = bob.fetches(file.id);
    assert_eq!(fetched.bytes, CONTENT);
    assert_eq!(fetched.header("content-type"), Some("application/octet-stream"));
    assert_eq!(fetched.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(fetched.header("content-security-policy"), Some("default-src 'none'; sandbox"));
    assert_eq!(fetched.header("cross-origin-resource-policy"), Some("same-origin"));
    assert_eq!(fetched.header("cache-control"), Some("private, no-cache"));
    let disposition = fetched.header("content-disposition").unwrap();
    assert!(disposition.starts_with("attachment; ") && disposition.contains("%D0%BE%D1%82"), "{disposition}");

    // To a stranger, and after leaving, it is what it is when there is none.
    let none = mallory.fetches(FileId::new(1));
    for (status, bytes) in [mallory.fetches(file.id)].map(|f| (f.status, f.bytes)) {
        assert_eq!(status, 404);
        let same = |text: &[u8]| String::from_utf8_lossy(text).split("request_id").next().unwrap().to_owned();
        assert_eq!(same(&bytes), same(&none.bytes));
    }
    assert_eq!(mallory.fetches_with(&format!("files/{}/preview", file.id), &[]).status, 404);
    let etag = fetched.header("etag").unwrap();
    let again = |guest: &Guest| guest.fetches_with(&format!("files/{}", file.id), &[("if-none-match", etag)]).status;
    assert_eq!(again(&bob), 304);
    bob.leaves(room);
    assert_eq!((bob.fetches(file.id).status, again(&bob)), (404, 404), "also what a browser has kept is asked for");
}

#[test]
fn an_upload_goes_on_where_it_stopped() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let bob = Guest::signs_up(&house.base, "bob");
    let room = alice.joins("lobby");
    let announced = alice.announces(room, "a.txt", CONTENT.len());
    assert_eq!((announced.status, announced.header("upload-offset")), (201, Some("0")));
    let Upload { id, offset: 0, file: None } = announced.value() else { panic!("{announced:?}") };
    assert_eq!(alice.announces(room, "a.txt", CONTENT.len()).value::<Upload>().id, id, "the same key, the same upload");
    assert_eq!(alice.announces(room, "a.txt", 7).code(), Code::KeyReused);

    let added = alice.adds(id, 0, &CONTENT[..10]);
    assert_eq!((added.status, added.header("upload-offset")), (204, Some("10")));
    let wrong = alice.adds(id, 5, &CONTENT[5..]);
    assert_eq!((wrong.status, wrong.header("upload-offset"), wrong.code()), (409, Some("10"), Code::OffsetWrong));
    assert_eq!(alice.announces(room, "a.txt", CONTENT.len()).value::<Upload>().offset, 10);
    assert_eq!(alice.gets(&format!("uploads/{id}")).header("upload-offset"), Some("10"));
    assert_eq!(bob.gets(&format!("uploads/{id}")).status, 404);
    assert_eq!(bob.adds(id, 10, &CONTENT[10..]).status, 404);
    assert_eq!(alice.posts_files(room, "early", "", &[id]), Err(Code::FileNotReady));
    assert_eq!(alice.fetches(id).status, 404, "nothing half-written can be seen");

    let finished = alice.adds(id, 10, &CONTENT[10..]);
    assert_eq!(finished.status, 200);
    let file: model::File = finished.value();
    assert_eq!(alice.adds(id, CONTENT.len() as u64, &[]).value::<model::File>(), file, "the answer was lost, say");
    assert_eq!(alice.gets(&format!("uploads/{id}")).value::<Upload>().file, Some(file));
    assert_eq!((spooled(&house), blobs(&house)), (0, 1));
    assert_eq!(alice.uploads(room, "empty.txt", b"").unwrap().size, 0);
}

#[test]
fn every_limit_is_named_before_a_byte_flows() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let room = alice.joins("lobby");
    let large = alice.announces(room, "large", 1_000_001);
    assert_eq!((large.status, large.code()), (413, Code::FileTooLarge));
    assert!(large.text.contains("976.5 KB"), "{}", large.text);
    for n in 0..3 {
        assert_eq!(alice.announces(room, &format!("n{n}"), 1_000_000).status, 201);
    }
    let over = alice.announces(room, "one-more", 1);
    assert_eq!((over.status, over.code()), (409, Code::QuotaFull));
    assert!(over.text.contains("2.8 MB"), "{}", over.text);
    let bob = Guest::signs_up(&house.base, "bob");
    assert_eq!(bob.announces(room, "a", 1).code(), Code::NotAMember);
    bob.joins("lobby");
    for n in 0..20 {
        assert_eq!(bob.announces(room, &format!("n{n}"), 1).status, 201);
    }
    assert_eq!(bob.announces(room, "n20", 1).code(), Code::TooManyUploads);

    let many: Vec<_> = (0..11).map(FileId::new).collect();
    assert_eq!(alice.posts_files(room, "k", "", &many), Err(Code::TooManyFiles));
    assert_eq!(alice.posts_files(room, "k", "", &[]), Err(Code::BodyBlank));

    let none = Running::with(Wish { files: None, ..Wish::default() });
    let carol = Guest::signs_up(&none.base, "carol");
    let room = carol.joins("lobby");
    let closed = carol.announces(room, "a", 1);
    assert_eq!((closed.status, closed.code()), (403, Code::FilesClosed));
}

#[test]
fn many_at_once_never_pass_the_quota() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let room = alice.joins("lobby");
    let taken: usize = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..12)
            .map(|n| {
                let alice = &alice;
                scope.spawn(move || usize::from(alice.announces(room, &format!("n{n}"), 700_000).status == 201))
            })
            .collect();
        tries.into_iter().map(|one| one.join().unwrap()).sum()
    });
    assert_eq!(taken, 4, "3,000,000 bytes for 700,000 each");
}

#[test]
fn a_message_takes_only_files_that_are_ready_for_it() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let bob = Guest::signs_up(&house.base, "bob");
    let (room, other) = (alice.joins("lobby"), alice.joins("annex"));
    bob.joins("lobby");
    let mine = alice.uploads(room, "a", CONTENT).unwrap().id;
    let his = bob.uploads(room, "b", CONTENT).unwrap().id;
    let elsewhere = alice.uploads(other, "c", CONTENT).unwrap().id;
    for wrong in [vec![his], vec![elsewhere], vec![FileId::new(7)], vec![mine, mine], vec![mine, his]] {
        assert_eq!(alice.posts_files(room, "k", "x", &wrong), Err(Code::FileNotReady), "{wrong:?}");
    }
    let posted = alice.posts_files(room, "k", "x", &[mine]).unwrap();
    assert_eq!(alice.posts_files(room, "k", "x", &[mine]), Ok(posted), "a repeat gets the first answer");
    assert_eq!(alice.posts_files(room, "k", "x", &[]), Err(Code::KeyReused), "another content is another message");
    assert_eq!(alice.posts_files(room, "k2", "x", &[mine]), Err(Code::FileNotReady), "it is in a message already");
    assert_eq!(alice.asks("DELETE", &format!("uploads/{mine}"), None).status, 403);
    assert_eq!(alice.asks("DELETE", &format!("uploads/{elsewhere}"), None).status, 204);
    assert_eq!(alice.fetches(elsewhere).status, 404);
    assert_eq!(blobs(&house), 1, "the same content is kept once, and as long as somebody needs it");
}

#[test]
fn what_is_taken_back_is_gone_at_once() {
    let house = Running::start();
    let [alice, bob] = ["alice", "bob"].map(|name| Guest::signs_up(&house.base, name));
    let room = alice.joins("lobby");
    bob.joins("lobby");
    let (one, two) = (alice.uploads(room, "a", b"one").unwrap().id, alice.uploads(room, "b", b"two").unwrap().id);
    let posted = alice.posts_files(room, "k", "a secret", &[one, two]).unwrap();
    let kept = bob.uploads(room, "c", b"two").unwrap().id;
    bob.posts_files(room, "k", "", &[kept]).unwrap();
    let mut line = bob.connects();
    line.subscribes(room, None).unwrap();

    assert_eq!(bob.deletes(room, posted.seq).code(), Code::NotAllowed);
    assert_eq!(alice.deletes(room, posted.seq).status, 204);
    assert!(matches!(line.hears_event().change, Change::MessageDeleted { message } if message == posted.seq));
    for file in [one, two] {
        assert_eq!(bob.fetches(file).status, 404);
    }
    assert_eq!(bob.fetches(kept).bytes, b"two", "somebody else's file of the same content stays");
    until("the bytes are gone, too", || blobs(&house) == 1);
    let history = bob.reads(room);
    let trace = history.messages.iter().find(|message| message.seq == posted.seq).unwrap();
    assert!(trace.deleted && trace.said.text.is_empty() && trace.said.files.is_empty());
    assert_eq!(alice.deletes(room, posted.seq).status, 204, "once more is as good as once");
    assert_eq!(alice.posts_files(room, "k", "a secret", &[one, two]), Ok(posted), "a late retry posts nothing anew");
    // What was gone may come again.
    let again = alice.uploads(room, "again", b"one").unwrap().id;
    assert_eq!(alice.fetches(again).bytes, b"one");
}

#[test]
fn what_nobody_finishes_or_posts_is_gone_after_a_day() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let room = alice.joins("lobby");
    let unfinished: Upload = alice.announces(room, "a", 100).value();
    assert_eq!(alice.adds(unfinished.id, 0, b"some").status, 204);
    let unposted = alice.uploads(room, "b", b"waits").unwrap().id;
    let posted = alice.uploads(room, "c", b"stays").unwrap().id;
    alice.posts_files(room, "k", "", &[posted]).unwrap();
    house.pass_ms(25 * 60 * 60 * 1_000);
    // Whatever is taken back wakes the sweep.
    let last = alice.posts(room, "k2", "x").unwrap();
    alice.deletes(room, last.seq);
    until("the sweep", || blobs(&house) == 1 && spooled(&house) == 0);
    assert_eq!(alice.gets(&format!("uploads/{}", unfinished.id)).status, 404);
    assert_eq!((alice.fetches(unposted).status, alice.fetches(posted).status), (404, 200));
}

#[test]
fn more_or_less_than_announced_is_noticed() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let room = alice.joins("lobby");
    let Upload { id, .. } = alice.announces(room, "a", 10).value();
    assert_eq!(alice.adds(id, 0, b"more than ten bytes").code(), Code::SizeWrong);
    assert_eq!(alice.gets(&format!("uploads/{id}")).status, 404, "such an upload is over");
    assert_eq!(spooled(&house), 0);

    // A length that is not kept: what came stands, and the rest may follow.
    let Upload { id, .. } = alice.announces(room, "b", 10).value();
    let mut stream = TcpStream::connect(house.base.strip_prefix("http://").unwrap()).unwrap();
    let head = format!(
        "PATCH /api/v1/uploads/{id} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nUpload-Offset: 0\r\n\
         Content-Type: application/octet-stream\r\nContent-Length: 10\r\n\r\nfive!",
        alice.token
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    drop(stream.read_to_end(&mut Vec::new()));
    until("half of it", || alice.gets(&format!("uploads/{id}")).header("upload-offset") == Some("5"));
    assert_eq!(alice.adds(id, 5, b"five!").status, 200);

    let typed = alice.sends("PATCH", &format!("uploads/{id}"), &serde_json::json!({}));
    assert_eq!(typed.code(), Code::UnsupportedMediaType);
}

#[test]
fn a_full_disk_is_told_and_talk_goes_on_and_the_upload_too_when_there_is_space() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let room = alice.joins("lobby");
    let Upload { id, .. } = alice.announces(room, "a.txt", CONTENT.len()).value();
    // The kernel's own disk that is always full stands where the bytes go.
    let place = house.files().join("spool").join(id.to_string());
    std::os::unix::fs::symlink("/dev/full", &place).unwrap();
    let refused = alice.adds(id, 0, CONTENT);
    assert_eq!((refused.status, refused.code()), (507, Code::StorageFull));
    alice.connects().posts(room, "k1", "still here").unwrap();
    std::fs::remove_file(&place).unwrap();
    assert_eq!(alice.adds(id, 0, CONTENT).status, 200);
    assert_eq!(alice.fetches(id).bytes, CONTENT);
}

#[test]
fn a_stalled_upload_gives_way_to_the_same_person_s_next() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let room = alice.joins("lobby");
    let Upload { id, .. } = alice.announces(room, "a", 10).value();
    let mut stalled = TcpStream::connect(house.base.strip_prefix("http://").unwrap()).unwrap();
    let head = format!(
        "PATCH /api/v1/uploads/{id} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nUpload-Offset: 0\r\n\
         Content-Type: application/octet-stream\r\nContent-Length: 10\r\n\r\nfive!",
        alice.token
    );
    stalled.write_all(head.as_bytes()).unwrap();
    until("half of it", || alice.gets(&format!("uploads/{id}")).header("upload-offset") == Some("5"));
    // The line seems dead to the person, and they come by another.
    assert_eq!(alice.adds(id, 5, b"five!").status, 200);
    assert_eq!(alice.fetches(id).bytes, b"five!five!");
}

#[test]
fn one_range_of_a_sound_is_played() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let room = alice.joins("lobby");
    let sound = [b"ID3\x03\0\0\0\0\0\0".as_slice(), &[7; 1_000]].concat();
    let file = alice.uploads(room, "song.exe", &sound).unwrap();
    assert_eq!((file.kind, file.media_type.as_str()), (FileKind::Audio, "audio/mpeg"));
    let path = format!("files/{}", file.id);
    let part = alice.fetches_with(&path, &[("range", "bytes=0-2")]);
    assert_eq!((part.status, part.bytes.as_slice()), (206, b"ID3".as_slice()));
    assert_eq!(part.header("content-range"), Some("bytes 0-2/1010"));
    assert!(part.header("content-disposition").unwrap().starts_with("inline"));
    assert_eq!(alice.fetches_with(&path, &[("range", "bytes=1000-")]).bytes.len(), 10);
    assert_eq!(alice.fetches_with(&path, &[("range", "bytes=5000-")]).status, 416);
    let many = (0..1_000).map(|n| format!("{n}-{n}")).collect::<Vec<_>>().join(",");
    assert_eq!(alice.fetches_with(&path, &[("range", &format!("bytes={many}"))]).bytes.len(), 1_010);
}

#[test]
fn a_restart_empties_the_spool_and_loses_no_file() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let room = alice.joins("lobby");
    let file = alice.uploads(room, "a", CONTENT).unwrap();
    alice.posts_files(room, "k", "", &[file.id]).unwrap();
    let Upload { id, .. } = alice.announces(room, "b", 10).value();
    alice.adds(id, 0, b"five!");
    let house = house.restart();
    assert_eq!(spooled(&house), 0);
    let alice = Guest::logs_in(&house.base, "alice");
    assert_eq!(alice.fetches(file.id).bytes, CONTENT);
    assert_eq!(alice.gets(&format!("uploads/{id}")).header("upload-offset"), Some("0"), "it begins anew");
    assert_eq!(alice.adds(id, 0, b"five!five!").status, 200);
}
