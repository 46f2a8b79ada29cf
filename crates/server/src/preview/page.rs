//! What a page says of itself, by the Open Graph protocol (<https://ogp.me>) or by plain HTML.

use encoding_rs::{Encoding, UTF_8};
use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};
use model::limits::{PREVIEW_TEXT_CHARS_MAX, PREVIEW_TITLE_CHARS_MAX};

/// Where a page may say in which letters it is written, in bytes (HTML, 13.2.3.2).
const LETTERS_WITHIN: usize = 1_024;
/// Tags that are looked at. What a page says of itself stands before that.
const TAGS_MAX: usize = 2_000;

/// What a page says of itself: one line each.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) site: Option<String>,
    pub(super) title: Option<String>,
    pub(super) text: Option<String>,
    /// Where its picture is, as it stands there.
    pub(super) picture: Option<String>,
}

/// Reads the beginning of a page. Nothing in it fails: what is not understood is passed over.
pub(super) fn read(html: &str) -> Told {
    let (mut told, mut plain) = (Told::default(), Told::default());
    let mut emitter = DefaultEmitter::default();
    // What looks like a tag within a script is none.
    emitter.naively_switch_states(true);
    let mut title: Option<String> = None;
    let mut tags = 0;
    for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
        match token {
            Token::StartTag(tag) if tag.name.as_slice() == b"body" || tags > TAGS_MAX => break,
            Token::StartTag(tag) => {
                tags += 1;
                match tag.name.as_slice() {
                    b"title" => title = Some(String::new()),
                    b"meta" => note(&tag, &mut told, &mut plain),
                    _ => {}
                }
            }
            Token::String(text) => {
                if let Some(title) = &mut title {
                    title.push_str(&String::from_utf8_lossy(&text));
                }
            }
            Token::EndTag(tag) if tag.name.as_slice() == b"title" => {
                if let Some(title) = title.take() {
                    plain.title = plain.title.or_else(|| line(&title, PREVIEW_TITLE_CHARS_MAX));
                }
            }
            Token::EndTag(_) | Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    Told {
        site: told.site,
        title: told.title.or(plain.title),
        text: told.text.or(plain.text),
        picture: told.picture.or(plain.picture),
    }
}

/// Notes what one `meta` says: `told` what is for previews, `plain` what is there anyway. What comes first counts.
fn note(tag: &StartTag<()>, told: &mut Told, plain: &mut Told) {
    let attribute = |name: &[u8]| tag.attributes.get(name).map(|value| String::from_utf8_lossy(value));
    let Some(content) = attribute(b"content") else { return };
    let Some(name) = attribute(b"property").or_else(|| attribute(b"name")) else { return };
    let (place, chars) = match name.to_ascii_lowercase().as_str() {
        "og:site_name" => (&mut told.site, PREVIEW_TITLE_CHARS_MAX),
        "og:title" => (&mut told.title, PREVIEW_TITLE_CHARS_MAX),
        "og:description" => (&mut told.text, PREVIEW_TEXT_CHARS_MAX),
        "og:image" | "og:image:url" | "og:image:secure_url" => (&mut told.picture, usize::MAX),
        "twitter:title" => (&mut plain.title, PREVIEW_TITLE_CHARS_MAX),
        "description" | "twitter:description" => (&mut plain.text, PREVIEW_TEXT_CHARS_MAX),
        "twitter:image" => (&mut plain.picture, usize::MAX),
        _ => return,
    };
    if place.is_none() {
        *place = line(&content, chars);
    }
}

/// One line without what cannot be seen, cut. `None`: nothing is left.
fn line(text: &str, chars: usize) -> Option<String> {
    let seen = |c: &char| c.is_whitespace() || !c.is_control();
    let text: String = text.chars().filter(seen).collect();
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().nth(chars).is_none() {
        return Some(line).filter(|line| !line.is_empty());
    }
    let cut: String = line.chars().take(chars.saturating_sub(1)).collect();
    Some(format!("{}…", cut.trim_end()))
}

/// The text of a page: by its first bytes, by what the answer says, by what the page itself says, or else UTF-8.
pub(super) fn decode(body: &[u8], media_type: &str) -> String {
    let said = label(media_type.as_bytes());
    let beginning = body.get(..LETTERS_WITHIN).unwrap_or(body);
    let encoding = said.or_else(|| label(beginning)).unwrap_or(UTF_8);
    encoding.decode(body).0.into_owned()
}

/// The encoding that stands after the first `charset=`.
fn label(bytes: &[u8]) -> Option<&'static Encoding> {
    const KEY: &[u8] = b"charset=";
    let at = bytes.windows(KEY.len()).position(|window| window.eq_ignore_ascii_case(KEY))?;
    let rest = bytes.get(at + KEY.len()..)?;
    let rest = rest.iter().skip_while(|byte| matches!(byte, b'"' | b'\'' | b' '));
    let name: Vec<u8> =
        rest.take_while(|byte| byte.is_ascii_alphanumeric() || b"-_:".contains(byte)).copied().collect();
    Encoding::for_label(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_known_by_what_it_says_for_previews_and_else_by_its_title() {
        let page = r#"<!doctype html><html><head><title>Plain  title</title>
            <meta name="description" content="plain">
            <meta property="og:title" content="Stones &amp; birds"><meta property="og:title" content="second">
            <meta property="og:description" content=" Two
              lines "><meta property="og:site_name" content="The Heath">
            <META PROPERTY='og:image' CONTENT='/bird.png'></head><body><meta property="og:image" content="late">"#;
        let told = read(page);
        assert_eq!(told.title.as_deref(), Some("Stones & birds"));
        assert_eq!(told.text.as_deref(), Some("Two lines"));
        assert_eq!(told.site.as_deref(), Some("The Heath"));
        assert_eq!(told.picture.as_deref(), Some("/bird.png"));
        let plain = read("<title>A <b>title</title><meta name=description content='about it'>");
        assert_eq!([plain.title.as_deref(), plain.text.as_deref()], [Some("A <b>title"), Some("about it")]);
    }

    #[test]
    fn what_is_no_page_or_a_strange_one_says_nothing_or_little() {
        for strange in
            ["", "\0", "<", "<title>", "<meta", "<meta property=og:title>", "<meta content=x>", "<title>\u{7}</title>"]
        {
            assert_eq!(read(strange), Told::default(), "{strange:?}");
        }
        let script =
            "<script>var a = '<meta property=og:title content=no><title>no</title>'</script><title>yes</title>";
        assert_eq!(read(script).title.as_deref(), Some("yes"));
        let title = read(&format!("<title>{}</title>", "a ".repeat(100_000))).title.unwrap();
        assert_eq!(title.chars().count(), PREVIEW_TITLE_CHARS_MAX);
        assert!(title.ends_with('…'));
        assert_eq!(read(&format!("{}<title>late</title>", "<link>".repeat(TAGS_MAX + 1))).title, None);
        assert_eq!(read("<title>a\u{202E}\u{0}b</title>").title.as_deref(), Some("a\u{202E}\u{FFFD}b"));
    }

    #[test]
    fn letters_are_read_by_what_is_said_of_them() {
        assert_eq!(decode(b"gr\xFC\xDFe", "text/html; charset=ISO-8859-1"), "grüße");
        assert_eq!(decode(b"<meta charset=\"windows-1251\">\xEF", "text/html"), "<meta charset=\"windows-1251\">п");
        assert_eq!(decode("grüße".as_bytes(), "text/html"), "grüße");
        assert_eq!(decode(b"\xEF\xBB\xBFa", "text/html; charset=latin1"), "a");
        assert_eq!(decode(b"\xFF\xFE", "text/html; charset=nonsense"), "");
        assert_eq!(decode(b"a\xFF", "text/html"), "a\u{FFFD}");
    }
}
