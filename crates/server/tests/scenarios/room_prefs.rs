//! What people want of a room.

use crate::house::Running;
use model::{Change, Notify, RoomPrefs};
use serde_json::json;
use testkit::cast::Guest;

#[test]
fn what_is_chosen_on_one_device_holds_on_all() {
    let house = Running::start();
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    let pair = alice.opens_direct(&[&bob]).id;
    let mut phone = bob.connects();
    assert_eq!(phone.stood(pair).unwrap().prefs, RoomPrefs::default());
    let prefs = RoomPrefs { notify: Notify::Mentions, ..RoomPrefs::default() };
    bob.wants_of(pair, Notify::Mentions);
    assert_eq!(phone.hears_event().change, Change::RoomPrefsSet { room: pair, prefs });
    assert_eq!(bob.connects().stood(pair).unwrap().prefs, prefs);
    // What is said nothing of stays.
    let path = format!("rooms/{pair}/prefs");
    assert_eq!(bob.sends("PUT", &path, &json!({ "favourite": true })).status, 204);
    let prefs = RoomPrefs { favourite: true, ..prefs };
    assert_eq!(phone.hears_event().change, Change::RoomPrefsSet { room: pair, prefs });
    assert_eq!(bob.connects().stood(pair).unwrap().prefs, prefs);
    assert_eq!(alice.connects().stood(pair).unwrap().prefs, RoomPrefs::default(), "that is nobody else's business");
}

#[test]
fn only_members_want_something_of_a_room() {
    let house = Running::start();
    let (alice, bob, carol) = (
        Guest::signs_up(&house.base, "alice"),
        Guest::signs_up(&house.base, "bob"),
        Guest::signs_up(&house.base, "carol"),
    );
    let path = format!("rooms/{}/prefs", alice.opens_direct(&[&bob]).id);
    assert_eq!(carol.sends("PUT", &path, &json!({ "notify": "all" })).status, 404);
    for bad in
        [json!({ "favourite": "yes" }), json!({ "notify": "some" }), json!({ "notify": "all", "more": 1 }), json!([])]
    {
        assert_eq!(bob.sends("PUT", &path, &bad).status, 400, "{bad}");
    }
}
