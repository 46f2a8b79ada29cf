//! A room's key, held by the browser: it seals and opens, and does not give the key out (`WebCrypto`). `PROTOCOL.md` tells how the
//! key and the room's id are derived, and from what the nonce is made.

use js_sys::{Array, ArrayBuffer, Object, Reflect, Uint8Array};
use protocol::instant::{Head, ID_LABEL, Id, KEY_LABEL, Secret};
use wasm_bindgen::JsValue;
use web_sys::{CryptoKey, SubtleCrypto, Window};

use crate::wait::kept;

const KEY_BITS: f64 = 256.0;

/// The key of one room.
pub(crate) struct Lock {
    subtle: SubtleCrypto,
    key: CryptoKey,
    id: Id,
}

impl Lock {
    /// Derives id and key. `None`: the browser does not encrypt.
    pub(crate) async fn of(window: &Window, secret: &Secret) -> Option<Self> {
        let subtle = window.crypto().ok()?.subtle();
        let raw = Uint8Array::from(secret.bytes().as_slice());
        let uses = strings(&["deriveBits", "deriveKey"]);
        let base: CryptoKey = kept(subtle.import_key_with_str("raw", &raw, "HKDF", false, &uses)).await?;
        let id: ArrayBuffer = kept(subtle.derive_bits_with_object(&derived(ID_LABEL), &base, 128)).await?;
        let id = Id::new(Uint8Array::new(&id).to_vec().try_into().ok()?);
        let aes = object(&[("name", &"AES-GCM".into()), ("length", &KEY_BITS.into())]);
        let uses = strings(&["encrypt", "decrypt"]);
        let key = subtle.derive_key_with_object_and_object(&derived(KEY_LABEL), &base, &aes, false, &uses);
        Some(Self { key: kept(key).await?, subtle, id })
    }

    /// The room's id.
    pub(crate) fn id(&self) -> Id {
        self.id
    }

    /// The envelope.
    pub(crate) async fn seal(&self, head: Head, inside: &[u8]) -> Option<Vec<u8>> {
        let how = self.how(head);
        let sealed: ArrayBuffer = kept(self.subtle.encrypt_with_object_and_u8_array(&how, &self.key, inside)).await?;
        Some([head.bytes().as_slice(), &Uint8Array::new(&sealed).to_vec()].concat())
    }

    /// What is in an envelope. `None`: it is none, or the key does not open it.
    pub(crate) async fn open(&self, envelope: &[u8]) -> Option<(Head, Vec<u8>)> {
        let head = Head::read(envelope)?;
        let how = self.how(head);
        let sealed = envelope.get(Head::BYTES..)?;
        let opened: ArrayBuffer = kept(self.subtle.decrypt_with_object_and_u8_array(&how, &self.key, sealed)).await?;
        Some((head, Uint8Array::new(&opened).to_vec()))
    }

    /// The nonce is sender and counter; id and head are authenticated.
    fn how(&self, head: Head) -> Object {
        let [_version, nonce @ ..] = head.bytes();
        let also = [self.id.bytes().as_slice(), &head.bytes()].concat();
        object(&[
            ("name", &"AES-GCM".into()),
            ("iv", &Uint8Array::from(nonce.as_slice())),
            ("additionalData", &Uint8Array::from(also.as_slice())),
        ])
    }
}

fn derived(label: &[u8]) -> Object {
    object(&[
        ("name", &"HKDF".into()),
        ("hash", &"SHA-256".into()),
        ("salt", &Uint8Array::new_with_length(0)),
        ("info", &Uint8Array::from(label)),
    ])
}

fn object(fields: &[(&str, &JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}

fn strings(all: &[&str]) -> JsValue {
    all.iter().map(|text| JsValue::from_str(text)).collect::<Array>().into()
}
