//! Instant rooms keep nothing: shown on the real program, by a search that is shown to find a leak.

use std::fs;

use aes_gcm::{
    Aes256Gcm, KeyInit as _, Nonce,
    aead::{Aead as _, Payload},
};
use anyhow::{Context as _, anyhow};
use e2e::program;
use proof::{Envelope, Kind, Report, prove};

/// As PROTOCOL.md tells it: the nonce is sender and counter, and the id and the head are authenticated.
fn seal(envelope: &Envelope<'_>) -> anyhow::Result<Vec<u8>> {
    let Envelope { secret, id, head, words } = envelope;
    let head = head.bytes();
    let (_version, nonce) = head.split_first_chunk::<1>().context("a head is short")?;
    let nonce = Nonce::try_from(nonce)?;
    let aad = [id.bytes().as_slice(), &head].concat();
    let cipher = Aes256Gcm::new_from_slice(secret.as_slice())?;
    let sealed = cipher.encrypt(&nonce, Payload { msg: words, aad: &aad }).map_err(|_| anyhow!("not sealed"))?;
    let opened = cipher.decrypt(&nonce, Payload { msg: &sealed, aad: &aad }).map_err(|_| anyhow!("not opened"))?;
    assert_eq!(opened, *words);
    Ok(sealed)
}

fn assert_clean(report: &Report) {
    assert_eq!(report.findings, [], "{report}");
}

#[test]
fn nothing_of_an_encrypted_room_is_found_at_any_time() {
    assert_clean(&prove(&program(), Kind::Encrypted(seal), |_| {}).unwrap());
}

#[test]
fn nothing_of_a_plain_room_is_found_after_it_was_closed() {
    assert_clean(&prove(&program(), Kind::Plain, |_| {}).unwrap());
}

#[test]
fn what_somebody_writes_down_is_found() {
    let report = prove(&program(), Kind::Plain, |scene| {
        fs::write(scene.data.join("diary"), format!("They said: {}", scene.text)).unwrap();
    });
    let findings = report.unwrap().findings;
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].place.ends_with("data/diary") && findings[0].what == "the text, plain", "{findings:?}");
}
