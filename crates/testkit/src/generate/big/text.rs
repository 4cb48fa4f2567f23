//! Text without meaning, as the inside of a JSON string: what has to be escaped is.

use super::people::put;
use fastrand::Rng;

/// Words of everyday prose, the most frequent first.
const WORDS: [&str; 128] = [
    "the",
    "to",
    "and",
    "of",
    "a",
    "in",
    "that",
    "is",
    "for",
    "it",
    "with",
    "you",
    "this",
    "on",
    "as",
    "we",
    "be",
    "are",
    "have",
    "from",
    "or",
    "an",
    "can",
    "not",
    "but",
    "at",
    "which",
    "by",
    "what",
    "one",
    "more",
    "when",
    "there",
    "time",
    "about",
    "would",
    "like",
    "some",
    "so",
    "how",
    "if",
    "they",
    "will",
    "into",
    "first",
    "than",
    "only",
    "other",
    "use",
    "then",
    "work",
    "make",
    "also",
    "over",
    "new",
    "day",
    "after",
    "most",
    "way",
    "even",
    "well",
    "much",
    "part",
    "good",
    "water",
    "between",
    "small",
    "large",
    "question",
    "answer",
    "because",
    "before",
    "should",
    "change",
    "number",
    "place",
    "result",
    "reason",
    "example",
    "however",
    "another",
    "important",
    "follow",
    "possible",
    "system",
    "general",
    "develop",
    "consider",
    "increase",
    "several",
    "market",
    "window",
    "table",
    "garden",
    "river",
    "mountain",
    "station",
    "budget",
    "project",
    "report",
    "meeting",
    "schedule",
    "language",
    "history",
    "science",
    "energy",
    "measure",
    "approach",
    "structure",
    "balance",
    "compare",
    "describe",
    "different",
    "temperature",
    "environment",
    "understanding",
    "café",
    "naïve",
    "größer",
    "año",
    "façade",
    "Ελλάδα",
    "東京",
    "данные",
    "recommendation",
    "approximately",
    "unfortunately",
    "straightforward",
];

/// Pieces of code and of what tools print.
const TOKENS: [&str; 64] = [
    "let ",
    "value",
    " = ",
    "(",
    ")",
    ";",
    "{",
    "}",
    ".",
    ", ",
    "self",
    "index",
    "return ",
    "if ",
    "else ",
    "for ",
    " in ",
    "fn ",
    "result",
    "error",
    "\\\"name\\\"",
    ": ",
    "None",
    "Some(",
    "0",
    "1",
    "42",
    "true",
    "false",
    "::",
    "->",
    "&",
    "len()",
    "items",
    "path",
    "config",
    "request",
    "response",
    "status",
    "200",
    "src/",
    "main",
    ".rs",
    "test",
    "assert_eq!(",
    "buffer",
    "read",
    "write",
    "import ",
    "from ",
    "class ",
    "def ",
    "const ",
    "await ",
    "#",
    " // ",
    "[",
    "]",
    "+",
    "- ",
    " == ",
    " && ",
    "\\t",
    "unwrap_or_default()",
];

/// One sentence in so many has something that de-identification should find.
const SENSITIVE: u32 = 50;

/// Appends sentences of about `bytes` bytes: up to one word more.
pub(super) fn prose(line: &mut Vec<u8>, random: &mut Rng, bytes: usize) {
    let end = line.len() + bytes;
    while line.len() < end {
        if random.u32(0..SENSITIVE) == 0 {
            sensitive(line, random);
        }
        sentence(line, random, end);
    }
}

fn sentence(line: &mut Vec<u8>, random: &mut Rng, end: usize) {
    let mut words = random.u32(5..22);
    while words > 0 && line.len() < end {
        // Seven bits a word, of two draws the smaller: frequent words come first.
        let mut bits = random.u64(..);
        for _ in 0..4 {
            let index = (bits & 127).min((bits >> 7) & 127) as usize;
            bits >>= 14;
            if let Some(word) = WORDS.get(index) {
                line.extend_from_slice(word.as_bytes());
                line.push(b' ');
            }
            words -= 1;
            if words == 0 || line.len() >= end {
                break;
            }
        }
    }
    // The full stop takes the place of the last space.
    if line.last() == Some(&b' ') {
        line.pop();
    }
    put(line, if random.u32(0..6) == 0 { &[".\\n\\n"] } else { &[". "] });
}

/// Appends code, or what a tool printed, of about `bytes` bytes: up to one line's end more.
pub(super) fn code(line: &mut Vec<u8>, random: &mut Rng, bytes: usize) {
    let end = line.len() + bytes;
    while line.len() < end {
        let mut bits = random.u64(..);
        let indent = (bits & 3) as usize;
        put(line, ["", "    ", "        ", "    "].get(indent..=indent).unwrap_or_default());
        bits >>= 2;
        for _ in 0..10 {
            if let Some(token) = TOKENS.get((bits & 63) as usize) {
                line.extend_from_slice(token.as_bytes());
            }
            bits >>= 6;
            if line.len() >= end {
                break;
            }
        }
        if random.u32(0..4 * SENSITIVE) == 0 {
            put(line, &[" # "]);
            sensitive(line, random);
        }
        put(line, &["\\n"]);
    }
}

/// Appends a sentence with an address, a number or a key, all of them made up.
fn sensitive(line: &mut Vec<u8>, random: &mut Rng) {
    let number = random.u32(..);
    let text = match random.u32(0..8) {
        // RFC 2606 keeps example.com and its like for examples.
        0 => format!("Write to user{}@example.com about it. ", number % 100_000),
        1 => format!("Send a copy to sales.{}@mail.example.org please. ", number % 1000),
        // Ofcom keeps these numbers for drama; 555-01XX is kept in North America.
        2 => format!("Call +44 20 7946 0{:03} after six. ", number % 1000),
        3 => format!("My phone is (212) 555-01{:02} all day. ", number % 100),
        4 => format!("The card is {} and still valid. ", card(random)),
        // RFC 5737 and RFC 3849 keep these addresses for documentation.
        5 => format!("The server at 203.0.113.{} does not answer. ", number % 256),
        6 => format!("It is 2001:db8::{:x}:{:x} in the log. ", number >> 16, number & 0xffff),
        _ => format!("The key is api_key={:016x}{:016x} for now. ", random.u64(..), random.u64(..)),
    };
    line.extend_from_slice(text.as_bytes());
}

/// Sixteen digits in groups of four that begin as test cards do, with the check digit of
/// ISO/IEC 7812-1.
fn card(random: &mut Rng) -> String {
    let mut digits = vec![4, 2, 4, 2, 4, 2];
    digits.extend((0..9).map(|_| random.u32(0..10)));
    // Counted from the check digit to the left, every second digit is doubled, the first one too.
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(index, digit)| if index % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { *digit })
        .sum();
    digits.push((10 - sum % 10) % 10);
    let text: Vec<String> =
        digits.chunks(4).map(|group| group.iter().map(u32::to_string).collect()).collect();
    text.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(inside: &[u8]) -> String {
        let quoted = format!("\"{}\"", std::str::from_utf8(inside).expect("UTF-8"));
        serde_json::from_str(&quoted).expect("the inside of a JSON string")
    }

    #[test]
    fn texts_are_json_strings_of_about_their_length() {
        let mut random = Rng::with_seed(3);
        for bytes in [1, 10, 100, 1000, 100_000] {
            for write in [prose, code] {
                let mut line = Vec::new();
                write(&mut line, &mut random, bytes);
                read(&line);
                assert!((bytes..bytes + 200).contains(&line.len()), "{bytes}: {}", line.len());
            }
        }
    }

    #[test]
    fn every_word_and_everything_sensitive_occurs() {
        let mut line = Vec::new();
        prose(&mut line, &mut Rng::with_seed(3), 1_000_000);
        let text = read(&line);
        for word in WORDS {
            assert!(text.contains(word), "{word}");
        }
        for sensitive in [
            "@example.com",
            "@mail.example.org",
            "+44 20",
            "(212)",
            "4242 42",
            "203.0.113.",
            "2001:db8::",
            "api_key=",
        ] {
            assert!(text.contains(sensitive), "{sensitive}");
        }
    }

    #[test]
    fn cards_have_a_right_check_digit() {
        let mut random = Rng::with_seed(3);
        for _ in 0..100 {
            let card = card(&mut random);
            let digits: Vec<u32> = card.chars().filter_map(|c| c.to_digit(10)).collect();
            assert_eq!(digits.len(), 16);
            let sum: u32 = digits
                .iter()
                .enumerate()
                .map(|(index, digit)| match (index % 2, digit * 2) {
                    (0, double) if double > 9 => double - 9,
                    (0, double) => double,
                    _ => *digit,
                })
                .sum();
            assert_eq!(sum % 10, 0, "{card}");
        }
    }
}
