//! Bots, their tokens and their hooks.

use std::{
    collections::BTreeMap,
    io::{Read as _, Write as _},
    sync::{Arc, Mutex},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use model::{
    Person, RoomId,
    limits::{BOT_HEARD_MS, BOT_TOKENS_MAX, BOTS_MAX, HOOK_RETRY_MS, HOOK_TRIES_MAX},
};
use protocol::{
    Code,
    http::{Bot, Bots, HookMade, Hooked, TokenMade},
};
use serde_json::{Value, json};
use testkit::{
    cast::{Guest, JSON, Line, send},
    site::Site,
    wait::wait_until,
};

use crate::house::{Running, Wish};

const PATIENCE: Duration = Duration::from_secs(10);

/// A bot of somebody's, with a token for these scopes.
fn makes_bot(owner: &Guest, base: &str, name: &str, scopes: &[&str]) -> Guest {
    let person: Person = owner.sends("POST", "bots", &json!({ "username": name })).value();
    assert!(person.bot);
    let token = makes_token(owner, &person, scopes);
    Guest::with_token(base, person, &token.token)
}

fn makes_token(owner: &Guest, bot: &Person, scopes: &[&str]) -> TokenMade {
    let made: TokenMade =
        owner.sends("POST", &format!("bots/{}/tokens", bot.id), &json!({ "label": "ci", "scopes": scopes })).value();
    assert!(made.token.starts_with("stc_") && made.token.len() > 60);
    made
}

fn adds(owner: &Guest, room: RoomId, bot: &Guest) {
    let added = owner.sends("POST", &format!("rooms/{room}/members"), &json!({ "username": bot.person.name }));
    assert_eq!(added.status, 200, "{}", added.text);
}

fn makes_hook(owner: &Guest, bot: &Guest, body: &Value) -> HookMade {
    owner.sends("POST", &format!("bots/{}/hooks", bot.person.id), body).value()
}

fn own(owner: &Guest) -> Vec<Bot> {
    owner.gets("bots").value::<Bots>().bots
}

#[test]
fn a_bot_talks_like_everybody_and_is_known_as_one() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let lobby = alice.joins("lobby");
    let rook = makes_bot(&alice, &house.base, "rook", &["read", "post"]);
    adds(&alice, lobby, &rook);
    let mut line = rook.connects();
    line.subscribes(lobby, None).unwrap();
    alice.posts(lobby, "1", "rook?").unwrap();
    assert_eq!(line.hears_texts(1), ["rook?"]);
    let said = line.posts(lobby, "1", "here").unwrap();
    assert_eq!(line.posts(lobby, "1", "here").unwrap(), said, "a retry is harmless");
    let told = alice.reads_all(lobby).pop().unwrap();
    assert!(told.said.author.bot && told.said.text.as_str() == "here");
    assert!(!alice.reads_all(lobby)[0].said.author.bot);

    // Nobody logs in to its account, and nobody else has its name.
    let log_in = json!({ "username": "rook", "password": "" });
    assert_eq!(alice.sends("POST", "session", &log_in).code(), Code::WrongCredentials);
    assert_eq!(alice.sends("POST", "bots", &json!({ "username": "Rook" })).code(), Code::UsernameTaken);
    let bots = own(&alice);
    assert_eq!((bots.len(), bots[0].tokens.len(), bots[0].tokens[0].label.as_str()), (1, 1, "ci"));

    // It lasts for as long as its owner wants.
    house.pass_ms(10 * 366 * 24 * 60 * 60 * 1_000);
    assert_eq!(rook.gets("rooms").status, 200);
    let alice = Guest::logs_in(&house.base, "alice");
    let path = format!("bots/{}/tokens/{}", rook.person.id, bots[0].tokens[0].id);
    assert_eq!(alice.asks("DELETE", &path, None).status, 204);
    assert_eq!(alice.asks("DELETE", &path, None).code(), Code::NotFound);
    assert_eq!(rook.gets("rooms").code(), Code::NotSignedIn);
    assert!(line.hears_the_end().is_some(), "its sockets are closed");
}

#[test]
fn a_token_does_what_it_is_for_whichever_door_it_takes() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let lobby = alice.joins("lobby");
    let all = makes_bot(&alice, &house.base, "rook", &["read", "post", "join"]);
    adds(&alice, lobby, &all);
    let with = |scopes: &[&str]| {
        Guest::with_token(&house.base, all.person.clone(), &makes_token(&alice, &all.person, scopes).token)
    };
    let (reads, posts, joins) = (with(&["read"]), with(&["post"]), with(&["join"]));
    let first = posts.posts(lobby, "k", "said without reading").unwrap();
    let message = format!("rooms/{lobby}/messages/{}", first.seq);
    let out = Code::OutOfScope;

    for blind in [&posts, &joins] {
        for path in ["rooms", "session", "people", "me/saved", &format!("rooms/{lobby}/messages"), "search?q=a"] {
            assert_eq!(blind.gets(path).code(), out, "{path}");
        }
        assert_eq!(blind.asks("POST", "events", None).code(), out);
        let bearer = format!("Bearer {}", blind.token);
        assert_eq!(Line::open(&house.base, &[("authorization", &bearer)]).err(), Some(403));
    }
    for mute in [&reads, &joins] {
        assert_eq!(mute.posts(lobby, "m", "x").unwrap_err(), out);
        assert_eq!(mute.sends("PATCH", &message, &json!({ "edits": 0, "text": "x" })).code(), out);
        assert_eq!(mute.asks("DELETE", &message, None).code(), out);
        assert_eq!(mute.asks("PUT", &format!("{message}/reactions/👍"), None).code(), out);
        assert_eq!(mute.announces(lobby, "a.txt", 1).code(), out);
    }
    assert_eq!(reads.connects().posts(lobby, "m", "x").unwrap_err(), out);
    for stays in [&reads, &posts] {
        assert_eq!(stays.sends("POST", "rooms/join", &json!({ "name": "general" })).code(), out);
        assert_eq!(stays.leaves(lobby).code(), out);
    }
    assert_eq!(joins.sends("POST", "rooms/join", &json!({ "name": "general" })).status, 200);

    // What belongs to the account no token may do, and no bot has bots.
    let body = json!({});
    for (method, path) in [
        ("POST", "rooms"),
        ("POST", "invitations"),
        ("POST", "directs"),
        ("PUT", "me/profile"),
        ("PUT", "me/receipts"),
        ("PUT", "me/picture"),
        ("POST", "bots"),
    ] {
        let body = match path {
            "rooms" => json!({ "name": "x", "visibility": "public" }),
            "directs" => json!({ "people": [alice.person.id] }),
            "me/receipts" => json!({ "on": false }),
            "bots" => json!({ "username": "knight" }),
            _ => body.clone(),
        };
        assert_eq!(all.sends(method, path, &body).code(), out, "{method} {path}");
    }
    assert_eq!(all.gets("bots").code(), out);
    assert_eq!(alice.reads_all(lobby).len(), 1, "nothing of it was kept");
}

#[test]
fn bots_and_tokens_have_bounds_and_are_their_owners() {
    let house = Running::start();
    let (alice, mallory) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "mallory"));
    let bots: Vec<Guest> =
        (0..BOTS_MAX).map(|n| makes_bot(&alice, &house.base, &format!("rook{n}"), &["read"])).collect();
    assert_eq!(alice.sends("POST", "bots", &json!({ "username": "another" })).code(), Code::TooManyBots);
    let tokens = format!("bots/{}/tokens", bots[0].person.id);
    let token = |label: &str, scopes: &Value| json!({ "label": label, "scopes": scopes });
    for _ in 1..BOT_TOKENS_MAX {
        makes_token(&alice, &bots[0].person, &["post"]);
    }
    assert_eq!(alice.sends("POST", &tokens, &token("x", &json!(["read"]))).code(), Code::TooManyBots);
    let tokens = format!("bots/{}/tokens", bots[1].person.id);
    for (bad, code) in [
        (token("", &json!(["read"])), Code::ProfileInvalid),
        (token(&"x".repeat(49), &json!(["read"])), Code::ProfileInvalid),
        (token("x", &json!([])), Code::Malformed),
        (token("x", &json!(["account"])), Code::Malformed),
        (json!({ "label": "x" }), Code::Malformed),
    ] {
        assert_eq!(alice.sends("POST", &tokens, &bad).code(), code, "{bad}");
    }
    assert_eq!(alice.sends("POST", "bots", &json!({ "username": "a b" })).code(), Code::UsernameInvalid);

    // To anybody else they are people like others.
    assert_eq!(mallory.sends("POST", &tokens, &token("x", &json!(["read"]))).code(), Code::NotFound);
    let bot = format!("bots/{}", bots[1].person.id);
    assert_eq!(mallory.asks("DELETE", &bot, None).code(), Code::NotFound);
    let hook = json!({ "kind": "incoming", "room": 1 });
    assert_eq!(mallory.sends("POST", &format!("{bot}/hooks"), &hook).code(), Code::NotFound);
    assert_eq!(own(&mallory), []);
    assert_eq!(alice.asks("DELETE", &format!("bots/{}", alice.person.id), None).code(), Code::NotFound);

    // Retired, it leaves, and its place is free.
    let den = alice.makes_private("den");
    adds(&alice, den, &bots[1]);
    assert_eq!(alice.asks("DELETE", &bot, None).status, 204);
    assert_eq!(bots[1].gets("rooms").code(), Code::NotSignedIn);
    let members: Value = alice.gets(&format!("rooms/{den}/members")).value();
    assert_eq!(members["members"].as_array().unwrap().len(), 1);
    makes_bot(&alice, &house.base, "another", &["read"]);
}

#[test]
fn bots_answer_each_other_three_times_and_wait_for_a_person() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let lobby = alice.joins("lobby");
    let bots = ["rook", "knight", "bishop"].map(|name| makes_bot(&alice, &house.base, name, &["read", "post"]));
    for bot in &bots {
        adds(&alice, lobby, bot);
    }
    let [rook, knight, bishop] = &bots;
    let says = |bot: &Guest, key: &str| bot.posts(lobby, key, "so").map(drop);
    alice.posts(lobby, "1", "go").unwrap();
    assert_eq!(says(rook, "1"), Ok(()));
    assert_eq!(says(rook, "2"), Ok(()), "one after itself is no hop");
    assert_eq!(says(knight, "1"), Ok(()));
    assert_eq!(says(rook, "3"), Ok(()));
    assert_eq!(says(knight, "2"), Err(Code::BotsOnly));
    assert_eq!(says(bishop, "1"), Err(Code::BotsOnly));
    assert_eq!(bishop.connects().posts(lobby, "1", "so").unwrap_err(), Code::BotsOnly);
    assert_eq!(says(knight, "1"), Ok(()), "what was said before is answered as before");
    alice.posts(lobby, "2", "go on").unwrap();
    assert_eq!(says(knight, "2"), Ok(()));
    assert_eq!(says(rook, "4"), Ok(()));
    assert_eq!(says(bishop, "1"), Ok(()));
    assert_eq!(says(rook, "5"), Err(Code::BotsOnly));

    // What was said long ago is no cause; and a hook that hears nothing was not caused by anybody.
    let hook = makes_hook(&alice, rook, &json!({ "kind": "incoming", "room": lobby }));
    let url = house.url(&hook.url.unwrap());
    assert_eq!(send("POST", &url, &[JSON], Some(r#"{"text":"build 7"}"#)).status, 200);
    assert_eq!(says(knight, "3"), Ok(()), "it begins anew");
    assert_eq!(says(bishop, "2"), Ok(()));
    assert_eq!(says(knight, "4"), Err(Code::BotsOnly));
    house.pass_ms(BOT_HEARD_MS);
    assert_eq!(says(knight, "4"), Ok(()));
}

#[test]
fn what_slack_takes_is_said_and_what_is_not_is_refused_in_words() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let lobby = alice.joins("lobby");
    let rook = makes_bot(&alice, &house.base, "rook", &["read"]);
    let hooks = format!("bots/{}/hooks", rook.person.id);
    let incoming = json!({ "kind": "incoming", "room": lobby });
    assert_eq!(alice.sends("POST", &hooks, &incoming).code(), Code::NotAMember);
    adds(&alice, lobby, &rook);
    let made = makes_hook(&alice, &rook, &incoming);
    let url = house.url(made.url.as_deref().unwrap());

    let said = send("POST", &url, &[JSON], Some(r#"{"text":"*green* <https://example.org/7|log>","username":"x"}"#));
    assert_eq!((said.status, said.text.as_str()), (200, "ok"));
    let form = ("content-type", "application/x-www-form-urlencoded");
    assert_eq!(send("POST", &url, &[form], Some("payload=%7B%22text%22%3A%22by%20form%22%7D")).status, 200);
    for _ in 0..2 {
        let key = ("idempotency-key", "build-7");
        assert_eq!(send("POST", &url, &[JSON, key], Some(r#"{"text":"once"}"#)).status, 200);
    }
    let texts = || alice.reads_all(lobby).iter().map(|m| m.said.text.as_str().to_owned()).collect::<Vec<_>>();
    assert_eq!(texts(), ["**green** [log](https://example.org/7)", "by form", "once"]);

    let text = ("content-type", "text/plain");
    let (long, huge) =
        (format!(r#"{{"text":"{}"}}"#, "x".repeat(8_001)), format!(r#"{{"text":"{}"}}"#, "x".repeat(70_000)));
    let deep = format!(r#"{{"text":"x","blocks":{}{}}}"#, "[".repeat(5_000), "]".repeat(5_000));
    for (header, body, code) in [
        (JSON, "", Code::Malformed),
        (JSON, "7", Code::Malformed),
        (JSON, "[]", Code::Malformed),
        (JSON, "{", Code::Malformed),
        (JSON, r#"{"text":7}"#, Code::Malformed),
        (JSON, r#"{"text":"x","blocks":7}"#, Code::Malformed),
        (JSON, &deep, Code::Malformed),
        (JSON, "{}", Code::BodyBlank),
        (JSON, r#"{"text":" "}"#, Code::BodyBlank),
        (JSON, r#"{"text":"a\u0000b"}"#, Code::BodyInvalid),
        (JSON, &long, Code::BodyTooLong),
        (JSON, &huge, Code::TooLarge),
        (form, "text=x", Code::Malformed),
        (form, "payload=x", Code::Malformed),
        (text, r#"{"text":"x"}"#, Code::UnsupportedMediaType),
    ] {
        let shown: String = body.chars().take(60).collect();
        assert_eq!(send("POST", &url, &[header], Some(body)).code(), code, "{header:?} {shown}");
    }
    let key = ("idempotency-key", "a b");
    assert_eq!(send("POST", &url, &[JSON, key], Some(r#"{"text":"x"}"#)).code(), Code::KeyInvalid);
    let wrong = house.url(&format!("/api/v1/hooks/{}", "0".repeat(64)));
    assert_eq!(send("POST", &wrong, &[JSON], Some(r#"{"text":"x"}"#)).code(), Code::NotFound);
    assert_eq!(send("GET", &url, &[], None).code(), Code::MethodNotAllowed);
    assert_eq!(texts().len(), 3, "nothing of it was kept");

    // Removed, or out of the room, it is an address like any other.
    assert_eq!(alice.asks("DELETE", &format!("{hooks}/{}", made.id), None).status, 204);
    assert_eq!(send("POST", &url, &[JSON], Some(r#"{"text":"x"}"#)).code(), Code::NotFound);
    assert_eq!(alice.asks("DELETE", &format!("{hooks}/{}", made.id), None).code(), Code::NotFound);
    let second = makes_hook(&alice, &rook, &incoming);
    let leaver =
        Guest::with_token(&house.base, rook.person.clone(), &makes_token(&alice, &rook.person, &["join"]).token);
    assert_eq!(leaver.leaves(lobby).status, 204);
    assert_eq!(send("POST", &house.url(&second.url.unwrap()), &[JSON], Some(r#"{"text":"x"}"#)).code(), Code::NotFound);
    assert_eq!(own(&alice)[0].hooks, []);
}

/// What came to somebody's server: the headers, by name, and the body.
type Came = Arc<Mutex<Vec<(BTreeMap<String, String>, String)>>>;

/// Somebody's server, which answers with the next of these statuses, and with the last one from then on.
fn receiver(statuses: &'static [u16]) -> (String, Came) {
    let came = Came::default();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let noted = Arc::clone(&came);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut bytes = Vec::new();
            let (head, length) = loop {
                let mut some = [0; 4_096];
                let read = stream.read(&mut some).unwrap_or(0);
                bytes.extend_from_slice(&some[..read]);
                let text = String::from_utf8_lossy(&bytes).into_owned();
                if let Some((head, body)) = text.split_once("\r\n\r\n") {
                    let pairs = head.lines().skip(1).filter_map(|line| line.split_once(": "));
                    let head: BTreeMap<_, _> = pairs.map(|(k, v)| (k.to_lowercase(), v.to_owned())).collect();
                    if body.len() >= head["content-length"].parse::<usize>().unwrap() {
                        break (head, body.to_owned());
                    }
                }
                if read == 0 {
                    return;
                }
            };
            let number = {
                let mut noted = noted.lock().unwrap();
                noted.push((head, length));
                noted.len() - 1
            };
            let status = statuses.get(number).or(statuses.last()).unwrap();
            let words = "{\"text\":\"said by the answer\"}";
            let _ = write!(
                stream,
                "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{words}",
                words.len()
            );
        }
    });
    (format!("http://{address}/told"), came)
}

fn inside() -> Running {
    Running::with(Wish { own_hosts: vec!["127.0.0.1".into()], ..Wish::default() })
}

fn count(came: &Came, wanted: usize) -> Vec<Hooked> {
    wait_until("the messages", PATIENCE, || (came.lock().unwrap().len() >= wanted).then_some(()));
    came.lock().unwrap().iter().map(|(_, body)| serde_json::from_str(body).unwrap()).collect()
}

#[test]
fn another_server_is_told_in_order_and_can_tell_who_told_it() {
    let house = inside();
    let alice = Guest::signs_up(&house.base, "alice");
    let lobby = alice.joins("lobby");
    let rook = makes_bot(&alice, &house.base, "rook", &["read", "post"]);
    adds(&alice, lobby, &rook);
    alice.posts(lobby, "0", "before").unwrap();
    let (url, came) = receiver(&[200]);
    let made = makes_hook(&alice, &rook, &json!({ "kind": "outgoing", "room": lobby, "url": url }));
    assert_eq!(made.url, None);
    for n in 1..=60 {
        alice.posts(lobby, &n.to_string(), &format!("stone {n}")).unwrap();
    }
    rook.posts(lobby, "own", "my own").unwrap();
    alice.posts(lobby, "last", "last").unwrap();
    let told = count(&came, 61);
    let texts: Vec<_> = told.iter().map(|one| one.message.said.text.as_str().to_owned()).collect();
    let wanted: Vec<_> = (1..=60).map(|n| format!("stone {n}")).chain(["last".to_owned()]).collect();
    assert_eq!(texts, wanted, "in order, once, without its own");
    assert_eq!((told[0].hook, told[0].room.id), (made.id, lobby));

    // Whoever has the secret can check it; the standard's own way.
    let key = STANDARD.decode(made.secret.unwrap().strip_prefix("whsec_").unwrap()).unwrap();
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &key);
    let mut ids = Vec::new();
    for (head, body) in came.lock().unwrap().iter() {
        let (id, time) = (&head["webhook-id"], &head["webhook-timestamp"]);
        let signature = STANDARD.decode(head["webhook-signature"].strip_prefix("v1,").unwrap()).unwrap();
        ring::hmac::verify(&key, format!("{id}.{time}.{body}").as_bytes(), &signature).unwrap();
        assert_eq!(time, "1795000000");
        ids.push(id.clone());
    }
    ids.dedup();
    assert_eq!(ids.len(), 61);
    assert!(own(&alice)[0].hooks[0].sent_at.is_some() && own(&alice)[0].hooks[0].failed.is_none());
    // What it answers is not said here.
    assert_eq!(alice.reads_all(lobby).len(), 63);
}

#[test]
fn what_fails_is_tried_again_later_and_given_up_in_the_end() {
    let house = inside();
    let alice = Guest::signs_up(&house.base, "alice");
    let lobby = alice.joins("lobby");
    let rook = makes_bot(&alice, &house.base, "rook", &["read"]);
    adds(&alice, lobby, &rook);
    let (url, came) = receiver(&[500, 302, 200]);
    makes_hook(&alice, &rook, &json!({ "kind": "outgoing", "room": lobby, "url": url }));
    alice.posts(lobby, "1", "one").unwrap();
    alice.posts(lobby, "2", "two").unwrap();
    let failed = |status: u16| {
        wait_until("a failure", PATIENCE, || {
            own(&alice)[0].hooks[0].failed.filter(|failed| failed.status == status).map(|failed| failed.next_at)
        })
    };
    let first = failed(500);
    house.pass_ms(HOOK_RETRY_MS);
    let second = failed(302);
    assert_eq!(second.as_ms() - first.as_ms(), 4 * HOOK_RETRY_MS, "longer each time");
    house.pass_ms(4 * HOOK_RETRY_MS);
    let texts: Vec<_> = count(&came, 4).iter().map(|one| one.message.said.text.as_str().to_owned()).collect();
    assert_eq!(texts, ["one", "one", "one", "two"], "nothing overtakes");
    let ids: Vec<_> = came.lock().unwrap().iter().map(|(head, _)| head["webhook-id"].clone()).collect();
    assert_eq!((&ids[0], &ids[0]), (&ids[1], &ids[2]));
    assert_ne!(ids[2], ids[3]);
    wait_until("the end of trouble", PATIENCE, || own(&alice)[0].hooks[0].failed.is_none().then_some(()));

    // One that nobody ever takes does not stand in the way for ever.
    let (url, came) = receiver(&[404]);
    let knight = makes_bot(&alice, &house.base, "knight", &["read"]);
    adds(&alice, lobby, &knight);
    makes_hook(&alice, &knight, &json!({ "kind": "outgoing", "room": lobby, "url": url }));
    alice.posts(lobby, "3", "three").unwrap();
    let mut before = None;
    for tried in 1..=HOOK_TRIES_MAX as usize {
        count(&came, tried);
        let failed = wait_until("a rest", PATIENCE, || {
            own(&alice)[1].hooks[0].failed.filter(|failed| before.is_none_or(|before| failed.at > before))
        });
        before = Some(failed.at);
        house.pass_ms(failed.next_at.as_ms() - failed.at.as_ms());
    }
    assert_eq!(count(&came, HOOK_TRIES_MAX as usize).len(), HOOK_TRIES_MAX as usize);
    alice.posts(lobby, "4", "four").unwrap();
    let last = count(&came, HOOK_TRIES_MAX as usize + 1).pop().unwrap();
    assert_eq!(last.message.said.text.as_str(), "four");
}

#[test]
fn a_hook_leads_nowhere_inward_and_ends_with_whoever_is_gone() {
    let closed = Running::start();
    let alice = Guest::signs_up(&closed.base, "alice");
    let lobby = alice.joins("lobby");
    let rook = makes_bot(&alice, &closed.base, "rook", &["read"]);
    adds(&alice, lobby, &rook);
    let silent = Site::start(|_, _| Ok(()));
    let hooks = format!("bots/{}/hooks", rook.person.id);
    let long = format!("https://example.org/{}", "x".repeat(1_024));
    let port = silent.address.port();
    for url in [
        format!("http://127.0.0.1:{port}/"),
        format!("https://127.0.0.1:{port}/"),
        "https://127.0.0.1/".into(),
        "https://[::1]/".into(),
        "https://169.254.169.254/latest/meta-data".into(),
        "https://10.0.0.1/".into(),
        "https://0x7f000001/".into(),
        "https://a:b@example.org/".into(),
        "http://example.org/".into(),
        "file:///etc/passwd".into(),
        "gopher://example.org/".into(),
        "example.org".into(),
        String::new(),
        long,
    ] {
        let body = json!({ "kind": "outgoing", "room": lobby, "url": url });
        assert_eq!(alice.sends("POST", &hooks, &body).code(), Code::HookInvalid, "{url}");
    }
    assert_eq!(silent.asked(), Vec::<String>::new());
    let den = Guest::signs_up(&closed.base, "bob").makes_private("den");
    let body = json!({ "kind": "incoming", "room": den });
    assert_eq!(alice.sends("POST", &hooks, &body).code(), Code::NotFound, "a room that it may not know of");
    assert_eq!(alice.sends("POST", &hooks, &json!({ "kind": "sideways", "room": lobby })).code(), Code::Malformed);
    assert_eq!(own(&alice)[0].hooks, []);
    drop(closed);

    let house = inside();
    let alice = Guest::signs_up(&house.base, "alice");
    let lobby = alice.joins("lobby");
    let rook = makes_bot(&alice, &house.base, "rook", &["read", "join"]);
    adds(&alice, lobby, &rook);
    let (url, came) = receiver(&[200]);
    makes_hook(&alice, &rook, &json!({ "kind": "outgoing", "room": lobby, "url": url }));
    alice.posts(lobby, "1", "one").unwrap();
    count(&came, 1);
    assert_eq!(rook.leaves(lobby).status, 204);
    assert_eq!(own(&alice)[0].hooks, []);
    alice.posts(lobby, "2", "not for it").unwrap();
    // Somebody who is told is told after that: then the one that left would have been, too.
    let knight = makes_bot(&alice, &house.base, "knight", &["read"]);
    adds(&alice, lobby, &knight);
    let (other, heard) = receiver(&[410]);
    makes_hook(&alice, &knight, &json!({ "kind": "outgoing", "room": lobby, "url": other }));
    alice.posts(lobby, "3", "three").unwrap();
    count(&heard, 1);
    assert_eq!(count(&came, 1).len(), 1);
    wait_until("its end", PATIENCE, || own(&alice)[1].hooks.is_empty().then_some(()));
}
