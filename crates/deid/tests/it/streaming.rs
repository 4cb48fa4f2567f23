//! A text in pieces comes out as the whole text does.

use consentry_deid::{Engine, Finding, FindingKind, Scope};
use proptest::prelude::*;
use std::sync::LazyLock;

static STRUCTURED: LazyLock<Engine> = LazyLock::new(Engine::structured);
static FAST: LazyLock<Engine> = LazyLock::new(Engine::fast);

fn scope() -> Scope {
    Scope::new([5; 32])
}

/// The text that `pieces` make as a stream, and what was found.
fn streamed<'p>(
    engine: &Engine,
    pieces: impl IntoIterator<Item = &'p str>,
) -> (String, Vec<Finding>) {
    let mut scope = scope();
    let mut stream = engine.stream(&mut scope);
    let (mut text, mut findings) = (String::new(), Vec::new());
    let mut take = |piece: consentry_deid::Piece| {
        text.push_str(&piece.text);
        findings.extend(piece.findings);
    };
    for piece in pieces {
        take(stream.push(piece));
    }
    take(stream.finish());
    (text, findings)
}

/// Cuts a text at the character boundaries at or before the given shares of it.
fn cut<'t>(text: &'t str, places: &[f64]) -> Vec<&'t str> {
    let mut places: Vec<usize> = places
        .iter()
        .map(|share| text.floor_char_boundary((share * text.len() as f64) as usize))
        .collect();
    places.sort_unstable();
    let starts = [0].into_iter().chain(places.iter().copied());
    let ends = places.iter().copied().chain([text.len()]);
    starts.zip(ends).map(|(start, end)| &text[start..end]).collect()
}

#[track_caller]
fn check(engine: &Engine, text: &str, places: &[f64]) {
    let mut scope = scope();
    let whole = engine.redact(text, &mut scope);
    let (out, findings) = streamed(engine, cut(text, places));
    assert_eq!(findings, whole.findings);
    assert!(out == whole.text, "the texts differ");
    let mut stream = engine.stream_of_findings();
    let mut found = Vec::new();
    for piece in cut(text, places) {
        found.extend(stream.push(piece).findings);
    }
    found.extend(stream.finish().findings);
    assert_eq!(found, whole.findings);
}

const PARTS: &[&str] = &[
    "Ask Hannah Whitfield in Lisbon, or write to grace.b@corp.io.",
    "Call +44 20 7946 0958 or (415) 555-0134.",
    "The server at 10.20.30.40 answered 200 in 12 ms.",
    "用户的邮箱是 grace@corp.io。",
    "card 4111 1111 1111 1111",
    "Authorization: Bearer abcdefghijkl0123456789ABCDEFGHIJKL",
    "let total: u64 = values.iter().map(|v| v * 2).sum();",
    "File \"/home/grace/project/main.py\", line 12",
    "postgres://grace:hunter2zz@db.corp.io/main",
    "-----BEGIN PRIVATE KEY-----\nMIIBVgIBADANBgkqhkiG9w0BAQEFAASCAUAwggE8AgEAAkEAq7BFUpkGp3+LQmlQ\nYx2eqzDV+xeG8kx/sQFV18S5JhzGeIJNA72wSeukEPojtqUyX2J0CciPBh7eqclQ\n-----END PRIVATE KEY-----",
    "GB82 WEST 1234 5698 7654 32",
    "so it goes",
];
const JOINTS: &[&str] = &[" ", "\n", "\n\n", ", ", "\t", ""];

/// Texts of several windows.
fn long_text() -> impl Strategy<Value = String> {
    let part = (prop::sample::select(PARTS), prop::sample::select(JOINTS));
    let parts = prop::collection::vec(part, 1..40);
    (parts, 60_000..220_000_usize).prop_map(|(parts, length)| {
        let once: String = parts.iter().flat_map(|(part, joint)| [*part, *joint]).collect();
        once.repeat(length / once.len() + 1)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_pieces_of_a_long_text_give_what_the_whole_gives(
        text in long_text(),
        places in prop::collection::vec(0.0..1.0_f64, 0..40),
    ) {
        check(&STRUCTURED, &text, &places);
        check(&FAST, &text, &places);
    }
}

#[test]
fn every_cut_of_a_short_text_and_every_character_alone() {
    let text = PARTS.join("\n");
    for engine in [&*STRUCTURED, &*FAST] {
        for at in text.char_indices().map(|(at, _)| at) {
            check(engine, &text, &[at as f64 / text.len() as f64]);
        }
        let mut buffer = [0; 4];
        let whole = engine.redact(&text, &mut scope());
        let mut scope = scope();
        let mut stream = engine.stream(&mut scope);
        let mut out = String::new();
        for character in text.chars() {
            out += &stream.push(character.encode_utf8(&mut buffer)).text;
        }
        out += &stream.finish().text;
        assert_eq!(out, whole.text);
    }
}

#[test]
fn windows_do_not_hide_what_stands_at_their_ends() {
    // Whatever stands before it moves the number through the end of the first window.
    for before in (65_400..65_560).chain(66_500..66_600) {
        let filler = "so it goes on ".repeat(before / 14 + 1);
        let text = format!("{} +44 20 7946 0958 {}", &filler[..before], "and on ".repeat(9_000));
        let found = STRUCTURED.findings(&text);
        assert_eq!(found.len(), 1, "{before}");
        assert_eq!((found[0].start, found[0].kind), (before + 1, FindingKind::Phone));
    }
}

#[test]
fn a_stream_lets_go_of_what_is_settled() {
    let mut scope = scope();
    let mut stream = STRUCTURED.stream(&mut scope);
    let mut written = 0;
    for number in 0..100 {
        written += stream.push(&"so it goes on and on\n".repeat(500)).text.len();
        let arrived = (number + 1) * 21 * 500;
        assert!(arrived - written <= 68 << 10, "{} bytes are held back", arrived - written);
    }
    assert!(written > 900_000);
}

#[test]
fn a_key_longer_than_a_window_is_one_finding_and_one_longer_than_any_ends_there() {
    let line = "MIIBVgIBADANBgkqhkiG9w0BAQEFAASCAUAwggE8AgEAAkEAq7BFUpkGp3+LQmlQ\n";
    let key = |lines: usize| {
        let body = line.repeat(lines);
        format!("-----BEGIN PRIVATE KEY-----\n{body}-----END PRIVATE KEY-----")
    };
    let text = format!("{}\n{}\nand so on", "so it goes\n".repeat(3_000), key(3_000));
    let found = STRUCTURED.findings(&text);
    assert_eq!(found.len(), 1);
    assert!(text[found[0].start..found[0].end].ends_with("-----END PRIVATE KEY-----"));
    check(&STRUCTURED, &text, &[0.1, 0.5, 0.99]);
    // Longer than the largest window.
    let text = key(60_000);
    let found = STRUCTURED.findings(&text);
    assert!((found[0].start, found[0].end) == (0, 1 << 20), "{found:?}");
    check(&STRUCTURED, &text, &[0.1, 0.25, 0.251, 0.7]);
}

#[test]
fn names_are_remembered_from_window_to_window() {
    let filler = "so it goes on and on.\n".repeat(4_000);
    let text = format!("Hannah Whitfield sued.\n{filler}\nWhitfield\n{filler}");
    let found = FAST.findings(&text);
    let names: Vec<&str> = found.iter().map(|f| &text[f.start..f.end]).collect();
    assert_eq!(names, ["Hannah Whitfield", "Whitfield"]);
}

#[test]
fn tiny_pieces_of_a_key_without_an_end_are_not_read_again_and_again() {
    let line = "MIIBVgIBADANBgkqhkiG9w0BAQEFAASCAUAwggE8AgEAAkEAq7BFUpkGp3+LQmlQ\n";
    let text = format!("-----BEGIN PRIVATE KEY-----\n{}", line.repeat(24_000));
    let pieces = text.as_bytes().chunks(64).map(|piece| std::str::from_utf8(piece).unwrap());
    // Reading all that is held at each of 25,000 pieces would take many minutes.
    let (out, findings) = streamed(&STRUCTURED, pieces);
    let whole = STRUCTURED.redact(&text, &mut scope());
    assert_eq!(findings, whole.findings);
    assert!(out == whole.text, "the texts differ");
}
