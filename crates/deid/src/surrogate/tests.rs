//! Surrogates are recognised without a key, and nothing else is.

use super::*;

fn scope() -> Scope {
    Scope::new([4; 32])
}

#[test]
fn words_are_told_from_names() {
    let mut scope = scope();
    let mut passed = 0;
    for value in 0..200 {
        let drawn = of(FindingKind::Handle, &format!("name {value}"), &mut scope);
        assert!(is_word(&drawn), "{drawn}");
        // Any other letter breaks the check, but for one in 6,400.
        let other = if drawn.starts_with('b') { "d" } else { "b" };
        passed += usize::from(is_word(&(other.to_owned() + &drawn[1..])));
    }
    assert!(passed < 4, "{passed}");
    for name in ["", "grace", "marinasolana", "kamikazedono", "TAMOKIREVAZU", "tamokire"] {
        assert!(!is_word(name), "{name}");
    }
}

#[test]
fn tokens_are_told_from_keys() {
    let mut scope = scope();
    let key = "q7Zr2Kx9WmB4tYc8LpV3nHd6GsF1jXa5";
    assert!(!is_token(key));
    let drawn = of(FindingKind::Secret, key, &mut scope);
    assert!(is_token(&drawn), "{drawn}");
    let (head, tail) = drawn.split_at(10);
    let changed = head.replace(|c: char| c.is_ascii_digit(), "0") + tail;
    assert!(changed == drawn || !is_token(&changed), "{drawn}");
    assert!(!is_token("") && !is_token("s3cret") && !is_token("password"));
}

#[test]
fn escapes_in_a_secret_stay_escapes() {
    let mut scope = scope();
    let key = r"aaaa\nbbbb\\ncccc\u003ddddd%3Deeee\teeee";
    let drawn = of(FindingKind::Secret, key, &mut scope);
    for (at, escape) in [(4, r"\n"), (10, r"\\n"), (17, r"\u003d"), (27, "%3D"), (34, r"\t")] {
        assert_eq!(&drawn[at..at + escape.len()], escape, "{drawn}");
    }
    assert_ne!(drawn, key);
}

#[test]
fn values_of_an_unexpected_form_still_get_a_surrogate() {
    // A detector may mark what the structured one would not.
    let mut scope = scope();
    for kind in FindingKind::ALL {
        for original in ["?", "1", "ab", "é用", ":", "12-34", "+", "x1"] {
            let drawn = of(*kind, original, &mut scope);
            assert_ne!(drawn, original, "{kind}");
            assert_eq!(drawn, of(*kind, original, &mut scope), "{kind} {original:?}");
        }
    }
}
