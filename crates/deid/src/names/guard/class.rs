//! Which lines are statements of a program, which are members of data, and which are prose.

use super::rows::{is_element, is_row};

/// A line of code has one sign of code in so many bytes, or more.
const SIGN_EVERY: usize = 14;
/// The fewest signs in a line of code.
const FEWEST_SIGNS: usize = 3;
/// How many bytes of a line are judged.
pub(super) const JUDGED: usize = 400;

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Nothing, or a comment, which is prose in code, and a heading or an item elsewhere.
    Neutral,
    /// A statement, or a part of one.
    Code,
    /// A member of an object or of a list, as in JSON.
    Data,
    /// A row of a table, or elements of markup, as dense with signs as code is.
    Row,
    Prose,
}

pub(super) fn class_of(line: &str) -> Class {
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
    let is_statement = is_statement(bare) || is_statement(uncommented(bare));
    if !is_statement && !is_dense(line) {
        return Class::Prose;
    }
    if is_element(bare) || (!is_statement && is_row(line)) {
        return Class::Row;
    }
    if is_statement || !line.contains('@') { Class::Code } else { Class::Prose }
}

/// A line without its number, as tools that show files write it: `12→`, `12|`.
pub(super) fn unnumbered(bare: &str) -> &str {
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
fn has_sign(bare: &str) -> bool {
    !bare.contains(' ')
        || bare.contains(['=', '_', '<', '[', '{', '$'])
        || bare.contains("::")
        || has_call(bare)
}

/// Whether a parenthesis follows a word: `f(x`.
pub(super) fn has_call(bare: &str) -> bool {
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
}
