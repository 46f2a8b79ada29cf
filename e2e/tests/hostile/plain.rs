//! The pages that need no script, and the way from the first page into a plain room.

use e2e::Browser;
use testkit::cast::Guest;
use thirtyfour::prelude::*;

use crate::{
    AT_ONCE, becomes_at, does,
    doors::{comes, does_at_once},
    logged, reports, texts, watched,
};

/// Sends a form of the page with this text in its fields.
const SENDS: &str = "const form = $(`FORM`);
    // No more than the field takes: what is asked for by an address is bounded there.
    for (const field of form.querySelectorAll('input:not([type=hidden]), textarea')) {
        field.value = field.maxLength > 0 ? TEXT.slice(0, field.maxLength) : TEXT;
    }
    window.before = true;
    HTMLFormElement.prototype.submit.call(form);
    return []";

/// What came of a name: its room, or words.
const JOINED: &str = "const told = $('#error, main.card p')?.textContent ?? '';
    const [wrong, name] = [sane(), tidy(Object.assign(document.createElement('input'), { value: TEXT.toWellFormed() }).value)];
    if (location.pathname.startsWith('/plain/rooms/')) {
        const title = $('h1').textContent.replace(/^#/, '');
        return title.toLowerCase() === name.toLowerCase() ? wrong : [...wrong, `the room ${short(name)} is called ${short(title)}`];
    }
    return words(told) ? wrong : [...wrong, `no words about the room ${short(name)}: ${short(told)}`]";

/// What came of words: they stand there, or why not.
const SAID: &str = "const told = $('#error, main.card p')?.textContent ?? '';
    const [wrong, last] = [sane(), all('.plain-text').at(-1)?.textContent ?? ''];
    if (told ? words(told) : blank(TEXT) || bare(last) === bare(TEXT.replaceAll('\\0', '\u{FFFD}'))) return wrong;
    return [...wrong, `${short(TEXT)} is shown as ${short(last)}: ${told}`]";

/// What came of a room's name and a nickname on the first page.
const WENT: &str = "await until(() => $('#nick, .stage, main.card p, .landing'), 'a page');
    return sane()";

#[tokio::test]
async fn what_is_typed_into_plain_pages_is_text_or_refused_in_words() -> WebDriverResult<()> {
    let server = logged(&[]);
    let browser = Browser::start();
    let home = Guest::signs_up(&server.base, "watcher").joins("quarry");
    let window = watched(&browser, "mallory", 360, 740).await?;
    let mut wrong = Vec::new();
    for (turn, some) in texts().chunks(AT_ONCE).enumerate() {
        let who = Guest::signs_up(&server.base, &format!("person{turn}"));
        who.joins("quarry");
        for text in some {
            for (path, form, then) in [
                ("/plain/".to_owned(), "main form[action='/plain/join']", JOINED),
                (format!("/plain/rooms/{home}"), "main form[action$='/messages']", SAID),
            ] {
                becomes_at(&window, &server, &who, &path).await?;
                does_at_once(&window, &SENDS.replace("FORM", form).replace("TEXT", text)).await?;
                comes(&window).await?;
                let found = does_at_once(&window, &then.replace("TEXT", text)).await?;
                wrong.extend(found.into_iter().map(|found| format!("{path}: {found}")));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(reports(&server), 0, "a browser reported a breach of the policy");
    window.closes().await
}

#[tokio::test]
async fn the_first_page_leads_into_a_room_or_says_why_not() -> WebDriverResult<()> {
    let server = logged(&[]);
    let browser = Browser::start();
    let window = watched(&browser, "mallory", 360, 740).await?;
    let mut wrong = Vec::new();
    for text in texts() {
        window.goes_to(&server.base).await?;
        does_at_once(&window, &SENDS.replace("FORM", "form[action='/']").replace("TEXT", &text)).await?;
        comes(&window).await?;
        wrong.extend(does(&window, WENT).await?.into_iter().map(|found| format!("{text:.60}: {found}")));
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(reports(&server), 0, "a browser reported a breach of the policy");
    window.closes().await
}
