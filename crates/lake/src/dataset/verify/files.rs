//! That the folder holds exactly the files that the manifest lists, unchanged.

use super::super::{MANIFEST, NOTE};
use super::Verification;
use crate::progress::Progress;
use consentry_formats::dataset::manifest::Manifest;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

/// Reads a plain file of at most `bytes_max` bytes.
pub(super) fn read_limited(path: &Path, bytes_max: u64) -> io::Result<Vec<u8>> {
    let file = File::open(path)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
    let mut bytes = Vec::new();
    file.take(bytes_max + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > bytes_max {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("{} is larger than {bytes_max} bytes", path.display()),
        ));
    }
    Ok(bytes)
}

/// The place of a listed file, which must lie in the folder.
pub(super) fn inside(folder: &Path, path: &str) -> Result<PathBuf, String> {
    let plain = Path::new(path).components().all(|one| matches!(one, Component::Normal(_)));
    if path.is_empty() || !plain {
        return Err(format!("the manifest lists `{path}`, which is not a file of this folder"));
    }
    Ok(folder.join(path))
}

pub(super) fn check(
    folder: &Path,
    manifest: &Manifest,
    progress: &mut dyn Progress,
    result: &mut Verification,
) -> io::Result<()> {
    let shards = manifest.summary.shards.iter().chain([&manifest.facts]);
    let claims = shards
        .map(|shard| (&shard.path, shard.bytes, &shard.sha256))
        .chain(manifest.files.iter().map(|file| (&file.path, file.bytes, &file.sha256)));
    let mut listed: BTreeMap<&str, (u64, &str)> = BTreeMap::new();
    for (path, bytes, sha256) in claims {
        if listed.insert(path, (bytes, sha256)).is_some() {
            result.violated("files", format!("{path} is listed twice"));
        }
    }
    let mut found = BTreeSet::new();
    walk(folder, "", &mut found, result)?;
    for path in &found {
        if !listed.contains_key(path.as_str()) && path != MANIFEST && path != NOTE {
            result.violated("files", format!("{path} is not listed in the manifest"));
        }
    }
    progress.step("hashing", Some(listed.values().map(|(bytes, _)| bytes).sum()));
    for (path, (bytes, sha256)) in listed {
        if !found.contains(path) {
            result.violated("files", format!("{path} is missing"));
            continue;
        }
        let place = match inside(folder, path) {
            Ok(place) => place,
            Err(what) => {
                result.violated("files", what);
                continue;
            }
        };
        let (found_bytes, found_sha256) = hash(&place, progress)?;
        if found_bytes != bytes || found_sha256 != sha256 {
            result.violated(
                "files",
                format!("{path} was changed: {found_bytes} bytes, SHA-256 {found_sha256}; the manifest says {bytes} bytes, {sha256}"),
            );
        }
    }
    Ok(())
}

fn walk(
    folder: &Path,
    prefix: &str,
    found: &mut BTreeSet<String>,
    result: &mut Verification,
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            let before = found.len();
            walk(&entry.path(), &format!("{path}/"), found, result)?;
            if found.len() == before {
                result.violated("files", format!("{path} is a folder without a file"));
            }
        } else if kind.is_file() {
            found.insert(path);
        } else {
            result.violated("files", format!("{path} is neither a file nor a folder"));
        }
    }
    Ok(())
}

fn hash(path: &Path, progress: &mut dyn Progress) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok((bytes, crate::hex(&hasher.finalize())));
        }
        hasher.update(buffer.get(..count).unwrap_or_default());
        bytes += count as u64;
        progress.advance(count as u64);
    }
}
