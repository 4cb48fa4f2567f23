use super::*;
use crate::dataset::escape::Html;
use crate::dataset::sample;
use askama::filters::Escaper as _;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use yaml_rust2::{Yaml, YamlLoader};

/// The front matter as data, and the page after it.
fn parts(card: &str) -> (Yaml, &str) {
    let rest = card.strip_prefix("---\n").expect("front matter comes first");
    let (front, page) = rest.split_once("\n---\n").expect("front matter ends");
    let mut documents = YamlLoader::load_from_str(front).expect("front matter is YAML");
    assert_eq!(documents.len(), 1, "{front}");
    (documents.remove(0), page)
}

fn events(page: &str) -> Vec<Event<'_>> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    Parser::new_ext(page, options).collect()
}

/// The structure of a page without its words.
fn skeleton(page: &str) -> Vec<String> {
    events(page)
        .into_iter()
        .filter(|event| !matches!(event, Event::Text(_)))
        .map(|event| format!("{event:?}"))
        .collect()
}

/// The words of a page.
fn words(page: &str) -> String {
    events(page)
        .into_iter()
        .filter_map(|event| match event {
            Event::Text(text) | Event::Code(text) => Some(text.into_string()),
            Event::End(TagEnd::TableCell | TagEnd::Paragraph) => Some("\n".to_owned()),
            _ => None,
        })
        .collect()
}

/// A text as a reader sees it in a table: with code points for what shows nothing of itself.
fn shown(text: &str) -> String {
    let mut out = String::new();
    Html.write_escaped_str(&mut out, text).expect("a String takes everything");
    for (entity, mark) in
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
    {
        out = out.replace(entity, mark);
    }
    out.trim_matches(' ').to_owned()
}

#[test]
fn the_hub_finds_its_front_matter() {
    let card = render(&sample::conversation());
    let (front, _) = parts(&card);
    assert_eq!(front["pretty_name"].as_str(), Some("spring-2026"));
    assert_eq!(front["license"].as_str(), Some("other"));
    assert_eq!(front["license_name"].as_str(), Some("consentry-one-purpose"));
    assert_eq!(front["size_categories"][0].as_str(), Some("n<1K"));
    assert_eq!(front["task_categories"][0].as_str(), Some("text-generation"));
    assert_eq!(front["tags"][2].as_str(), Some("model-improvement"));
    let config = &front["configs"][0];
    assert_eq!(config["config_name"].as_str(), Some("default"));
    assert_eq!(config["data_files"][0]["split"].as_str(), Some("train"));
    assert_eq!(config["data_files"][0]["path"].as_str(), Some("data/*.parquet"));
}

#[test]
fn each_store_has_its_columns() {
    let conversation = render(&sample::conversation());
    assert!(conversation.contains("| `messages` |") && conversation.contains("| `surface` |"));
    assert!(!conversation.contains("KTO") && !conversation.contains("`label`"));
    let feedback = render(&sample::feedback());
    for column in ["prompt", "completion", "label"] {
        assert!(feedback.contains(&format!("| `{column}` |")), "{column}");
    }
    assert!(!feedback.contains("`surface`") && !feedback.contains("`messages`"));
    assert!(feedback.contains("\n- kto\n"));
}

#[test]
fn it_says_what_went_in_and_what_stayed_out() {
    let card = render(&sample::conversation());
    let page = words(parts(&card).1);
    for line in [
        "In the dataset\n1,024\n66.7%\n",
        "Left out: The conversation was deleted; The conversation is incognito\n12\n0.8%\n",
        "All parts\n1,536\n100%\n",
        "choice-on\npermit\n1,124\n",
        "E-mail addresses\n40\n",
        "Chats are used for training if the account's settings say so. (Terms of Service, section 4)",
    ] {
        assert!(page.contains(line), "{line} in {page}");
    }
}

#[test]
fn an_empty_dataset_has_a_card() {
    let card = render(&sample::empty());
    let (front, page) = parts(&card);
    assert_eq!(front["size_categories"][0].as_str(), Some("n<1K"));
    assert!(words(page).contains("No detection of sensitive text ran"));
}

#[test]
fn tables_stay_tables() {
    for summary in [sample::conversation(), sample::feedback(), sample::empty()] {
        let card = render(&summary);
        let rows: Vec<usize> = card
            .split("\n\n")
            .filter(|block| block.starts_with("| "))
            .map(|block| block.lines().count())
            .collect();
        let parsed = events(parts(&card).1)
            .iter()
            .filter(|event| matches!(event, Event::Start(Tag::Table(_))))
            .count();
        assert_eq!(rows.len(), parsed);
        assert!(!card.contains("\n\n\n"), "{card}");
        assert!(card.lines().all(|line| line.trim_end() == line), "{card}");
    }
}

#[test]
fn size_categories_begin_at_their_first_figure() {
    for (rows, category) in [
        (0, "n<1K"),
        (999, "n<1K"),
        (1_000, "1K<n<10K"),
        (99_999, "10K<n<100K"),
        (1_000_000_000, "1B<n<10B"),
        (u64::MAX, "n>1T"),
    ] {
        assert_eq!(size_category(rows), category);
    }
}

fn store() -> impl Strategy<Value = Store> {
    prop::sample::select(Store::ALL)
}

/// Words that would mean something to YAML, Markdown or HTML if they were let.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[-|`*_<>\\[\\]()!#&\"'\\\\{}:;./~@= \n\t]{0,12}",
        prop::sample::select(vec![
            "---",
            "\n---\n# Out",
            "\"\ntags: [x]",
            "| a | b |",
            "<script>",
            "&lt;",
            "![](x)",
            "[x](y)",
            "www.a.bc",
            "https://a.bc",
            "a@b.cd",
            "```",
            "~~x~~",
            "[^1]",
            "<!--",
            "\\",
            "*a*",
            "_a_",
            "$x$",
            "\u{202e}",
            "\u{0}",
            "1.",
            "# h",
            "- x",
            "\u{2028}",
            "",
        ])
        .prop_map(str::to_owned),
    ]
}

proptest! {
    #[test]
    fn no_text_leaves_its_place(
        store in store(),
        texts in prop::collection::vec(hostile(), 1..6),
    ) {
        let card = render(&sample::filled(store, &texts));
        let plain = vec!["x".to_owned(); texts.len()];
        let expected = render(&sample::filled(store, &plain));
        let (front, page) = parts(&card);
        let (found, expected) = (skeleton(page), skeleton(parts(&expected).1));
        let differs = found.iter().zip(&expected).find(|(found, expected)| found != expected);
        prop_assert!(differs.is_none() && found.len() == expected.len(), "{:?}", differs);
        let summary = sample::filled(store, &texts);
        let words = words(page);
        let run = format!("Training run\n{}\n", shown(&summary.run));
        prop_assert!(words.contains(&run), "{:?} in {}", run, words);
        for policy in &summary.policy_set.policies {
            let count = summary.counts.reasons[&policy.id].to_string();
            let cells = [&policy.id, &policy.effect, &count, &wording::title(policy)];
            let row: String = cells.map(|cell| shown(cell) + "\n").concat();
            prop_assert!(words.contains(&row), "{:?} in {}", row, words);
        }
        prop_assert_eq!(front["pretty_name"].as_str(), Some(summary.run.as_str()));
        let keys = front.as_hash().map(|map| map.len());
        prop_assert_eq!(keys, Some(7));
    }
}
