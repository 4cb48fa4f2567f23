//! Whether a value is made of words, as names are, or drawn at random, as keys are.
//!
//! Two guesses are weighed (Neyman and Pearson's ratio of likelihoods): a writer of names, who goes
//! on with a word more often than not and follows the habits of letters (Shannon, "Prediction and
//! Entropy of Printed English", 1951), and a machine, to which each character of the alphabet of the
//! value is as likely as any other. No single sign decides, so that chance rarely does.

/// What two letters in a row say for words, in bits over what chance says: `0` is -3, `5` is 2. A
/// row for each first letter, a column for each second one. Counted over the words of identifiers
/// in the standard library of Python and in crates of Rust.
const PAIRS: [&[u8; 26]; 26] = [
    b"03430130301534030545220120",
    b"52324110520521420442410020",
    b"50214124304321510334310010",
    b"42235210500321320332311010",
    b"31452220100334121554021310",
    b"41234510500421520443301020",
    b"41215123400324320442310000",
    b"51135100500221500323301020",
    b"32433330000335420244030103",
    b"51225221413222531242512122",
    b"32235222500312220253212010",
    b"51135100501401510133210040",
    b"53125100500231450132300000",
    b"40444350302202410145220000",
    b"22431220201445340533423000",
    b"51215112401410440534301020",
    b"22233221211322221332512111",
    b"51335120401232420344210020",
    b"30315113502221330145401020",
    b"40315203500211420443300130",
    b"34323220300445140444000000",
    b"51225201500221320222100000",
    b"51234113500234420442101100",
    b"42435312400231251225111320",
    b"32323210400344350254122112",
    b"41125211401121411122111123",
];
/// The least that letters say which follow each other in the alphabet or are the same: rows of a
/// keyboard's tester and examples are not drawn either.
const IN_ORDER: f64 = 1.0;

/// What a character is to a writer of names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Small,
    Capital,
    Digit,
    Sign,
}

impl Class {
    const fn of(byte: u8) -> Self {
        match byte {
            b'a'..=b'z' => Self::Small,
            b'A'..=b'Z' => Self::Capital,
            b'0'..=b'9' => Self::Digit,
            _ => Self::Sign,
        }
    }

    /// How many bits name one of the class.
    const fn bits(self) -> f64 {
        match self {
            Self::Small | Self::Capital => 4.7,
            Self::Digit => 3.3,
            Self::Sign => 1.0,
        }
    }

    /// The bits of the chance that in a name this class follows another: rounded shares of the
    /// identifiers of the same programs.
    const fn behind(self, before: Self) -> f64 {
        match (before, self) {
            (Self::Small, Self::Small) => -0.2,
            (Self::Small, Self::Capital) => -4.2,
            (Self::Small | Self::Capital, Self::Digit) => -5.0,
            (Self::Small, Self::Sign) => -3.2,
            (Self::Capital, Self::Small) => -0.6,
            (Self::Capital, Self::Capital) => -1.8,
            (Self::Capital | Self::Sign, Self::Sign) => -4.0,
            (Self::Digit, Self::Small) => -3.0,
            (Self::Digit, Self::Capital) => -3.5,
            (Self::Digit, Self::Digit) => -1.0,
            (Self::Digit, Self::Sign) => -1.5,
            (Self::Sign, Self::Small) => -0.4,
            (Self::Sign, Self::Capital) => -2.5,
            (Self::Sign, Self::Digit) => -2.8,
        }
    }
}

/// By how many bits a value reads rather like words than like a draw; less than 0 is a draw.
pub(super) fn words_over_chance(value: &str) -> f64 {
    let has = |class: Class| value.bytes().any(|byte| Class::of(byte) == class);
    let small = has(Class::Small);
    let part = |class: Class, size: f64| if has(class) { size } else { 0.0 };
    let size = part(Class::Small, 26.0)
        + part(Class::Capital, 26.0)
        + part(Class::Digit, 10.0)
        + part(Class::Sign, 2.0);
    let chance = size.log2();
    // In capitals alone each is as another's small letter.
    let class = |byte: u8| Class::of(if small { byte } else { byte.to_ascii_lowercase() });
    let pairs = value.as_bytes().windows(2);
    let of_pair = |two: &[u8]| {
        let &[one, other] = two else {
            return 0.0;
        };
        let (before, now) = (class(one), class(other));
        let follows = now.behind(before) - now.bits() + chance;
        follows
            + if (before, now) == (Class::Small, Class::Capital) { 0.0 } else { habit(one, other) }
    };
    pairs.map(of_pair).sum()
}

/// What two letters in a row say, whatever their cases; nothing of other characters.
fn habit(one: u8, other: u8) -> f64 {
    let index = |byte: u8| usize::from(byte.to_ascii_lowercase().wrapping_sub(b'a'));
    let level = PAIRS.get(index(one)).and_then(|row| row.get(index(other)));
    let said = level.map_or(0.0, |&level| f64::from(level) - f64::from(b'3'));
    let in_order = matches!(other.wrapping_sub(one), 0 | 1) && one.is_ascii_alphabetic();
    if in_order { said.max(IN_ORDER) } else { said }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_from_draws() {
        for words in [
            "user-profile-2024-v2",
            "getElementsByClassName",
            "SECRET_KEY_BASE_2",
            "/etc/ssl/private/server2.pem",
            "views.decorators.cache.header",
            "passwort-zuruecksetzen",
            "kSecAttrAccessibleWhenUnlocked",
            "abcdefghijklmnop1234567",
        ] {
            assert!(words_over_chance(words) > 0.0, "{words}: {}", words_over_chance(words));
        }
        for draw in [
            "q7Zr2Kx9WmB4tYc8",
            "xkqjzmwpvh3tlrbgd7cn",
            "rN8XBUfpgEOqCNYFwfxaFC0ya",
            "klhcxy/7nbnoRCEr/YBxB1FTw",
            "SwGRSSkdXWRaANWbBEIDUObtwp",
        ] {
            assert!(words_over_chance(draw) < -8.0, "{draw}: {}", words_over_chance(draw));
        }
    }

    #[test]
    fn little_says_little() {
        assert_eq!(words_over_chance(""), 0.0);
        assert_eq!(words_over_chance("a"), 0.0);
        assert!(words_over_chance("éé").is_finite());
    }
}
