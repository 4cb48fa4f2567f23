//! Any two texts: what the second has of the first lies inside it, in order, on character
//! boundaries; a text repeats the whole of itself, and nothing repeats what was not learnt.

#![no_main]

use consentry_deid::Taint;
use libfuzzer_sys::fuzz_target;

const LEAST: usize = 24;

fuzz_target!(|input: &[u8]| {
    let text = String::from_utf8_lossy(input);
    let (result, later) = text.split_at(text.floor_char_boundary(text.len() / 2));
    let mut taint = Taint::new(LEAST);
    assert!(taint.stretches(later).is_empty());
    taint.learn(result);
    let mut reached = 0;
    for stretch in taint.stretches(later) {
        assert!(reached <= stretch.start && stretch.start < stretch.end, "{stretch:?}");
        assert!(later.get(stretch.clone()).is_some(), "{stretch:?}");
        reached = stretch.end;
    }
});
