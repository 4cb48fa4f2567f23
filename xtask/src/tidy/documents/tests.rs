use super::super::{file, messages};
use super::*;

fn broken(text: &str) -> Vec<String> {
    let there = [
        file("docs/page.md", text),
        file("docs/other.md", "# Other\n\n## What it's *for*: a `name`\n"),
        file("README.md", "# Readme\n"),
    ];
    messages(links(&there))
}

#[test]
fn links_that_lead_somewhere() {
    assert!(
        broken("[a](other.md) [b](../README.md) [c](./other.md \"title\") [d](/README.md)")
            .is_empty()
    );
    assert!(
        broken("[a](https://example.org/x.md) [b](mailto:a@example.org) [c](#here)\n# Here")
            .is_empty()
    );
    assert!(broken("[folder](../docs/) and [again](../docs)").is_empty());
    assert!(broken("[a](other.md#what-its-for-a-name)").is_empty());
}

#[test]
fn links_that_do_not() {
    assert_eq!(
        broken("fine\n[a](../other.md)"),
        ["docs/page.md:2: the link to `../other.md` leads to no file of the project"]
    );
    assert_eq!(broken("[a](other.md) [b](gone.md)").len(), 1);
    assert_eq!(broken("[a]: gone.md").len(), 1);
    assert_eq!(
        broken("[a](other.md#why)"),
        ["docs/page.md:1: `docs/other.md` has no heading for `#why`"]
    );
}

#[test]
fn code_holds_no_links() {
    assert!(broken("Write `[a](gone.md)` so.\n```\n[a](gone.md)\n```\n").is_empty());
    assert_eq!(broken("```\n```\n[a](gone.md)").len(), 1);
}

#[test]
fn formats_and_their_pages() {
    let source = "match self {\n    Self::One => \"one\",\n    Self::Two => \"two\",\n}\n";
    let source = || file(FORMATS, source);
    let both = [source(), file("docs/formats/one.md", ""), file("docs/formats/two.md", "")];
    assert!(formats(&both).is_empty());
    let odd = [source(), file("docs/formats/one.md", ""), file("docs/formats/three.md", "")];
    assert_eq!(
        messages(formats(&odd)),
        [
            "crates/formats/src/import.rs: the format `two` has no page docs/formats/two.md",
            "docs/formats/three.md: no format of crates/formats/src/import.rs has this name",
        ]
    );
}

#[test]
fn policy_sets_and_their_cases() {
    let tested = [file("policies/a/set.cedar", ""), file("policies/a/tests/one.json", "")];
    assert!(policies(&tested).is_empty());
    let both = [
        file("policies/a/set.cedar", ""),
        file("policies/ab/set.cedar", ""),
        file("policies/ab/tests/one.json", ""),
    ];
    assert_eq!(
        messages(policies(&both)),
        ["policies/a: the policy set has no cases; put them in its `tests/`"]
    );
    let page = |text| {
        [file("policies/a/set.cedar", ""), file("policies/a/tests/one.json", ""), file(SETS, text)]
    };
    assert!(policies(&page("| set |\n| `a` | what it says |")).is_empty());
    assert_eq!(
        messages(policies(&page("The set `a` and\n| `ab` | another |"))),
        ["policies/a: the policy set has no row in docs/policy-sets.md"]
    );
}

#[test]
fn fuzz_targets_and_their_seeds() {
    let target = || file("fuzz/src/bin/one.rs", "");
    assert_eq!(seeds(&[target()]).len(), 1);
    assert!(seeds(&[target(), file("fuzz/seeds/one/a", "x")]).is_empty());
    assert_eq!(seeds(&[target(), file("fuzz/seeds/one_more/a", "x")]).len(), 1);
}
