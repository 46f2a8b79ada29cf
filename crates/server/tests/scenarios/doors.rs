//! The doors: who comes in, what is refused and in which words, and what every answer carries.

use crate::house::{Running, Wish};
use model::{SignUpPolicy, limits};
use protocol::{Close, Code, FromServer};
use testkit::cast::{Guest, JSON, Line, PASSWORD, send};
use tungstenite::{Message, protocol::CloseFrame};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn account(username: &str) -> String {
    format!(r#"{{"username":"{username}","password":"{PASSWORD}"}}"#)
}

#[test]
fn bad_frames_get_their_code_and_the_connection_lives() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let lobby = alice.joins("lobby");
    let mut line = alice.connects();
    let post = |key: &str, text: &str| format!(r#"{{"type":"post","room":{lobby},"key":"{key}","text":"{text}"}}"#);
    let cases = [
        ("not json".to_owned(), Code::Malformed),
        ("{}".to_owned(), Code::Malformed),
        (r#"{"type":"shout"}"#.to_owned(), Code::Malformed),
        (r#"{"type":"pong","extra":1}"#.to_owned(), Code::Malformed),
        (r#"{"type":"subscribe","room":"five"}"#.to_owned(), Code::Malformed),
        (r#"{"type":"subscribe","room":999999}"#.to_owned(), Code::NotFound),
        (format!("{}1{}", "[".repeat(20_000), "]".repeat(20_000)), Code::Malformed),
        (post("k", r"\u200b \n"), Code::BodyBlank),
        (post("k", &"x".repeat(limits::BODY_CHARS_MAX + 1)), Code::BodyTooLong),
        (post("k", r"\u0000"), Code::BodyBlank),
        (post("k", r"a\u0000b"), Code::BodyInvalid),
        (post("", "x"), Code::KeyInvalid),
        (post(&"k".repeat(65), "x"), Code::KeyInvalid),
    ];
    for (frame, code) in cases {
        line.sends(Message::text(frame.clone()));
        let FromServer::Refused(refused) = line.hears() else { panic!("{frame} was not refused") };
        assert_eq!(refused.code, code, "{frame}");
        assert!(!refused.message.is_empty());
    }
    assert!(line.posts(lobby, "k", "still here").is_ok());
    assert_eq!(alice.reads(lobby).messages.len(), 1);
}

#[test]
fn a_body_over_the_limit_is_told_the_limit() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let lobby = alice.joins("lobby");
    let long = "x".repeat(limits::BODY_CHARS_MAX + 1);
    let answer =
        alice.sends("POST", &format!("rooms/{lobby}/messages"), &serde_json::json!({"key": "k", "text": long}));
    assert_eq!((answer.status, answer.code()), (422, Code::BodyTooLong));
    assert!(answer.text.contains("8000"), "{}", answer.text);
}

#[test]
fn what_is_no_frame_closes_the_socket_with_its_number() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let end = |act: &dyn Fn(&mut Line)| {
        let mut line = alice.connects();
        act(&mut line);
        line.hears_the_end()
    };
    let number = |close: Close| Some(close.number());
    assert_eq!(end(&|line| line.sends(Message::binary(vec![1, 2, 3]))), number(Close::NotText));
    assert_eq!(
        end(&|line| line.sends(Message::text("x".repeat(limits::FRAME_BYTES_MAX + 1)))),
        number(Close::TooLarge)
    );
    // A masked text frame of two bytes, 0xC3 0x28, which is not UTF-8.
    assert_eq!(end(&|line| line.sends_bytes(&[0x81, 0x82, 0, 0, 0, 0, 0xC3, 0x28])), number(Close::NotUtf8));
    // A reserved bit that no extension gave a meaning.
    assert_eq!(end(&|line| line.sends_bytes(&[0xC1, 0x81, 0, 0, 0, 0, b'x'])), number(Close::BadFraming));
    // A head that promises a gigabyte.
    let mut promise = vec![0x81, 0xFF];
    promise.extend_from_slice(&(1_u64 << 30).to_be_bytes());
    promise.extend_from_slice(&[0, 0, 0, 0]);
    assert_eq!(end(&|line| line.sends_bytes(&promise)), number(Close::TooLarge));
}

#[test]
fn a_good_bye_is_answered_with_its_number() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let mut line = alice.connects();
    line.sends(Message::Close(Some(CloseFrame { code: 1000.into(), reason: "bye".into() })));
    assert_eq!(line.hears_the_end(), Some(1000));
    let mut line = alice.connects();
    line.sends(Message::Close(Some(CloseFrame { code: 3001.into(), reason: "bye".into() })));
    assert_eq!(line.hears_the_end(), Some(3001));
}

#[test]
fn a_socket_is_for_those_who_are_signed_in_and_come_from_our_pages() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let status = |headers: &[(&str, &str)]| Line::open(&house.base, headers).err();
    let (bearer, cookie) = (format!("Bearer {}", alice.token), format!("stonechat_sid={}", alice.token));
    let tampered = format!("{cookie}0");
    assert_eq!(status(&[]), Some(401));
    assert_eq!(status(&[("authorization", "Bearer nonsense")]), Some(401));
    assert_eq!(status(&[("cookie", &tampered), ("origin", &house.base)]), Some(401));
    assert_eq!(status(&[("cookie", &cookie)]), Some(403));
    assert_eq!(status(&[("cookie", &cookie), ("origin", "https://evil.example")]), Some(403));
    assert_eq!(status(&[("cookie", &cookie), ("origin", "null")]), Some(403));
    assert_eq!(status(&[("cookie", &cookie), ("origin", &format!("{}.evil.example", house.base))]), Some(403));
    assert_eq!(status(&[("cookie", &cookie), ("origin", &house.base)]), None);
    assert_eq!(status(&[("authorization", &bearer)]), None);
}

#[test]
fn a_request_of_another_sites_page_changes_nothing() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let cookie = format!("stonechat_sid={}", alice.token);
    let url = house.url("/api/v1/rooms/join");
    let body = Some(r#"{"name":"forged"}"#);
    let attempt = |headers: &[(&str, &str)]| {
        let answer = send("POST", &url, &[headers, &[JSON, ("cookie", &cookie)]].concat(), body);
        (answer.status, (answer.status != 200).then(|| answer.code()))
    };
    let refused = (403, Some(Code::ForeignOrigin));
    assert_eq!(attempt(&[]), refused);
    assert_eq!(attempt(&[("origin", "https://evil.example")]), refused);
    assert_eq!(attempt(&[("sec-fetch-site", "cross-site")]), refused);
    assert_eq!(attempt(&[("sec-fetch-site", "same-site"), ("origin", &house.base)]), refused);
    assert_eq!(attempt(&[("origin", &house.base)]), (200, None));
    let plain =
        send("POST", &url, &[("origin", &house.base), ("cookie", &cookie), ("content-type", "text/plain")], body);
    assert_eq!(plain.code(), Code::UnsupportedMediaType);
    let logout =
        send("POST", &house.url("/logout"), &[("cookie", &cookie), ("origin", "https://evil.example"), FORM], None);
    assert_eq!(logout.status, 403);
    assert_eq!(alice.gets("session").status, 200);
}

#[test]
fn accounts_are_checked_in_words() {
    let house = Running::start();
    Guest::signs_up(&house.base, "alice");
    let sign_up = |body: &str| {
        let answer = send("POST", &house.url("/api/v1/accounts"), &[JSON], Some(body));
        (answer.status, answer.code())
    };
    assert_eq!(sign_up(&account("ALICE")), (409, Code::UsernameTaken));
    assert_eq!(sign_up(&account("аliсе")), (422, Code::UsernameInvalid));
    assert_eq!(sign_up(&account("<b>x</b>")), (422, Code::UsernameInvalid));
    assert_eq!(sign_up(r#"{"username":"bob","password":"short"}"#), (422, Code::PasswordInvalid));
    assert_eq!(sign_up(r#"{"username":"bob","password":"password123"}"#), (422, Code::PasswordInvalid));
    assert_eq!(sign_up(r#"{"username":"bob","password":"two stones struck","admin":true}"#), (400, Code::Malformed));
    assert_eq!(sign_up(""), (400, Code::Malformed));
    let huge = format!(r#"{{"username":"bob","password":"{}"}}"#, "x".repeat(limits::FRAME_BYTES_MAX));
    assert_eq!(sign_up(&huge), (413, Code::TooLarge));
}

#[test]
fn a_log_in_does_not_say_which_of_the_two_was_wrong() {
    let house = Running::start();
    Guest::signs_up(&house.base, "alice");
    let log_in = |body: &str| send("POST", &house.url("/api/v1/session"), &[JSON], Some(body));
    let wrong = log_in(r#"{"username":"alice","password":"not the password"}"#);
    let unknown = log_in(r#"{"username":"nobody","password":"not the password"}"#);
    let impossible = log_in(r#"{"username":"<>","password":"not the password"}"#);
    for answer in [&wrong, &unknown, &impossible] {
        assert_eq!((answer.status, answer.code()), (401, Code::WrongCredentials));
        assert_eq!(answer.text.len(), wrong.text.len());
    }
    assert_eq!(log_in(&account(" Alice ")).status, 200);
}

#[test]
fn guessing_passwords_is_slowed_down() {
    let house = Running::start();
    Guest::signs_up(&house.base, "alice");
    let guess = || {
        send("POST", &house.url("/api/v1/session"), &[JSON], Some(r#"{"username":"alice","password":"guess guess"}"#))
    };
    let answers: Vec<_> = (0..12).map(|_| guess()).collect();
    let slowed = answers.iter().find(|answer| answer.status == 429).expect("guessing went on undisturbed");
    assert_eq!(slowed.code(), Code::TooFast);
    assert!(slowed.header("retry-after").is_some());
}

#[test]
fn sign_up_can_need_an_invitation_or_be_closed() {
    let closed = Running::with(Wish { sign_up: SignUpPolicy::Closed, ..Wish::default() });
    assert_eq!(
        send("POST", &closed.url("/api/v1/accounts"), &[JSON], Some(&account("bob"))).code(),
        Code::SignUpClosed
    );

    let house = Running::with(Wish { sign_up: SignUpPolicy::Invitation, ..Wish::default() });
    let form = format!("username=alice&password={PASSWORD}&password_again={PASSWORD}").replace(' ', "+");
    let set_up = send("POST", &house.url(&format!("/setup/{}", house.set_up)), &[FORM], Some(&form));
    assert_eq!(set_up.status, 303, "{}", set_up.text);
    let alice = Guest::logs_in(&house.base, "alice");
    let invitation: protocol::http::Invitation = alice.asks("POST", "invitations", None).value();
    let sign_up = |name: &str, code: &str| {
        let body = format!(r#"{{"username":"{name}","password":"{PASSWORD}","invitation":"{code}"}}"#);
        send("POST", &house.url("/api/v1/accounts"), &[JSON], Some(&body))
    };
    assert_eq!(
        send("POST", &house.url("/api/v1/accounts"), &[JSON], Some(&account("bob"))).code(),
        Code::InvitationNeeded
    );
    assert_eq!(sign_up("bob", "guess").code(), Code::InvitationInvalid);
    assert_eq!(sign_up("alice", &invitation.code).code(), Code::UsernameTaken, "a refusal does not use it up");
    assert_eq!(sign_up("bob", &invitation.code).status, 201);
    assert_eq!(sign_up("carol", &invitation.code).code(), Code::InvitationInvalid);
    let late: protocol::http::Invitation = alice.asks("POST", "invitations", None).value();
    house.pass_ms(limits::INVITATION_AGE_MS);
    assert_eq!(sign_up("carol", &late.code).code(), Code::InvitationInvalid);
}

#[test]
fn the_set_up_link_makes_one_administrator() {
    let house = Running::start();
    let link = house.url(&format!("/setup/{}", house.set_up));
    assert_eq!(send("GET", &house.url("/setup/guess"), &[], None).status, 404);
    assert_eq!(send("GET", &link, &[], None).status, 200);
    let tries: Vec<_> = (0..8)
        .map(|n| {
            let link = link.clone();
            let form = format!("username=admin{n}x&password={PASSWORD}&password_again={PASSWORD}").replace(' ', "+");
            std::thread::spawn(move || send("POST", &link, &[FORM], Some(&form)).status)
        })
        .collect();
    let mut statuses: Vec<_> = tries.into_iter().map(|thread| thread.join().unwrap()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 404, 404, 404, 404, 404, 404, 404]);
    assert_eq!(send("GET", &link, &[], None).status, 404);
}

#[test]
fn forms_sign_up_log_in_and_log_out_without_script() {
    let house = Running::start();
    let form = |again: &str| format!("username=alice&password={PASSWORD}&password_again={again}").replace(' ', "+");
    let own = ("origin", house.base.as_str());
    let differ = send("POST", &house.url("/signup"), &[FORM, own], Some(&form("something else")));
    assert_eq!(differ.status, 422);
    let wrong = send("POST", &house.url("/login"), &[FORM, own], Some("username=nobody&password=wrong+wrong"));
    assert_eq!(wrong.status, 401);
    assert!(differ.text.contains("not the same"), "{}", differ.text);
    let signed_up = send("POST", &house.url("/signup"), &[FORM, own], Some(&form(PASSWORD)));
    assert_eq!((signed_up.status, signed_up.header("location")), (303, Some("/rooms/")));
    let cookie = signed_up.header("set-cookie").unwrap();
    assert!(cookie.ends_with("; HttpOnly; SameSite=Lax") && cookie.contains("; Path=/; "), "{cookie}");
    let pair = cookie.split(';').next().unwrap().to_owned();
    assert_eq!(send("GET", &house.url("/rooms/"), &[("cookie", &pair)], None).status, 200);
    let away = send("GET", &house.url("/rooms/5"), &[], None);
    assert_eq!((away.status, away.header("location")), (303, Some("/login?next=/rooms/5")));
    let out = send("POST", &house.url("/logout"), &[FORM, own, ("cookie", &pair)], None);
    assert_eq!((out.status, out.header("location")), (303, Some("/login")));
    assert!(out.header("set-cookie").unwrap().contains("Max-Age=0"));
    assert_eq!(send("GET", &house.url("/rooms/"), &[("cookie", &pair)], None).status, 303);
    let log_in = |next: &str| {
        let body = format!("username=Alice&password={PASSWORD}&next={next}").replace(' ', "+");
        let answer = send("POST", &house.url("/login"), &[FORM, own], Some(&body));
        (answer.status, answer.header("location").map(str::to_owned))
    };
    assert_eq!(log_in("/rooms/5"), (303, Some("/rooms/5".into())));
    assert_eq!(log_in("//evil.example"), (303, Some("/rooms/".into())));
    let script = send("POST", &house.url("/login"), &[FORM, own], Some("username=%3Cscript%3E&password=xxxxxxxx"));
    assert!(!script.text.contains("<script>"), "a name came back as markup");
}

#[test]
fn a_session_ends_with_its_age() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    house.pass_ms(limits::SESSION_IDLE_MS - 1);
    assert_eq!(alice.gets("session").status, 200);
    house.pass_ms(limits::SESSION_IDLE_MS - 1);
    assert_eq!(alice.gets("session").status, 200, "use keeps it alive");
    house.pass_ms(limits::SESSION_IDLE_MS);
    assert_eq!(alice.gets("session").code(), Code::NotSignedIn);
}

#[test]
fn every_answer_carries_the_headers() {
    let house = Running::start();
    for path in ["/", "/login", "/signup", "/nothing", "/assets/app-1.js", "/api/v1/session", "/healthz", "/readyz"] {
        let answer = send("GET", &house.url(path), &[], None);
        let policy = answer.header("content-security-policy").unwrap_or_else(|| panic!("{path} has no policy"));
        assert!(policy.contains("default-src 'none'") && policy.contains("require-trusted-types-for 'script'"));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{path} {name}");
        }
        assert_eq!(answer.header("x-request-id").map(str::len), Some(16));
        let stored = answer.header("cache-control") == Some("public, max-age=31536000, immutable");
        assert_eq!(stored, path.starts_with("/assets/"), "{path}");
    }
    let answer = send("GET", &house.url("/"), &[("x-request-id", "forged")], None);
    assert_ne!(answer.header("x-request-id"), Some("forged"));
}

#[test]
fn addresses_and_methods_that_do_not_exist_are_refused() {
    let house = Running::start();
    let code = |method: &str, path: &str| send(method, &house.url(path), &[], None).code();
    assert_eq!(code("GET", "/api/v1/nothing"), Code::NotFound);
    assert_eq!(code("PATCH", "/api/v1/rooms"), Code::MethodNotAllowed);
    assert_eq!(code("GET", "/api/v1/rooms/join"), Code::MethodNotAllowed);
    assert_eq!(code("GET", "/api/v1/rooms"), Code::NotSignedIn);
    let alice = Guest::signs_up(&house.base, "alice");
    assert_eq!(alice.gets("rooms/abc").code(), Code::NotFound);
    assert_eq!(alice.gets("rooms?q=%00").value::<protocol::http::Directory>().rooms, []);
    assert_eq!(send("TRACE", &house.url("/"), &[], None).status, 405);
    assert_eq!(send("GET", &house.url("/assets/..%2f..%2fetc%2fpasswd"), &[], None).status, 404);
}

#[test]
fn assets_come_in_the_form_that_the_browser_takes() {
    let house = Running::start();
    let get = |accept: &str| {
        let answer = send("GET", &house.url("/assets/app-1.js"), &[("accept-encoding", accept)], None);
        (answer.header("content-encoding").map(str::to_owned), answer.header("content-length").map(str::to_owned))
    };
    let form = |coding: Option<&str>, length: &str| (coding.map(str::to_owned), Some(length.to_owned()));
    assert_eq!(get("identity"), form(None, "5"));
    assert_eq!(get("br;q=0, deflate"), form(None, "5"));
}

#[test]
fn a_connection_that_says_nothing_is_closed() {
    use std::{
        io::Read as _,
        net::TcpStream,
        time::{Duration, Instant},
    };
    let house = Running::start();
    let address = house.base.strip_prefix("http://").unwrap();
    let began = Instant::now();
    let mut silent = TcpStream::connect(address).unwrap();
    let mut preface = TcpStream::connect(address).unwrap();
    std::io::Write::write_all(&mut preface, b"PRI * HT").unwrap();
    for connection in [&mut silent, &mut preface] {
        connection.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        // Closed, with or without an answer; not still open.
        connection.read_to_end(&mut Vec::new()).unwrap();
    }
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
}

#[test]
fn whoever_makes_rooms_without_end_is_slowed_down() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let make = |n: u32| alice.sends("POST", "rooms", &serde_json::json!({ "name": format!("room {n}") })).status;
    assert!((0..80).map(make).any(|status| status == 429));
}

#[test]
fn a_flood_of_pings_is_a_flood() {
    let house = Running::start();
    let mut line = Guest::signs_up(&house.base, "alice").connects();
    for _ in 0..300 {
        // A masked ping without payload.
        if !line.tries_bytes(&[0x89, 0x80, 0, 0, 0, 0]) {
            break;
        }
    }
    assert_eq!(line.hears_the_end(), Some(Close::Flood.number()));
}
