//! The lines of a text: which are code, which are data, and which parts of code are comments or
//! strings.

use super::FENCE;

/// A line of code has one sign of code in so many bytes, or more.
const SIGN_EVERY: usize = 14;
/// The fewest signs in a line of code.
const FEWEST_SIGNS: usize = 3;
/// How many bytes of a line are judged.
const JUDGED: usize = 400;
/// Lines beside a line that are looked at, the share of them that is code (one in so many), and
/// how many that are at least: first a few, nearly all code; then more.
const NEAR: [(usize, usize, usize); 2] = [(8, 3, 3), (30, 2, 6)];
/// The same for everything between two fences, however long: a file.
const FILE: (usize, usize) = (4, 12);
/// A line this long is cut at the ends of lines within its strings.
const LONG: usize = 2_000;

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Nothing, or a comment, which is prose in code, and a heading or an item elsewhere.
    Neutral,
    /// A statement, or a part of one.
    Code,
    /// A member of an object or of a list, as in JSON.
    Data,
    Prose,
}

#[derive(Clone, Copy, Debug)]
struct Line {
    start: usize,
    class: Class,
    /// Lines of code, and lines that are not neutral, before this one.
    code: usize,
    told: usize,
    /// How many fences stand before it.
    fences: usize,
}

/// The lines of a text.
#[derive(Debug, Default)]
pub(in crate::names) struct Lines {
    lines: Vec<Line>,
}

/// Where in its line something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Bare,
    Quoted,
    Comment,
}

impl Lines {
    /// Reads the lines of a text. In JSON, `\n` within a string ends a line.
    pub(in crate::names) fn of(text: &str) -> Self {
        let mut lines: Vec<Line> = Vec::new();
        let (mut code, mut told, mut fences) = (0_usize, 0_usize, 0_usize);
        let mut start = 0_usize;
        for physical in text.split_inclusive('\n') {
            let is_json = physical.trim_start().starts_with(['{', '[', '"']);
            let mark = if is_json || physical.len() > LONG { "\\n" } else { "\n" };
            for line in physical.split_inclusive(mark) {
                let class = class_of(line);
                lines.push(Line { start, class, code, told, fences });
                code = code.saturating_add(usize::from(class == Class::Code));
                told = told.saturating_add(usize::from(class != Class::Neutral));
                fences = fences.saturating_add(usize::from(line.contains(FENCE)));
                start = start.saturating_add(line.len());
            }
        }
        let class = Class::Neutral;
        lines.push(Line { start, class, code, told, fences: fences.saturating_add(1) });
        Self { lines }
    }

    fn index(&self, at: usize) -> usize {
        self.lines.partition_point(|line| line.start <= at).saturating_sub(1)
    }

    fn at(&self, index: usize) -> Option<&Line> {
        self.lines.get(index)
    }

    /// Where the line that holds `at` begins and ends, and what it is.
    pub(super) fn line(&self, at: usize) -> (usize, usize, Class) {
        let index = self.index(at);
        let end = self.at(index.saturating_add(1)).map_or(at, |line| line.start);
        self.at(index).map_or((at, at, Class::Prose), |line| (line.start, end, line.class))
    }

    /// Whether the lines around the one that holds `at`, as far as the next fences, are code.
    pub(in crate::names) fn are_code(&self, at: usize) -> bool {
        let index = self.index(at);
        let Some(line) = self.at(index) else { return false };
        let first = self.lines.partition_point(|other| other.fences < line.fences);
        let last = self.lines.partition_point(|other| other.fences <= line.fences);
        let is_code = |from: usize, to: usize, share: usize, fewest: usize| {
            let Some((from, to)) = self.at(from).zip(self.at(to.min(self.lines.len() - 1))) else {
                return false;
            };
            let code = to.code.saturating_sub(from.code);
            code >= fewest && code.saturating_mul(share) >= to.told.saturating_sub(from.told)
        };
        is_code(first, last, FILE.0, FILE.1)
            || NEAR.iter().any(|&(reach, share, fewest)| {
                let from = index.saturating_sub(reach).max(first);
                let to = index.saturating_add(reach).saturating_add(1).min(last);
                is_code(from, to, share, fewest)
            })
    }
}

fn class_of(line: &str) -> Class {
    let line = line.get(..line.floor_char_boundary(JUDGED)).unwrap_or(line);
    // In JSON breaks and tabs are escaped, in JSON within JSON twice.
    let line = line.strip_suffix("\\n").unwrap_or(line).trim_end_matches('\\');
    let bare = unnumbered(line.trim_start_matches("\\t").trim());
    if bare.is_empty() || is_comment(bare) {
        return Class::Neutral;
    }
    if is_member(bare) {
        return Class::Data;
    }
    let is_code = is_statement(bare)
        || is_statement(uncommented(bare))
        || (is_dense(line) && !line.contains('@'));
    if is_code { Class::Code } else { Class::Prose }
}

/// A line without its number, as tools that show files write it: `12→`, `12|`.
fn unnumbered(bare: &str) -> &str {
    let rest = bare.trim_start_matches(|c: char| c.is_ascii_digit());
    if rest.len() == bare.len() {
        return bare;
    }
    rest.strip_prefix(['→', '\t', '|']).map_or(bare, str::trim_start)
}

/// A line without the comment at its end: ` # …`, ` // …`.
fn uncommented(bare: &str) -> &str {
    [" # ", " // ", " /* ", " -- "]
        .iter()
        .filter_map(|mark| bare.find(mark))
        .min()
        .and_then(|at| bare.get(..at))
        .map_or("", str::trim_end)
}

/// Whether a line begins as comments do.
fn is_comment(bare: &str) -> bool {
    let is_hash = bare.starts_with('#')
        && !["#[", "#include", "#define", "#if", "#endif", "#pragma"]
            .iter()
            .any(|directive| bare.starts_with(directive));
    is_hash
        || ["//", "/*", "* ", "*/", "-- ", "<!--", ";;"].iter().any(|mark| bare.starts_with(mark))
        || bare == "*"
}

/// Whether a line is a member of a JSON object, or begins one: `"key": …`, `{"key": …`.
fn is_member(bare: &str) -> bool {
    let inner = bare.trim_start_matches(['{', '[', ' ', '\\']);
    let Some(rest) = inner.strip_prefix('"') else { return false };
    let Some((key, after)) = rest.split_once('"') else { return false };
    key.len() <= 64 && after.trim_start().starts_with(':')
}

/// Words that begin statements in common languages, behind the marks of differences.
const OPENING: &[&str] = &[
    "def ",
    "class ",
    "import ",
    "from ",
    "return",
    "raise ",
    "elif ",
    "if ",
    "for ",
    "while ",
    "with ",
    "try:",
    "else:",
    "except",
    "let ",
    "const ",
    "var ",
    "fn ",
    "pub ",
    "func ",
    "use ",
    "mod ",
    "impl ",
    "struct ",
    "enum ",
    "match ",
    "async ",
    "await ",
    "public ",
    "private ",
    "protected ",
    "static ",
    "package ",
    "export ",
    "function ",
    "assert ",
    "del ",
    "yield ",
    "int ",
    "void ",
    "char ",
    "switch ",
    "case ",
    "type ",
    "interface ",
    "SELECT ",
    "INSERT ",
    "CREATE ",
    "UPDATE ",
    "ALTER ",
    "WHERE ",
    "@",
    "#",
    ">>> ",
];

/// Whether a line is a statement or a part of one.
fn is_statement(bare: &str) -> bool {
    let bare = bare.strip_prefix(['+', '-']).map_or(bare, str::trim_start);
    if bare.is_empty() {
        return false;
    }
    if bare.chars().all(|c| c.is_ascii_punctuation() || c.is_ascii_digit() || c == ' ') {
        return bare.contains(['{', '}', '(', ')', '[', ']']);
    }
    let is_opened = OPENING.iter().any(|word| bare.starts_with(word));
    let ends = |marks: &[char]| bare.ends_with(marks);
    (is_opened && (ends(&['{', '}', ';', '(', '[', ':', ',', ')', '\\']) || is_import(bare)))
        || (ends(&[';', '{', '}', '(', '[', '\\']) && has_sign(bare))
        || (ends(&[',', ')', ':']) && has_call(bare))
        || (bare.starts_with("0x") && ends(&[',']))
        || is_assignment(bare)
        || is_literal(bare)
}

/// Whether a line only names what it takes from elsewhere: `import a.b`, `from a import b`,
/// `return x`.
fn is_import(bare: &str) -> bool {
    let words = bare.split_whitespace().count();
    match bare.split_whitespace().next() {
        Some("import" | "return" | "package" | "use") => words <= 3,
        Some("from") => bare.contains(" import "),
        Some(word) => word.starts_with('@') && words == 1,
        None => false,
    }
}

/// Programs that are run from a shell and whose names are no words that begin sentences.
const PROGRAMS: &[&str] = &[
    "git",
    "npm",
    "npx",
    "yarn",
    "pnpm",
    "docker",
    "podman",
    "kubectl",
    "helm",
    "cargo",
    "rustup",
    "pip",
    "pip3",
    "python",
    "python3",
    "conda",
    "sudo",
    "apt",
    "apt-get",
    "brew",
    "dnf",
    "systemctl",
    "journalctl",
    "chmod",
    "chown",
    "mkdir",
    "curl",
    "wget",
    "ssh",
    "scp",
    "rsync",
    "grep",
    "sed",
    "awk",
    "tar",
    "cmake",
    "gcc",
    "terraform",
    "psql",
    "mysql",
];
/// The most words of a command that is told by its program alone.
const COMMAND_MAX: usize = 8;

/// Whether a line is a command of a shell: small letters without the marks of sentences, behind a
/// prompt, or with a well-known program as its first word.
pub(super) fn is_command(line: &str) -> bool {
    let line = line.get(..line.floor_char_boundary(JUDGED)).unwrap_or(line);
    let bare = line.trim().trim_start_matches(['$', '>', ' ']);
    let is_sentence = bare.ends_with(['.', '?', '!', ','])
        || [", ", ". ", "? ", "! "].iter().any(|mark| bare.contains(mark));
    if is_sentence || bare.chars().any(char::is_uppercase) {
        return false;
    }
    let mut words = bare.split_whitespace();
    let Some(first) = words.next() else { return false };
    let second = words.clone().next().unwrap_or_default();
    let is_verb = ["is", "was", "and", "has", "does", "for", "or", "to"].contains(&second);
    let has_option = words.clone().any(|word| word.starts_with('-') && word.len() > 1);
    let is_short = words.count() < COMMAND_MAX;
    line.trim_start().starts_with("$ ")
        || (PROGRAMS.contains(&first) && !is_verb && (is_short || has_option))
}

fn has_sign(bare: &str) -> bool {
    !bare.contains(' ')
        || bare.contains(['=', '_', '<', '[', '{', '$'])
        || bare.contains("::")
        || has_call(bare)
}

/// Whether a parenthesis follows a word: `f(x`.
fn has_call(bare: &str) -> bool {
    bare.bytes().zip(bare.bytes().skip(1)).any(|(before, here)| {
        here == b'(' && (before.is_ascii_alphanumeric() || matches!(before, b'_' | b')' | b']'))
    })
}

/// Whether a line gives something a value: `a.b = c`, `let a: T = c`, `a += c`.
fn is_assignment(bare: &str) -> bool {
    let Some((target, _)) = bare.split_once('=') else { return false };
    let target = target.trim_end_matches([':', '+', '-', '*', '|', '&', ' ', '?']);
    let is_name = |c: char| c.is_alphanumeric() || "_.[]'\"$@-<>:,*&() ".contains(c);
    !target.is_empty() && target.split_whitespace().count() <= 4 && target.chars().all(is_name)
}

/// Whether a line holds quoted strings and what joins them, as in a list: `"a", 'b',`.
fn is_literal(bare: &str) -> bool {
    let bare = bare.trim_start_matches(['(', '[', '{', ' ']);
    let is_quoted = bare.starts_with(['"', '\'', '`'])
        || ["b'", "b\"", "r'", "r\"", "f'", "f\"", "u'", "u\""].iter().any(|b| bare.starts_with(b));
    is_quoted && bare.len() > 2 && bare.ends_with(['"', '\'', ',', ')', ']', '}', ';', '(', '`'])
}

/// Whether a line has as many signs of code as code has.
pub(super) fn is_dense(line: &str) -> bool {
    let line = unnumbered(line.trim_start_matches(['>', ' ', '*', '-', '#', '|']));
    let mut signs = 0_usize;
    let mut before = ' ';
    for character in line.chars() {
        let is_sign = match character {
            '{' | '}' | '[' | ']' | '<' | '>' | '=' | ';' | '|' | '_' | '$' | '&' | '^' | '~'
            | '→' | '\t' | '`' => true,
            '(' => before.is_alphanumeric() || before == '_',
            '.' | '/' => before == character || before == ')',
            _ if character.is_alphabetic() && before == '.' => true,
            ':' => before == ':' || before == '"',
            '"' => before == ':' || before == ',' || before == '{',
            _ if character.is_uppercase() => before.is_lowercase(),
            _ => false,
        };
        signs = signs.saturating_add(usize::from(is_sign));
        before = character;
    }
    signs >= FEWEST_SIGNS && signs.saturating_mul(SIGN_EVERY) >= line.len()
}

/// Where the end of `head`, the beginning of a line of code, stands.
pub(super) fn place_behind(head: &str) -> Place {
    let mut quote = None;
    let mut before = ' ';
    let mut characters = head.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied().unwrap_or(' ');
        match quote {
            Some(_) if character == '\\' => {
                characters.next();
            }
            Some(open) => quote = Some(open).filter(|&open| open != character),
            None => match character {
                // Between letters it is an apostrophe, behind `b` and `f` it opens a string.
                '\'' if before.is_alphanumeric()
                    && next.is_alphanumeric()
                    && !is_prefix(before) => {}
                '"' | '\'' | '`' => quote = Some(character),
                '#' if before.is_whitespace() && next != '[' => return Place::Comment,
                '/' if next == '/' && before != ':' => return Place::Comment,
                '/' if next == '*' => return Place::Comment,
                '-' if next == '-'
                    && before.is_whitespace()
                    && characters.clone().nth(1) == Some(' ') =>
                {
                    return Place::Comment;
                }
                '*' if head.trim_start().starts_with('*') => return Place::Comment,
                '<' if head.trim_start().starts_with("<!--") => return Place::Comment,
                _ => {}
            },
        }
        before = character;
    }
    if quote.is_some() { Place::Quoted } else { Place::Bare }
}

const fn is_prefix(character: char) -> bool {
    matches!(character, 'b' | 'r' | 'f' | 'u' | 'B' | 'R' | 'F' | 'U')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_members_comments_and_prose() {
        for line in [
            "def f(self, x):",
            "import os.path",
            "from a import B, \\",
            "    return Foo",
            "let total = Foo::new();",
            "  'Beta;': '\\u0392',",
            "public static void main(String[] args) {",
            "#include <stdio.h>",
            "})",
            "total += 1",
            "SELECT name FROM people WHERE id = 3;",
            "+    x = y",
            "    14→type Line struct {",
            "    (95, 95, 175),",
            "    '\\u042c'   #  0x009c -> SOFT SIGN",
        ] {
            assert_eq!(class_of(line), Class::Code, "{line}");
        }
        for line in [
            "I met Ada (of the office), and she said: yes;",
            "if you can, come over.",
            "Use it for a while, and return it.",
            "Dear all:",
            "From: Ada Brack <ada@b.io>",
            "for Ada, who knows",
            "\"So it is,\" she said.",
        ] {
            assert_eq!(class_of(line), Class::Prose, "{line}");
        }
        assert_eq!(class_of("  \"a\": 3,"), Class::Data);
        assert_eq!(class_of("{\"a\": {}}"), Class::Data);
        for line in ["# of Ada", "  // of Ada", " * of Ada", ""] {
            assert_eq!(class_of(line), Class::Neutral, "{line}");
        }
    }

    #[test]
    fn places_in_a_line_of_code() {
        for (head, place) in [
            ("x = ", Place::Bare),
            ("x = \"", Place::Quoted),
            ("x = 'a'; y = ", Place::Bare),
            ("x = b'", Place::Quoted),
            ("x = 'it\\'s ", Place::Quoted),
            ("x = 3  # don't ", Place::Comment),
            ("x(\"http://a\", ", Place::Bare),
            ("x(); // ", Place::Comment),
            ("a = 1 -- ", Place::Comment),
            ("i--; ", Place::Bare),
            (" * ", Place::Comment),
            ("\"\"\"", Place::Quoted),
        ] {
            assert_eq!(place_behind(head), place, "{head}");
        }
    }
}
