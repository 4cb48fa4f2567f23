//! Summaries to test the documents with.

use super::manifest::{
    Code, Counts, Deidentification, InOut, Input, Policy, PolicySet, Provision, Shard, Summary,
};
use consentry_model::{Instant, Store};
use std::collections::BTreeMap;

/// A conversation dataset as a run would leave it: all figures add up.
pub(super) fn conversation() -> Summary {
    let text = include_str!("sample/conversation.json");
    serde_json::from_str(text).expect("the sample is a summary")
}

/// A feedback dataset as a run would leave it.
pub(super) fn feedback() -> Summary {
    let mut summary = conversation();
    summary.store = Store::Feedback;
    summary.counts.by_surface.clear();
    summary.counts.by_plan.clear();
    summary.counts.sources_without_example = counts(&[("empty-completion", 3), ("unheard-of", 1)]);
    summary.counts.parts_excluded =
        counts(&[("after-rated-message", 300), ("no-example", 64), ("denied:no-permit", 148)]);
    summary.counts.reasons = counts(&[("feedback", 1_024)]);
    summary
}

/// What a run leaves of a history without parts.
pub(super) fn empty() -> Summary {
    Summary {
        counts: Counts::default(),
        deidentification: Deidentification::default(),
        inputs: Vec::new(),
        shards: vec![Shard {
            path: "data/train-00000-of-00001.parquet".to_owned(),
            bytes: 612,
            sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".to_owned(),
            rows: 0,
        }],
        ..conversation()
    }
}

/// The facts that belong to the samples.
pub(super) fn facts() -> Shard {
    Shard {
        path: "facts.parquet".to_owned(),
        bytes: 40_960,
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        rows: 1_536,
    }
}

/// A signer's verifier key that belongs to the samples.
pub(super) const SIGNER: &str = "example.org/consentry+5b1d3f2a+AbCdEf";

/// A summary in which every text is one of `texts`, taken in turn, and every map has as many keys as
/// there are texts. Its shape depends on the number of texts alone, and so must that of a document.
pub(super) fn filled(store: Store, texts: &[String]) -> Summary {
    let mut next = texts.iter().cycle();
    let mut text = || next.next().cloned().unwrap_or_default();
    // The number in front keeps keys apart and in one order; what follows is what a test is about.
    // In keys `+` joins ids and `-` parts the year from the month, so neither can be in a text.
    let keys = |prefix: &str| -> Vec<String> {
        texts
            .iter()
            .map(|key| key.replace(['+', '-'], "~"))
            .enumerate()
            .map(|(index, key)| format!("{prefix}{index:03}{key}"))
            .collect()
    };
    let numbered =
        |prefix: &str| -> BTreeMap<String, u64> { keys(prefix).into_iter().zip(7..).collect() };
    let in_out = || -> BTreeMap<String, InOut> {
        let counts = (9..).map(|parts| InOut { parts, included: parts / 2 });
        keys("").into_iter().zip(counts).collect()
    };
    let policies = keys("").into_iter().map(|id| Policy {
        id,
        effect: text(),
        title: text(),
        cites: vec![Provision { id: text(), source: text(), paraphrase: text() }],
    });
    Summary {
        policy_set: PolicySet { policies: policies.collect(), id: text(), hash: text() },
        run: text(),
        purpose: text(),
        store,
        as_of: Instant::from_millis(1_780_272_000_000),
        code: Code { name: text(), version: text() },
        inputs: vec![Input { name: text(), bytes: 5, sha256: text() }],
        counts: Counts {
            parts: 100,
            parts_included: 40,
            parts_excluded: numbered("denied:"),
            reasons: numbered(""),
            sources_without_example: numbered(""),
            by_surface: in_out(),
            by_plan: in_out(),
            by_month: in_out(),
            ..Counts::default()
        },
        deidentification: Deidentification {
            tiers: vec![text()],
            findings: numbered(""),
            left: numbered(""),
        },
        shards: vec![Shard { path: text(), bytes: 5, sha256: text(), rows: 4 }],
        merkle_root: text(),
    }
}

pub(super) fn counts(entries: &[(&str, u64)]) -> BTreeMap<String, u64> {
    entries.iter().map(|(key, count)| ((*key).to_owned(), *count)).collect()
}
