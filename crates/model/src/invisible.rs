//! Which characters a reader cannot see.

/// Whether the text shows nothing: white space, zero-width and other invisible characters only, or no character at all.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || c.is_control() || is_invisible(c))
}

/// Characters with the property `Default_Ignorable_Code_Point` (Unicode 16, `DerivedCoreProperties.txt`), and the two that
/// are drawn as nothing without having it: the Braille blank and the musical null notehead.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFF8}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D159}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Characters that change the direction of the text around them (Unicode Standard Annex 9); in a name they can disguise it.
pub(crate) fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether a name may not hold this character: it cannot be seen, or it turns its neighbours around.
#[must_use]
pub fn hides_in_a_name(c: char) -> bool {
    c.is_control() || is_bidi_control(c) || is_invisible(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_blank() {
        for blank in
            ["", " ", "\t\n", "\u{200B}", "\u{FEFF} \u{2060}", "\u{3164}", "\u{2800}", "\u{A0}\u{3000}", "\u{E0020}"]
        {
            assert!(is_blank(blank), "{blank:?}");
        }
        for seen in ["a", ".", "👍", "👩\u{200D}🚀", " x ", "\u{200B}x"] {
            assert!(!is_blank(seen), "{seen:?}");
        }
    }
}
