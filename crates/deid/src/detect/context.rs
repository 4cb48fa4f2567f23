//! The words around a number that say what it is.

use super::birth;
use super::documents::Documents;
use super::text::Text;
use aho_corasick::AhoCorasick;

/// How many bytes before a number are searched for such a word.
const REACH: usize = 48;
/// How many bytes behind a telephone number are searched for the name of its line.
const LINE_REACH: usize = 10;

const PHONE: &[&str] = &[
    "phone",
    "mobile",
    "cell:",
    "cell ",
    "cellular",
    "whatsapp",
    "telegram",
    "fax",
    "tel:",
    "tel.",
    "tel ",
    "\"tel\"",
    "'tel'",
    "call me",
    "call us",
    "call him",
    "call her",
    "call them",
    "can call",
    "please call",
    "call on",
    "call at",
    "reached at",
    "answering at",
    "answers at",
    "pick up at",
    "voicemail",
    "landline",
    "reachable",
    "text me",
    "reach me",
    "reach us",
    "dial",
    "ring me",
    "ring us",
    "hotline",
    "my number",
    "his number",
    "her number",
    "their number",
    "our number",
    "contact number",
    "new number",
    "téléphone",
    "telefon",
    "teléfono",
    "telefone",
    "móvil",
    "celular",
    "handynummer",
    "rufnummer",
    "mobil ",
    "mobilnummer",
    "portable :",
    "numéro",
    "puhelin",
    "телефон",
    "тел.",
    "τηλέφωνο",
    "טלפון",
    "هاتف",
    "फ़ोन",
    "फोन",
    "电话",
    "電話",
    "手机",
    "手機",
    "携帯",
    "전화",
    "휴대폰",
    "โทร",
];
/// What is written behind a number of a list of numbers.
const LINE: &[&str] =
    &["office", "fax", "mobile", "cell", "phone", "home", "work", "(h)", "(m)", "(w)"];
const CARD: &[&str] = &[
    "card",
    "visa",
    "mastercard",
    "maestro",
    "credit",
    "debit",
    "carte",
    "karte",
    "tarjeta",
    "cartão",
    "карт",
    "卡号",
    "カード",
    "카드",
];
const SSN: &[&str] = &["ssn", "social security", "social-security", "social_security"];
const NETWORK: &[&str] = &[
    "ip ", "ip:", "ip=", "ips ", "ip-", "ipv4", "address", "addr", "host", "server", "dns", "ping",
    "ssh ", "gateway", "router", "://", "subnet", "client", "remote", "listen", "connect",
];
const VERSION: &[&str] =
    &["version", "release", "build", "upgrade", "downgrade", "firmware", "revision"];

/// Searches for the words that a kind of number is announced with.
#[derive(Debug)]
pub(super) struct Contexts {
    phone: AhoCorasick,
    line: AhoCorasick,
    card: AhoCorasick,
    ssn: AhoCorasick,
    network: AhoCorasick,
    version: AhoCorasick,
    birth: Announced,
    born: Announced,
    pub(super) documents: Documents,
}

impl Contexts {
    pub(super) fn new() -> Self {
        Self {
            phone: words(PHONE),
            line: words(LINE),
            card: words(CARD),
            ssn: words(SSN),
            network: words(NETWORK),
            version: words(VERSION),
            birth: Announced::new(&[birth::WORDS]),
            born: Announced::new(&[birth::VERBS]),
            documents: Documents::new(),
        }
    }

    /// Whether a telephone is spoken of before `start` or just behind `end`.
    pub(super) fn speaks_of_phone(&self, text: Text<'_>, start: usize, end: usize) -> bool {
        let behind = text.window(end, end.saturating_add(LINE_REACH));
        announced(&self.phone, text, start) || self.line.is_match(behind)
    }

    pub(super) fn speaks_of_card(&self, text: Text<'_>, at: usize) -> bool {
        announced(&self.card, text, at)
    }

    pub(super) fn speaks_of_ssn(&self, text: Text<'_>, at: usize) -> bool {
        announced(&self.ssn, text, at)
    }

    pub(super) fn speaks_of_network(&self, text: Text<'_>, at: usize) -> bool {
        announced(&self.network, text, at)
    }

    /// Whether a birth is spoken of before `start`, and no other number stands between, or behind
    /// `end` in the same clause, where a word says that the date is when something happened.
    pub(super) fn speaks_of_birth(&self, text: Text<'_>, start: usize, end: usize) -> bool {
        self.birth.leading_to(text, start).is_some()
            || (is_when(text, start) && self.born.follows(text, end))
    }

    pub(super) fn speaks_of_version(&self, text: Text<'_>, at: usize) -> bool {
        announced(&self.version, text, at)
    }
}

/// Whether the word for "on" stands before `start`, in the languages that put the verb behind.
fn is_when(text: Text<'_>, start: usize) -> bool {
    const ON: &[&str] =
        &["on", "am", "den", "le", "el", "il", "op", "em", "no", "a", "dia", "dnia", "día"];
    let end = start.saturating_sub(1);
    let word = text.run_back(end, 8, |byte| byte.is_ascii_alphabetic() || byte >= 0x80);
    text.at(end) == b' ' && ON.iter().any(|on| on.eq_ignore_ascii_case(text.slice(word, end)))
}

#[expect(
    clippy::expect_used,
    reason = "the words are constants of this file, and every test builds them"
)]
fn words(list: &[&str]) -> AhoCorasick {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(list)
        .expect("a short list of words makes an automaton")
}

fn announced(words: &AhoCorasick, text: Text<'_>, at: usize) -> bool {
    words.is_match(text.window(at.saturating_sub(REACH), at))
}

/// Searches for whole words that come in groups.
#[derive(Debug)]
pub(super) struct Announced {
    words: AhoCorasick,
    /// The group of each word.
    groups: Vec<usize>,
}

impl Announced {
    /// A search for the words of each of `groups`; ASCII capitals do not matter.
    pub(super) fn new(groups: &[&[&str]]) -> Self {
        let all: Vec<&str> = groups.iter().flat_map(|group| group.iter().copied()).collect();
        let indices = groups.iter().enumerate();
        let groups = indices.flat_map(|(index, group)| group.iter().map(move |_| index)).collect();
        Self { words: words(&all), groups }
    }

    /// The groups that have a word shortly before `at`. A word of four letters or fewer must stand
    /// alone; a longer one may go on, as in `passports`.
    pub(super) fn before(&self, text: Text<'_>, at: usize) -> Vec<usize> {
        self.stretches(text, at).map(|(group, _)| group).collect()
    }

    /// The group of the last word before `at`, unless a digit stands between them.
    pub(super) fn leading_to(&self, text: Text<'_>, at: usize) -> Option<usize> {
        let (group, end) = self.stretches(text, at).max_by_key(|&(_, end)| end)?;
        let apart = text.window(end, at).iter().any(u8::is_ascii_digit);
        (!apart).then_some(group)
    }

    /// Whether a word stands shortly behind `at`, in the same clause and before any digit.
    pub(super) fn follows(&self, text: Text<'_>, at: usize) -> bool {
        if text.at(at) != b' ' {
            return false;
        }
        let ends = |byte: u8| byte.is_ascii_digit() || b"\n\\.,;:!?()".contains(&byte);
        let end = text.run(at, REACH, |byte| !ends(byte));
        // `Geborene` is somebody else's.
        self.within(text, at, end).any(|(_, end)| !text.at(end).is_ascii_alphabetic())
    }

    /// The group and the end of each word shortly before `at`.
    fn stretches<'a>(
        &'a self,
        text: Text<'a>,
        at: usize,
    ) -> impl Iterator<Item = (usize, usize)> + 'a {
        self.within(text, at.saturating_sub(REACH), at)
    }

    /// The group and the end of each word from `first` to `last`.
    fn within<'a>(
        &'a self,
        text: Text<'a>,
        first: usize,
        last: usize,
    ) -> impl Iterator<Item = (usize, usize)> + 'a {
        let hits = self.words.find_overlapping_iter(text.window(first, last));
        hits.filter_map(move |hit| {
            let (start, end) = (first + hit.start(), first + hit.end());
            let before = text.is_fresh(start) || text.back(start, 1) == b'_';
            // `nationalId`
            let after = hit.len() > 4 || !text.at(end).is_ascii_alphabetic();
            let group = self.groups.get(hit.pattern().as_usize())?;
            (before && after).then_some((*group, end))
        })
    }
}
