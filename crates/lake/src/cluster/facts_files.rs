//! Files of facts as a job sees them: how many rows each has, which columns, and of which instant.

use super::ClusterError;
use super::scan::TaskFile;
use crate::facts::{AS_OF_KEY, VERSION, VERSION_KEY};
use arrow_schema::{Schema, SchemaRef};
use consentry_model::Instant;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The columns that say what a row is about. A file has those that its rows need.
pub const ABOUT: [&str; 6] = ["store", "account", "conversation", "message", "part", "copy"];

/// Files that are decided together. All have the same columns and the same instant.
#[derive(Clone, Debug)]
pub struct FactsFiles {
    /// The files, by number.
    pub files: Vec<TaskFile>,
    /// Their columns.
    pub schema: SchemaRef,
    /// The instant at which the facts were taken.
    pub as_of: Instant,
}

impl FactsFiles {
    /// Looks at the footers of these files, and of the files named `*.parquet` in these folders, in
    /// the order given and by name.
    ///
    /// # Errors
    ///
    /// [`ClusterError::Facts`] when a file is not one of facts, or does not go with the others.
    pub fn look(paths: &[PathBuf]) -> Result<Self, ClusterError> {
        let mut found: Option<Self> = None;
        for path in listed(paths)? {
            let refuse = |reason: String| ClusterError::Facts { path: path.clone(), reason };
            let (file, schema, as_of) = footer(&path).map_err(refuse)?;
            let all = found.get_or_insert_with(|| Self {
                files: Vec::new(),
                schema: Arc::clone(&schema),
                as_of,
            });
            if all.as_of != as_of {
                return Err(refuse(format!(
                    "its facts are of {as_of}, those of the files before it of {}; decide them \
                     apart",
                    all.as_of
                )));
            }
            if all.schema != schema {
                return Err(refuse("its columns differ from those of the files before it".into()));
            }
            let bucket = u32::try_from(all.files.len())
                .map_err(|_| refuse("more files than a job can have".into()))?;
            all.files.push(TaskFile { bucket, ..file });
        }
        found.ok_or_else(|| ClusterError::Facts {
            path: paths.first().cloned().unwrap_or_default(),
            reason: "expected a file of facts in Parquet, or a folder of them".into(),
        })
    }
}

fn listed(paths: &[PathBuf]) -> Result<Vec<PathBuf>, ClusterError> {
    let mut all = Vec::new();
    for path in paths {
        let refuse = |reason: String| ClusterError::Facts { path: path.clone(), reason };
        let absolute = path.canonicalize().map_err(|error| refuse(error.to_string()))?;
        if !absolute.is_dir() {
            all.push(absolute);
            continue;
        }
        let mut inside = Vec::new();
        for entry in fs::read_dir(&absolute).map_err(|error| refuse(error.to_string()))? {
            let entry = entry.map_err(|error| refuse(error.to_string()))?.path();
            if entry.extension().is_some_and(|extension| extension == "parquet") {
                inside.push(entry);
            }
        }
        inside.sort();
        all.extend(inside);
    }
    Ok(all)
}

fn footer(path: &Path) -> Result<(TaskFile, SchemaRef, Instant), String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let bytes = file.metadata().map_err(|error| error.to_string())?.len();
    let footer = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())
        .map_err(|error| format!("expected Parquet, found another kind of file ({error})"))?;
    let about = footer.metadata().file_metadata();
    let value = |key: &str| {
        let pairs = about.key_value_metadata().into_iter().flatten();
        pairs.filter(|pair| pair.key == key).find_map(|pair| pair.value.as_deref())
    };
    match value(VERSION_KEY) {
        Some(VERSION) => {}
        Some(other) => {
            return Err(format!("expected facts in format {VERSION}, found format `{other}`"));
        }
        None => {
            return Err(format!("not a file of facts: its metadata have no `{VERSION_KEY}`"));
        }
    }
    let as_of = value(AS_OF_KEY).ok_or_else(|| format!("its metadata have no `{AS_OF_KEY}`"))?;
    let as_of = Instant::parse(as_of).map_err(|error| format!("`{AS_OF_KEY}`: {error}"))?;
    let rows = u64::try_from(about.num_rows()).map_err(|error| error.to_string())?;
    // What the file's metadata say is read; the columns are compared without them.
    let schema = Arc::new(Schema::new(footer.schema().fields().clone()));
    Ok((TaskFile { bucket: 0, path: path.to_owned(), bytes, rows }, schema, as_of))
}
