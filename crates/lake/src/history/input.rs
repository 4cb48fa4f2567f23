//! Inputs: plain, gzip or zstd, from a file or standard input.

use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::PathBuf;

/// Where a history is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file.
    Path(PathBuf),
    /// Standard input, written `-`.
    Stdin,
}

impl Source {
    /// The source for a command-line argument.
    #[must_use]
    pub fn from_argument(argument: PathBuf) -> Self {
        if argument.as_os_str() == "-" { Self::Stdin } else { Self::Path(argument) }
    }

    /// The name that errors use.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Path(path) => path.display().to_string(),
            Self::Stdin => "-".to_owned(),
        }
    }

    /// The size of the file as stored, where it is known.
    #[must_use]
    pub fn stored_bytes(&self) -> Option<u64> {
        match self {
            Self::Path(path) => std::fs::metadata(path).ok().map(|metadata| metadata.len()),
            Self::Stdin => None,
        }
    }
}

/// What was read from one input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputDigest {
    /// The name as it was given.
    pub name: String,
    /// Bytes as stored, before any unpacking.
    pub bytes: u64,
    /// SHA-256 of those bytes in hexadecimal, if it was asked for.
    pub sha256: Option<String>,
}

/// Counts, and if asked hashes, the stored bytes as they pass.
pub(super) struct Meter<R> {
    inner: R,
    bytes: u64,
    hasher: Option<Sha256>,
}

impl<R: Read> Read for Meter<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.bytes += count as u64;
        if let (Some(hasher), Some(read)) = (&mut self.hasher, buffer.get(..count)) {
            hasher.update(read);
        }
        Ok(count)
    }
}

type Stored = BufReader<Meter<Box<dyn Read>>>;

/// The bytes of a file or of standard input, unpacked where they are gzip or zstd, which their first
/// bytes tell.
pub struct Unpacked(Opened);

impl Unpacked {
    /// Opens `source`.
    ///
    /// # Errors
    ///
    /// When it cannot be opened, or its first bytes cannot be read.
    pub fn open(source: &Source) -> io::Result<Self> {
        Opened::open(source, false).map(Self)
    }

    /// Bytes read so far as they are stored, before unpacking.
    #[must_use]
    pub fn stored_bytes(&self) -> u64 {
        self.0.stored_bytes()
    }
}

impl std::fmt::Debug for Unpacked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unpacked").field("stored_bytes", &self.stored_bytes()).finish()
    }
}

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

/// An opened input: unpacked bytes come out.
pub(super) enum Opened {
    Plain(Stored),
    Gzip(Box<flate2::bufread::MultiGzDecoder<Stored>>),
    Zstd(Box<zstd::Decoder<'static, Stored>>),
}

const BUFFER_BYTES: usize = 1 << 20;
const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b];
const PARQUET_MAGIC: &[u8] = b"PAR1";
const ZSTD_MAGIC: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

impl Opened {
    /// Opens an input that holds a history.
    pub(super) fn new(source: &Source, hash: bool) -> io::Result<Self> {
        let opened = Self::open(source, hash)?;
        if matches!(&opened, Self::Plain(stored) if stored.buffer().starts_with(PARQUET_MAGIC)) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "these are facts in Parquet, not a history; `decide` and `retain` take them, from a \
                 file",
            ));
        }
        Ok(opened)
    }

    /// Opens any input. Compression is recognised by its first bytes, not by the name, so that it
    /// works on standard input too; no text begins with either.
    fn open(source: &Source, hash: bool) -> io::Result<Self> {
        let inner: Box<dyn Read> = match source {
            Source::Path(path) => Box::new(File::open(path)?),
            Source::Stdin => Box::new(io::stdin()),
        };
        let meter = Meter { inner, bytes: 0, hasher: hash.then(Sha256::new) };
        let mut stored = BufReader::with_capacity(BUFFER_BYTES, meter);
        let start = stored.fill_buf()?;
        if start.starts_with(GZIP_MAGIC) {
            Ok(Self::Gzip(Box::new(flate2::bufread::MultiGzDecoder::new(stored))))
        } else if start.starts_with(ZSTD_MAGIC) {
            Ok(Self::Zstd(Box::new(zstd::Decoder::with_buffer(stored)?)))
        } else {
            Ok(Self::Plain(stored))
        }
    }

    fn meter(&self) -> &Meter<Box<dyn Read>> {
        match self {
            Self::Plain(stored) => stored.get_ref(),
            Self::Gzip(decoder) => decoder.get_ref().get_ref(),
            Self::Zstd(decoder) => decoder.get_ref().get_ref(),
        }
    }

    /// Stored bytes read so far.
    pub(super) fn stored_bytes(&self) -> u64 {
        self.meter().bytes
    }

    /// The account of an input that was read to its end.
    pub(super) fn digest(self, name: String) -> InputDigest {
        let meter = self.meter();
        let digest = meter.hasher.clone().map(Sha256::finalize);
        InputDigest { name, bytes: meter.bytes, sha256: digest.map(|digest| crate::hex(&digest)) }
    }
}

impl Read for Opened {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stored) => stored.read(buffer),
            Self::Gzip(decoder) => decoder.read(buffer),
            Self::Zstd(decoder) => decoder.read(buffer),
        }
    }
}
