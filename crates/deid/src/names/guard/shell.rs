//! Commands of a shell.

use super::class::JUDGED;

/// Programs that are run from a shell and whose names are no words that begin sentences.
const PROGRAMS: &[&str] = &[
    "git",
    "npm",
    "npx",
    "yarn",
    "pnpm",
    "docker",
    "podman",
    "kubectl",
    "helm",
    "cargo",
    "rustup",
    "pip",
    "pip3",
    "python",
    "python3",
    "conda",
    "sudo",
    "apt",
    "apt-get",
    "brew",
    "dnf",
    "systemctl",
    "journalctl",
    "chmod",
    "chown",
    "mkdir",
    "curl",
    "wget",
    "ssh",
    "scp",
    "rsync",
    "grep",
    "sed",
    "awk",
    "tar",
    "cmake",
    "gcc",
    "terraform",
    "psql",
    "mysql",
];
/// The most words of a command that is told by its program alone.
const COMMAND_MAX: usize = 8;

/// Whether a line is a command of a shell: small letters without the marks of sentences, behind a
/// prompt, or with a well-known program as its first word.
pub(super) fn is_command(line: &str) -> bool {
    let line = line.get(..line.floor_char_boundary(JUDGED)).unwrap_or(line);
    let bare = line.trim().trim_start_matches(['$', '>', ' ']);
    let is_sentence = bare.ends_with(['.', '?', '!', ','])
        || [", ", ". ", "? ", "! "].iter().any(|mark| bare.contains(mark));
    if is_sentence || bare.chars().any(char::is_uppercase) {
        return false;
    }
    let mut words = bare.split_whitespace();
    let Some(first) = words.next() else { return false };
    let second = words.clone().next().unwrap_or_default();
    let is_verb = ["is", "was", "and", "has", "does", "for", "or", "to"].contains(&second);
    let has_option = words.clone().any(|word| word.starts_with('-') && word.len() > 1);
    let is_short = words.count() < COMMAND_MAX;
    line.trim_start().starts_with("$ ")
        || (PROGRAMS.contains(&first) && !is_verb && (is_short || has_option))
}
