//! Any text: findings lie inside it, on character boundaries, in order; what is outside them stays
//! as it is; the same text with the same key is redacted the same way; and so is one in two pieces.

#![no_main]

use consentry_deid::{Engine, Scope};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static ENGINE: LazyLock<Engine> = LazyLock::new(Engine::fast);

fuzz_target!(|input: &[u8]| {
    let text = String::from_utf8_lossy(input);
    let redacted = ENGINE.redact(&text, &mut Scope::new([7; 32]));
    assert_eq!(redacted, ENGINE.redact(&text, &mut Scope::new([7; 32])));
    assert_eq!(redacted.findings, ENGINE.findings(&text));

    let (head, tail) = text.split_at(text.floor_char_boundary(text.len() / 2));
    let mut scope = Scope::new([7; 32]);
    let mut stream = ENGINE.stream(&mut scope);
    let pieces = [stream.push(head), stream.push(tail), stream.finish()];
    assert_eq!(pieces.map(|piece| piece.text).concat(), redacted.text);

    let mut between = Vec::new();
    let mut reached = 0;
    for finding in &redacted.findings {
        assert!(reached <= finding.start && finding.start < finding.end, "{finding:?}");
        assert!((0.0..=1.0).contains(&finding.score), "{finding:?}");
        assert!(text.is_char_boundary(finding.start) && text.is_char_boundary(finding.end));
        between.push(&text[reached..finding.start]);
        reached = finding.end;
    }
    let mut rest = redacted.text.strip_suffix(&text[reached..]).expect("the end stays");
    for (index, stays) in between.into_iter().enumerate() {
        let at = rest.find(stays).expect("what is between findings stays, in order");
        assert!(at == 0 || index > 0, "the beginning stays");
        rest = &rest[at + stays.len()..];
    }
});
