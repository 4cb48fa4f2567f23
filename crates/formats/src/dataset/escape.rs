//! Other people's words inside our documents: ids, titles and names are shown, never obeyed.
//!
//! Each escaper is named by a kind of template in `askama.toml`, so that an expression in a template
//! cannot be left unescaped by oversight.

use askama::filters::Escaper;
use std::fmt::{Result, Write};

/// Text and quoted attribute values of HTML.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Html;

/// Running text and table cells of GitHub-flavoured Markdown, anywhere but at the start of a line.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Markdown;

/// The inside of a double-quoted YAML scalar, readable by parsers of YAML 1.1 and 1.2.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct YamlQuoted;

impl Escaper for Html {
    fn write_escaped_str<W: Write>(&self, mut dest: W, text: &str) -> Result {
        for character in text.chars() {
            match character {
                '<' => dest.write_str("&lt;")?,
                '>' => dest.write_str("&gt;")?,
                '&' => dest.write_str("&amp;")?,
                '"' => dest.write_str("&quot;")?,
                '\'' => dest.write_str("&#39;")?,
                unseen if is_unseen(unseen) => write_code_point(&mut dest, unseen)?,
                other => dest.write_char(other)?,
            }
        }
        Ok(())
    }
}

impl Escaper for Markdown {
    fn write_escaped_str<W: Write>(&self, mut dest: W, text: &str) -> Result {
        let mut characters = text.chars().peekable();
        let mut before = None;
        while let Some(character) = characters.next() {
            let next = characters.peek().copied();
            match character {
                '<' => dest.write_str("&lt;")?,
                '>' => dest.write_str("&gt;")?,
                '&' => dest.write_str("&amp;")?,
                // These mean something at the start of a line only, or nothing.
                ' ' | ',' | ';' | '-' | '+' | '=' | '?' | '%' | '/' | '\'' | '"' | '(' | ')'
                | '{' | '}' => dest.write_char(character)?,
                // These can be within a link or an emoji's name: `www.example.org`, `https://`.
                '.' if !next.is_some_and(char::is_alphabetic) && before != Some('w') => {
                    dest.write_char('.')?;
                }
                ':' if !next.is_some_and(|next| next.is_alphabetic() || next == '/') => {
                    dest.write_char(':')?;
                }
                mark if mark.is_ascii_punctuation() => write!(dest, "\\{mark}")?,
                unseen if is_unseen(unseen) => {
                    dest.write_char('\\')?;
                    write_code_point(&mut dest, unseen)?;
                }
                other => dest.write_char(other)?,
            }
            before = Some(character.to_ascii_lowercase());
        }
        Ok(())
    }
}

impl Escaper for YamlQuoted {
    fn write_escaped_str<W: Write>(&self, mut dest: W, text: &str) -> Result {
        for character in text.chars() {
            match character {
                '"' | '\\' => write!(dest, "\\{character}")?,
                ' '..='~' => dest.write_char(character)?,
                letter if letter.is_alphanumeric() => dest.write_char(letter)?,
                other => match u32::from(other) {
                    code @ 0..=0xff => write!(dest, "\\x{code:02x}")?,
                    code @ 0x100..=0xffff => write!(dest, "\\u{code:04x}")?,
                    code => write!(dest, "\\U{code:08x}")?,
                },
            }
        }
        Ok(())
    }
}

/// Whether a character shows nothing of itself and could make a text look like another one: controls,
/// line ends, directions of writing (UAX #9), joiners, and marks of byte order or language.
fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

fn write_code_point(dest: &mut impl Write, character: char) -> Result {
    write!(dest, "\\u{{{:04x}}}", u32::from(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(escaper: impl Escaper, text: &str) -> String {
        let mut out = String::new();
        escaper.write_escaped_str(&mut out, text).expect("a String takes everything");
        out
    }

    #[test]
    fn html_shows_what_it_is_given() {
        assert_eq!(
            escaped(Html, "<b onclick='x'>\"&amp;\u{202e}\n"),
            "&lt;b onclick=&#39;x&#39;&gt;&quot;&amp;amp;\\u{202e}\\u{000a}"
        );
        assert_eq!(escaped(Html, "Zürich, 東京 🥐"), "Zürich, 東京 🥐");
    }

    #[test]
    fn markdown_makes_no_links_tables_or_tags() {
        for (text, expected) in [
            ("a|b `c` *d* <e> [f](g)", r"a\|b \`c\` \*d\* &lt;e&gt; \[f\](g)"),
            ("https://x.org WWW.1.x a@b.c", r"https\://x\.org WWW\.1\.x a\@b\.c"),
            (":wave: mailto:x", r"\:wave: mailto\:x"),
            ("choice-on. One: two; 3% (0.1.0)", "choice-on. One: two; 3% (0.1.0)"),
            ("2026-06-01T00:00:00.000Z", "2026-06-01T00:00:00.000Z"),
            ("a\nb", r"a\\u{000a}b"),
        ] {
            assert_eq!(escaped(Markdown, text), expected);
        }
    }

    #[test]
    fn yaml_stays_inside_its_quotes() {
        assert_eq!(
            escaped(YamlQuoted, "a\"\\\n\u{85}\u{2028}\u{1f950}é"),
            r#"a\"\\\x0a\x85\u2028\U0001f950é"#
        );
    }
}
