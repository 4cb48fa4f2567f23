//! What no file may hold.

use super::{File, Problem};
use std::path::Path;

/// Words that say that something is not finished; clippy sees to the macros that do. Split, so that
/// this file does not hold them.
const UNFINISHED: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME")];

/// Kinds of files in which nothing may be left unfinished. Prose may speak of it.
const CODE: &[&str] = &["rs", "toml", "cedar", "cedarschema", "py", "sh", "run"];

/// Files that speak of folders of machines because finding those is what they are for.
const ABOUT_FOLDERS: &[&str] = &["crates/deid/", "docs/deid", "fuzz/seeds/redact/"];

/// The folders of this machine that a file could give away: where the checkout is, and the home of
/// whoever runs this.
pub(super) fn private_folders(root: &Path) -> Vec<String> {
    let home = std::env::var("HOME").unwrap_or_default();
    [root.to_string_lossy().into_owned(), home]
        .into_iter()
        .filter(|folder| folder.len() > 1)
        .map(|folder| format!("{}/", folder.trim_end_matches('/')))
        .collect()
}

pub(super) fn check(files: &[File], private_folders: &[String]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in files {
        let is_code = CODE.iter().any(|extension| file.has_extension(extension))
            || file.path.starts_with(".ci/");
        let names_folders = ABOUT_FOLDERS.iter().any(|about| file.path.starts_with(about));
        for (number, line) in file.lines() {
            if line.ends_with([' ', '\t', '\r']) && !file.path.starts_with("fuzz/seeds/") {
                problems.push(file.problem_at(number, "the line ends in white space; remove it"));
            }
            if let Some(word) = UNFINISHED.iter().find(|word| is_code && has_word(line, word)) {
                let message = format!("`{word}`: finish it, or leave it out");
                problems.push(file.problem_at(number, message));
            }
            if let Some(folder) = private_folders.iter().find(|folder| line.contains(*folder))
                && !names_folders
            {
                let message = format!("`{folder}` is a folder of this machine; name it relatively");
                problems.push(file.problem_at(number, message));
            }
        }
    }
    problems
}

/// Whether a word stands in a line, not as a piece of a longer one.
fn has_word(line: &str, word: &str) -> bool {
    let is_letter = |character: char| character.is_alphanumeric() || character == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at.saturating_add(word.len())..).and_then(|text| text.chars().next());
        !before.is_some_and(is_letter) && !after.is_some_and(is_letter)
    })
}

#[cfg(test)]
mod tests {
    use super::super::{file, messages};
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        messages(check(&[file(path, text)], &["/srv/clone/".to_owned()]))
    }

    #[test]
    fn white_space_at_the_end_of_a_line() {
        assert_eq!(
            found("a.md", "one\ntwo \nthree"),
            ["a.md:2: the line ends in white space; remove it"]
        );
        assert_eq!(found("a.md", "one\r\ntwo").len(), 1);
        assert!(found("fuzz/seeds/a/b", "one \n").is_empty());
    }

    #[test]
    fn unfinished_code_but_not_prose() {
        let [todo, fixme] = UNFINISHED else { panic!() };
        assert_eq!(found("a.rs", &format!("// {todo}: more")).len(), 1);
        assert_eq!(found(".ci/run", &format!("# {fixme}")).len(), 1);
        assert!(found("crates/deid/src/a.rs", "/srv/clone/x").is_empty());
        assert!(found("a.toml", "x = \"/srv/clones\"").is_empty());
    }

    #[test]
    fn a_root_without_depth_forbids_nothing() {
        assert!(!private_folders(Path::new("/")).contains(&"/".to_owned()));
        assert!(private_folders(Path::new("/srv/x")).contains(&"/srv/x/".to_owned()));
    }
}
