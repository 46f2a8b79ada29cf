//! Who may do what. Pure: the facts are arguments, read in the same transaction as the write that follows.
//!
//! A private room that the asker is not in is [`Refusal::NotFound`], the same as one that does not exist.

use crate::{
    Actor, Amend, Membership, Permit, Post, Read, Refusal, Room, Scopes, Session, SignUpPolicy, UserId, Visibility,
    limits::{BOT_HOPS_MAX, MARKS_TOLD_MEMBERS_MAX, MENTION_ROOM_MEMBERS_MAX},
};

/// Needs somebody who is signed in.
pub fn signed_in(actor: &Actor) -> Result<&Session, Refusal> {
    match actor {
        Actor::SignedIn(session) => Ok(session),
        Actor::Stranger | Actor::Operator => Err(Refusal::NotSignedIn),
    }
}

/// Needs a session that may do this.
pub fn may(session: &Session, needed: Scopes) -> Result<(), Refusal> {
    if session.scopes.has(needed) { Ok(()) } else { Err(Refusal::OutOfScope) }
}

/// Whether bots are still within reach of a person's word. `heard`: how many hops the newest message of somebody else is from one; none,
/// if whoever speaks cannot have heard it, or it is too old. Gives how many hops the next one is.
pub fn may_answer(heard: Option<u32>) -> Result<u32, Refusal> {
    let hops = heard.unwrap_or_default() + 1;
    if hops <= BOT_HOPS_MAX { Ok(hops) } else { Err(Refusal::OnlyBots) }
}

/// Who may make an invitation: everyone who is signed in while invitations are the way in, else administrators.
pub fn may_invite(session: &Session, policy: SignUpPolicy) -> Result<(), Refusal> {
    match policy {
        SignUpPolicy::Open | SignUpPolicy::Invitation => Ok(()),
        SignUpPolicy::Closed if session.admin => Ok(()),
        SignUpPolicy::Closed => Err(Refusal::NotAllowed),
    }
}

/// Who may add custom emoji and remove them: administrators.
pub fn may_keep_emoji(session: &Session) -> Result<(), Refusal> {
    if session.admin { Ok(()) } else { Err(Refusal::NotAllowed) }
}

/// Who may make an account. `invited`: the asker holds an invitation that is good.
pub fn may_sign_up(policy: SignUpPolicy, invited: Option<bool>) -> Result<(), Refusal> {
    match (policy, invited) {
        (_, Some(true)) | (SignUpPolicy::Open, None) => Ok(()),
        (_, Some(false)) => Err(Refusal::InvitationInvalid),
        (SignUpPolicy::Invitation, None) => Err(Refusal::InvitationNeeded),
        (SignUpPolicy::Closed, None) => Err(Refusal::SignUpClosed),
    }
}

/// Who may know that a room exists. Gives the room back.
pub fn may_see(room: Option<Room>, membership: Membership) -> Result<Room, Refusal> {
    let room = room.ok_or(Refusal::NotFound)?;
    match (room.visibility, membership) {
        (Visibility::Public, _) | (Visibility::Private | Visibility::Direct, Membership::Member) => Ok(room),
        (Visibility::Private | Visibility::Direct, Membership::Outsider) => Err(Refusal::NotFound),
    }
}

/// Who may read a room's history and listen to it: its members.
pub fn may_read(session: &Session, room: Option<Room>, membership: Membership) -> Result<Permit<Read>, Refusal> {
    as_member(room, membership).map(|room| Permit::grant(session.person.id, room.id))
}

/// Who may say something in a room: its members.
pub fn may_post(session: &Session, room: Option<Room>, membership: Membership) -> Result<Permit<Post>, Refusal> {
    as_member(room, membership).map(|room| Permit::grant(session.person.id, room.id))
}

/// Whether something may be said or done in a room, as far as blocking goes. Only a direct chat of two knows of it: there `parted` is
/// whether one of them blocks the other.
pub fn may_reach(parted: bool) -> Result<(), Refusal> {
    if parted { Err(Refusal::Blocked) } else { Ok(()) }
}

/// Who may change a message or take it back: its author, while they are in the room. `author`: of the message, if there is one.
pub fn may_amend(
    session: &Session,
    room: Option<Room>,
    membership: Membership,
    author: Option<UserId>,
) -> Result<Permit<Amend>, Refusal> {
    let room = as_member(room, membership)?;
    if author.ok_or(Refusal::NotFound)? == session.person.id {
        Ok(Permit::grant(session.person.id, room.id))
    } else {
        Err(Refusal::NotAllowed)
    }
}

/// Whether `@room` names everybody: in a small room, and for administrators.
#[must_use]
pub fn may_mention_room(session: &Session, members: usize) -> bool {
    session.admin || members <= MENTION_ROOM_MEMBERS_MAX
}

/// Who may bring others into a room: its members. A direct chat stays between those who are in it.
pub fn may_add_member(room: Option<Room>, membership: Membership) -> Result<Room, Refusal> {
    not_direct(as_member(room, membership)?)
}

/// Who may say what a room is about: its members. A direct chat is about its people.
pub fn may_set_topic(session: &Session, room: Option<Room>, membership: Membership) -> Result<Permit<Post>, Refusal> {
    not_direct(as_member(room, membership)?).map(|room| Permit::grant(session.person.id, room.id))
}

/// Who may leave a room: its members, unless it is a direct chat, which is theirs for good.
pub fn may_leave(room: Option<Room>, membership: Membership) -> Result<Room, Refusal> {
    not_direct(as_member(room, membership)?)
}

/// Who may make a room in this way: anybody; but a direct chat is opened with people, not with a name.
pub fn may_create(visibility: Visibility) -> Result<(), Refusal> {
    match visibility {
        Visibility::Public | Visibility::Private => Ok(()),
        Visibility::Direct => Err(Refusal::NotAllowed),
    }
}

/// Whether everybody in a room is told of everybody's marks: in a small one.
#[must_use]
pub fn tells_marks(members: usize) -> bool {
    members <= MARKS_TOLD_MEMBERS_MAX
}

fn not_direct(room: Room) -> Result<Room, Refusal> {
    match room.visibility {
        Visibility::Public | Visibility::Private => Ok(room),
        Visibility::Direct => Err(Refusal::NotAllowed),
    }
}

fn as_member(room: Option<Room>, membership: Membership) -> Result<Room, Refusal> {
    let room = may_see(room, membership)?;
    match membership {
        Membership::Member => Ok(room),
        Membership::Outsider => Err(Refusal::NotAMember),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Person, RoomId, RoomName, SessionId, Username};

    fn session(admin: bool) -> Session {
        let person = Person::new(UserId::new(1), Username::kept("alice".into()));
        Session { id: SessionId::new(1), person, admin, scopes: Scopes::ALL }
    }

    fn room(visibility: Visibility) -> Room {
        Room { id: RoomId::new(1), name: RoomName::kept("lobby".into()), visibility, topic: None, people: Vec::new() }
    }

    #[test]
    fn a_private_room_is_nothing_to_an_outsider() {
        let absent = may_post(&session(true), None, Membership::Outsider).err();
        let hidden = may_post(&session(true), Some(room(Visibility::Private)), Membership::Outsider).err();
        assert_eq!((absent, hidden), (Some(Refusal::NotFound), Some(Refusal::NotFound)));
    }

    #[test]
    fn only_members_read_and_post() {
        for visibility in [Visibility::Public, Visibility::Private, Visibility::Direct] {
            assert!(may_read(&session(false), Some(room(visibility)), Membership::Member).is_ok());
            assert!(may_post(&session(false), Some(room(visibility)), Membership::Member).is_ok());
        }
        let refused = may_read(&session(false), Some(room(Visibility::Public)), Membership::Outsider).err();
        assert_eq!(refused, Some(Refusal::NotAMember));
    }

    #[test]
    fn only_its_author_amends_a_message() {
        let amend = |membership, author: Option<i64>| {
            may_amend(&session(true), Some(room(Visibility::Public)), membership, author.map(UserId::new)).err()
        };
        assert_eq!(amend(Membership::Member, Some(1)), None);
        assert_eq!(amend(Membership::Member, Some(2)), Some(Refusal::NotAllowed));
        assert_eq!(amend(Membership::Member, None), Some(Refusal::NotFound));
        assert_eq!(amend(Membership::Outsider, Some(1)), Some(Refusal::NotAMember));
    }

    #[test]
    fn nobody_comes_into_a_direct_chat_or_leaves_it() {
        let direct = || Some(room(Visibility::Direct));
        assert_eq!(may_see(direct(), Membership::Outsider).err(), Some(Refusal::NotFound));
        assert_eq!(may_add_member(direct(), Membership::Member).err(), Some(Refusal::NotAllowed));
        assert_eq!(may_leave(direct(), Membership::Member).err(), Some(Refusal::NotAllowed));
        assert!(may_leave(Some(room(Visibility::Private)), Membership::Member).is_ok());
    }

    #[test]
    fn sign_up_follows_the_policy() {
        use SignUpPolicy::{Closed, Invitation, Open};
        let cases = [
            (Open, None, Ok(())),
            (Open, Some(false), Err(Refusal::InvitationInvalid)),
            (Invitation, None, Err(Refusal::InvitationNeeded)),
            (Invitation, Some(true), Ok(())),
            (Closed, None, Err(Refusal::SignUpClosed)),
            (Closed, Some(true), Ok(())),
        ];
        for (policy, invited, expected) in cases {
            assert_eq!(may_sign_up(policy, invited), expected, "{policy:?} {invited:?}");
        }
    }

    #[test]
    fn after_three_bots_a_person_has_to_speak() {
        for (heard, hops) in [(None, Ok(1)), (Some(0), Ok(1)), (Some(2), Ok(3)), (Some(3), Err(Refusal::OnlyBots))] {
            assert_eq!(may_answer(heard), hops, "{heard:?}");
        }
    }

    #[test]
    fn a_token_does_what_it_is_for() {
        let token = Session { scopes: Scopes::POST, ..session(false) };
        assert_eq!(may(&token, Scopes::POST), Ok(()));
        assert_eq!(may(&token, Scopes::NONE), Ok(()));
        assert_eq!(may(&token, Scopes::READ), Err(Refusal::OutOfScope));
        assert_eq!(may(&session(false), Scopes::ACCOUNT), Ok(()));
    }
}
