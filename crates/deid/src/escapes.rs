//! Escapes that a stretch of text must not tear.

/// The stretch from `start` to `end` without what it holds of escapes that lie across its ends:
/// those of JSON (RFC 8259, section 7) and of percent-encoding (RFC 3986, section 2.1). `None` when
/// nothing remains, or the stretch is none of `text`.
///
/// In `\nora` the `n` counts to the escape: whether the text is inside a string cannot be known.
pub(crate) fn untorn(text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let start = start.checked_add(torn_behind(bytes, start))?;
    let inside = bytes.get(start..end)?;
    let backslashes = inside.iter().rev().take_while(|&&byte| byte == b'\\').count();
    let end = end.checked_sub(backslashes)?;
    let end = end.checked_sub(torn_before(bytes, start, end))?;
    (start < end).then_some((start, end))
}

/// How many bytes from `at` on belong to an escape that begins before `at`.
fn torn_behind(bytes: &[u8], at: usize) -> usize {
    let first = |distance: usize| at.checked_sub(distance).and_then(|place| bytes.get(place));
    if first(1) == Some(&b'\\') {
        return match bytes.get(at) {
            Some(b'u') if are_hexadecimal(bytes, at.saturating_add(1), 4) => 5,
            Some(b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'"' | b'/') => 1,
            _ => 0,
        };
    }
    for inside in 2..6_usize {
        let begin = at.saturating_sub(inside);
        let is_unicode = first(inside) == Some(&b'\\')
            && bytes.get(begin.saturating_add(1)) == Some(&b'u')
            && are_hexadecimal(bytes, begin.saturating_add(2), 4);
        if is_unicode {
            return 6_usize.saturating_sub(inside);
        }
    }
    for inside in 1..3_usize {
        let digits = at.saturating_sub(inside).saturating_add(1);
        if first(inside) == Some(&b'%') && are_hexadecimal(bytes, digits, 2) {
            return 3_usize.saturating_sub(inside);
        }
    }
    0
}

/// How many bytes before `end` belong to an escape that begins after `start` and goes on at `end`.
fn torn_before(bytes: &[u8], start: usize, end: usize) -> usize {
    let longest = end.saturating_sub(start).min(5);
    (1..=longest)
        .rev()
        .find(|&inside| {
            let begin = end.saturating_sub(inside);
            match bytes.get(begin) {
                Some(b'%') => inside < 3 && are_hexadecimal(bytes, begin.saturating_add(1), 2),
                Some(b'\\') => {
                    bytes.get(begin.saturating_add(1)) == Some(&b'u')
                        && are_hexadecimal(bytes, begin.saturating_add(2), 4)
                }
                _ => false,
            }
        })
        .map_or(0, |inside| {
            // The backslashes before the last one are of the same escape, in JSON within JSON.
            let begin = end.saturating_sub(inside);
            let before = bytes.get(start..begin).unwrap_or_default();
            let run = before.iter().rev().take_while(|&&byte| byte == b'\\').count();
            inside.saturating_add(run)
        })
}

fn are_hexadecimal(bytes: &[u8], start: usize, count: usize) -> bool {
    let digits = bytes.get(start..start.saturating_add(count));
    digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The stretch between `«` and `»`, without what is torn.
    fn kept(marked: &str) -> Option<String> {
        let start = marked.find('«').unwrap();
        let end = marked.find('»').unwrap() - '«'.len_utf8();
        let text = marked.replace(['«', '»'], "");
        untorn(&text, start, end).map(|(start, end)| text.get(start..end).unwrap().to_owned())
    }

    #[test]
    fn escapes_stay_whole() {
        for (marked, expected) in [
            (r"\«nora»", Some("ora")),
            (r"\\«nora»", Some("ora")),
            (r"\«anna»", Some("anna")),
            (r"«anna\»n", Some("anna")),
            (r"«anna\\»n", Some("anna")),
            (r"«anna\n»", Some(r"anna\n")),
            (r"\«u00e9a»", Some("a")),
            (r"\u00«e9a»", Some("a")),
            (r"\u00e9«a»", Some("a")),
            (r"«a\u00»e9", Some("a")),
            (r"«a\\u00»e9", Some("a")),
            (r"«a\u00e9»", Some(r"a\u00e9")),
            ("%«20a»", Some("a")),
            ("%2«0a»", Some("a")),
            ("«a%»20", Some("a")),
            ("«a%2»0", Some("a")),
            ("«100%»", Some("100%")),
            (r"\u«0041»", None),
            (r"\«n»", None),
            ("«plain»", Some("plain")),
        ] {
            assert_eq!(kept(marked).as_deref(), expected, "{marked}");
        }
    }
}
