//! Checking a set with its test cases.

use crate::sets::{SCHEMA, SET};
use consentry_policy::{Problem, Report, Sources, check};
use miette::Diagnostic;

const POLICIES: &str = "@id(\"keep\") @title(\"Kept a day\")
permit(principal, action == Action::\"retain\", resource is FeedbackPart)
when { context.now < resource.feedback_at.offset(duration(\"1d\")) };
@id(\"adults\") @title(\"Adults may go on\")
permit(principal, action == Action::\"converse\", resource) when { resource.adult };";

const ROWS: &str = "[row.copy]
resource = \"FeedbackPart\"
feedback_at = 2026-01-01T00:00:00Z
rating = \"up\"
role = \"user\"
kind = \"text\"
origin = \"user\"

";

fn run(cases: &str) -> Report {
    let cases = format!("{ROWS}{cases}");
    let files = [
        SET,
        ("schema.cedarschema", SCHEMA),
        ("p.cedar", POLICIES),
        ("tests/t.toml", cases.as_str()),
    ];
    check(&Sources::new(files)).unwrap()
}

fn case(rest: &str) -> String {
    format!("[[case]]\nname = \"n\"\nrow = \"copy\"\naction = \"retain\"\n{rest}\n")
}

fn places(problems: &[Problem]) -> Vec<(&str, Option<usize>, Vec<&str>)> {
    problems.iter().map(|problem| (problem.kind(), problem.line(), problem.snippets())).collect()
}

#[test]
fn counts_cases_and_questions_and_names_policies_without_one() {
    let text = case(
        "now = [\"2026-01-01T00:00:00Z\", 2026-01-01T23:59:59.999Z]\npurpose = [\"a\", \"b\", \"c\"]\n\
         decision = \"permit\"\nuntil = 2026-01-02T00:00:00Z\nreasons = [\"keep\"]",
    );
    let report = run(&text);
    assert!(report.passed(), "{:?}", report.failures);
    assert_eq!((report.cases, report.questions), (1, 12));
    let missing: Vec<_> = places(&report.warnings)
        .into_iter()
        .filter(|(kind, ..)| *kind == "case::missing")
        .collect();
    assert_eq!(missing.len(), 1);
    assert_eq!(missing[0].1, Some(4));
}

#[test]
fn a_wrong_expectation_is_shown_with_what_was_found() {
    for (rest, message) in [
        (
            "now = 2026-01-02T00:00:00Z\ndecision = \"permit\"\nreasons = [\"keep\"]",
            "`n`: expected permit [keep], found deny [] (action retain, purpose \
             model-improvement, now 2026-01-02T00:00:00.000Z)",
        ),
        (
            "now = 2026-01-01T00:00:00Z\nuntil = \"no-end\"\nreasons = [\"keep\"]\npurpose = \"p\"",
            "`n`: expected until no-end [keep], found until 2026-01-02T00:00:00.000Z [keep] \
             (action retain, purpose p, now 2026-01-01T00:00:00.000Z)",
        ),
        (
            "now = 2026-01-01T00:00:00Z\nuntil = 2026-01-02T00:00:00Z\nreasons = [\"other\"]\npurpose = \"p\"",
            "`n`: expected until 2026-01-02T00:00:00.000Z [other], found until \
             2026-01-02T00:00:00.000Z [keep] (action retain, purpose p, now \
             2026-01-01T00:00:00.000Z)",
        ),
    ] {
        let report = run(&case(rest));
        assert!(!report.passed());
        assert_eq!(places(&report.failures), [("case::failed", Some(10), vec!["\"n\""])]);
        assert_eq!(report.failures[0].to_string(), message);
    }
}

#[test]
fn one_case_fails_once() {
    let report = run(&case(
        "now = [2026-01-01T00:00:00Z, 2026-01-01T00:00:01Z]\npurpose = [\"a\", \"b\"]\n\
         until = \"no-end\"\nreasons = [\"keep\"]",
    ));
    assert_eq!(report.failures.len(), 1);
    let help = report.failures[0].help().unwrap().to_string();
    assert_eq!(help, "3 more questions of this case are answered otherwise");
}

#[test]
fn cases_that_cannot_be_run_fail_where_the_mistake_is() {
    let now = "now = 2026-01-01T00:00:00Z\nreasons = []\n";
    let deny = format!("{now}decision = \"deny\"\n");
    for (rest, line, snippet) in [
        (now.to_owned(), 10, "\"n\""),
        (format!("{deny}with = {{ plan = \"pro\" }}"), 16, "plan"),
        (format!("{deny}with = {{ feedback_at = true }}"), 16, "feedback_at"),
        (format!("{deny}with = {{ feedback_at = \"soon\" }}"), 16, "feedback_at"),
        (format!("{deny}with = {{ rating = 3 }}"), 16, "rating"),
        (format!("{deny}without = [\"rating\"]"), 11, "\"copy\""),
        (format!("{deny}without = [\"nothing\"]"), 16, "\"nothing\""),
        ("now = \"today\"\nreasons = []\ndecision = \"deny\"".to_owned(), 10, "\"n\""),
        (format!("{now}until = \"never\""), 10, "\"n\""),
        (format!("{deny}purpose = []"), 10, "\"n\""),
    ] {
        let report = run(&case(&rest));
        assert_eq!(
            places(&report.failures),
            [("case::unusable", Some(line), vec![snippet])],
            "{rest}"
        );
    }
    let unknown = case(&deny).replace("\"copy\"", "\"copi\"");
    assert_eq!(places(&run(&unknown).failures), [("case::unusable", Some(11), vec!["\"copi\""])]);
    let fly = case(&deny).replace("\"retain\"", "\"fly\"");
    assert_eq!(places(&run(&fly).failures), [("case::unusable", Some(10), vec!["\"n\""])]);
    let report = run(&case(&format!("{deny}resons = []")));
    assert_eq!(places(&report.failures), [("set::toml", Some(16), vec!["resons"])]);
}
