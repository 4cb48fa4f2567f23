use super::*;
use proptest::prelude::*;
use std::io::Read;

fn parsed(text: &str) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    parse(&mut bytes).ok().map(|value| value.to_json())
}

#[test]
fn keeps_order_and_numbers() {
    let text = r#"{"b":1,"a":[-2,18446744073709551615,0.5,true,null,"x\n"]}"#;
    assert_eq!(parsed(text).as_deref(), Some(text));
}

#[test]
fn lone_surrogates_become_the_replacement_character() {
    let cases = [
        (r#""a\ud83d\ude00b""#, "\"a\u{1F600}b\""),
        (r#""cut \ud83d""#, "\"cut \u{FFFD}\""),
        (r#""\uDE00 cut""#, "\"\u{FFFD} cut\""),
        (r#""\ud83d\ud83d\ude00""#, "\"\u{FFFD}\u{1F600}\""),
        // An escaped backslash before `ud800` begins no escape.
        (r#""\\ud800""#, r#""\\ud800""#),
        (r#""\\\ud800""#, "\"\\\\\u{FFFD}\""),
    ];
    for (text, expected) in cases {
        assert_eq!(parsed(text).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn refuses_what_is_not_one_value() {
    for text in ["", "{", "[1,]", "1 2", r#""\u12""#, r#"{"a"}"#, "nul"] {
        assert_eq!(parsed(text), None, "{text}");
    }
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    assert_eq!(parsed(&deep), None);
}

#[test]
fn the_last_of_two_equal_keys_counts_and_null_is_absent() {
    let mut bytes = br#"{"a":"x","a":"y","n":null}"#.to_vec();
    let value = parse(&mut bytes).unwrap();
    assert_eq!(value.str("a"), Some("y"));
    assert_eq!(value.get("n"), None);
    assert_eq!(value.get("missing"), None);
}

#[test]
fn reads_the_times_of_exports() {
    let cases = [
        (r#""2026-01-02T03:04:05.678901Z""#, Some("2026-01-02T03:04:05.678Z")),
        (r#""2026-01-02T03:04:05.678901+02:00""#, Some("2026-01-02T01:04:05.678Z")),
        (r#""2026-01-02T03:04:05""#, Some("2026-01-02T03:04:05.000Z")),
        (r#""2026-01-02 03:04:05.5""#, Some("2026-01-02T03:04:05.500Z")),
        ("1670921208.121227", Some("2022-12-13T08:46:48.121Z")),
        ("1670921208", Some("2022-12-13T08:46:48.000Z")),
        ("1670921208121", Some("2022-12-13T08:46:48.121Z")),
        (r#""1670921208""#, Some("2022-12-13T08:46:48.000Z")),
        ("-1", Some("1969-12-31T23:59:59.000Z")),
        ("1e300", None),
        (r#""NaN""#, None),
        (r#""0000-01-01T00:00:00+10:00""#, None),
        (r#""yesterday""#, None),
        ("true", None),
    ];
    for (text, expected) in cases {
        let mut bytes = text.as_bytes().to_vec();
        let instant = parse(&mut bytes).unwrap().instant();
        let found = instant.map(|instant| instant.to_string());
        assert_eq!(found.as_deref(), expected, "{text}");
    }
}

/// Hands out one byte at a time, so that every boundary falls between two reads.
struct Trickle<'a>(&'a [u8]);

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let (Some((first, rest)), Some(slot)) = (self.0.split_first(), buffer.first_mut()) else {
            return Ok(0);
        };
        *slot = *first;
        self.0 = rest;
        Ok(1)
    }
}

fn elements(text: &str) -> Result<Vec<(u64, String)>, String> {
    let mut scanner = Scanner::new(Trickle(text.as_bytes()));
    let mut found = Vec::new();
    let mut value = Vec::new();
    let error = |error| match error {
        ScanError::Syntax { line, message } => format!("{line}: {message}"),
        ScanError::Io(error) => error.to_string(),
    };
    assert!(scanner.enter_array().map_err(error)?);
    while let Some(line) = scanner.next_element(found.is_empty(), &mut value).map_err(error)? {
        found.push((line, String::from_utf8(value.clone()).unwrap()));
    }
    Ok(found)
}

#[test]
fn an_array_is_cut_into_its_elements() {
    let text = "\u{FEFF}\n [ {\"a\":\"]}\\\"\"},\n12 , [1,[2]],\"x\" ,null] ";
    let expected = [(2, r#"{"a":"]}\""}"#), (3, "12"), (3, "[1,[2]]"), (3, r#""x""#), (3, "null")];
    let expected: Vec<_> = expected.map(|(line, text)| (line, text.to_owned())).into();
    assert_eq!(elements(text), Ok(expected));
    assert_eq!(elements("[]"), Ok(Vec::new()));
}

#[test]
fn a_broken_array_says_where() {
    for (text, expected) in [
        ("[1 2]", "1: expected `,` or `]` after an element of the list, found `2`"),
        ("[1,\n,2]", "2: expected a JSON value, found `,`"),
        ("[1,", "1: expected another element of the list, found the end of the file"),
        ("[", "1: expected `,` or `]` after an element of the list, found the end of the file"),
        ("[1", "1: expected `,` or `]` after an element of the list, found the end of the file"),
        ("[}", "1: expected a JSON value, found `}`"),
    ] {
        assert_eq!(elements(text), Err(expected.to_owned()), "{text}");
    }
}

#[test]
fn lines_are_counted_and_blank_ones_skipped() {
    let mut scanner = Scanner::new(Trickle(b"\n\n{\"a\":1}\r\n\n [2]\n3"));
    let mut line = Vec::new();
    let mut found = Vec::new();
    while let Some(number) = scanner.next_line(&mut line).unwrap() {
        found.push((number, String::from_utf8(line.clone()).unwrap()));
    }
    let expected = [(3, "{\"a\":1}\r"), (5, "[2]"), (6, "3")];
    assert_eq!(found, expected.map(|(number, text)| (number, text.to_owned())));
}

proptest! {
    #[test]
    fn any_bytes_scan_and_parse_without_panic(bytes: Vec<u8>) {
        let mut scanner = Scanner::new(bytes.as_slice());
        let mut value = Vec::new();
        while let Ok(Some(_)) = scanner.next_value(&mut value) {
            prop_assert!(!value.is_empty());
            let _ = parse(&mut value);
        }
    }

    #[test]
    fn values_survive_scanning(texts in proptest::collection::vec("[a-z\\\\\"{}\\[\\]:,\u{e9}]{0,8}", 0..8)) {
        let array = serde_json::to_string(&texts).unwrap();
        let found: Vec<String> = elements(&array)
            .unwrap()
            .into_iter()
            .map(|(_, text)| serde_json::from_str(&text).unwrap())
            .collect();
        prop_assert_eq!(found, texts);
    }
}
