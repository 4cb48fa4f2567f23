//! The numbers of the Americas: Argentina, Brazil, Canada, Chile, Mexico, and the taxpayer number
//! of the United States.

use super::check::{digit, is_repeated, is_ymd, letter, luhn, ordinal, value, weighted};
use super::form::Written;
use super::{Grade, Id};

pub(super) const IDS: &[Id] = &[
    Id {
        rule: "ar-cuil",
        forms: &["99-99999999-9", "99999999999"],
        check: argentina,
        bare: true,
        words: &["cuil", "cuit"],
    },
    Id {
        rule: "br-cpf",
        forms: &["999.999.999-99", "999 999 999 99"],
        check: brazil,
        bare: true,
        words: &["cpf", "cadastro de pessoas"],
    },
    Id {
        rule: "ca-sin",
        forms: &["999 999 999"],
        check: canada,
        bare: false,
        words: &["sin", "social insurance", "nas", "assurance sociale"],
    },
    Id {
        rule: "cl-rut",
        forms: &["99.999.999-*", "9.999.999-*", "99999999-*", "9999999-*"],
        check: chile,
        bare: true,
        words: &["rut", "run", "rol único"],
    },
    Id {
        rule: "mx-curp",
        forms: &["AAAA999999AAAAAA*9"],
        check: mexico,
        bare: true,
        words: &["curp"],
    },
    Id {
        rule: "us-itin",
        forms: &["999-99-9999", "999 99 9999"],
        check: united_states,
        // Its surrogates are those of social security numbers.
        bare: false,
        words: &["itin", "taxpayer identification", "individual taxpayer"],
    },
];

/// A prefix, eight digits, and a check modulo 11 (ANSES; AFIP), 9 where it would be 10. Only the
/// prefixes of persons.
fn argentina(written: &Written) -> Grade {
    let number = written.characters();
    let check = (11 - weighted(number, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11;
    let check = check.min(9);
    let person = matches!(value(number, 0, 2), 20 | 23..=27);
    let grade = if written.grouped { Grade::Sure } else { Grade::Announced };
    grade.when(person && digit(number, 10) == check)
}

/// Nine digits and two checks modulo 11 (Receita Federal, instrução normativa 1548).
fn brazil(written: &Written) -> Grade {
    let number = written.characters();
    let first = weighted(number, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10 % 11 % 10;
    let second = weighted(number, &[11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10 % 11 % 10;
    let checked = digit(number, 9) == first && digit(number, 10) == second;
    let grade = if written.grouped { Grade::Sure } else { Grade::Announced };
    grade.when(checked && !is_repeated(number))
}

/// Luhn's check digit of nine; numbers do not begin with 0 or 8 (Service Canada, The Social
/// Insurance Number code of practice).
fn canada(written: &Written) -> Grade {
    let number = written.characters();
    Grade::Announced.when(!matches!(digit(number, 0), 0 | 8) && luhn(number))
}

/// Seven or eight digits and a check modulo 11 that may be K (Servicio de Impuestos Internos).
fn chile(written: &Written) -> Grade {
    let number = written.characters();
    let last = number.len().saturating_sub(1);
    let weights = [2, 3, 4, 5, 6, 7].iter().cycle();
    let digits = (0..last).rev().map(|index| digit(number, index));
    let sum: u32 = digits.zip(weights).map(|(digit, weight)| digit * weight).sum();
    let check = match 11 - sum % 11 {
        10 => b'K',
        value => b"0123456789".get(value as usize % 11).copied().unwrap_or(b'0'),
    };
    // With its dots it looks like nothing else.
    let grade = if written.signs == 3 { Grade::Sure } else { Grade::Announced };
    grade.when(letter(number, last) == check && !is_repeated(number))
}

/// Letters of the names, a date, sex, state, and a check modulo 10 over the alphabet with Ñ
/// (Instructivo normativo para la asignación de la CURP).
fn mexico(written: &Written) -> Grade {
    let number = written.characters();
    let worth = |index: usize| match letter(number, index) {
        byte @ b'0'..=b'9' => u32::from(byte - b'0'),
        b'A'..=b'N' => ordinal(number, index) + 9,
        // Ñ stands between N and O.
        _ => ordinal(number, index) + 10,
    };
    let weights = (2..=18).rev();
    let sum: u32 = (0..17).zip(weights).map(|(index, weight)| worth(index) * weight).sum();
    let person = is_ymd(number, 4) && matches!(letter(number, 10), b'H' | b'M' | b'X');
    Grade::Sure.when(person && digit(number, 17) == (10 - sum % 10) % 10)
}

/// An area from 900 on and the groups that are given to taxpayers (Internal Revenue Manual
/// 3.21.263).
fn united_states(written: &Written) -> Grade {
    let number = written.characters();
    let group = matches!(value(number, 3, 5), 50..=65 | 70..=88 | 90..=92 | 94..=99);
    let grade = if written.signs == 2 { Grade::Sure } else { Grade::Announced };
    grade.when(digit(number, 0) == 9 && group)
}
