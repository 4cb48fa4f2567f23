//! What the engine finds and what it writes instead.

#![expect(clippy::string_slice, reason = "a wrong offset must fail the test")]

#[cfg(test)]
mod contact;
#[cfg(test)]
mod disguises;
#[cfg(test)]
mod draws;
#[cfg(test)]
mod entries;
#[cfg(test)]
mod everyday;
#[cfg(test)]
mod evil;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod links;
#[cfg(test)]
mod mix;
#[cfg(test)]
mod names;
#[cfg(test)]
mod national_ids;
#[cfg(test)]
mod network;
#[cfg(test)]
mod numbers;
#[cfg(test)]
mod operators;
#[cfg(test)]
mod persons;
#[cfg(test)]
mod programs;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod streaming;
#[cfg(test)]
mod surrogates;
#[cfg(test)]
mod taint;
#[cfg(test)]
mod told;

#[cfg(test)]
mod marked {
    use consentry_deid::{Engine, FindingKind};

    /// Checks that exactly the stretches between `«` and `»` are found in each text, all of `kind`.
    #[track_caller]
    pub fn check(kind: FindingKind, texts: &[&str]) {
        let engine = Engine::structured();
        for marked in texts {
            let text = marked.replace(['«', '»'], "");
            let mut expected = Vec::new();
            let mut rest = *marked;
            while let Some((_, tail)) = rest.split_once('«') {
                let (inside, tail) = tail.split_once('»').expect("every « has its »");
                expected.push((inside, kind));
                rest = tail;
            }
            let found: Vec<_> = engine
                .findings(&text)
                .iter()
                .map(|f| (text[f.start..f.end].to_owned(), f.kind))
                .collect();
            let found: Vec<_> = found.iter().map(|(t, k)| (t.as_str(), *k)).collect();
            assert_eq!(found, expected, "in {text:?}");
        }
    }

    /// Checks that nothing at all is found in any of the texts.
    #[track_caller]
    pub fn check_clean(texts: &[&str]) {
        check(FindingKind::Email, texts);
    }
}
