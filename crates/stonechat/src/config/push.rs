//! Messages pushed to devices whose page is closed.

use std::time::Duration;

use model::limits::{PUSH_LOOK_AGAIN_MS, PUSH_RETRY_MS, PUSH_SETTLE_MS};
use server::{Origin, PushSettings};

use super::switch;

/// Pushes.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Push {
    /// Whether messages are pushed to the devices of people who have no page open and asked for it. What is said goes, encrypted
    /// for the device, by way of the push service of its browser, which sees when and how often, and to which device.
    #[arg(id = "push.enabled", long = "push-enabled", value_name = "BOOL", default_value = "true", value_parser = switch)]
    #[arg(action = clap::ArgAction::Set)]
    pub(crate) enabled: bool,

    /// The push services that the server sends to: hosts, with commas between; each means all hosts below it, too. `*` means any
    /// that is in nobody's private network.
    #[arg(
        id = "push.services",
        long = "push-services",
        value_name = "push.example.org",
        value_delimiter = ',',
        default_value = "fcm.googleapis.com,push.services.mozilla.com,notify.windows.com,push.apple.com"
    )]
    pub(crate) services: Vec<String>,

    /// Whom a push service may write to if something is wrong: `mailto:you@example.org`, or an address that begins with https://.
    /// Unless said: `public_url`. Without either, Apple's service takes nothing.
    #[arg(id = "push.contact", long = "push-contact", value_name = "mailto:you@example.org", value_parser = contact)]
    pub(crate) contact: Option<String>,
}

impl Push {
    /// How messages are pushed by a server at this address, if they are.
    pub(crate) fn settings(&self, public: Option<&Origin>) -> Option<PushSettings> {
        let address = public.filter(|origin| origin.secure).map(ToString::to_string);
        self.enabled.then(|| PushSettings {
            services: self.services.iter().map(|host| host.trim().to_ascii_lowercase()).collect(),
            contact: self.contact.clone().or(address),
            settle: Duration::from_millis(PUSH_SETTLE_MS),
            look_again: Duration::from_millis(PUSH_LOOK_AGAIN_MS),
            retry: Duration::from_millis(PUSH_RETRY_MS),
        })
    }
}

fn contact(text: &str) -> Result<String, String> {
    let good = text.strip_prefix("mailto:").is_some_and(|mail| mail.contains('@'))
        || text.strip_prefix("https://").is_some_and(|rest| !rest.is_empty());
    let good = good && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\<>".contains(&byte));
    if good {
        Ok(text.to_owned())
    } else {
        Err("write mailto: and an address, or one that begins with https://".to_owned())
    }
}
