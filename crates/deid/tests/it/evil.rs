//! Texts made to provoke repeated work. Quadratic work on them would take many minutes.

use consentry_deid::Engine;

#[test]
fn a_long_line_of_anything_takes_linear_time() {
    let engine = Engine::structured();
    for seed in [
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
        "password=\"",
        "token: ",
        "<password>",
        "</password>",
        "setPassword(\"",
        "value=\"a\" name=\"b\" ",
        "curl -u ",
        "identified by '",
        "\"d\":\"aB3aB3aB3aB3aB3aB3aB3aB3\"",
        "sk-",
        "MIIEpAIBAAKC/",
        "MIIEpAIBAAKCaB3cD4eF5gH6iJ7kL8mN9\n",
        "ghp_aB3cD4eF5gH6\n",
        "tel 1234 ",
        "\\",
        "%2",
        "\\u003c",
        "x",
    ] {
        let text = seed.repeat(250_000 / seed.len());
        for finding in engine.findings(&text) {
            assert!(text.get(finding.start..finding.end).is_some(), "{seed:?}: {finding:?}");
        }
        // The same behind and before something that is found.
        let text = format!("grace@corp.io {text} grace@corp.io");
        assert!(!engine.findings(&text).is_empty(), "{seed:?}");
    }
}
