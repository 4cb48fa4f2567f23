//! How Rust files are named, how long they are, and what a crate begins with.

use super::{File, Problem};

/// Files from this many lines on are named in a note.
const LINES_NOTED: usize = 400;
/// Files from this many lines on need a reason in [`LONG`].
const LINES_MAX: usize = 600;
/// Files that are longer for a reason.
const LONG: &[(&str, &str)] = &[];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] =
    &["util", "utils", "common", "helper", "helpers", "manager", "misc", "shared"];

pub(super) fn check(files: &[File]) -> Vec<Problem> {
    check_against(files, LONG)
}

fn check_against(files: &[File], long: &[(&str, &str)]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in rust(files) {
        let lines = file.lines().count();
        let has_reason = long.iter().any(|(path, _)| *path == file.path);
        if lines > LINES_MAX && !has_reason {
            problems.push(file.problem(format!(
                "{lines} lines, more than {LINES_MAX}; split it, or give the reason in \
                 xtask/src/tidy/sources.rs"
            )));
        }
        if lines <= LINES_MAX && has_reason {
            problems.push(file.problem("no longer too long; take it off the list of long files"));
        }
        problems.extend(names(file));
        let is_crate =
            ["lib.rs", "main.rs"].contains(&last(&file.path)) && !file.path.contains("/tests/");
        if is_crate && !file.lines().any(|(_, line)| line.starts_with("//! ")) {
            problems.push(
                file.problem("begin with `//!`: what the crate does, and what it does not know"),
            );
        }
    }
    problems
}

fn names(file: &File) -> Vec<Problem> {
    let mut problems = Vec::new();
    if last(&file.path) == "mod.rs" {
        problems
            .push(file.problem("name it after its folder and put it beside: `foo.rs` and `foo/`"));
    }
    let pieces = file.path.split('/').map(|piece| piece.strip_suffix(".rs").unwrap_or(piece));
    for piece in pieces.filter(|piece| EMPTY_NAMES.contains(piece)) {
        problems.push(file.problem(format!("`{piece}` says nothing; name what is inside")));
    }
    problems
}

/// Files that are long, but not yet too long.
pub(super) fn warnings(files: &[File]) -> Vec<Problem> {
    rust(files)
        .map(|file| (file, file.lines().count()))
        .filter(|(_, lines)| (LINES_NOTED + 1..=LINES_MAX).contains(lines))
        .map(|(file, lines)| {
            file.problem(format!("{lines} lines; most files stay under {LINES_NOTED}"))
        })
        .collect()
}

fn rust(files: &[File]) -> impl Iterator<Item = &File> {
    files.iter().filter(|file| file.has_extension("rs"))
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::super::{file, messages};
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        messages(check_against(&[file(path, text)], &[("long.rs", "it is one table")]))
    }

    #[test]
    fn long_files_need_a_reason() {
        let text = "\n".repeat(LINES_MAX);
        assert!(found("a.rs", &text).is_empty());
        let longer = format!("{text}\n");
        assert!(found("a.rs", &longer)[0].starts_with("a.rs: 601 lines, more than 600; split it"));
        assert!(found("long.rs", &longer).is_empty());
        assert!(found("a.md", &longer).is_empty());
        assert!(found("long.rs", &text)[0].contains("take it off the list"));
    }

    #[test]
    fn files_are_noted_between_the_two_limits_only() {
        let of = |lines: usize| warnings(&[file("a.rs", &"\n".repeat(lines))]).len();
        assert_eq!(
            [of(LINES_NOTED), of(LINES_NOTED + 1), of(LINES_MAX), of(LINES_MAX + 1)],
            [0, 1, 1, 0]
        );
    }

    #[test]
    fn names_that_say_nothing() {
        assert_eq!(
            found("x/utils.rs", ""),
            ["x/utils.rs: `utils` says nothing; name what is inside"]
        );
        assert_eq!(found("x/helpers/email.rs", "").len(), 1);
        assert!(found("x/mod.rs", "")[0].contains("`foo.rs` and `foo/`"));
        assert!(found("x/commonality.rs", "").is_empty());
    }

    #[test]
    fn a_crate_says_what_it_does() {
        assert!(found("crates/x/src/lib.rs", "pub mod a;\n")[0].contains("begin with `//!`"));
        assert!(found("crates/x/src/lib.rs", "#![no_main]\n//! What it does.\n").is_empty());
        assert!(found("crates/x/tests/it/main.rs", "mod a;\n").is_empty());
    }
}
