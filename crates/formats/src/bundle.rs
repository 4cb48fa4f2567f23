//! The files of an export: a folder, a zip, or single files, by name.

use std::io::{self, Read, Seek};

/// Named files that can each be opened, any number of times.
pub trait Bundle {
    /// The names of all files, with `/` between folders, sorted.
    fn names(&self) -> &[String];

    /// Opens one file by name.
    ///
    /// # Errors
    ///
    /// When there is no such file or it cannot be read.
    fn open(&mut self, name: &str) -> io::Result<Box<dyn Read + '_>>;
}

/// Files in memory: for tests and for fuzzing.
#[derive(Clone, Debug, Default)]
pub struct MemoryBundle {
    names: Vec<String>,
    contents: Vec<Vec<u8>>,
}

impl MemoryBundle {
    /// A bundle of these files.
    #[must_use]
    pub fn new(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let mut files: Vec<_> = files.into_iter().collect();
        files.sort();
        let (names, contents) = files.into_iter().unzip();
        Self { names, contents }
    }
}

impl Bundle for MemoryBundle {
    fn names(&self) -> &[String] {
        &self.names
    }

    fn open(&mut self, name: &str) -> io::Result<Box<dyn Read + '_>> {
        let found = self.names.iter().position(|known| known == name);
        let content = found.and_then(|at| self.contents.get(at)).ok_or_else(|| not_found(name))?;
        Ok(Box::new(content.as_slice()))
    }
}

/// A zip archive.
#[derive(Debug)]
pub struct ZipBundle<R> {
    names: Vec<String>,
    archive: zip::ZipArchive<R>,
    file_bytes_max: u64,
}

impl<R: Read + Seek> ZipBundle<R> {
    /// Opens an archive. Reading a file ends with an error once it gives more than
    /// `file_bytes_max` bytes, whatever the archive's directory claims.
    ///
    /// # Errors
    ///
    /// When `reader` is not a zip archive.
    pub fn new(reader: R, file_bytes_max: u64) -> io::Result<Self> {
        let archive = zip::ZipArchive::new(reader).map_err(io::Error::other)?;
        let mut names = Vec::new();
        for name in archive.file_names() {
            let name = name.map_err(io::Error::other)?;
            if !name.ends_with('/') {
                names.push(name.into_owned());
            }
        }
        names.sort();
        Ok(Self { names, archive, file_bytes_max })
    }
}

impl<R: Read + Seek> Bundle for ZipBundle<R> {
    fn names(&self) -> &[String] {
        &self.names
    }

    fn open(&mut self, name: &str) -> io::Result<Box<dyn Read + '_>> {
        let file = self.archive.by_name(name).map_err(io::Error::other)?;
        Ok(Box::new(Limited { inner: file, left: self.file_bytes_max }))
    }
}

/// A reader that fails, rather than ends, when its limit is passed.
struct Limited<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(count as u64).ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::FileTooLarge,
                "unpacks to more bytes than the limit allows",
            )
        })?;
        Ok(count)
    }
}

fn not_found(name: &str) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, format!("no file `{name}` in the export"))
}
