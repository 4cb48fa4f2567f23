//! Texts made to provoke repeated work, and how much longer four times as much of them takes.

#![expect(clippy::disallowed_methods, reason = "the time that work takes is what is tested")]

use consentry_deid::Engine;
use std::time::{Duration, Instant};

/// Bytes of the shorter text. The longer still fits into one of the windows in which an engine reads,
/// beyond which all work is linear in any case.
const LENGTH: usize = 15_000;
/// How many times longer the other is.
const TIMES: usize = 4;
/// How many times longer it may take: linear work takes four times as long, quadratic work sixteen.
/// A machine that does other things meanwhile gets a few tries.
const FACTOR: u32 = 9;
const TRIES: usize = 5;
/// What any text of this length may take, so that no clock is too coarse for the factor.
const GRACE: Duration = Duration::from_millis(3);

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
    "curl -s",
    "mysql ",
    "mysql -u",
    "mysql -p'",
    "redis-cli -a",
    "login ",
    "docker login ",
    "machine a login b password ",
    "sqlplus a/",
    "|| '",
    "密码：",
    "пароль:",
    "password is",
    "login(\"a\", ",
    "</property>",
    "variable \"a\" default=",
    "001a.2b3c.",
    "a%40b.",
    "a%2B",
    "a [dot] ",
    "IBAN DE89 1 ",
    "identified by '",
    "\"d\":\"aB3aB3aB3aB3aB3aB3aB3aB3\"",
    "MIIEpAIBAAKC/",
    "MIIEpAIBAAKCaB3cD4eF5gH6iJ7kL8mN9\n",
    "ghp_aB3cD4eF5gH6\n",
    "echo a | sudo -S ",
    "echo a:b | chpasswd ",
    "htpasswd -b a b ",
    "htpasswd ",
    "a:1234:b:c:d",
    "1234:",
    "a:b@tcp(",
    "password==\"",
    "\"password\") or \"",
    "mot de passe est « ",
    "contraseña es ",
    "identified with a ",
    "1.1.1980 a ",
    "https://a@",
];

/// What leads to names.
const NAMES: &[&str] = &[
    "Grace ",
    "Grace",
    "Grace, ",
    "Dr. ",
    "Grace B. ",
    "\nGrace\n",
    "my name is ",
    "Name: Grace\n",
    "von der ",
    "Grace's ",
    "(Grace) ",
    "| Grace | ",
    "@Override\n",
    "fn a() {",
    "// Grace\n",
    "Müller-",
    "王",
    "Street 1, ",
];

/// The shortest of a few times that an engine takes.
fn time(engine: &Engine, text: &str, tries: usize) -> Duration {
    let once = || {
        let start = Instant::now();
        assert!(engine.findings(text).len() <= text.len());
        start.elapsed()
    };
    (0..tries).map(|_| once()).min().unwrap_or_default()
}

/// Checks that what is repeated takes time in proportion to its length.
fn check(engine: &Engine, seed: &str) {
    let short = seed.repeat(LENGTH / seed.len());
    let long = seed.repeat(TIMES * LENGTH / seed.len());
    for finding in engine.findings(&long) {
        assert!(long.get(finding.start..finding.end).is_some(), "{seed:?}: {finding:?}");
    }
    let linear =
        (0..TRIES).any(|_| time(engine, &long, 1) <= GRACE + time(engine, &short, 2) * FACTOR);
    assert!(linear, "{seed:?}: {:?}, {:?}", time(engine, &short, 2), time(engine, &long, 1));
    // The same behind and before something that is found.
    let text = format!("grace@corp.io {short} grace@corp.io");
    assert!(!engine.findings(&text).is_empty(), "{seed:?}");
}

#[test]
fn a_long_line_of_anything_takes_linear_time() {
    let engine = Engine::structured();
    SEEDS.iter().for_each(|seed| check(&engine, seed));
}

#[test]
fn and_with_names_as_well() {
    let engine = Engine::fast();
    SEEDS.iter().chain(NAMES).for_each(|seed| check(&engine, seed));
}
