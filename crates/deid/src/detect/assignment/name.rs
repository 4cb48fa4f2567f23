//! Names that promise a secret.
//!
//! A name is read as words: `DB_PASSWORD`, `dbPassword` and `db-password` are the same two. The
//! last word says what the name is of, so that a `tokenUrl` is a URL and a `passwordField` a field.

mod issuers;
mod words;

use super::super::token::is_mixed;
use super::super::triples::Triples;
use crate::detect::text::Text;
use issuers::ISSUERS;
use std::sync::LazyLock;
use words::{HARMLESS, KEY_OF, KEYS, PASSWORDS, QUALIFIERS, SHORT_PASSWORDS, SPOKEN, WEAKS};

/// What a name promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strength {
    /// A password: chosen by a person, and often short.
    Password,
    /// A secret: chosen by a person or made by a machine.
    Secret,
    /// A key or token: made by a machine, and long.
    Key,
    /// What may be a secret or the name of something: a key, a salt, an authorisation.
    Weak,
}

/// What a name promises.
#[derive(Clone, Copy, Debug)]
pub(super) struct Promise<'n> {
    pub(super) strength: Strength,
    /// The name; empty where a statement stands for one.
    name: &'n str,
    aws_secret: bool,
}

pub(super) const PASSWORD: Promise<'static> =
    Promise { strength: Strength::Password, name: "", aws_secret: false };

impl Promise<'_> {
    /// Whether the name ends with the letters and digits of `value`, which then says what it is and
    /// is none: `PSK_NAME_PSK = "name-psk"`.
    pub(super) fn ends_with(&self, value: &str) -> bool {
        let letters = |text: &str| -> String {
            text.chars()
                .filter(char::is_ascii_alphanumeric)
                .collect::<String>()
                .to_ascii_lowercase()
        };
        let value = letters(value);
        !value.is_empty() && letters(self.name).ends_with(&value)
    }

    /// Whether a value is, by its form alone, what the name of an issuer promises: 40 characters of
    /// base64 of which each class occurs (Amazon, IAM user guide, access keys). A random one may
    /// read like a path.
    pub(super) fn is_kept_by(&self, value: &str) -> bool {
        let base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
        self.aws_secret
            && value.len() == 40
            && value.bytes().all(base64)
            && is_mixed(value)
            && !value.contains("EXAMPLE")
    }

    /// The rule and the score of a finding, and whether the name says which issuer the secret is of.
    pub(super) fn rule(&self) -> (&'static str, f32, bool) {
        if self.aws_secret {
            return ("aws-secret-access-key", 0.95, true);
        }
        if self.strength == Strength::Password {
            return ("password-assignment", 0.75, false);
        }
        let lower = self.name.to_ascii_lowercase();
        let issuer = ISSUERS.iter().find(|(word, _)| lower.contains(word));
        match (issuer, self.strength) {
            (Some((_, rule)), _) => (rule, ISSUED, true),
            (None, Strength::Weak) => ("key-assignment", 0.6, false),
            (None, _) => ("key-assignment", 0.7, false),
        }
    }
}

/// How sure the word of an issuer makes.
const ISSUED: f32 = 0.85;

/// The last three letters of the words that are known.
static ENDINGS: LazyLock<Triples> = LazyLock::new(|| {
    let words = [PASSWORDS, SHORT_PASSWORDS, KEYS, WEAKS, QUALIFIERS, SPOKEN].into_iter().flatten();
    Triples::new(words.flat_map(|word| match *word.as_bytes() {
        [.., first, second, third] => vec![[first, second, third]],
        [second, third] => (0..32).map(|first| [first, second, third]).collect(),
        _ => Vec::new(),
    }))
});

/// The same of those that are no part of a program's names.
static SPOKEN_ENDINGS: LazyLock<Triples> = LazyLock::new(|| {
    Triples::new(SPOKEN.iter().filter_map(|word| word.as_bytes().last_chunk().copied()))
});

/// Whether a name with these last bytes can promise anything.
pub(super) fn may_end(bytes: [u8; 3]) -> bool {
    let [_, second, third] = bytes;
    if third.is_ascii_digit() {
        return second.is_ascii_alphabetic() || second == b'_';
    }
    third.is_ascii_alphabetic() && ENDINGS.may_hold(bytes)
}

/// Where the words for a password begin that end at `end`, in a language in which no name of a
/// program is written.
pub(super) fn spoken(text: Text<'_>, end: usize) -> Option<usize> {
    // The last bytes cost less to see than the rest.
    if !SPOKEN_ENDINGS.may_hold([3, 2, 1].map(|distance| text.back(end, distance))) {
        return None;
    }
    SPOKEN.iter().find_map(|word| {
        let start = end.checked_sub(word.len())?;
        let written = text.slice(start, end);
        // What goes on before it is another word where words are parted.
        let whole =
            !text.slice(0, start).ends_with(char::is_alphabetic) || word.ends_with(UNPARTED);
        (whole && written.to_lowercase() == *word).then_some(start)
    })
}

/// The ends of words in writing that does not part them.
const UNPARTED: [char; 4] = ['码', '碼', 'ド', '호'];

/// Whether a name is that of a variable in which a program expects a password and nothing else, as
/// its manual says: `psql`, `mysql`, `sshpass`, `redis-cli`.
pub(super) fn is_variable(name: &str) -> bool {
    matches!(name, "PGPASSWORD" | "MYSQL_PWD" | "SSHPASS" | "REDISCLI_AUTH")
}

/// Whether a name is that of the password of a connection string.
pub(super) fn is_password_field(name: &str) -> bool {
    ["password", "pwd"].iter().any(|word| name.eq_ignore_ascii_case(word))
}

/// What the name of a method that takes the secret promises: `setPassword`, `withApiKey`.
pub(super) fn setter(name: &str) -> Option<Promise<'_>> {
    let name = name.rsplit('.').next()?;
    let words = Words::of(name)?;
    let verb = words.get(0);
    let sets = matches!(verb, "set" | "with" | "password" | "put" | "add" | "use");
    if sets { of_words(name, &words) } else { None }
}

/// What a name promises; `None` when it is that of something else, or longer than [`LONGEST`].
pub(super) fn promise(name: &str) -> Option<Promise<'_>> {
    of_words(name, &Words::of(name)?)
}

fn of_words<'n>(name: &'n str, words: &Words) -> Option<Promise<'n>> {
    let mut last = words.count.checked_sub(1)?;
    while last > 0 && {
        let word = words.get(last);
        QUALIFIERS.contains(&word) || word.bytes().all(|byte| byte.is_ascii_digit())
    } {
        last -= 1;
    }
    let before = last.checked_sub(1).map_or("", |place| words.get(place));
    let mut rest = (0..last).map(|place| words.get(place));
    let strength = strength(words.get(last), before)?;
    if rest.clone().any(|word| HARMLESS.contains(&word)) {
        return None;
    }
    let is_key = words.get(last) == "key";
    let aws_secret = (is_key && before == "access" && rest.clone().any(|word| word == "secret"))
        || (is_key && before == "secret" && rest.any(|word| word == "aws"));
    Some(Promise { strength, name, aws_secret })
}

/// What the last word of a name promises, behind the word `before`.
fn strength(last: &str, before: &str) -> Option<Strength> {
    let last = last.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_password = PASSWORDS.iter().any(|word| last.ends_with(word))
        || SHORT_PASSWORDS.contains(&last)
        || (matches!(last, "phrase" | "word" | "passe") && matches!(before, "pass" | "de"));
    if is_password {
        return Some(Strength::Password);
    }
    if last.ends_with("secret") {
        return Some(Strength::Secret);
    }
    if KEYS.iter().any(|word| last.ends_with(word)) || (last == "key" && KEY_OF.contains(&before)) {
        return Some(Strength::Key);
    }
    WEAKS.contains(&last).then_some(Strength::Weak)
}

/// The longest name that is read, in bytes.
const LONGEST: usize = 80;

/// The words of a name in small letters, kept where they cost no allocation: names stand everywhere
/// in code, and nearly all of them are of something else.
struct Words {
    letters: [u8; LONGEST],
    /// Where each word ends in `letters`; the next begins there.
    ends: [u8; LONGEST],
    count: usize,
}

impl Words {
    fn of(name: &str) -> Option<Self> {
        if name.len() > LONGEST {
            return None;
        }
        let mut words = Self { letters: [0; LONGEST], ends: [0; LONGEST], count: 0 };
        let (mut length, mut previous) = (0, b' ');
        for byte in name.bytes() {
            let turns = previous.is_ascii_lowercase() && byte.is_ascii_uppercase();
            let parts = !byte.is_ascii_alphanumeric();
            if turns || parts {
                words.end(length);
            }
            if !parts && let Some(place) = words.letters.get_mut(length) {
                *place = byte.to_ascii_lowercase();
                length += 1;
            }
            previous = byte;
        }
        words.end(length);
        Some(words)
    }

    /// Ends a word, if one has begun, where `length` letters have been read.
    fn end(&mut self, length: usize) {
        if length > self.start(self.count)
            && let Some(end) = self.ends.get_mut(self.count)
        {
            *end = u8::try_from(length).unwrap_or(u8::MAX);
            self.count += 1;
        }
    }

    fn start(&self, index: usize) -> usize {
        index.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |&end| end.into())
    }

    /// The word at `index`; empty when there are fewer.
    fn get(&self, index: usize) -> &str {
        let end = self.ends.get(index).map_or(0, |&end| end.into());
        let word = self.letters.get(self.start(index)..end).unwrap_or_default();
        std::str::from_utf8(word).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_words() {
        let words = |name: &str| {
            let words = Words::of(name).unwrap();
            (0..words.count).map(|place| words.get(place).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(words("AWS_secretAccessKey-2"), ["aws", "secret", "access", "key", "2"]);
        assert_eq!(words("APIKey"), ["apikey"]);
        assert_eq!(words("contraseña"), ["contrase", "a"]);
        assert!(words("--").is_empty());
        assert_eq!(words(&"a_".repeat(40)), vec!["a"; 40]);
        assert!(Words::of(&"a".repeat(81)).is_none());
    }

    #[test]
    fn the_last_word_says_what_a_name_is_of() {
        for (name, strength) in [
            ("DB_PASSWORD", Some(Strength::Password)),
            ("dbPass", Some(Strength::Password)),
            ("password2", Some(Strength::Password)),
            ("compass", None),
            ("passwordField", None),
            ("PASSWORD_MIN_LENGTH", None),
            ("forgot_password", None),
            ("apiKeyProd", Some(Strength::Key)),
            ("client-secret", Some(Strength::Secret)),
            ("tokens", None),
            ("token_url", None),
            ("public_key", None),
            ("key", Some(Strength::Weak)),
            ("monkey", None),
        ] {
            assert_eq!(promise(name).map(|p| p.strength), strength, "{name}");
        }
    }
}
