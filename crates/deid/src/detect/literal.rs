//! Everything that a fixed word announces: one search for all of them, then the rule of each.

use super::text::Text;
use super::{assignment, credentials, home, secret, token, vendors};
use crate::finding::Finding;
use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// What looks at the text where a literal was found.
#[derive(Clone, Copy, Debug)]
enum Lead {
    Token(&'static token::Token),
    Folder,
    Slug,
    Look(Look),
    Name(assignment::Strength),
}

/// Looks at the text around a literal, given where it begins and ends.
type Look = fn(Text<'_>, usize, usize) -> Option<Finding>;

/// Literals that lead to more than a run of characters of one alphabet.
const LOOKS: &[(&str, Look)] = &[
    ("-----BEGIN ", secret::private_key),
    ("eyJ", secret::json_web_token),
    ("earer ", credentials::bearer),
    ("EARER ", credentials::bearer),
    ("asic ", credentials::basic),
    ("ASIC ", credentials::basic),
    ("://", credentials::url),
    (":AA", secret::telegram),
    ("7Q~", secret::azure_client_secret),
    ("8Q~", secret::azure_client_secret),
    (".atlasv1.", secret::terraform),
    ("-us", secret::mailchimp),
    ("ecret_access_key", secret::aws_secret),
    ("ECRET_ACCESS_KEY", secret::aws_secret),
    ("ecretAccessKey", secret::aws_secret),
    ("ws_secret_key", secret::aws_secret),
    ("WS_SECRET_KEY", secret::aws_secret),
    ("AccountKey=", credentials::account_key),
    ("AccessKey=", credentials::account_key),
    ("assword=", credentials::connection_password),
    ("PASSWORD=", credentials::connection_password),
    ("Pwd=", credentials::connection_password),
    ("pwd=", credentials::connection_password),
    ("PWD=", credentials::connection_password),
];

/// The search for all literals at once.
#[derive(Debug)]
pub(super) struct Literals {
    automaton: AhoCorasick,
    leads: Vec<Lead>,
}

impl Literals {
    #[expect(
        clippy::expect_used,
        reason = "the literals are constants of this crate, and every test builds them"
    )]
    pub(super) fn new() -> Self {
        let mut words = Vec::new();
        let mut leads = Vec::new();
        for token in vendors::tokens() {
            words.push(token.prefix);
            leads.push(Lead::Token(token));
        }
        for (list, lead) in [(home::PREFIXES, Lead::Folder), (home::SLUGS, Lead::Slug)] {
            words.extend(list);
            leads.extend(list.iter().map(|_| lead));
        }
        for (word, look) in LOOKS {
            words.push(word);
            leads.push(Lead::Look(*look));
        }
        for (stems, strength) in assignment::STEMS {
            words.extend(*stems);
            leads.extend(stems.iter().map(|_| Lead::Name(*strength)));
        }
        // A table of states: the search takes the same time for hundreds of words as for a few.
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::DFA))
            .build(words)
            .expect("a few hundred short literals make an automaton");
        Self { automaton, leads }
    }

    pub(super) fn scan(&self, text: Text<'_>, out: &mut Vec<Finding>) {
        for hit in self.automaton.find_overlapping_iter(text.bytes()) {
            let (start, end) = (hit.start(), hit.end());
            out.extend(match self.leads.get(hit.pattern().as_usize()) {
                Some(Lead::Token(token)) => token.at(text, start, end),
                Some(Lead::Folder) => home::folder(text, start, end),
                Some(Lead::Slug) => home::slug(text, start, end),
                Some(Lead::Look(look)) => look(text, start, end),
                Some(Lead::Name(strength)) => assignment::find(text, start, end, *strength),
                None => None,
            });
        }
    }
}
