//! Random values behind names that promise one: nearly all are found, whatever the chance of the
//! draw made them look like.

use consentry_deid::Engine;

/// How often a value is drawn for each writing.
const DRAWS: usize = 2_000;
/// The least share of values of twenty characters and more that is found.
const SHARE: f64 = 0.99;

const HEXADECIMAL: &str = "0123456789abcdef";
const SMALL: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Numbers that look random, from a seed (Marsaglia, "Xorshift RNGs", 2003).
pub struct Dice(pub u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `count`.
    pub fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % count
    }

    /// One of `all`.
    pub fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// So many characters of an alphabet, from `least` to `most`.
    pub fn text(&mut self, alphabet: &str, least: usize, most: usize) -> String {
        let count = least + self.below(most - least + 1);
        (0..count).map(|_| char::from(self.pick(alphabet.as_bytes()))).collect()
    }

    /// The base64 (RFC 4648) of so many random bytes.
    pub fn base64(&mut self, least: usize, most: usize) -> String {
        let bytes = least + self.below(most - least + 1);
        let mut text =
            self.text(&format!("{LETTERS}+/"), (bytes * 8).div_ceil(6), (bytes * 8).div_ceil(6));
        text.extend(std::iter::repeat_n('=', text.len().wrapping_neg() % 4));
        text
    }
}

/// How a value is written behind its name, in `.env`, YAML, JSON and JavaScript.
const WRITINGS: &[fn(&str, &str) -> String] = &[
    |name, value| format!("{}={value}\n", name.to_uppercase()),
    |name, value| format!("app:\n  {name}: {value}\n"),
    |name, value| format!("{{\"{name}\": \"{value}\"}}\n"),
    |name, value| format!("const {name} = \"{value}\";\n"),
];

/// The share of drawn values that is found as a whole, for the name and writing with the lowest.
fn lowest(mut draw: impl FnMut(&mut Dice) -> String) -> f64 {
    let engine = Engine::structured();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut lowest = 1.0_f64;
    for name in ["token", "api_key", "secret", "password"] {
        for write in WRITINGS {
            let found = (0..DRAWS).filter(|_| {
                let value = draw(&mut dice);
                let text = write(name, &value);
                let start = text.find(&value).unwrap();
                let covers =
                    |f: &consentry_deid::Finding| f.start == start && f.end == start + value.len();
                engine.findings(&text).iter().any(covers)
            });
            lowest = lowest.min(found.count() as f64 / DRAWS as f64);
        }
    }
    lowest
}

#[test]
fn hexadecimal_digits() {
    for count in [32, 40, 64] {
        let share = lowest(|dice| dice.text(HEXADECIMAL, count, count));
        assert!(share >= SHARE, "{count}: {share}");
    }
}

#[test]
fn base64() {
    let share = lowest(|dice| dice.base64(18, 33));
    assert!(share >= SHARE, "{share}");
    let share = lowest(|dice| dice.text(&format!("{LETTERS}-_"), 20, 43));
    assert!(share >= SHARE, "safe for URLs: {share}");
}

#[test]
fn letters_and_digits() {
    let share = lowest(|dice| dice.text(LETTERS, 20, 40));
    assert!(share >= SHARE, "{share}");
    let share = lowest(|dice| dice.text(SMALL, 20, 32));
    assert!(share >= SHARE, "small: {share}");
    // Shorter ones leave more to chance.
    let share = lowest(|dice| dice.text(SMALL, 16, 19));
    assert!(share >= 0.98, "short: {share}");
}

#[test]
fn keys_whose_issuer_fixes_their_form() {
    let engine = Engine::structured();
    let mut dice = Dice(1);
    let names = [
        "AWS_SECRET_ACCESS_KEY=",
        "aws_secret_access_key = ",
        "aws configure set aws_secret_access_key ",
    ];
    for before in names {
        let found = (0..DRAWS).filter(|_| {
            let text = format!("{before}{}", dice.text(&format!("{LETTERS}+/"), 40, 40));
            !engine.findings(&text).is_empty()
        });
        let share = found.count() as f64 / DRAWS as f64;
        assert!(share >= SHARE, "{before}: {share}");
    }
}
