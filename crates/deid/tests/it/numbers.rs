//! Card numbers, account numbers and social security numbers.

use crate::marked::{check, check_clean};
use consentry_deid::FindingKind::{Card, Iban, UsSsn};

#[test]
fn card_numbers() {
    check(
        Card,
        &[
            "«4111111111111111», «4111 1111 1111 1111», «4111-1111-1111-1111»",
            "«5555555555554444» and «2223003122003222»",
            "«378282246310005» or «3782 822463 10005»",
            "«6011111111111117»; «3530111333300000»; «30569309025904»",
            "«4111111111111111» 12/27 cvv 123",
            "«4111.1111.1111.1111» or «3782.822463.10005».",
            r#"{"card":"\n«4111111111111111»"}"#,
            "my card is «4222222222222»",
            "卡号«6200000000000005»",
        ],
    );
}

#[test]
fn what_is_no_card_number() {
    check_clean(&[
        "4111111111111112 has the wrong check digit",
        "0.4111111111111111",
        "barcode 4222222222222",
        "1111111111111117 has no issuer",
        "a4111111111111111 4111111111111111b 4111111111111111_",
        "41111111111111111111111111",
        "4111 1111-1111 1111",
        "4111-1111-1111-1111-11",
        "/4111111111111111/",
        "5555-5555-5555-4444.5",
        "[.4111.1111.1111.1111]",
    ]);
}

#[test]
fn account_numbers() {
    check(
        Iban,
        &[
            "«DE89370400440532013000»",
            "«GB82 WEST 1234 5698 7654 32» at my bank",
            "«gb82west12345698765432»",
            "«NO93-8601-1117-947»",
            "IBAN:«FR1420041010050500013M02606».",
            "IBAN: «DE89 370400440 532013000», iban «de89 370400440 532013000»",
            "iban=«gb82west12345698765432»",
            r"\n«DE89370400440532013000»\n",
        ],
    );
}

#[test]
fn what_is_no_account_number() {
    check_clean(&[
        "DE88370400440532013000 has wrong check digits",
        "XX89370400440532013000 has no country",
        "DE8937040044053201300 is short",
        "DE893704004405320130001 is long",
        "aDE89370400440532013000",
        "DE89370400440532013000_",
        "DE89 3704 0044 0532 0130",
        "DE89 370400440 532013000",
    ]);
}

#[test]
fn social_security_numbers() {
    check(
        UsSsn,
        &["«123-45-6789»", "SSN: «123 45 6789»", "my social security number is «123456789»"],
    );
    check_clean(&[
        "000-12-3456 666-12-3456 912-34-5678 123-00-4567 123-45-0000",
        "123 45 6789 and 123456789",
        "1123-45-6789 123-45-67890 123-45-6789-1 a123-45-6789",
    ]);
}

#[test]
fn ten_digits_that_begin_like_examples_are_telephone_numbers() {
    for text in [
        "phone: 5551234567",
        "tel 5550123456",
        "{\"phone\": \"5551234567\"}",
        "{\"phone\": 5550987654}",
    ] {
        let found = consentry_deid::Engine::structured().findings(text);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(found[0].kind, consentry_deid::FindingKind::Phone, "{text}");
    }
}

#[test]
fn a_social_security_number_of_ours_is_no_telephone_number() {
    let engine = consentry_deid::Engine::structured();
    for text in [
        "{\"phone\": \"415-555-2671\", \"ssn\": 123456789}",
        "{\"phone\":\"4155552671\",\"ssn\":\"123456789\"}",
    ] {
        let mut scope = consentry_deid::Scope::new([3; 32]);
        let once = engine.redact(text, &mut scope).text.into_owned();
        assert!(!once.contains("123456789"), "{once}");
        assert_eq!(engine.redact(&once, &mut scope).text, once);
    }
}
