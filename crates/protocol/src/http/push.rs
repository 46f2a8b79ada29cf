//! Bodies of pushes, and what is pushed.

use model::{PushId, RoomId, Seq, Timestamp};
use serde::{Deserialize, Serialize};

/// `GET /api/v1/push`: what is pushed, and whether it arrives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Pushes {
    /// The server's public key, as browsers want it for a subscription; none: this server pushes nothing.
    pub key: Option<String>,
    /// One's own devices.
    pub devices: Vec<PushDevice>,
    /// How pushes fare on the whole: for administrators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<PushHealth>,
}

/// A device of one's own that messages are pushed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PushDevice {
    /// Its name for programs.
    pub id: PushId,
    /// Whether it is the one of the session that asks.
    pub here: bool,
    /// The host of its push service.
    pub service: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When its push service last took a push.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// When it last said that a push had come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrived_at: Option<Timestamp>,
    /// When a push failed for good, if none was taken since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed_at: Option<Timestamp>,
    /// The HTTP status with which it failed; 0: the push service could not be reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<u16>,
}

/// How pushes to all devices of all people fared in the last seven days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PushHealth {
    /// Devices that messages are pushed to.
    pub devices: u32,
    /// Those that said that a push had come.
    pub arrived: u32,
    /// Those whose push failed for good, and none was taken since.
    pub failed: u32,
    /// Those whose push service took a push, and that said nothing.
    pub silent: u32,
}

/// `POST /api/v1/push/devices`: have messages pushed here. The fields are those of a browser's subscription.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SubscribeBody {
    /// The address at the push service.
    pub endpoint: String,
    /// The device's public key, in base64url.
    pub p256dh: String,
    /// What the device and this server share: 16 bytes in base64url.
    pub auth: String,
}

/// The answer to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Subscribed {
    /// The device's name for programs.
    pub id: PushId,
}

/// `POST /api/v1/push/devices/{id}/test`: what the push service said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PushTried {
    /// Whether it took the push. Whether the push arrives, the device says.
    pub taken: bool,
    /// The HTTP status; 0: it could not be reached.
    pub status: u16,
}

/// `PUT /api/v1/me/notices`: what one wants of being told at once, on all devices.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NoticePrefsBody {
    /// Whether a notice says only that there is a message.
    #[serde(default)]
    pub hidden: bool,
    /// When nothing is told at once; none: never.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::object::optional")]
    pub quiet: Option<QuietBody>,
}

/// Hours of each day.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct QuietBody {
    /// When they begin, in minutes after midnight.
    #[cfg_attr(feature = "schema", schema(maximum = 1439))]
    pub from_min: u16,
    /// When they are over, in minutes after midnight; less than the beginning: on the next day.
    #[cfg_attr(feature = "schema", schema(maximum = 1439))]
    pub to_min: u16,
    /// Where these are the times of day, by the zone's name in the IANA database.
    pub time_zone: String,
}

/// What a device reads when it has opened a push.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "push", rename_all = "snake_case")]
pub enum Pushed {
    /// Something was said.
    Message {
        /// The device's name for programs, by which it confirms.
        device: PushId,
        /// Where.
        room: RoomId,
        /// Its place.
        seq: Seq,
        /// Who said it, and where; none: the person wants that hidden.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        /// One line of it; none: the person wants that hidden.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    /// The person tries it out.
    Test {
        /// The device's name for programs, by which it confirms.
        device: PushId,
    },
}
