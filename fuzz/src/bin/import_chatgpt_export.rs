//! An archive of ChatGPT.

#![no_main]

use consentry_formats::import::Format;
use libfuzzer_sys::fuzz_target;

const FILES: &[&str] = &["conversations.json", "message_feedback.json", "user.json"];

fuzz_target!(|input: &[u8]| consentry_fuzz::check(Format::ChatgptExport, FILES, input));
