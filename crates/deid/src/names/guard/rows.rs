//! Rows of tables and elements of markup: the signs between their words are no signs of code.

use super::class::has_call;
use super::form::is_camel;

/// What stands between the cells of a row: in Markdown, in tab-separated values (IANA
/// `text/tab-separated-values`), and in the values of programs that keep the comma for decimals.
const SEPARATORS: [char; 3] = ['|', '\t', ';'];
/// The fewest separators of a row.
const SEPARATORS_MIN: usize = 2;
/// Signs that words and numbers are written without.
const OF_CODE: &[char] = &['{', '}', '[', ']', '<', '>', '=', '^', '~', '\\', '`', '→'];

/// Whether a line is a row of a table: its cells are words and numbers, and half of them at most
/// are identifiers.
pub(super) fn is_row(line: &str) -> bool {
    !line.contains(OF_CODE)
        && !line.contains("||")
        && SEPARATORS.iter().any(|separator| {
            let (mut cells, mut words, mut identifiers) = (0_usize, 0_usize, 0_usize);
            for cell in line.split(*separator) {
                cells = cells.saturating_add(1);
                words = words.saturating_add(usize::from(cell.contains(char::is_alphanumeric)));
                identifiers = identifiers.saturating_add(usize::from(is_identifier(cell)));
            }
            cells > SEPARATORS_MIN && identifiers.saturating_mul(2) <= words
        })
}

/// Whether a cell holds a word that only programs have: `user_id`, `baseCommit`, `os.path`, `f(x)`.
fn is_identifier(cell: &str) -> bool {
    has_call(cell)
        || cell.split_whitespace().filter(|word| !word.contains('@')).any(|word| {
            let mut parts = word.split('.').rev();
            let is_member = parts.next().is_some_and(|last| last.starts_with(char::is_alphabetic))
                && parts.next().is_some_and(|before| before.ends_with(char::is_alphanumeric));
            is_member || word.contains('_') || word.contains("::") || is_camel(word)
        })
}

/// Whether a line is an element of XML or HTML, or some of them, with nothing but words between
/// the tags.
pub(super) fn is_element(bare: &str) -> bool {
    let is_marked = bare.starts_with('<') || bare.contains("</");
    if !is_marked || bare.contains(['{', '}']) {
        return false;
    }
    let mut tags = 0_usize;
    let mut rest = bare;
    while let Some((between, tag)) = rest.split_once('<') {
        let Some((tag, after)) = tag.split_once('>') else { return false };
        let is_tag = tag.trim_start_matches('/').starts_with(char::is_alphabetic);
        if !is_tag || between.contains(OF_CODE) || has_call(between) {
            return false;
        }
        tags = tags.saturating_add(1);
        rest = after;
    }
    // The end of a line that is cut there may be within a tag.
    tags > 0 && !rest.contains(OF_CODE) && !has_call(rest) && !rest.ends_with([';', ',', '('])
}

/// What of `head` and `tail`, the rest of a row before and behind a name, is of the same cell.
pub(super) fn cell<'t>(head: &'t str, tail: &'t str) -> (&'t str, &'t str) {
    let is_end = |c: char| SEPARATORS.contains(&c) || matches!(c, '<' | '>' | '\n');
    let begins = head.rsplit(is_end).next().unwrap_or_default();
    (begins, tail.split(is_end).next().unwrap_or_default())
}

/// Whether `head` and `tail`, the rest of a cell, hold nothing but marks of emphasis and quotation.
pub(super) fn is_whole(head: &str, tail: &str) -> bool {
    let is_mark = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '*');
    head.chars().chain(tail.chars()).all(is_mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_words_and_numbers_in_their_cells() {
        for line in [
            "| Ada Brack | Ulm | 12 | open |",
            "|---|:--|---|",
            "Ada Brack\tUlm\t12\topen",
            "7;Ada Brack;ada_b@corp.io;(0731) 4 5;3.5",
            "| ada_brack | Ada Brack | Ulm |",
        ] {
            assert!(is_row(line), "{line}");
        }
        for line in [
            "a || b || c || d",
            "x = a | b | c",
            "f(x); g(y); h(z)",
            "| `Ada` | `Ulm` | `x` |",
            "user_id | base_commit | Ulm",
            "Ada met Ulm; so it is.",
            "std::io; std::fs; std::env",
        ] {
            assert!(!is_row(line), "{line}");
        }
    }

    #[test]
    fn elements_have_words_between_their_tags() {
        for line in [
            "<td>Ada Brack</td>",
            "<tr><td class=\"a b\">Ada Brack</td><td>12</td></tr>",
            "<person>",
            "Ada Brack</td>",
        ] {
            assert!(is_element(line), "{line}");
        }
        for line in [
            "<td>{name}</td>",
            "<T>(x: T) => Ada",
            "a < b && c > d",
            "Map<Ada, Ulm>()",
            "<Ada as Ulm>::new()",
        ] {
            assert!(!is_element(line), "{line}");
        }
    }

    #[test]
    fn cells_end_at_separators() {
        for (head, tail) in
            [("| ", " | x |"), ("", "\t12"), ("a\t", ""), ("<td>", "</td>"), ("| **", "** |\n")]
        {
            let (head, tail) = cell(head, tail);
            assert!(is_whole(head, tail), "{head:?} {tail:?}");
        }
        for (head, tail) in [("| see ", " | x"), ("", ", is\t12"), ("<td>of ", "</td>")] {
            let (head, tail) = cell(head, tail);
            assert!(!is_whole(head, tail), "{head:?} {tail:?}");
        }
    }
}
