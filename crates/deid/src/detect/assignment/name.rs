//! Names that promise a secret.
//!
//! A name is read as words: `DB_PASSWORD`, `dbPassword` and `db-password` are the same two. The
//! last word says what the name is of, so that a `tokenUrl` is a URL and a `passwordField` a field.

use std::sync::LazyLock;

/// What a name promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strength {
    /// A password: chosen by a person, and often short.
    Password,
    /// A secret: chosen by a person or made by a machine.
    Secret,
    /// A key or token: made by a machine, and long.
    Key,
    /// What may be a secret or the name of something: a key, a salt, an authorisation.
    Weak,
}

/// What a name promises.
#[derive(Clone, Copy, Debug)]
pub(super) struct Promise<'n> {
    pub(super) strength: Strength,
    /// The name; empty where a statement stands for one.
    name: &'n str,
    aws_secret: bool,
}

pub(super) const PASSWORD: Promise<'static> =
    Promise { strength: Strength::Password, name: "", aws_secret: false };

impl Promise<'_> {
    /// The rule and the score of a finding, and whether the name says which issuer the secret is of.
    pub(super) fn rule(&self) -> (&'static str, f32, bool) {
        if self.aws_secret {
            return ("aws-secret-access-key", 0.95, true);
        }
        if self.strength == Strength::Password {
            return ("password-assignment", 0.75, false);
        }
        let lower = self.name.to_ascii_lowercase();
        let issuer = ISSUERS.iter().find(|(word, _)| lower.contains(word));
        match (issuer, self.strength) {
            (Some((_, rule)), _) => (rule, ISSUED, true),
            (None, Strength::Weak) => ("key-assignment", 0.6, false),
            (None, _) => ("key-assignment", 0.7, false),
        }
    }
}

/// How sure the word of an issuer makes.
const ISSUED: f32 = 0.85;

/// Endings of words that are a password, in the languages that programs are written in.
const PASSWORDS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "passwort",
    "passcode",
    "passwrd",
    "pwd",
    "psw",
    "passw",
    "userpass",
    "dbpass",
    "sshpass",
    "mypass",
    "rootpass",
    "adminpass",
    "senha",
    "contrasena",
    "contrasenya",
    "motdepasse",
    "wachtwoord",
    "kennwort",
];
/// Whole words that are a password.
const SHORT_PASSWORDS: &[&str] = &["pass", "pw"];
/// Endings of words that are a key.
const KEYS: &[&str] = &[
    "secret",
    "token",
    "apikey",
    "secretkey",
    "accesskey",
    "privatekey",
    "authkey",
    "masterkey",
    "signingkey",
    "encryptionkey",
    "accountkey",
    "sharedkey",
    "apptoken",
    "clientsecret",
];
/// Words that make the `key` behind them one that opens something.
const KEY_OF: &[&str] = &[
    "api",
    "secret",
    "access",
    "private",
    "auth",
    "encryption",
    "encrypt",
    "signing",
    "sign",
    "signature",
    "master",
    "account",
    "app",
    "application",
    "shared",
    "service",
    "storage",
    "subscription",
    "admin",
    "consumer",
    "client",
    "deploy",
    "write",
    "server",
    "hmac",
    "aes",
    "jwt",
    "session",
    "cookie",
    "security",
    "integration",
    "license",
    "licence",
    "webhook",
];
/// Words that are a secret when a random value follows.
const WEAKS: &[&str] = &[
    "key",
    "auth",
    "authorization",
    "salt",
    "nonce",
    "seed",
    "credential",
    "credentials",
    "cred",
    "creds",
    "cookie",
    "jwt",
    "bearer",
    "otp",
    "totp",
    "mnemonic",
    "hmac",
    "sid",
    "apisecret",
    "secrets",
    "authtoken",
    "sessionid",
    "webhook",
];
/// Last words that only say more about the word before them.
const QUALIFIERS: &[&str] = &[
    "prod",
    "production",
    "dev",
    "development",
    "staging",
    "stage",
    "test",
    "testing",
    "live",
    "sandbox",
    "value",
    "val",
    "string",
    "str",
    "b64",
    "base64",
    "hex",
    "base",
    "default",
    "local",
    "plain",
    "plaintext",
    "raw",
    "main",
    "primary",
    "secondary",
    "current",
    "old",
    "new",
    "again",
    "confirm",
    "confirmation",
    "repeat",
    "bytes",
    "data",
    "text",
    "var",
    "const",
];
/// Words before a key or token that say it opens nothing.
const HARMLESS: &[&str] = &[
    "public",
    "pub",
    "primary",
    "foreign",
    "partition",
    "sort",
    "cache",
    "idempotency",
    "row",
    "dict",
    "map",
    "object",
    "next",
    "page",
    "pad",
    "eos",
    "bos",
    "unk",
    "mask",
    "sep",
    "cls",
    "max",
    "min",
    "num",
    "csrf",
    "xsrf",
    "i18n",
    "translation",
    "locale",
    "group",
    "hash",
    "index",
    "site",
    "start",
    "end",
    "continuation",
    "cursor",
    "registry",
    "lookup",
    "event",
    "header",
    "field",
    "param",
    "query",
    "translate",
    "label",
    "title",
    "message",
    "error",
    "placeholder",
    "invalid",
    "missing",
    "forgot",
    "reset",
    "change",
    "enter",
    "wrong",
    "incorrect",
    "no",
    "is",
    "has",
    "show",
    "hide",
    "use",
    "enable",
    "require",
    "required",
    "check",
    "verify",
    "validate",
];

/// Issuers whose keys have no prefix of their own, by a word of the name.
const ISSUERS: &[(&str, &str)] = &[
    ("twilio", "twilio-token"),
    ("datadog", "datadog-key"),
    ("dd_api", "datadog-key"),
    ("dd_app", "datadog-key"),
    ("mailjet", "mailjet-key"),
    ("postmark", "postmark-token"),
    ("sparkpost", "sparkpost-key"),
    ("algolia", "algolia-key"),
    ("cloudinary", "cloudinary-secret"),
    ("pusher", "pusher-secret"),
    ("zendesk", "zendesk-token"),
    ("freshdesk", "freshdesk-key"),
    ("auth0", "auth0-secret"),
    ("okta", "okta-token"),
    ("firebase", "firebase-key"),
    ("spotify", "spotify-secret"),
    ("reddit", "reddit-secret"),
    ("twitter", "twitter-secret"),
    ("facebook", "facebook-secret"),
    ("linkedin", "linkedin-secret"),
    ("salesforce", "salesforce-secret"),
    ("mixpanel", "mixpanel-secret"),
    ("amplitude", "amplitude-key"),
    ("rollbar", "rollbar-token"),
    ("bugsnag", "bugsnag-key"),
    ("pagerduty", "pagerduty-key"),
    ("opsgenie", "opsgenie-key"),
    ("sumologic", "sumologic-key"),
    ("splunk", "splunk-token"),
    ("loggly", "loggly-token"),
    ("travis", "travis-token"),
    ("codecov", "codecov-token"),
    ("coveralls", "coveralls-token"),
    ("appveyor", "appveyor-token"),
    ("nexmo", "vonage-secret"),
    ("vonage", "vonage-secret"),
    ("plivo", "plivo-token"),
    ("messagebird", "messagebird-key"),
    ("discord", "discord-token"),
    ("coinbase", "coinbase-secret"),
    ("binance", "binance-secret"),
    ("kraken", "kraken-secret"),
    ("etherscan", "etherscan-key"),
    ("infura", "infura-key"),
    ("alchemy", "alchemy-key"),
    ("openweather", "openweather-key"),
    ("fastly", "fastly-token"),
    ("akamai", "akamai-secret"),
    ("rapidapi", "rapidapi-key"),
    ("cohere", "cohere-key"),
    ("mistral", "mistral-key"),
    ("deepgram", "deepgram-key"),
    ("assemblyai", "assemblyai-key"),
    ("stability", "stability-key"),
    ("azure", "azure-key"),
    ("linode", "linode-token"),
    ("vultr", "vultr-key"),
    ("hetzner", "hetzner-token"),
    ("trello", "trello-key"),
    ("zoom", "zoom-secret"),
    ("shopify", "shopify-secret"),
    ("paypal", "paypal-secret"),
    ("django", "django-secret-key"),
    ("laravel", "laravel-app-key"),
    ("rails", "rails-secret-key"),
];

/// The last three letters of the words of this file, without regard to case.
static ENDINGS: LazyLock<Vec<bool>> = LazyLock::new(|| {
    let mut endings = vec![false; TRIPLES];
    let mut allow = |ending: [u8; 3]| {
        if let Some(place) = endings.get_mut(triple(ending)) {
            *place = true;
        }
    };
    for word in [PASSWORDS, SHORT_PASSWORDS, KEYS, WEAKS, QUALIFIERS].into_iter().flatten() {
        match *word.as_bytes() {
            [.., first, second, third] => allow([first, second, third]),
            [second, third] => (0..32).for_each(|first| allow([first, second, third])),
            _ => {}
        }
    }
    endings
});

/// How many triples of five bits there are.
const TRIPLES: usize = 1 << 15;

fn triple(bytes: [u8; 3]) -> usize {
    bytes.iter().fold(0, |all, byte| all << 5 | usize::from(byte & 31))
}

/// Whether a name with these last bytes can promise anything.
pub(super) fn may_end(bytes: [u8; 3]) -> bool {
    let [_, second, third] = bytes;
    if third.is_ascii_digit() {
        return second.is_ascii_alphabetic() || second == b'_';
    }
    third.is_ascii_alphabetic() && ENDINGS.get(triple(bytes)) == Some(&true)
}

/// Whether a name is that of the password of a connection string.
pub(super) fn is_password_field(name: &str) -> bool {
    ["password", "pwd"].iter().any(|word| name.eq_ignore_ascii_case(word))
}

/// What the name of a method that takes the secret promises: `setPassword`, `withApiKey`.
pub(super) fn setter(name: &str) -> Option<Promise<'_>> {
    let name = name.rsplit('.').next()?;
    let words = words(name);
    let verb = words.first()?.as_str();
    let sets = matches!(verb, "set" | "with" | "password" | "put" | "add" | "use");
    if sets { of_words(name, &words) } else { None }
}

/// What a name promises; `None` when it is that of something else.
pub(super) fn promise(name: &str) -> Option<Promise<'_>> {
    of_words(name, &words(name))
}

fn of_words<'n>(name: &'n str, words: &[String]) -> Option<Promise<'n>> {
    let mut words = words;
    while let [rest @ .., last] = words
        && !rest.is_empty()
        && (QUALIFIERS.contains(&last.as_str()) || last.bytes().all(|byte| byte.is_ascii_digit()))
    {
        words = rest;
    }
    let (last, rest) = words.split_last()?;
    let strength = strength(last, rest)?;
    if rest.iter().any(|word| HARMLESS.contains(&word.as_str())) {
        return None;
    }
    let says_secret = rest.iter().any(|word| word == "secret");
    let before = rest.last().map_or("", String::as_str);
    let aws_secret = (last == "key" && before == "access" && says_secret)
        || (last == "key" && before == "secret" && rest.iter().any(|word| word == "aws"));
    Some(Promise { strength, name, aws_secret })
}

/// What the last word of a name promises, behind the words of `rest`.
fn strength(last: &str, rest: &[String]) -> Option<Strength> {
    let last = last.trim_end_matches(|c: char| c.is_ascii_digit());
    let before = rest.last().map_or("", String::as_str);
    let is_password = PASSWORDS.iter().any(|word| last.ends_with(word))
        || SHORT_PASSWORDS.contains(&last)
        || (matches!(last, "phrase" | "word" | "passe") && matches!(before, "pass" | "de"));
    if is_password {
        return Some(Strength::Password);
    }
    if last.ends_with("secret") {
        return Some(Strength::Secret);
    }
    if KEYS.iter().any(|word| last.ends_with(word)) || (last == "key" && KEY_OF.contains(&before)) {
        return Some(Strength::Key);
    }
    WEAKS.contains(&last).then_some(Strength::Weak)
}

/// The words of a name in small letters.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut previous = ' ';
    for character in name.chars() {
        let turns = previous.is_ascii_lowercase() && character.is_ascii_uppercase();
        let parts = !character.is_ascii_alphanumeric();
        if (turns || parts) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if !parts {
            word.push(character.to_ascii_lowercase());
        }
        previous = character;
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_words() {
        assert_eq!(words("AWS_secretAccessKey-2"), ["aws", "secret", "access", "key", "2"]);
        assert_eq!(words("APIKey"), ["apikey"]);
        assert!(words("--").is_empty());
    }

    #[test]
    fn the_last_word_says_what_a_name_is_of() {
        for (name, strength) in [
            ("DB_PASSWORD", Some(Strength::Password)),
            ("dbPass", Some(Strength::Password)),
            ("password2", Some(Strength::Password)),
            ("compass", None),
            ("passwordField", None),
            ("PASSWORD_MIN_LENGTH", None),
            ("forgot_password", None),
            ("apiKeyProd", Some(Strength::Key)),
            ("client-secret", Some(Strength::Secret)),
            ("tokens", None),
            ("token_url", None),
            ("public_key", None),
            ("key", Some(Strength::Weak)),
            ("monkey", None),
        ] {
            assert_eq!(promise(name).map(|p| p.strength), strength, "{name}");
        }
    }
}
