//! Rewrites a model file so that its 4-bit products are made of faster ones.
//!
//! The file is a protocol buffer (`onnx.proto`, in the repository of ONNX). A node `MatMulNBits` of
//! `com.microsoft` multiplies by weights of 4 bits with a scale for each block of a column, and pays
//! for unpacking them at every call. Unpacked once, the same weights are plain numbers that the
//! network's library packs for its kernels when it loads them.

use super::NeuralError;
use std::collections::{HashMap, HashSet};

/// The bytes in which a block of 32 weights lies.
const BLOCK: usize = 16;

/// What a product is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Into {
    /// A product of floating-point numbers.
    Float,
    /// A product of bytes, of which the left are made at every call.
    Byte,
}

/// The model's bytes with every 4-bit product replaced.
pub(super) fn rewrite(model: &[u8], into: Into) -> Result<Vec<u8>, NeuralError> {
    let refused = |why: &str| NeuralError::Model(format!("its file {why}"));
    let mut out = Vec::with_capacity(model.len() * 4);
    let mut replaced = 0;
    for field in Fields(model) {
        let field = field.ok_or_else(|| refused("is no protocol buffer, or is cut off"))?;
        if field.number == 7 {
            let mut graph = Graph { into, ..Graph::default() };
            graph
                .read(field.body)
                .ok_or_else(|| refused("has a product that is not understood"))?;
            replaced += graph.replaced;
            put(&mut out, 7, &graph.out);
        } else {
            out.extend_from_slice(field.whole);
        }
    }
    if replaced == 0 { Err(refused("holds no product of 4-bit weights")) } else { Ok(out) }
}

/// One field of a message.
#[derive(Clone, Copy)]
struct Field<'a> {
    number: u64,
    /// The value as a number, when it is one.
    value: u64,
    /// What the field holds, when it is a text or a message.
    body: &'a [u8],
    /// The field with its number.
    whole: &'a [u8],
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
    let whole = all.get(..all.len() - rest.len())?;
    Some((Field { number: key >> 3, value, body, whole }, rest))
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

/// A constant of the graph.
#[derive(Default)]
struct Tensor<'a> {
    sizes: Vec<usize>,
    raw: &'a [u8],
}

/// The graph while it is rewritten.
struct Graph<'a> {
    into: Into,
    constants: HashMap<&'a [u8], Tensor<'a>>,
    /// Inputs that were already made bytes.
    bytes: HashSet<&'a [u8]>,
    replaced: usize,
    out: Vec<u8>,
}

impl Default for Graph<'_> {
    fn default() -> Self {
        Self {
            into: Into::Float,
            constants: HashMap::new(),
            bytes: HashSet::new(),
            replaced: 0,
            out: Vec::new(),
        }
    }
}

impl<'a> Graph<'a> {
    /// Reads the message of the graph and writes the new one. None when it is not understood.
    fn read(&mut self, graph: &'a [u8]) -> Option<()> {
        for field in Fields(graph) {
            let field = field?;
            if field.number == 5 {
                self.constant(field.body)?;
            }
        }
        for field in Fields(graph) {
            let field = field?;
            if field.number == 1 && is_product(field.body)? {
                self.replace(field.body)?;
            } else {
                self.out.extend_from_slice(field.whole);
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
                1 if field.body.is_empty() => read.sizes.push(usize::try_from(field.value).ok()?),
                1 => {
                    let mut rest = field.body;
                    while !rest.is_empty() {
                        let (size, after) = number(rest)?;
                        read.sizes.push(usize::try_from(size).ok()?);
                        rest = after;
                    }
                }
                8 => name = field.body,
                9 => read.raw = field.body,
                _ => {}
            }
        }
        self.constants.insert(name, read);
        Some(())
    }

    fn replace(&mut self, node: &'a [u8]) -> Option<()> {
        let mut inputs = Vec::new();
        let mut output = &[][..];
        for field in Fields(node) {
            let field = field?;
            match field.number {
                1 => inputs.push(field.body),
                2 => output = field.body,
                _ => {}
            }
        }
        let [left, packed, scales] = inputs.as_slice() else { return None };
        let (columns, weights) = unpack(self.constants.get(packed)?, self.constants.get(scales)?)?;
        self.replaced += 1;
        match self.into {
            Into::Float => self.float(left, output, columns, &weights),
            Into::Byte => self.byte(left, output, columns, &weights)?,
        }
        Some(())
    }

    /// The weights lie column by column; a product wants them row by row.
    fn float(&mut self, left: &[u8], output: &[u8], columns: usize, weights: &[f32]) {
        let rows = weights.len() / columns;
        let raw: Vec<u8> = transposed(weights, rows).flat_map(|w| w.to_le_bytes()).collect();
        let name = join(output, "weights");
        self.tensor(&name, 1, &[rows, columns], &raw);
        self.node("MatMul", &[left, &name], &[output], None);
    }

    /// Each column has a scale; so has each left side, anew at every call.
    fn byte(
        &mut self,
        left: &'a [u8],
        output: &[u8],
        columns: usize,
        weights: &[f32],
    ) -> Option<()> {
        let rows = weights.len() / columns;
        let mut scales = Vec::with_capacity(columns * 4);
        let mut bytes: Vec<i8> = Vec::with_capacity(weights.len());
        for column in weights.chunks_exact(rows) {
            let top = column.iter().fold(0.0_f32, |top, w| top.max(w.abs())).max(f32::MIN_POSITIVE);
            scales.extend_from_slice(&(top / 127.0).to_le_bytes());
            #[expect(clippy::cast_possible_truncation, reason = "no magnitude is above 127")]
            bytes.extend(column.iter().map(|w| (w / top * 127.0).round() as i8));
        }
        let raw: Vec<u8> = transposed(&bytes, rows).map(i8::cast_unsigned).collect();
        let name = |what: &str| join(output, what);
        self.tensor(&name("weights"), 3, &[rows, columns], &raw);
        self.tensor(&name("zero"), 3, &[], &[0]);
        self.tensor(&name("scales"), 1, &[columns], &scales);
        let [quantised, scale, zero] = ["quantised", "scale", "zero"].map(|what| join(left, what));
        if self.bytes.insert(left) {
            self.node("DynamicQuantizeLinear", &[left], &[&quantised, &scale, &zero], None);
        }
        let inputs = [&quantised[..], &name("weights"), &zero, &name("zero")];
        self.node("MatMulInteger", &inputs, &[&name("sum")], None);
        self.node("Cast", &[&name("sum")], &[&name("number")], Some(("to", 1)));
        self.node("Mul", &[&scale, &name("scales")], &[&name("both")], None);
        self.node("Mul", &[&name("number"), &name("both")], &[output], None);
        Some(())
    }

    fn tensor(&mut self, name: &[u8], kind: u64, sizes: &[usize], raw: &[u8]) {
        let mut tensor = Vec::with_capacity(raw.len() + 64);
        for size in sizes {
            put_number(&mut tensor, 1 << 3);
            put_number(&mut tensor, *size as u64);
        }
        put_number(&mut tensor, 2 << 3);
        put_number(&mut tensor, kind);
        put(&mut tensor, 8, name);
        put(&mut tensor, 9, raw);
        put(&mut self.out, 5, &tensor);
    }

    fn node(
        &mut self,
        operator: &str,
        inputs: &[&[u8]],
        outputs: &[&[u8]],
        attribute: Option<(&str, u64)>,
    ) {
        let mut node = Vec::new();
        inputs.iter().for_each(|input| put(&mut node, 1, input));
        outputs.iter().for_each(|output| put(&mut node, 2, output));
        put(&mut node, 4, operator.as_bytes());
        if let Some((name, value)) = attribute {
            let mut body = Vec::new();
            put(&mut body, 1, name.as_bytes());
            put_number(&mut body, 3 << 3);
            put_number(&mut body, value);
            // The type of the attribute: an integer.
            put_number(&mut body, 20 << 3);
            put_number(&mut body, 2);
            put(&mut node, 5, &body);
        }
        put(&mut self.out, 1, &node);
    }
}

fn is_product(node: &[u8]) -> Option<bool> {
    for field in Fields(node) {
        let field = field?;
        if field.number == 4 {
            return Some(field.body == b"MatMulNBits");
        }
    }
    Some(false)
}

/// The columns of a product and its weights, column by column.
fn unpack(packed: &Tensor, scales: &Tensor) -> Option<(usize, Vec<f32>)> {
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
    let (scales, _) = scales.raw.as_chunks::<4>();
    for (block, scale) in blocks.iter().zip(scales) {
        let scale = f32::from_le_bytes(*scale);
        for pair in block {
            // Without stated zero points, the middle of the 16 values is zero.
            weights.push((f32::from(pair & 15) - 8.0) * scale);
            weights.push((f32::from(pair >> 4) - 8.0) * scale);
        }
    }
    Some((columns, weights))
}

/// The values of columns that lie one after the other, row by row.
fn transposed<T: Copy>(columns: &[T], rows: usize) -> impl Iterator<Item = T> {
    (0..rows).flat_map(move |row| columns.iter().skip(row).step_by(rows).copied())
}

/// A name for what belongs to a value. No name in the file ends like this.
fn join(name: &[u8], what: &str) -> Vec<u8> {
    [name, b"|", what.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::{Fields, Into, put, put_number, rewrite, transposed};
    use proptest::prelude::*;

    #[test]
    fn columns_become_rows() {
        assert_eq!(transposed(&[1, 2, 3, 4, 5, 6], 3).collect::<Vec<_>>(), [1, 4, 2, 5, 3, 6]);
    }

    #[test]
    fn a_file_without_such_products_is_refused() {
        let mut model = Vec::new();
        put(&mut model, 7, &[]);
        let refusal = rewrite(&model, Into::Float).unwrap_err().to_string();
        assert!(refusal.contains("no product of 4-bit weights"), "{refusal}");
        let refusal = rewrite(&model[..1], Into::Byte).unwrap_err().to_string();
        assert!(refusal.contains("cut off"), "{refusal}");
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

        /// Whatever the bytes, there is an answer.
        #[test]
        fn bytes_that_are_no_model_are_refused(bytes in any::<Vec<u8>>()) {
            prop_assert!(rewrite(&bytes, Into::Byte).is_err());
        }
    }
}
