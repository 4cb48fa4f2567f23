//! One line of a history: what is not JSON is refused, and what was read can be written and read
//! again.

#![no_main]

use consentry_model::event::Parser;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let mut line = input.to_vec();
    let mut parser = Parser::new();
    let Ok(parsed) = parser.parse(&mut line) else {
        return;
    };
    if let Err(error) = serde_json::from_slice::<serde_json::Value>(input) {
        // The other reader stops at 128 levels, and at numbers beyond the range of a double.
        let reason = error.to_string();
        let is_limit = ["recursion limit exceeded", "number out of range"];
        let is_limit = is_limit.iter().any(|limit| reason.starts_with(limit));
        assert!(is_limit, "accepted what is not JSON: {reason}");
    }
    let mut written = parsed.event.to_json_line().into_bytes();
    let mut parser = Parser::new();
    let again = parser.parse(&mut written).expect("a written event is read again");
    assert_eq!(again.event, parsed.event);
    assert_eq!(again.key, parsed.key);
});
