//! An archive of claude.ai.

#![no_main]

use consentry_formats::import::Format;
use libfuzzer_sys::fuzz_target;

const FILES: &[&str] = &["conversations.json", "projects.json", "users.json"];

fuzz_target!(|input: &[u8]| consentry_fuzz::check(Format::ClaudeExport, FILES, input));
