//! A folder that appears whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A folder in the making, beside the place where it will stand.
///
/// It is named `.NAME.partial-XXXXXX` and holds a locked file while its process lives. Whatever
/// ends the process, the place itself stays empty until [`Staging::commit`] renames the whole
/// folder into it; what a killed process left beside is removed by the next that builds there.
#[derive(Debug)]
pub struct Staging {
    folder: tempfile::TempDir,
    place: PathBuf,
    lock: File,
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
        fs::create_dir_all(around)?;
        remove_abandoned(around, &prefix)?;
        let folder = tempfile::Builder::new().prefix(&prefix).tempdir_in(around)?;
        let lock = File::create_new(folder.path().join(LOCK))?;
        lock.lock()?;
        Ok(Self { folder, place: place.to_owned(), lock })
    }

    /// The folder in the making.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
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
    /// When something came to stand there meanwhile, or the rename fails; then nothing is left.
    pub fn commit(self) -> io::Result<()> {
        let Self { folder, place, lock } = self;
        fs::remove_file(folder.path().join(LOCK))?;
        sync_folders(folder.path())?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
        }
        fs::rename(folder.path(), &place)?;
        // The folder has moved; there is nothing left to remove at its old name.
        let _ = folder.keep();
        drop(lock);
        match place.parent() {
            Some(around) if !around.as_os_str().is_empty() => File::open(around)?.sync_all(),
            _ => File::open(".")?.sync_all(),
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

/// Removes what processes left behind that are no more: their lock can be taken.
fn remove_abandoned(around: &Path, prefix: &str) -> io::Result<()> {
    for entry in fs::read_dir(around)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with(prefix) || !entry.file_type()?.is_dir()
        {
            continue;
        }
        let Ok(lock) = File::open(entry.path().join(LOCK)) else { continue };
        if lock.try_lock().is_ok() {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
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
        fs::write(abandoned.join(LOCK), "").unwrap();
        let living = Staging::begin(&place).unwrap();
        assert!(!abandoned.exists());
        let other = Staging::begin(&place).unwrap();
        assert!(living.path().exists());
        other.commit().unwrap();
        assert!(living.commit().is_err(), "the place is taken");
    }
}
