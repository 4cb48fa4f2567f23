//! Verifying: every claim of a dataset, recomputed from its files alone.

mod data;
mod facts;
mod files;

use super::note::{NoteError, Verifier, signer_name};
use super::{MANIFEST, NOTE, describe_policies, documents, note_text};
use crate::progress::Progress;
use consentry_formats::dataset::manifest::{FORMAT, Manifest};
use consentry_policy::{PolicySet, Sources};
use serde::Serialize;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// One thing that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// The claim, as one of [`CHECKS`].
    pub check: &'static str,
    /// What is wrong, with the file and, where there is one, the row.
    pub what: String,
}

/// The claims, in the order they are checked.
pub const CHECKS: &[&str] = &[
    "signature",
    "manifest",
    "files",
    "policies",
    "decisions",
    "outcomes",
    "counts",
    "examples",
    "merkle-root",
    "documents",
];

/// What cannot be told without the history and this run's keys.
pub const NOT_CHECKED: &[&str] = &[
    "that the frozen facts are those of the history (the inputs' hashes are in the manifest)",
    "that the texts are those of the permitted parts, and what de-identification found in them",
    "how many lines the history had, and how many of them were put aside",
];

/// The result of verifying.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// The run that the dataset is for.
    pub run: String,
    /// Who signed.
    pub signer: String,
    /// Parts whose decision was made again.
    pub parts: u64,
    /// Examples whose claims were compared.
    pub examples: u64,
    /// The claims that were checked to their end, as words of [`CHECKS`].
    pub checked: Vec<&'static str>,
    /// What does not hold. Empty when everything does.
    pub violations: Vec<Violation>,
    /// How many more there are of each check than are listed.
    pub more: u64,
}

/// How many violations of one check are listed.
const LISTED_MAX: usize = 20;
/// The largest manifest that is read.
const MANIFEST_BYTES_MAX: u64 = 256 << 20;

impl Verification {
    fn violated(&mut self, check: &'static str, what: impl Into<String>) {
        if self.violations.iter().filter(|known| known.check == check).count() < LISTED_MAX {
            self.violations.push(Violation { check, what: what.into() });
        } else {
            self.more += 1;
        }
    }

    /// Whether every claim was checked, and holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.violations.is_empty() && CHECKS.iter().all(|check| self.checked.contains(check))
    }
}

/// Checks a dataset. `trusted` are the signers that are accepted.
///
/// # Errors
///
/// When the folder has no readable manifest; whatever else is wrong is a [`Violation`].
pub fn verify(
    folder: &Path,
    trusted: &[Verifier],
    progress: &mut dyn Progress,
) -> io::Result<Verification> {
    let bytes = files::read_limited(&folder.join(MANIFEST), MANIFEST_BYTES_MAX)?;
    let mut result = Verification::default();
    let manifest = match serde_json::from_slice::<Manifest>(&bytes) {
        Ok(manifest) if manifest.format == FORMAT => manifest,
        Ok(manifest) => {
            let found = manifest.format;
            result.violated("manifest", format!("the format is `{found}`, expected `{FORMAT}`"));
            return Ok(result);
        }
        Err(error) => {
            result.violated("manifest", format!("{MANIFEST} is not a manifest: {error}"));
            return Ok(result);
        }
    };
    result.run.clone_from(&manifest.summary.run);
    result.signer.clone_from(&manifest.signer);
    result.checked.push("manifest");
    check_signature(folder, &bytes, &manifest, trusted, &mut result);
    result.checked.push("signature");
    files::check(folder, &manifest, progress, &mut result)?;
    result.checked.push("files");
    match load_policies(folder, &manifest) {
        Ok(set) => {
            check_policies(&set, &manifest, &mut result);
            result.checked.push("policies");
            facts::check(folder, &manifest, set, progress, &mut result);
        }
        Err(what) => result.violated("policies", what),
    }
    check_documents(folder, &manifest, &mut result);
    result.checked.push("documents");
    Ok(result)
}

fn check_signature(
    folder: &Path,
    manifest_bytes: &[u8],
    manifest: &Manifest,
    trusted: &[Verifier],
    result: &mut Verification,
) {
    let note = match files::read_limited(&folder.join(NOTE), MANIFEST_BYTES_MAX)
        .map_err(|error| error.to_string())
        .and_then(|bytes| String::from_utf8(bytes).map_err(|error| error.to_string()))
    {
        Ok(note) => note,
        Err(error) => return result.violated("signature", format!("{NOTE}: {error}")),
    };
    let verified = trusted.iter().find_map(|verifier| match verifier.verify(&note) {
        Err(NoteError::UnknownSigner(_)) => None,
        other => Some((verifier, other)),
    });
    match verified {
        None => {
            let error = match signer_name(&note) {
                Ok(name) => NoteError::UnknownSigner(name.to_owned()),
                Err(error) => error,
            };
            result.violated("signature", format!("{NOTE}: {error}"));
        }
        Some((_, Err(error))) => result.violated("signature", format!("{NOTE}: {error}")),
        Some((verifier, Ok(text))) => {
            if text != note_text(&manifest.summary.run, manifest_bytes) {
                let what = format!("{MANIFEST} is not the one that was signed");
                result.violated("signature", what);
            }
            if verifier.to_string() != manifest.signer {
                let what = format!("{MANIFEST} names `{}` as its signer", manifest.signer);
                result.violated("signature", what);
            }
        }
    }
}

fn load_policies(folder: &Path, manifest: &Manifest) -> Result<Arc<PolicySet>, String> {
    let mut texts = Vec::new();
    for file in &manifest.files {
        if let Some(name) = file.path.strip_prefix("policies/") {
            let path = files::inside(folder, &file.path)?;
            let bytes = files::read_limited(&path, MANIFEST_BYTES_MAX)
                .map_err(|error| format!("{}: {error}", file.path))?;
            let text = String::from_utf8(bytes).map_err(|_| format!("{}: not UTF-8", file.path))?;
            texts.push((name.to_owned(), text));
        }
    }
    PolicySet::load(&Sources::new(texts))
        .map(Arc::new)
        .map_err(|error| format!("policies/: {error}"))
}

fn check_policies(set: &PolicySet, manifest: &Manifest, result: &mut Verification) {
    let claim = &manifest.summary.policy_set;
    let hash = set.hash();
    if hash != claim.hash {
        let what = format!("policies/ hash to {hash}, the manifest says {}", claim.hash);
        result.violated("policies", what);
    }
    if set.id() != claim.id || describe_policies(set) != claim.policies {
        result.violated("policies", "the manifest does not describe the policies in policies/");
    }
}

/// Documents are made from the manifest alone, so they can be made again.
fn check_documents(folder: &Path, manifest: &Manifest, result: &mut Verification) {
    for (path, expected) in documents(&manifest.summary, &manifest.facts, &manifest.signer) {
        match files::read_limited(&folder.join(path), MANIFEST_BYTES_MAX) {
            Ok(found) if found == expected.as_bytes() => {}
            Ok(_) => {
                result.violated("documents", format!("{path} does not say what the manifest says"))
            }
            Err(error) => result.violated("documents", format!("{path}: {error}")),
        }
    }
}
