//! Logs of OpenAI's interface: a record a line, and records of any layout.

#![no_main]

use consentry_formats::import::Format;
use libfuzzer_sys::fuzz_target;

const FILES: &[&str] = &["log.jsonl", "more.json"];

fuzz_target!(|input: &[u8]| consentry_fuzz::check(Format::OpenaiMessages, FILES, input));
