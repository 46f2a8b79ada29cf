//! Files in the browser: chosen, pasted and dropped; seen on the other's screen; and of no use to anybody else.

use e2e::{Browser, Server, Window};
use serde_json::json;
use thirtyfour::prelude::*;

const PASSWORD: &str = "two stones struck together";

/// Draws a picture and hands it to `use(files)`, as a `DataTransfer` would carry it.
const PICTURE: &str = "const [name, color, done] = arguments;
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 400 });
    const paint = canvas.getContext('2d');
    paint.fillStyle = color; paint.fillRect(0, 0, 640, 400);
    paint.fillStyle = 'white'; paint.fillRect(40, 40, 120, 120);
    canvas.toBlob((blob) => {
      const carried = new DataTransfer();
      carried.items.add(new File([blob], name, { type: 'image/png' }));
      use(carried);
      done(true);
    }, 'image/png');";

/// Has the browser do with a picture what a person does with one.
async fn gives(window: &Window, name: &str, color: &str, how: &str) -> WebDriverResult<()> {
    let script = format!("const use = (carried) => {{ {how} }}; {PICTURE}");
    window.driver.execute_async(script, vec![json!(name), json!(color)]).await.map(drop)
}

const CHOSEN: &str = "const field = document.getElementById('files'); field.files = carried.files;
    field.dispatchEvent(new Event('change', { bubbles: true }));";
const PASTED: &str = "document.querySelector('#composer textarea').dispatchEvent(
    new ClipboardEvent('paste', { clipboardData: carried, bubbles: true, cancelable: true }));";
const DROPPED: &str = "const room = document.querySelector('.scroller');
    for (const what of ['dragenter', 'dragover', 'drop'])
      room.dispatchEvent(new DragEvent(what, { dataTransfer: carried, bubbles: true, cancelable: true }));";

/// What the window's own session gets from an address: the status, and whether a picture came.
async fn fetches(window: &Window, path: &str) -> WebDriverResult<(u16, String)> {
    let script = "const [path, done] = arguments;
        fetch(path).then((answer) => done([answer.status, answer.headers.get('content-type') ?? '']));";
    let answer = window.driver.execute_async(script, vec![json!(path)]).await?;
    answer.convert()
}

#[tokio::test]
async fn pictures_are_chosen_pasted_and_dropped_and_belong_to_the_room() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let alice = browser.open("alice", 1280, 800).await?;
    let bob = browser.open("bob", 360, 740).await?;
    let carol = browser.open("carol", 768, 900).await?;
    for (window, name) in [(&alice, "alice"), (&bob, "bob"), (&carol, "carol")] {
        window.signs_up(&server.base, name, PASSWORD).await?;
    }
    alice.joins("quarry").await?;
    bob.joins("quarry").await?;

    gives(&alice, "chosen.png", "crimson", CHOSEN).await?;
    gives(&alice, "pasted.png", "seagreen", PASTED).await?;
    gives(&alice, "dropped.png", "royalblue", DROPPED).await?;
    alice.sees(".tray-item:nth-child(3)").await?;
    alice.says("Three stones").await?;
    alice.sees_no(".tray").await?;

    // The other one sees them, in their order, without a reload.
    bob.hears("Three stones").await?;
    for n in 1..=3 {
        bob.sees(&format!(".picture:nth-child({n}) img")).await?;
    }
    let loaded =
        "[...document.querySelectorAll('.picture img')].every((image) => image.complete && image.naturalWidth > 0)";
    bob.waits_until(loaded).await?;
    bob.pictures("files-360").await?;
    alice.pictures("files-1280").await?;

    opens_large(&bob).await?;

    // The same address, by whoever may and by whoever may not.
    let source = bob.sees(".picture:nth-child(1) img").await?.prop("src").await?.unwrap_or_default();
    let preview = source.trim_start_matches(&server.base).to_owned();
    let whole = preview.trim_end_matches("/preview").to_owned();
    for path in [&preview, &whole] {
        let (status, kind) = fetches(&bob, path).await?;
        assert_eq!(status, 200, "{path}");
        assert!(kind.starts_with("image/"), "{kind}");
        assert_eq!(fetches(&carol, path).await?.0, 404, "{path} for somebody who is not in the room");
    }
    // Its author takes the message back, and the files are gone at that moment.
    gives(&alice, "brief.png", "gold", CHOSEN).await?;
    alice.says("Not for long").await?;
    bob.hears("Not for long").await?;
    let brief = bob.sees(".message:last-child .picture img").await?.prop("src").await?.unwrap_or_default();
    let brief = brief.trim_start_matches(&server.base).trim_end_matches("/preview").to_owned();
    assert_eq!(fetches(&bob, &brief).await?.0, 200);
    alice.sees_last("kept").await?;
    alice
        .driver
        .action_chain()
        .move_to_element_center(&alice.sees(".message:last-child .bubble").await?)
        .perform()
        .await?;
    alice.clicks(".message:last-child .message-more").await?;
    alice.clicks(".menu-item:last-child").await?;
    alice.clicks("#deleting .danger").await?;
    bob.sees(".message:last-child [data-trace]").await?;
    bob.sees_no(".message:last-child .picture").await?;
    assert_eq!(fetches(&bob, &brief).await?.0, 404, "the file of a message that is gone");
    assert_eq!(fetches(&alice, &brief).await?.0, 404, "also for its author");
    let left = "const [done] = arguments; const room = location.pathname.split('/').pop();
        fetch(`/api/v1/rooms/${room}/members/me`, { method: 'DELETE' }).then((answer) => done(answer.status));";
    assert_eq!(bob.driver.execute_async(left, Vec::new()).await?.convert::<u16>()?, 204);
    for path in [&preview, &whole] {
        assert_eq!(fetches(&bob, path).await?.0, 404, "{path} after leaving");
    }
    for window in [alice, bob, carol] {
        window.closes().await?;
    }
    drop(server);
    Ok(())
}

/// One of the pictures over everything: by keyboard to the next, larger, and away.
async fn opens_large(bob: &Window) -> WebDriverResult<()> {
    bob.clicks(".picture:nth-child(1) .picture-open").await?;
    bob.sees("#lightbox[open] img[alt='chosen.png']").await?;
    bob.presses(Key::Right).await?;
    bob.sees("#lightbox[open] img[alt='pasted.png']").await?;
    bob.driver.action_chain().send_keys("+").perform().await?;
    bob.sees("#lightbox img[data-zoomed]").await?;
    bob.sees("#lightbox a[download='pasted.png']").await?;
    bob.pictures("lightbox-360").await?;
    bob.presses(Key::Escape).await?;
    bob.sees_no("#lightbox[open]").await
}

#[tokio::test]
async fn an_upload_goes_on_where_the_line_broke_and_its_progress_is_seen() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let alice = browser.open("alice", 768, 900).await?;
    alice.signs_up(&server.base, "alice", PASSWORD).await?;
    alice.joins("quarry").await?;
    // The second piece is torn once: the browser is told that nothing came of it.
    let torn = "const open = XMLHttpRequest.prototype.open, send = XMLHttpRequest.prototype.send; window.pieces = 0;
        XMLHttpRequest.prototype.open = function (method, ...rest) { this.how = method; return open.call(this, method, ...rest); };
        XMLHttpRequest.prototype.send = function (body) {
          send.call(this, body);
          if (this.how === 'PATCH' && ++window.pieces === 2) this.abort();
        };";
    alice.driver.execute(torn, Vec::new()).await?;
    let chosen = "const carried = new DataTransfer();
        window.stones = Uint8Array.from({ length: 3_500_000 }, (_, place) => (place * 7 + (place >> 8)) & 255);
        carried.items.add(new File([window.stones], 'stones.bin'));
        const field = document.getElementById('files'); field.files = carried.files;
        field.dispatchEvent(new Event('change', { bubbles: true }));";
    alice.driver.execute(chosen, Vec::new()).await?;
    alice.sees(".tray-item progress").await?;
    // It is said before it is there, and waits for it.
    alice.says("The whole quarry").await?;
    alice.sees(".message a.file[download='stones.bin']").await?;
    alice.sees_last("kept").await?;
    let same = "const done = arguments[0]; const { href } = document.querySelector('.message a.file');
        fetch(href).then((answer) => answer.arrayBuffer()).then((came) => {
          const bytes = new Uint8Array(came);
          done(bytes.length === stones.length && bytes.every((byte, place) => byte === stones[place]));
        });";
    assert!(alice.driver.execute_async(same, Vec::new()).await?.convert::<bool>()?, "every byte is where it was");

    // What is too large is told before anything is sent.
    let large = "const carried = new DataTransfer();
        carried.items.add(new File([new Uint8Array(25 * 1024 * 1024 + 1)], 'mountain.bin'));
        window.pieces = 0; const field = document.getElementById('files'); field.files = carried.files;
        field.dispatchEvent(new Event('change', { bubbles: true }));";
    alice.driver.execute(large, Vec::new()).await?;
    let told = alice.sees(".tray-item[data-failed] .tray-stage").await?.text().await?;
    assert!(told.contains("at most 25 MB"), "{told}");
    assert!(alice.holds("window.pieces === 0").await?);
    alice.clicks(".tray-item button[aria-label='Remove mountain.bin']").await?;
    alice.sees_no(".tray").await?;
    alice.closes().await?;
    drop(server);
    Ok(())
}

#[tokio::test]
async fn somebody_speaks_and_is_heard_faster() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let alice = browser.open("alice", 360, 740).await?;
    alice.signs_up(&server.base, "alice", PASSWORD).await?;
    alice.joins("quarry").await?;
    alice.clicks(".record").await?;
    alice.waits_until("document.querySelector('.recording-time')?.textContent === '0:02'").await?;
    alice.clicks(".recording-keep").await?;
    alice.sees(".tray-item").await?;
    alice.says("").await?;
    alice.sees(".message .sound").await?;
    alice.sees_last("kept").await?;
    // How loud it was, and how long: the browser's own recordings do not say that themselves.
    alice.waits_until("document.querySelectorAll('.bars i').length > 20").await?;
    alice.waits_until("document.querySelector('.sound-time').textContent === '0:02'").await?;
    alice.clicks(".sound-speed").await?;
    assert_eq!(alice.sees(".sound-speed").await?.text().await?, "1.5×");
    alice.clicks(".sound-play").await?;
    alice.waits_until("document.querySelector('.sound audio').playbackRate === 1.5").await?;
    alice.waits_until("document.querySelectorAll('.bars i[data-passed]').length > 3").await?;
    alice.pictures("voice-360").await?;
    alice.closes().await?;
    drop(server);
    Ok(())
}
