//! Documents: what they link to exists, and what there is has its page.

use super::{File, Problem};
use std::collections::BTreeSet;

/// The list of export formats.
const FORMATS: &str = "crates/formats/src/import.rs";

pub(super) fn check(files: &[File]) -> Vec<Problem> {
    let mut problems = links(files);
    problems.extend(formats(files));
    problems.extend(policies(files));
    problems.extend(seeds(files));
    problems
}

/// Relative links of Markdown files lead to files of the project, and to headings that exist.
fn links(files: &[File]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| file.has_extension("md")) {
        for (number, line) in prose(file) {
            for link in targets(&line).filter(|link| is_local(link)) {
                let (path, heading) = link.split_once('#').unwrap_or((link, ""));
                let path =
                    if path.is_empty() { file.path.clone() } else { resolve(&file.path, path) };
                let message = match find(files, &path) {
                    None => format!("the link to `{link}` leads to no file of the project"),
                    Some(Some(page)) if !heading.is_empty() && !has_heading(page, heading) => {
                        format!("`{path}` has no heading for `#{heading}`")
                    }
                    Some(_) => continue,
                };
                problems.push(file.problem_at(number, message));
            }
        }
    }
    problems
}

/// `Some(Some(_))` for a file, `Some(None)` for a folder.
fn find<'f>(files: &'f [File], path: &str) -> Option<Option<&'f File>> {
    let folder = format!("{}/", path.trim_end_matches('/'));
    match files.iter().find(|file| file.path == path) {
        Some(file) => Some(Some(file)),
        None if files.iter().any(|file| file.path.starts_with(&folder)) => Some(None),
        None => None,
    }
}

/// A document's lines without its blocks and spans of code.
fn prose(file: &File) -> impl Iterator<Item = (usize, String)> {
    let mut in_code = false;
    file.lines().filter_map(move |(number, line)| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        let spoken = line.split('`').step_by(2).collect::<Vec<_>>().join("``");
        (!in_code && !fence).then_some((number, spoken))
    })
}

/// Where the links of a line lead: `[text](here)` and `[name]: here`.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    let inline = line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
    let defined = line
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("]: "))
        .and_then(|(_, rest)| rest.split_whitespace().next());
    inline.chain(defined)
}

fn is_local(link: &str) -> bool {
    !link.contains("://") && !link.starts_with("mailto:") && !link.is_empty()
}

/// A link of a document as a path from the root.
fn resolve(document: &str, link: &str) -> String {
    let mut pieces: Vec<&str> = match link.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => {
            document.rsplit_once('/').map_or(Vec::new(), |(folder, _)| folder.split('/').collect())
        }
    };
    for piece in link.split('/') {
        match piece {
            "" | "." => {}
            ".." => {
                pieces.pop();
            }
            name => pieces.push(name),
        }
    }
    pieces.join("/")
}

/// Whether a page has a heading whose anchor is this. The anchor is the heading in lower case with
/// hyphens for spaces and without punctuation, as forges make it.
fn has_heading(page: &File, anchor: &str) -> bool {
    page.lines().filter_map(|(_, line)| line.strip_prefix('#')).any(|heading| {
        let words = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = words.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect::<String>() == anchor
    })
}

/// Every export format has its page in `docs/formats/`, and every page there its format.
fn formats(files: &[File]) -> Vec<Problem> {
    let Some(source) = files.iter().find(|file| file.path == FORMATS) else {
        return Vec::new();
    };
    let formats: BTreeSet<&str> = source
        .lines()
        .filter_map(|(_, line)| line.trim().strip_prefix("Self::")?.split_once(" => \""))
        .filter_map(|(_, rest)| rest.strip_suffix("\","))
        .collect();
    let mut problems = Vec::new();
    for format in &formats {
        if find(files, &format!("docs/formats/{format}.md")).is_none() {
            let message = format!("the format `{format}` has no page docs/formats/{format}.md");
            problems.push(source.problem(message));
        }
    }
    for page in files {
        let name =
            page.path.strip_prefix("docs/formats/").and_then(|name| name.strip_suffix(".md"));
        if name.is_some_and(|name| !formats.contains(name)) {
            problems.push(page.problem(format!("no format of {FORMATS} has this name")));
        }
    }
    problems
}

/// The page that tells of the policy sets.
const SETS: &str = "docs/policy-sets.md";

/// Every policy set has cases that it is held to, and a row in its page.
fn policies(files: &[File]) -> Vec<Problem> {
    let set = |file: &File| {
        let (name, rest) = file.path.strip_prefix("policies/")?.split_once('/')?;
        Some((name.to_owned(), rest.to_owned()))
    };
    let sets: BTreeSet<String> = files.iter().filter_map(set).map(|(name, _)| name).collect();
    let has_cases = |name: &str| {
        files.iter().filter_map(set).any(|(of, rest)| of == name && rest.starts_with("tests/"))
    };
    let page = files.iter().find(|file| file.path == SETS);
    let has_row = |name: &str| {
        let row = format!("| `{name}` |");
        page.is_none_or(|page| page.lines().any(|(_, line)| line.starts_with(&row)))
    };
    let mut problems = Vec::new();
    for name in sets {
        let mut problem = |message: String| {
            problems.push(Problem { place: format!("policies/{name}"), message });
        };
        if !has_cases(&name) {
            problem("the policy set has no cases; put them in its `tests/`".to_owned());
        }
        if !has_row(&name) {
            problem(format!("the policy set has no row in {SETS}"));
        }
    }
    problems
}

/// Every fuzz target begins from inputs that somebody wrote.
fn seeds(files: &[File]) -> Vec<Problem> {
    let target = |file: &File| {
        let name = file.path.strip_prefix("fuzz/src/bin/")?.strip_suffix(".rs")?;
        Some((name.to_owned(), file.problem(format!("put seeds into fuzz/seeds/{name}/"))))
    };
    files
        .iter()
        .filter_map(target)
        .filter(|(name, _)| find(files, &format!("fuzz/seeds/{name}")).is_none())
        .map(|(_, problem)| problem)
        .collect()
}

#[cfg(test)]
mod tests;
