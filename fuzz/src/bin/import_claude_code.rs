//! Session files of Claude Code: a session, its sub-agent, and something else.

#![no_main]

use consentry_formats::import::Format;
use libfuzzer_sys::fuzz_target;

const FILES: &[&str] =
    &["projects/p/session.jsonl", "projects/p/agent-1.jsonl", "projects/p/notes.txt"];

fuzz_target!(|input: &[u8]| consentry_fuzz::check(Format::ClaudeCode, FILES, input));
