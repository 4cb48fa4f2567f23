//! The folder that holds a machine's keys.
//!
//! `signing.key`, `pseudonym.key` and `cluster.key` hold 32 random bytes each in base64, readable by
//! their owner only. `trusted.keys` holds one verifier key a line; lines that begin with `#` are comments. The
//! pseudonym key is what stands between opaque ids and people: it must never be stored with a
//! dataset.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The keys of this machine.
#[derive(Clone, Debug)]
pub struct Home {
    directory: PathBuf,
}

/// Why the keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HomeError {
    /// The folder or a file in it cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A key file does not hold a key.
    #[error(
        "{}: expected 32 bytes in base64; restore the file from a backup, or remove it to have a \
         new key made",
        path.display()
    )]
    Malformed {
        /// The file.
        path: PathBuf,
    },
}

/// A secret of 32 bytes. Its `Debug` form shows nothing of it.
#[derive(Clone)]
pub struct Secret {
    /// The bytes.
    pub bytes: [u8; 32],
    /// Whether it was made just now.
    pub created: bool,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secret").field("created", &self.created).finish_non_exhaustive()
    }
}

impl Home {
    /// The keys in this folder. Nothing is read or made yet.
    #[must_use]
    pub const fn new(directory: PathBuf) -> Self {
        Self { directory }
    }

    /// The folder.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The secret that signatures are made with. `fresh` gives the bytes of a new one, if there is
    /// none yet; it must be random.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read or written, or the file does not hold a key.
    pub fn signing_secret(&self, fresh: impl FnOnce() -> [u8; 32]) -> Result<Secret, HomeError> {
        self.secret("signing.key", fresh)
    }

    /// The signing secret, if there is one already.
    ///
    /// # Errors
    ///
    /// As for [`Self::signing_secret`].
    pub fn existing_signing_secret(&self) -> Result<Option<[u8; 32]>, HomeError> {
        read_secret(&self.directory.join("signing.key"))
    }

    /// The secret that opaque ids are made with. `fresh` as for [`Self::signing_secret`].
    ///
    /// # Errors
    ///
    /// As for [`Self::signing_secret`].
    pub fn pseudonym_secret(&self, fresh: impl FnOnce() -> [u8; 32]) -> Result<Secret, HomeError> {
        self.secret("pseudonym.key", fresh)
    }

    /// The secret that the machines of a cluster share. `fresh` as for [`Self::signing_secret`].
    ///
    /// # Errors
    ///
    /// As for [`Self::signing_secret`].
    pub fn cluster_secret(&self, fresh: impl FnOnce() -> [u8; 32]) -> Result<Secret, HomeError> {
        self.secret("cluster.key", fresh)
    }

    /// The verifier keys that this machine trusts, in the order they were added.
    ///
    /// # Errors
    ///
    /// When the file is there but cannot be read.
    pub fn trusted_keys(&self) -> Result<Vec<String>, HomeError> {
        let path = self.directory.join("trusted.keys");
        match fs::read_to_string(&path) {
            Ok(text) => Ok(text
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty() && !line.starts_with('#'))
                .map(str::to_owned)
                .collect()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(source) => Err(HomeError::Io { path, source }),
        }
    }

    /// Trusts a verifier key from now on.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read or written.
    pub fn trust(&self, verifier_key: &str) -> Result<(), HomeError> {
        if self.trusted_keys()?.iter().any(|known| known == verifier_key) {
            return Ok(());
        }
        self.make_directory()?;
        let path = self.directory.join("trusted.keys");
        let append = || {
            let mut file = fs::OpenOptions::new().create(true).append(true).open(&path)?;
            file.write_all(format!("{verifier_key}\n").as_bytes())
        };
        append().map_err(|source| HomeError::Io { path: path.clone(), source })
    }

    fn secret(&self, name: &str, fresh: impl FnOnce() -> [u8; 32]) -> Result<Secret, HomeError> {
        let path = self.directory.join(name);
        if let Some(bytes) = read_secret(&path)? {
            return Ok(Secret { bytes, created: false });
        }
        self.make_directory()?;
        let created = self
            .write_secret(&path, &fresh())
            .map_err(|source| HomeError::Io { path: path.clone(), source })?;
        // Another process may have been faster; what the file holds is what counts.
        let bytes = read_secret(&path)?.ok_or(HomeError::Malformed { path })?;
        Ok(Secret { bytes, created })
    }

    /// Writes beside and links into place without replacing, so that a key is never half-written
    /// and never overwritten. `false` if there is one already.
    fn write_secret(&self, path: &Path, bytes: &[u8; 32]) -> io::Result<bool> {
        // Temporary files are readable by their owner only.
        let mut file = tempfile::NamedTempFile::new_in(&self.directory)?;
        file.write_all(STANDARD.encode(bytes).as_bytes())?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        match file.persist_noclobber(path) {
            Ok(_) => Ok(true),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error.error),
        }
    }

    fn make_directory(&self) -> Result<(), HomeError> {
        let make = || {
            fs::create_dir_all(&self.directory)?;
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                fs::set_permissions(&self.directory, fs::Permissions::from_mode(0o700))?;
            }
            Ok(())
        };
        make().map_err(|source| HomeError::Io { path: self.directory.clone(), source })
    }
}

fn read_secret(path: &Path) -> Result<Option<[u8; 32]>, HomeError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(HomeError::Io { path: path.to_owned(), source }),
    };
    let decoded = STANDARD.decode(text.trim()).ok();
    let bytes = decoded.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    bytes.map(Some).ok_or_else(|| HomeError::Malformed { path: path.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_made_once() {
        let directory = tempfile::tempdir().unwrap();
        let home = Home::new(directory.path().join("keys"));
        let first = home.signing_secret(|| [1; 32]).unwrap();
        let second = home.signing_secret(|| [2; 32]).unwrap();
        assert_eq!((first.bytes, first.created), ([1; 32], true));
        assert_eq!((second.bytes, second.created), ([1; 32], false));
        assert_eq!(home.pseudonym_secret(|| [3; 32]).unwrap().bytes, [3; 32]);
        assert!(!format!("{first:?}").contains('1'));
    }

    #[cfg(unix)]
    #[test]
    fn a_secret_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().unwrap();
        let home = Home::new(directory.path().join("keys"));
        home.signing_secret(|| [1; 32]).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(home.directory()), 0o700);
        assert_eq!(mode(&home.directory().join("signing.key")), 0o600);
    }

    #[test]
    fn a_damaged_secret_is_not_replaced() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("signing.key"), "AAAA\n").unwrap();
        let home = Home::new(directory.path().to_owned());
        assert!(matches!(home.signing_secret(|| [1; 32]), Err(HomeError::Malformed { .. })));
        assert_eq!(fs::read_to_string(directory.path().join("signing.key")).unwrap(), "AAAA\n");
    }

    #[test]
    fn trusted_keys_are_remembered_once() {
        let directory = tempfile::tempdir().unwrap();
        let home = Home::new(directory.path().join("keys"));
        assert_eq!(home.trusted_keys().unwrap(), Vec::<String>::new());
        for key in ["a+1+x", "b+2+y", "a+1+x"] {
            home.trust(key).unwrap();
        }
        assert_eq!(home.trusted_keys().unwrap(), ["a+1+x", "b+2+y"]);
    }
}
