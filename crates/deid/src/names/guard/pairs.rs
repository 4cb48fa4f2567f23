//! Pairs of a key and a value, as in the settings of tools: `kind: Deployment`, `name = "CI"`.

use super::super::announced::is_announcing;
use super::super::lists::{COMMON, COUNTRY, FAMILY, GIVEN, Lists, PLACE, hash};
use super::class::unnumbered;
use super::words::{PARTICLES, TERMS};

/// The longest key, in bytes.
const KEY_MAX: usize = 40;
/// Last words of keys that hold names often, but also what is none.
const HOLDING: &[&str] = &[
    "artist",
    "committer",
    "editor",
    "location",
    "maintainer",
    "organizer",
    "owner",
    "place",
    "residence",
    "speaker",
    "student",
    "teacher",
    "user",
    "venue",
    "where",
];

/// The key of a pair whose value a name begins that stands between `head` and `tail`, the rest of
/// its line, if the value has words in capitals alone. Such keys have no capital first: labels of
/// forms and speakers have one.
pub(super) fn key_before<'t>(head: &'t str, tail: &str) -> Option<&'t str> {
    let bare = head.trim_end_matches([' ', '"', '\'', '\\']);
    let key = bare.strip_suffix([':', '='])?.trim_end();
    let key = unnumbered(key.trim_start());
    let key = key.strip_prefix("- ").map_or(key, str::trim_start);
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let is_key = key.len() <= KEY_MAX
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.chars().all(is_part);
    let rest = tail.split(['#', '\n', '\\']).next().unwrap_or_default();
    let is_end = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        !word.starts_with(char::is_lowercase) || PARTICLES.contains(&word)
    };
    (is_key && rest.split_whitespace().all(is_end)).then_some(key)
}

/// Whether a name is believed as the value of `key`: no word of it is one of the language or of
/// computing and nothing else, a word in small letters is on a list, and so is one word where the
/// key tells of no name. Several words in small letters are prose.
pub(super) fn is_value(key: &str, name: &str, lists: &Lists) -> bool {
    if name.contains(' ') && !name.contains(char::is_uppercase) {
        return true;
    }
    let mut is_listed = false;
    for word in name.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’' | '-')) {
        let Some(first) = word.chars().next().filter(|first| first.is_alphabetic()) else {
            continue;
        };
        let lower = word.to_lowercase();
        if PARTICLES.contains(&lower.as_str()) {
            continue;
        }
        let flags = lists.flags(hash(word));
        let is_name = flags & (GIVEN | FAMILY | PLACE | COUNTRY) != 0;
        let is_plain = TERMS.contains(&lower.as_str()) || (flags & COMMON != 0 && !is_name);
        if is_plain || (first.is_lowercase() && !is_name) {
            return false;
        }
        is_listed |= is_name && flags & COMMON == 0;
    }
    let last = key.rsplit(['_', '-', '.']).next().unwrap_or_default();
    is_listed || is_announcing(key) || HOLDING.contains(&last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lists() -> Lists {
        let mut lists = Lists::of(vec![0; 64]);
        for (word, flag) in [("hannah", GIVEN), ("lisbon", PLACE), ("build", COMMON)] {
            lists.add(hash(word), flag);
        }
        lists
    }

    #[test]
    fn keys_of_settings() {
        for (head, tail) in [
            ("kind: ", "\n"),
            ("  - name: ", "\n"),
            ("name = \"", "\"\n"),
            ("    12→  runs-on: ", " and Oxo # so it is"),
        ] {
            assert!(key_before(head, tail).is_some(), "{head:?} {tail:?}");
        }
        for (head, tail) in [
            ("Name: ", ""),
            ("so I said: ", ""),
            ("me: ", " is here"),
            ("", ""),
            ("name: the ", ""),
        ] {
            assert_eq!(key_before(head, tail), None, "{head:?} {tail:?}");
        }
    }

    #[test]
    fn values_are_names_when_lists_or_the_key_say_so() {
        for (key, name) in [
            ("owner", "Hannah Zarquon"),
            ("region", "Lisbon"),
            ("home.location", "Zarquon"),
            ("name", "Zarquon van Blee"),
            ("name", "hannah"),
            ("where", "zarquon country club"),
        ] {
            assert!(is_value(key, name, &lists()), "{key} {name}");
        }
        for (key, name) in
            [("name", "Docker Build"), ("type", "Zarquon"), ("name", "zarquon"), ("kind", "CI Oxo")]
        {
            assert!(!is_value(key, name, &lists()), "{key} {name}");
        }
    }
}
