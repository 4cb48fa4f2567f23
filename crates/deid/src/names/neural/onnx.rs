//! Reads the weights of a model file.
//!
//! The file is a protocol buffer (`onnx.proto`, in the repository of ONNX). Of its graph, only the
//! constants are read, and which of them a product multiplies by: what is computed with them is
//! fixed by the architecture. A node `MatMulNBits` of `com.microsoft` multiplies by weights of 4
//! bits with a scale for each block of a column.

use super::NeuralError;
use std::collections::HashMap;

/// The bytes in which a block of 32 weights lies.
const BLOCK: usize = 16;

/// One field of a message.
#[derive(Clone, Copy)]
struct Field<'a> {
    number: u64,
    /// The value as a number, when it is one.
    value: u64,
    /// What the field holds, when it is a text, a message or of fixed length.
    body: &'a [u8],
}

/// The fields of a message, in order. None stands for the first that cannot be read.
struct Fields<'a>(&'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = Option<Field<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        let all = self.0;
        if all.is_empty() {
            return None;
        }
        self.0 = &[];
        Some(field(all).map(|(field, rest)| {
            self.0 = rest;
            field
        }))
    }
}

fn field(all: &[u8]) -> Option<(Field<'_>, &[u8])> {
    let (key, rest) = number(all)?;
    let (value, body, rest) = match key & 7 {
        0 => {
            let (value, rest) = number(rest)?;
            (value, &[][..], rest)
        }
        1 => (0, rest.get(..8)?, rest.get(8..)?),
        2 => {
            let (length, rest) = number(rest)?;
            let length = usize::try_from(length).ok()?;
            (0, rest.get(..length)?, rest.get(length..)?)
        }
        5 => (0, rest.get(..4)?, rest.get(4..)?),
        _ => return None,
    };
    Some((Field { number: key >> 3, value, body }, rest))
}

/// Reads a number of seven bits a byte.
fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (at, byte) in bytes.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f).checked_shl(u32::try_from(7 * at).ok()?)?;
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(at + 1..)?));
        }
    }
    None
}

/// The numbers of a field that repeats one, alone or packed together.
fn numbers(field: &Field, into: &mut Vec<usize>) -> Option<()> {
    if field.body.is_empty() {
        into.push(usize::try_from(field.value).ok()?);
    }
    let mut rest = field.body;
    while !rest.is_empty() {
        let (value, after) = number(rest)?;
        into.push(usize::try_from(value).ok()?);
        rest = after;
    }
    Some(())
}

fn floats(raw: &[u8]) -> impl Iterator<Item = f32> {
    raw.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes))
}

/// A constant of the graph.
#[derive(Default)]
struct Tensor<'a> {
    sizes: Vec<usize>,
    raw: &'a [u8],
    /// A scale is stated so.
    float: f32,
    /// A zero point is stated so.
    integers: Vec<usize>,
}

/// The weights of a product, column by column.
pub(super) struct Product {
    pub(super) columns: usize,
    pub(super) weights: Vec<f32>,
}

/// A table of rows of bytes, as which embeddings lie in the file.
pub(super) struct Table<'a> {
    pub(super) rows: &'a [u8],
    scale: f32,
    zero: u8,
}

impl Table<'_> {
    /// The numbers that bytes of the table stand for.
    pub(super) fn numbers(&self, bytes: &[u8]) -> impl Iterator<Item = f32> {
        bytes.iter().map(|byte| (f32::from(*byte) - f32::from(self.zero)) * self.scale)
    }

    /// How they are computed: `(byte - zero) * scale`.
    pub(super) const fn scale(&self) -> (u8, f32) {
        (self.zero, self.scale)
    }
}

/// The constants of a model file, and what its products multiply by.
#[derive(Default)]
pub(super) struct Weights<'a> {
    constants: HashMap<&'a [u8], Tensor<'a>>,
    /// The packed weights and the scales, by the name of the result.
    products: HashMap<&'a [u8], (&'a [u8], &'a [u8])>,
}

impl<'a> Weights<'a> {
    /// Reads a file.
    pub(super) fn read(model: &'a [u8]) -> Result<Self, NeuralError> {
        let mut weights = Self::default();
        let read = Fields(model).try_for_each(|field| {
            let field = field?;
            if field.number == 7 { weights.graph(field.body) } else { Some(()) }
        });
        read.ok_or_else(|| {
            NeuralError::Model("its file is no protocol buffer, or is cut off".to_owned())
        })?;
        Ok(weights)
    }

    fn graph(&mut self, graph: &'a [u8]) -> Option<()> {
        for field in Fields(graph) {
            let field = field?;
            match field.number {
                1 => self.node(field.body)?,
                5 => self.constant(field.body)?,
                _ => {}
            }
        }
        Some(())
    }

    fn constant(&mut self, tensor: &'a [u8]) -> Option<()> {
        let mut name = &[][..];
        let mut read = Tensor::default();
        for field in Fields(tensor) {
            let field = field?;
            match field.number {
                1 => numbers(&field, &mut read.sizes)?,
                4 => read.float = floats(field.body).next().unwrap_or(0.0),
                5 => numbers(&field, &mut read.integers)?,
                8 => name = field.body,
                9 => read.raw = field.body,
                _ => {}
            }
        }
        self.constants.insert(name, read);
        Some(())
    }

    fn node(&mut self, node: &'a [u8]) -> Option<()> {
        let mut inputs = Vec::new();
        let (mut output, mut operator) = (&[][..], &[][..]);
        for field in Fields(node) {
            let field = field?;
            match field.number {
                1 => inputs.push(field.body),
                2 => output = field.body,
                4 => operator = field.body,
                _ => {}
            }
        }
        if operator == b"MatMulNBits"
            && let [_, packed, scales] = *inputs.as_slice()
        {
            self.products.insert(output, (packed, scales));
        }
        Some(())
    }

    /// The numbers of a constant.
    pub(super) fn vector(&self, name: &str, length: usize) -> Result<Vec<f32>, NeuralError> {
        let raw = self.constants.get(name.as_bytes()).map(|tensor| tensor.raw);
        let raw = raw.filter(|raw| raw.len() == length * 4).ok_or_else(|| lacking(name))?;
        Ok(floats(raw).collect())
    }

    /// A table of bytes with its scale; `name` is that of the weights before they were bytes.
    pub(super) fn table(&self, name: &str) -> Result<Table<'a>, NeuralError> {
        let part = |what: &str| {
            let name = format!("{name}_{what}");
            self.constants.get(name.as_bytes()).ok_or_else(|| lacking(&name))
        };
        let zero = part("zero_point")?.integers.first().and_then(|zero| u8::try_from(*zero).ok());
        let zero = zero.ok_or_else(|| lacking(name))?;
        Ok(Table { rows: part("quantized")?.raw, scale: part("scale")?.float, zero })
    }

    /// The weights of the product whose result has this name.
    pub(super) fn product(&self, name: &str, depth: usize) -> Result<Product, NeuralError> {
        let unpacked = self.products.get(name.as_bytes()).and_then(|(packed, scales)| {
            unpack(self.constants.get(packed)?, self.constants.get(scales)?)
        });
        let product = unpacked.ok_or_else(|| lacking(name))?;
        if product.weights.len() == product.columns * depth {
            Ok(product)
        } else {
            Err(lacking(name))
        }
    }
}

fn lacking(name: &str) -> NeuralError {
    NeuralError::Model(format!("its file lacks {name}, or holds it in another form"))
}

fn unpack(packed: &Tensor, scales: &Tensor) -> Option<Product> {
    let [columns, blocks, BLOCK] = *packed.sizes.as_slice() else { return None };
    let count = columns.checked_mul(blocks)?;
    if count == 0
        || packed.raw.len() != count.checked_mul(BLOCK)?
        || scales.raw.len() != count.checked_mul(4)?
    {
        return None;
    }
    let mut weights = Vec::with_capacity(count * BLOCK * 2);
    let (blocks, _) = packed.raw.as_chunks::<BLOCK>();
    for (block, scale) in blocks.iter().zip(floats(scales.raw)) {
        for pair in block {
            // Without stated zero points, the middle of the 16 values is zero.
            weights.push((f32::from(pair & 15) - 8.0) * scale);
            weights.push((f32::from(pair >> 4) - 8.0) * scale);
        }
    }
    Some(Product { columns, weights })
}

#[cfg(test)]
mod tests {
    use super::{Fields, Weights};
    use proptest::prelude::*;

    fn put_number(out: &mut Vec<u8>, mut value: u64) {
        while value >= 0x80 {
            out.push((value & 0x7f) as u8 | 0x80);
            value >>= 7;
        }
        out.push((value & 0x7f) as u8);
    }

    /// Writes a field that holds bytes.
    fn put(out: &mut Vec<u8>, number: u64, body: &[u8]) {
        put_number(out, number << 3 | 2);
        put_number(out, body.len() as u64);
        out.extend_from_slice(body);
    }

    #[test]
    fn a_product_of_four_bits_is_unpacked_column_by_column() {
        let (mut packed, mut scales, mut node) = (Vec::new(), Vec::new(), Vec::new());
        put(&mut packed, 1, &[2, 1, 16]);
        put(&mut packed, 8, b"q");
        put(&mut packed, 9, &[[0xF0; 16], [0x98; 16]].concat());
        put(&mut scales, 8, b"s");
        put(&mut scales, 9, &[2_f32.to_le_bytes(), 0.5_f32.to_le_bytes()].concat());
        for (number, body) in [(1, "x"), (1, "q"), (1, "s"), (2, "y"), (4, "MatMulNBits")] {
            put(&mut node, number, body.as_bytes());
        }
        let (mut graph, mut model) = (Vec::new(), Vec::new());
        put(&mut graph, 1, &node);
        put(&mut graph, 5, &packed);
        put(&mut graph, 5, &scales);
        put(&mut model, 7, &graph);
        let weights = Weights::read(&model).unwrap();
        let product = weights.product("y", 32).unwrap();
        assert_eq!(product.columns, 2);
        assert_eq!(product.weights[..4], [-16.0, 14.0, -16.0, 14.0]);
        assert_eq!(product.weights[32..36], [0.0, 0.5, 0.0, 0.5]);
        assert!(weights.product("y", 64).is_err());
        assert!(weights.product("z", 32).is_err());
    }

    proptest! {
        #[test]
        fn fields_are_read_as_written(number in 1_u64..1 << 40, body in any::<Vec<u8>>()) {
            let mut bytes = Vec::new();
            put(&mut bytes, 3, &body);
            put_number(&mut bytes, 4 << 3);
            put_number(&mut bytes, number);
            let fields: Vec<_> = Fields(&bytes).map(Option::unwrap).collect();
            prop_assert_eq!(fields[0].body, &body[..]);
            prop_assert_eq!((fields[1].number, fields[1].value), (4, number));
        }

        /// Whatever the bytes, there is an answer, and no weights.
        #[test]
        fn bytes_that_are_no_model_hold_no_weights(bytes in any::<Vec<u8>>()) {
            let held = Weights::read(&bytes).is_ok_and(|weights| weights.product("y", 32).is_ok());
            prop_assert!(!held);
        }
    }
}
