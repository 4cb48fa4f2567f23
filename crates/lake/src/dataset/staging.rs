//! A folder that appears whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A folder in the making, beside the place where it will stand.
///
/// It is named `.NAME.partial-XXXXXX`, and while its process lives that process holds a lock on the
/// file of that name and `.lock`. Whatever ends the process, the place itself stays empty until
/// [`Staging::commit`] renames the whole folder into it; what a killed process left beside is
/// removed by the next that builds there.
#[derive(Debug)]
pub struct Staging {
    folder: PathBuf,
    place: PathBuf,
    /// Removed when dropped, after the folder.
    _lock: NamedTempFile,
}

const LOCK: &str = ".lock";

impl Staging {
    /// Begins a folder that will stand at `place`.
    ///
    /// # Errors
    ///
    /// When something is at `place` already, or the folder around it cannot be written.
    pub fn begin(place: &Path) -> io::Result<Self> {
        if place.symlink_metadata().is_ok() {
            return Err(io::Error::new(
                io::ErrorKind::AlreadyExists,
                format!("{} exists; name a folder that does not", place.display()),
            ));
        }
        let around = match place.parent() {
            Some(around) if !around.as_os_str().is_empty() => around,
            _ => Path::new("."),
        };
        let name = place.file_name().ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("{} names no folder", place.display()),
            )
        })?;
        let prefix = format!(".{}.partial-", name.to_string_lossy());
        remove_abandoned(around, &prefix)?;
        let lock = locked_file(around, &prefix)?;
        // The lock stands before the folder and is removed after it, so a folder without one is
        // nobody's.
        let folder = lock.path().with_extension("");
        fs::create_dir(&folder)?;
        Ok(Self { folder, place: place.to_owned(), _lock: lock })
    }

    /// The folder in the making.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// Writes one file of the folder and sees it to the disk. Folders on the way are made.
    ///
    /// # Errors
    ///
    /// When the file exists or cannot be written.
    pub fn write(&self, path: &str, content: &[u8]) -> io::Result<()> {
        let path = self.path().join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = File::create_new(path)?;
        file.write_all(content)?;
        file.sync_all()
    }

    /// Puts the folder in its place, in one step.
    ///
    /// # Errors
    ///
    /// When another folder came to stand there meanwhile, or the rename fails; then nothing is left.
    pub fn commit(self) -> io::Result<()> {
        sync_folders(&self.folder)?;
        fs::rename(&self.folder, &self.place)?;
        match self.place.parent() {
            Some(around) if !around.as_os_str().is_empty() => File::open(around)?.sync_all(),
            _ => File::open(".")?.sync_all(),
        }
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // After a commit there is nothing left at this name.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn locked_file(around: &Path, prefix: &str) -> io::Result<NamedTempFile> {
    loop {
        let lock = tempfile::Builder::new().prefix(prefix).suffix(LOCK).tempfile_in(around)?;
        lock.as_file().lock()?;
        // Another process may have taken it for abandoned before it was locked.
        if lock.path().exists() {
            return Ok(lock);
        }
    }
}

fn sync_folders(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_folders(&entry.path())?;
        }
    }
    File::open(folder)?.sync_all()
}

/// Removes what processes left behind that are no more: their lock can be taken, or is gone.
fn remove_abandoned(around: &Path, prefix: &str) -> io::Result<()> {
    for entry in fs::read_dir(around)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with(prefix) {
            continue;
        }
        let path = entry.path();
        let (folder, lock) = if path.extension().is_some_and(|end| end == "lock") {
            (path.with_extension(""), path)
        } else {
            (path.clone(), path.with_added_extension("lock"))
        };
        let held = File::open(&lock).is_ok_and(|file| file.try_lock().is_err());
        if !held {
            ignore_missing(fs::remove_dir_all(folder))?;
            ignore_missing(fs::remove_file(lock))?;
        }
    }
    Ok(())
}

fn ignore_missing(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_appears_whole() {
        let around = tempfile::tempdir().unwrap();
        let place = around.path().join("dataset");
        let staging = Staging::begin(&place).unwrap();
        staging.write("data/a", b"1").unwrap();
        assert!(!place.exists());
        staging.commit().unwrap();
        assert_eq!(fs::read(place.join("data/a")).unwrap(), b"1");
        assert_eq!(fs::read_dir(&place).unwrap().count(), 1, "no lock is left");
        assert_eq!(fs::read_dir(around.path()).unwrap().count(), 1);
        assert!(Staging::begin(&place).is_err(), "nothing is overwritten");
    }

    #[test]
    fn what_was_given_up_leaves_nothing() {
        let around = tempfile::tempdir().unwrap();
        let place = around.path().join("dataset");
        drop(Staging::begin(&place).unwrap());
        assert_eq!(fs::read_dir(around.path()).unwrap().count(), 0);
    }

    #[test]
    fn only_abandoned_folders_are_removed() {
        let around = tempfile::tempdir().unwrap();
        let place = around.path().join("dataset");
        let abandoned = around.path().join(".dataset.partial-dead");
        fs::create_dir(&abandoned).unwrap();
        fs::write(around.path().join(".dataset.partial-dead.lock"), "").unwrap();
        fs::create_dir(around.path().join(".dataset.partial-older")).unwrap();
        fs::write(around.path().join(".dataset.partial-done.lock"), "").unwrap();
        let living = Staging::begin(&place).unwrap();
        assert!(!abandoned.exists());
        assert_eq!(fs::read_dir(around.path()).unwrap().count(), 2, "the living and its lock");
        let other = Staging::begin(&place).unwrap();
        assert!(living.path().exists());
        other.write("a", b"1").unwrap();
        other.commit().unwrap();
        assert!(living.commit().is_err(), "the place is taken");
    }
}
