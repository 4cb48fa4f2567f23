//! Cutting a value into words and what stands between them.

/// A piece of a value. The `raw` of all pieces together is the value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece<'t> {
    Word(Word<'t>),
    /// What stands between words, and is kept.
    Between(&'t str),
}

/// A run of letters and digits.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Word<'t> {
    raw: &'t str,
    /// The word with its escapes read.
    pub(crate) text: String,
}

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Small,
    Capital,
    Capitals,
}

impl Word<'_> {
    /// The word as it stands in the value.
    pub(crate) const fn raw(&self) -> &str {
        self.raw
    }

    /// What the word is, however it is written.
    pub(crate) fn identity(&self) -> String {
        self.text.to_lowercase()
    }

    pub(crate) fn case(&self) -> Case {
        let letters = || self.text.chars().filter(|c| c.is_alphabetic());
        // Scripts without capitals have their names replaced by names in one that has.
        if letters().next().is_some_and(char::is_lowercase) {
            Case::Small
        } else if letters().nth(1).is_some() && letters().all(char::is_uppercase) {
            Case::Capitals
        } else {
            Case::Capital
        }
    }

    pub(crate) fn has_digit(&self) -> bool {
        self.text.contains(|c: char| c.is_ascii_digit())
    }

    pub(crate) fn is_initial(&self) -> bool {
        self.text.chars().count() == 1 && self.text.chars().all(char::is_uppercase)
    }

    /// Whether it is two letters or more, and all of them Latin capitals.
    pub(crate) fn is_capitals(&self) -> bool {
        self.text.len() > 1 && self.text.bytes().all(|byte| byte.is_ascii_uppercase())
    }
}

/// Cuts `text` into pieces. Escapes of JSON, percent-encoding and character references are read:
/// those of letters belong to words, all others stand between words and stay whole. So does the
/// character behind several backslashes, since the text may be JSON within JSON.
pub(crate) fn cut(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut begin = 0_usize;
    let mut end = 0_usize;
    let mut word = String::new();
    let mut rest = text;
    let mut in_word = false;
    while let Some((length, letter)) = unit(rest) {
        if letter.is_some() != in_word {
            push(&mut pieces, text.get(begin..end), in_word, &mut word);
            in_word = letter.is_some();
            begin = end;
        }
        word.push_str(letter.as_deref().unwrap_or_default());
        end = end.saturating_add(length);
        rest = rest.get(length..).unwrap_or_default();
    }
    push(&mut pieces, text.get(begin..), in_word, &mut word);
    pieces
}

fn push<'t>(pieces: &mut Vec<Piece<'t>>, raw: Option<&'t str>, in_word: bool, word: &mut String) {
    let Some(raw) = raw.filter(|raw| !raw.is_empty()) else {
        return;
    };
    let text = std::mem::take(word);
    pieces.push(if in_word { Piece::Word(Word { raw, text }) } else { Piece::Between(raw) });
}

/// The bytes of the character or escape that `rest` begins with, and what it adds to a word if it
/// belongs to one.
fn unit(rest: &str) -> Option<(usize, Option<String>)> {
    let first = rest.chars().next()?;
    let read = match first {
        '\\' => backslashes(rest),
        '%' => percent(rest),
        '&' => reference(rest),
        _ => None,
    };
    Some(read.unwrap_or_else(|| (first.len_utf8(), letter(first))))
}

fn letter(character: char) -> Option<String> {
    // Accents that are characters of their own, and the joiners within words of several scripts.
    let joins = matches!(character, '\u{300}'..='\u{36f}' | '\u{200c}' | '\u{200d}');
    (joins || character.is_alphanumeric()).then(|| character.to_string())
}

/// A run of backslashes and what the last of them escapes (RFC 8259, section 7).
fn backslashes(rest: &str) -> Option<(usize, Option<String>)> {
    let escaped = rest.trim_start_matches('\\');
    let run = rest.len().checked_sub(escaped.len())?;
    let digits = escaped.strip_prefix('u').and_then(|digits| digits.get(..4));
    if let Some(digits) = digits.filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        let character = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
        // Half of a pair: a letter for all that can be known here, so that the pair stays together.
        let text = character.map_or_else(|| Some(digits.to_owned()), letter);
        return Some((run.checked_add(5)?, text));
    }
    let next = escaped.chars().next().map_or(0, char::len_utf8);
    Some((run.checked_add(next)?, None))
}

/// A percent-encoded byte (RFC 3986, section 2.1).
fn percent(rest: &str) -> Option<(usize, Option<String>)> {
    let digits = rest.get(1..3)?;
    let byte = u8::from_str_radix(digits, 16).ok()?;
    if digits.starts_with('+') {
        return None;
    }
    // Bytes of other than ASCII make up letters of other scripts.
    let text = if byte.is_ascii() { letter(char::from(byte)) } else { Some(digits.to_owned()) };
    Some((3, text))
}

/// A character reference of HTML: one of the few that other programs write, or a number.
fn reference(rest: &str) -> Option<(usize, Option<String>)> {
    const NAMES: &[&str] = &["amp", "apos", "gt", "lt", "nbsp", "quot"];
    /// The longest that is looked for.
    const LONGEST: usize = 10;
    let end = rest.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = rest.get(1..end)?;
    let is_number = name.strip_prefix('#').is_some_and(|number| {
        let digits = number.trim_start_matches(['x', 'X']);
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    });
    (is_number || NAMES.contains(&name)).then(|| (end.saturating_add(1), None))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words in parentheses with their escapes read, the rest as it is.
    fn shown(text: &str) -> String {
        cut(text)
            .iter()
            .map(|piece| match piece {
                Piece::Word(word) => format!("({})", word.text),
                Piece::Between(between) => (*between).to_owned(),
            })
            .collect()
    }

    #[test]
    fn words_and_what_stands_between() {
        assert_eq!(shown("Dr. Ann-Marie O'Neil"), "(Dr). (Ann)-(Marie) (O)'(Neil)");
        assert_eq!(shown("Z\u{fc}rich 李伟"), "(Z\u{fc}rich) (李伟)");
        assert_eq!(shown("e\u{301}a"), "(e\u{301}a)");
        assert_eq!(shown(""), "");
    }

    #[test]
    fn escapes_of_letters_belong_to_words_and_others_do_not() {
        assert_eq!(shown(r"Jos\u00e9\nBerg"), r"(José)\n(Berg)");
        assert_eq!(shown(r"Anna\\nBerg\u0026Co"), r"(Anna)\\n(Berg)\u0026(Co)");
        assert_eq!(shown("Anna%20Berg%C3%A9"), "(Anna)%20(BergC3A9)");
        assert_eq!(shown("A&amp;B&#39;s & C; &D; 5%"), "(A)&amp;(B)&#39;(s) & (C); &(D); (5)%");
        assert_eq!(shown("\\"), "\\");
        assert_eq!(shown(r"\ud83d\ude00"), "(d83dde00)");
    }

    #[test]
    fn cases() {
        let case = |text: &str| match cut(text).remove(0) {
            Piece::Word(word) => word.case(),
            Piece::Between(_) => panic!("{text}"),
        };
        assert_eq!(case("anna"), Case::Small);
        assert_eq!(case("Anna"), Case::Capital);
        assert_eq!(case("McKay"), Case::Capital);
        assert_eq!(case("ANNA"), Case::Capitals);
        assert_eq!(case("A"), Case::Capital);
        assert_eq!(case("李伟"), Case::Capital);
    }
}
