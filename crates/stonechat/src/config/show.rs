//! The settings in force, as a file that would give them. Passwords are left out.

use super::{Settings, example::quoted};

/// One line per setting that has a value.
pub(crate) fn show(settings: &Settings) -> String {
    let Settings { door, storage, house, files, instant, push, outbound, log } = settings;
    let proxies: Vec<_> = door.trusted_proxies.0.iter().map(ToString::to_string).collect();
    let lines = [
        ("listen", Some(door.listen.to_string())),
        ("public_url", door.public_url.as_ref().map(ToString::to_string)),
        ("trusted_proxies", (!proxies.is_empty()).then(|| proxies.join(","))),
        ("database", Some(storage.database.to_string())),
        ("redis", storage.redis.as_ref().map(ToString::to_string)),
        ("server_name", Some(house.server_name.clone())),
        ("sign_up", Some(super::house::word(house.sign_up).to_owned())),
        ("posts.burst", Some(house.posts_burst.to_string())),
        ("posts.per_second", Some(house.posts_per_second.to_string())),
        ("files.enabled", Some(files.enabled.to_string())),
        ("files.folder", Some(files.folder(&storage.database).display().to_string())),
        ("files.max_mb", Some(files.max_mb.to_string())),
        ("files.quota_mb", Some(files.quota_mb.to_string())),
        ("files.s3_endpoint", files.s3_endpoint.clone()),
        ("files.s3_bucket", files.s3_bucket.clone()),
        ("files.s3_region", Some(files.s3_region.clone())),
        ("files.s3_access_key", files.s3_access_key.shown()),
        ("files.s3_secret_key", files.s3_secret_key.shown()),
        ("instant.enabled", Some(instant.enabled.to_string())),
        ("instant.allow_swap", Some(instant.allow_swap.to_string())),
        ("push.enabled", Some(push.enabled.to_string())),
        ("push.services", Some(push.services.join(","))),
        ("push.contact", push.contact.clone()),
        ("previews.enabled", Some(outbound.previews.to_string())),
        ("bots.enabled", Some(outbound.bots.to_string())),
        ("outbound.own_hosts", (!outbound.own_hosts.is_empty()).then(|| outbound.own_hosts.join(","))),
        ("log.format", Some(log.format.word().to_owned())),
        ("log.level", Some(log.level.to_string().to_lowercase())),
    ];
    lines.into_iter().filter_map(|(key, value)| Some(format!("{key} = {}\n", quoted(&value?)))).collect()
}
