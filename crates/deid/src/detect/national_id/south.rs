//! The numbers of southern Europe: Croatia, Greece, Italy, Portugal, Spain, Türkiye.

use super::check::{digit, is_dmy, is_repeated, letter, luhn, mod_11_10, ordinal, value, weighted};
use super::form::Written;
use super::{Grade, Id};

pub(super) const IDS: &[Id] = &[
    Id {
        rule: "es-dni",
        forms: &["99999999_A", "99.999.999_A", "99 999 999 A"],
        check: spain,
        bare: true,
        words: &["dni", "nif", "documento nacional de identidad"],
    },
    Id {
        rule: "es-nie",
        forms: &["A_9999999_A"],
        check: spain_foreigner,
        bare: true,
        words: &["nie", "número de identidad de extranjero"],
    },
    Id {
        rule: "gr-amka",
        forms: &["99999999999"],
        check: greece,
        bare: false,
        words: &["amka", "αμκα", "α.μ.κ.α"],
    },
    Id {
        rule: "hr-oib",
        forms: &["99999999999"],
        check: |written| Grade::Announced.when(mod_11_10(written.characters())),
        bare: false,
        words: &["oib", "osobni identifikacijski broj"],
    },
    Id {
        rule: "it-codice-fiscale",
        forms: &["AAAAAA**A**A***A"],
        check: italy,
        bare: true,
        words: &["codice fiscale", "cod. fisc", "c.f."],
    },
    Id {
        rule: "pt-nif",
        forms: &["999 999 999"],
        check: portugal,
        bare: false,
        words: &["nif", "contribuinte", "identificação fiscal", "número fiscal"],
    },
    Id {
        rule: "tr-kimlik",
        forms: &["99999999999"],
        check: turkey,
        bare: false,
        words: &["kimlik", "tckn", "t.c.", "tc no"],
    },
];

/// The letters of the remainders modulo 23 (Real Decreto 1553/2005).
const SPAIN: &[u8] = b"TRWAGMYFPDXBNJZSQVHLCKE";

fn has_spanish_letter(value: u64, letter: u8) -> bool {
    let index = usize::try_from(value % 23).ok();
    index.and_then(|index| SPAIN.get(index)) == Some(&letter)
}

/// Eight digits and the letter of their remainder modulo 23.
fn spain(written: &Written) -> Grade {
    let number = written.characters();
    let grade = if written.small { Grade::Announced } else { Grade::Sure };
    grade.when(has_spanish_letter(value(number, 0, 8), letter(number, 8)))
}

/// X, Y or Z, which count as 0, 1 and 2, seven digits, and the letter of the whole.
fn spain_foreigner(written: &Written) -> Grade {
    let number = written.characters();
    let Some(head) = letter(number, 0).checked_sub(b'X').filter(|&head| head < 3) else {
        return Grade::No;
    };
    let all = u64::from(head) * 10_000_000 + value(number, 1, 8);
    let grade = if written.small { Grade::Announced } else { Grade::Sure };
    grade.when(has_spanish_letter(all, letter(number, 8)))
}

/// A date, a serial and Luhn's check digit (law 3655/2008).
fn greece(written: &Written) -> Grade {
    let number = written.characters();
    Grade::Announced.when(is_dmy(number, 0) && luhn(number))
}

/// What letters and digits in odd places count in Italy, from A and 0 on (Decreto ministeriale of
/// 23 December 1976).
const ITALY_ODD: &[u32] =
    &[1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/// Letters of the names, a date, a place, and a check letter modulo 26. Where two persons would
/// have the same code, digits of it are written as letters.
fn italy(written: &Written) -> Grade {
    let number = written.characters();
    let worth = |index: usize| match letter(number, index) {
        byte @ b'0'..=b'9' => u32::from(byte - b'0'),
        _ => ordinal(number, index) - 1,
    };
    let sum: u32 = (0..15)
        .map(|index| {
            let worth = worth(index);
            let odd = usize::try_from(worth).ok().and_then(|worth| ITALY_ODD.get(worth));
            if index % 2 == 0 { odd.copied().unwrap_or(0) } else { worth }
        })
        .sum();
    let digits = [6, 7, 9, 10, 12, 13, 14];
    let written_as = |&index: &usize| {
        let byte = letter(number, index);
        byte.is_ascii_digit() || b"LMNPQRSTUV".contains(&byte)
    };
    let month = b"ABCDEHLMPRST".contains(&letter(number, 8));
    let checked = ordinal(number, 15) == sum % 26 + 1;
    Grade::Sure.when(month && checked && digits.iter().all(written_as))
}

/// Eight digits and a check modulo 11 (Decreto-Lei 14/2013). The first digits of companies and
/// authorities are taken as well.
fn portugal(written: &Written) -> Grade {
    let number = written.characters();
    let rest = weighted(number, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    let check = if rest < 2 { 0 } else { 11 - rest };
    let given = !matches!(digit(number, 0), 0);
    Grade::Announced.when(given && digit(number, 8) == check && !is_repeated(number))
}

/// Nine digits and two check digits (Nüfus Hizmetleri Kanunu's regulation of 2006).
fn turkey(written: &Written) -> Grade {
    let number = written.characters();
    let odd = weighted(number, &[7, 0, 7, 0, 7, 0, 7, 0, 7]);
    let even = weighted(number, &[0, 9, 0, 9, 0, 9, 0, 9]);
    let sum = weighted(number, &[1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    let checked = digit(number, 9) == (odd + even) % 10 && digit(number, 10) == sum % 10;
    Grade::Announced.when(digit(number, 0) != 0 && checked)
}
