//! Names of people in the paths of their home folders.

use super::Rule;
use super::text::{Text, is_word};
use crate::finding::{Finding, FindingKind};
use crate::surrogate;

const FOLDER: Rule = Rule::new(FindingKind::Handle, 0.9, "home-folder");
const SLUG: Rule = Rule::new(FindingKind::Handle, 0.8, "home-folder-slug");

/// The longest name that is looked for.
const NAME_LIMIT: usize = 64;

/// Names that many machines have, and those that stand for a name.
const SHARED: &[&str] = &[
    "admin",
    "administrator",
    "agent",
    "all",
    "app",
    "build",
    "builder",
    "ci",
    "circleci",
    "coder",
    "codespace",
    "container",
    "default",
    "default user",
    "deploy",
    "dev",
    "developer",
    "docker",
    "ec2-user",
    "git",
    "gitpod",
    "guest",
    "jenkins",
    "jovyan",
    "linuxbrew",
    "me",
    "name",
    "node",
    "public",
    "root",
    "runner",
    "runneradmin",
    "sandbox",
    "shared",
    "student",
    "test",
    "tester",
    "travis",
    "ubuntu",
    "user",
    "username",
    "users",
    "vagrant",
    "vscode",
    "you",
    "your-name",
    "your-username",
    "your_name",
    "your_username",
    "yourname",
    "youruser",
    "yourusername",
];

/// Folders and drives that a home folder may lie under, besides the root.
const PARENTS: &[&str] = &["export", "var", "usr", "data", "Data", "rootfs", "host"];

/// The name behind `home` or `Users`, which stands from `start` to `end`: in a path of either kind,
/// with its separators doubled as in quoted text, or in a path made into one name with dashes.
pub(super) fn around(text: Text<'_>, start: usize, end: usize) -> Option<Finding> {
    let next = end.saturating_add(1);
    let windows = text.slice(start, end) == "Users";
    match (text.back(start, 1), text.at(end)) {
        (b'/', b'/') => folder(text, start.saturating_sub(1), next),
        (b'\\', b'\\') if windows => {
            let doubled = text.back(start, 2) == b'\\' && text.at(next) == b'\\';
            let width = if doubled { 2 } else { 1 };
            folder(text, start.saturating_sub(width), end.saturating_add(width))
        }
        (b'-', b'-') => slug(text, start.saturating_sub(1), next),
        _ => None,
    }
}

/// The name after the prefix that stands from `at` to `after`.
fn folder(text: Text<'_>, at: usize, after: usize) -> Option<Finding> {
    let windows = text.at(at) == b'\\';
    if !windows && is_word(text.back(at, 1)) && !text.is_fresh(at) && !is_under_parent(text, at) {
        return None;
    }
    if matches!(text.back(at, 1), b'.' | b'-') {
        return None;
    }
    let end =
        name_end(text, after, windows, |c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-'));
    let name = text.slice(after, end).trim_end_matches(['.', '-']);
    named(FOLDER, after, name)
}

/// The name after the prefix of a path that has been made into one name.
fn slug(text: Text<'_>, at: usize, after: usize) -> Option<Finding> {
    let begins = !is_word(text.back(at, 1)) && text.back(at, 1) != b'-';
    let end = name_end(text, after, false, |c| c.is_alphanumeric() || matches!(c, '.' | '_'));
    let name = text.slice(after, end).trim_end_matches('.');
    begins.then(|| named(SLUG, after, name)).flatten()
}

fn named(rule: Rule, start: usize, name: &str) -> Option<Finding> {
    let lower = name.to_lowercase();
    let personal =
        name.chars().any(char::is_alphabetic) && !is_shared(&lower) && !surrogate::is_word(name);
    personal.then(|| rule.finds(start, start.saturating_add(name.len())))
}

/// Whether an account whose name in small letters is `name` is nobody's own.
pub(super) fn is_shared(name: &str) -> bool {
    SHARED.contains(&name)
}

/// The end of the name at `start`. On Windows it may hold single spaces when a separator follows.
fn name_end(text: Text<'_>, start: usize, windows: bool, accept: impl Fn(char) -> bool) -> usize {
    let rest = text.slice(start, text.bytes().len());
    let mut end = start;
    let mut plain = None;
    for character in rest.chars().take(NAME_LIMIT) {
        if windows && character == ' ' {
            plain = plain.or(Some(end));
        } else if !accept(character) {
            let closed = character == '\\';
            return if closed { end } else { plain.unwrap_or(end) };
        }
        end = end.saturating_add(character.len_utf8());
    }
    plain.unwrap_or(end)
}

/// Whether the folder before `at` is one that holds home folders: `/mnt/c`, `/c`, `/export`, …
fn is_under_parent(text: Text<'_>, at: usize) -> bool {
    let start = text.run_back(at, NAME_LIMIT, is_word);
    let parent = text.slice(start, at);
    let drive = parent.len() == 1 && parent.starts_with(|c: char| c.is_ascii_alphabetic());
    text.back(start, 1) == b'/' && (drive || PARENTS.contains(&parent))
}
