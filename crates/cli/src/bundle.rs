//! The files named on the command line as one bundle: single files, folders, zip archives, and zip
//! archives inside folders.

use crate::exit::Failure;
use consentry_formats::bundle::{Bundle, ZipBundle};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

/// The most that one file of an archive may unpack to.
const UNPACKED_BYTES_MAX: u64 = 64 << 30;
/// How deep folders are searched.
const DEPTH_MAX: usize = 32;

enum Place {
    File(PathBuf),
    Zip { archive: usize, name: String },
}

/// What the paths of a command line hold.
pub struct PathBundle {
    names: Vec<String>,
    places: BTreeMap<String, Place>,
    archives: Vec<ZipBundle<BufReader<File>>>,
}

impl PathBundle {
    /// Finds the files. Names are relative to the argument; where there are several arguments, each
    /// name begins with its argument.
    pub fn open(paths: &[PathBuf]) -> Result<Self, Failure> {
        let mut bundle = Self { names: Vec::new(), places: BTreeMap::new(), archives: Vec::new() };
        for path in paths {
            let failed = |error: io::Error| Failure::input(format!("{}: {error}", path.display()));
            let metadata = std::fs::metadata(path).map_err(failed)?;
            let prefix = if paths.len() > 1 { path.display().to_string() } else { String::new() };
            if metadata.is_dir() {
                bundle.add_folder(path, &prefix, 0).map_err(failed)?;
            } else {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let name = if prefix.is_empty() { name.into_owned() } else { prefix };
                bundle.add_file(path, name).map_err(failed)?;
            }
        }
        bundle.names = bundle.places.keys().cloned().collect();
        Ok(bundle)
    }

    fn add_folder(&mut self, folder: &Path, prefix: &str, depth: usize) -> io::Result<()> {
        if depth > DEPTH_MAX {
            return Err(io::Error::other(format!("folders are nested deeper than {DEPTH_MAX}")));
        }
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let name = join(prefix, &entry.file_name().to_string_lossy());
            // Links are not followed: an export holds none, and they may lead anywhere.
            let kind = entry.file_type()?;
            if kind.is_dir() {
                self.add_folder(&entry.path(), &name, depth + 1)?;
            } else if kind.is_file() {
                self.add_file(&entry.path(), name)?;
            }
        }
        Ok(())
    }

    fn add_file(&mut self, path: &Path, name: String) -> io::Result<()> {
        let is_zip = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("zip"));
        if !is_zip {
            self.places.insert(name, Place::File(path.to_owned()));
            return Ok(());
        }
        let archive = ZipBundle::new(BufReader::new(File::open(path)?), UNPACKED_BYTES_MAX)?;
        let number = self.archives.len();
        for inner in archive.names() {
            let place = Place::Zip { archive: number, name: inner.clone() };
            self.places.insert(join(&name, inner), place);
        }
        self.archives.push(archive);
        Ok(())
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

impl Bundle for PathBundle {
    fn names(&self) -> &[String] {
        &self.names
    }

    fn open(&mut self, name: &str) -> io::Result<Box<dyn Read + '_>> {
        let missing = || io::Error::new(io::ErrorKind::NotFound, format!("no file `{name}`"));
        match self.places.get(name).ok_or_else(missing)? {
            Place::File(path) => Ok(Box::new(File::open(path)?)),
            Place::Zip { archive, name } => {
                self.archives.get_mut(*archive).ok_or_else(missing)?.open(name)
            }
        }
    }
}
