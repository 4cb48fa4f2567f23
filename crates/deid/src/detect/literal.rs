//! Everything that one of a few words announces. Each place is looked at once and in bounded time.

use super::assignment::{command, entry, statement, told};
use super::text::Text;
use super::{credentials, disguise, home, link, secret};
use crate::finding::Finding;
use aho_corasick::{AhoCorasick, MatchKind};

/// Looks at the text around a word, given where it begins and ends.
type Look = fn(Text<'_>, usize, usize) -> Option<Finding>;

/// Words that lead to a secret, a folder, a profile or a spelled address. They are few, and at least
/// four bytes long, so that the search compares many bytes at once; what it costs depends on how rare
/// their first four bytes are.
const WORDS: &[(&str, Look)] = &[
    ("BEGIN ", secret::private_key),
    ("earer", credentials::bearer),
    ("EARER", credentials::bearer),
    ("asic", credentials::basic),
    ("ASIC", credentials::basic),
    ("curl ", credentials::curl),
    ("ENV ", command::set),
    ("Users", home::around),
    ("home", home::around),
    ("tified ", statement::statement),
    ("TIFIED ", statement::statement),
    ("ASSWORD '", statement::statement_password),
    ("SecureString ", statement::secure_string),
    ("mysql", command::command),
    ("mongo", command::command),
    ("sshpass ", command::command),
    ("redis-cli ", command::command),
    ("sqlcmd ", command::command),
    ("ldapsearch ", command::command),
    ("ldapmodify ", command::command),
    ("login ", command::login),
    (":thin:", command::oracle),
    ("sqlplus ", command::oracle),
    ("figure set ", command::set),
    ("setx ", command::set),
    ("setenv ", command::set),
    ("_authToken ", command::setting),
    ("#define ", command::define),
    ("requirepass ", command::require),
    ("asswor", statement::password),
    ("ennwort ", told::told),
    ("mot de passe ", told::told),
    ("aseña ", told::told),
    ("senha ", told::told),
    ("chtwoord ", told::told),
    ("chpasswd", entry::chpasswd),
    ("htpasswd ", entry::htpasswd),
    ("sudo -", entry::sudo),
    (" dot ", disguise::spelled),
    (" DOT ", disguise::spelled),
    (".com/", link::bare),
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
