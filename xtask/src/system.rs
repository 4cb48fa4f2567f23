//! What the operating system has to provide, and how to get it.

use crate::process;
use std::env;
use std::path::PathBuf;
use std::process::Command;

/// The first file of this name in the folders of `PATH`.
pub fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Sees to a program: `available` says whether it is there. If it is not, installs the Debian
/// `packages` when that is possible without asking (root, and `apt-get` is there).
///
/// # Errors
///
/// When it is not there and cannot be installed; the message says what to type.
pub fn ensure(
    what: &str,
    packages: &[&str],
    mut available: impl FnMut() -> bool,
) -> Result<(), String> {
    if available() {
        return Ok(());
    }
    let advice =
        format!("{what} is missing; on Debian and Ubuntu: apt-get install {}", packages.join(" "));
    if !is_root() || find_program("apt-get").is_none() {
        return Err(advice);
    }
    println!("{what} is missing; installing {}", packages.join(" "));
    let installed = install(packages).or_else(|_| {
        process::run(Command::new("apt-get").args(["update", "--quiet"]))?;
        install(packages)
    });
    installed.map_err(|error| format!("{advice} ({error})"))?;
    if available() { Ok(()) } else { Err(advice) }
}

fn install(packages: &[&str]) -> Result<(), String> {
    let mut command = Command::new("apt-get");
    command.args(["install", "--yes", "--quiet", "--no-install-recommends"]).args(packages);
    process::run(command.env("DEBIAN_FRONTEND", "noninteractive"))
}

fn is_root() -> bool {
    process::capture(Command::new("id").arg("-u")).is_ok_and(|user| user.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_on_the_path() {
        assert!(find_program("sh").is_some());
        assert_eq!(find_program("no-such-program-anywhere"), None);
    }

    #[test]
    fn what_is_there_is_not_installed() {
        let mut asked = 0;
        let outcome = ensure("a thing", &["no-such-package"], || {
            asked += 1;
            true
        });
        assert_eq!((outcome, asked), (Ok(()), 1));
    }
}
