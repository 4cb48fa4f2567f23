//! Names that promise a secret.

use super::{Text, is_word};

/// What a name promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::detect) enum Strength {
    /// A password: chosen by a person, and often short.
    Password,
    /// A key or token: made by a machine, and long.
    Key,
}

/// Where a name stands, and in what.
pub(super) struct Name {
    pub(super) start: usize,
    pub(super) end: usize,
    /// `--name`: a space may part it from its value.
    pub(super) is_flag: bool,
    /// `<name>`: the value is what the element holds.
    pub(super) is_element: bool,
}

/// The longest name.
const LIMIT: usize = 64;

/// The name around a stem.
pub(super) fn around(text: Text<'_>, start: usize, end: usize) -> Option<Name> {
    // A stem that ends in the sign of an assignment has no more name behind it.
    let stem = text.slice(start, end);
    let end = match stem.trim_end_matches([' ', '=', ':', '"', '\'']) {
        whole if whole.len() == stem.len() => text.run(end, LIMIT, is_part),
        shorter => start.saturating_add(shorter.len()),
    };
    let start = text.skip_escape(text.run_back(start, LIMIT, is_part));
    let start = text.run(start, LIMIT, |byte| byte == b'-').min(end);
    let (before, earlier) = (text.back(start, 1), text.back(start, 2));
    let name = Name {
        start,
        end,
        is_flag: before == b'-' && earlier == b'-',
        is_element: before == b'<' && text.at(end) == b'>',
    };
    (name.end.saturating_sub(name.start) < LIMIT).then_some(name)
}

const fn is_part(byte: u8) -> bool {
    is_word(byte) || byte == b'-'
}

/// Words in a name that say it is not the secret itself.
const ABOUT: &[&str] = &[
    "file",
    "path",
    "url",
    "uri",
    "name",
    "length",
    "size",
    "type",
    "count",
    "limit",
    "policy",
    "field",
    "header",
    "label",
    "hint",
    "message",
    "placeholder",
    "expir",
    "ttl",
    "regex",
    "pattern",
    "max",
    "min",
    "public",
    "pub_",
    "error",
    "prompt",
    "version",
    "index",
    "column",
    "primary",
    "foreign",
    "sort",
    "cache",
    "provider",
    "endpoint",
    "budget",
    "usage",
    "enabled",
    "required",
    "format",
    "prefix",
    "suffix",
    "class",
    "style",
    "text",
    "title",
    "button",
    "license",
    "site_key",
    "sitekey",
    "key_id",
    "keyid",
    "env",
    "digest",
    "checksum",
    "commit",
    "idempotency",
    "partition",
    "row_",
    "map",
    "hash",
    "i18n",
    "locale",
    "translation",
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

const PASSWORD: (&str, f32) = ("password-assignment", 0.75);
const KEY: (&str, f32) = ("key-assignment", 0.7);
/// How sure the word of an issuer makes.
const ISSUED: f32 = 0.85;

/// The rule of a name and its score; `None` when the name is that of something else.
pub(super) fn rule(name: &str, strength: Strength) -> Option<(&'static str, f32)> {
    let lower = name.to_ascii_lowercase();
    let is_about = |word: &&str| lower.contains(*word);
    if lower.ends_with("tokens") || lower.ends_with("keys") || ABOUT.iter().any(|w| is_about(&w)) {
        return None;
    }
    let issuer = ISSUERS.iter().find(|(word, _)| lower.contains(word));
    Some(match (issuer, strength) {
        (Some((_, rule)), Strength::Key) => (rule, ISSUED),
        (None, Strength::Key) => KEY,
        (_, Strength::Password) => PASSWORD,
    })
}
