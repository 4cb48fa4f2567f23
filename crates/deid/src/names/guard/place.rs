//! Which parts of a line of code are comments or strings.

/// Where in its line something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Bare,
    Quoted,
    Comment,
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
