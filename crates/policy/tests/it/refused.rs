//! Sets that are refused: which problem, at which line, underlining what.

use crate::sets::{SCHEMA, SET, set, sources};
use consentry_policy::{LoadError, PolicySet, Problem, Severity, Sources};
use miette::Diagnostic;

fn load(files: &[(&str, &str)]) -> Vec<Problem> {
    match PolicySet::load(&Sources::new(files.iter().copied())) {
        Ok(set) => set.warnings().to_vec(),
        Err(error) => error.problems,
    }
}

/// The problems of a set with this file of policies, without those about citing nothing.
fn policies(text: &str) -> Vec<Problem> {
    let mut problems = load(&[SET, ("schema.cedarschema", SCHEMA), ("p.cedar", text)]);
    problems.retain(|problem| problem.kind() != "policy::cites-nothing");
    problems
}

/// (kind, line, what is underlined) of each problem.
fn places(problems: &[Problem]) -> Vec<(&str, Option<usize>, Vec<&str>)> {
    problems.iter().map(|problem| (problem.kind(), problem.line(), problem.snippets())).collect()
}

fn one(text: &str, kind: &str, line: usize, snippet: &str) {
    let problems = policies(text);
    assert_eq!(places(&problems), [(kind, Some(line), vec![snippet])], "{text}");
    assert_eq!(problems[0].severity(), Severity::Error);
}

const TRAIN: &str = "permit(principal, action == Action::\"train\", resource is Part)";
const RETAIN: &str = "permit(principal, action == Action::\"retain\", resource is Part)";

#[test]
fn a_sound_set_is_accepted() {
    let set = set(&[("a-1", TRAIN)]);
    assert_eq!(set.policies()[0].line, 1);
    assert_eq!(set.policies()[0].file.as_ref(), "p.cedar");
}

#[test]
fn syntax_errors_in_every_statement_are_reported() {
    let problems = policies(&format!(
        "// one\n@id(\"a\") @title(\"A\") {TRAIN} when {{ resource.adult && }};\n\n\
         @id(\"b\") @title(\"B\") permit(principal, action resource);\n\
         @id(\"c\") @title(\"C\") {TRAIN}"
    ));
    assert_eq!(
        places(&problems),
        [
            ("policy::syntax", Some(2), vec!["}"]),
            ("policy::syntax", Some(4), vec!["resource"]),
            ("policy::syntax", Some(5), vec![""]),
        ]
    );
}

#[test]
fn annotations_are_checked() {
    one(&format!("@title(\"A\")\n{TRAIN};"), "policy::id", 2, "permit");
    one(&format!("@title(\"A\")\n@id(\"No.1\")\n{TRAIN};"), "policy::id", 2, "@id(\"No.1\")");
    one(&format!("@id(\"a\")\n{TRAIN};"), "policy::missing-title", 2, "permit");
    one(
        &format!("@id(\"a\")\n@title(\" \")\n{TRAIN};"),
        "policy::missing-title",
        2,
        "@title(\" \")",
    );
    one(
        &format!("@id(\"a\")\n@title(\"A\")\n@cite(\"x\")\n{TRAIN};"),
        "policy::unknown-annotation",
        3,
        "@cite(\"x\")",
    );
    one(
        &format!("@id(\"a\")\n@title(\"A\")\n@cites(\"x\")\n{TRAIN};"),
        "policy::unknown-provision",
        3,
        "@cites(\"x\")",
    );
    one(
        &format!("@id(\"a\")\n@title(\"A\")\n@obligation(\"delink, shred\")\n{TRAIN};"),
        "policy::unknown-obligation",
        3,
        "@obligation(\"delink, shred\")",
    );
    one(
        &format!("@id(\"a\")\n@title(\"A\")\n@obligation(\"delink, delink\")\n{TRAIN};"),
        "policy::list",
        3,
        "@obligation(\"delink, delink\")",
    );
    let forbid = TRAIN.replace("permit", "forbid");
    one(
        &format!("@id(\"a\")\n@title(\"A\")\n@obligation(\"delink\")\n{forbid};"),
        "policy::obligation-on-forbid",
        3,
        "@obligation(\"delink\")",
    );
    one(
        &format!("@id(\"a\")\n@title(\"A\")\n@unknown(\"when\")\n{TRAIN};"),
        "policy::unknown-permit",
        3,
        "@unknown(\"when\")",
    );
    one(
        &format!("@id(\"a\")\n@title(\"A\")\n@unknown(\" \")\n{forbid};"),
        "policy::unknown-empty",
        3,
        "@unknown(\" \")",
    );
}

#[test]
fn ids_are_unique_across_files() {
    let policy = format!("@id(\"a\")\n@title(\"A\")\n@cites(\"p\")\n{TRAIN};\n");
    let provisions = "[[provision]]\nid = \"p\"\ndocument = \"D\"\nwhere = \"1\"\n\
                      date = \"unknown\"\nparaphrase = \"P.\"\n";
    let problems = load(&[
        SET,
        ("schema.cedarschema", SCHEMA),
        ("provisions.toml", provisions),
        ("p.cedar", &policy),
        ("q.cedar", &policy),
    ]);
    let place = ("policy::duplicate-id", Some(1), vec!["@id(\"a\")"]);
    assert_eq!(places(&problems), [place]);
    assert_eq!(problems[0].file(), Some("q.cedar"));
    assert!(problems[0].help().unwrap().to_string().contains("p.cedar:1"));
}

#[test]
fn templates_and_entities_are_refused() {
    one(
        "@id(\"a\") @title(\"A\")\npermit(principal, action == Action::\"train\", resource == ?resource);",
        "policy::syntax",
        2,
        "?resource",
    );
    one(
        "@id(\"a\") @title(\"A\")\npermit(principal, action == Action::\"train\", resource == Part::\"x\");",
        "policy::entity",
        2,
        "permit",
    );
    one(
        &format!("@id(\"a\") @title(\"A\")\n{TRAIN} when {{ principal == Provider::\"x\" }};"),
        "policy::entity",
        2,
        "permit",
    );
    let known =
        format!("@id(\"a\") @title(\"A\")\n{TRAIN} when {{ principal == Provider::\"self\" }};");
    assert_eq!(places(&policies(&known)), []);
}

#[test]
fn types_are_checked_strictly() {
    let with =
        |condition: &str| format!("@id(\"a\") @title(\"A\")\n{TRAIN}\nwhen {{ {condition} }};");
    one(&with("resource.deleted_at < context.now"), "policy::type", 3, "resource.deleted_at");
    one(&with("resource.adult == \"yes\""), "policy::type", 3, "resource.adult == \"yes\"");
    one(&with("resource.nothing"), "policy::type", 3, "resource.nothing");
    one(
        "@id(\"a\") @title(\"A\")\npermit(principal, action == Action::\"fly\", resource);",
        "policy::type",
        2,
        "Action::\"fly\"",
    );
}

#[test]
fn what_can_never_be_satisfied_is_refused() {
    for text in [
        format!("@id(\"a\") @title(\"A\")\n{TRAIN} when {{ resource has nothing }};"),
        "@id(\"a\") @title(\"A\")\npermit(principal, action == Action::\"train\", resource is Account);"
            .to_owned(),
    ] {
        let problems = policies(&text);
        assert!(!problems.is_empty());
        for problem in problems {
            assert_eq!((problem.kind(), problem.line()), ("policy::impossible", Some(2)), "{text}");
            assert_eq!(problem.severity(), Severity::Error);
        }
    }
}

#[test]
fn other_warnings_of_the_validator_stay_warnings() {
    let text = format!("@id(\"a\") @title(\"A\")\n{TRAIN} when {{ resource.origin == \"usеr\" }};");
    let problems = policies(&text);
    assert_eq!(problems.len(), 1);
    assert_eq!(
        (problems[0].kind(), problems[0].severity()),
        ("policy::warning", Severity::Warning)
    );
}

#[test]
fn retention_that_cannot_be_dated_is_refused_where_it_stands() {
    let with =
        |condition: &str| format!("@id(\"a\") @title(\"A\")\n{RETAIN} when {{\n{condition} }};");
    for (condition, snippet) in [
        ("context.now.toTime() < duration(\"8h\")", "context.now"),
        ("resource.adult || [context.now].contains(resource.last_activity)", "context.now"),
        (
            "context.now < (if resource.adult then context[\"now\"] else resource.last_activity)",
            "context[\"now\"]",
        ),
        ("resource.adult && context == context", "permit"),
        (
            "context.now.durationSince(resource.last_activity).toSeconds() < \
          resource.last_activity.durationSince(context.now).toSeconds() + \
          context.now.durationSince(resource.last_activity).toMilliseconds()",
            "context.now.durationSince(resource.last_activity).toSeconds() < \
          resource.last_activity.durationSince(context.now).toSeconds() + \
          context.now",
        ),
        (
            "context.now < (if resource.adult then resource.last_activity else resource.last_activity)",
            "context.now",
        ),
    ] {
        let problems = policies(&with(condition));
        let all = places(&problems);
        assert!(!all.is_empty(), "{condition}");
        for place in all {
            assert_eq!((place.0, &place.2), ("policy::underivable", &vec![snippet]), "{condition}");
        }
        assert!(problems[0].to_string().contains("cannot be derived: "), "{}", problems[0]);
    }
}

/// Reading a set must not end the program, whatever is in it.
#[test]
fn policies_beyond_all_measure_are_refused() {
    let with =
        |condition: &str| format!("@id(\"a\") @title(\"A\")\n{TRAIN} when {{ {condition} }};");
    let chain = |n: usize| with(&vec!["resource.adult"; n].join(" || "));
    assert_eq!(places(&policies(&chain(60))), []);
    one(&chain(70), "policy::unreadable", 2, "permit");
    one(&chain(700), "policy::unreadable", 2, "permit");
    one(&chain(3000), "set::too-long", 2, "permit");
    one(&with(&vec!["resource.adult"; 100].join(" } when { ")), "policy::unreadable", 2, "permit");
    let deep = format!("{SCHEMA} type Deep = {}Long{};", "Set<".repeat(1200), ">".repeat(1200));
    assert_eq!(places(&schema(&deep)), []);
    let deeper = format!("{SCHEMA} type Deep = {}Long{};", "Set<".repeat(9000), ">".repeat(9000));
    assert_eq!(places(&schema(&deeper)), [("set::too-long", Some(1), vec![""])]);
    for n in [30, 300, 1900] {
        let nested = with(&format!("{}resource.adult{}", "(".repeat(n), ")".repeat(n)));
        let negated = with(&format!("{}resource.adult{}", "!(".repeat(n), ")".repeat(n)));
        for text in [nested, negated] {
            let problems = policies(&text);
            assert!(n == 30 || problems.len() <= 1, "{problems:?}");
        }
    }
}

#[test]
fn files_are_checked() {
    let policy = format!("@id(\"a\") @title(\"A\") @cites(\"x\") {TRAIN};");
    let problems = load(&[("train.ceder", &policy), ("tests/x.json", "{}")]);
    let kinds: Vec<_> = problems.iter().map(Problem::kind).collect();
    let missing = "set::missing-file";
    assert_eq!(kinds, [missing, missing, missing, "set::file", "set::file"]);
    let good = [SET, ("schema.cedarschema", SCHEMA), ("p.cedar", "")];
    assert_eq!(places(&load(&good)), []);
    let notes = [SET, ("schema.cedarschema", SCHEMA), ("p.cedar", ""), ("README.md", "# Notes")];
    assert_eq!(places(&load(&notes)), []);
}

#[test]
fn toml_files_are_checked() {
    let provisions = "[[provision]]\nid = \"A\"\ndocument = \"\"\nwhere = \"1\"\ndate = \"2026-02-30\"\nparaphrase = \"P.\"\n\
                      [[provision]]\nid = \"A\"\ndocument = \"D\"\nwhere = \"1\"\ndate = \"unknown\"\nparaphrase = \"P.\"\n";
    let problems = load(&[
        ("set.toml", "id = \"x y\"\ntitle = \"\""),
        ("schema.cedarschema", SCHEMA),
        ("provisions.toml", provisions),
        ("p.cedar", ""),
    ]);
    assert_eq!(
        places(&problems),
        [
            ("set::id", Some(2), vec!["\"A\""]),
            ("provisions::unused", Some(2), vec!["\"A\""]),
            ("set::empty", Some(3), vec!["\"\""]),
            ("provisions::date", Some(5), vec!["\"2026-02-30\""]),
            ("set::id", Some(8), vec!["\"A\""]),
            ("provisions::duplicate-id", Some(8), vec!["\"A\""]),
            ("set::id", Some(1), vec!["\"x y\""]),
            ("set::empty", Some(2), vec!["\"\""]),
        ]
    );
    let problems = load(&[
        ("set.toml", "id = \"x\"\ntitel = \"X\""),
        ("schema.cedarschema", SCHEMA),
        ("p.cedar", ""),
    ]);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].line(), Some(2));
}

/// The problems of a schema alone.
fn schema(text: &str) -> Vec<Problem> {
    load(&[SET, ("schema.cedarschema", text), ("p.cedar", "")])
}

#[test]
fn schemas_ask_only_for_what_is_known() {
    let common = "entity Provider;\nentity Account;\naction act appliesTo { principal: Provider, resource: Account, context: { now: datetime } };\n";
    assert_eq!(places(&schema(common)), []);
    for (line, snippet) in [
        ("entity Part = { shoe_size: Long };", "shoe_size"),
        ("entity Part = { plan: String };", "plan"),
        ("entity Part = { adult: String };", "adult"),
        ("type T = Set<String>; entity Part = { choice: T };", "choice"),
        ("entity Part = { earliest_deadline?: datetime };", "earliest_deadline"),
        ("entity FeedbackPart = { \"at\": datetime };", "\"at\""),
        ("entity Shoe;", "Shoe"),
        ("entity Part in [Account];", "Part"),
        ("entity Part tags String;", "Part"),
        ("entity Part enum [\"a\"];", "Part"),
        ("action fly appliesTo { principal: Provider, resource: [Account, Provider] };", "fly"),
        (
            "entity Part; action fly appliesTo { principal: Provider, resource: [Account, Part] };",
            "fly",
        ),
        ("action fly appliesTo { principal: Account, resource: Account };", "fly"),
        (
            "action fly appliesTo { principal: Provider, resource: Account, context: { now: String } };",
            "fly",
        ),
        (
            "action fly appliesTo { principal: Provider, resource: Account, context: { who: String } };",
            "fly",
        ),
        (
            "action \"fly\" in [act] appliesTo { principal: Provider, resource: Account };",
            "\"fly\"",
        ),
        ("namespace Shoes { entity Shoe; }", "Shoes"),
    ] {
        let problems = schema(&format!("{common}{line}"));
        let all = places(&problems);
        assert!(!all.is_empty(), "{line}");
        for (_, number, snippets) in &all {
            assert_eq!((*number, snippets), (Some(4), &vec![snippet]), "{line}: {problems:?}");
        }
        assert!(all.len() <= 2, "{line}: {problems:?}");
    }
    let attributes = schema(&format!(
        "entity Provider = {{ name: String }};\n{}",
        common.strip_prefix("entity Provider;\n").unwrap()
    ));
    assert_eq!(places(&attributes)[0].2, ["name"]);
}

#[test]
fn a_broken_schema_is_reported_with_its_place() {
    let problems = schema("entity Provider;\nentity Part = { plan String };");
    assert_eq!(places(&problems), [("schema::invalid", Some(2), vec!["String"])]);
    let problems = schema("entity Provider;\nentity Part = { plan: Shoe };");
    assert_eq!(places(&problems), [("schema::invalid", Some(2), vec!["Shoe"])]);
}

#[test]
fn the_error_reads_as_a_list_and_relates_every_problem() {
    let text = format!("@id(\"a\")\n{TRAIN};\n@id(\"a\")\n{TRAIN};");
    let files = [SET, ("schema.cedarschema", SCHEMA), ("p.cedar", text.as_str())];
    let error: LoadError = PolicySet::load(&Sources::new(files)).unwrap_err();
    let shown = error.to_string();
    assert!(shown.starts_with("the policy set has 3 errors\n"), "{shown}");
    assert!(
        shown.contains("\nerror: p.cedar:3: there are two policies with the id `a`"),
        "{shown}"
    );
    assert!(shown.contains("\nwarning: p.cedar:2: the policy cites no provision"), "{shown}");
    assert_eq!(error.related().unwrap().count(), error.problems.len());
    for problem in &error.problems {
        assert!(problem.source_code().is_some() && problem.code().is_some());
    }
}

#[test]
fn sources_of_small_sets_are_hashed_whole() {
    let one = sources(&[("a", TRAIN)]);
    let other = sources(&[("a", RETAIN)]);
    assert_ne!(one.hash(), other.hash());
    assert_eq!(PolicySet::load(&one).unwrap().hash(), one.hash());
}

/// Sets of sets are compared both ways, and so are their members: Cedar does it with hashes, a
/// program would take two to the power of the depth.
#[test]
fn sets_nested_for_ever_are_refused_by_name_and_line() {
    let nested =
        |depth: usize, inner: &str| format!("{}{inner}{}", "[".repeat(depth), "]".repeat(depth));
    let policy = |depth| {
        let (left, right) = (nested(depth, "resource.adult"), nested(depth, "true"));
        format!("@id(\"a\") @title(\"A\") {TRAIN}\nwhen {{ {left} == {right} }};")
    };
    one(&policy(40), "policy::unlowerable", 1, "permit");
    assert_eq!(places(&policies(&policy(8))), []);
}
