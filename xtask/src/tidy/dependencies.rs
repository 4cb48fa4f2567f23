//! Which crate may use what. ARCHITECTURE.md says why.

use super::Problem;
use super::tree::Tree;

/// What a crate of the workspace may use of the others, outside its tests.
struct Row {
    member: &'static str,
    may_use: &'static [&'static str],
}

const MEMBERS: &[Row] = &[
    Row { member: "consentry-model", may_use: &[] },
    Row { member: "consentry-deid", may_use: &[] },
    Row { member: "consentry-terms", may_use: &[] },
    Row { member: "consentry-formats", may_use: &["consentry-model"] },
    Row { member: "consentry-columnar", may_use: &["consentry-model"] },
    Row { member: "consentry-policy", may_use: &["consentry-model", "consentry-columnar"] },
    Row { member: "consentry-symbolic", may_use: &["consentry-model", "consentry-policy"] },
    Row { member: "consentry-ledger", may_use: &[] },
    Row {
        member: "consentry-lake",
        may_use: &[
            "consentry-model",
            "consentry-columnar",
            "consentry-policy",
            "consentry-deid",
            "consentry-formats",
        ],
    },
    Row {
        member: "consentry-server",
        may_use: &[
            "consentry-model",
            "consentry-formats",
            "consentry-policy",
            "consentry-deid",
            "consentry-terms",
            "consentry-ledger",
        ],
    },
    Row {
        member: "consentry",
        may_use: &[
            "consentry-model",
            "consentry-formats",
            "consentry-policy",
            "consentry-deid",
            "consentry-terms",
            "consentry-ledger",
            "consentry-lake",
            "consentry-server",
            "consentry-symbolic",
        ],
    },
    Row { member: "consentry-testkit", may_use: &["consentry-model"] },
    Row { member: "xtask", may_use: &[] },
];

/// Families of packages that one crate alone may name, or two, so that few changes replace them.
const OWNED: &[(&[&str], &[&str])] = &[
    (&["consentry-policy"], &["cedar"]),
    (&["consentry-columnar", "consentry-lake"], &["arrow"]),
    (&["consentry-lake"], &["parquet", "datafusion", "deltalake", "ballista"]),
];

/// Who may use what another crate owns: the symbolic analysis is one of Cedar's own terms, and
/// talks to a process, so that it cannot be in a crate that never waits.
const EXCEPTED: &[(&str, &str)] =
    &[("consentry-symbolic", "cedar-policy"), ("consentry-symbolic", "cedar-policy-symcc")];

/// Crates that never wait: they have no asynchronous runtime, not even through others.
const LEAVES: &[&str] = &[
    "consentry-model",
    "consentry-formats",
    "consentry-policy",
    "consentry-deid",
    "consentry-terms",
    "xtask",
];

const RUNTIMES: &[&str] = &["tokio", "async-std", "smol", "async-executor"];

/// Checks the uses outside tests.
pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for member in &tree.members {
        let mut problem = |message: String| {
            problems.push(Problem { place: member.clone(), message });
        };
        let Some(row) = MEMBERS.iter().find(|row| row.member == member) else {
            problem(
                "no rule says what it may use; add a row to xtask/src/tidy/dependencies.rs"
                    .to_owned(),
            );
            continue;
        };
        for used in tree.direct(member) {
            if tree.members.contains(used) && !row.may_use.contains(&used) {
                problem(format!("must not use {used}"));
            }
            let is_excepted = EXCEPTED.contains(&(member.as_str(), used));
            let owners = owners_of(used).filter(|all| !all.contains(&member.as_str()));
            if let Some(owners) = owners.filter(|_| !is_excepted) {
                problem(format!("must not use {used}; only {} may", owners.join(" and ")));
            }
        }
        if LEAVES.contains(&member.as_str()) {
            let reached = tree.reaches(member);
            for runtime in RUNTIMES.iter().filter(|runtime| reached.contains(*runtime)) {
                problem(format!(
                    "must not need {runtime}, not even through others: it never waits"
                ));
            }
        }
    }
    for (one, other) in
        [("consentry-server", "consentry-lake"), ("consentry-lake", "consentry-server")]
    {
        if tree.reaches(one).contains(other) {
            let message = format!("must not reach {other}, not even through others");
            problems.push(Problem { place: one.to_owned(), message });
        }
    }
    problems
}

/// Who alone may use a package, if anyone.
fn owners_of(package: &str) -> Option<&'static [&'static str]> {
    let in_family = |family: &&str| {
        package.strip_prefix(*family).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    OWNED.iter().find(|(_, families)| families.iter().any(in_family)).map(|(owners, _)| *owners)
}

#[cfg(test)]
mod tests {
    use super::super::messages;
    use super::super::tree::name;
    use super::*;

    /// A tree of `user` uses `used`. What begins like one of ours is of the workspace.
    fn broken(uses: &[(&str, &str)]) -> Vec<String> {
        let mut tree = Tree::default();
        for (user, used) in uses {
            for package in [user, used] {
                let key = format!("{package} 1.0.0");
                if package.starts_with("consentry") || *package == "xtask" {
                    tree.members.insert(name(&key).to_owned());
                }
                tree.packages.insert(key, "MIT".to_owned());
            }
            let used = format!("{used} 1.0.0");
            tree.uses.entry(format!("{user} 1.0.0")).or_default().insert(used);
        }
        messages(check(&tree))
    }

    #[test]
    fn what_is_allowed() {
        let fine = [
            ("consentry", "consentry-lake"),
            ("consentry-lake", "consentry-policy"),
            ("consentry-lake", "arrow-array"),
            ("consentry-columnar", "arrow-array"),
            ("consentry-policy", "cedar-policy"),
            ("consentry-policy", "consentry-model"),
            ("consentry-symbolic", "cedar-policy-symcc"),
            ("consentry-symbolic", "tokio"),
            ("consentry-server", "tokio"),
            // Not of the family, only of the same letters.
            ("consentry-model", "arrowhead"),
        ];
        assert_eq!(broken(&fine), [""; 0]);
    }

    #[test]
    fn members_use_only_what_their_row_names() {
        assert_eq!(
            broken(&[("consentry-model", "consentry-deid")]),
            ["consentry-model: must not use consentry-deid"]
        );
        assert_eq!(
            broken(&[("consentry-lake", "consentry")]),
            ["consentry-lake: must not use consentry"]
        );
        assert_eq!(
            broken(&[("consentry", "consentry-testkit")]),
            ["consentry: must not use consentry-testkit"]
        );
        assert!(broken(&[("consentry-new", "serde")])[0].contains("no rule says"));
    }

    #[test]
    fn families_have_one_owner() {
        assert_eq!(
            broken(&[
                ("consentry", "cedar-policy"),
                ("consentry-policy", "arrow-array"),
                ("consentry-policy", "parquet"),
            ]),
            [
                "consentry: must not use cedar-policy; only consentry-policy may",
                "consentry-policy: must not use arrow-array; only consentry-columnar and \
                 consentry-lake may",
                "consentry-policy: must not use parquet; only consentry-lake may",
            ]
        );
    }

    #[test]
    fn leaves_never_wait_even_through_others() {
        let through = [("consentry-formats", "fetcher"), ("fetcher", "tokio")];
        assert!(broken(&through)[0].starts_with("consentry-formats: must not need tokio"));
    }

    #[test]
    fn server_and_lake_never_see_each_other() {
        let through = [("consentry-server", "bridge"), ("bridge", "consentry-lake")];
        assert_eq!(
            broken(&through),
            ["consentry-server: must not reach consentry-lake, not even through others"]
        );
    }
}
