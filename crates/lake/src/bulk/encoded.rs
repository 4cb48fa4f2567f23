//! Columns of few different values, encoded for Parquet from runs of numbers.
//!
//! Arrow's writer looks every value up by its text. Here each row's answer is known by number, and
//! the same from part to part, so that a run of rows is written as a run.

use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::column::page::{CompressedPage, Page, PageWriter as _};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::Result;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;
use std::io;

mod hybrid;

use hybrid::Hybrid;

/// How many rows a data page has at most: readers that skip do so by pages.
const PAGE_ROWS: usize = 1 << 17;

/// Favours speed: what is left to compress is small.
const ZSTD_LEVEL: i32 = 1;

/// What a row group's column consists of.
pub(super) struct Coded<'a> {
    /// The different values, encoded plainly.
    pub(super) dictionary: &'a [u8],
    /// How many there are.
    pub(super) values: usize,
    /// For each code, the values of a row that has it: exactly one in a required column, at most one
    /// in an optional one, any number in a list.
    pub(super) rows: &'a [Vec<u32>],
}

/// Codes of rows in order, each with how many rows it goes on for.
#[derive(Clone, Debug, Default)]
pub(super) struct Runs {
    runs: Vec<(u32, usize)>,
    rows: usize,
}

impl Runs {
    pub(super) fn add(&mut self, code: u32, rows: usize) {
        self.rows += rows;
        match self.runs.last_mut() {
            Some((last, known)) if *last == code => *known += rows,
            _ => self.runs.push((code, rows)),
        }
    }

    /// How many rows there are.
    pub(super) const fn rows(&self) -> usize {
        self.rows
    }

    /// The runs page by page.
    fn pages(&self) -> Vec<Vec<(u32, usize)>> {
        let (mut pages, mut page, mut room) = (Vec::new(), Vec::new(), PAGE_ROWS);
        for (code, rows) in &self.runs {
            let mut left = *rows;
            while left > 0 {
                let now = left.min(room);
                page.push((*code, now));
                (left, room) = (left - now, room - now);
                if room == 0 {
                    pages.push(std::mem::take(&mut page));
                    room = PAGE_ROWS;
                }
            }
        }
        if !page.is_empty() {
            pages.push(page);
        }
        pages
    }
}

/// A column of a row group, ready to be put into a file.
#[derive(Debug)]
pub(super) struct Chunk {
    pub(super) bytes: bytes::Bytes,
    pub(super) close: ColumnCloseResult,
}

/// The levels and values of a page.
struct Streams {
    repetition: Hybrid,
    definition: Hybrid,
    values: Hybrid,
    /// How many levels: one for every value, and one for every row without.
    levels: usize,
}

impl Streams {
    fn run(&mut self, values: &[u32], rows: usize) {
        match values {
            [] => {
                self.levels += rows;
                self.repetition.run(0, rows);
                self.definition.run(0, rows);
            }
            [value] => {
                self.levels += rows;
                self.repetition.run(0, rows);
                self.definition.run(1, rows);
                self.values.run(*value, rows);
            }
            [_, rest @ ..] => {
                self.levels += rows * values.len();
                self.definition.run(1, rows * values.len());
                for _ in 0..rows {
                    self.repetition.run(0, 1);
                    self.repetition.run(1, rest.len());
                    for value in values {
                        self.values.run(*value, 1);
                    }
                }
            }
        }
    }

    /// The page as version 1 of data pages lays it out.
    fn page(self, descriptor: &ColumnDescPtr, width: u8) -> (Vec<u8>, usize) {
        let mut page = Vec::new();
        for (levels, most) in [
            (self.repetition, descriptor.max_rep_level()),
            (self.definition, descriptor.max_def_level()),
        ] {
            if most > 0 {
                let levels = levels.finish();
                // A page of so many rows has far less than 4 GB of levels.
                let length = u32::try_from(levels.len()).unwrap_or(u32::MAX);
                page.extend_from_slice(&length.to_le_bytes());
                page.extend_from_slice(&levels);
            }
        }
        page.push(width);
        page.extend_from_slice(&self.values.finish());
        (page, self.levels)
    }
}

fn count(number: usize) -> io::Result<u32> {
    u32::try_from(number).map_err(io::Error::other)
}

/// Encodes a column whose levels, if any, are 0 or 1.
pub(super) fn encode(descriptor: &ColumnDescPtr, coded: &Coded<'_>, runs: &Runs) -> Result<Chunk> {
    let mut sink = TrackedWrite::new(Vec::new());
    let mut compressor = zstd::bulk::Compressor::new(ZSTD_LEVEL)?;
    let mut writer = SerializedPageWriter::new(&mut sink);
    let mut plain_bytes = 0u64;
    let mut compress = |page: &[u8]| compressor.compress(page).map(bytes::Bytes::from);
    let dictionary = Page::DictionaryPage {
        buf: compress(coded.dictionary)?,
        num_values: count(coded.values)?,
        encoding: Encoding::PLAIN,
        is_sorted: false,
    };
    let spec = writer.write_page(CompressedPage::new(dictionary, coded.dictionary.len()))?;
    let header_bytes = |spec: &parquet::column::page::PageWriteSpec| {
        spec.bytes_written.saturating_sub(spec.compressed_size as u64)
    };
    plain_bytes += coded.dictionary.len() as u64 + header_bytes(&spec);
    let data_offset = spec.bytes_written;
    let (mut levels, mut written) = (0, spec.bytes_written);
    let width = Hybrid::width(coded.values);
    for page in runs.pages() {
        let mut streams = Streams {
            repetition: Hybrid::new(1),
            definition: Hybrid::new(1),
            values: Hybrid::new(width),
            levels: 0,
        };
        for (code, rows) in page {
            let values = coded.rows.get(code as usize);
            streams.run(values.map_or(&[][..], Vec::as_slice), rows);
        }
        let (plain, page_levels) = streams.page(descriptor, width);
        levels += page_levels;
        let page = Page::DataPage {
            buf: compress(&plain)?,
            num_values: count(page_levels)?,
            encoding: Encoding::RLE_DICTIONARY,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        };
        let spec = writer.write_page(CompressedPage::new(page, plain.len()))?;
        plain_bytes += plain.len() as u64 + header_bytes(&spec);
        written += spec.bytes_written;
    }
    let bytes = sink.into_inner()?;
    let signed = |number: u64| i64::try_from(number).map_err(io::Error::other);
    let metadata = ColumnChunkMetaData::builder(descriptor.clone())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?))
        .set_encodings(vec![Encoding::PLAIN, Encoding::RLE, Encoding::RLE_DICTIONARY])
        .set_total_compressed_size(signed(written)?)
        .set_total_uncompressed_size(signed(plain_bytes)?)
        .set_num_values(signed(levels as u64)?)
        .set_dictionary_page_offset(Some(0))
        .set_data_page_offset(signed(data_offset)?)
        .build()?;
    let close = ColumnCloseResult {
        bytes_written: written,
        rows_written: runs.rows() as u64,
        metadata,
        bloom_filter: None,
        column_index: None,
        offset_index: None,
    };
    Ok(Chunk { bytes: bytes.into(), close })
}
