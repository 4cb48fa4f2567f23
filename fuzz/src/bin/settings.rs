//! Any settings: they are refused with a line, or an engine keeps to them.

#![no_main]

use consentry_deid::{Engine, Scope, Settings};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static ENGINE: LazyLock<Engine> = LazyLock::new(Engine::structured);
const TEXT: &str =
    "EMP-123456 wrote to grace@corp.io from 10.20.30.40, or called +44 20 7946 0958.";

fuzz_target!(|input: &[u8]| {
    let text = String::from_utf8_lossy(input);
    match Settings::parse(&text) {
        Ok(settings) => {
            let engine = ENGINE.clone().with_settings(settings);
            for finding in engine.redact(TEXT, &mut Scope::new([7; 32])).findings {
                assert!(TEXT.get(finding.start..finding.end).is_some(), "{finding:?}");
            }
        }
        Err(error) => {
            assert!(error.line() >= 1 && error.line() <= text.split('\n').count(), "{error}");
        }
    }
});
