//! The Python that checks datasets from outside: do the files load where people train?

use crate::workspace::Workspace;
use crate::{process, system};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const REQUIREMENTS: &str = "crates/cli/tests/python/requirements.txt";

/// The interpreter of a virtual environment that holds the packages of [`REQUIREMENTS`]. It is
/// made on first use, in the target folder, and again when the list changes.
pub fn interpreter(workspace: &Workspace) -> Result<PathBuf, String> {
    let listed = workspace.root.join(REQUIREMENTS);
    let wanted = fs::read_to_string(&listed).map_err(|error| format!("{REQUIREMENTS}: {error}"))?;
    let folder = workspace.target.join("python");
    let interpreter = folder.join("bin").join("python");
    let stamp = folder.join("requirements.installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted)
        && process::succeeds(Command::new(&interpreter).arg("--version"))
    {
        return Ok(interpreter);
    }
    make(&folder)?;
    println!("installing the packages of {REQUIREMENTS}");
    let mut pip = Command::new(&interpreter);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    process::run(pip.arg(&listed))?;
    fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))?;
    Ok(interpreter)
}

/// The interpreter of a virtual environment that holds nothing but pip.
pub fn bare(workspace: &Workspace) -> Result<PathBuf, String> {
    let folder = workspace.target.join("python-bare");
    let interpreter = folder.join("bin").join("python");
    if !process::succeeds(Command::new(&interpreter).args(["-m", "pip", "--version"])) {
        make(&folder)?;
    }
    Ok(interpreter)
}

fn make(folder: &Path) -> Result<(), String> {
    // Debian ships `venv` without `ensurepip`, which is what it needs to make an environment.
    let ready =
        || process::succeeds(Command::new("python3").args(["-c", "import venv, ensurepip"]));
    system::ensure("Python 3 with its venv module", &["python3", "python3-venv"], ready)?;
    process::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder))
}
