//! Makes what is pushed readable to one device alone (RFC 8291, with the coding `aes128gcm` of RFC 8188).

use model::{Subscription, limits::PUSH_BYTES};
use ring::{
    aead, agreement,
    hkdf::{self, KeyType},
    rand::{SecureRandom, SystemRandom},
};

/// The one record's size, in bytes: more than it ever has.
const RECORD_BYTES: u32 = 4_096;
/// What ends the text in the last record. Noughts after it fill it up.
const LAST: u8 = 2;

/// The subscription's keys are none, or the system has no random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CannotSeal;

impl From<ring::error::Unspecified> for CannotSeal {
    fn from(_: ring::error::Unspecified) -> Self {
        Self
    }
}

/// A number of bytes to be derived.
#[derive(Clone, Copy)]
struct Bytes(usize);

impl KeyType for Bytes {
    fn len(&self) -> usize {
        self.0
    }
}

/// Seals a text of fewer than [`PUSH_BYTES`] for a device. All that is sealed has the same length.
pub(super) fn seal(to: &Subscription, text: &[u8]) -> Result<Vec<u8>, CannotSeal> {
    let random = SystemRandom::new();
    let mut salt = [0; 16];
    random.fill(&mut salt)?;
    let secret = agreement::EphemeralPrivateKey::generate(&agreement::ECDH_P256, &random)?;
    let public = secret.compute_public_key()?;
    let theirs = agreement::UnparsedPublicKey::new(&agreement::ECDH_P256, &to.public_key);
    let who = [b"WebPush: info\0", to.public_key.as_slice(), public.as_ref()].concat();
    let shared = agreement::agree_ephemeral(secret, &theirs, |agreed| derive::<32>(&to.auth, agreed, &who))??;
    let key: [u8; 16] = derive(&salt, &shared, b"Content-Encoding: aes128gcm\0")?;
    let nonce: [u8; 12] = derive(&salt, &shared, b"Content-Encoding: nonce\0")?;

    let mut record = text.to_vec();
    record.push(LAST);
    if record.len() > PUSH_BYTES {
        return Err(CannotSeal);
    }
    record.resize(PUSH_BYTES, 0);
    let key = aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_128_GCM, &key)?);
    let nonce = aead::Nonce::assume_unique_for_key(nonce);
    key.seal_in_place_append_tag(nonce, aead::Aad::empty(), &mut record)?;

    let length = u8::try_from(public.as_ref().len()).map_err(|_| CannotSeal)?;
    Ok([&salt[..], &RECORD_BYTES.to_be_bytes(), &[length], public.as_ref(), &record].concat())
}

fn derive<const N: usize>(salt: &[u8], from: &[u8], what: &[u8]) -> Result<[u8; N], CannotSeal> {
    let mut derived = [0; N];
    let extracted = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(from);
    extracted.expand(&[what], Bytes(N))?.fill(&mut derived)?;
    Ok(derived)
}

#[cfg(test)]
mod tests {
    use testkit::push::Device;

    use super::*;

    fn subscription(device: &Device) -> Subscription {
        Subscription { endpoint: String::new(), public_key: device.public_key(), auth: device.auth() }
    }

    #[test]
    fn another_s_code_reads_what_was_sealed_and_only_with_the_device_s_key() {
        let (device, another) = (Device::new(), Device::new());
        let to = subscription(&device);
        for text in ["", "a", &"é".repeat((PUSH_BYTES - 1) / 2)] {
            let sealed = seal(&to, text.as_bytes()).unwrap();
            assert_eq!(device.opens(&sealed).as_deref(), Some(text));
            assert_eq!(another.opens(&sealed), None);
            assert_eq!(sealed.len(), 16 + 4 + 1 + 65 + PUSH_BYTES + 16, "its length tells nothing");
        }
        assert_ne!(seal(&to, b"twice").unwrap(), seal(&to, b"twice").unwrap());
    }

    #[test]
    fn what_is_too_long_or_for_nobody_is_not_sealed() {
        let to = subscription(&Device::new());
        assert_eq!(seal(&to, &[b'a'; PUSH_BYTES]), Err(CannotSeal));
        for public_key in [vec![], vec![4; 64], vec![4; 65], to.public_key[..64].to_vec()] {
            assert_eq!(seal(&Subscription { public_key, ..to.clone() }, b"a"), Err(CannotSeal));
        }
    }
}
