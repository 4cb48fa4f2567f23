//! Logs of Anthropic's interface: a record a line, records of any layout, and a recorded stream.

#![no_main]

use consentry_formats::import::Format;
use libfuzzer_sys::fuzz_target;

const FILES: &[&str] = &["log.jsonl", "more.json", "stream.txt"];

fuzz_target!(|input: &[u8]| consentry_fuzz::check(Format::AnthropicMessages, FILES, input));
