//! Just enough of Cedar's lexical grammar to know where things stand in a file: statements,
//! annotations, names. Cedar's own parser decides what they mean.

use std::ops::Range;

/// One token: what kind, and the bytes that it takes up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) span: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Name,
    Text,
    Sign(char),
}

/// The tokens of a text. Comments and white space fall away; a text without its closing quote ends
/// with the file. Numbers are names here.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((start, first)) = rest.next() {
        let kind = match first {
            '/' if rest.next_if(|(_, next)| *next == '/').is_some() => {
                while rest.next_if(|(_, next)| *next != '\n').is_some() {}
                continue;
            }
            '"' => {
                let mut escaped = false;
                for (_, next) in rest.by_ref() {
                    if next == '"' && !escaped {
                        break;
                    }
                    escaped = next == '\\' && !escaped;
                }
                TokenKind::Text
            }
            _ if first.is_whitespace() => continue,
            _ if is_name(first) => {
                while rest.next_if(|(_, next)| is_name(*next)).is_some() {}
                TokenKind::Name
            }
            _ => TokenKind::Sign(first),
        };
        let end = rest.peek().map_or(text.len(), |(next, _)| *next);
        tokens.push(Token { kind, span: start..end });
    }
    tokens
}

const fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The statements of a file: the bytes from a first token to the `;` that ends it. What stands
/// behind the last `;` is a statement too, which Cedar will not accept.
pub(crate) fn statements(text: &str) -> Vec<Range<usize>> {
    let mut statements = Vec::new();
    let mut start = None;
    let mut end = 0;
    for token in tokens(text) {
        let from = *start.get_or_insert(token.span.start);
        end = token.span.end;
        if token.kind == TokenKind::Sign(';') {
            statements.push(from..end);
            start = None;
        }
    }
    statements.extend(start.map(|from| from..end));
    statements
}

/// An annotation before a policy: its name, and the bytes of the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AnnotationSpan {
    pub(crate) name: String,
    pub(crate) span: Range<usize>,
}

/// The annotations of a statement, and the span of its `permit` or `forbid`. Spans count from the
/// beginning of `text`.
pub(crate) fn head(text: &str) -> (Vec<AnnotationSpan>, Range<usize>) {
    let mut annotations = Vec::new();
    let mut tokens = tokens(text).into_iter().peekable();
    while let Some(at) = tokens.next_if(|token| token.kind == TokenKind::Sign('@')) {
        let Some(name) = tokens.next() else { break };
        let mut end = name.span.end;
        if tokens.next_if(|token| token.kind == TokenKind::Sign('(')).is_some() {
            for token in tokens.by_ref() {
                end = token.span.end;
                if token.kind == TokenKind::Sign(')') {
                    break;
                }
            }
        }
        annotations.push(AnnotationSpan {
            name: text.get(name.span).unwrap_or_default().to_owned(),
            span: at.span.start..end,
        });
    }
    let effect = tokens.next().map_or(0..text.len(), |token| token.span);
    (annotations, effect)
}

/// Where `context.now` (or `context["now"]`) stands in a text, in order.
pub(crate) fn mentions_of_now(text: &str) -> Vec<Range<usize>> {
    let tokens = tokens(text);
    let is = |token: &Token, word: &str| text.get(token.span.clone()) == Some(word);
    let mut found = Vec::new();
    for (index, context) in tokens.iter().enumerate() {
        if !is(context, "context") {
            continue;
        }
        let end = match tokens.get(index + 1..) {
            Some([dot, now, ..]) if is(dot, ".") && is(now, "now") => now.span.end,
            Some([open, now, close, ..]) if is(open, "[") && is(now, "\"now\"") => close.span.end,
            _ => continue,
        };
        found.push(context.span.start..end);
    }
    found
}

/// Where a schema declares an entity type, an action or an attribute of either: the span of its
/// name. `path` is the name and, for an attribute, the attribute's name. The first mention of the
/// attribute after the declaration begins counts.
pub(crate) fn declaration(text: &str, keyword: &str, path: &[&str]) -> Option<Range<usize>> {
    let tokens = tokens(text);
    let is = |token: &Token, word: &str| {
        let found = text.get(token.span.clone()).unwrap_or_default();
        found == word || found.strip_prefix('"').and_then(|t| t.strip_suffix('"')) == Some(word)
    };
    let mut path = path.iter();
    let mut wanted = *path.next()?;
    let mut inside = false;
    let mut found = None;
    for token in &tokens {
        if token.kind == TokenKind::Sign(';') {
            if found.is_some() {
                break;
            }
            inside = false;
        } else if !inside && found.is_none() {
            inside = is(token, keyword);
        } else if is(token, wanted) {
            found = Some(token.span.clone());
            let Some(next) = path.next() else { break };
            wanted = next;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = r#"// permit; not this
@id("a;b \" ; //") @flag permit(principal, action, resource) // ; no
  when { context.now < context["now"] };
forbid(principal) "unfinished ; "#;

    fn cut<'a>(text: &'a str, spans: &[Range<usize>]) -> Vec<&'a str> {
        spans.iter().map(|span| text.get(span.clone()).unwrap()).collect()
    }

    #[test]
    fn statements_end_at_semicolons_outside_texts_and_comments() {
        let found = statements(TEXT);
        let found = cut(TEXT, &found);
        assert_eq!(found.len(), 2);
        assert!(found[0].starts_with("@id(") && found[0].ends_with("};"));
        assert_eq!(found[1], "forbid(principal) \"unfinished ; ");
    }

    #[test]
    fn finds_annotations_and_the_effect() {
        let statement = TEXT.get(statements(TEXT)[0].clone()).unwrap();
        let (annotations, effect) = head(statement);
        assert_eq!(cut(statement, &[effect]), ["permit"]);
        let names: Vec<_> = annotations.iter().map(|found| found.name.as_str()).collect();
        assert_eq!(names, ["id", "flag"]);
        let spans: Vec<_> = annotations.into_iter().map(|found| found.span).collect();
        assert_eq!(cut(statement, &spans), [r#"@id("a;b \" ; //")"#, "@flag"]);
    }

    #[test]
    fn finds_every_spelling_of_now() {
        let found = mentions_of_now(TEXT);
        assert_eq!(cut(TEXT, &found), ["context.now", "context[\"now\"]"]);
    }

    #[test]
    fn finds_declarations() {
        let schema = "entity A { x: Long }; entity B, C = { y: Long, \"x\"?: Long }; action x;";
        let at = |keyword, path: &[&str]| declaration(schema, keyword, path).map(|span| span.start);
        assert_eq!(at("entity", &["C", "x"]), schema.find("\"x\""));
        assert_eq!(at("entity", &["C", "z"]), schema.find('C'));
        assert_eq!(at("action", &["x"]), schema.rfind('x'));
        assert_eq!(at("entity", &["D"]), None);
    }

    proptest! {
        #[test]
        fn spans_are_in_order_and_on_character_boundaries(text in "[a@\"\\\\/;é\n({ ]{0,40}") {
            let mut end = 0;
            for token in tokens(&text) {
                prop_assert!(token.span.start >= end);
                prop_assert!(text.get(token.span.clone()).is_some_and(|t| !t.is_empty()));
                end = token.span.end;
            }
            let _ = (statements(&text), head(&text), mentions_of_now(&text));
        }
    }
}
