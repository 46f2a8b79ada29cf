//! What is typed with markers is on the other's screen as what it means; what is typed to do harm is on it as text.

use e2e::{Browser, Server, Window};
use serde_json::json;
use thirtyfour::prelude::*;

const PASSWORD: &str = "two stones struck together";

/// Every construct once.
const LETTER: &str = "# Stones, *again*\n\
    **bold**, *leaning*, ~~gone~~, `code <b>` and 2*3*4 in snake_case\n\
    a second line with https://stones.example/a?b=c#d.\n\n\
    [the site](https://stones.example/) or mailto:bob@stones.example, says @bob\n\n\
    > said **before**\n\
    > and more\n\
    The end: ||the murderer||\n\
    - milk\n  - goat's\n- eggs\n\n\
    3. third\n5. fifth\n\n\
    ```rust\nlet a = \"b\"; // c 1\n    let wide = \"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\";\n```\n\
    שלום עולם";

#[tokio::test]
async fn what_is_typed_with_markers_is_what_it_means_on_the_other_s_screen() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let alice = browser.open("alice", 1280, 1000).await?;
    let bob = browser.open("bob", 360, 1600).await?;
    for (window, name) in [(&alice, "alice"), (&bob, "bob")] {
        window.signs_up(&server.base, name, PASSWORD).await?;
        window.joins("stones").await?;
        watches(window).await?;
    }
    let fetched = "performance.getEntriesByType('resource').some(one => /languages-.*txt/.test(one.name))";
    assert!(!bob.holds(fetched).await?, "the languages came before anybody wanted them");
    pastes(&alice, LETTER).await?;
    bob.sees(".message-text").await?;

    let has = [
        ("p.headline em", "again"),
        ("p strong", "bold"),
        ("p em", "leaning"),
        ("p s", "gone"),
        ("p code", "code <b>"),
        ("p a[href='https://stones.example/a?b=c#d']", "https://stones.example/a?b=c#d"),
        ("p a[href='https://stones.example/'][title='https://stones.example/']", "the site"),
        (
            "a[href='mailto:bob@stones.example'][target=_blank][rel='noopener noreferrer nofollow']",
            "mailto:bob@stones.example",
        ),
        (".mention", "@bob"),
        ("blockquote[dir=auto] > p strong", "before"),
        ("ul > li > ul > li > p", "goat's"),
        ("ul + ol[dir=auto] > li[value='5']", "fifth"),
        (".code[dir=ltr] .code-head span", "rust"),
        (".code pre .code-word", "let"),
        (".code pre .code-text", "\"b\""),
        (".code pre .code-comment", "// c 1"),
    ];
    // Live, and after a reload.
    for reloaded in [false, true] {
        for window in [&alice, &bob] {
            if reloaded {
                window.driver.refresh().await?;
                watches(window).await?;
            }
            for (css, text) in has {
                window.sees_text(&format!(".message-text {css}"), text).await?;
            }
        }
    }
    assert!(bob.holds("!document.querySelector('.message-text b')").await?, "HTML was made of a text");
    let turned = "[...document.querySelectorAll('.message-text > p')].at(-1).matches(':dir(rtl)')";
    assert!(bob.holds(turned).await?, "Hebrew is not written from right to left");
    assert!(bob.holds("document.documentElement.scrollWidth <= innerWidth").await?, "it scrolls sideways");
    assert!(bob.holds("(pre => pre.scrollWidth > pre.clientWidth)(document.querySelector('.code pre'))").await?);

    // What is selected and copied has its lines, and no word that is not of the message.
    let script =
        "getSelection().selectAllChildren(document.querySelector('.message-text')); return getSelection().toString()";
    let selected: String = bob.driver.execute(script, Vec::new()).await?.convert()?;
    assert!(selected.contains("bold, leaning, gone, code <b> and 2*3*4 in snake_case\na second line"), "{selected}");
    assert!(selected.contains("let a = \"b\"; // c 1\n    let wide") && !selected.contains("Copy"), "{selected}");
    bob.driver.execute("getSelection().removeAllRanges()", Vec::new()).await?;
    alice.clicks(".code button").await?;
    alice.sees_text(".code button", "Copied").await?;
    for window in [&alice, &bob] {
        assert_eq!(breaches(window).await?, Vec::<String>::new());
    }
    alice.pictures("markup-1280").await?;
    bob.pictures("markup-360").await?;
    for window in [alice, bob] {
        window.closes().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_spoiler_is_hidden_from_everybody_until_they_want_it() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let alice = browser.open("alice", 768, 900).await?;
    alice.signs_up(&server.base, "alice", PASSWORD).await?;
    alice.joins("stones").await?;
    alice.says("it was ||the *gardener*, see https://x.example|| and ||the cook||").await?;
    alice.sees(".spoiler[role=button][aria-label='Spoiler, show'][tabindex='0']").await?;
    let inert = "document.querySelectorAll('.spoiler[data-hidden] > span[inert]').length === 2";
    assert!(alice.holds(inert).await?);
    let seen: String = alice
        .driver
        .execute("return document.querySelector('.message-text').innerText", Vec::new())
        .await?
        .convert()?;
    assert!(!seen.contains("gardener") && !seen.contains("cook"), "{seen}");
    alice.pictures("markup-spoiler-768").await?;

    alice.clicks(".spoiler[data-hidden]").await?;
    alice.sees_text(".spoiler:not([data-hidden])", "the gardener, see https://x.example").await?;
    alice.driver.execute("document.querySelector('.spoiler[data-hidden]').focus()", Vec::new()).await?;
    alice.presses(Key::Enter).await?;
    alice.sees_no(".spoiler[data-hidden]").await?;
    alice.sees_no(".spoiler[role]").await?;
    assert!(alice.holds("document.activeElement.matches('.spoiler')").await?, "the focus was lost");
    alice.closes().await
}

#[tokio::test]
async fn what_is_typed_to_do_harm_is_text_and_the_page_stays_quick() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let alice = browser.open("alice", 1280, 800).await?;
    let bob = browser.open("bob", 360, 740).await?;
    for (window, name) in [(&alice, "alice"), (&bob, "bob")] {
        window.signs_up(&server.base, name, PASSWORD).await?;
        window.joins("stones").await?;
        watches(window).await?;
    }
    let hostile = [
        "<script>document.title = 'run'</script>",
        "<img src=x onerror=\"document.title = 'run'\">",
        "<svg onload=document.title='run'>",
        "<a href=\"javascript:document.title='run'\">a</a>",
        "[a](javascript:document.title='run')",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html,<script>document.title='run'</script>)",
        "[a](vbscript:x)",
        "[a](blob:x)",
        "[a](file:///etc/passwd)",
        "[a](//evil.example)",
        "javascript:document.title='run'",
        "![a](javascript:alert(1))",
        "<javascript:alert(1)>",
        "\u{202E}txet denrut\u{202C}",
        "https\u{202E}://x.example",
        "\"><b>so</b>",
        "{{constructor.constructor('alert(1)')()}}",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<style>body{display:none}</style>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    ];
    pastes(&alice, &hostile.join("\n")).await?;
    let first = json!(hostile.join("\n"));
    bob.waits_until(&format!("document.querySelector('.message-text')?.textContent === {first}")).await?;
    assert!(bob.holds("!document.querySelector('.message-text a, .message-text :not(p)')").await?, "there is a link");

    let tails =
        ["*".repeat(8_000), ">".repeat(8_000), "> ".repeat(3_999) + "so", "*a* ".repeat(2_000), "||a||".repeat(1_600)];
    let more = ["[a](http://b.example) ".repeat(360), "- a\n".repeat(2_000), "```\n".repeat(2_000), "`a".repeat(4_000)];
    for (count, bomb) in tails.iter().chain(&more).enumerate() {
        pastes(&alice, bomb).await?;
        bob.waits_until(&format!("document.querySelectorAll('.message-text').length === {}", count + 2)).await?;
    }
    bob.waits_until("document.querySelectorAll('.message-text')[1].textContent === '*'.repeat(8000)").await?;
    let deep = "(function deep(node) { return 1 + Math.max(0, ...[...node.children].map(deep)) })\
        (document.querySelector('.rows')) < 60 && document.querySelectorAll('.message-text *').length < 20_000";
    assert!(bob.holds(deep).await?, "the page holds too much");
    // Neither did a script run nor anything try to, and the longest time in which the page did not answer is short even here,
    // where nothing is optimised and others are at work.
    for window in [&alice, &bob] {
        assert!(window.holds("!/run/.test(document.title)").await?, "a script ran");
        assert_eq!(breaches(window).await?, Vec::<String>::new());
        assert!(window.holds("window.longest < 3000").await?, "the page was busy for too long");
    }
    bob.says("still here").await?;
    alice.hears("still here").await?;
    for window in [alice, bob] {
        window.closes().await?;
    }
    Ok(())
}

/// Notes what breaks the page's policy, and how long the page is busy at most.
async fn watches(window: &Window) -> WebDriverResult<()> {
    let script = "window.breaches = []; window.longest = 0; \
        document.addEventListener('securitypolicyviolation', event => breaches.push(event.violatedDirective)); \
        new PerformanceObserver(list => list.getEntries().forEach(task => longest = Math.max(longest, task.duration))) \
        .observe({ type: 'longtask' })";
    window.driver.execute(script, Vec::new()).await.map(drop)
}

async fn breaches(window: &Window) -> WebDriverResult<Vec<String>> {
    window.driver.execute("return window.breaches", Vec::new()).await?.convert()
}

/// Says a text with lines, as if it had been pasted.
async fn pastes(window: &Window, text: &str) -> WebDriverResult<()> {
    let composer = window.sees("#composer textarea").await?;
    let script = "const box = document.querySelector('#composer textarea'); box.value = arguments[0]; \
        box.dispatchEvent(new InputEvent('input', { bubbles: true }))";
    window.driver.execute(script, vec![json!(text)]).await?;
    composer.send_keys("" + Key::Enter).await
}
