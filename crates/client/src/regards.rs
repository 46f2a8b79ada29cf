//! Whom the person ignores and blocks.

use std::collections::BTreeMap;

use model::{MemberMarks, Regard, Regarded, UserId};

use crate::{Client, Effect, What};

/// Everybody whom the person regards otherwise than as anybody.
#[derive(Debug, Default)]
pub(crate) struct Regards(BTreeMap<UserId, Regarded>);

impl Regards {
    pub(crate) fn of(&self, user: UserId) -> Regard {
        self.0.get(&user).map(|regarded| regarded.regard).unwrap_or_default()
    }

    fn blocked(&self) -> impl Iterator<Item = UserId> {
        self.0.iter().filter(|(_, regarded)| regarded.regard == Regard::Blocked).map(|(user, _)| *user)
    }
}

impl Client {
    /// How the person regards somebody.
    #[must_use]
    pub fn regard(&self, user: UserId) -> Regard {
        self.regards.of(user)
    }

    /// Everybody whom the person ignores or blocks, by age of account.
    pub fn regarded(&self) -> impl Iterator<Item = Regarded> {
        self.regards.0.values().map(|it| Regarded { person: self.named(&it.person).clone(), regard: it.regard })
    }

    /// The server's whole list.
    pub(crate) fn regard_all(&mut self, regards: Vec<Regarded>, out: &mut Vec<Effect>) {
        let new = Regards(regards.into_iter().map(|regarded| (regarded.person.id, regarded)).collect());
        let parted = !new.blocked().eq(self.regards.blocked());
        self.regards = new;
        self.regards_changed(parted, out);
    }

    /// The person regards somebody otherwise from now on.
    pub(crate) fn regard_one(&mut self, what: Regarded, out: &mut Vec<Effect>) {
        let user = what.person.id;
        let parted = (self.regards.of(user) == Regard::Blocked) != (what.regard == Regard::Blocked);
        if what.regard == Regard::Open {
            self.regards.0.remove(&user);
        } else {
            self.regards.0.insert(user, what);
        }
        self.regards_changed(parted, out);
        self.read_open(out);
    }

    /// Whether somebody's marks may be known here.
    pub(crate) fn sees(&self, moved: &MemberMarks) -> bool {
        self.regards.of(moved.member) != Regard::Blocked
    }

    /// `parted`: there is another set of blocked people. What is known of receipts is too much or too little then.
    fn regards_changed(&mut self, parted: bool, out: &mut Vec<Effect>) {
        if parted {
            self.rooms.values_mut().for_each(|room| room.receipts.forget());
        }
        out.push(Effect::Changed(What::People));
        if let Some(open) = self.open {
            out.extend([Effect::Changed(What::Timeline(open)), Effect::Changed(What::Typists(open))]);
        }
    }
}
