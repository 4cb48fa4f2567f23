//! Texts made to provoke repeated work. Quadratic work on them would take many minutes.

use consentry_deid::Engine;

/// What is repeated.
const SEEDS: &[&str] = &[
    "a@",
    "@",
    "a@a.",
    "é",
    "用@",
    "1",
    "1 ",
    "1.",
    "1-1 ",
    "+1 ",
    "(1) ",
    "0 ",
    "a:",
    ":",
    "0-",
    "::",
    "-----BEGIN ",
    "-----BEGIN PRIVATE KEY-----",
    "-----",
    "eyJ",
    "eyJ.",
    "://",
    "://a:",
    ":AA",
    "1:AA",
    "GB82 ",
    "AA11",
    "/home/",
    "/home/a ",
    r"\Users\a ",
    "-Users-",
    "Bearer ",
    "Basic ",
    "password=",
    "a;Password=",
    "AccountKey=",
    "aws_secret_key",
    "sk-",
    "tel 1234 ",
    "\\",
    "%2",
    "\\u003c",
    "x",
    "1@a ",
    "@a, ",
    "://x.com/a?token=1",
    ".com/",
    "AB1234567 ",
    "passport 1 ",
    "DL# 1-",
    "born 1 March 1",
    "born 1/",
    "BSN 1 ",
    "I am 1, ",
    "0x0",
    "1A",
    "bc1q",
    "a [at] a [dot] ",
    "a at a dot ",
    "\u{ff11}",
    "1\u{200b}",
    "\u{ff20}a.",
    "password=\"",
    "token: ",
    "<password>",
    "</password>",
    "setPassword(\"",
    "value=\"a\" name=\"b\" ",
    "curl -u ",
    "identified by '",
    "\"d\":\"aB3aB3aB3aB3aB3aB3aB3aB3\"",
    "MIIEpAIBAAKC/",
    "MIIEpAIBAAKCaB3cD4eF5gH6iJ7kL8mN9\n",
    "ghp_aB3cD4eF5gH6\n",
];

#[test]
fn a_long_line_of_anything_takes_linear_time() {
    let engine = Engine::structured();
    for seed in SEEDS {
        let text = seed.repeat(250_000 / seed.len());
        for finding in engine.findings(&text) {
            assert!(text.get(finding.start..finding.end).is_some(), "{seed:?}: {finding:?}");
        }
        // The same behind and before something that is found.
        let text = format!("grace@corp.io {text} grace@corp.io");
        assert!(!engine.findings(&text).is_empty(), "{seed:?}");
    }
}
