//! The numbers of eastern Europe: Bulgaria, Czechia and Slovakia, Poland, Romania, Russia, Ukraine.

use super::check::{digit, is_day, is_repeated, is_ymd, value, weighted};
use super::form::Written;
use super::{Grade, Id};

pub(super) const IDS: &[Id] = &[
    Id {
        rule: "bg-egn",
        forms: &["9999999999"],
        check: bulgaria,
        bare: false,
        words: &["egn", "егн", "ЕГН", "единен граждански номер"],
    },
    Id {
        rule: "cz-sk-birth-number",
        forms: &["999999/9999", "9999999999"],
        check: czechia,
        bare: true,
        words: &["rodné číslo", "rodne cislo", "rod. č", "r.č.", "birth number"],
    },
    Id { rule: "pl-pesel", forms: &["99999999999"], check: poland, bare: false, words: &["pesel"] },
    Id {
        rule: "ro-cnp",
        forms: &["9999999999999"],
        check: romania,
        bare: false,
        words: &["cnp", "cod numeric personal"],
    },
    Id {
        rule: "ru-inn",
        forms: &["999999999999"],
        check: russia_tax,
        bare: false,
        words: &["inn", "инн", "ИНН"],
    },
    Id {
        rule: "ru-snils",
        forms: &["999-999-999 99", "999 999 999 99"],
        check: russia_insurance,
        bare: true,
        words: &["snils", "снилс", "СНИЛС"],
    },
    Id {
        rule: "ua-rnokpp",
        forms: &["9999999999"],
        check: ukraine,
        bare: false,
        words: &["rnokpp", "рнокпп", "РНОКПП", "іпн", "ІПН", "ідентифікаційний код"],
    },
];

/// A date, a serial, and a check modulo 11 (Civil Registration Act). 20 or 40 is added to the month
/// of those born before 1900 or from 2000 on.
fn bulgaria(written: &Written) -> Grade {
    let number = written.characters();
    let check = weighted(number, &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10;
    let born = is_day(value(number, 2, 4) % 20, value(number, 4, 6));
    Grade::Announced.when(born && digit(number, 9) == check)
}

/// A date, a serial, and the whole a multiple of 11; some numbers before 1986 leave 10 and end in 0
/// (zákon 133/2000 Sb., § 13). 50 is added to the month of women, 20 where serials ran out.
fn czechia(written: &Written) -> Grade {
    let number = written.characters();
    let month = value(number, 2, 4) % 50;
    let born = is_day(if month > 20 { month - 20 } else { month }, value(number, 4, 6));
    let old = value(number, 0, 9) % 11 == 10 && digit(number, 9) == 0;
    let checked = value(number, 0, 10).is_multiple_of(11) || old;
    let grade = if written.grouped { Grade::Sure } else { Grade::Announced };
    grade.when(born && checked)
}

/// A date, a serial, and a check modulo 10 (ustawa o ewidencji ludności of 2010, art. 15). 20, 40,
/// 60 or 80 is added to the month for the century.
fn poland(written: &Written) -> Grade {
    let number = written.characters();
    let check = (10 - weighted(number, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10) % 10;
    let born = is_day(value(number, 2, 4) % 20, value(number, 4, 6));
    Grade::Announced.when(born && digit(number, 10) == check)
}

/// Sex and century, a date, a county, a serial, and a check modulo 11 (Legea 105/1996).
fn romania(written: &Written) -> Grade {
    let number = written.characters();
    let rest = weighted(number, &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
    let check = if rest == 10 { 1 } else { rest };
    let born = digit(number, 0) != 0 && is_ymd(number, 1);
    Grade::Announced.when(born && digit(number, 12) == check)
}

/// Ten digits and two checks modulo 11, the form of persons (Federal Tax
/// Service).
fn russia_tax(written: &Written) -> Grade {
    let number = written.characters();
    let first = weighted(number, &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10;
    let second = weighted(number, &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10;
    let checked = digit(number, 10) == first && digit(number, 11) == second;
    Grade::Announced.when(checked && !is_repeated(number))
}

/// Nine digits and their weighted sum modulo 101 (Pension Fund).
fn russia_insurance(written: &Written) -> Grade {
    let number = written.characters();
    let sum = weighted(number, &[9, 8, 7, 6, 5, 4, 3, 2, 1]);
    let checked = value(number, 9, 11) == u64::from(sum % 101 % 100);
    let grade = if written.grouped { Grade::Sure } else { Grade::Announced };
    grade.when(checked && !is_repeated(number))
}

/// Days since 1899, a serial, and a check modulo 11 (State Tax Service).
fn ukraine(written: &Written) -> Grade {
    let number = written.characters();
    // The first weight is −1, which is 10 modulo 11.
    let check = weighted(number, &[10, 5, 7, 9, 4, 6, 10, 5, 7]) % 11 % 10;
    Grade::Announced.when(digit(number, 9) == check && !is_repeated(number))
}
