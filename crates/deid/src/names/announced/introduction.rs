//! Persons who say who they are: `I'm …`, `my name is …`, `ich heiße …`.

use super::super::guard::{Lines, is_of_computing};
use super::super::lists::{COMMON, COUNTRY, FAMILY, GIVEN, Lists, PLACE, hash};
use super::super::tokens::{Shape, Token};
use super::{SMALL, announced, is_word, word_at};
use crate::{Finding, FindingKind};

/// How far the words before a name can be trusted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    /// A name follows.
    Name,
    /// A name follows, or what somebody is.
    Being,
    /// The same in a language in which every noun has a capital.
    BeingOrNoun,
}

/// What introduces names, token by token and in small letters.
const PHRASES: &[(&[&str], Says)] = &[
    (&["my", "name", "is"], Says::Name),
    (&["my", "name", "'", "s"], Says::Name),
    (&["my", "name", "’", "s"], Says::Name),
    (&["ich", "heiße"], Says::Name),
    (&["ich", "heisse"], Says::Name),
    (&["mein", "name", "ist"], Says::Name),
    (&["je", "m'appelle"], Says::Name),
    (&["je", "m’appelle"], Says::Name),
    (&["mon", "nom", "est"], Says::Name),
    (&["me", "llamo"], Says::Name),
    (&["mi", "nombre", "es"], Says::Name),
    (&["mi", "chiamo"], Says::Name),
    (&["il", "mio", "nome", "è"], Says::Name),
    (&["ik", "heet"], Says::Name),
    (&["mijn", "naam", "is"], Says::Name),
    (&["me", "chamo"], Says::Name),
    (&["chamo-me"], Says::Name),
    (&["meu", "nome", "é"], Says::Name),
    (&["i", "'", "m"], Says::Being),
    (&["i", "’", "m"], Says::Being),
    (&["i", "am"], Says::Being),
    (&["je", "suis"], Says::Being),
    (&["yo", "soy"], Says::Being),
    (&["hola", ",", "soy"], Says::Being),
    (&["io", "sono"], Says::Being),
    (&["ciao", ",", "sono"], Says::Being),
    (&["ik", "ben"], Says::Being),
    (&["eu", "sou"], Says::Being),
    (&["ich", "bin"], Says::BeingOrNoun),
];
/// The most words of a name.
const WORDS_MAX: usize = 4;

/// The names that are introduced, in order.
pub(super) fn introduced(
    text: &str,
    tokens: &[Token],
    lines: &Lines,
    lists: &Lists,
) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let Some(says) = phrase_before(text, tokens, at) else { continue };
        let words = words_at(text, tokens, at);
        let Some(last) = words.last().and_then(|&last| tokens.get(last)) else { continue };
        if are_name(text, tokens, lists, &words, says) && !lines.are_code(token.start) {
            found.push(announced(token.start, last.end, FindingKind::Person));
        }
    }
    found
}

/// What the phrase says that ends before the token `at`, if that may begin a name.
fn phrase_before(text: &str, tokens: &[Token], at: usize) -> Option<Says> {
    if !tokens.get(at)?.shape.is_capital() {
        return None;
    }
    PHRASES.iter().find_map(|&(phrase, says)| {
        let start = at.checked_sub(phrase.len())?;
        let mut words = phrase.iter().zip(start..);
        let is_it = words.all(|(word, at)| {
            let said = word_at(text, tokens, at);
            said.len() == word.len() && said.to_lowercase() == **word
        });
        is_it.then_some(says)
    })
}

/// The tokens from `at` on that may be the words of a name: with capitals, and small words between
/// them, a space apart.
fn words_at(text: &str, tokens: &[Token], at: usize) -> Vec<usize> {
    let (mut words, mut end) = (Vec::new(), None);
    for (place, token) in tokens.iter().enumerate().skip(at) {
        let is_near = end.is_none_or(|end| text.get(end..token.start) == Some(" "));
        let is_small = SMALL.contains(&word_at(text, tokens, place));
        let is_name = matches!(token.shape, Shape::Capital | Shape::Mixed | Shape::Initial);
        if !is_near || !(is_name || is_small) || words.len() == WORDS_MAX {
            break;
        }
        words.push(place);
        end = Some(token.end);
    }
    while words.last().is_some_and(|&last| SMALL.contains(&word_at(text, tokens, last))) {
        words.pop();
    }
    words
}

fn are_name(text: &str, tokens: &[Token], lists: &Lists, words: &[usize], says: Says) -> bool {
    let mut all = words.iter().map(|&at| word_at(text, tokens, at));
    let is_trade = all.clone().any(is_of_computing);
    let Some(first) = all.next() else { return false };
    let flags = lists.flags(hash(first));
    let is_given = flags & GIVEN != 0 && flags & (COMMON | PLACE | COUNTRY) == 0;
    let is_place = flags & (PLACE | COUNTRY) != 0 && flags & (GIVEN | FAMILY) == 0;
    if is_word(lists, first) {
        return false;
    }
    match says {
        Says::Name => true,
        _ if is_trade => false,
        Says::Being => {
            is_given || (words.len() > 1 && !is_place && !all.any(|word| is_word(lists, word)))
        }
        Says::BeingOrNoun => is_given,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::tokens::cut;
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut lists = Lists::of(vec![0; 128]);
        for (word, flags) in [
            ("hannah", GIVEN),
            ("senior", COMMON),
            ("engineer", COMMON),
            ("lisbon", PLACE),
            ("happy", COMMON),
        ] {
            lists.add(hash(word), flags);
        }
        let found = introduced(text, &cut(text), &Lines::of(text, false), &lists);
        found.iter().map(|one| text.get(one.start..one.end).unwrap()).collect()
    }

    #[test]
    fn who_is_introduced_is_a_person() {
        for (text, name) in [
            ("Hi, I'm Zarquon Blee.", "Zarquon Blee"),
            ("Hi, I’m Hannah and", "Hannah"),
            ("I'm Zarquon McBlee", "Zarquon McBlee"),
            ("I am Zarquon de Blee, an", "Zarquon de Blee"),
            ("My name is Zarquon.", "Zarquon"),
            ("Hallo, ich heiße Zarquon Blee und", "Zarquon Blee"),
            ("Je m'appelle Zarquon, et", "Zarquon"),
            ("Hoi, ik ben Hannah de Blee uit Vex", "Hannah de Blee"),
            ("Ich bin Hannah Blee", "Hannah Blee"),
            ("Olá, meu nome é Zarquon", "Zarquon"),
        ] {
            assert_eq!(found(text), [name], "{text}");
        }
    }

    #[test]
    fn what_somebody_is_is_none() {
        for text in [
            "I'm Senior Engineer at",
            "I am Happy",
            "I'm Zarquonian",
            "I'm Docker Captain",
            "I'm Lisbon Blee",
            "I am Zarquon Engineer",
            "Ich bin Zarquon Blee",
            "My name is on it",
            "My name is\nHannah",
            "I am, Hannah",
            "hi am Hannah",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }
}
