//! The page of instant rooms, as people without an account meet it; and clients that are not ours, which speak with it by
//! PROTOCOL.md alone.

#![expect(clippy::unwrap_used, reason = "what only tests use may fail loudly")]

use std::{net::TcpStream, time::Duration};

use aes_gcm::{
    Aes256Gcm, KeyInit as _, Nonce,
    aead::{Aead as _, Payload},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use e2e::{Browser, Server, Window};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use thirtyfour::prelude::*;
use tungstenite::{Message, WebSocket, client::IntoClientRequest as _, http::HeaderValue};

const PROTOCOL: &str = include_str!("../../PROTOCOL.md");
/// What must not be found afterwards.
const CANARY: &str = "canary-4c1f-in-the-stones";

/// A client that knows what PROTOCOL.md says of encrypted rooms, and nothing else of ours.
struct Native {
    ws: WebSocket<TcpStream>,
    id: Vec<u8>,
    cipher: Aes256Gcm,
    counter: u32,
}

impl Native {
    const SENDER: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];

    fn enters(base: &str, secret: &[u8]) -> Self {
        let (id, cipher) = derived(secret);
        let path = format!("/api/v1/instant/{}", URL_SAFE_NO_PAD.encode(&id));
        Self { ws: dial(base, &path, Some("stonechat.instant.v1")), id, cipher, counter: 0 }
    }

    fn says(&mut self, body: &[u8]) {
        self.counter += 1;
        let head = head(Self::SENDER, self.counter);
        let mut inside = u16::try_from(body.len()).unwrap().to_be_bytes().to_vec();
        inside.extend_from_slice(body);
        inside.resize(inside.len().next_multiple_of(256), 0);
        let sealed = seal(&self.cipher, &self.id, &head, &inside);
        self.ws.send(Message::binary([head, sealed].concat())).unwrap();
    }

    /// The next thing that somebody said.
    fn hears(&mut self) -> Vec<u8> {
        loop {
            let Message::Binary(envelope) = self.ws.read().unwrap() else { continue };
            let (head, sealed) = envelope.split_at(13);
            let nonce = Nonce::try_from(&head[1..]).unwrap();
            let aad = [self.id.as_slice(), head].concat();
            let inside = self.cipher.decrypt(&nonce, Payload { msg: sealed, aad: &aad }).unwrap();
            assert_eq!(inside.len() % 256, 0);
            let length = usize::from(u16::from_be_bytes([inside[0], inside[1]]));
            return inside[2..2 + length].to_vec();
        }
    }

    /// Waits until this is said.
    fn waits_for(&mut self, said: &str) {
        while self.hears() != said.as_bytes() {}
    }
}

fn head(sender: [u8; 8], counter: u32) -> Vec<u8> {
    [&[1], sender.as_slice(), &counter.to_be_bytes()].concat()
}

fn seal(cipher: &Aes256Gcm, id: &[u8], head: &[u8], inside: &[u8]) -> Vec<u8> {
    let aad = [id, head].concat();
    cipher.encrypt(&Nonce::try_from(&head[1..]).unwrap(), Payload { msg: inside, aad: &aad }).unwrap()
}

/// HKDF (RFC 5869) with SHA-256 and without salt.
fn derive(secret: &[u8], label: &str) -> Vec<u8> {
    let hmac = |key: &[u8], parts: &[&[u8]]| {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().to_vec()
    };
    hmac(&hmac(&[0; 32], &[secret]), &[label.as_bytes(), &[1]])
}

fn derived(secret: &[u8]) -> (Vec<u8>, Aes256Gcm) {
    let id = derive(secret, "stonechat instant id")[..16].to_vec();
    (id, Aes256Gcm::new_from_slice(&derive(secret, "stonechat instant key")).unwrap())
}

fn dial(base: &str, path: &str, subprotocol: Option<&'static str>) -> WebSocket<TcpStream> {
    let address = base.trim_start_matches("http://");
    let mut request = format!("ws://{address}{path}").into_client_request().unwrap();
    if let Some(subprotocol) = subprotocol {
        request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(subprotocol));
    }
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    tungstenite::client(request, stream).unwrap().0
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).map(char::from).collect()
}

/// Goes in by an address, under a nickname.
async fn comes_in(window: &Window, url: &str, name: &str) -> WebDriverResult<()> {
    // A page that differs from the present one behind the # only would not be loaded.
    window.goes_to("about:blank").await?;
    window.goes_to(url).await?;
    watches_the_policy(window).await?;
    window.types("#nick", name).await?;
    window.clicks("#enter button[type=submit]").await?;
    window.sees(".stage[data-line=here]").await.map(drop)
}

async fn watches_the_policy(window: &Window) -> WebDriverResult<()> {
    let script = "window.broken = []; document.addEventListener('securitypolicyviolation', e => window.broken.push(e.violatedDirective))";
    window.driver.execute(script, Vec::new()).await.map(drop)
}

/// Opens a new room and returns its link.
async fn opens_a_room(window: &Window, base: &str, name: &str) -> WebDriverResult<String> {
    comes_in(window, &format!("{base}/i"), name).await?;
    let link = window.driver.current_url().await?.to_string();
    assert!(link.starts_with(&format!("{base}/i#")), "{link}");
    Ok(link)
}

/// Waits until so many people besides this one are here.
async fn sees_others(window: &Window, count: usize) -> WebDriverResult<()> {
    window.sees(&format!(".beside .people li:nth-child({}) .person-name", count + 1)).await.map(drop)
}

/// Nothing of the canary, nor of the room's key, is anywhere that a page can look.
async fn holds_nothing(window: &Window, link: &str) -> WebDriverResult<()> {
    let key = link.split_once('#').unwrap().1;
    let script = "const [canary, key, done] = arguments; (async () => { \
        const places = [document.documentElement.outerHTML, document.title, document.cookie, JSON.stringify(localStorage), \
            JSON.stringify(sessionStorage), JSON.stringify(history.state), JSON.stringify(performance.getEntries())]; \
        for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys()) places.push(name, request.url); \
        for (const base of await indexedDB.databases()) places.push('database ' + base.name, canary); \
        const fields = [...document.querySelectorAll('input, textarea')].map(field => field.value); \
        return places.concat(fields).filter(text => text.includes(canary)).length + ',' + places.filter(text => text.includes(key)).length \
            + ',' + localStorage.length + ',' + sessionStorage.length; })().then(done, error => done(String(error)))";
    let found = window.driver.execute_async(script, vec![CANARY.into(), key.into()]).await?;
    assert_eq!(found.json().as_str(), Some("0,0,0,0"));
    Ok(())
}

#[tokio::test]
async fn three_without_an_account_meet_talk_and_one_reloads() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let (ada, bob, cy) = (
        browser.open("ada", 1280, 800).await?,
        browser.open("bob", 1280, 800).await?,
        browser.open("cy", 1280, 800).await?,
    );
    ada.goes_to(&server.base).await?;
    ada.clicks("a[href='/i']").await?;
    let link = opens_a_room(&ada, &server.base, "Ada").await?;
    comes_in(&bob, &link, "Bob").await?;
    comes_in(&cy, &link, "Cy").await?;
    for window in [&ada, &bob, &cy] {
        sees_others(window, 2).await?;
    }
    for (from, words) in [(&ada, "good evening"), (&bob, CANARY), (&cy, "<b>three</b>")] {
        from.says(words).await?;
        for window in [&ada, &bob, &cy] {
            window.hears(words).await?;
        }
    }
    let picture = server.folder().join("picture.png");
    std::fs::write(&picture, png()).unwrap();
    ada.driver.find(By::Css("#picture-file")).await?.send_keys(picture.to_str().unwrap()).await?;
    ada.clicks("#preview .primary").await?;
    for window in [&bob, &cy] {
        let shown = window.sees(".message[data-own=false] .photo").await?;
        assert!(shown.prop("src").await?.unwrap().starts_with("blob:"));
        window.sees(".message .photo").await?.wait_until().displayed().await?;
        assert!(window.holds("document.querySelector('.message .photo').naturalWidth === 1").await?);
    }
    assert!(bob.holds("window.broken.length === 0").await?);
    bob.pictures("instant-1280").await?;

    bob.driver.refresh().await?;
    bob.sees("#nick").await?;
    holds_nothing_but_the_address(&bob, &link).await?;
    bob.types("#nick", "Bob").await?;
    bob.clicks("#enter button[type=submit]").await?;
    sees_others(&bob, 2).await?;
    assert_eq!(bob.texts().await?, [""; 0], "an empty room");
    ada.says("welcome back").await?;
    bob.hears("welcome back").await?;

    cy.clicks("#leave").await?;
    cy.sees(".ways").await?;
    holds_nothing_but_the_address(&cy, &link).await?;
    ada.sees_text(".event", "Cy left").await?;
    for window in [ada, bob, cy] {
        window.closes().await?;
    }
    drop(server);
    Ok(())
}

/// The browser itself knows the address, and tells the page so in the list of what it loaded.
async fn holds_nothing_but_the_address(window: &Window, link: &str) -> WebDriverResult<()> {
    window.driver.execute("performance.getEntries = () => []", Vec::new()).await?;
    holds_nothing(window, link).await
}

/// One red dot, with a text in the file that is no part of the picture.
fn png() -> Vec<u8> {
    const DOT: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk-M9QDwADhgGAWjR9awAAAABJRU5ErkJggg";
    [URL_SAFE_NO_PAD.decode(DOT).unwrap(), CANARY.as_bytes().to_vec()].concat()
}

#[test]
fn the_vector_in_the_protocol_is_right() {
    let secret: Vec<u8> = (0..32).collect();
    let (id, cipher) = derived(&secret);
    let mut inside = [0; 256];
    let said = br#"{"type":"hello","name":"Ada","new":true}"#;
    inside[1] = 40;
    inside[2..42].copy_from_slice(said);
    let head = head(Native::SENDER, 1);
    let sealed = seal(&cipher, &id, &head, &inside);
    assert_eq!(sealed.len(), 272);
    for known in [
        URL_SAFE_NO_PAD.encode(&secret),
        URL_SAFE_NO_PAD.encode(&id),
        hex(&derive(&secret, "stonechat instant key")),
        hex(&head),
        hex(&sealed[..16]),
        hex(&sealed[256..]),
    ] {
        assert!(PROTOCOL.contains(&known), "{known} is not in PROTOCOL.md");
    }
}

#[tokio::test]
async fn a_client_that_is_not_ours_speaks_with_the_page() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let ada = browser.open("ada", 1280, 800).await?;
    let secret: Vec<u8> = (0..32).collect();
    let mut native = Native::enters(&server.base, &secret);
    native.says(br#"{"type":"hello","name":"Nat","new":true}"#);
    comes_in(&ada, &format!("{}/i#{}", server.base, URL_SAFE_NO_PAD.encode(&secret)), "Ada").await?;
    native.waits_for(r#"{"type":"hello","name":"Ada","new":true}"#);
    native.says(br#"{"type":"hello","name":"<i>Nat</i>","new":false}"#);
    ada.sees_text(".beside .person-name", "<i>Nat</i>").await?;
    ada.says("hello \u{1f426}").await?;
    native.waits_for("{\"type\":\"text\",\"text\":\"hello \u{1f426}\"}");

    // What was said before, and what does not open, is not shown; what it is about is.
    native.says(br#"{"type":"text","text":"<img src=x onerror='window.ran = true'>"}"#);
    ada.hears("<img src=x onerror='window.ran = true'>").await?;
    let mut forged = head(Native::SENDER, 77);
    forged.extend_from_slice(&[7; 272]);
    native.ws.send(Message::binary(forged)).unwrap();
    native.counter = 77;
    ada.sees(".beside .warn").await?;

    // A picture of the page's: made anew, so nothing of the file is in it but the picture.
    let picture = server.folder().join("picture.png");
    std::fs::write(&picture, png()).unwrap();
    ada.driver.find(By::Css("#picture-file")).await?.send_keys(picture.to_str().unwrap()).await?;
    ada.clicks("#preview .primary").await?;
    let announced = loop {
        let heard = native.hears();
        if heard.starts_with(br#"{"type":"picture","#) {
            break String::from_utf8(heard).unwrap();
        }
    };
    let piece = native.hears();
    assert_eq!(piece[0], 1);
    assert_eq!(announced, format!(r#"{{"type":"picture","picture":1,"bytes":{}}}"#, piece.len() - 9));
    assert!(piece[9..].starts_with(b"RIFF") && !String::from_utf8_lossy(&piece).contains(CANARY));

    // And one that is no picture, whatever is said of it.
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='window.ran = true'/>";
    native.says(format!(r#"{{"type":"picture","picture":1,"bytes":{}}}"#, svg.len()).as_bytes());
    native.says(&[[1, 0, 0, 0, 1, 0, 0, 0, 0].as_slice(), svg].concat());
    ada.sees_text(".no-photo", "A picture did not come through.").await?;
    assert!(ada.holds("window.ran === undefined && window.broken.length === 0").await?);
    native.says(br#"{"type":"bye"}"#);
    ada.sees_text(".event", "<i>Nat</i> left").await?;
    ada.closes().await
}

#[tokio::test]
async fn a_client_of_seed_four_talks_with_the_page_in_a_plain_room() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let ada = browser.open("ada", 360, 740).await?;
    let mut other = dial(&server.base, "/ws/chat/tea%20room", None);
    ada.goes_to(&format!("{}/?group=tea+room&user=Ada", server.base)).await?;
    ada.sees(".stage[data-line=here]").await?;
    watches_the_policy(&ada).await?;
    ada.sees_text(".room-about", "Not encrypted").await?;
    other.send(Message::text(r#"{"message":"<b>tea?</b>","sender":"<script>","userid":"9b1d"}"#)).unwrap();
    other.send(Message::text("no JSON at all")).unwrap();
    other.send(Message::text(r#"{"typing":true}"#)).unwrap();
    ada.hears("<b>tea?</b>").await?;
    ada.hears("no JSON at all").await?;
    ada.sees_text(".author", "<script>").await?;
    ada.says("with milk").await?;
    ada.sees(".message[data-own=true][data-state=kept]").await?;
    let heard = loop {
        let Message::Text(text) = other.read().unwrap() else { continue };
        if text.contains("milk") {
            break text.to_string();
        }
    };
    assert!(heard.starts_with(r#"{"message":"with milk","sender":"Ada","userid":""#), "{heard}");
    assert_eq!(ada.texts().await?, ["<b>tea?</b>", "no JSON at all", "with milk"]);
    // Somebody says the same again, as if they were Ada: it is not shown as hers.
    other.send(Message::text(heard)).unwrap();
    ada.sees(".message[data-own=false]:last-child").await?;
    assert!(ada.holds("window.broken.length === 0 && document.documentElement.scrollWidth <= innerWidth").await?);
    ada.pictures("instant-plain-360").await?;
    ada.closes().await
}

#[tokio::test]
async fn a_guest_becomes_a_member_and_the_room_stays() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let (ada, bob) = (browser.open("ada", 1280, 800).await?, browser.open("bob", 1280, 800).await?);
    let link = opens_a_room(&ada, &server.base, "Ada").await?;
    comes_in(&bob, &link, "Bob").await?;
    sees_others(&ada, 1).await?;
    bob.says("before").await?;
    ada.hears("before").await?;
    ada.clicks("#become-member").await?;
    ada.types("#username", "ada").await?;
    ada.types("#password", "short").await?;
    ada.driver.execute("document.querySelector('#password').removeAttribute('minlength')", Vec::new()).await?;
    ada.clicks("#account button[type=submit]").await?;
    ada.sees_text(
        "#account .trouble",
        "A password has at least 8 characters. A few words in a row are easy to remember.",
    )
    .await?;
    ada.types("#password", "two stones struck together").await?;
    ada.clicks("#account button[type=submit]").await?;
    ada.sees("#to-rooms").await?;
    let signed_in = "const done = arguments[0]; fetch('/api/v1/session').then(answer => done(answer.status === 200))";
    assert_eq!(ada.driver.execute_async(signed_in, Vec::new()).await?.json().as_bool(), Some(true));
    ada.clicks("#account .round").await?;
    bob.says("after").await?;
    ada.hears("after").await?;
    ada.says("still here").await?;
    bob.hears("still here").await?;
    assert_eq!(ada.texts().await?, ["before", "after", "still here"]);
    // The page knows the person next time, and the start is the rooms then.
    ada.goes_to(&format!("{}/i", server.base)).await?;
    assert_eq!(ada.sees("#nick").await?.prop("value").await?.as_deref(), Some("ada"));
    ada.closes().await?;
    bob.closes().await
}

#[tokio::test]
async fn a_fragment_that_is_no_key_gets_a_sentence() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let ada = browser.open("ada", 768, 900).await?;
    for wrong in [
        "x",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh",
        "%F0%9F%90%A6",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9",
    ] {
        ada.goes_to("about:blank").await?;
        ada.goes_to(&format!("{}/i#{wrong}", server.base)).await?;
        ada.sees_text(".card h1", "This link is not whole").await?;
    }
    ada.clicks(".card .primary").await?;
    ada.sees("#nick").await?;
    ada.closes().await
}
