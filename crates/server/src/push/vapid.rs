//! Who pushes: a key of the server's own, by which push services know it again (RFC 8292).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};

/// How long a proof holds, in milliseconds: half of what push services bear.
const PROOF_MS: i64 = 12 * 60 * 60 * 1_000;
const HEAD: &str = r#"{"typ":"JWT","alg":"ES256"}"#;

/// The server's key.
pub(super) struct Key {
    pair: EcdsaKeyPair,
    /// As browsers and push services are told it.
    pub(super) public: String,
}

impl Key {
    /// Draws a new one, as it is kept.
    pub(super) fn draw() -> Result<Vec<u8>, ring::error::Unspecified> {
        let drawn = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())?;
        Ok(drawn.as_ref().to_vec())
    }

    /// Reads one that was kept.
    pub(super) fn read(kept: &[u8]) -> Option<Self> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, kept, &SystemRandom::new()).ok()?;
        let public = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        Some(Self { pair, public })
    }

    /// The header that proves who pushes, to the push service at this origin. `contact`: whom it may write to.
    pub(super) fn authorization(&self, origin: &str, contact: Option<&str>, now_ms: i64) -> Option<String> {
        let until = (now_ms + PROOF_MS) / 1_000;
        let claims = match contact {
            Some(contact) => serde_json::json!({ "aud": origin, "exp": until, "sub": contact }),
            None => serde_json::json!({ "aud": origin, "exp": until }),
        };
        let said = format!("{}.{}", URL_SAFE_NO_PAD.encode(HEAD), URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = self.pair.sign(&SystemRandom::new(), said.as_bytes()).ok()?;
        Some(format!("vapid t={said}.{}, k={}", URL_SAFE_NO_PAD.encode(signature.as_ref()), self.public))
    }
}
