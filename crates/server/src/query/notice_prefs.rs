//! What does this person want of being told at once?

use model::{NoticePrefs, UserId};
use store::Fault;

use crate::{Failure, House};

/// What this person wants of being told at once.
pub(crate) async fn notice_prefs(house: &House, user: UserId) -> Result<NoticePrefs, Failure> {
    Ok(house.store.read::<_, Fault, _>(move |conn| Box::pin(store::notice_prefs::find(conn, user))).await?)
}
