//! The numbers of Asia, Oceania and Africa: Australia, China, Hong Kong, India, Israel, Japan,
//! Korea, Malaysia, New Zealand, Singapore, South Africa, Taiwan, Thailand.

use super::check::{
    digit, is_day, is_repeated, is_ymd, letter, luhn, ordinal, value, verhoeff, weighted,
};
use super::form::Written;
use super::{Grade, Id};

pub(super) const IDS: &[Id] = &[
    Id {
        rule: "au-medicare",
        forms: &["9999 99999 9", "9999 99999 9 9", "9999 99999 9/9"],
        check: australia_health,
        bare: false,
        words: &["medicare"],
    },
    Id {
        rule: "au-tfn",
        forms: &["999 999 999"],
        check: australia_tax,
        bare: false,
        words: &["tfn", "tax file"],
    },
    Id {
        rule: "cn-resident-id",
        forms: &["99999999999999999*", "999999 99999999 999*"],
        check: china,
        bare: true,
        words: &["身份证", "身份證", "公民身份", "resident id", "居民身份"],
    },
    Id {
        rule: "hk-id",
        forms: &["A999999(*)", "AA999999(*)"],
        check: hong_kong,
        bare: true,
        words: &["hkid", "身份證", "身份证"],
    },
    Id {
        rule: "il-id",
        forms: &["999999999"],
        check: |written| Grade::Announced.when(luhn(written.characters())),
        bare: false,
        words: &["teudat zehut", "תעודת זהות", "ת.ז", "מספר זהות"],
    },
    Id {
        rule: "in-aadhaar",
        forms: &["9999 9999 9999"],
        check: india,
        bare: false,
        words: &["aadhaar", "aadhar", "adhaar", "uidai", "uid", "आधार"],
    },
    Id {
        rule: "in-pan",
        forms: &["AAAAA9999A"],
        check: india_tax,
        bare: true,
        words: &["pan", "permanent account", "पैन"],
    },
    Id {
        rule: "jp-my-number",
        forms: &["9999 9999 9999"],
        check: japan,
        bare: false,
        words: &["マイナンバー", "個人番号", "my number card", "individual number"],
    },
    Id {
        rule: "kr-rrn",
        forms: &["999999-9999999", "9999999999999"],
        check: korea,
        bare: true,
        words: &["주민등록번호", "주민번호", "rrn", "resident registration"],
    },
    Id {
        rule: "my-mykad",
        forms: &["999999-99-9999", "999999999999"],
        check: malaysia,
        bare: false,
        words: &["mykad", "nric", "kad pengenalan", "no. kp", "ic no", "ic number"],
    },
    Id {
        rule: "nz-ird",
        forms: &["99 999 999", "999 999 999"],
        check: new_zealand,
        bare: false,
        words: &["ird", "inland revenue"],
    },
    Id {
        rule: "sg-nric",
        forms: &["A9999999A"],
        check: singapore,
        bare: true,
        words: &["nric", "fin", "identity card"],
    },
    Id {
        rule: "th-id",
        forms: &["9-9999-99999-99-9", "9 9999 99999 99 9"],
        check: thailand,
        bare: true,
        words: &["บัตรประชาชน", "เลขประจำตัวประชาชน", "thai id"],
    },
    Id {
        rule: "tw-id",
        forms: &["A999999999"],
        check: taiwan,
        bare: false,
        words: &["身分證", "身份證", "統一編號"],
    },
    Id {
        rule: "za-id",
        forms: &["999999 9999 999", "9999999999999"],
        check: south_africa,
        bare: true,
        words: &["south african id", "rsa id", "sa id", "id-nommer", "identiteitsnommer"],
    },
];

/// Eight digits, a check modulo 10, and the issue of the card (Services Australia).
fn australia_health(written: &Written) -> Grade {
    let number = written.characters();
    let check = weighted(number, &[1, 3, 7, 9, 1, 3, 7, 9]) % 10;
    let given = matches!(digit(number, 0), 2..=6) && digit(number, 9) != 0;
    Grade::Announced.when(given && digit(number, 8) == check)
}

/// Nine digits whose weighted sum is a multiple of 11 (Australian Taxation Office).
fn australia_tax(written: &Written) -> Grade {
    let number = written.characters();
    let sum = weighted(number, &[1, 4, 3, 7, 5, 8, 6, 9, 10]);
    Grade::Announced.when(sum.is_multiple_of(11) && !is_repeated(number))
}

/// A region, a date, a serial, and a check of ISO/IEC 7064, MOD 11-2, in which X is 10
/// (GB 11643-1999).
fn china(written: &Written) -> Grade {
    let number = written.characters();
    let sum = weighted(number, &[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
    let check = b"10X98765432".get(sum as usize % 11).copied().unwrap_or(0);
    let born = matches!(value(number, 6, 8), 18..=20) && is_ymd(number, 8);
    Grade::Sure.when(born && digit(number, 0) != 0 && letter(number, 17) == check)
}

/// One or two letters, six digits, and a check modulo 11, in which A is 10 (Immigration
/// Department). Letters count from A as 10; a missing one as 36.
fn hong_kong(written: &Written) -> Grade {
    let number = written.characters();
    let letters = number.len().saturating_sub(7);
    let head = if letters == 2 {
        (ordinal(number, 0) + 9) * 9 + (ordinal(number, 1) + 9) * 8
    } else {
        36 * 9 + (ordinal(number, 0) + 9) * 8
    };
    let digits = number.get(letters..).unwrap_or_default();
    let check = match letter(digits, 6) {
        b'A' => 10,
        _ => digit(digits, 6),
    };
    let sum = head + weighted(digits, &[7, 6, 5, 4, 3, 2]) + check;
    Grade::Sure.when(sum.is_multiple_of(11))
}

/// Twelve digits that do not begin with 0 or 1, the last of them Verhoeff's check (Unique
/// Identification Authority of India).
fn india(written: &Written) -> Grade {
    let number = written.characters();
    Grade::Announced.when(!matches!(digit(number, 0), 0 | 1) && verhoeff(number))
}

/// Five letters, of which the fourth says what kind of person, four digits and a letter (Income Tax
/// Rules, rule 114). The check letter's scheme is not published.
fn india_tax(written: &Written) -> Grade {
    let number = written.characters();
    let person = letter(number, 3) == b'P' && !written.small;
    let grade = if person { Grade::Sure } else { Grade::Announced };
    grade.when(b"ABCFGHJLPT".contains(&letter(number, 3)))
}

/// Eleven digits and a check modulo 11 (Ministry of Internal Affairs, ordinance 85 of 2014).
fn japan(written: &Written) -> Grade {
    let number = written.characters();
    let rest = weighted(number, &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    let check = if rest < 2 { 0 } else { 11 - rest };
    Grade::Announced.when(digit(number, 11) == check && !is_repeated(number))
}

/// A date, sex and century, a serial, and a check modulo 11, which numbers given since October 2020
/// need not have (Resident Registration Act, enforcement rule).
fn korea(written: &Written) -> Grade {
    let number = written.characters();
    let sum = weighted(number, &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]);
    let checked = digit(number, 12) == (11 - sum % 11) % 10;
    let born = is_ymd(number, 0) && matches!(digit(number, 6), 1..=8);
    let grade = if checked && written.grouped { Grade::Sure } else { Grade::Announced };
    grade.when(born && (checked || written.grouped))
}

/// A date, a place of birth, and a serial without a check (National Registration Department).
fn malaysia(written: &Written) -> Grade {
    let number = written.characters();
    let place =
        matches!(value(number, 6, 8), 1..=16 | 21..=68 | 71 | 72 | 74..=79 | 82..=93 | 98 | 99);
    Grade::Announced.when(is_ymd(number, 0) && place)
}

/// Seven or eight digits and a check modulo 11 with a second row of weights where the first leaves
/// none (Inland Revenue, Resident withholding tax specification).
fn new_zealand(written: &Written) -> Grade {
    let number = written.characters();
    let last = number.len().saturating_sub(1);
    let skipped = 8_usize.saturating_sub(last);
    let check = |weights: &[u32]| {
        let rest = weighted(number, weights.get(skipped..).unwrap_or_default()) % 11;
        (11 - rest) % 11
    };
    let first = check(&[3, 2, 7, 6, 5, 4, 3, 2]);
    let check = if first < 10 { first } else { check(&[7, 4, 3, 2, 5, 2, 7, 6]) };
    let given = (10_000_000..=150_000_000).contains(&value(number, 0, number.len()));
    Grade::Announced.when(given && digit(number, last) == check)
}

/// S, T, F or G, seven digits, and a check letter modulo 11 (National Registration Department;
/// the scheme is known from its users).
fn singapore(written: &Written) -> Grade {
    let number = written.characters();
    let digits = number.get(1..8).unwrap_or_default();
    let sum = weighted(digits, &[2, 7, 6, 5, 4, 3, 2]);
    let (letters, more): (&[u8], u32) = match letter(number, 0) {
        b'S' => (b"JZIHGFEDCBA", 0),
        b'T' => (b"JZIHGFEDCBA", 4),
        b'F' => (b"XWUTRQPNMLK", 0),
        b'G' => (b"XWUTRQPNMLK", 4),
        _ => return Grade::No,
    };
    let check = letters.get((sum + more) as usize % 11).copied();
    let grade = if written.small { Grade::Announced } else { Grade::Sure };
    grade.when(check == Some(letter(number, 8)))
}

/// Twelve digits and a check modulo 11 (Department of Provincial Administration).
fn thailand(written: &Written) -> Grade {
    let number = written.characters();
    let sum = weighted(number, &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
    let checked = digit(number, 12) == (11 - sum % 11) % 10;
    let grade = if written.grouped { Grade::Sure } else { Grade::Announced };
    grade.when(digit(number, 0) != 0 && checked)
}

/// What the first letters of Taiwan's numbers stand for, from A on.
const TAIWAN: &[u32] = &[
    10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30,
    31, 33,
];

/// A letter for the place, sex, a serial, and a check modulo 10 (Department of Household
/// Registration).
fn taiwan(written: &Written) -> Grade {
    let number = written.characters();
    let index = ordinal(number, 0).checked_sub(1).and_then(|index| usize::try_from(index).ok());
    let Some(place) = index.and_then(|index| TAIWAN.get(index)) else {
        return Grade::No;
    };
    let digits = number.get(1..).unwrap_or_default();
    let sum = place / 10 + place % 10 * 9 + weighted(digits, &[8, 7, 6, 5, 4, 3, 2, 1, 1]);
    let sex = matches!(digit(digits, 0), 1 | 2 | 8 | 9);
    Grade::Announced.when(sex && sum.is_multiple_of(10))
}

/// A date, a serial, citizenship, a digit without a meaning, and Luhn's check digit (Department of
/// Home Affairs).
fn south_africa(written: &Written) -> Grade {
    let number = written.characters();
    let born = is_day(value(number, 2, 4), value(number, 4, 6));
    let citizen = digit(number, 10) < 3;
    let grade = if written.grouped { Grade::Sure } else { Grade::Announced };
    grade.when(born && citizen && luhn(number))
}
