//! A made-up history of any size, for trying things at scale.

use crate::process;
use crate::workspace::Workspace;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// Writes a history of about `size` (`5GB`, `200MB`, plain bytes) to the file `path`, which appears
/// once it is whole.
pub fn run(workspace: &Workspace, size: &str, path: &str) -> Result<(), String> {
    let partial = PathBuf::from(format!("{path}.partial"));
    let at = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    let out = File::create(&partial).map_err(|error| at(&partial, error))?;
    let mut command = workspace.cargo();
    // Optimised, for a debug build takes minutes for what takes this one seconds.
    command.args(["run", "--quiet", "--locked", "--profile", "bench"]);
    command.args(["--package", "consentry-testkit", "--bin", "generate-history"]);
    command.args(["--", "--bytes", size]).stdout(out);
    let outcome = process::run(&mut command)
        .and_then(|()| fs::rename(&partial, path).map_err(|error| at(Path::new(path), error)));
    if outcome.is_err() {
        // Already failing: a file that stays behind is only untidy.
        drop(fs::remove_file(&partial));
    }
    outcome
}
