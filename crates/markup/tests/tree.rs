//! What becomes of what people type. Trees are written as `<em>so</em>`, one block after the other.

use markup::{Block, Item, Mark, Span, links, mentions, parse, plain};

fn written(blocks: &[Block]) -> String {
    blocks.iter().map(block).collect()
}

fn block(block: &Block) -> String {
    match block {
        Block::Paragraph(spans) => format!("<p>{}</p>", all(spans)),
        Block::Heading(spans) => format!("<h>{}</h>", all(spans)),
        Block::Quote(blocks) => format!("<q>{}</q>", written(blocks)),
        Block::List(items) => format!("<list>{}</list>", items.iter().map(item).collect::<String>()),
        Block::Code { language, text } => format!("<pre {language}>{text}</pre>"),
    }
}

fn item(item: &Item) -> String {
    let number = item.number.map(|number| number.to_string()).unwrap_or_default();
    let inside = written(&item.blocks);
    // Most items are one line.
    let line =
        inside.strip_prefix("<p>").and_then(|line| line.strip_suffix("</p>")).filter(|line| !line.contains("<p>"));
    format!("<li{number}>{}</li>", line.unwrap_or(&inside))
}

fn all(spans: &[Span]) -> String {
    spans.iter().map(span).collect()
}

fn span(span: &Span) -> String {
    match span {
        Span::Text(text) => text.clone(),
        Span::Code(code) => format!("<c>{code}</c>"),
        Span::Mention(name) => format!("<@{name}>"),
        Span::Emoji(name) => format!("<:{name}>"),
        Span::Marked(Mark::Emphasis, spans) => format!("<em>{}</em>", all(spans)),
        Span::Marked(Mark::Strong, spans) => format!("<b>{}</b>", all(spans)),
        Span::Marked(Mark::Struck, spans) => format!("<s>{}</s>", all(spans)),
        Span::Marked(Mark::Spoiler, spans) => format!("<spoiler>{}</spoiler>", all(spans)),
        Span::Link { to, spans } if *spans == [Span::Text(to.clone())] => format!("<{to}>"),
        Span::Link { to, spans } => format!("<a {to}>{}</a>", all(spans)),
    }
}

#[track_caller]
fn check(text: &str, tree: &str) {
    assert_eq!(written(&parse(text)), tree, "{text:?}");
}

/// A line becomes a paragraph of these spans.
#[track_caller]
fn line(text: &str, spans: &str) {
    check(text, &format!("<p>{spans}</p>"));
}

/// A line that is nothing but text.
#[track_caller]
fn text(text: &str) {
    line(text, text);
}

#[test]
fn markers_mark_what_they_cling_to() {
    line("so *it* is", "so <em>it</em> is");
    line("so _it_ is", "so <em>it</em> is");
    line("**so** __it__ ~~is~~ ||not||", "<b>so</b> <b>it</b> <s>is</s> <spoiler>not</spoiler>");
    line("***both***", "<em><b>both</b></em>");
    line("**bold _and_ so**", "<b>bold <em>and</em> so</b>");
    line("**_~~||all||~~_**", "<b><em><s><spoiler>all</spoiler></s></em></b>");
    line("(*in brackets*), \"_quoted_\".", "(<em>in brackets</em>), \"<em>quoted</em>\".");
    line("**two\nlines**", "<b>two\nlines</b>");
    line("这是**重点**内容", "这是<b>重点</b>内容");
    line("이것은 **중요**한 것", "이것은 <b>중요</b>한 것");
    line("**a *b** c*", "<b>a *b</b> c*");
    line("*a **b*", "<em>a **b</em>");
    line("***a** b*", "<em><b>a</b> b</em>");
    line("***a* b**", "<b><em>a</em> b</b>");
}

#[test]
fn what_only_looks_like_a_marker_is_text() {
    for words in [
        "2*3*4",
        "2 * 3 * 4",
        "2**3**4",
        "snake_case_words",
        "a_b and c_d",
        ":) :-* >:( >.<",
        "*",
        "**",
        "****",
        "not * so *",
        "*****",
        "a || b || c",
        "a||b||c",
        "~5 minutes, ~6 at most",
        "_never closed",
        "**a*",
        "*a**",
        "http://[::1]:8080/",
        "`never closed",
        "C:\\dir\\.config",
        "\\d+\\.\\d+",
        "\\\\server\\share",
        "¯\\_(ツ)_/¯",
        "<b>not bold</b>",
        "<script>alert(1)</script>",
        "&amp; &lt;",
        "---",
        "===",
        "| a | b |",
        "#stones",
        "[not](a link)",
        "[ ] to do",
        "a[0](1)",
        "-",
        "1.",
        ">",
        "```",
        "```\n```",
        "2025. What a year",
        "007. Bond",
        "+1",
        "-1 degrees",
    ] {
        text(words);
    }
}

#[test]
fn a_backslash_takes_a_marker_s_meaning() {
    line("\\*so\\* \\_it\\_ \\`is\\`", "*so* _it_ `is`");
    line("\\[a](https://x.org)", "[a](<https://x.org>)");
    line("\\@alice \\||no||", "@alice ||no||");
    line("\\# no heading", "# no heading");
    line("\\- no list", "- no list");
    line("\\> no quote", "> no quote");
}

#[test]
fn a_name_between_colons_may_be_an_emoji() {
    line("so :party_stone: it is", "so <:party_stone> it is");
    line(":ok::1-up:, (:ok:)!", "<:ok><:1-up>, (<:ok>)!");
    line("*:ok:* **so :ok:**", "<em><:ok></em> <b>so <:ok></b>");
    line("[see :ok:](https://x.org)", "<a https://x.org>see <:ok></a>");
    line("|| :ok:||:ok:", "|| <:ok>||<:ok>");
    line("这是:ok:内容", "这是<:ok>内容");
    line("`:ok:`", "<c>:ok:</c>");
    line(":_so_:", ":<em>so</em>:");
    let long = "a".repeat(markup::EMOJI_CHARS_MAX);
    line(&format!(":{long}:"), &format!("<:{long}>"));
    for words in [
        "12:30:45",
        "at :30:45",
        "std::io::Error",
        "a:ok:",
        ":ok:a",
        ":OK:",
        ":a:",
        "::",
        ":o:",
        ":no end",
        ":ok\n:",
        ":a b:",
        &format!(":{long}a:"),
    ] {
        text(words);
    }
    assert_eq!(plain("so :ok: *it* is", 80), "so :ok: it is");
}

#[test]
fn code_is_left_as_it_is() {
    line("`*a* ||b|| @alice https://x.org \\*`", "<c>*a* ||b|| @alice https://x.org \\*</c>");
    line("`` a ` b ``", "<c>a ` b</c>");
    line("` a`", "<c> a</c>");
    line("```one line```", "<c>one line</c>");
    line("`a` and `b`", "<c>a</c> and <c>b</c>");
    line("``a`", "``a`");
    line("**`a`**", "<b><c>a</c></b>");
    line("*a `b* c`", "*a <c>b* c</c>");
}

#[test]
fn fences_hold_code() {
    check("```rust\nfn main() {}\n\n    ok\n```\nafter", "<pre rust>fn main() {}\n\n    ok</pre><p>after</p>");
    check("see:\n~~~\n```\n~~~", "<p>see:</p><pre >```</pre>");
    check("````\n```\na\n```\n````", "<pre >```\na\n```</pre>");
    check("```\nnever *closed*", "<pre >never *closed*</pre>");
    check("```\nclosed late```\nafter", "<pre >closed late</pre><p>after</p>");
    check("```let a = 1;\nlet b = 2;\n```", "<pre >let a = 1;\nlet b = 2;</pre>");
    check("```c++\nx\n```", "<pre c++>x</pre>");
    check("> ```\n> a\n> ```\n> b", "<q><pre >a</pre><p>b</p></q>");
    check("- a\n  ```\n  b\n    c\n  ```", "<list><li><p>a</p><pre >b\n  c</pre></li></list>");
}

#[test]
fn quotes_end_where_their_markers_end() {
    check("> said\n> so\nno", "<q><p>said\nso</p></q><p>no</p>");
    check("> a\n>\n> b", "<q><p>a</p><p>b</p></q>");
    check("> > deep\n> less", "<q><q><p>deep</p></q><p>less</p></q>");
    check(">> deep", "<q><q><p>deep</p></q></q>");
    check("> **so**\n> - a", "<q><p><b>so</b></p><list><li>a</li></list></q>");
    check("he said\n> so", "<p>he said</p><q><p>so</p></q>");
}

#[test]
fn lists_keep_the_numbers_that_were_typed() {
    check("- a\n- **b**", "<list><li>a</li><li><b>b</b></li></list>");
    check("* a\n+ b", "<list><li>a</li><li>b</li></list>");
    check("1. a\n2. b\n5. c", "<list><li1>a</li><li2>b</li><li5>c</li></list>");
    check("3. so", "<list><li3>so</li></list>");
    check(
        "to buy:\n- milk\n\n- eggs\nthat is all",
        "<p>to buy:</p><list><li>milk</li><li>eggs</li></list><p>that is all</p>",
    );
    check(
        "- a\n  - b\n    - c\n- d",
        "<list><li><p>a</p><list><li><p>b</p><list><li>c</li></list></li></list></li><li>d</li></list>",
    );
    check("1. a\n   more\n\n   and more\n2. b", "<list><li1><p>a\nmore</p><p>and more</p></li><li2>b</li></list>");
    check("  - a\n  - b", "<list><li>a</li><li>b</li></list>");
    check("- a\n1. b", "<list><li>a</li></list><list><li1>b</li></list>");
    check("in\n19. July", "<p>in\n19. July</p>");
    check("-\n- a", "<p>-</p><list><li>a</li></list>");
}

#[test]
fn paragraphs_keep_their_lines_and_headings_head_them() {
    check("a\nb\n\n\nc", "<p>a\nb</p><p>c</p>");
    check("  indented\n\tlines", "<p>  indented\n\tlines</p>");
    check("# A *b* #\ntext", "<h>A <em>b</em> #</h><p>text</p>");
    check("###### deep\n####### deeper", "<h>deep</h><p>####### deeper</p>");
    check("", "");
    check(" \n\t", "");
}

#[test]
fn only_the_web_and_mail_are_linked() {
    line("see https://x.org/a?b=c#d.", "see <https://x.org/a?b=c#d>.");
    line("(https://x.org/wiki/Stone_(bird))", "(<https://x.org/wiki/Stone_(bird)>)");
    line("HTTP://X.ORG, mailto:a@x.org!", "<HTTP://X.ORG>, <mailto:a@x.org>!");
    line("**https://x.org** ||https://y.org||", "<b><https://x.org></b> <spoiler><https://y.org></spoiler>");
    line("https://x.org/a_b_c_ _d_", "<https://x.org/a_b_c>_ <em>d</em>");
    line("看https://x.org。好", "看https://x.org。好");
    line("看 https://x.org。", "看 <https://x.org>。");
    line("[the *site*](https://x.org/(a))", "<a https://x.org/(a)>the <em>site</em></a>");
    line("![a](https://x.org/a.png)", "!<a https://x.org/a.png>a</a>");
    line("*[a*](https://x.org)*", "<em><a https://x.org>a*</a></em>");
    line("[[a](https://x.org)](https://y.org)", "[<a https://x.org>a</a>](<https://y.org>)");
    line("[ask @alice](https://x.org)", "<a https://x.org>ask @alice</a>");
    line("[](https://x.org)", "[](<https://x.org>)");
    for words in [
        "[a](javascript:alert(1))",
        "[a](data:text/html,x)",
        "[a](//x.org)",
        "[a](/etc/passwd)",
        "javascript:alert(1)",
        "ftp://x.org",
        "https://",
        "https:// x",
        "xhttps://x.org",
        "mailto:nobody",
        "www.x.org",
        "[a](java\u{202E}script:x)",
    ] {
        text(words);
    }
}

#[test]
fn an_address_is_not_hidden_behind_another() {
    line("[https://bank.org](https://evil.org)", "[<https://bank.org>](<https://evil.org>)");
    line("https://x.org/\u{202E}gro.knab", "<https://x.org/>\u{202E}gro.knab");
}

#[test]
fn names_are_found_outside_code_and_words() {
    line("@alice, @Zoë. (@j.r-r_t) _@bob_", "<@alice>, <@Zoë>. (<@j.r-r_t>) <em><@bob></em>");
    line("@Zoe\u{308} @山田太郎 @Ольга @अर्जुन", "<@Zoe\u{308}> <@山田太郎> <@Ольга> <@अर्जुन>");
    for words in ["bob@mail.org", "a.@b", "@a", "@", "@ alice", "@.alice", "@@alice", "x/@alice", "\u{FF20}alice"] {
        text(words);
    }
    text(&format!("@{}", "a".repeat(33)));
    assert_eq!(
        mentions("@bob and @alice, `@carol`, @bob: @room\n```\n@dave\n```\n> @erin"),
        ["bob", "alice", "room", "erin"]
    );
}

#[test]
fn links_are_those_that_anybody_may_see() {
    let text = "https://a.org [b](http://b.org) https://a.org mailto:x@y.org `https://c.org` ||https://d.org|| **https://e.org**";
    assert_eq!(links(text, 9), ["https://a.org", "http://b.org", "https://e.org"]);
    assert_eq!(links(text, 2), ["https://a.org", "http://b.org"]);
    assert!(links(text, 0).is_empty());
}

#[test]
fn what_is_plain_is_one_line_without_spoilers() {
    assert_eq!(plain("# A\n\n> **b**\n- c\n\n```\nd\n  e\n```", 100), "A b c d e");
    assert_eq!(plain("he is ||the murderer||, [see](https://x.org) @bob", 100), "he is ▒▒▒, see @bob");
    assert_eq!(plain("0123456789", 10), "0123456789");
    assert_eq!(plain("0123456789", 9), "01234567…");
    assert_eq!(plain("a👩\u{200D}🚀👍🏽", 3), "a…");
    assert_eq!(plain("a👍🏽b", 3), "a…");
    assert_eq!(plain("ae\u{301}b", 3), "a…");
    assert_eq!((plain("abc", 1), plain("abc", 0)), ("…".into(), String::new()));
}
