//! The numbers of northern Europe: Denmark, Estonia, Finland, Lithuania, Norway, Sweden.

use super::check::{digit, is_day, is_dmy, is_ymd, letter, luhn, value, weighted};
use super::form::Written;
use super::{Grade, Id};

pub(super) const IDS: &[Id] = &[
    Id {
        rule: "dk-cpr",
        forms: &["999999-9999", "9999999999"],
        check: denmark,
        bare: false,
        words: &["cpr", "cpr-nr", "cpr-nummer", "personnummer"],
    },
    Id {
        rule: "ee-lt-personal-code",
        forms: &["99999999999"],
        check: baltic,
        bare: false,
        words: &["isikukood", "asmens kodas", "personal code"],
    },
    Id {
        rule: "fi-hetu",
        forms: &["999999~999*"],
        check: finland,
        bare: true,
        words: &["hetu", "henkilötunnus", "personbeteckning"],
    },
    Id {
        rule: "no-fodselsnummer",
        forms: &["999999 99999"],
        check: norway,
        bare: true,
        words: &["fødselsnummer", "personnummer", "d-nummer"],
    },
    Id {
        rule: "se-personnummer",
        forms: &["999999-9999", "999999+9999", "99999999-9999", "9999999999", "999999999999"],
        check: sweden,
        bare: true,
        words: &["personnummer", "personnr", "pers.nr", "samordningsnummer"],
    },
];

/// A date and four digits, which have no check since 2007 (CPR-kontoret, Personnummeret i CPR).
fn denmark(written: &Written) -> Grade {
    Grade::Announced.when(is_dmy(written.characters(), 0))
}

/// Century and sex, a date, a serial, and a check modulo 11 with a second row of weights where the
/// first leaves 10 (the Estonian personal code; the Lithuanian one is the same).
fn baltic(written: &Written) -> Grade {
    let number = written.characters();
    let first = weighted(number, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
    let second = weighted(number, &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11;
    let check = if first < 10 { first } else { second % 10 };
    let born = (1..=8).contains(&digit(number, 0)) && is_ymd(number, 1);
    Grade::Announced.when(born && digit(number, 10) == check)
}

/// A date, a sign for the century, a serial, and a letter or digit for the whole modulo 31 (Digital
/// and Population Data Services Agency, The personal identity code).
fn finland(written: &Written) -> Grade {
    let number = written.characters();
    let all = value(number, 0, 9);
    let check = usize::try_from(all % 31).ok().and_then(|at| FINLAND.get(at).copied());
    Grade::Sure.when(is_dmy(number, 0) && check == Some(letter(number, 9)))
}

const FINLAND: &[u8] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";

/// A date, a serial, and two checks modulo 11 (Skatteetaten, Fødselsnummer). 40 is added to the day
/// of a number that is given for a time, and to the month of one that a hospital gives.
fn norway(written: &Written) -> Grade {
    let number = written.characters();
    let day = value(number, 0, 2);
    let first = (11 - weighted(number, &[3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11) % 11;
    let second = (11 - weighted(number, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11;
    let born = is_day(value(number, 2, 4) % 40, if day > 40 { day - 40 } else { day });
    let checked = digit(number, 9) == first && digit(number, 10) == second;
    Grade::Sure.when(born && checked)
}

/// A date, a serial and Luhn's check digit of the ten (Skatteverket, SKV 704). 60 is added to the
/// day of a number that is given for a time.
fn sweden(written: &Written) -> Grade {
    let number = written.characters();
    let century = number.len().saturating_sub(10);
    let ten = number.get(century..).unwrap_or_default();
    let day = value(ten, 4, 6);
    let born = is_day(value(ten, 2, 4), if day > 60 { day - 60 } else { day });
    let centuries = century == 0 || matches!(value(number, 0, 2), 18..=20);
    let grade = if written.grouped { Grade::Sure } else { Grade::Announced };
    grade.when(born && centuries && luhn(ten))
}
