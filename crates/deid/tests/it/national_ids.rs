//! National identity numbers: those that issuers and textbooks print as examples, and ones whose
//! check was computed for the test.

use crate::marked::{check, check_clean};
use consentry_deid::{Engine, FindingKind};

/// Rule, what stands before the number, and the number.
const VALID: &[(&str, &str, &str)] = &[
    ("ar-cuil", "", "20-12345678-6"),
    ("at-svnr", "SVNR ", "1237 010180"),
    ("au-medicare", "Medicare card ", "2123 45670 1"),
    ("au-tfn", "my tax file number is ", "123 456 782"),
    ("be-national-number", "", "85.07.30-033.28"),
    ("bg-egn", "ЕГН ", "7523169263"),
    ("br-cpf", "", "111.444.777-35"),
    ("br-cpf", "CPF: ", "11144477735"),
    ("ca-sin", "SIN ", "130 692 544"),
    ("ca-sin", "numéro d'assurance sociale : ", "130-692-544"),
    ("ch-ahv", "", "756.9217.0769.85"),
    ("cl-rut", "", "12.345.678-5"),
    ("cl-rut", "RUT ", "12345678-5"),
    ("cn-resident-id", "", "11010519491231002X"),
    ("cz-sk-birth-number", "", "710319/2745"),
    ("de-rvnr", "", "15 070649 C 103"),
    ("de-rvnr", "", "15070649C103"),
    ("de-steuer-id", "", "86 095 742 719"),
    ("de-steuer-id", "Steuer-ID: ", "86095742719"),
    ("de-steuer-id", "Meine Identifikationsnummer lautet ", "47036892816"),
    ("ee-lt-personal-code", "isikukood ", "37605030299"),
    ("ee-lt-personal-code", "asmens kodas ", "33309240064"),
    ("es-dni", "", "12345678Z"),
    ("es-dni", "", "12.345.678-Z"),
    ("es-nie", "", "X1234567L"),
    ("es-nie", "", "X-1234567-L"),
    ("fi-hetu", "", "131052-308T"),
    ("fr-nir", "", "2 55 08 14 168 025 38"),
    ("fr-nir", "", "255081416802538"),
    ("gb-nhs", "NHS number: ", "943 476 5919"),
    ("gr-amka", "ΑΜΚΑ / AMKA ", "01013099997"),
    ("hk-id", "", "A123456(3)"),
    ("hr-oib", "OIB ", "94577403194"),
    ("ie-pps", "PPSN ", "1234567T"),
    ("ie-pps", "PPSN ", "1234567FA"),
    ("il-id", "תעודת זהות ", "123456782"),
    ("in-aadhaar", "Aadhaar ", "2341 2341 2346"),
    ("it-codice-fiscale", "", "RSSMRA85T10A562S"),
    ("jp-my-number", "マイナンバー：", "123456789018"),
    ("kr-rrn", "", "850710-1234560"),
    ("mx-curp", "", "HEGG560427MVZRRL04"),
    ("nl-bsn", "Mijn BSN is ", "111222333"),
    ("no-fodselsnummer", "", "01010750160"),
    ("nz-ird", "IRD ", "49-091-850"),
    ("pl-pesel", "PESEL ", "44051401359"),
    ("pt-nif", "contribuinte n.º ", "123456789"),
    ("ro-cnp", "CNP ", "1800101221144"),
    ("ru-inn", "ИНН ", "500100732259"),
    ("ru-snils", "", "112-233-445 95"),
    ("se-personnummer", "", "811228-9874"),
    ("se-personnummer", "personnummer ", "198112289874"),
    ("sg-nric", "", "S1234567D"),
    ("th-id", "", "1-2345-67890-12-1"),
    ("tr-kimlik", "T.C. kimlik no ", "10000000146"),
    ("tw-id", "身分證字號", "A123456789"),
    ("ua-rnokpp", "РНОКПП ", "1759013776"),
    ("za-id", "South African ID number ", "8001015009087"),
    ("za-id", "", "800101 5009 087"),
];

/// The same of numbers without a check.
const UNCHECKED: &[(&str, &str, &str)] = &[
    ("dk-cpr", "CPR-nummer ", "070761-4285"),
    ("gb-nino", "", "AB 12 34 56 C"),
    ("gb-nino", "National Insurance ", "AB123456C"),
    ("in-pan", "", "ABCPE1234F"),
    ("in-pan", "PAN ", "AAACA1234F"),
    ("my-mykad", "MyKad ", "850710-14-5678"),
    ("us-itin", "", "912-70-1234"),
    ("us-itin", "ITIN ", "912701234"),
];

fn rules(text: &str) -> Vec<(String, String)> {
    let findings = Engine::structured().findings(text);
    findings.iter().map(|f| (text[f.start..f.end].to_owned(), f.rule.to_string())).collect()
}

#[test]
fn every_country() {
    for (rule, before, number) in VALID.iter().chain(UNCHECKED) {
        let text = format!("{before}{number}, thanks");
        assert_eq!(rules(&text), [((*number).to_owned(), (*rule).to_owned())], "{text}");
        let text = format!(r#"{{"text":"\n{before}{number}\n"}}"#);
        assert_eq!(rules(&text), [((*number).to_owned(), (*rule).to_owned())], "{text}");
    }
}

#[test]
fn one_digit_wrong() {
    for (rule, before, number) in VALID {
        let last = number.rfind(|c: char| c.is_ascii_digit()).unwrap();
        let middle = number[..last].rfind(|c: char| c.is_ascii_digit()).unwrap();
        // The last digit of a Medicare number is the issue of the card.
        let places = if *rule == "au-medicare" { [middle, middle] } else { [last, middle] };
        for place in places {
            let digit = number.as_bytes()[place] - b'0';
            let wrong = format!("{}{}{}", &number[..place], (digit + 1) % 10, &number[place + 1..]);
            let found = rules(&format!("{before}{wrong}, thanks"));
            assert!(!found.iter().any(|(_, found)| found == rule), "{rule} {wrong}: {found:?}");
        }
    }
}

#[test]
fn bare_digits_need_a_word() {
    check_clean(&[
        "123456782 and 111222333 and 86095742719 and 44051401359",
        "8001015009087 and 2341 2341 2346 and 1759013776",
        "using 111222333, a company 123456782, nothing 94577403194",
        "AB123456C ZZZZZ1234Z 12345678z",
    ]);
}

#[test]
fn what_is_no_national_id() {
    check_clean(&[
        "x12345678Z 12345678Zx 12345678Z_ /12345678Z/ $12345678Z",
        "QQ 12 34 56 C and GB 12 34 56 C are not given",
        "3f2c9b1d7a64e5f08b9c1d2e3f4a5b6c7d8e9f00 550e8400-e29b-41d4-a716-446655440000",
        "131052-308T2 and 131052-3080 and 999999-9999",
        "2 55 13 14 168 025 38",
    ]);
}

#[test]
fn the_longest_form_and_words_of_both_languages() {
    check(
        FindingKind::NationalId,
        &[
            "My social insurance number (SIN) is «130-692-544».",
            "nationalId: «123456782»",
            "national_id=«123456782»",
            "Her tax identification number is «86095742719»!",
            "AHV-Nr. «756.9217.0769.85».",
            "DNI:«12345678Z»",
        ],
    );
}

#[test]
fn surrogates_keep_the_form_and_pass_no_check() {
    let engine = Engine::structured();
    for (rule, before, number) in VALID.iter().chain(UNCHECKED) {
        let mut scope = consentry_deid::Scope::new([3; 32]);
        let text = format!("{before}{number}, thanks");
        let once = engine.redact(&text, &mut scope).text.into_owned();
        let class = |c: char| match c {
            '0'..='9' => '0',
            'A'..='Z' => 'A',
            other => other,
        };
        let shape = |text: &str| text.chars().map(class).collect::<String>();
        assert_eq!(shape(&once), shape(&text), "{rule}");
        assert_ne!(once, text, "{rule}");
        assert_eq!(engine.redact(&once, &mut scope).text, once, "{rule}");
    }
}
