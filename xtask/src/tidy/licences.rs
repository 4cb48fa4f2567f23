//! Whether every package may be used as its licence says. `deny.toml` holds the list of licences.

use super::tree::Tree;
use super::{File, Problem};

const LIST: &str = "deny.toml";

/// Checks every package, those that only tests use as well.
pub(super) fn check(tree: &Tree, files: &[File]) -> Vec<Problem> {
    let Some(list) = files.iter().find(|file| file.path == LIST) else {
        let message = "the list of licences is missing".to_owned();
        return vec![Problem { place: LIST.to_owned(), message }];
    };
    let allowed = allowed(list);
    let judge = |(package, expression): (&String, &String)| {
        let message = match permits(expression, &allowed) {
            Some(true) => return None,
            Some(false) => format!("its licence `{expression}` is not among those of {LIST}"),
            None => format!("its licence `{expression}` cannot be read; see what its files say"),
        };
        Some(Problem { place: package.clone(), message })
    };
    tree.packages.iter().filter_map(judge).collect()
}

/// The strings of `allow = [ … ]` in the section `[licenses]`, each on a line of its own.
fn allowed(list: &File) -> Vec<&str> {
    list.lines()
        .map(|(_, line)| line)
        .skip_while(|line| *line != "[licenses]")
        .skip_while(|line| *line != "allow = [")
        .skip(1)
        .take_while(|line| *line != "]")
        .filter_map(|line| line.trim().strip_prefix('"')?.split('"').next())
        .collect()
}

/// Whether a licence expression can be met with the allowed licences; `None` if it is none.
///
/// The form is that of SPDX 2.1, and `/` for OR, which older packages write.
fn permits(expression: &str, allowed: &[&str]) -> Option<bool> {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = Words { left: spaced.split_whitespace().collect(), allowed };
    words.left.reverse();
    let permitted = words.either()?;
    words.left.is_empty().then_some(permitted)
}

struct Words<'e> {
    /// What is not read yet; the next word is the last.
    left: Vec<&'e str>,
    allowed: &'e [&'e str],
}

impl Words<'_> {
    fn next_is(&mut self, word: &str) -> bool {
        self.left.pop_if(|next| *next == word).is_some()
    }

    /// OR binds less than AND.
    fn either(&mut self) -> Option<bool> {
        let mut permitted = self.both()?;
        while self.next_is("OR") {
            permitted |= self.both()?;
        }
        Some(permitted)
    }

    fn both(&mut self) -> Option<bool> {
        let mut permitted = self.one()?;
        while self.next_is("AND") {
            permitted &= self.one()?;
        }
        Some(permitted)
    }

    fn one(&mut self) -> Option<bool> {
        if self.next_is("(") {
            let permitted = self.either()?;
            return self.next_is(")").then_some(permitted);
        }
        let licence = self.left.pop_if(|word| !["OR", "AND", "WITH", "(", ")"].contains(word))?;
        if self.next_is("WITH") {
            let exception = self.left.pop()?;
            return Some(self.allowed.contains(&format!("{licence} WITH {exception}").as_str()));
        }
        Some(self.allowed.contains(&licence))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{file, messages};
    use super::*;

    const ALLOWED: &[&str] = &["Apache-2.0", "MIT", "Apache-2.0 WITH LLVM-exception"];

    #[test]
    fn one_of_several_is_enough_and_all_of_several_are_needed() {
        for permitted in [
            "MIT",
            "GPL-3.0 OR MIT",
            "MIT/GPL-3.0",
            "(GPL-3.0 OR MIT) AND Apache-2.0",
            "GPL-3.0 AND ISC OR MIT",
            "Apache-2.0 WITH LLVM-exception",
        ] {
            assert_eq!(permits(permitted, ALLOWED), Some(true), "{permitted}");
        }
        for denied in [
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "(MIT OR Apache-2.0) AND GPL-3.0",
            "MIT AND (ISC OR GPL-3.0)",
            "MIT WITH Classpath-exception-2.0",
        ] {
            assert_eq!(permits(denied, ALLOWED), Some(false), "{denied}");
        }
    }

    #[test]
    fn what_is_no_expression_is_not_allowed_by_chance() {
        for unread in ["", "OR MIT", "MIT OR", "MIT Apache-2.0", "(MIT", "MIT)", "MIT WITH"] {
            assert_eq!(permits(unread, ALLOWED), None, "{unread}");
        }
    }

    #[test]
    fn packages_are_held_to_the_list() {
        let list = "[bans]\nallow = [\n  \"ISC\",\n]\n[licenses]\nallow = [\n  \"MIT\", # why\n]\n";
        let mut tree = Tree::default();
        for (package, licence) in [("a 1.0.0", "MIT"), ("b 1.0.0", "ISC"), ("c 1.0.0", "")] {
            tree.packages.insert(package.to_owned(), licence.to_owned());
        }
        assert_eq!(
            messages(check(&tree, &[file(LIST, list)])),
            [
                "b 1.0.0: its licence `ISC` is not among those of deny.toml",
                "c 1.0.0: its licence `` cannot be read; see what its files say",
            ]
        );
        assert_eq!(messages(check(&tree, &[])), ["deny.toml: the list of licences is missing"]);
    }
}
