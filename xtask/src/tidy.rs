//! The rules of the house that no compiler knows.
//!
//! Each check is a function from what it looks at to the [`Problem`]s that it finds, so that each
//! can be tried on made-up input. Only this file reads the checkout.

mod dependencies;
mod documents;
mod licences;
mod sources;
mod text;
mod tree;

use crate::process;
use crate::workspace::Workspace;
use std::fmt;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A file of the project.
#[derive(Debug)]
struct File {
    /// Relative to the root, with `/` between folders.
    path: String,
    /// The content, or `None` where it is not UTF-8.
    text: Option<String>,
}

impl File {
    /// The lines with their numbers, from 1.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let text = self.text.as_deref().unwrap_or_default();
        text.split_terminator('\n').enumerate().map(|(index, line)| (index.saturating_add(1), line))
    }

    fn has_extension(&self, extension: &str) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, found)| found == extension)
    }

    /// A problem with the whole file.
    fn problem(&self, message: impl Into<String>) -> Problem {
        Problem { place: self.path.clone(), message: message.into() }
    }

    /// A problem with one line.
    fn problem_at(&self, line: usize, message: impl Into<String>) -> Problem {
        Problem { place: format!("{}:{line}", self.path), message: message.into() }
    }
}

/// Something that is not as it should be.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Problem {
    /// A file, a file and line, or a package.
    place: String,
    /// What is wrong and what to do.
    message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// Runs every check and prints what it finds.
///
/// # Errors
///
/// When a rule is broken. What only deserves a look is printed and does not count.
pub fn run(workspace: &Workspace) -> Result<(), String> {
    let files = files(&workspace.root)?;
    let mut problems = Vec::new();
    problems.extend(text::check(&files, &text::private_folders(&workspace.root)));
    problems.extend(sources::check(&files));
    problems.extend(documents::check(&files));

    let normal = tree::read(workspace, tree::Kinds::Shipped)?;
    let all = tree::read(workspace, tree::Kinds::All)?;
    problems.extend(dependencies::check(&normal));
    problems.extend(licences::check(&all, &files));

    for warning in sources::warnings(&files) {
        println!("note: {warning}");
    }
    problems.sort();
    problems.dedup();
    for problem in &problems {
        println!("{problem}");
    }
    match problems.len() {
        0 => {
            println!(
                "tidy: {} files and {} packages, all in order",
                files.len(),
                all.packages.len()
            );
            Ok(())
        }
        1 => Err("one rule is broken; see above".to_owned()),
        count => Err(format!("rules are broken in {count} places; see above")),
    }
}

/// The project's files: what git tracks or would, else what a walk finds.
fn files(root: &Path) -> Result<Vec<File>, String> {
    let mut listing = Command::new("git");
    listing
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root);
    let mut paths = match process::capture(&mut listing) {
        Ok(list) => list.split_terminator('\0').map(str::to_owned).collect(),
        Err(_) => {
            let mut found = Vec::new();
            walk(root, "", &mut found).map_err(|error| format!("{}: {error}", root.display()))?;
            found
        }
    };
    paths.sort();
    paths.dedup();
    let mut files = Vec::new();
    for path in paths {
        // A file that is deleted and not yet committed is still listed.
        if let Ok(bytes) = fs::read(root.join(&path)) {
            files.push(File { path, text: String::from_utf8(bytes).ok() });
        }
    }
    Ok(files)
}

/// Folders that are made, not written.
const MADE: &[&str] = &[".git", ".venv", "target", "out", "corpus", "artifacts"];

fn walk(root: &Path, folder: &str, found: &mut Vec<String>) -> std::io::Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        if !entry.file_type()?.is_dir() {
            found.push(path);
        } else if !MADE.contains(&name.as_str()) {
            walk(root, &path, found)?;
        }
    }
    Ok(())
}

#[cfg(test)]
fn file(path: &str, text: &str) -> File {
    File { path: path.to_owned(), text: Some(text.to_owned()) }
}

#[cfg(test)]
fn messages(problems: impl IntoIterator<Item = Problem>) -> Vec<String> {
    problems.into_iter().map(|problem| problem.to_string()).collect()
}
