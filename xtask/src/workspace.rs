//! Where things are.

use crate::process;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The checkout that the tasks work on.
#[derive(Debug)]
pub struct Workspace {
    /// The folder of the workspace's `Cargo.toml`.
    pub root: PathBuf,
    /// Cargo's target folder: `CARGO_TARGET_DIR`, else `target` in the root.
    pub target: PathBuf,
}

impl Workspace {
    /// The workspace that cargo runs this program from.
    pub fn from_environment() -> Result<Self, String> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let root = manifest
            .as_deref()
            .and_then(Path::parent)
            .ok_or("cargo did not say where the workspace is; run this as `cargo xtask …`")?
            .to_path_buf();
        let target = match std::env::var_os("CARGO_TARGET_DIR").filter(|value| !value.is_empty()) {
            Some(folder) => std::path::absolute(&folder)
                .map_err(|error| format!("CARGO_TARGET_DIR: {error}"))?,
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// The cargo that runs this program, in the workspace's root.
    pub fn cargo(&self) -> Command {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.root);
        command
    }

    /// A path as a person would name it: relative to the root where it is inside it.
    pub fn name_of(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }

    /// The triple of the machine that this runs on, such as `x86_64-unknown-linux-gnu`.
    pub fn host(&self) -> Result<String, String> {
        let version = process::capture(Command::new("rustc").arg("-vV").current_dir(&self.root))?;
        version
            .lines()
            .find_map(|line| line.strip_prefix("host: "))
            .map(str::to_owned)
            .ok_or_else(|| format!("`rustc -vV` named no host: {version}"))
    }
}
