//! The table of emoji as one file beside the app, which fetches it when somebody first wants one: it is too heavy for the first
//! WebAssembly file.
//!
//! A line without tabs names a group; every other line is an emoji in five fields with tabs between: the emoji, its name, its short
//! codes, more words to find it by, and its forms in the five skin tones. What stands in one field is separated by `|`.

use std::{collections::HashMap, fmt::Write, fs, path::Path};

use anyhow::{Context, Result};
use emojis::{Emoji, EmojiVersion, Group, SkinTone};

/// Newer ones are empty boxes on too many devices.
const NEWEST: EmojiVersion = EmojiVersion::new(15, 1);

const TONES: [SkinTone; 5] =
    [SkinTone::Light, SkinTone::MediumLight, SkinTone::Medium, SkinTone::MediumDark, SkinTone::Dark];

/// The table, with the words of the interface's language.
pub(crate) fn table(root: &Path) -> Result<Vec<u8>> {
    let file = root.join("web/emoji/en.txt");
    let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let keywords: HashMap<String, &str> =
        text.lines().filter_map(|line| line.split_once('\t')).map(|(emoji, words)| (bare(emoji), words)).collect();
    let mut table = String::new();
    for group in Group::iter() {
        writeln!(table, "{}", name(group))?;
        for emoji in group.emojis().filter(|emoji| emoji.emoji_version() <= NEWEST) {
            let codes = emoji.shortcodes().collect::<Vec<_>>().join("|");
            let words = keywords.get(&bare(emoji.as_str())).copied().unwrap_or_default();
            writeln!(table, "{emoji}\t{}\t{codes}\t{words}\t{}", emoji.name(), tones(emoji))?;
        }
    }
    Ok(table.into_bytes())
}

/// The keywords name an emoji without the mark that it is to be drawn in colours.
fn bare(emoji: &str) -> String {
    emoji.replace('\u{fe0f}', "")
}

fn tones(emoji: &Emoji) -> String {
    let forms: Vec<_> = TONES.iter().filter_map(|tone| emoji.with_skin_tone(*tone)).map(Emoji::as_str).collect();
    forms.join("|")
}

fn name(group: Group) -> &'static str {
    match group {
        Group::SmileysAndEmotion => "Smileys and feelings",
        Group::PeopleAndBody => "People",
        Group::AnimalsAndNature => "Animals and nature",
        Group::FoodAndDrink => "Food and drink",
        Group::TravelAndPlaces => "Travel and places",
        Group::Activities => "Activities",
        Group::Objects => "Objects",
        Group::Symbols => "Symbols",
        Group::Flags => "Flags",
    }
}
