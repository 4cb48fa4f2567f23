//! Everything that one of a few words announces. Each place is looked at once and in bounded time.

use super::assignment::command;
use super::text::Text;
use super::{assignment, credentials, disguise, home, link, secret};
use crate::finding::Finding;
use aho_corasick::{AhoCorasick, MatchKind};

/// Looks at the text around a word, given where it begins and ends.
type Look = fn(Text<'_>, usize, usize) -> Option<Finding>;

/// Words that lead to a secret, a folder, a profile or a spelled address. They are few, and at least
/// four bytes long, so that the search compares many bytes at once.
const WORDS: &[(&str, Look)] = &[
    ("BEGIN ", secret::private_key),
    ("earer", credentials::bearer),
    ("EARER", credentials::bearer),
    ("asic", credentials::basic),
    ("ASIC", credentials::basic),
    ("curl ", credentials::curl),
    ("ENV ", assignment::environment),
    ("Users", home::around),
    ("home", home::around),
    ("tified by ", assignment::statement),
    ("TIFIED BY ", assignment::statement),
    ("ASSWORD '", assignment::statement_password),
    ("assword '", assignment::statement_password),
    ("assword \"", assignment::statement_password),
    ("SecureString ", assignment::secure_string),
    ("tified with ", assignment::statement_with),
    ("TIFIED WITH ", assignment::statement_with),
    ("mysql", command::mysql),
    ("mongo", command::mongo),
    ("sshpass ", command::sshpass),
    ("redis-cli ", command::redis),
    ("sqlcmd ", command::sqlcmd),
    ("ldapsearch ", command::ldap),
    ("ldapmodify ", command::ldap),
    ("login ", command::login),
    (":thin:", command::oracle),
    ("sqlplus ", command::oracle),
    ("figure set ", command::set),
    ("setx ", command::set),
    ("setenv ", command::set),
    ("_authToken ", command::setting),
    ("#define ", command::define),
    ("requirepass ", command::require),
    ("assword is", command::told),
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
