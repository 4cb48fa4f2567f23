//! Values that are written so that machines do not read them.

use crate::marked::{check, check_clean};
use consentry_deid::FindingKind::{Card, Email, NationalId, Phone};
use consentry_deid::{Engine, Scope};

#[test]
fn spelled_addresses() {
    check(
        Email,
        &[
            "«grace [at] corp [dot] io», please",
            "«grace.b(at)corp(dot)co(dot)uk».",
            "«grace (AT) corp (DOT) io»",
            "write to «grace at corp dot io» or «b_c at mail dot corp dot com».",
            "«grace [at] corp.io»",
            "«grace{at}corp.io»",
            "«grace [dot] b [at] corp-mail [dot] net», or «grace(dot)m(dot)b(at)corp.io»",
            "«grace dot b at corp dot io»",
            "https://corp.io/?q=«grace%40corp.io»&x=1",
            "mail%3D«grace.b%2Bnews%40corp.io»%26x",
        ],
    );
    check_clean(&[
        "look at the dot com company, or at this dot com",
        "meet at noon dot whatever",
        "grace [at] corp and ([at] corp [dot] io)",
        "look (at) corp (dot) notasuffix",
        "connect the dots at home",
        "the point (dot) x (at) all, %40 and a%40b and 5%40 of corp.io",
    ]);
}

#[test]
fn full_width_and_no_width() {
    check(Email, &["邮箱：«grace＠corp.io»。", "«gra\u{200b}ce@co\u{2060}rp.io» it is"]);
    check(Phone, &["电话：«１３８００１３８０００»", "+4\u{200b}4 is «+44 20\u{200b} 7946 0958»"]);
    check(Card, &["«４１１１ 1111 1111 1111»", "«4111\u{200b}111111111111»"]);
    check(NationalId, &["身份证 «１１０１０５１９４９１２３１００２X»"]);
    check_clean(&["２０２４年 and ＡＢＣ and 1\u{200d}2 and \u{feff}x", "👩\u{200d}💻 at corp.io"]);
}

#[test]
fn letters_that_look_alike() {
    // Cyrillic а, с and о.
    check(Email, &["«grace@gm\u{430}il.com»", "«grace@corp.\u{441}\u{43e}m»"]);
}

#[test]
fn a_disguise_does_not_change_the_surrogate() {
    let engine = Engine::structured();
    let mut scope = Scope::new([2; 32]);
    let mut redact = |text: &str| engine.redact(text, &mut scope).text.into_owned();
    let plain = redact("grace@corp.io");
    for text in ["grace [at] corp [dot] io", "grace at corp dot io", "grace＠corp.io"] {
        assert_eq!(redact(text), plain, "{text}");
    }
    // In a URL it stays encoded, and is left alone by a second pass.
    let encoded = redact("?q=grace%40corp.io");
    assert_eq!(encoded, format!("?q={}", plain.replace('@', "%40")));
    assert_eq!(redact(&encoded), encoded);
    assert_eq!(redact("4111\u{200b}111111111111"), redact("4111111111111111"));
}
