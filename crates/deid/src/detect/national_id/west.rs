//! The numbers of western and central Europe: Austria, Belgium, France, Germany, Ireland, the
//! Netherlands, Switzerland, the United Kingdom.

use super::check::{
    digit, is_day, is_dmy, is_repeated, letter, mod_11_10, ordinal, value, weighted,
};
use super::form::Written;
use super::{Grade, Id};

pub(super) const IDS: &[Id] = &[
    Id {
        rule: "at-svnr",
        forms: &["9999 999999"],
        check: austria,
        bare: false,
        words: &["svnr", "sv-nr", "sv-nummer", "sozialversicherungsnummer", "versicherungsnummer"],
    },
    Id {
        rule: "be-national-number",
        forms: &["99.99.99-999.99", "99 99 99 999 99", "99999999999"],
        check: belgium,
        bare: true,
        words: &[
            "rijksregisternummer",
            "rijksregister",
            "numéro national",
            "registre national",
            "national number",
            "niss",
            "insz",
        ],
    },
    Id {
        rule: "ch-ahv",
        forms: &["999.9999.9999.99", "999 9999 9999 99"],
        check: switzerland,
        bare: true,
        words: &["ahv", "avs", "oasi", "sozialversicherungsnummer"],
    },
    Id {
        rule: "de-steuer-id",
        forms: &["99 999 999 999", "99999999999"],
        check: germany_tax,
        bare: true,
        words: &[
            "steuer-id",
            "steuerid",
            "steueridentifikationsnummer",
            "steuer-identifikationsnummer",
            "steuerliche identifikationsnummer",
            "identifikationsnummer",
            "idnr",
            "steuernummer",
            "tin",
        ],
    },
    Id {
        rule: "de-rvnr",
        forms: &["99 999999 A 999"],
        check: germany_pension,
        bare: true,
        words: &["rentenversicherungsnummer", "sozialversicherungsnummer", "rvnr", "svnr"],
    },
    Id {
        rule: "fr-nir",
        forms: &["9 99 99 ** 999 999 99", "9 99 99 ** 999 999_99"],
        check: france,
        bare: true,
        words: &["nir", "numéro de sécurité sociale", "sécurité sociale", "sécu", "insee"],
    },
    Id {
        rule: "gb-nhs",
        forms: &["999 999 9999"],
        check: health_service,
        bare: false,
        words: &["nhs", "national health service"],
    },
    Id {
        rule: "gb-nino",
        forms: &["AA 99 99 99 A", "AA_999999_A"],
        check: national_insurance,
        bare: true,
        words: &["nino", "national insurance", "ni number", "ni no", "insurance number"],
    },
    Id {
        rule: "ie-pps",
        forms: &["9999999A", "9999999AA"],
        check: ireland,
        bare: false,
        words: &["pps", "ppsn", "pps number", "personal public service"],
    },
    Id {
        rule: "nl-bsn",
        forms: &["999999999", "9999 99 999", "999 999 999"],
        check: netherlands,
        bare: false,
        words: &["bsn", "burgerservicenummer", "sofinummer", "sofi-nummer", "citizen service"],
    },
];

/// Three digits and their check modulo 11, and a date (Dachverband der Sozialversicherungsträger).
fn austria(written: &Written) -> Grade {
    let number = written.characters();
    let check = weighted(number, &[3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11;
    Grade::Announced.when(is_dmy(number, 4) && digit(number, 3) == check)
}

/// A date, a serial, and 97 less the remainder of both modulo 97, with a 2 before them for those
/// born from 2000 on (royal decree of 3 April 1984). 20 or 40 is added to the month where the sex
/// was not known or asked.
fn belgium(written: &Written) -> Grade {
    let number = written.characters();
    let (head, check) = (value(number, 0, 9), value(number, 9, 11));
    let checked = [head, 2_000_000_000 + head].iter().any(|all| 97 - all % 97 == check);
    let born = is_day(value(number, 2, 4) % 20, value(number, 4, 6));
    let grade = if written.grouped { Grade::Sure } else { Grade::Announced };
    grade.when(born && checked)
}

/// 756 for the country, nine digits, and the check digit of an article number (EAN-13), as the
/// Central Compensation Office describes it.
fn switzerland(written: &Written) -> Grade {
    let number = written.characters();
    let sum = weighted(number, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]);
    let checked = digit(number, 12) == (10 - sum % 10) % 10;
    Grade::Sure.when(number.starts_with(b"756") && checked)
}

/// Ten digits of which one occurs twice or three times and no other twice, and a check digit
/// (§ 139b AO; Bundeszentralamt für Steuern, ISO/IEC 7064, MOD 11,10).
fn germany_tax(written: &Written) -> Grade {
    let number = written.characters();
    let ten = number.get(..10).unwrap_or_default();
    let count = |digit: u8| ten.iter().filter(|&&byte| byte == digit).count();
    let mut counts: Vec<usize> = (b'0'..=b'9').map(count).filter(|&count| count > 1).collect();
    let repeats = matches!(counts.pop(), Some(2 | 3)) && counts.is_empty();
    let grade = if written.grouped { Grade::Sure } else { Grade::Announced };
    grade.when(digit(number, 0) != 0 && repeats && mod_11_10(number))
}

/// An area, a date, the first letter of a name, a serial, and a check digit (§ 147 SGB VI; VKVV).
fn germany_pension(written: &Written) -> Grade {
    let number = written.characters();
    let letter = ordinal(number, 8);
    let values = (0..8).map(|index| digit(number, index));
    let values = values.chain([letter / 10, letter % 10, digit(number, 9), digit(number, 10)]);
    let weights = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];
    let products = values.zip(weights).map(|(value, weight)| value * weight);
    let sum: u32 = products.map(|product| product / 10 + product % 10).sum();
    Grade::Sure.when(is_dmy(number, 2) && sum % 10 == digit(number, 11))
}

/// Sex, year and month of birth, department, commune, serial, and 97 less the remainder of all
/// modulo 97; the departments 2A and 2B count as 19 and 18 (Insee, décret 82-103).
fn france(written: &Written) -> Grade {
    let number = written.characters();
    let department = match (letter(number, 5), letter(number, 6)) {
        (b'2', b'A') => 19,
        (b'2', b'B') => 18,
        (tens, ones) if tens.is_ascii_digit() && ones.is_ascii_digit() => value(number, 5, 7),
        _ => return Grade::No,
    };
    let head = value(number, 0, 5) * 100_000_000 + department * 1_000_000 + value(number, 7, 13);
    let month = value(number, 3, 5);
    let born = matches!(month, 1..=12 | 20..=42 | 50..=99);
    let sex = matches!(letter(number, 0), b'1'..=b'4' | b'7' | b'8');
    Grade::Sure.when(born && sex && 97 - head % 97 == value(number, 13, 15))
}

/// Nine digits and a check modulo 11 (NHS Data Dictionary, NHS number).
fn health_service(written: &Written) -> Grade {
    let number = written.characters();
    let check = (11 - weighted(number, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11;
    Grade::Announced.when(digit(number, 9) == check && !is_repeated(number))
}

/// Two letters, six digits and a letter from A to D. No check, but letters that are not given
/// (HM Revenue & Customs, National Insurance Manual, NIM39110).
fn national_insurance(written: &Written) -> Grade {
    let number = written.characters();
    let (first, second, last) = (letter(number, 0), letter(number, 1), letter(number, 8));
    let given = !b"DFIQUV".contains(&first)
        && !b"DFIOQUV".contains(&second)
        && ![b"BG", b"GB", b"KN", b"NK", b"NT", b"TN", b"ZZ"].contains(&&[first, second])
        && matches!(last, b'A'..=b'D');
    let sure = written.grouped && !written.small;
    let grade = if sure { Grade::Sure } else { Grade::Announced };
    grade.when(given)
}

/// Seven digits, a check letter modulo 23, and a second letter that counts nine times (Department
/// of Social Protection; Revenue's file specifications).
fn ireland(written: &Written) -> Grade {
    let number = written.characters();
    let second = match letter(number, 8) {
        0 | b'W' => 0,
        _ => ordinal(number, 8),
    };
    let sum = weighted(number, &[8, 7, 6, 5, 4, 3, 2]) + 9 * second;
    let check = ordinal(number, 7) % 23;
    Grade::Announced.when(sum % 23 == check && ordinal(number, 7) <= 23)
}

/// Nine digits whose weighted sum, the last one taken off, is a multiple of 11 (Rijksdienst voor
/// Identiteitsgegevens, the test of eleven).
fn netherlands(written: &Written) -> Grade {
    let number = written.characters();
    let sum = weighted(number, &[9, 8, 7, 6, 5, 4, 3, 2]);
    let checked = sum % 11 == digit(number, 8) % 11 && digit(number, 8) < 10;
    // A sum that leaves 10 has no digit.
    Grade::Announced.when(checked && !is_repeated(number))
}
