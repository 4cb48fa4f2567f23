//! A made-up history of any size, for trying things at scale.

use crate::process;
use crate::workspace::Workspace;

/// Runs the generator of the test kit.
pub fn run(workspace: &Workspace, bytes: &str, path: &str) -> Result<(), String> {
    if bytes.parse::<u64>().is_err() {
        return Err(format!("`{bytes}`: expected a size in bytes, such as 1000000"));
    }
    let path = std::path::absolute(path).map_err(|error| format!("{path}: {error}"))?;
    let mut command = workspace.cargo();
    command.args(["run", "--quiet", "--locked", "--package", "consentry-testkit"]);
    command.args(["--bin", "generate-history", "--", bytes]).arg(path);
    process::run(&mut command)
}
