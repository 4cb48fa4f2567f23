//! Everything that one of a few words announces. Each place is looked at once and in bounded time.

use super::assignment::{command, entry, statement, told};
use super::text::Text;
use super::{credentials, disguise, home, link, secret};
use crate::finding::Finding;
use aho_corasick::{AhoCorasick, MatchKind};

/// Looks at the text around a word, given where it begins and ends.
type Look = fn(Text<'_>, usize, usize) -> Option<Finding>;

/// Words that lead to a secret, a folder, a profile or a spelled address. They are few, and at least
/// four bytes long, so that the search compares many bytes at once.
///
/// Their order matters to speed alone. The search deals them in turn to sixteen buckets by their
/// first four bytes, and looks closer wherever each half of each byte is one that a bucket has; in
/// this order, which swaps have led to, that is thirteen times rarer in prose and code than in the
/// order of their kinds.
const WORDS: &[(&str, Look)] = &[
    ("d’ordine ", told::told),
    ("mysql", command::command),
    ("asswor", statement::password),
    ("mot de passe ", told::told),
    ("aseña ", told::told),
    ("_authToken ", command::setting),
    ("sqlcmd ", command::command),
    ("chpasswd", entry::chpasswd),
    ("figure set ", command::set),
    ("Users", home::around),
    (".com/", link::bare),
    ("chtwoord ", told::told),
    (" dot ", disguise::spelled),
    ("tified ", statement::statement),
    (":thin:", command::oracle),
    ("EARER", credentials::bearer),
    ("ASSWORD '", statement::statement_password),
    ("avra-passe ", told::told),
    ("sqlplus ", command::oracle),
    (" DOT ", disguise::spelled),
    ("home", home::around),
    ("ENV ", command::set),
    ("BEGIN ", secret::private_key),
    ("ennwort ", told::told),
    ("ldapmodify ", command::command),
    ("ldapsearch ", command::command),
    ("setenv ", command::set),
    ("setx ", command::set),
    ("d'ordine ", told::told),
    ("earer", credentials::bearer),
    ("redis-cli ", command::command),
    ("requirepass ", command::require),
    ("asic", credentials::basic),
    ("htpasswd ", entry::htpasswd),
    ("sshpass ", command::command),
    ("#define ", command::define),
    ("login ", command::login),
    ("ASIC", credentials::basic),
    ("sudo -", entry::sudo),
    ("mongo", command::command),
    ("SecureString ", statement::secure_string),
    ("TIFIED ", statement::statement),
    ("senha ", told::told),
    ("curl ", credentials::curl),
];

/// The search for all words at once.
#[derive(Debug)]
pub(super) struct Literals {
    words: AhoCorasick,
}

impl Literals {
    #[expect(
        clippy::expect_used,
        reason = "the words are constants of this crate, and every test builds them"
    )]
    pub(super) fn new() -> Self {
        let words = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .build(WORDS.iter().map(|(word, _)| word))
            .expect("a few short words make an automaton");
        Self { words }
    }

    pub(super) fn scan(&self, text: Text<'_>, out: &mut Vec<Finding>) {
        for hit in self.words.find_iter(text.bytes()) {
            if let Some((_, look)) = WORDS.get(hit.pattern().as_usize()) {
                out.extend(look(text, hit.start(), hit.end()));
            }
        }
    }
}
