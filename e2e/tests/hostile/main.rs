//! Whatever is typed into any field of any page is shown as text or refused in words. No script runs, the page's policy is not
//! broken, nothing complains, and nothing moves sideways on a telephone.
//!
//! `STONECHAT_TEST_TEXTS=all` puts every text through every field, which takes a quarter of an hour; else it is one in a dozen.

mod doors;
mod own_emoji;
mod plain;
mod strings;

use std::time::Duration;

use e2e::{Browser, Server, Terms, Window};
use model::RoomId;
use serde_json::json;
use testkit::cast::Guest;
use thirtyfour::prelude::*;

/// Texts that one person puts through all fields: what people may tell of themselves, and search, has a pace.
const AT_ONCE: usize = 10;
const WATCH: &str = include_str!("watch.js");
const PAGE: &str = include_str!("page.js");

/// Texts as the page reads them: JSON, so that there may be broken UTF-16 among them.
fn texts() -> Vec<String> {
    let broken = strings::BROKEN.iter().map(|text| format!("\"{text}\""));
    let all = strings::all().into_iter().map(|text| json!(text).to_string()).chain(broken);
    let every = if std::env::var("STONECHAT_TEST_TEXTS").is_ok_and(|texts| texts == "all") { 1 } else { 12 };
    all.step_by(every).collect()
}

/// A window that writes down what should not happen.
async fn watched(browser: &Browser, name: &str, width: u32, height: u32) -> WebDriverResult<Window> {
    let window = browser.open(name, width, height).await?;
    // One script does much, and gives up by itself when anything of it does not come.
    window.driver.set_script_timeout(Duration::from_mins(2)).await?;
    let script = json!({ "source": WATCH });
    window.driver.cdp().send_raw("Page.addScriptToEvaluateOnNewDocument", script).await?;
    Ok(window)
}

/// A server that writes its log into a file.
fn logged(flags: &[&str]) -> Server {
    let flags = flags.iter().map(ToString::to_string).collect();
    let terms = Terms { under: vec!["env".into()], ..Terms::default() };
    Server::start_with(None, flags).restarted_on(&terms)
}

/// How many breaches of the page's policy browsers have reported.
fn reports(server: &Server) -> usize {
    let log = std::fs::read_to_string(server.folder().join("log")).unwrap_or_default();
    log.matches("csp.directive").count()
}

/// Does something in the page; what is wrong with what it sees.
async fn does(window: &Window, what: &str) -> WebDriverResult<Vec<String>> {
    let script = format!(
        "const done = arguments[0]; (async () => {{ {PAGE}; {what} }})().then(done, (why) => done([`${{why.stack ?? why}}`]))"
    );
    window.driver.execute_async(script, Vec::new()).await?.convert()
}

/// Signs a window in as somebody, in the room.
async fn becomes(window: &Window, server: &Server, who: &Guest, room: &str) -> WebDriverResult<()> {
    becomes_at(window, server, who, room).await?;
    window.sees("#composer textarea").await.map(drop)
}

/// The same, at any page.
async fn becomes_at(window: &Window, server: &Server, who: &Guest, path: &str) -> WebDriverResult<()> {
    window.goes_to(&format!("{}/favicon.ico", server.base)).await?;
    window.driver.add_cookie(Cookie::new("stonechat_sid", who.token.clone())).await?;
    window.goes_to(&format!("{}{path}", server.base)).await
}

#[tokio::test]
async fn what_is_typed_into_the_app_is_text_or_refused_in_words() -> WebDriverResult<()> {
    let server = logged(&["--trusted-proxies", "127.0.0.1/32"]);
    let browser = Browser::start();
    let watcher = Guest::signs_up(&server.base, "watcher");
    let room = watcher.joins("quarry");
    let bob = watched(&browser, "bob", 360, 740).await?;
    becomes(&bob, &server, &watcher, &format!("/rooms/{room}")).await?;
    let texts: Vec<(usize, String)> = texts().chunks(AT_ONCE).map(|some| some.join(", ")).enumerate().collect();
    let (odd, even): (Vec<_>, Vec<_>) = texts.into_iter().partition(|(turn, _)| turn % 2 == 1);
    let (odd, even) = tokio::join!(types(&browser, &server, room, odd), types(&browser, &server, room, even));
    assert_eq!([odd?, even?].concat(), Vec::<String>::new());

    // Who looks on, on a telephone, has seen all of it, and so sees whoever comes later.
    bob.driver.refresh().await?;
    bob.sees(".message").await?;
    for act in ["", "await reads();", "await meets_members();"] {
        assert_eq!(does(&bob, &format!("{act} return sane();")).await?, Vec::<String>::new());
    }
    bob.pictures("hostile-360").await?;
    bob.says("still here").await?;
    bob.hears("still here").await?;
    notices(&bob, &server).await?;
    bob.closes().await
}

/// What people do with texts, each of whom has something to say of what they see.
const ACTS: [&str; 13] = [
    "says(texts)",
    "edits(texts)",
    "answers(texts)",
    "commands(texts)",
    "forwards(texts)",
    "searches(texts)",
    "switches(texts)",
    "filters(texts)",
    "attaches(texts)",
    "visits(texts, home)",
    "enters(texts, home)",
    "brings(texts, home)",
    "tells(texts)",
];

/// Puts texts through every field of the app, each some of them by a person of their own. What is wrong with what they see.
async fn types(
    browser: &Browser,
    server: &Server,
    room: RoomId,
    texts: Vec<(usize, String)>,
) -> WebDriverResult<Vec<String>> {
    let window = watched(browser, &format!("lane{}", texts[0].0), 1280, 900).await?;
    let mut wrong = Vec::new();
    for (turn, some) in texts {
        let address = format!("10.2.0.{turn}");
        let who = Guest::signs_up_from(&address, &server.base, &format!("person{turn}"));
        who.joins("quarry");
        becomes(&window, server, &who, &format!("/rooms/{room}")).await?;
        for act in ACTS {
            wrong.extend(act_on(&window, room, &some, act).await?);
        }
        // Another: what one person tells of themselves has a pace.
        let other = Guest::signs_up_from(&address, &server.base, &format!("other{turn}"));
        other.joins("quarry");
        becomes(&window, server, &other, &format!("/rooms/{room}")).await?;
        wrong.extend(act_on(&window, room, &some, "signs(texts)").await?);
    }
    window.closes().await?;
    Ok(wrong)
}

/// Does one thing with some texts. What is wrong with what is seen then.
async fn act_on(window: &Window, room: RoomId, texts: &str, act: &str) -> WebDriverResult<Vec<String>> {
    let what = format!("const [home, texts] = [{room}, [{texts}]]; return [...await {act}, ...sane()];");
    let found = does(window, &what).await?;
    Ok(found.into_iter().map(|found| format!("{act}: {found}")).collect())
}

/// The watch is awake: what should not happen would have been seen, by the page and by the server.
async fn notices(window: &Window, server: &Server) -> WebDriverResult<()> {
    assert_eq!(reports(server), 0, "a browser reported a breach of the policy");
    let breach = "try { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=hit(1)>') } catch {} \
        console.error('so'); const script = document.createElement('div'); try { script.setAttribute('onclick', 'hit(1)'); \
        document.body.append(script); script.click(); } catch {} setTimeout(() => hit('so'));";
    window.driver.execute(breach, Vec::new()).await?;
    window.waits_until("hits.some((hit) => hit.startsWith('policy')) && hits.includes('a script ran: so')").await?;
    testkit::wait::wait_until("the server's word of it", Duration::from_secs(10), || {
        (reports(server) > 0).then_some(())
    });
    Ok(())
}
