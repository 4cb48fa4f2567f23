//! What is written in the place of a finding.

use consentry_deid::{Engine, FindingKind, Scope};
use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Redacts one text in a scope.
fn redact(text: &str, scope: &mut Scope) -> String {
    Engine::structured().redact(text, scope).text.into_owned()
}

fn scope() -> Scope {
    Scope::derive(&[9; 32], "conversation/1")
}

/// The text with every ASCII letter and digit replaced by its class.
fn shape(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '0'..='9' => '0',
            'a'..='z' => 'a',
            'A'..='Z' => 'A',
            other => other,
        })
        .collect()
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The sum that ISO/IEC 7812-1 asks to be a multiple of ten, computed from the left.
fn luhn_sum(digits: &str) -> u32 {
    let odd = digits.len() % 2;
    let value = |(place, c): (usize, char)| {
        let digit = c.to_digit(10).unwrap();
        if place % 2 == odd { [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][digit as usize] } else { digit }
    };
    digits.chars().enumerate().map(value).sum()
}

#[test]
fn one_value_written_in_several_ways_has_one_surrogate() {
    let mut scope = scope();
    for (one, other) in [
        ("grace@corp.io", "Grace@Corp.IO"),
        ("/home/grace/x", "/home/Grace/x"),
        ("10.0.0.17", "10.0.0.17"),
        ("2001:db8::17", "2001:0db8:0000::0017"),
    ] {
        assert_eq!(redact(one, &mut scope), redact(other, &mut scope), "{one}");
    }
    for (one, other) in [
        ("415-555-0134", "+1 (415) 555.0134"),
        ("+49 30 901820", "0049-30-901820"),
        ("+44 20 7946 0958", "+44 (0)20 7946 0958"),
        ("4111111111111111", "4111 1111 1111 1111"),
        ("GB82 WEST 1234 5698 7654 32", "gb82west12345698765432"),
        ("00:1a:2b:3c:4d:5e", "00-1A-2B-3C-4D-5E"),
    ] {
        let compact = |text: &str, scope: &mut Scope| -> String {
            let text = redact(text, scope).replace("(0)", "").to_lowercase();
            let text: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
            text.trim_start_matches("00").trim_start_matches('1').to_owned()
        };
        let one = compact(one, &mut scope);
        assert_eq!(one, compact(other, &mut scope), "{other}");
    }
}

#[test]
fn other_values_have_other_surrogates_and_so_have_other_scopes() {
    let texts = [
        "grace@corp.io",
        "+49 30 901820",
        "4111111111111111",
        "DE89370400440532013000",
        "123-45-6789",
        "10.0.0.17",
        "2001:db8::17",
        "00:1a:2b:3c:4d:5e",
        "x://app:s3cret@db",
        "/home/grace",
    ];
    for text in texts {
        let mut seen = BTreeSet::new();
        for (key, name) in [(1, "a"), (1, "b"), (2, "a")] {
            let mut scope = Scope::derive(&[key; 32], name);
            assert!(seen.insert(redact(text, &mut scope)), "{text} {key} {name}");
        }
        assert_eq!(redact(text, &mut scope()), redact(text, &mut scope()));
    }
}

#[test]
fn numbers_keep_their_form_and_belong_to_nobody() {
    let mut scope = scope();
    let card = redact("3782 822463 10005", &mut scope);
    assert_eq!(shape(&card), "0000 000000 00000");
    assert_ne!(luhn_sum(&digits(&card)) % 10, 0);

    let iban = redact("DE89 3704 0044 0532 0130 00", &mut scope);
    assert_eq!(shape(&iban), "AA00 0000 0000 0000 0000 00");
    assert!(iban.starts_with("DE00 "));

    let ssn = redact("123-45-6789", &mut scope);
    assert_eq!(shape(&ssn), "000-00-0000");
    assert!(ssn.starts_with('9') && ssn[4..6] < *"50", "{ssn}");

    let mac = redact("00:1A:2B:3C:4D:5E", &mut scope);
    assert!(mac.starts_with("02:00:5E:") && mac.len() == 17, "{mac}");

    let address: Ipv4Addr = redact("10.0.0.17", &mut scope).parse().unwrap();
    assert!(matches!(address.octets(), [198, 18 | 19, ..]), "{address}");
    let address: Ipv6Addr = redact("2a00:1450::17", &mut scope).parse().unwrap();
    assert!(matches!(address.segments(), [0x3fff, 0..0x1000, ..]), "{address}");
}

#[test]
fn telephone_numbers_keep_their_form_and_reach_nobody() {
    let mut scope = scope();
    for (text, form) in [
        ("415-555-0134", "N9d-555-01dd"),
        ("+1 (415) 555-0134", "+1 (N9d) 555-01dd"),
        ("001-415-555-0134", "001-N9d-555-01dd"),
        ("(415) 555-0134 ext. 22", "(N9d) 555-01dd ext. dd"),
        // The country and its trunk prefix stay.
        ("+44 20 7946 0958", "+44 20 0ddd dddd"),
        ("+44 (0)20 7946 0958", "+44 (0)20 0ddd dddd"),
        ("0044 20 7946 0958", "0044 20 0ddd dddd"),
        ("07911 123456", "07610 dddddd"),
        ("020 7946 0958", "020 0ddd dddd"),
        ("+33 6 12 34 56 78", "+33 6 39 09 dd dd"),
        ("06 12 34 56 78", "06 39 09 dd dd"),
        ("01 42 68 53 00", "04 00 dd dd dd"),
        ("+49 171 1234567", "+49 165 7dddddd"),
        ("+49 0171 1234567", "+49 0165 7dddddd"),
        ("0171 1234567", "0165 7dddddd"),
        ("+49 30 901820", "+49 30 0ddddd"),
        ("+49 221 901820", "+49 270 dddddd"),
        ("030 9018201", "030 0dddddd"),
        ("089/9018201", "089/0dddddd"),
        ("tel 01512 3459300", "tel 01657 ddddddd"),
        ("tel 098765 43210", "tel 0500bd ddddd"),
        ("+34 612 345 678", "+34 79d ddd ddd"),
        ("tel 612 34 56 78", "tel 79d dd dd dd"),
        ("+34 912 345 678", "+34 99d ddd ddd"),
        ("+39 347 123 4567", "+39 30d bdd dddd"),
        ("tel 347 1234567", "tel 30d bdddddd"),
        ("06-12345678", "06-00dddddd"),
        ("020-1234567", "019-0dddddd"),
        ("+55 11 91234-5678", "+55 20 9dddd-dddd"),
        ("(11) 91234-5678", "(20) 9dddd-dddd"),
        ("(11) 3123-4567", "(20) 3ddd-dddd"),
        ("tel 11912345678", "tel 209dddddddd"),
        ("+86 138 0013 8000", "+86 154 dbdd dddd"),
        ("tel 138 0013 8000", "tel 154 dbdd dddd"),
        ("tel 13800138000", "tel 154dbdddddd"),
        ("tel 13912345678", "tel 154dbdddddd"),
        ("+91 98765 43210", "+91 500bd ddddd"),
        ("tel 98765 43210", "tel 500bd ddddd"),
        ("1-415-555-2671", "1-N9d-555-01dd"),
        ("tel 14155552671", "tel 1N9d55501dd"),
        // Countries whose plan is not known here have no number with three zeros.
        ("+351 912 345 678", "+351 000 ddd ddd"),
        // Many countries write these.
        ("0431 123 4567", "0099 9dd dddd"),
        ("call me: 785 8949", "call me: 999 dddd"),
        ("call me: 55807302157", "call me: 9900ddddddd"),
        // A number of JSON begins with no 0.
        ("{\"phone\":772262878}", "{\"phone\":999dddddd}"),
    ] {
        let drawn = redact(text, &mut scope);
        let fits = drawn.chars().zip(form.chars()).all(|(drawn, form)| match form {
            'N' => ('2'..='9').contains(&drawn),
            'b' => matches!(drawn, '0' | '1'),
            'd' if form != drawn => drawn.is_ascii_digit(),
            exact => drawn == exact,
        });
        assert!(fits && drawn.len() == form.len(), "{text} became {drawn}");
    }
}

#[test]
fn names_are_invented() {
    let mut scope = scope();
    let email = redact("grace@corp.io", &mut scope);
    let (local, domain) = email.split_once('@').unwrap();
    assert!(["example.com", "example.net", "example.org"].contains(&domain));
    assert_eq!(shape(local), "aaaaaa.aaaaaa");
    assert_eq!(shape(&redact("/home/grace/x", &mut scope)), "/aaaa/aaaaaaaaaaaa/a");
    let url = redact("x://grace:s3cret@db and x://:s3cret@db", &mut scope);
    assert_eq!(shape(&url), "a://aaaaaaaaaaaa:aaaaaaaaaaaa@aa aaa a://:aaaaaaaaaaaa@aa");
}

#[test]
fn secrets_keep_prefix_length_and_classes() {
    let mut scope = scope();
    let body = "q7Zr2Kx9WmB4tYc8LpV3nHd6GsF1jXa5RkE0";
    let token = ["ghp_", body].concat();
    let drawn = redact(&token, &mut scope);
    assert_eq!(shape(&drawn), shape(&token));
    assert!(drawn.starts_with("ghp_") && drawn != token, "{drawn}");

    let hexadecimal = ["Bearer 3f2c9b1d7a64e5f0", "8b9c1d2e3f4a5b6c"].concat();
    let drawn = redact(&hexadecimal, &mut scope);
    let value = drawn.strip_prefix("Bearer ").unwrap();
    assert!(value.chars().all(|c| c.is_ascii_hexdigit()), "{drawn}");

    let key = [
        "-----BEGIN ",
        "PRIVATE KEY-----\\n",
        body,
        body,
        "\\n",
        body,
        "=\\n-----END ",
        "PRIVATE KEY-----",
    ];
    let key = key.concat();
    let drawn = redact(&key, &mut scope);
    assert_eq!(shape(&drawn), shape(&key));
    assert_eq!(drawn.matches("\\n").count(), 3);
    assert!(drawn.starts_with("-----BEGIN PRIVATE KEY-----\\n") && !drawn.contains(body));

    let field = redact("Server=db;Password=s3cret;", &mut scope);
    assert_eq!(shape(&field), "Aaaaaa=aa;Aaaaaaaa=aaaaaaaaaaaaaaaa;");
}

#[test]
fn many_values_of_one_scope_never_meet() {
    // More values than the narrowest form has surrogates: 8,000 numbers, 131,072 addresses.
    let mut scope = scope();
    let engine = Engine::structured();
    let mut phones = BTreeSet::new();
    for line in 0..9_000 {
        let text = format!("415-{:03}-{:04}", 200 + line / 1_000, line % 1_000);
        assert!(phones.insert(engine.redact(&text, &mut scope).text.into_owned()), "{text}");
    }
    let mut addresses = BTreeSet::new();
    for host in 0..140_000_u32 {
        let text = Ipv4Addr::from(0x0a00_0000 + host).to_string();
        assert!(addresses.insert(engine.redact(&text, &mut scope).text.into_owned()), "{text}");
    }
}

#[test]
fn counts_and_clean_texts() {
    let engine = Engine::structured();
    let redacted = engine.redact("a@corp.io b@corp.io 10.0.0.17", &mut scope());
    let counts: Vec<_> = redacted.counts().into_iter().collect();
    assert_eq!(counts, [(FindingKind::Email, 2), (FindingKind::Ip, 1)]);
    let clean = engine.redact("nothing here", &mut scope());
    assert!(matches!(clean.text, std::borrow::Cow::Borrowed("nothing here")));
    assert!(clean.counts().is_empty());
}

#[test]
fn findings_are_written_as_the_contract_says() {
    let engine = Engine::structured();
    let secret = ["k=AK", "IA2B3C4D5E6F7G8H9J"].concat();
    let text = format!("a@corp.io {secret}");
    let rows: Vec<String> = engine
        .findings(&text)
        .iter()
        .map(|finding| serde_json::to_string(finding).unwrap())
        .collect();
    assert_eq!(
        rows,
        [
            r#"{"start":0,"end":9,"kind":"email","score":0.95,"why":"rule","rule":"email"}"#,
            r#"{"start":12,"end":32,"kind":"secret","score":0.98,"why":"rule","rule":"aws-access-key-id"}"#,
        ]
    );
    for kind in FindingKind::ALL {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.to_string());
    }
}

#[test]
fn a_password_that_is_a_number_stays_one() {
    let engine = Engine::structured();
    let text = "{\n  \"user\": \"grace\",\n  \"password\": 73910246\n}";
    for key in 0..50 {
        let mut scope = Scope::new([key; 32]);
        let once = engine.redact(text, &mut scope).text.into_owned();
        let rest = once.strip_prefix("{\n  \"user\": \"grace\",\n  \"password\": ").unwrap();
        let number = rest.strip_suffix("\n}").unwrap();
        assert!(number.bytes().all(|byte| byte.is_ascii_digit()), "{once}");
        assert!(!number.starts_with('0') && number != "73910246", "{once}");
        assert_eq!(engine.redact(&once, &mut scope).text, once);
    }
}

#[test]
fn engines_and_scopes_can_be_shared_between_threads() {
    fn is_shared<T: Send + Sync + Clone>() {}
    is_shared::<Engine>();
    is_shared::<Scope>();
}

#[test]
fn names_are_not_found_in_our_own_surrogates_of_numbers() {
    for text in [
        "Please send the refund to DE89 3704 0044 0532 0130 00, Hannah Whitfield.",
        "I sent it to DE89370400440532013000 on Monday.",
        "Refund to GB82 WEST 1234 5698 7654 32",
    ] {
        for seed in 0..20_u8 {
            let engine = Engine::fast();
            let once =
                engine.redact(text, &mut Scope::derive(&[seed; 32], "one")).text.into_owned();
            let again = engine.redact(&once, &mut Scope::derive(&[seed; 32], "two"));
            let number = |text: &str| -> String {
                text.chars().filter(|c| c.is_ascii_digit() || c.is_ascii_uppercase()).collect()
            };
            let kept = once.split_once(" to ").unwrap().1.chars().take(20).collect::<String>();
            assert!(number(&again.text).contains(&number(&kept)), "{once:?} {:?}", again.text);
        }
    }
}
