use super::{Coarse, LABELS, Neural, NeuralError, Piece, verify, words};
use crate::names::wordpiece::Token;
use crate::names::{Ask, Names};
use std::path::PathBuf;

#[test]
fn other_bytes_than_the_pinned_ones_are_told() {
    let Err(NeuralError::Digest { found }) = verify(b"abc") else { panic!("accepted") };
    // The first example of FIPS 180-2.
    assert_eq!(found, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

#[test]
fn bytes_that_are_no_model_are_refused() {
    let vocab = "[UNK]\n[CLS]\n[SEP]";
    for bytes in [&b"no model"[..], b""] {
        let refusal = Neural::load(bytes, vocab).unwrap_err();
        assert!(matches!(refusal, NeuralError::Model(_)), "{refusal}");
    }
    assert!(matches!(Neural::load(b"", "a\nb"), Err(NeuralError::Vocabulary)));
}

#[test]
fn the_pieces_of_a_word_count_by_their_bytes() {
    let token = |start, end, word| Token { id: 0, start, end, word };
    let mut chances = vec![0.0; 3 * LABELS];
    // Three bytes of a given name, one of nothing; then a postcode.
    chances[1] = 1.0;
    chances[LABELS] = 1.0;
    chances[2 * LABELS + 33] = 1.0;
    let pieces = words(&[token(0, 3, 0), token(3, 4, 0), token(5, 9, 1)], &chances);
    let none = Piece { start: 0, end: 4, person: 0.75, location: 0.0, other: 0.0, none: 0.25 };
    assert_eq!(pieces[0], none);
    assert_eq!((pieces[1].start, pieces[1].end, pieces[1].kind()), (5, 9, Coarse::Location));
}

/// What `models/README.md` fetched, named by `CONSENTRY_NAMES_MODEL`.
fn fetched(file: &str) -> Vec<u8> {
    let folder = std::env::var_os("CONSENTRY_NAMES_MODEL")
        .expect("CONSENTRY_NAMES_MODEL names the folder of model_q4.onnx and vocab.txt");
    std::fs::read(PathBuf::from(folder).join(file)).unwrap()
}

/// The row of the vocabulary, the bytes and the label of a token.
type Labelled = (i32, usize, usize, usize);

/// The texts of `tests/data/rampart.jsonl`, and the token, its bytes and its label that version
/// 1.4.0 of the package gave for each piece of them, with onnxruntime 1.22.1.
fn expected() -> Vec<(String, Vec<Labelled>)> {
    let lines = include_str!("../../../tests/data/rampart.jsonl").lines();
    lines
        .map(|line| {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            let tokens = serde_json::from_value(row["tokens"].clone()).unwrap();
            (row["text"].as_str().unwrap().to_owned(), tokens)
        })
        .collect()
}

/// The share of labels, among those of all tokens, that are the package's.
fn agreement() -> (usize, usize) {
    let model = fetched("model_q4.onnx");
    verify(&model).unwrap();
    let vocab = String::from_utf8(fetched("vocab.txt")).unwrap();
    let neural = Neural::load(&model, &vocab).unwrap();
    let rows = expected();
    let encoded: Vec<_> = rows.iter().map(|(text, _)| neural.words.encode(text)).collect();
    let chances = neural.chances(&encoded).unwrap();
    let (mut same, mut all) = (0, 0);
    for (((text, theirs), ours), chances) in rows.iter().zip(&encoded).zip(&chances) {
        let cut: Vec<_> = ours.iter().map(|t| (t.id, t.start, t.end)).collect();
        let expected: Vec<_> = theirs.iter().map(|t| (t.0, t.1, t.2)).collect();
        assert_eq!(cut, expected, "{text:?}");
        for (row, (.., label)) in chances.chunks_exact(LABELS).zip(theirs) {
            let best = (0..LABELS).max_by(|a, b| row[*a].total_cmp(&row[*b])).unwrap();
            same += usize::from(best == *label);
            all += 1;
        }
    }
    (same, all)
}

#[test]
#[ignore = "reads the model that CONSENTRY_NAMES_MODEL names"]
fn rampart_gives_nearly_the_labels_of_the_package() {
    let (same, all) = agreement();
    assert!(same * 100 >= all * 99, "{same} of {all}");
}

#[test]
#[ignore = "reads the model that CONSENTRY_NAMES_MODEL names"]
fn rampart_says_the_same_in_any_company_and_again() {
    let model = fetched("model_q4.onnx");
    let vocab = String::from_utf8(fetched("vocab.txt")).unwrap();
    let (together, apart) = (Neural::load(&model, &vocab), Neural::load(&model, &vocab));
    let (together, apart) = (together.unwrap(), apart.unwrap());
    let rows = expected();
    let texts: Vec<&str> = rows.iter().map(|(text, _)| text.as_str()).collect();
    let said = together.tag(&texts).unwrap();
    for (text, said) in texts.iter().zip(&said) {
        assert_eq!(apart.tag(&[text]).unwrap(), [said.as_slice()], "{text:?}");
    }
    assert_eq!(together.tag(&texts).unwrap(), said);
}

#[test]
#[ignore = "reads the model that CONSENTRY_NAMES_MODEL names"]
fn rampart_and_the_tagger_find_names_together() {
    let model = fetched("model_q4.onnx");
    let neural = Neural::load(&model, &String::from_utf8(fetched("vocab.txt")).unwrap()).unwrap();
    let names = Names::load(include_bytes!("../../../data/names.bin")).unwrap();
    let mut by_model = Vec::new();
    for ask in [Ask::Found, Ask::Possible, Ask::All] {
        let mut count = 0;
        for (text, _) in expected() {
            let found = names.thorough(&neural, ask, &text).unwrap();
            assert!(found.is_sorted_by(|one, two| one.end <= two.start), "{text:?}");
            assert!(found.iter().all(|f| text.get(f.start..f.end).is_some_and(|s| !s.is_empty())));
            count += found.iter().filter(|finding| finding.rule == "rampart").count();
        }
        by_model.push(count);
    }
    assert!(by_model[0] > 0 && by_model.is_sorted(), "{by_model:?}");
}

#[test]
fn threads_share_it() {
    fn shared<T: Send + Sync>() {}
    shared::<super::Neural>();
}
