//! The table of emoji, as the build wrote it, and finding things in it.

/// The distance of what is found by its keywords only.
const FARTHEST: u8 = 4;

/// A kind of emoji.
pub(crate) struct Group {
    pub(crate) name: &'static str,
    pub(crate) emoji: Vec<Emoji>,
}

/// One emoji. What has several parts has `|` between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Emoji {
    plain: &'static str,
    pub(crate) name: &'static str,
    codes: &'static str,
    words: &'static str,
    tones: &'static str,
}

/// All of them. It lives as long as the page.
pub(crate) struct Table {
    pub(crate) groups: Vec<Group>,
}

impl Table {
    /// Reads what `web/bundle/build/emoji.rs` wrote; a line that it did not write is passed over.
    pub(crate) fn read(text: &'static str) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        for line in text.lines() {
            let mut fields = line.split('\t');
            let mut field = || fields.next().unwrap_or_default();
            let (plain, name) = (field(), field());
            if name.is_empty() {
                groups.push(Group { name: plain, emoji: Vec::new() });
            } else if let Some(group) = groups.last_mut() {
                group.emoji.push(Emoji { plain, name, codes: field(), words: field(), tones: field() });
            }
        }
        Self { groups }
    }

    fn all(&self) -> impl Iterator<Item = Emoji> {
        self.groups.iter().flat_map(|group| group.emoji.iter().copied())
    }

    /// An emoji by what it looks like, in any tone.
    pub(crate) fn by_form(&self, form: &str) -> Option<Emoji> {
        self.all().find(|emoji| emoji.plain == form || parts(emoji.tones).any(|tone| tone == form))
    }

    /// An emoji by its whole short code, without colons.
    pub(crate) fn by_code(&self, code: &str) -> Option<Emoji> {
        self.all().find(|emoji| parts(emoji.codes).any(|known| known == code))
    }

    /// Those in which every one of these words is found, the nearest first; at most so many.
    pub(crate) fn find(&self, wanted: &str, most: usize) -> Vec<Emoji> {
        let wanted = wanted.trim().trim_matches(':').to_lowercase();
        let found: Vec<_> = self.all().filter_map(|emoji| Some((emoji.distance(&wanted)?, emoji))).collect();
        // What is equally near stays in the table's order, which is the one that people know.
        let near = |far| found.iter().filter(move |(distance, _)| *distance == far).map(|(_, emoji)| *emoji);
        (0..=FARTHEST).flat_map(near).take(most).collect()
    }
}

impl Emoji {
    /// What it looks like in a tone: 0 is none, 1 the lightest, 5 the darkest. Most have one form only.
    pub(crate) fn form(self, tone: usize) -> &'static str {
        let toned = tone.checked_sub(1).and_then(|tone| parts(self.tones).nth(tone));
        toned.unwrap_or(self.plain)
    }

    /// Its first short code, if it has one, without colons.
    pub(crate) fn code(self) -> Option<&'static str> {
        parts(self.codes).next()
    }

    /// How far it is from what is looked for: of several words, the farthest counts. None, if it is something else.
    fn distance(self, wanted: &str) -> Option<u8> {
        if self.name.starts_with(wanted) || parts(self.codes).any(|code| code == wanted) {
            return Some(0);
        }
        if parts(self.codes).any(|code| code.starts_with(wanted)) {
            return Some(1);
        }
        wanted.split([' ', '_']).map(|word| self.distance_of_word(word)).try_fold(1, |far, one| Some(far.max(one?)))
    }

    fn distance_of_word(self, wanted: &str) -> Option<u8> {
        let begins = |text: &str| text.split([' ', '|', '_', '-']).any(|word| word.starts_with(wanted));
        let places = [(self.name, 2), (self.codes, 3), (self.words, FARTHEST)];
        places.into_iter().find(|(text, _)| begins(&text.to_lowercase())).map(|(_, far)| far)
    }
}

fn parts(field: &'static str) -> impl Iterator<Item = &'static str> {
    field.split('|').filter(|part| !part.is_empty())
}
