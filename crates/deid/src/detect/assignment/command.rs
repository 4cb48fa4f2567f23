//! Passwords in commands and in the files of their settings, where an option or a place stands for
//! the name. Which option takes a password, and whether a space parts them, is what the manual of
//! each command says.

use super::super::Rule;
use super::value::{self, Place, Writing};
use super::{NAME_LIMIT, Text, finding, name, name_before};
use crate::detect::text::is_word;
use crate::finding::{Finding, FindingKind};
use crate::surrogate;

const CONNECTION: Rule = Rule::new(FindingKind::Secret, 0.9, "connection-string");

/// The longest command that is searched for an option.
pub(super) const LIMIT: usize = 256;
/// The most words of a command that are looked at.
pub(super) const MOST_WORDS: usize = 32;
/// The longest word.
const WORD_LIMIT: usize = 128;

/// How an option and its password are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Join {
    /// `-pPASSWORD`
    Attached,
    /// `-p PASSWORD`
    Apart,
    /// Either.
    Both,
}

/// A command that takes a password as an option: the name that it begins with, the option, and how
/// the two are joined.
const COMMANDS: &[(&str, &str, Join)] = &[
    // What follows `-p` and a space is the name of a database. `mysqldump` and so on too.
    ("mysql", "-p", Join::Attached),
    // `mongosh`, `mongodump` and so on too.
    ("mongo", "-p", Join::Apart),
    ("sshpass", "-p", Join::Both),
    ("redis-cli", "-a", Join::Apart),
    ("sqlcmd", "-P", Join::Both),
    ("ldapsearch", "-w", Join::Apart),
    ("ldapmodify", "-w", Join::Apart),
];

/// The password among the options of a command whose name stands from `start` to `end`, alone or with
/// the space behind it.
pub(in crate::detect) fn command(text: Text<'_>, start: usize, end: usize) -> Option<Finding> {
    let known = COMMANDS.iter().find(|(program, ..)| text.starts_with(start, program));
    known.and_then(|(program, flag, join)| option(text, end, program, flag, *join))
}

/// `docker login -p PASSWORD` and the like, and the password of `machine HOST login NAME password
/// PASSWORD` in the file of `netrc`.
pub(in crate::detect) fn login(text: Text<'_>, start: usize, end: usize) -> Option<Finding> {
    const PROGRAMS: &[&str] = &["docker", "podman", "nerdctl", "buildah", "registry", "az", "oc"];
    let space = text.run_back(start, 4, |byte| matches!(byte, b' ' | b'\t'));
    let word = text.run_back(space, NAME_LIMIT, |byte| byte.is_ascii_alphabetic());
    if PROGRAMS.contains(&text.slice(word, space)) {
        return option(text, end.saturating_sub(1), "login", "-p", Join::Apart);
    }
    netrc(text, start, end)
}

/// The password behind `login NAME`, when `machine HOST` or `default` stands before.
fn netrc(text: Text<'_>, start: usize, end: usize) -> Option<Finding> {
    const PASSWORD: &str = "password";
    let space = |at: usize| text.run(at, NAME_LIMIT, |byte| byte.is_ascii_whitespace());
    let name = text.run(end, WORD_LIMIT, |byte| byte > b' ');
    let word = space(name);
    let after = word.saturating_add(PASSWORD.len());
    let value = space(after);
    if !text.starts_with(word, PASSWORD) || value == after || name == word {
        return None;
    }
    let before = text.run_back(start, NAME_LIMIT, |byte| byte.is_ascii_whitespace());
    let host = text.run_back(before, WORD_LIMIT, |byte| byte > b' ');
    let lead = text.run_back(host, NAME_LIMIT, |byte| byte.is_ascii_whitespace());
    let machine = text.run_back(lead, WORD_LIMIT, |byte| byte.is_ascii_alphabetic());
    let listed = text.slice(machine, lead) == "machine" || text.slice(host, before) == "default";
    let place = Place { start: value, end: word_end(text, value), writing: Writing::Line };
    listed.then(|| password(text, place)).flatten()
}

/// The password behind the option `flag` of the command `program`, whose name ends at `end` or goes
/// on with letters. Another command on the line has its own turn.
fn option(text: Text<'_>, end: usize, program: &str, flag: &str, join: Join) -> Option<Finding> {
    let mut at = text.run(end, NAME_LIMIT, |byte| byte.is_ascii_lowercase());
    if !matches!(text.at(at), b' ' | b'\t') {
        // The literal may have had the space.
        at = end.saturating_sub(1);
    }
    let window = text.window(at, at.saturating_add(LIMIT));
    let length = memchr::memmem::find(window, program.as_bytes()).unwrap_or(window.len());
    let limit = at.saturating_add(length);
    let mut awaited = false;
    for _ in 0..MOST_WORDS {
        let start = skip_space(text, at);
        let stop = word_end(text, start);
        if start == at || stop == start || stop > limit {
            return None;
        }
        let word = text.slice(start, stop);
        if awaited {
            return password(text, place(text, start, stop));
        }
        let rest = word.strip_prefix(flag);
        let attached = rest.is_some_and(|rest| !rest.is_empty());
        if attached && join != Join::Apart {
            let value = start.saturating_add(flag.len());
            return password(text, place(text, value, stop));
        }
        awaited = rest == Some("") && join != Join::Attached;
        at = stop;
    }
    None
}

/// Behind the spaces at `at`, and behind the backslash at the end of a line that goes on.
pub(super) fn skip_space(text: Text<'_>, at: usize) -> usize {
    let is_space = |byte: u8| matches!(byte, b' ' | b'\t');
    let start = text.run(at, NAME_LIMIT, is_space);
    if text.starts_with(start, "\\\n") {
        return text.run(start.saturating_add(2), NAME_LIMIT, is_space);
    }
    start
}

/// Where the word of a command that begins at `start` ends: at a space, at what ends a command, and
/// at a quote, which is that of the text in which the command stands. Only quotes that open the
/// word, or its value behind `=` or `-p`, belong to it.
pub(super) fn word_end(text: Text<'_>, start: usize) -> usize {
    let behind = |open: usize| {
        let place = value::quoted(text, open)?;
        let mark = place.start.saturating_sub(open);
        Some(place.end.saturating_add(mark))
    };
    if let Some(end) = behind(start) {
        return end;
    }
    let quote = text.at(start);
    if matches!(quote, b'"' | b'\'') {
        // Such as `'%s\n'`, which is no value.
        let inner = start.saturating_add(1);
        let close = text.run(inner, WORD_LIMIT, |byte| byte != quote && byte != b'\n');
        return close.saturating_add(usize::from(text.at(close) == quote));
    }
    let is_part = |byte: u8| byte > b' ' && !b"|;&`)<>\"'\\".contains(&byte);
    let (mut end, limit) = (start, start.saturating_add(WORD_LIMIT));
    while end < limit {
        end = text.run(end, limit.saturating_sub(end), is_part);
        if text.at(end) != b'\\' || value::is_escape(text, end) {
            break;
        }
        // What a backslash stands before is part of the word.
        end = end.saturating_add(if text.at(end.saturating_add(1)) > b' ' { 2 } else { 1 });
    }
    let word = text.slice(start, end);
    let takes = word.ends_with('=') || (word.len() == 2 && word.starts_with('-'));
    takes.then(|| behind(end)).flatten().unwrap_or(end)
}

/// The value from `start` to `end`, without the quotes around it.
pub(super) fn place(text: Text<'_>, start: usize, end: usize) -> Place {
    value::quoted(text, start).filter(|inner| inner.end < end).unwrap_or(Place {
        start,
        end,
        writing: Writing::Line,
    })
}

/// The password at a place where nothing else is written, unless it stands for one. In quotes it
/// may hold spaces.
pub(super) fn password(text: Text<'_>, place: Place) -> Option<Finding> {
    let value = text.slice(place.start, place.end);
    let expands = value.contains('$') && text.back(place.start, 1) != b'\'';
    let joined = value.replace(' ', "");
    let fits = value::fits(&joined, name::Strength::Password, Writing::Line);
    let (rule, score, _) = name::PASSWORD.rule();
    let is_open = value.starts_with(['"', '\'', '\\']);
    (fits && !expands && !is_open && !surrogate::is_token(value))
        .then(|| Rule::new(FindingKind::Secret, score, rule).finds(place.start, place.end))
}

/// The password of `jdbc:oracle:thin:user/password@…` and of `sqlplus user/password@…`; the user
/// begins at `end`.
pub(in crate::detect) fn oracle(text: Text<'_>, _start: usize, end: usize) -> Option<Finding> {
    let is_user = |byte: u8| is_word(byte) || matches!(byte, b'$' | b'#' | b'.' | b'-');
    let slash = text.run(end, NAME_LIMIT, is_user);
    let from = slash.saturating_add(1);
    let until = text.run(from, NAME_LIMIT, |byte| byte > b' ' && !b"\"'`@/\\<>".contains(&byte));
    let value = text.slice(from, until);
    let written = slash > end
        && !text.slice(end, slash).starts_with('$')
        && (text.at(slash), text.at(until)) == (b'/', b'@')
        && !value.is_empty()
        && !value::stands_for_one(value)
        && !["password", "passwd", "pass", "pwd"].contains(&value);
    (written && !surrogate::is_token(value)).then(|| CONNECTION.finds(from, until))
}

/// The secret of a flag and a space: `--password …`. The flag's name begins at `start`.
pub(super) fn flag(text: Text<'_>, start: usize) -> Option<Finding> {
    named(text, start, |byte| is_word(byte) || byte == b'-')
}

/// The secret of `NAME value` behind a word that sets it, such as `setx`, or `ENV` in the description
/// of an image of a container.
pub(in crate::detect) fn set(text: Text<'_>, _start: usize, end: usize) -> Option<Finding> {
    named(text, end, |byte| is_word(byte) || byte == b'.')
}

/// The secret of `#define NAME "value"`; without quotes stands an expression.
pub(in crate::detect) fn define(text: Text<'_>, start: usize, end: usize) -> Option<Finding> {
    set(text, start, end).filter(|found| text.back(found.start, 1) == b'"')
}

/// The secret of a name that itself leads to it: `_authToken value`.
pub(in crate::detect) fn setting(text: Text<'_>, start: usize, _end: usize) -> Option<Finding> {
    named(text, start, is_word)
}

/// The secret of `NAME value`, whose name begins at `start` and is made of what `is_name` takes. What
/// begins with a dash is another option.
fn named(text: Text<'_>, start: usize, is_name: impl Fn(u8) -> bool) -> Option<Finding> {
    let stop = text.run(start, NAME_LIMIT, is_name);
    let promise = name::promise(text.slice(start, stop))?;
    let after = text.run(stop, super::GAP, |byte| matches!(byte, b' ' | b'\t'));
    let place = value::quoted(text, after).or_else(|| value::argument(text, after))?;
    let apart = after > stop && text.at(after) != b'-';
    apart.then(|| finding(text, &promise, &place)).flatten()
}

/// The password of a server: `requirepass …`.
pub(in crate::detect) fn require(text: Text<'_>, _start: usize, end: usize) -> Option<Finding> {
    let place = value::quoted(text, end).or_else(|| value::argument(text, end))?;
    password(text, place)
}

/// The secret that is taken when a variable has none: `process.env.DB_PASSWORD || "…"`; the sign
/// of two characters begins at `start`. An arrow assigns in the same way.
pub(in crate::detect) fn otherwise(text: Text<'_>, start: usize) -> Option<Finding> {
    let quote = start.saturating_add("|| ".len());
    if text.back(quote, 1) != b' ' {
        return None;
    }
    let name_end = text.run_back(start, 2, |byte| matches!(byte, b' ' | b')'));
    let (from, to) = name_before(text, name_end)?;
    let promise = name::promise(text.slice(from, to))?;
    let place = value::quoted(text, quote)?;
    finding(text, &promise, &place)
}

/// Calls whose arguments are in quotes, and which of them is a password.
const CALLS: &[(&str, usize)] = &[
    ("NetworkCredential", 2),
    ("HTTPBasicAuth", 2),
    ("HTTPDigestAuth", 2),
    ("UsernamePasswordCredentials", 2),
    ("UsernamePasswordToken", 2),
    ("PasswordAuthentication", 2),
    ("SqlCredential", 2),
    ("SetBasicAuth", 2),
    ("login", 2),
    ("getConnection", 3),
    ("mysql_connect", 3),
    ("mysqli_connect", 3),
    ("mysqli", 3),
    ("PDO", 3),
];

/// The password among the arguments of a call whose parenthesis is at `at`.
pub(super) fn positional(text: Text<'_>, at: usize) -> Option<Finding> {
    let start = text.run_back(at, NAME_LIMIT, is_word);
    let callee = text.slice(start, at);
    let count = if callee.is_empty() {
        // `auth=("user", "password")`
        (text.slice(at.saturating_sub(5), at) == "auth=").then_some(2)?
    } else {
        CALLS.iter().find(|(name, _)| *name == callee)?.1
    };
    let mut open = at.saturating_add(1);
    let mut place = value::quoted(text, open)?;
    for _ in 1..count {
        open = text.run(place.end.saturating_add(1), 8, |byte| matches!(byte, b',' | b' '));
        place = value::quoted(text, open)?;
    }
    // Words of a title stand in a call of this name as well.
    let writing = if callee == "login" { Writing::Loose } else { place.writing };
    finding(text, &name::PASSWORD, &Place { writing, ..place })
}
