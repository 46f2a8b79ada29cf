//! A person, as others see them.

use serde::{Deserialize, Serialize};

use crate::{UserId, Username};

/// Who somebody is, as shown beside a message.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Person {
    /// The account.
    pub id: UserId,
    /// The name at the time of asking.
    pub name: Username,
}
