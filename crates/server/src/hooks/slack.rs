//! What programs send to Slack's incoming webhooks, as a message of this house: the text of the payload, its blocks and attachments, and
//! Slack's own markup turned into Markdown.

use protocol::http::SlackBody;
use serde_json::Value;

/// The whole text of a payload; an empty one if there is none.
pub(crate) fn text(body: &SlackBody) -> String {
    let objects = |of: &Option<Vec<_>>| of.iter().flatten().cloned().map(Value::Object).collect::<Vec<_>>();
    let blocks: Vec<String> = objects(&body.blocks).iter().filter_map(block).collect();
    let said: Vec<String> =
        if blocks.is_empty() { body.text.as_deref().map(markdown).into_iter().collect() } else { blocks };
    let below = objects(&body.attachments).iter().filter_map(attachment).collect::<Vec<_>>();
    [said, below].concat().join("\n")
}

/// A block that has words: of its own, or of its parts.
fn block(block: &Value) -> Option<String> {
    let heading = block["type"] == "header";
    let parts = [&block["text"]].into_iter().chain(array(&block["fields"])).chain(array(&block["elements"]));
    let words: Vec<String> = parts.filter_map(words).collect();
    let text = words.join("\n");
    match (text.is_empty(), heading) {
        (true, _) => None,
        (false, true) => Some(format!("**{text}**")),
        (false, false) => Some(text),
    }
}

/// A text object: plain, or with markup.
fn words(object: &Value) -> Option<String> {
    let text = object["text"].as_str()?;
    Some(if object["type"] == "mrkdwn" { markdown(text) } else { unescaped(text) })
}

fn attachment(attachment: &Value) -> Option<String> {
    let text = |name: &str| attachment[name].as_str().filter(|text| !text.is_empty());
    let title = text("title").map(|title| match text("title_link") {
        Some(link) => linked(link, Some(title)),
        None => format!("**{}**", unescaped(title)),
    });
    let fields = array(&attachment["fields"]).filter_map(|field| {
        Some(format!("{}: {}", unescaped(field["title"].as_str()?), markdown(field["value"].as_str()?)))
    });
    let lines = [text("pretext").map(markdown), title, text("text").map(markdown)];
    let lines: Vec<String> = lines.into_iter().flatten().chain(fields).collect();
    if lines.is_empty() { text("fallback").map(unescaped) } else { Some(lines.join("\n")) }
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Slack's markup as Markdown: `*strong*`, `~gone~`, `<address|words>`. What stands in backticks is left as it is.
fn markdown(text: &str) -> String {
    // Every second piece is code.
    let pieces = text.split('`').enumerate();
    let pieces = pieces.map(|(number, piece)| if number % 2 == 0 { prose(piece) } else { unescaped(piece) });
    pieces.collect::<Vec<_>>().join("`")
}

fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(&unescaped(&doubled(before)));
        if let Some((inside, left)) = after.split_once('>') {
            out.push_str(&referred(inside));
            rest = left;
        } else {
            out.push('<');
            rest = after;
        }
    }
    out.push_str(&unescaped(&doubled(rest)));
    out
}

/// What stands between angle brackets: an address, somebody, a room, or everybody.
fn referred(inside: &str) -> String {
    let (what, label) = inside.split_once('|').map_or((inside, None), |(what, label)| (what, Some(label)));
    let label = label.filter(|label| !label.is_empty());
    match what.as_bytes().first() {
        Some(b'!') if ["!here", "!channel", "!everyone"].contains(&what) => "@room".to_owned(),
        Some(b'!') => unescaped(label.unwrap_or_default()),
        Some(sign @ (b'@' | b'#')) => {
            let name = label.map_or_else(|| unescaped(what.get(1..).unwrap_or_default()), unescaped);
            format!("{}{}", char::from(*sign), name.trim_start_matches(['@', '#']))
        }
        _ => linked(what, label),
    }
}

fn linked(address: &str, label: Option<&str>) -> String {
    let address = unescaped(address);
    match label {
        Some(label) if label != address => format!("[{}]({address})", unescaped(label).replace(['[', ']'], "")),
        _ => address,
    }
}

/// `*` and `~` around words, twice each. Alone, or around nothing, they are signs like others.
fn doubled(text: &str) -> String {
    ['*', '~'].into_iter().fold(text.to_owned(), |text, sign| {
        let lines = text.split('\n').map(|line| pairs(line, sign));
        lines.collect::<Vec<_>>().join("\n")
    })
}

fn pairs(line: &str, sign: char) -> String {
    let mut out = String::with_capacity(line.len() + 4);
    let mut rest = line;
    while let Some((before, after)) = rest.split_once(sign) {
        out.push_str(before);
        let begins =
            !before.ends_with(|c: char| c.is_alphanumeric() || c == sign) && !after.starts_with(char::is_whitespace);
        let inside = after.split_once(sign).filter(|(inside, left)| {
            let ends = !inside.is_empty() && !inside.ends_with(char::is_whitespace);
            begins && ends && !left.starts_with(|c: char| c.is_alphanumeric() || c == sign)
        });
        if let Some((inside, left)) = inside {
            out.extend([sign, sign]);
            out.push_str(inside);
            out.extend([sign, sign]);
            rest = left;
        } else {
            out.push(sign);
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// The three signs that Slack wants escaped.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(payload: Value) -> String {
        text(&serde_json::from_value(payload).unwrap())
    }

    #[test]
    fn markup_is_turned_into_ours() {
        for (slack, ours) in [
            ("Hello, world.", "Hello, world."),
            ("*deployed* in ~10~ 7 s, 2*3*4", "**deployed** in ~~10~~ 7 s, 2*3*4"),
            (
                "<https://example.org|the log> of <https://example.org>",
                "[the log](https://example.org) of https://example.org",
            ),
            ("a &lt; b &amp;&amp; `*x* &gt; <y>`", "a < b && `*x* > <y>`"),
            ("<!here> ask <@U12|rook> in <#C1|general>, not <@U7>", "@room ask @rook in #general, not @U7"),
            ("<!date^1392734382^{date}|18 Feb> < 3 <", "18 Feb < 3 <"),
            ("*a\n* b*", "*a\n* b*"),
            ("**", "**"),
            ("<", "<"),
            ("<>", ""),
            ("<|>", ""),
            ("`", "`"),
        ] {
            assert_eq!(markdown(slack), ours, "{slack}");
        }
    }

    #[test]
    fn blocks_stand_for_the_text_and_attachments_below() {
        let payload = json!({
            "text": "for notifications",
            "blocks": [
                { "type": "header", "text": { "type": "plain_text", "text": "Build *7*" } },
                { "type": "divider" },
                { "type": "section", "text": { "type": "mrkdwn", "text": "*green*" }, "fields": [{ "type": "mrkdwn", "text": "a" }] },
                { "type": "context", "elements": [{ "type": "mrkdwn", "text": "by rook" }, { "type": "image" }] },
                {}, { "text": 7, "elements": { "text": "x" }, "fields": [7, null, "x", [], {}] },
            ],
            "attachments": [
                { "fallback": "unseen", "title": "Log", "title_link": "https://example.org/7", "fields": [{ "title": "Took", "value": "3 s" }] },
                { "fallback": "seen" },
                { "color": "#fff" },
                {},
            ],
        });
        assert_eq!(
            read(payload),
            "**Build *7***\n**green**\na\nby rook\n[Log](https://example.org/7)\nTook: 3 s\nseen"
        );
        assert_eq!(read(json!({ "username": "x" })), "");
    }
}
