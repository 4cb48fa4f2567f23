//! The packages that the workspace is made of, and which uses which, as `cargo tree` tells it.

use crate::process;
use crate::workspace::Workspace;
use std::collections::{BTreeMap, BTreeSet};

/// Which uses count.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kinds {
    /// What is part of the product or builds it: normal and build dependencies.
    Shipped,
    /// Those and what only tests use.
    All,
}

/// Packages and their uses, for the machine that this runs on.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tree {
    /// The packages of the workspace itself, by name.
    pub members: BTreeSet<String>,
    /// Every package, as `name version`, with its licence expression.
    pub packages: BTreeMap<String, String>,
    /// What a package uses directly, both as `name version`.
    pub uses: BTreeMap<String, BTreeSet<String>>,
}

/// The name of a package that is given as `name version`.
pub(super) fn name(package: &str) -> &str {
    package.split(' ').next().unwrap_or(package)
}

impl Tree {
    /// What the package with this name uses directly, by name. Several versions count as one.
    pub fn direct<'t>(&'t self, package: &'t str) -> BTreeSet<&'t str> {
        self.uses
            .iter()
            .filter(|(user, _)| name(user) == package)
            .flat_map(|(_, used)| used.iter().map(|used| name(used)))
            .collect()
    }

    /// What the package with this name uses, directly and through others, by name.
    pub fn reaches<'t>(&'t self, package: &'t str) -> BTreeSet<&'t str> {
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        let mut ahead: Vec<&str> =
            self.packages.keys().map(String::as_str).filter(|key| name(key) == package).collect();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        while let Some(next) = ahead.pop() {
            for used in self.uses.get(next).into_iter().flatten() {
                if seen.insert(used) {
                    reached.insert(name(used));
                    ahead.push(used);
                }
            }
        }
        reached
    }
}

/// Asks cargo.
pub(super) fn read(workspace: &Workspace, kinds: Kinds) -> Result<Tree, String> {
    let edges = match kinds {
        Kinds::Shipped => "normal,build",
        Kinds::All => "normal,build,dev",
    };
    let mut command = workspace.cargo();
    command.args(["tree", "--workspace", "--all-features", "--locked", "--quiet"]);
    command.args(["--charset", "ascii"]);
    command.args(["--prefix", "depth", "--edges", edges, "--format", "|{p}|{l}|"]);
    parse(&process::capture(&mut command)?)
}

/// Reads lines such as `2|serde v1.0.2 (proc-macro)|MIT OR Apache-2.0| (*)`: the depth below a
/// package of the workspace, the package, its licence, and whether its own uses were listed before.
fn parse(listing: &str) -> Result<Tree, String> {
    let mut tree = Tree::default();
    let mut above: Vec<String> = Vec::new();
    for line in listing.lines().filter(|line| !line.trim().is_empty()) {
        let mut fields = line.split('|');
        let depth = fields.next().and_then(|depth| depth.parse::<usize>().ok());
        let package = fields.next().and_then(package);
        let (Some(depth), Some(package)) = (depth, package) else {
            return Err(format!("`cargo tree` wrote a line of an unknown form: {line}"));
        };
        let licence = fields.next().unwrap_or_default();
        tree.packages.entry(package.clone()).or_insert_with(|| licence.to_owned());
        above.truncate(depth);
        match above.last() {
            None => {
                tree.members.insert(name(&package).to_owned());
            }
            Some(user) => {
                tree.uses.entry(user.clone()).or_default().insert(package.clone());
            }
        }
        above.push(package);
    }
    Ok(tree)
}

/// `name version` of `name vVERSION (where it is from)`.
fn package(described: &str) -> Option<String> {
    let mut words = described.split(' ');
    let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
    Some(format!("{name} {version}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTING: &str = "\
0|product v0.1.0 (/srv/product)|Apache-2.0|
1|leaf v0.1.0 (/srv/leaf)|Apache-2.0|
2|serde v1.0.2|MIT OR Apache-2.0|
3|serde_derive v1.0.2 (proc-macro)|MIT OR Apache-2.0|
1|serde v1.0.2|MIT OR Apache-2.0| (*)

0|leaf v0.1.0 (/srv/leaf)|Apache-2.0| (*)

0|lone v0.1.0 (/srv/lone)||
";

    #[test]
    fn members_packages_and_uses() {
        let tree = parse(LISTING).unwrap();
        let names = |set: &[&str]| set.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(tree.members, names(&["leaf", "lone", "product"]));
        assert_eq!(tree.packages.len(), 5);
        assert_eq!(tree.packages["serde 1.0.2"], "MIT OR Apache-2.0");
        assert_eq!(tree.direct("product"), BTreeSet::from(["leaf", "serde"]));
        assert_eq!(tree.direct("leaf"), BTreeSet::from(["serde"]));
        assert_eq!(tree.reaches("leaf"), BTreeSet::from(["serde", "serde_derive"]));
        assert!(tree.reaches("lone").is_empty());
    }

    #[test]
    fn an_unknown_form_is_an_error() {
        assert!(parse("product v0.1.0").unwrap_err().contains("unknown form: product"));
    }
}
