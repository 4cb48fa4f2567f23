//! The same drawn from a seed, after the ways in which repositories hold secrets (Samsung's CredData
//! sorts them into passwords, tokens, generic secrets, private keys, predefined patterns, keys of
//! authentication, salts and nonces, and others): most candidates are none, and what tells them
//! apart is the name, the value and the code around together. Names are put together from parts that
//! people write, known to the rules or not, and values from what people choose and machines draw.

use super::{frames, secrets};
use crate::draws::Dice;
use consentry_deid::Engine;
use std::collections::BTreeMap;

/// Lines of each kind; four in five hold no secret.
const SECRETS: usize = 1_500;
const LOOKALIKES: usize = 6_000;
/// The least F1 over all of them.
const LEAST: f64 = 0.75;

const HEXADECIMAL: &str = "0123456789abcdef";
const SMALL: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const SIGNED: &str = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789!#%*+-_?@";
const WORDS: &[&str] = &[
    "river", "falcon", "summer", "dragon", "cookie", "monday", "banana", "tiger", "winter",
    "guitar", "coffee", "orange", "silver", "castle", "rocket", "purple", "garden", "planet",
    "marble", "anchor", "invoice", "report", "customer", "profile", "billing", "worker", "gateway",
    "search", "upload", "mobile", "staging", "metrics", "cluster", "webhook", "session", "backend",
    "payment", "mailer",
];

/// A value that somebody chose.
fn chosen(dice: &mut Dice) -> String {
    let (one, two) = (dice.pick(WORDS), dice.pick(WORDS));
    let number = dice.below(9_000) + 10;
    let sign = dice.pick(&["!", "#", "$", "@", "_", "-", ".", "%"]);
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    match dice.below(8) {
        0 => format!("{one}{number}"),
        1 => format!("{}{sign}{number}", capital(one)),
        2 => format!("{one}{sign}{two}{number}"),
        3 => one.replace('a', "4").replace('e', "3").replace('o', "0") + sign + two,
        4 => dice.text(SIGNED, 8, 16),
        5 => dice.text(LETTERS, 8, 14),
        6 => format!("{}{}", capital(one), capital(two)),
        _ => one.to_owned(),
    }
}

/// A value that a machine drew.
fn drawn(dice: &mut Dice) -> String {
    let width = dice.pick(&[32, 40, 64]);
    match dice.below(7) {
        0 | 1 => dice.text(HEXADECIMAL, width, width),
        2 => dice.base64(16, 48),
        3 => dice.text(LETTERS, 20, 40),
        4 => dice.text(SMALL, 16, 32),
        5 => dice.text(&format!("{LETTERS}-_"), 22, 43),
        _ => uuid(dice),
    }
}

fn uuid(dice: &mut Dice) -> String {
    [8, 4, 4, 4, 12].map(|width| dice.text(HEXADECIMAL, width, width)).join("-")
}

/// A name in one of the styles of programs.
fn styled(dice: &mut Dice, words: &[&str]) -> String {
    let capital = |word: &&str| word[..1].to_uppercase() + &word[1..];
    match dice.below(6) {
        0 | 1 => words.join("_"),
        2 => words.join("_").to_uppercase(),
        3 => words[0].to_owned() + &words[1..].iter().map(capital).collect::<String>(),
        4 => words.join("-"),
        _ => words.join("."),
    }
}

/// A name that says what it is of, behind up to two words that say whose.
fn name(dice: &mut Dice, last: &[&'static str]) -> String {
    const OWNERS: &[&str] = &[
        "db", "app", "admin", "smtp", "redis", "aws", "user", "root", "ldap", "test", "my", "ftp",
        "keystore", "mqtt", "service", "internal", "prod", "wifi",
    ];
    let count = dice.below(3);
    let mut words: Vec<&str> = (0..count).map(|_| dice.pick(OWNERS)).collect();
    words.extend(dice.pick(last).split(' '));
    styled(dice, &words)
}

const PASSWORDS: &[&str] = &[
    "password",
    "password",
    "password",
    "passwd",
    "pwd",
    "pass",
    "passphrase",
    "pass word",
    "pw",
    "login pin",
];
const KEYS: &[&str] = &[
    "token",
    "token",
    "access token",
    "api key",
    "api key",
    "apikey",
    "secret",
    "client secret",
    "secret key",
    "auth token",
    "private key",
    "auth",
    "credentials",
    "encryption key",
    "bearer",
    "jwt",
];
const SALTS: &[&str] = &["salt", "nonce", "seed", "hash salt", "iv"];

/// How a value is written behind its name: the name stands at `{n}`, the value at `{v}`.
const WRITINGS: &[&str] = &[
    "{n}={v}",
    "export {n}={v}",
    "{n}: {v}",
    "  {n}: \"{v}\"",
    "\"{n}\": \"{v}\",",
    "'{n}': '{v}',",
    "{n} = \"{v}\"",
    "{n} = '{v}';",
    "const {n} = \"{v}\";",
    "self.{n} = '{v}'",
    "private static final String {n} = \"{v}\";",
    "{n} := \"{v}\"",
    "'{n}' => '{v}',",
    "<{n}>{v}</{n}>",
    "<add key=\"{n}\" value=\"{v}\" />",
    "run(host, {n}=\"{v}\", retries=3)",
    "set(\"{n}\", \"{v}\")",
    "deploy --{n} {v} --yes",
    "ENV {n} {v}",
    "os.environ.get(\"{n}\", \"{v}\")",
    "process.env.{n} || '{v}'",
    "if ({n} == \"{v}\") {",
    "2026-01-02 10:00:01 INFO start {n}={v} ok",
    "{n}={v} # old",
    "{\\\"{n}\\\":\\\"{v}\\\"}",
    "let {n}: &str = \"{v}\";",
    "X=${{n}:-{v}}",
    "#define {n} \"{v}\"",
    "var {n} = `{v}`",
    "- {n}: '{v}'",
];

/// A writing with its places filled.
fn fill(writing: &str, name: &str, value: &str) -> String {
    writing.replace("{n}", name).replace("{v}", value)
}

/// A line with a secret: what kind, the line, and the secret.
fn secret(dice: &mut Dice) -> (&'static str, String, String) {
    let write = |dice: &mut Dice, kind, name: String, value: String| {
        (kind, fill(dice.pick(WRITINGS), &name, &value), value)
    };
    match dice.below(12) {
        0..=3 => {
            let (name, value) = (name(dice, PASSWORDS), chosen(dice));
            write(dice, "password", name, value)
        }
        4..=7 => {
            let (name, value) = (name(dice, KEYS), drawn(dice));
            write(dice, "key", name, value)
        }
        8 => {
            let (name, value) = (name(dice, SALTS), dice.text(HEXADECIMAL, 16, 40));
            write(dice, "salt", name, value)
        }
        9 => header(dice),
        10 => url(dice),
        _ => pattern(dice),
    }
}

fn header(dice: &mut Dice) -> (&'static str, String, String) {
    let lead = dice.pick(&["Authorization: ", "-H \"authorization: ", "'Authorization': '"]);
    if dice.below(2) == 0 {
        let value = dice.text(&format!("{LETTERS}-_"), 20, 60);
        let value = value.trim_end_matches('-').to_owned() + "7aB";
        return ("bearer", format!("{lead}Bearer {value}"), value);
    }
    use base64::Engine as _;
    let pair = format!("{}:{}", dice.pick(WORDS), chosen(dice));
    let value = base64::engine::general_purpose::STANDARD.encode(pair);
    ("basic", format!("{lead}Basic {value}"), value)
}

fn url(dice: &mut Dice) -> (&'static str, String, String) {
    let scheme = dice.pick(&["postgres", "mysql", "redis", "https", "amqp", "mongodb+srv", "ftp"]);
    let password = dice.text(LETTERS, 6, 24);
    let value = format!("{}:{password}", dice.pick(WORDS));
    let lead = dice.pick(&["DATABASE_URL=", "url: \"", "git clone ", "connect('"]);
    ("url", format!("{lead}{scheme}://{value}@db.acme.dev/app"), value)
}

/// A key in its armour, or with the prefix of its issuer. Put together from parts, so that scanners
/// of repositories do not take this file for one that holds any.
fn pattern(dice: &mut Dice) -> (&'static str, String, String) {
    if dice.below(3) == 0 {
        let kind = dice.pick(&["RSA ", "EC ", "", "OPENSSH "]);
        let lines: Vec<String> =
            (0..6).map(|_| dice.text(&format!("{LETTERS}+/"), 64, 64)).collect();
        let frame = |word: &str| format!("-----{word} {kind}PRIVATE KEY-----");
        let key = format!("{}\n{}\n{}", frame("BEGIN"), lines.join("\n"), frame("END"));
        return ("private key", format!("key: |\n{key}\n"), key);
    }
    let capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let value = match dice.below(3) {
        0 => ["gh", "p_", &dice.text(LETTERS, 36, 36)].concat(),
        1 => ["AK", "IA", &dice.text(capitals, 16, 16)].concat(),
        _ => ["sk_", "live_", &dice.text(LETTERS, 24, 24)].concat(),
    };
    let line = dice.pick(&["x = \"{v}\"", "using {v} now", "- {v}", "id,{v},2026"]);
    ("pattern", fill(line, "", &value), value)
}

/// A line with no secret in it, which looks as if it held one.
fn lookalike(dice: &mut Dice) -> String {
    let last = dice.pick(&[PASSWORDS, KEYS]);
    let secret = name(dice, last);
    let slug = format!("{}-{}-{}", dice.pick(WORDS), dice.pick(WORDS), 2000 + dice.below(30));
    let joined = secret.replace(['.', '-'], "_");
    let line = match dice.below(6) {
        0 => fill(dice.pick(frames::ABSENT), &secret, dice.pick(frames::ABSENT_VALUES)),
        1 => fill(dice.pick(frames::CODE), &secret, ""),
        2 => fill(dice.pick(frames::RANDOM), "", &drawn(dice)),
        3 => fill(dice.pick(frames::SLUGS), &joined, ""),
        4 => fill(dice.pick(frames::BESIDE), &joined, &drawn(dice)),
        _ => fill(dice.pick(frames::MESSAGES), &secret, ""),
    };
    line.replace("{s}", &slug)
}

#[test]
fn drawn_secrets_are_told_from_drawn_lookalikes() {
    let engine = Engine::structured();
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let (mut right, mut wrong) = (0_usize, Vec::new());
    let mut kinds: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut missed = Vec::new();
    for _ in 0..SECRETS {
        let (kind, line, value) = secret(&mut dice);
        let start = line.rfind(&value).expect("the line holds its secret");
        let found = secrets(&engine, &line);
        let covers = |&(from, to): &(usize, usize)| from <= start && to >= start + value.len();
        let (hit, all) = kinds.entry(kind).or_default();
        *all += 1;
        if found.iter().any(covers) {
            *hit += 1;
            right += 1;
        } else {
            missed.push(format!("{kind}: {line}"));
        }
        if found.iter().any(|&(from, to)| to <= start || from >= start + value.len()) {
            wrong.push(line);
        }
    }
    for _ in 0..LOOKALIKES {
        let line = lookalike(&mut dice);
        if !secrets(&engine, &line).is_empty() {
            wrong.push(line);
        }
    }
    let precision = right as f64 / (right + wrong.len()) as f64;
    let recall = right as f64 / SECRETS as f64;
    let f1 = 2.0 * precision * recall / (precision + recall);
    println!("precision {precision:.3}, recall {recall:.3}, F1 {f1:.3}, {kinds:?}");
    missed.truncate(60);
    wrong.truncate(60);
    assert!(f1 >= LEAST, "F1 {f1:.3}\nmissed: {missed:#?}\nwrong: {wrong:#?}");
    for kind in ["bearer", "basic", "url", "private key", "pattern"] {
        let (hit, all) = kinds[kind];
        assert!(hit == all && all > 30, "{kind}: {hit} of {all}");
    }
}
