//! Passports, licences, dates of birth, ages and wallets.

use crate::marked::{check, check_clean};
use consentry_deid::FindingKind::{Age, DateOfBirth, DrivingLicence, Passport, Wallet};
use consentry_deid::{Engine, Scope};

#[test]
fn passports() {
    check(
        Passport,
        &[
            "passport no «X1234567»",
            "Reisepass-Nr.: «C01X00T47».",
            "my passport number is «123456789», thanks",
            r#"{"passportNumber": "«AB1234567»"}"#,
            "passeport n° «12AB34567»",
            "护照号码«E12345678»",
        ],
    );
    check_clean(&[
        "X1234567 and C01X00T47 and 123456789",
        "my passport expired in 2019",
        "passport: order 12345, part X1234567",
        "passport number x1234567",
        "the passport of 2024-01-02",
    ]);
}

#[test]
fn driving_licences() {
    check(
        DrivingLicence,
        &[
            "driver's license «D1234567»",
            "my driver's license is «d1234567»",
            "DL# «A123-4567-8901»",
            "Driver’s licence number: «123 456 789»",
            "Führerschein «B072RRE2I55»",
            "«MORGA657054SM9IJ»",
            "permis de conduire n° «930975200127»",
        ],
    );
    check_clean(&[
        "D1234567 and A123-4567-8901",
        "driver's license of 12-03-2025",
        "MORGA653116SM9IJX MORGA699054SM9IJ",
        "DL 12345678",
    ]);
}

#[test]
fn dates_of_birth() {
    check(
        DateOfBirth,
        &[
            "DOB: «12/03/1985»",
            "born on «12 March 1985» in town",
            "Born «March 12th, 1985».",
            r#"{"date_of_birth": "«1985-03-12»"}"#,
            r#"{"birthDate":"«1985-03-12»T00:00:00Z"}"#,
            "geboren am «12. März 1985»",
            "geb. «12.03.85»",
            "née le «12 mars 1985»",
            "nacido el «12 de marzo de 1985»",
            "nato il «12/3/1985»",
            "生年月日：«1985年3月12日»",
            "her birthday is «12-Mar-1985»",
            "dob «19850312»",
        ],
    );
    check_clean(&[
        "on 12/03/1985 and 12 March 1985 and 1985-03-12",
        "born in room 12, March 2 of them",
        "reborn 12/03/1985",
        "born 31/31/1985 and dob 1985-13-13",
        "the idea was born with version 1.2.3",
        "stubborn 1985-03-12",
    ]);
}

#[test]
fn only_the_date_next_to_the_word() {
    check(DateOfBirth, &["born «12 March 1985», died 14 May 2001"]);
}

#[test]
fn ages() {
    check(
        Age,
        &[
            "«34» years old, a «34»-year-old, «34» y/o, «34»yo, a «7» year old",
            "aged «34», age «34», Age: «34». \"age\": «34»,",
            "I am «34» and I'm «34». She is «34» years",
            "Ich bin «34» Jahre alt, eine «34»-jährige, Alter: «34»",
            "J'ai «34» ans, âgée de «34» ans",
            "tengo «34» años, «34» años de edad",
            "ho «34» anni; tenho «34» anos; ik ben «34» jaar oud",
            "He just turned «34»!",
            "今年«34»岁",
        ],
    );
    check_clean(&[
        "34 years of experience and 34 ans d'histoire",
        "I am 34 minutes late, I am 100% sure, I am 2 of them",
        "page 34, stage 34, images 34",
        "age 340 and 340 years old and 34.5 and aged 3x",
        "within 34 years, 34 Jahre Erfahrung",
        "34 yoga mats",
        "18-30 year olds and 34-year-olds",
    ]);
}

#[test]
fn wallets() {
    check(
        Wallet,
        &[
            // The first block's, and the examples of BIP 173, BIP 350, EIP-55 and of Monero.
            "«1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa»",
            "pay to «3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy».",
            "«bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4»",
            "«BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4»",
            "«bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0»",
            "«0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed»",
            // One case throughout, and the case of the hash (EIP-55, test cases).
            "«0x52908400098527886E0F7030069857D2E4169EE7»",
            "«0xde709f2102306220921060314715629080e2fb77»",
            "my wallet: «0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed»",
        ],
    );
    check_clean(&[
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3T4",
        "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
        "0x1234567890123456789012345678901234567890",
        "wallet 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed00",
        "x1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    ]);
}

#[test]
fn dates_and_ages_become_others_of_their_form() {
    let engine = Engine::structured();
    let mut scope = Scope::new([8; 32]);
    let digits = |text: &str| -> Vec<u32> {
        let parts = text.split(|c: char| !c.is_ascii_digit());
        parts.filter(|part| !part.is_empty()).map(|part| part.parse().unwrap()).collect()
    };
    for text in ["DOB 1985-03-12", "DOB 12/03/1985", "born 12 March 1985", "dob 19850312"] {
        let drawn = engine.redact(text, &mut scope).text.into_owned();
        assert_ne!(drawn, text);
        assert_eq!(drawn.len(), text.len(), "{drawn}");
        // What was drawn is a date again.
        assert_eq!(engine.findings(&drawn).len(), 1, "{drawn}");
        let year = digits(&drawn).into_iter().find(|&part| part > 1900).unwrap();
        let year = if year > 9999 { year / 10_000 } else { year };
        assert!((1982..=1988).contains(&year), "{drawn}");
    }
    for (age, near) in [(7, 3..=11), (17, 13..=17), (18, 18..=22), (34, 30..=38), (100, 96..=104)] {
        let drawn = engine.redact(&format!("aged {age}"), &mut scope).text.into_owned();
        let value = digits(&drawn)[0];
        assert!(near.contains(&value) && value != age, "{drawn}");
    }
}

#[test]
fn addresses_keep_their_network() {
    let engine = Engine::structured();
    let mut scope = Scope::new([8; 32]);
    for (text, network) in [
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1"),
        ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "bc1"),
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0x"),
    ] {
        let drawn = engine.redact(text, &mut scope).text.into_owned();
        assert!(drawn.starts_with(network) && drawn.len() == text.len(), "{drawn}");
        assert_eq!(engine.redact(&drawn, &mut scope).text, drawn);
    }
}

#[test]
fn dates_of_birth_before_their_verb() {
    check(
        DateOfBirth,
        &[
            "Ich bin am «12. März 1980» geboren.",
            "Sie wurde am «12.03.1980» in Bonn geboren.",
            "Am «12. März 1980» wurde ich geboren.",
            "Ik ben op «12 maart 1980» geboren.",
            "El «12 de marzo de 1980» nació en Lima.",
            "Il «12 marzo 1980» è nata a Roma.",
            "Em «12 de março de 1980» nasceu em Lisboa.",
            "Le «12 mars 1980» est née leur fille.",
        ],
    );
    check(
        DateOfBirth,
        &[
            "geboren am «12.03.1980»",
            "né le «12 mars 1980»",
            "Née à Lyon le «12 mars 1980»",
            "nacido el «12 de marzo de 1980»",
            "nata il «12 marzo 1980»",
            "Sono nato a Roma il «12 marzo 1980»",
            "geboren op «12 maart 1980»",
            "nascido em «12 de março de 1980»",
        ],
    );
    check_clean(&[
        "Am 12. März 1980 starb er, geboren war er in Bonn.",
        "Invoice 12.03.2024 for Max Born in Berlin",
        "2023-11-04 ERROR user born flag set",
        "release 2024-05-01 a star was born",
        "Er kam am 12.03.1980. Geboren ist er in Bonn.",
        "seit 12.03.1980\ngeboren in Bonn",
        "Am 12. März 1980 reiste die als Waise in der Fremde Geborene ab: geboren",
        "version 12.03.1980 reborn",
    ]);
}
