//! Keys, tokens and passwords. Everything that looks like a key is put together from parts, so
//! that scanners of repositories do not take it for one.

use consentry_deid::{Engine, FindingKind, Scope};
use std::borrow::Cow;

/// Random-looking characters, enough for any token: small letters, capitals and digits.
const BODY: &str =
    "q7Zr2Kx9WmB4tYc8LpV3nHd6GsF1jXa5RkE0uTbNwQyCzMvPiAoDhSgJfUeLxKr3ZqW8vN2mB6tY4pH7dG9";

fn body(length: usize) -> &'static str {
    &BODY[..length]
}

/// The rules of the secrets in `text`, and the text of each.
fn secrets(text: &str) -> Vec<(&'static str, String)> {
    let found = Engine::structured().findings(text);
    found
        .into_iter()
        .inspect(|f| assert_eq!(f.kind, FindingKind::Secret, "in {text:?}"))
        .map(|f| {
            let Cow::Borrowed(rule) = f.rule else { panic!("{} is an own pattern", f.rule) };
            (rule, text[f.start..f.end].to_owned())
        })
        .collect()
}

#[track_caller]
fn found(rule: &'static str, secret: &str) {
    for (before, after) in
        [("", ""), ("key = \"", "\";"), (r"\n", r"\n"), ("KEY=", "\n"), ("是", "。")]
    {
        let text = format!("{before}{secret}{after}");
        assert_eq!(secrets(&text), [(rule, secret.to_owned())], "in {text:?}");
    }
}

#[track_caller]
fn clean(text: &str) {
    assert_eq!(secrets(text), [], "in {text:?}");
}

#[test]
fn tokens_with_a_prefix() {
    let upper = body(60).to_ascii_uppercase();
    for prefix in ["AKIA", "ASIA"] {
        found("aws-access-key-id", &[prefix, &upper[..16]].concat());
    }
    for (rule, prefix, length) in [
        ("github-token", "ghp_", 36),
        ("github-token", "gho_", 36),
        ("github-token", "ghu_", 36),
        ("github-token", "ghs_", 36),
        ("github-token", "ghr_", 76),
        ("github-token", "github_pat_", 82),
        ("gitlab-token", "glpat-", 20),
        ("google-api-key", "AIza", 35),
        ("google-client-secret", "GOCSPX-", 28),
        ("huggingface-token", "hf_", 34),
        ("npm-token", "npm_", 36),
        ("openai-key", "sk-", 48),
        ("openai-key", "sk-proj-", 60),
        ("anthropic-key", "sk-ant-", 80),
        ("pypi-token", "pypi-", 80),
        ("slack-token", "xoxb-", 40),
        ("slack-token", "xoxp-", 40),
        ("stripe-key", "sk_live_", 24),
        ("stripe-key", "rk_live_", 24),
        ("stripe-webhook-secret", "whsec_", 32),
    ] {
        found(rule, &[prefix, body(length)].concat());
    }
    found("sendgrid-key", &["SG", ".", body(22), ".", body(43)].concat());
    let webhook =
        ["hooks.slack.com/", "services/T", body(9), "/B", body(9), "/", body(24)].concat();
    assert_eq!(secrets(&format!("https://{webhook}")), [("slack-webhook", webhook)]);
}

#[test]
fn what_is_no_token() {
    for text in [
        ["ghp_", &"x".repeat(36)].concat(),
        ["ghp_", body(20)].concat(),
        ["aghp_", body(36)].concat(),
        ["npm_", body(37)].concat(),
        ["AKIA", body(16)].concat(),
        ["sk-", &body(48).to_lowercase()].concat(),
        "sk-learn-is-a-library-and-not-a-key-at-all".to_owned(),
        "npm_config_registry hf_hub_download pypi-publish glpat-".to_owned(),
    ] {
        clean(&text);
    }
}

#[test]
fn private_keys() {
    let lines = format!("{}\n{}\n", body(64), body(40));
    for label in ["PRIVATE KEY", "RSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "ENCRYPTED PRIVATE KEY"]
    {
        let key = ["-----BEGIN ", label, "-----\n", &lines, "-----END ", label, "-----"].concat();
        found("private-key", &key);
        found("private-key", &key.replace('\n', r"\n"));
    }
    let label = "RSA PRIVATE KEY";
    let headed = [
        "-----BEGIN ",
        label,
        "-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n",
        &lines,
        "-----END ",
        label,
        "-----",
    ];
    found("private-key", &headed.concat());
}

#[test]
fn a_private_key_without_its_end_is_found_as_far_as_it_goes() {
    let key = ["-----BEGIN ", "PRIVATE KEY-----\n", body(64)].concat();
    assert_eq!(secrets(&format!("{key}\n… cut")), [("private-key", key)]);
    clean(&["-----BEGIN ", "PRIVATE KEY-----\n", body(20)].concat());
    clean(&["-----BEGIN ", "CERTIFICATE-----\n", body(64), "\n-----END CERTIFICATE-----"].concat());
    clean(&["-----BEGIN ", "PUBLIC KEY-----\n", body(64), "\n-----END PUBLIC KEY-----"].concat());
}

#[test]
fn web_tokens() {
    // {"alg":"HS256","typ":"JWT"}
    let header = ["eyJhbGciOiJIUzI1NiIs", "InR5cCI6IkpXVCJ9"].concat();
    found("json-web-token", &[&header, ".", body(30), ".", body(43)].concat());
    assert_eq!(secrets(&format!("{header}.{}.", body(30)))[0].1, format!("{header}.{}", body(30)));
    clean(&header);
    clean(&["eyJ", body(30), ".", body(30), ".", body(43)].concat());
    clean(&["x", &header, ".", body(30), ".", body(43)].concat());
}

#[test]
fn headers() {
    let token = body(32);
    for before in ["Authorization: Bearer ", "'authorization': 'bearer ", r#"\"Bearer "#] {
        assert_eq!(secrets(&format!("{before}{token}'")), [("bearer-token", token.to_owned())]);
    }
    // user:password
    let basic = ["dXNlcjpw", "YXNzd29yZA=="].concat();
    assert_eq!(secrets(&format!("Authorization: Basic {basic}")), [("basic-credentials", basic)]);
    for text in [
        "Bearer authenticationscheme of RFC6750",
        "Bearer YOUR_TOKEN",
        "the bearer 12",
        "Basic authentication",
        "Basic knowledge of geometry",
    ] {
        clean(text);
    }
}

#[test]
fn secrets_behind_a_name() {
    let value = body(40);
    for before in ["aws_secret_access_key = ", "AWS_SECRET_ACCESS_KEY=", "\"SecretAccessKey\": \""]
    {
        let text = format!("{before}{value}\"");
        assert_eq!(secrets(&text), [("aws-secret-access-key", value.to_owned())]);
    }
    let longer = ["aws_secret_access_key = ", body(41)].concat();
    assert_eq!(secrets(&longer), [("aws-secret-access-key", body(41).to_owned())]);
    clean(&["aws_secret_access_key", value].concat());

    let bot = ["123456789", ":AA", body(33)].concat();
    found("telegram-bot-token", &bot);
    assert_eq!(secrets(&format!("https://api.telegram.org/bot{bot}/x"))[0].1, bot);
    clean(&["1234", ":AA", body(33)].concat());
}

#[test]
fn connection_strings() {
    for text in [
        "Server=db;Database=x;User Id=app;Password=«s3cret»;",
        "Host=db;Username=app;pwd=«s3cret»",
        "Data Source=db; Password=«s3cret»; Timeout=3",
    ] {
        let plain = text.replace(['«', '»'], "");
        assert_eq!(secrets(&plain), [("connection-string", "s3cret".to_owned())]);
    }
    let key = [body(60), "=="].concat();
    assert_eq!(secrets(&format!("AccountName=x;AccountKey={key};")), [("connection-string", key)]);
    for text in ["Server=db;Password={password};", "PWD=/tmp/x; server=1"] {
        clean(text);
    }
}

#[test]
fn tokens_that_their_shape_gives_away() {
    let hex = "3f2c9b1d7a64e5f08b9c1d2e3f4a5b6c";
    for (rule, parts) in [
        ("twilio-account-sid", ["A", "C", hex]),
        ("twilio-key-sid", ["S", "K", hex]),
        ("wechat-app-id", ["w", "x", &hex[..16]]),
        ("maxmind-key", [body(6), "_", &format!("{}_mmk", body(29))]),
        ("azure-search-key", [body(42), "Az", &format!("Se{}", body(6))]),
        ("azure-function-key", [body(44), "Az", &format!("Fu{}Q==", body(5))]),
        ("nats-seed", ["S", "U", &"Q7ZR2KX4WMB4TYC5".repeat(4)[..56]]),
        ("discord-bot-token", ["M", body(23), &[".Gk3x9Q", ".", body(38)].concat()]),
    ] {
        found(rule, &parts.concat());
    }
    clean(&["AC", &hex[..31]].concat());
    clean(&["S", "U", &"q7ZR2KX4WMB4TYC5".repeat(4)[..56]].concat());
}

#[test]
fn private_members_of_web_keys() {
    let key = |member: &str| {
        format!("{{\"kty\":\"EC\",\"{member}\":\"{}\",\"crv\":\"P-256\"}}", body(43))
    };
    assert_eq!(secrets(&key("d")), [("json-web-key", body(43).to_owned())]);
    clean(&key("x"));
    clean(&key("d").replace("kty", "type"));
}

#[test]
fn tokens_broken_over_lines() {
    let (one, two) = ("q7Zr2Kx9WmB4tYc8LpV3", "nHd6GsF1jXa5RkE0");
    for gap in
        ["\n", "\n    ", "\\\n", "\" +\n    \"", "'\n  + '", "\" \\\n    \"", r"\n", "\" .\n  \""]
    {
        let token = ["ghp", "_", one, gap, two].concat();
        let text = format!("key = \"{token}\"\nnext");
        assert_eq!(secrets(&text), [("github-token", token)], "{text:?}");
    }
    // A line that is whole takes no more, and what is short stays short.
    let whole = ["ghp", "_", one, two].concat();
    assert_eq!(secrets(&format!("{whole}\nnext line")), [("github-token", whole)]);
    clean(&["ghp", "_", one, "\nnext line"].concat());
    let two = [["sk-ant", "-", body(60)].concat(), ["sk-ant", "-", body(50)].concat()];
    assert_eq!(secrets(&two.join("\n")), two.map(|key| ("anthropic-key", key)));
    let long = ["sk-ant", "-", body(60), "\n", body(40)].concat();
    assert_eq!(secrets(&format!("{long}\nthe end")), [("anthropic-key", long)]);
}

#[test]
fn what_stands_on_the_next_line_is_no_part_of_a_token() {
    let (whole, short) = (["ghp", "_", body(36)].concat(), ["ghp", "_", body(30)].concat());
    let twilio = ["A", "C", "3f2c9b1d7a64e5f08b9c1d2e3f4a5b6c"].concat();
    let next = |line: &str| format!("{whole}\n{line}");
    for line in ["Q7zRegionOfTheCacheServer2=eu", "Q7zRegionOfTheCacheServer2 = eu", "q7ZR: 1"] {
        assert_eq!(secrets(&next(line)), [("github-token", whole.clone())], "{line}");
        clean(&format!("{short}\n{line}"));
    }
    let both = [("github-token", whole.clone()), ("twilio-account-sid", twilio.clone())];
    assert_eq!(secrets(&next(&twilio)), both);
    // What fills up base64 is no sign of an assignment.
    let session = ["bedrock-api", "-key-", body(80), "\n", body(39), "="].concat();
    assert_eq!(secrets(&session), [("aws-bedrock-session-key", session.clone())]);
}

#[test]
fn tokens_without_a_digit_are_tokens_and_hosts_are_no_addresses() {
    let token = ["hf", "_ZaSqmLkaeEdlGRCFZHFbMTebrqAzqhzaxR"].concat();
    let found = Engine::structured().findings(&format!("HF_TOKEN={token}"));
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].start, found[0].end), (9, 9 + token.len()));
    // A second pass leaves the host in peace.
    for url in ["postgres://bob:s3cr3tZ@db.corp.io:5432/app", "https://bob:s3cr3tZ@corp.io/x"] {
        let mut scope = Scope::new([3; 32]);
        let once = Engine::structured().redact(url, &mut scope).text.into_owned();
        assert!(once != url && once.contains("corp.io"), "{once}");
        assert_eq!(Engine::structured().redact(&once, &mut scope).text, once);
    }
}

#[test]
fn slugs_of_words_and_versions_are_no_keys() {
    for slug in [
        "user-profile-2024-v2",
        "views/settings/two_factor_2",
        "cache:session-store:eu-west-1:v3",
        "billing.invoice.line2.title_1",
        "customerAddressHistory2023",
        "x-request-header-64",
        "ci-build-linux-x86_64-2024-11-25",
    ] {
        for name in ["key", "seed", "auth", "api_key", "token"] {
            clean(&format!("{name} = \"{slug}\""));
            clean(&format!("{{\"{name}\": \"{slug}\"}}"));
        }
    }
    for key in [["q8-Zt7mK", "4xRw2p"].concat(), ["k3-9fd0-", "x7bq-2mzt"].concat()] {
        assert_eq!(secrets(&format!("key = \"{key}\"")), [("key-assignment", key)]);
    }
}

#[test]
fn an_escape_ends_a_value_without_quotes() {
    let token = ["20dkf93kd", "lqx83kdl20dk"].concat();
    for (text, value) in [
        (r#"{"message":"Password: «»\nUser: anna"}"#, "hunter22"),
        (r#"{"message":"Password: «»\r\nUser: anna"}"#, "hunter22"),
        (r#"{"message":"Password: «»\tUser: anna"}"#, "hunter22"),
        (r#"{"message":"the \"password: «»\" of anna"}"#, "hunter22"),
        (r#"{"log":"started with token=«»\n"}"#, token.as_str()),
        // JSON within JSON.
        (r#"{"log":"{\"log\":\"started with token=«»\\n\"}"}"#, token.as_str()),
    ] {
        let found: Vec<_> = secrets(&text.replace("«»", value)).into_iter().map(|s| s.1).collect();
        assert_eq!(found, [value], "{text}");
    }
    clean(r"started with password: hunter22\path");
}

#[test]
fn the_full_stop_of_a_sentence_is_no_part_of_a_password() {
    for after in [". Bye", ".\tBye", r".\nBye", ".", ", bye", "。再见", "，再见", "。"] {
        let found: Vec<_> =
            secrets(&format!("Hi. Password: hunter22{after}")).into_iter().map(|s| s.1).collect();
        assert_eq!(found, ["hunter22"], "{after}");
    }
    // A mark within it is, and an ellipsis makes a message of it.
    assert_eq!(secrets("Hi. Password: hunter.22x4!5 it is")[0].1, "hunter.22x4!5");
    clean("Hi. Password: enter1... and go on");
}

#[test]
fn a_token_for_a_user_stays_none_of_an_address() {
    let url = ["https://ghp", "_", body(36), "@github.com/x"].concat();
    let mut scope = Scope::new([3; 32]);
    let once = Engine::structured().redact(&url, &mut scope).text.into_owned();
    assert!(once != url && once.ends_with("@github.com/x"), "{once}");
    assert_eq!(Engine::structured().redact(&once, &mut scope).text, once);
}

#[test]
fn a_key_in_the_scope_of_a_signed_request_is_left_alone_once_it_is_ours() {
    let key = ["AK", "IA", &body(16).to_ascii_uppercase()].concat();
    let scope = format!("X-Amz-Credential={key}%2F20260101%2Fus-east-1%2Fs3%2Faws4_request");
    for text in [scope.clone(), format!("https://b.s3.amazonaws.com/a?{scope}&X-Amz-Date=1")] {
        let mut scope = Scope::new([3; 32]);
        let once = Engine::structured().redact(&text, &mut scope).text.into_owned();
        assert!(!once.contains(&key), "{once}");
        assert_eq!(Engine::structured().redact(&once, &mut scope).text, once);
    }
}
