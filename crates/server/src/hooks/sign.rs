//! How an outgoing hook signs: as Standard Webhooks 1.0.0 have it, so that receivers find a library that knows it again.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::hmac::{HMAC_SHA256, Key, sign};

/// The header `webhook-signature`: HMAC-SHA256 over `id.seconds.body`. The id makes a repeat known, the time one that comes late.
pub(super) fn signature(key: &[u8], id: &str, seconds: i64, body: &str) -> String {
    let signed = sign(&Key::new(HMAC_SHA256, key), format!("{id}.{seconds}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(signed.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_the_standard() {
        // The example of the reference implementations.
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed = signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
