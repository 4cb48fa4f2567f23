//! The network: a BERT of six layers (Devlin and others 2018) that labels word pieces.
//!
//! Sentences stand one after another without padding; only attention looks at one at a time. The
//! left side of every product is made bytes row by row, so that the answer for a sentence does not
//! depend on its company.

use super::numeric::{BLOCK, Bytes, Columns, Strided, Sums, add_and_normalise, multiply};
use super::onnx::{Product, Weights};
use super::{LABELS, NeuralError};
use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmOptions, GemmResult, PackedBMatrix};
use rten_simd::{SimdOp, SimdUnaryOp};
use rten_tensor::Matrix;
use rten_vecmath::{Gelu, Softmax};
use std::ops::Range;

const WIDTH: usize = 384;
const INNER: usize = 1536;
const HEADS: usize = 12;
const HEAD: usize = WIDTH / HEADS;
const LAYERS: usize = 6;
/// Rows whose inner layer is computed together: few enough that they stay in the core's cache.
const TOGETHER: usize = 64;

/// A product with weights of bytes, and what is added to it.
struct Linear {
    weights: PackedBMatrix<i8>,
    columns: Columns,
}

struct Norm {
    gain: Vec<f32>,
    shift: Vec<f32>,
}

struct Layer {
    /// Queries, keys and values side by side.
    look: Linear,
    gather: Linear,
    gathered: Norm,
    widen: Linear,
    narrow: Linear,
    narrowed: Norm,
}

/// The weights, ready to multiply.
pub(super) struct Network {
    words: Vec<u8>,
    word_zero: f32,
    word_scale: f32,
    /// For each place in a sentence, what is added to the word.
    places: Vec<f32>,
    embedded: Norm,
    layers: Vec<Layer>,
    classify: Linear,
}

/// What one run needs and the next can use again.
#[derive(Default)]
pub(super) struct Scratch {
    rows: Vec<f32>,
    left: Bytes,
    inner: Bytes,
    sums: Vec<i32>,
    look: Vec<f32>,
    context: Vec<f32>,
    wide: Vec<f32>,
    keys: Vec<f32>,
    scores: Vec<f32>,
}

impl Norm {
    fn read(weights: &Weights, name: &str) -> Result<Self, NeuralError> {
        Ok(Self {
            gain: weights.vector(&format!("{name}.weight"), WIDTH)?,
            shift: weights.vector(&format!("{name}.bias"), WIDTH)?,
        })
    }

    fn apply(&self, row: &mut [f32], more: &[f32]) {
        add_and_normalise(row, more, &self.gain, &self.shift);
    }
}

/// A part of the network as the file names it: with points where a constant belongs to it, and
/// with strokes where a result does.
fn linear(
    weights: &Weights,
    name: &str,
    depth: usize,
    columns: usize,
) -> Result<(Product, Vec<f32>), NeuralError> {
    let path = name.replace('.', "/").replace("layer/", "layer.");
    let product = weights.product(&format!("/{path}/MatMul_output_0"), depth)?;
    let bias = weights.vector(&format!("{name}.bias"), columns)?;
    if product.columns == columns {
        Ok((product, bias))
    } else {
        Err(NeuralError::Model(format!("{name} has {} columns", product.columns)))
    }
}

impl Network {
    /// Reads the weights of a model file.
    pub(super) fn read(model: &[u8]) -> Result<Self, NeuralError> {
        let weights = Weights::read(model)?;
        let bytes = GemmExecutor::new();
        let pack = |(product, bias)| Linear::new(&bytes, &product, bias);
        let words = weights.table("bert.embeddings.word_embeddings.weight")?;
        let (word_zero, word_scale) = words.scale();
        let places = weights.table("bert.embeddings.position_embeddings.weight")?;
        let kinds = weights.table("bert.embeddings.token_type_embeddings.weight")?;
        let kind = kinds.rows.get(..WIDTH).unwrap_or_default();
        // Every input is of the first of the two kinds.
        let places = places.rows.chunks_exact(WIDTH).flat_map(|row| {
            places.numbers(row).zip(kinds.numbers(kind)).map(|(place, kind)| place + kind)
        });
        Ok(Self {
            places: places.collect(),
            words: words.rows.to_vec(),
            word_zero: f32::from(word_zero),
            word_scale,
            embedded: Norm::read(&weights, "bert.embeddings.LayerNorm")?,
            layers: (0..LAYERS)
                .map(|layer| Layer::read(&weights, &bytes, layer))
                .collect::<Result<_, _>>()?,
            classify: pack(linear(&weights, "classifier", WIDTH, LABELS)?)?,
        })
    }

    /// The most tokens that a sentence may have, with its marks.
    pub(super) fn longest(&self) -> usize {
        self.places.len() / WIDTH
    }

    /// What the network gives for every label of every token of some sentences, which are ranges of
    /// `ids` that cover it in order.
    pub(super) fn run(
        &self,
        ids: &[i32],
        sentences: &[Range<usize>],
        scratch: &mut Scratch,
    ) -> Result<Vec<f32>, NeuralError> {
        let failed = |why: &dyn std::fmt::Display| NeuralError::Run(why.to_string());
        // Threads cannot share it, and it costs nothing: it only names the kernel of this machine.
        let gemm = GemmExecutor::new();
        self.embed(ids, sentences, scratch);
        for layer in &self.layers {
            self.attend(&gemm, layer, sentences, scratch).map_err(|why| failed(&why))?;
            self.think(&gemm, layer, scratch).map_err(|why| failed(&why))?;
        }
        let Scratch { rows, left, sums, .. } = scratch;
        left.clear();
        left.extend(rows, WIDTH);
        let mut out = vec![0.0; ids.len() * LABELS];
        self.classify.numbers(&gemm, left, sums, &mut out).map_err(|why| failed(&why))?;
        Ok(out)
    }

    fn embed(&self, ids: &[i32], sentences: &[Range<usize>], scratch: &mut Scratch) {
        let Scratch { rows, .. } = scratch;
        rows.clear();
        for sentence in sentences {
            let ids = ids.get(sentence.clone()).unwrap_or_default();
            for (id, place) in ids.iter().zip(self.places.chunks_exact(WIDTH)) {
                let start = usize::try_from(*id).unwrap_or(0).saturating_mul(WIDTH);
                let word = self.words.get(start..).unwrap_or_default();
                let from = rows.len();
                let number = |byte: &u8| (f32::from(*byte) - self.word_zero) * self.word_scale;
                rows.extend(word.iter().take(WIDTH).map(number));
                rows.resize(from + WIDTH, 0.0);
                self.embedded.apply(rows.get_mut(from..).unwrap_or_default(), place);
            }
        }
    }

    /// Each token looks at those of its sentence and adds what it gathers.
    fn attend(
        &self,
        gemm: &GemmExecutor<u8, i8, i32>,
        layer: &Layer,
        sentences: &[Range<usize>],
        scratch: &mut Scratch,
    ) -> GemmResult {
        let Scratch { rows, left, sums, look, context, keys, scores, wide, .. } = scratch;
        left.clear();
        left.extend(rows, WIDTH);
        look.resize(rows.len() * 3, 0.0);
        layer.look.numbers(gemm, left, sums, look)?;
        context.resize(rows.len(), 0.0);
        let parts = look.chunks_exact(WIDTH * 3);
        let count = parts.len();
        for sentence in sentences.iter().filter(|sentence| sentence.end <= count) {
            for head in 0..HEADS {
                attend_to(look, sentence, head, [keys, scores, wide]);
                let context = context.chunks_exact_mut(WIDTH).skip(sentence.start);
                for (out, seen) in context.zip(wide.chunks_exact(HEAD)) {
                    let out = out.get_mut(head * HEAD..(head + 1) * HEAD).unwrap_or_default();
                    out.copy_from_slice(seen);
                }
            }
        }
        left.clear();
        left.extend(context, WIDTH);
        wide.resize(WIDTH, 0.0);
        let mut rows = rows.chunks_exact_mut(WIDTH);
        layer.gather.each(gemm, left, sums, |more| {
            more.numbers(wide);
            if let Some(row) = rows.next() {
                layer.gathered.apply(row, wide);
            }
        })
    }

    /// Each token by itself goes through the inner layer.
    fn think(
        &self,
        gemm: &GemmExecutor<u8, i8, i32>,
        layer: &Layer,
        scratch: &mut Scratch,
    ) -> GemmResult {
        let Scratch { rows, left, inner, sums, wide, context, .. } = scratch;
        for rows in rows.chunks_mut(TOGETHER * WIDTH) {
            left.clear();
            left.extend(rows, WIDTH);
            inner.clear();
            wide.resize(INNER, 0.0);
            layer.widen.each(gemm, left, sums, |row| {
                row.numbers(wide);
                Gelu {}.map_mut(wide);
                inner.extend(wide, INNER);
            })?;
            context.resize(WIDTH, 0.0);
            let mut rows = rows.chunks_exact_mut(WIDTH);
            layer.narrow.each(gemm, inner, sums, |more| {
                more.numbers(context);
                if let Some(row) = rows.next() {
                    layer.narrowed.apply(row, context);
                }
            })?;
        }
        Ok(())
    }
}

/// One head of attention over one sentence: the last of the buffers gets what each token gathers.
fn attend_to(
    look: &[f32],
    sentence: &Range<usize>,
    head: usize,
    [keys, scores, seen]: [&mut Vec<f32>; 3],
) {
    let part = |which: usize| {
        let from = sentence.start * WIDTH * 3 + which * WIDTH + head * HEAD;
        Strided { numbers: look.get(from..).unwrap_or_default(), stride: WIDTH * 3 }
    };
    let count = sentence.len();
    let width = count.next_multiple_of(BLOCK);
    keys.clear();
    keys.resize(HEAD * width, 0.0);
    for (token, key) in part(1).numbers.chunks(WIDTH * 3).take(count).enumerate() {
        for (to, x) in keys.iter_mut().skip(token).step_by(width).zip(key) {
            *to = *x;
        }
    }
    scores.resize(count * width, 0.0);
    multiply(part(0), Strided { numbers: keys, stride: width }, HEAD, width, scores);
    for row in scores.chunks_exact_mut(width) {
        Softmax::new_mut(row.get_mut(..count).unwrap_or_default()).dispatch();
    }
    seen.resize(count * HEAD, 0.0);
    multiply(Strided { numbers: scores, stride: width }, part(2), count, HEAD, seen);
}

impl Layer {
    fn read(
        weights: &Weights,
        gemm: &GemmExecutor<u8, i8, i32>,
        layer: usize,
    ) -> Result<Self, NeuralError> {
        let name = |part: &str| format!("bert.encoder.layer.{layer}.{part}");
        let read = |part: &str, depth, columns| linear(weights, &name(part), depth, columns);
        let (mut look, mut bias) = read("attention.self.query", WIDTH, WIDTH)?;
        // Attention divides what queries and keys give by the root of a head's width.
        let root = (HEAD as f32).sqrt().recip();
        look.weights.iter_mut().chain(&mut bias).for_each(|x| *x *= root);
        for part in ["attention.self.key", "attention.self.value"] {
            let (more, more_bias) = read(part, WIDTH, WIDTH)?;
            look.columns += more.columns;
            look.weights.extend(more.weights);
            bias.extend(more_bias);
        }
        let pack = |(product, bias)| Linear::new(gemm, &product, bias);
        Ok(Self {
            look: pack((look, bias))?,
            gather: pack(read("attention.output.dense", WIDTH, WIDTH)?)?,
            gathered: Norm::read(weights, &name("attention.output.LayerNorm"))?,
            widen: pack(read("intermediate.dense", WIDTH, INNER)?)?,
            narrow: pack(read("output.dense", INNER, WIDTH)?)?,
            narrowed: Norm::read(weights, &name("output.LayerNorm"))?,
        })
    }
}

impl Linear {
    /// Makes bytes of the weights, with a scale for each column.
    fn new(
        gemm: &GemmExecutor<u8, i8, i32>,
        product: &Product,
        bias: Vec<f32>,
    ) -> Result<Self, NeuralError> {
        let depth = product.weights.len() / product.columns.max(1);
        // Where the processor adds pairs of products in 16 bits, weights of 7 bits cannot overflow.
        let most = if gemm.may_saturate() { 63.0 } else { 127.0 };
        let mut scales = Vec::with_capacity(product.columns);
        let mut totals = Vec::with_capacity(product.columns);
        let mut bytes: Vec<i8> = Vec::with_capacity(product.weights.len());
        for column in product.weights.chunks_exact(depth.max(1)) {
            let top = column.iter().fold(0.0_f32, |top, w| top.max(w.abs())).max(f32::MIN_POSITIVE);
            scales.push(top / most);
            #[expect(clippy::cast_possible_truncation, reason = "no magnitude is above 127")]
            let rounded = column.iter().map(|w| (w / top * most).round() as i8);
            totals.push(rounded.clone().map(f32::from).sum());
            bytes.extend(rounded);
        }
        let by_column =
            Matrix::from_slice_with_strides([depth, product.columns], &bytes[..], [1, depth])
                .map_err(|why| NeuralError::Model(why.to_string()))?;
        Ok(Self { weights: gemm.prepack_b(by_column), columns: Columns { scales, totals, bias } })
    }

    /// The product of rows with the weights, with the bias added.
    fn numbers(
        &self,
        gemm: &GemmExecutor<u8, i8, i32>,
        left: &Bytes,
        sums: &mut Vec<i32>,
        out: &mut [f32],
    ) -> GemmResult {
        let mut out = out.chunks_exact_mut(self.columns.scales.len());
        self.each(gemm, left, sums, |row| {
            if let Some(out) = out.next() {
                row.numbers(out);
            }
        })
    }

    /// Gives the rows of the product, one after the other.
    fn each(
        &self,
        gemm: &GemmExecutor<u8, i8, i32>,
        left: &Bytes,
        sums: &mut Vec<i32>,
        mut give: impl FnMut(Sums),
    ) -> GemmResult {
        let (rows, columns) = (left.scales.len(), self.columns.scales.len());
        let depth = left.bytes.len() / rows.max(1);
        let by_row = Matrix::from_slice_with_strides([rows, depth], &left.bytes[..], [depth, 1])
            .map_err(|_| rten_gemm::GemmError::KSizeMismatch)?;
        sums.resize(rows * columns, 0);
        // The library is not told the zero points: version 0.27 takes those of the first block of
        // rows for all.
        gemm.gemm(
            sums,
            GemmInputA::Packed(&gemm.prepack_a(by_row)),
            GemmInputB::Packed(&self.weights),
            GemmOptions::default(),
        )?;
        let rows = sums.chunks_exact(columns).zip(left.scales.iter().zip(&left.zeros));
        for (sums, (&scale, &zero)) in rows {
            give(Sums { sums, scale, zero, columns: &self.columns });
        }
        Ok(())
    }
}
