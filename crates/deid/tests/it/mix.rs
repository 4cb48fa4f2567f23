//! A labelled mix of configuration, code and logs: lines that hold a secret, and lines that look
//! as if they did. All of it is written for this test. `¦` is taken out before use: it parts keys
//! so that scanners of repositories do not take them for real ones.

mod drawn;
mod frames;
mod negative;
mod positive;

use consentry_deid::{Engine, FindingKind, Scope};

/// The least F1 over all lines; the mix is meant to be hard.
const LEAST: f64 = 0.9;

/// What is found in `text` that opens something, as byte offsets.
pub fn secrets(engine: &Engine, text: &str) -> Vec<(usize, usize)> {
    let opens = |kind| matches!(kind, FindingKind::Secret | FindingKind::UrlCredentials);
    engine.findings(text).iter().filter(|f| opens(f.kind)).map(|f| (f.start, f.end)).collect()
}

/// A line without its marks, and the stretch that `«` and `»` enclosed.
pub fn unmark(line: &str) -> (String, (usize, usize)) {
    let line = line.replace('¦', "");
    let start = line.find('«').expect("a mark opens");
    let end = line.find('»').expect("a mark closes") - '«'.len_utf8();
    (line.replace(['«', '»'], ""), (start, end))
}

/// Whether exactly the marked stretch is found.
pub fn is_found(engine: &Engine, line: &str) -> bool {
    let (text, span) = unmark(line);
    secrets(engine, &text) == [span]
}

#[test]
fn secrets_are_told_from_what_looks_like_them() {
    let engine = Engine::structured();
    let all: Vec<&str> = positive::GROUPS.iter().flat_map(|(_, lines)| *lines).copied().collect();
    let (found, missed) =
        all.iter().copied().partition::<Vec<&str>, _>(|line| is_found(&engine, line));
    let wrong: Vec<&str> = negative::LINES
        .iter()
        .filter(|line| !secrets(&engine, &line.replace('¦', "")).is_empty())
        .copied()
        .collect();
    let right = found.len() as f64;
    let precision = right / (right + wrong.len() as f64);
    let recall = right / all.len() as f64;
    let f1 = 2.0 * precision * recall / (precision + recall);
    println!("precision {precision:.3}, recall {recall:.3}, F1 {f1:.3}");
    assert!(all.len() >= 60 && negative::LINES.len() >= 60);
    assert!(f1 >= LEAST, "F1 {f1:.3}\nmissed: {missed:#?}\nwrong: {wrong:#?}");
}

#[test]
fn every_header_and_every_credential_of_a_url_is_found() {
    let engine = Engine::structured();
    for (name, lines) in positive::GROUPS {
        if matches!(*name, "bearer" | "basic" | "url") {
            for line in *lines {
                assert!(is_found(&engine, line), "{name}: {line}");
            }
        }
    }
}

#[test]
fn what_stands_for_a_secret_is_no_secret() {
    let engine = Engine::structured();
    for line in positive::GROUPS.iter().flat_map(|(_, lines)| *lines) {
        let (text, (start, end)) = unmark(line);
        if !is_found(&engine, line) {
            continue;
        }
        let once = engine.redact(&text, &mut Scope::new([1; 32])).text.into_owned();
        assert!(!once.contains(&text[start..end]), "{text:?} became {once:?}");
        assert_eq!(secrets(&engine, &once), [], "{text:?} became {once:?}");
    }
}
