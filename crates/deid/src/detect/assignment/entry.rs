//! Passwords in entries that have a place for each field, and in what is piped into commands that read
//! such entries.

use super::command::{self, LIMIT, MOST_WORDS, password, place, skip_space, word_end};
use super::value::{Place, Writing};
use super::{NAME_LIMIT, Text};
use crate::detect::text::is_word;
use crate::finding::Finding;

/// The password of `echo USER:PASSWORD | chpasswd`, and of `chpasswd <<< USER:PASSWORD` (chpasswd(8)).
pub(in crate::detect) fn chpasswd(text: Text<'_>, start: usize, end: usize) -> Option<Finding> {
    let here = text.run(end, 8, |byte| matches!(byte, b' ' | b'<'));
    let written = if text.slice(end, here).contains("<<<") {
        place(text, here, word_end(text, here))
    } else {
        piped(text, start)?
    };
    let colon = text.slice(written.start, written.end).find(':')?;
    let start = written.start.saturating_add(colon).saturating_add(1);
    (colon > 0).then(|| password(text, Place { start, ..written })).flatten()
}

/// The password of `echo PASSWORD | sudo -S …` (sudo(8)); the dash before the options ends at `end`.
pub(in crate::detect) fn sudo(text: Text<'_>, start: usize, end: usize) -> Option<Finding> {
    let options = text.run(end, NAME_LIMIT, |byte| byte.is_ascii_alphabetic() || byte == b'-');
    let reads = text.slice(end, options);
    let standard = reads == "-stdin" || (!reads.starts_with('-') && reads.contains('S'));
    standard.then(|| password(text, piped(text, start)?)).flatten()
}

/// What `echo` or `printf` writes into the pipe whose next command begins at `start`, perhaps behind
/// `sudo`: the last word before the pipe.
fn piped(text: Text<'_>, start: usize) -> Option<Place> {
    let space = |end: usize| text.run_back(end, NAME_LIMIT, |byte| matches!(byte, b' ' | b'\t'));
    let before = space(start);
    let sudo = before.saturating_sub("sudo".len());
    let pipe = if text.slice(sudo, before) == "sudo" { space(sudo) } else { before };
    let line = text.run_back(pipe.saturating_sub(1), LIMIT, |byte| !b"\n|;&".contains(&byte));
    if text.back(pipe, 1) != b'|' {
        return None;
    }
    let echo = ["echo ", "printf "].iter().find_map(|command| {
        let at = memchr::memmem::rfind(text.window(line, pipe), command.as_bytes())?;
        let at = line.saturating_add(at);
        text.is_fresh(at).then(|| at.saturating_add(command.len()).saturating_sub(1))
    })?;
    let (mut at, mut last) = (echo, None);
    for _ in 0..MOST_WORDS {
        let start = skip_space(text, at);
        let end = word_end(text, start);
        if end == start || end >= pipe {
            break;
        }
        last = Some(place(text, start, end));
        at = end;
    }
    last
}

/// The password of `htpasswd -b FILE USER PASSWORD`, and of `htpasswd -nb USER PASSWORD`, which writes
/// no file (Apache's manual, htpasswd).
pub(in crate::detect) fn htpasswd(text: Text<'_>, _start: usize, end: usize) -> Option<Finding> {
    let (mut at, mut batch, mut operands) = (end.saturating_sub(1), false, 2_usize);
    for _ in 0..MOST_WORDS {
        let start = skip_space(text, at);
        let stop = word_end(text, start);
        if start == at || stop == start {
            return None;
        }
        match text.slice(start, stop).strip_prefix('-') {
            Some(options) => {
                batch |= options.contains('b');
                operands = operands.saturating_sub(usize::from(options.contains('n')));
                // `-C cost` and `-r rounds` take a word.
                operands = operands.saturating_add(usize::from(options.ends_with(['C', 'r'])));
            }
            None if operands == 0 => {
                return batch.then(|| password(text, place(text, start, stop))).flatten();
            }
            None => operands = operands.saturating_sub(1),
        }
        at = stop;
    }
    None
}

/// The password of a line `HOST:PORT:DATABASE:USER:PASSWORD` of the file `.pgpass` (PostgreSQL's
/// manual, 34.16), whose first colon is at `at`.
pub(in crate::detect) fn pgpass(text: Text<'_>, at: usize) -> Option<Finding> {
    let port = at.saturating_add(1);
    let colon = text.run(port, 6, |byte| byte.is_ascii_digit() || byte == b'*');
    // The ports of PostgreSQL and of its poolers: other numbers are those of lines and services.
    let number = text.slice(port, colon);
    let listens =
        matches!(number, "*" | "6432" | "6543") || (number.len() == 4 && number.starts_with("543"));
    if !listens || text.at(colon) != b':' {
        return None;
    }
    let is_host = |byte: u8| is_word(byte) || matches!(byte, b'-' | b'.' | b'*');
    let host = text.run_back(at, NAME_LIMIT, is_host);
    let is_field = |byte: u8| is_word(byte) || matches!(byte, b'-' | b'.' | b'*' | b'$' | b'@');
    let database = colon.saturating_add(1);
    let user = text.run(database, NAME_LIMIT, is_field).saturating_add(1);
    let start = text.run(user, NAME_LIMIT, is_field).saturating_add(1);
    let end = text.run(start, NAME_LIMIT, |byte| byte > b' ' && !b":\"'\\".contains(&byte));
    // Places in files and logs are written with numbers in these fields.
    let names = |from: usize, to: usize| {
        text.slice(from, to).contains(|c: char| c.is_ascii_alphabetic() || c == '*')
    };
    let begins = host < at && matches!(text.back(host, 1), 0 | b'\n' | b'"' | b'\'' | b' ');
    let fields = text.back(user, 1) == b':'
        && text.back(start, 1) == b':'
        && names(host, at)
        && names(database, user)
        && names(user, start);
    let ends = matches!(text.at(end), 0 | b'\n' | b'\r' | b'"' | b'\'' | b' ');
    let place = Place { start, end, writing: Writing::Line };
    (begins && fields && ends).then(|| command::password(text, place)).flatten()
}
