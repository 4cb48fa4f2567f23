//! Names of accounts that are mentioned: `@name` in prose.

use super::text::{Text, is_word};
use super::{Rule, assignment, home};
use crate::finding::{Finding, FindingKind};
use crate::surrogate;

const MENTION: Rule = Rule::new(FindingKind::Handle, 0.7, "mention");
const USER: Rule = Rule::new(FindingKind::Handle, 0.8, "url-user");

/// The longest name that is read: GitHub allows 39 characters, most services fewer.
const NAME_LIMIT: usize = 39;
/// How far behind a name its next word is read.
const WORD_LIMIT: usize = 16;

/// Users of URLs that many share, besides those of machines: of services and of databases.
const SERVICES: &[&str] = &[
    "anonymous",
    "ftp",
    "hg",
    "mongo",
    "mysql",
    "oauth2",
    "postgres",
    "sa",
    "sftp",
    "svn",
    "token",
    "www-data",
    "x-access-token",
    "x-token-auth",
];

/// What stands behind an `@` in code, documentation, style sheets, packages and chats, and is
/// nobody's name.
const SHARED: &[&str] = &[
    // Documentation: Javadoc, JSDoc, Doxygen.
    "author",
    "brief",
    "class",
    "code",
    "default",
    "deprecated",
    "description",
    "example",
    "extends",
    "file",
    "implements",
    "inheritdoc",
    "internal",
    "license",
    "link",
    "method",
    "module",
    "name",
    "note",
    "override",
    "package",
    "param",
    "private",
    "property",
    "protected",
    "public",
    "return",
    "returns",
    "see",
    "since",
    "static",
    "summary",
    "template",
    "throws",
    "todo",
    "type",
    "typedef",
    "var",
    "version",
    // Style sheets and their preprocessors.
    "apply",
    "charset",
    "container",
    "each",
    "else",
    "extend",
    "font-face",
    "for",
    "forward",
    "function",
    "if",
    "import",
    "include",
    "keyframes",
    "layer",
    "media",
    "mixin",
    "namespace",
    "page",
    "supports",
    "tailwind",
    "use",
    "while",
    // Decorators, annotations and macros.
    "abstractmethod",
    "app",
    "async",
    "available",
    "autoclosure",
    "bean",
    "before",
    "after",
    "beforeeach",
    "body",
    "cached",
    "classmethod",
    "click",
    "component",
    "composable",
    "dataclass",
    "doc",
    "end",
    "entity",
    "fixture",
    "get",
    "implementation",
    "inbounds",
    "injectable",
    "input",
    "interface",
    "main",
    "mock",
    "nullable",
    "objc",
    "output",
    "post",
    "protocol",
    "published",
    "put",
    "query",
    "selector",
    "spec",
    "staticmethod",
    "state",
    "submit",
    "synthesize",
    "test",
    "time",
    "transactional",
    "value",
    "wraps",
    "change",
    "keyup",
    "binding",
    // Versions and folders of packages, groups of chats.
    "latest",
    "next",
    "beta",
    "alpha",
    "canary",
    "dev",
    "stable",
    "types",
    "all",
    "channel",
    "everyone",
    "here",
    "team",
    "username",
    "user",
    "handle",
    "someone",
    "me",
    "you",
    "mention",
    "gmail",
    "domain",
    "localhost",
    "workspace",
    "self",
    "this",
];
/// What a name of a language is called behind it.
const KINDS: &[&str] = &[
    "annotation",
    "annotations",
    "at-rule",
    "attribute",
    "block",
    "decorator",
    "decorators",
    "directive",
    "event",
    "field",
    "function",
    "handler",
    "keyword",
    "macro",
    "method",
    "module",
    "namespace",
    "package",
    "rule",
    "scope",
    "scoped",
    "symbol",
    "syntax",
    "tag",
    "tags",
    "variable",
];
/// Words that are said to somebody who was named at the beginning of a line.
const SAID: &[&str] = &[
    "and", "are", "can", "could", "did", "do", "does", "have", "hello", "hey", "hi", "how", "i",
    "is", "just", "lol", "no", "please", "thank", "thanks", "that", "the", "this", "we", "what",
    "when", "where", "why", "will", "would", "yes", "you", "your",
];

/// The name behind the `@` at `at`, which is none of an e-mail address.
pub(super) fn mention(text: Text<'_>, at: usize) -> Option<Finding> {
    let start = at + 1;
    if !text.at(start).is_ascii_alphabetic() {
        return None;
    }
    let end = text.run(start, NAME_LIMIT + 1, |byte| is_word(byte) || byte == b'-');
    let name = text.slice(start, end).trim_end_matches('-');
    let end = start + name.len();
    let lower = name.to_ascii_lowercase();
    let named = (2..=NAME_LIMIT).contains(&name.len()) && !SHARED.contains(&lower.as_str());
    if !named || surrogate::is_word(name) || !closes(text, end) {
        return None;
    }
    let marked = name.contains(|c: char| c.is_ascii_digit() || c == '_');
    let next = word_behind(text, end);
    let capital = name.starts_with(|c: char| c.is_ascii_uppercase());
    let spoken = match opening(text, at)? {
        Opening::Line => SAID.contains(&next.as_str()) || matches!(text.at(end), b',' | b':'),
        // `the @Component of it` is an annotation more often than a name.
        Opening::Sentence => marked || !capital || greets(text, at),
    };
    (spoken && !KINDS.contains(&next.as_str())).then(|| MENTION.finds(start, end))
}

/// The user of `scheme://user@host`, who stands from `start` to `at`; a token has a rule of its own.
pub(super) fn user(text: Text<'_>, start: usize, at: usize) -> Option<Finding> {
    let name = text.slice(start, at);
    let lower = name.to_lowercase();
    let shared = home::is_shared(&lower) || SERVICES.contains(&lower.as_str());
    let variable = matches!(text.back(start, 1), b'$' | b'{');
    (!shared && !variable && !assignment::is_key(name) && !surrogate::is_token(name))
        .then(|| USER.finds(start, at))
}

/// What stands before a mention.
enum Opening {
    /// Nothing else on its line.
    Line,
    /// A word or the mark behind one.
    Sentence,
}

fn opening(text: Text<'_>, at: usize) -> Option<Opening> {
    let before = text.back(at, 1);
    if at == 0 || before == b'\n' || (before == b'n' && text.back(at, 2) == b'\\') {
        return Some(Opening::Line);
    }
    if before != b' ' {
        return None;
    }
    // A mark of prose, but no bracket, operator or comment.
    let earlier = text.back(at, 2);
    let spoken = earlier.is_ascii_alphanumeric() || earlier > 0x7f || b".,;:!?".contains(&earlier);
    spoken.then_some(Opening::Sentence)
}

/// Whether a name can end at `end` and is not called, assigned or part of a path.
fn closes(text: Text<'_>, end: usize) -> bool {
    let (next, later) = (text.at(end), text.at(end + 1));
    match next {
        b'.' | b',' | b':' | b'!' | b'?' | b';' => !is_word(later) && later != b':',
        b' ' => !b"={(+-*/<>[|&:".contains(&later),
        b'\\' => matches!(later, b'n' | b'"'),
        b'\'' => later == b's',
        0 | b')' | b'\n' | b'\r' | b'"' => true,
        0x80.. => true,
        _ => false,
    }
}

/// The next word behind `end`, in small letters.
fn word_behind(text: Text<'_>, end: usize) -> String {
    let start = text.run(end, 2, |byte| b" ,:".contains(&byte));
    let end = text.run(start, WORD_LIMIT, |byte| byte.is_ascii_alphabetic() || byte == b'-');
    text.slice(start, end).to_ascii_lowercase()
}

/// Whether the word before the `@` at `at` is one that people are named behind.
fn greets(text: Text<'_>, at: usize) -> bool {
    const WORDS: &[&str] =
        &["by", "cc", "dear", "dm", "follow", "hello", "hey", "hi", "ping", "thanks", "via"];
    let end = at.saturating_sub(1);
    let start = text.run_back(end, WORD_LIMIT, |byte| byte.is_ascii_alphabetic());
    WORDS.contains(&text.slice(start, end).to_ascii_lowercase().as_str())
}
