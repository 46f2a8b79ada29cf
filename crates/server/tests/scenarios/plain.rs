//! Rooms without a script: forms with a token, and pages.

use crate::house::Running;
use testkit::cast::{Answer, Guest, PASSWORD, send};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// Somebody with a browser that runs no script and says nothing of where its forms come from.
struct Reader {
    base: String,
    cookie: String,
}

impl Reader {
    fn signs_up(base: &str, name: &str) -> Self {
        let form = format!("username={name}&password={p}&password_again={p}", p = PASSWORD.replace(' ', "+"));
        let answer = send("POST", &format!("{base}/signup"), &[FORM], Some(&form));
        assert_eq!(answer.status, 303, "{}", answer.text);
        let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        Self { base: base.to_owned(), cookie }
    }

    fn gets(&self, path: &str) -> Answer {
        self.gets_with(path, &[])
    }

    fn gets_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let headers = [&[("cookie", self.cookie.as_str())], headers].concat();
        send("GET", &format!("{}{path}", self.base), &headers, None)
    }

    fn posts(&self, path: &str, form: &str, headers: &[(&str, &str)]) -> Answer {
        let headers = [&[("cookie", self.cookie.as_str()), FORM], headers].concat();
        send("POST", &format!("{}{path}", self.base), &headers, Some(form))
    }

    /// Joins a room by its name, and gives the path of its page.
    fn joins(&self, name: &str) -> String {
        let token = hidden(&self.gets("/plain/"), "token");
        let answer = self.posts("/plain/join", &format!("token={token}&name={name}"), &[]);
        assert_eq!(answer.status, 303, "{}", answer.text);
        answer.header("location").unwrap().to_owned()
    }

    /// Says something by the form of a room's page.
    fn says(&self, room: &str, text: &str) -> Answer {
        let page = self.gets(room);
        let (token, key) = (hidden(&page, "token"), hidden(&page, "key"));
        self.posts(&format!("{room}/messages"), &format!("token={token}&key={key}&text={text}"), &[])
    }
}

/// The value of a hidden field.
fn hidden(page: &Answer, name: &str) -> String {
    let begin = format!("name=\"{name}\" value=\"");
    let rest = page.text.split_once(&begin).unwrap_or_else(|| panic!("no {name} in {}", page.text)).1;
    rest.split_once('"').unwrap().0.to_owned()
}

#[test]
fn two_people_without_a_script_meet_talk_and_leave() {
    let house = Running::start();
    let (alice, bob) = (Reader::signs_up(&house.base, "alice"), Reader::signs_up(&house.base, "bob"));
    let room = alice.joins("Quarry");
    assert_eq!(bob.joins("quarry"), room);
    let said = alice.says(&room, "hello%0D%0A%3Cb%3Ethere%3C%2Fb%3E+https%3A%2F%2Fexample.org%2F%3Fa%3D1%26b%3D2");
    assert_eq!((said.status, said.header("location")), (303, Some(format!("{room}#end").as_str())));
    let page = bob.gets(&room).text;
    assert!(page.contains("hello\n&#60;b&#62;there&#60;/b&#62;"), "{page}");
    assert!(page.contains("href=\"https://example.org/?a=1&#38;b=2\""), "{page}");
    // Somebody with the app hears it, and is read here.
    let carol = Guest::signs_up(&house.base, "carol");
    let id = carol.joins("quarry");
    carol.posts(id, "k", "from the app").unwrap();
    assert!(alice.gets(&room).text.contains("from the app"));
    assert!(alice.gets("/plain/").text.contains("#Quarry</a></li>"), "what was on the page is read");
    assert!(bob.gets("/plain/").text.contains("1 unread"));

    let token = hidden(&bob.gets(&room), "token");
    assert_eq!(bob.posts(&format!("{room}/leave"), &format!("token={token}"), &[]).status, 303);
    let outside = bob.gets(&room).text;
    assert!(outside.contains("You are not in this room.") && !outside.contains("from the app"));
    assert_eq!(bob.posts(&format!("{room}/join"), &format!("token={token}"), &[]).status, 303);
    assert!(bob.gets(&room).text.contains("from the app"));
    assert_eq!(bob.posts("/plain/logout", &format!("token={token}"), &[]).status, 303);
    assert_eq!(bob.gets("/plain/").header("location"), Some("/login?next=/plain/"));
}

#[test]
fn a_form_that_is_not_from_here_changes_nothing() {
    let house = Running::start();
    let (alice, bob) = (Reader::signs_up(&house.base, "alice"), Reader::signs_up(&house.base, "bob"));
    let room = alice.joins("quarry");
    let page = alice.gets(&room);
    let (token, key) = (hidden(&page, "token"), hidden(&page, "key"));
    let of_bob = hidden(&bob.gets("/plain/"), "token");
    let say = |token: &str| format!("token={token}&key={key}&text=hello");
    let path = format!("{room}/messages");
    for wrong in ["", "x", of_bob.as_str(), &token[1..]] {
        assert_eq!(alice.posts(&path, &say(wrong), &[]).status, 403, "{wrong}");
    }
    assert_eq!(alice.posts(&path, &format!("key={key}&text=hello"), &[]).status, 400);
    for (name, value) in [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site")] {
        assert_eq!(alice.posts(&path, &say(&token), &[(name, value)]).status, 403, "{name}: {value}");
    }
    assert_eq!(alice.posts("/plain/join", "token=&name=other", &[]).status, 403);
    assert_eq!(alice.posts("/plain/logout", "token=", &[]).status, 403);
    assert!(alice.gets(&room).text.contains("Nothing has been said here yet."));
    // The same form twice is one message.
    for _ in 0..2 {
        assert_eq!(alice.posts(&path, &say(&token), &[]).status, 303);
    }
    assert_eq!(alice.gets(&room).text.matches("class=\"plain-text\"").count(), 1);
}

#[test]
fn what_is_wrong_with_a_form_is_said_on_its_page() {
    let house = Running::start();
    let alice = Reader::signs_up(&house.base, "alice");
    let room = alice.joins("quarry");
    let empty = alice.says(&room, "+++");
    assert_eq!(empty.status, 422);
    assert!(empty.text.contains("role=\"alert\""), "{}", empty.text);
    let long = alice.says(&room, &"x".repeat(8_001));
    assert_eq!(long.status, 422);
    assert!(long.text.contains(&"x".repeat(8_001)), "what was written is still there");
    let token = hidden(&alice.gets("/plain/"), "token");
    let name = alice.posts("/plain/join", &format!("token={token}&name=12345"), &[]);
    assert_eq!(name.status, 422);
    assert!(name.text.contains("value=\"12345\"") && name.text.contains("role=\"alert\""));
    for nowhere in ["/plain/rooms/99", "/plain/rooms/x", "/plain/rooms/99/follow"] {
        assert_eq!(alice.gets(nowhere).status, 404, "{nowhere}");
    }
    assert_eq!(alice.gets(&format!("{room}?after=1")).status, 400);
}

#[test]
fn a_page_that_follows_a_room_is_the_same_until_something_happens() {
    let house = Running::start();
    let alice = Reader::signs_up(&house.base, "alice");
    let room = alice.joins("quarry");
    let follow = format!("{room}/follow");
    let first = alice.gets(&follow);
    assert_eq!(first.header("refresh"), Some("1"));
    let tag = first.header("etag").unwrap().to_owned();
    let same = alice.gets_with(&follow, &[("if-none-match", &tag)]);
    assert_eq!((same.status, same.text.as_str(), same.header("refresh")), (304, "", Some("1")));
    assert_eq!(alice.says(&room, "news").status, 303);
    let news = alice.gets_with(&follow, &[("if-none-match", &tag)]);
    assert_eq!(news.status, 200);
    assert!(news.text.contains("news") && !news.text.contains("<textarea"));
}
