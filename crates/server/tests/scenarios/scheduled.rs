//! What people want to be said later.

use crate::house::Running;
use model::{Change, Timestamp, limits::SCHEDULED_MAX};
use protocol::{Code, http::ScheduledMessages};
use serde_json::json;
use testkit::cast::Guest;

const HOUR_MS: i64 = 60 * 60 * 1_000;
const NOW_MS: i64 = 1_795_000_000_000;

fn planned(who: &Guest) -> ScheduledMessages {
    who.gets("me/scheduled").value()
}

#[test]
fn what_is_to_be_said_later_is_said_then_and_once() {
    let house = Running::start();
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    let pair = alice.opens_direct(&[&bob]).id;
    let mut phone = bob.connects();
    phone.subscribes(pair, None).unwrap();
    let path = format!("rooms/{pair}/scheduled/later-1");
    let body = json!({ "text": "tea is ready", "at": NOW_MS + HOUR_MS });
    for _ in 0..2 {
        assert_eq!(alice.sends("PUT", &path, &body).status, 204, "a repeat changes nothing");
    }
    let kept = planned(&alice).scheduled;
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].text.as_str(), kept[0].at), ("tea is ready", Timestamp::from_ms(NOW_MS + HOUR_MS)));
    assert_eq!(planned(&bob).scheduled, [], "nobody else knows");
    assert_eq!(bob.asks("DELETE", "me/scheduled/later-1", None).code(), Code::NotFound);

    house.pass_ms(HOUR_MS);
    assert_eq!(phone.hears_texts(1), ["tea is ready"]);
    // It has gone by the time that the next thing on the line is heard, or soon after.
    testkit::wait::wait_until("nothing is planned", std::time::Duration::from_secs(20), || {
        planned(&alice).scheduled.is_empty().then_some(())
    });
    assert_eq!(alice.reads(pair).messages.len(), 1);
}

#[test]
fn a_reminder_tells_its_person_that_it_is_time() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let notes = alice.opens_direct(&[]).id;
    let mut phone = alice.connects();
    let body = json!({ "text": "call the plumber", "at": NOW_MS + HOUR_MS, "remind": true });
    assert_eq!(alice.sends("PUT", &format!("rooms/{notes}/scheduled/later-1"), &body).status, 204);
    house.pass_ms(HOUR_MS);
    let message = testkit::wait::wait_until("the message", std::time::Duration::from_secs(20), || {
        alice.reads(notes).messages.first().map(|message| message.seq)
    });
    // On a device that is there, and on one that comes later: one's own words are never unread by themselves.
    let Change::RoomPrefsSet { room, prefs } = phone.hears_event().change else { panic!("not marked as unread") };
    assert_eq!((room, prefs.unread_from), (notes, Some(message)));
    assert_eq!(phone.hears_event().change, Change::Reminded { room: notes, message });
    assert_eq!(alice.connects().stood(notes).unwrap().prefs.unread_from, Some(message));
}

#[test]
fn what_cannot_be_said_any_more_stays_with_its_author() {
    let house = Running::start();
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    let lobby = alice.joins("lobby");
    bob.joins("lobby");
    let path = format!("rooms/{lobby}/scheduled/later-1");
    assert_eq!(bob.sends("PUT", &path, &json!({ "text": "hello", "at": NOW_MS + HOUR_MS })).status, 204);
    assert_eq!(bob.leaves(lobby).status, 204);
    house.pass_ms(HOUR_MS);
    let failure = testkit::wait::wait_until("a failure", std::time::Duration::from_secs(20), || {
        planned(&bob).scheduled.into_iter().find_map(|one| one.failure)
    });
    assert_eq!(failure, "not_a_member");
    assert_eq!(bob.asks("DELETE", "me/scheduled/later-1", None).status, 204);
    assert_eq!(alice.reads(lobby).messages.len(), 0);
}

#[test]
fn moments_and_rooms_are_looked_at_when_it_is_kept() {
    let house = Running::start();
    let (alice, bob, carol) = (
        Guest::signs_up(&house.base, "alice"),
        Guest::signs_up(&house.base, "bob"),
        Guest::signs_up(&house.base, "carol"),
    );
    let pair = alice.opens_direct(&[&bob]).id;
    let keep = |who: &Guest, at: i64| {
        who.sends("PUT", &format!("rooms/{pair}/scheduled/k"), &json!({ "text": "x", "at": at })).code()
    };
    assert_eq!(keep(&alice, NOW_MS - 1), Code::MomentInvalid);
    assert_eq!(keep(&alice, NOW_MS + 367 * 24 * HOUR_MS), Code::MomentInvalid);
    assert_eq!(keep(&alice, i64::MIN), Code::MomentInvalid);
    assert_eq!(keep(&carol, NOW_MS + 1), Code::NotFound);
    let path = format!("rooms/{pair}/scheduled/k");
    let blank = alice.sends("PUT", &path, &json!({ "text": " ", "at": NOW_MS + 1 }));
    assert_eq!(blank.code(), Code::BodyBlank);
    for bad in [json!({ "at": NOW_MS + 1 }), json!({ "text": "x" })] {
        assert_eq!(alice.sends("PUT", &path, &bad).status, 400, "{bad}");
    }
}

#[test]
fn a_person_plans_a_hundred_and_takes_one_away_for_the_next() {
    let house = Running::start();
    let pair = Guest::signs_up(&house.base, "alice").opens_direct(&[]).id;
    let body = json!({ "text": "x", "at": NOW_MS + HOUR_MS });
    let keep = |who: &Guest, n: usize| who.sends("PUT", &format!("rooms/{pair}/scheduled/later-{n}"), &body);
    let some = |base: &str, from: usize, to: usize| {
        let alice = Guest::logs_in(base, "alice");
        for n in from..to {
            assert_eq!(keep(&alice, n).status, 204, "{n}");
        }
        alice
    };
    // Nobody does so much in a minute: a server that was started anew has forgotten how much it was.
    some(&house.base, 0, SCHEDULED_MAX / 2);
    let house = house.restart();
    let alice = some(&house.base, SCHEDULED_MAX / 2, SCHEDULED_MAX);
    assert_eq!(keep(&alice, SCHEDULED_MAX).code(), Code::TooManyScheduled);
    assert_eq!(planned(&alice).scheduled.len(), SCHEDULED_MAX, "what was refused is not kept");
    assert_eq!(keep(&alice, SCHEDULED_MAX - 1).status, 204, "the last is there: to send it again changes nothing");
    // The bound is each person's own, and one less makes room for one more.
    let bob = Guest::signs_up(&house.base, "bob");
    let notes = bob.opens_direct(&[]).id;
    assert_eq!(bob.sends("PUT", &format!("rooms/{notes}/scheduled/later-0"), &body).status, 204);
    assert_eq!(alice.asks("DELETE", "me/scheduled/later-0", None).status, 204);
    assert_eq!(keep(&alice, SCHEDULED_MAX).status, 204);
    assert_eq!(planned(&alice).scheduled.len(), SCHEDULED_MAX);
}
