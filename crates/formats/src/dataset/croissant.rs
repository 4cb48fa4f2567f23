//! The Croissant description: `croissant.json`, which programs read to find, check and load the
//! data, and in which the questions of responsible AI have machine-readable answers.
//!
//! It conforms to Croissant 1.1 and to Croissant RAI 1.0 (MLCommons).

mod records;

use super::manifest::{Shard, Summary};
use super::wording;
use consentry_model::Store;
use serde_json::{Map, Value, json};

/// The registered media type of Parquet, and the older one that mlcroissant reads.
const PARQUET: [&str; 2] = ["application/vnd.apache.parquet", "application/x-parquet"];

/// Writes the description as indented JSON-LD with a line feed at its end.
///
/// `facts` are the frozen facts, and `signer` is the verifier key of who signs the manifest
/// (`NAME+HASH+KEY`); its name stands for the creator. There is no clock in it: `datePublished` is
/// the day of the summary's instant. The same arguments always give the same text.
#[must_use]
pub fn render(summary: &Summary, facts: &Shard, signer: &str) -> String {
    let mut dataset = Map::new();
    for group in [
        identity(summary, signer),
        usage(summary),
        provenance(summary),
        responsible_ai(summary),
        data(summary, facts),
    ] {
        if let Value::Object(properties) = group {
            dataset.extend(properties);
        }
    }
    format!("{:#}\n", Value::Object(dataset))
}

/// The context of Croissant 1.1's first appendix, in the form that mlcroissant expects, with the
/// vocabularies for provenance (PROV-O) and terms of use (ODRL) that Croissant 1.1 recommends.
fn context() -> Value {
    let mut context = Map::new();
    for name in [
        "annotation",
        "arrayShape",
        "citeAs",
        "column",
        "containedIn",
        "equivalentProperty",
        "excludes",
        "extract",
        "field",
        "fileObject",
        "fileProperty",
        "fileSet",
        "format",
        "includes",
        "isArray",
        "isLiveDataset",
        "jsonPath",
        "key",
        "md5",
        "parentField",
        "path",
        "readLines",
        "recordSet",
        "references",
        "regex",
        "repeated",
        "replace",
        "samplingRate",
        "sdVersion",
        "separator",
        "source",
        "subField",
        "transform",
        "unArchive",
        "value",
    ] {
        context.insert(name.to_owned(), format!("cr:{name}").into());
    }
    for (prefix, iri) in [
        ("@language", "en"),
        ("@vocab", "https://schema.org/"),
        ("conformsTo", "dct:conformsTo"),
        ("cr", "http://mlcommons.org/croissant/"),
        ("dct", "http://purl.org/dc/terms/"),
        ("odrl", "http://www.w3.org/ns/odrl/2/"),
        ("prov", "http://www.w3.org/ns/prov#"),
        ("rai", "http://mlcommons.org/croissant/RAI/"),
        ("sc", "https://schema.org/"),
    ] {
        context.insert(prefix.to_owned(), iri.into());
    }
    for (name, definition) in [
        ("data", json!({"@id": "cr:data", "@type": "@json"})),
        ("dataType", json!({"@id": "cr:dataType", "@type": "@vocab"})),
        ("description", json!({"@container": "@language"})),
        ("examples", json!({"@id": "cr:examples", "@type": "@json"})),
        ("name", json!({"@container": "@language"})),
    ] {
        context.insert(name.to_owned(), definition);
    }
    Value::Object(context)
}

fn identity(summary: &Summary, signer: &str) -> Value {
    let as_of = summary.as_of.to_string();
    let published = as_of.split('T').next().unwrap_or_default();
    let name = signer.split('+').next().unwrap_or_default();
    json!({
        "@context": context(),
        "@type": "sc:Dataset",
        "conformsTo": [
            "http://mlcommons.org/croissant/1.1",
            "http://mlcommons.org/croissant/RAI/1.0",
        ],
        "name": format!("Dataset of training run {}", summary.run),
        "description": format!(
            "What training run {} may learn from for the purpose {}: {} of {} at {}, from the \
             store of {}. Each was permitted by policies that implement published terms.",
            summary.run,
            summary.purpose,
            wording::grouped(summary.counts.parts_included),
            wording::counted(summary.counts.parts, "part", "parts"),
            as_of,
            wording::store(summary.store),
        ),
        "keywords": ["consentry", "consent", summary.store.as_str(), summary.purpose],
        "url": "report.html",
        "version": "1.0.0",
        "isLiveDataset": false,
        "datePublished": published,
        "citeAs": wording::citation(summary),
        "creator": {
            "@type": "sc:Organization",
            "name": name,
            "description": format!("The holder of the key that signs manifest.note: {signer}"),
        },
    })
}

fn usage(summary: &Summary) -> Value {
    let terms =
        format!("For the purpose {} only. {}", summary.purpose, wording::not_for(summary.store));
    json!({
        "license": {
            "@type": "sc:CreativeWork",
            "name": "For one purpose only",
            "description": terms,
        },
        "usageInfo": {
            "@type": ["sc:CreativeWork", "odrl:Offer"],
            "name": "For one purpose only",
            "odrl:permission": {
                "@type": "odrl:Permission",
                "odrl:action": {"@id": "odrl:use"},
                "odrl:constraint": {
                    "@type": "odrl:Constraint",
                    "odrl:leftOperand": {"@id": "odrl:purpose"},
                    "odrl:operator": {"@id": "odrl:eq"},
                    "odrl:rightOperand": summary.purpose,
                },
            },
        },
    })
}

fn provenance(summary: &Summary) -> Value {
    let inputs: Vec<Value> = summary
        .inputs
        .iter()
        .map(|input| {
            json!({
                "@type": ["prov:Entity", "sc:DataDownload"],
                "name": input.name,
                "contentSize": format!("{} B", input.bytes),
                "sha256": input.sha256,
            })
        })
        .collect();
    let set = &summary.policy_set;
    json!({
        "prov:wasDerivedFrom": inputs,
        "prov:wasGeneratedBy": {
            "@type": "prov:Activity",
            "name": "consentry build",
            "description": format!(
                "Facts frozen at {}, decided by the policy set {} ({}).",
                summary.as_of, set.id, set.hash
            ),
            "prov:wasAssociatedWith": {
                "@type": ["prov:SoftwareAgent", "sc:SoftwareApplication"],
                "name": summary.code.name,
                "softwareVersion": summary.code.version,
            },
        },
    })
}

fn responsible_ai(summary: &Summary) -> Value {
    let mut answers = Map::new();
    let mut answer = |property: &str, value: Value| {
        answers.insert(format!("rai:{property}"), value);
    };
    answer("dataCollection", collection(summary).into());
    answer("dataCollectionType", json!(collection_types(summary.store)));
    answer("dataCollectionRawData", raw_data(summary).into());
    answer("dataCollectionMissingData", missing(summary).into());
    if let Some(first) = first_day(summary) {
        answer("dataCollectionTimeframe", json!([first, summary.as_of.to_string()]));
    }
    answer("dataPreprocessingProtocol", json!(preprocessing(summary)));
    answer("dataManipulationProtocol", wording::deidentification(&summary.deidentification).into());
    answer("dataAnnotationProtocol", wording::annotation(summary.store).into());
    answer("dataUseCases", json!([use_case(summary)]));
    answer(
        "dataLimitations",
        json!([wording::limitations(summary.store), wording::not_for(summary.store)]),
    );
    answer("dataBiases", json!([wording::biases(summary.store)]));
    answer("personalSensitiveInformation", json!(personal(summary)));
    answer("dataReleaseMaintenancePlan", wording::retention(summary.store).into());
    Value::Object(answers)
}

fn data(summary: &Summary, facts: &Shard) -> Value {
    let mut distribution: Vec<Value> = summary
        .shards
        .iter()
        .map(|shard| file_object(shard, "Examples, in the order of their ids."))
        .collect();
    distribution.push(json!({
        "@type": "cr:FileSet",
        "@id": records::FILES,
        "name": records::FILES,
        "description": "All files with examples.",
        "encodingFormat": PARQUET,
        "includes": "data/*.parquet",
    }));
    distribution.push(file_object(
        facts,
        "The frozen facts: one row a part, in or out, with what it was decided with and what came \
         of it. Opaque ids and no text. Not data to train on.",
    ));
    json!({
        "distribution": distribution,
        "recordSet": [records::examples(summary.store)],
    })
}

fn file_object(shard: &Shard, description: &str) -> Value {
    json!({
        "@type": "cr:FileObject",
        "@id": shard.path,
        "name": shard.path,
        "description": format!("{description} {}.", wording::counted(shard.rows, "row", "rows")),
        "contentUrl": shard.path,
        "contentSize": format!("{} B", shard.bytes),
        "encodingFormat": PARQUET,
        "sha256": shard.sha256,
    })
}

fn collection(summary: &Summary) -> String {
    let (source, sources) = wording::sources(summary.store);
    format!(
        "Recorded by the provider's product while people used it, as a history of {} in {}. At the \
         instant {} there were {} with {}. {} of these are in the dataset: at least one policy \
         permitted them for this purpose, none forbade it, and they may still be kept.",
        wording::counted(summary.counts.lines, "event", "events"),
        wording::counted(summary.inputs.len() as u64, "file", "files"),
        summary.as_of,
        wording::counted(summary.counts.sources, source, sources),
        wording::counted(summary.counts.parts, "part", "parts"),
        wording::grouped(summary.counts.parts_included),
    )
}

/// Words of the list that Croissant RAI recommends.
const fn collection_types(store: Store) -> &'static [&'static str] {
    match store {
        Store::Conversation => &["User-generated content data"],
        Store::Feedback => &["User-generated content data", "Customer feedback data"],
    }
}

fn raw_data(summary: &Summary) -> String {
    let names: Vec<&str> = summary.inputs.iter().map(|input| input.name.as_str()).collect();
    format!(
        "From the store of {}. Read from: {}.",
        wording::store(summary.store),
        if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
    )
}

/// What is not there, and why: every key of `parts_excluded` in words.
fn missing(summary: &Summary) -> String {
    let counts = &summary.counts;
    let left_out: Vec<String> = wording::by_count(&counts.parts_excluded)
        .into_iter()
        .map(|(key, parts)| {
            let reasons: Vec<String> = wording::reasons(key, &summary.policy_set)
                .into_iter()
                .map(|reason| reason.text)
                .collect();
            format!("{} ({})", reasons.join("; "), wording::counted(parts, "part", "parts"))
        })
        .collect();
    let mut text = if left_out.is_empty() {
        "No part was left out.".to_owned()
    } else {
        format!("Parts that were left out, by reason: {}.", left_out.join(". "))
    };
    if counts.lines_quarantined > 0 {
        text.push_str(&format!(
            " Of the history, {} were in error and put aside.",
            wording::counted(counts.lines_quarantined, "line", "lines")
        ));
    }
    text
}

fn preprocessing(summary: &Summary) -> [String; 3] {
    [
        format!(
            "Every part was decided on its own by the Cedar policies of the set {} ({}). The set \
             and the facts are in the dataset.",
            summary.policy_set.id, summary.policy_set.hash
        ),
        wording::deidentification(&summary.deidentification),
        "What is permitted of a conversation was joined into chat messages, and examples were put \
         in the order of their opaque ids."
            .to_owned(),
    ]
}

fn use_case(summary: &Summary) -> String {
    match wording::purpose(&summary.purpose) {
        Some(meaning) => format!("Training for the purpose {}: {meaning}.", summary.purpose),
        None => format!("Training for the purpose {}.", summary.purpose),
    }
}

fn personal(summary: &Summary) -> Vec<String> {
    let mut answers = vec![wording::deidentification(&summary.deidentification)];
    answers.extend(wording::by_count(&summary.deidentification.findings).into_iter().map(
        |(kind, count)| {
            format!(
                "Replaced by surrogates: {} ({})",
                wording::finding(kind).unwrap_or(kind),
                wording::counted(count, "time", "times")
            )
        },
    ));
    answers
}

/// The first day of the earliest month, if the months are known.
fn first_day(summary: &Summary) -> Option<String> {
    let months = wording::months(&summary.counts.by_month)?;
    let ((year, month), _) = months.first_key_value()?;
    (0..=9999).contains(year).then(|| format!("{year:04}-{month:02}-01"))
}

#[cfg(test)]
mod tests;
