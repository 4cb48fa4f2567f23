use super::*;
use crate::dataset::manifest::InOut;
use crate::dataset::sample;
use proptest::prelude::*;

/// The tags of a page in order, each with the names of its attributes and the values that lay out
/// the page, but without text and without values that hold text.
fn skeleton(page: &str) -> Vec<String> {
    page.split('<')
        .skip(1)
        .map(|after| after.split_once('>').unwrap_or(("without an end", "")))
        .map(|(tag, _)| {
            let outside_quotes: Vec<&str> = tag.split('"').step_by(2).collect();
            outside_quotes.concat()
        })
        .collect()
}

/// The text of every table row, cells parted by `|`.
fn rows(page: &str) -> Vec<String> {
    page.split("<tr>")
        .skip(1)
        .filter_map(|row| row.split_once("</tr>"))
        .map(|(row, _)| {
            let cells = row.replace("</th>", "|").replace("</td>", "|");
            let text: String = cells
                .split('<')
                .map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text))
                .collect();
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        })
        .collect()
}

#[test]
fn it_loads_nothing_and_runs_nothing() {
    let page = render(&sample::conversation());
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
    assert!(page.contains("content=\"default-src 'none'; style-src 'unsafe-inline';"));
    for word in ["<script", "<img", "<link", "<iframe", "http://", "https://", "@import", "src="] {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.split("url(").skip(1).all(|address| address.starts_with("#hatch)")));
    assert!(page.split("href=").skip(1).all(|address| address.starts_with("\"#")));
}

#[test]
fn markup_in_ids_is_text() {
    let mut summary = sample::conversation();
    summary.run = "<b>bold</b>\" onload=\"x".to_owned();
    let page = render(&summary);
    assert!(!page.contains("<b>") && !page.contains("\" onload"));
    assert!(page.contains("<bdi>&lt;b&gt;bold&lt;/b&gt;&quot; onload=&quot;x</bdi>"));
}

#[test]
fn headings_are_in_order_and_links_lead_somewhere() {
    let page = render(&sample::feedback());
    let levels: Vec<u8> = page
        .match_indices("<h")
        .filter_map(|(at, _)| page.as_bytes().get(at + 2))
        .filter(|byte| byte.is_ascii_digit())
        .map(|byte| byte - b'0')
        .collect();
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
    assert_eq!(levels[0], 1);
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
    for after in page.split("href=\"#").skip(1) {
        let target = after.split('"').next().expect("a target");
        assert!(page.contains(&format!("id=\"{target}\"")), "{target}");
    }
    assert_eq!(page.matches("<table>").count(), page.matches("<caption>").count());
}

#[test]
fn every_reason_has_its_policy_and_provision() {
    let page = render(&sample::conversation());
    let rows = rows(&page);
    let row = rows
        .iter()
        .find(|row| row.contains("The conversation was deleted"))
        .expect("a row for the denial");
    assert_eq!(
        row,
        "The conversation was deleted deleted Deleted chats are not used in future training. \
         Privacy Policy, section 4 The conversation is incognito incognito Incognito chats never \
         improve models. Help page: incognito |12|0.8%||"
    );
    let permit = rows.iter().find(|row| row.contains("The account allowed it")).expect("a permit");
    assert!(permit.ends_with("|1,124|"), "{permit}");
    let idle = rows.iter().find(|row| row.contains("legal hold")).expect("an idle policy");
    assert!(idle.ends_with("|forbid|"), "{idle}");
}

#[test]
fn the_figures_add_up_or_the_page_says_so() {
    let mut summary = sample::conversation();
    let page = render(&summary);
    assert!(page.contains("the figures add up"));
    let rows = rows(&page);
    for row in [
        "chat||1,000|800|200|80.0%|",
        "pro||700|524|176|74.9%|",
        "February|500|300|200|",
        "Total|1,500|1,000|500|",
        "All that stayed out|512|33.3%||",
        "All findings|74|||",
        "data/train-00000-of-00002.parquet|100|30,720|",
    ] {
        assert!(rows.iter().any(|found| found.starts_with(row)), "{row} in {rows:#?}");
    }
    summary.counts.parts_included += 1;
    assert!(render(&summary).contains("do not add up: 1537 in and out, 1,536 considered"));
}

#[test]
fn an_empty_dataset_has_a_report() {
    let page = render(&sample::empty());
    assert!(page.contains("the history held no parts"));
    assert!(
        page.contains("Nothing was left out.") && page.contains("No policy permitted anything.")
    );
    assert!(!page.contains("class=\"plot\"") && !page.contains("NaN"));
}

#[test]
fn feedback_says_why_it_knows_no_plans() {
    let page = render(&sample::feedback());
    assert_eq!(page.matches("A feedback copy does not know").count(), 2);
    assert!(page.contains("in which the feedback was given"));
    let rows = rows(&page);
    for row in [
        "No part of the rated answer may be used, or none has text empty-completion|3|",
        "unheard-of unheard-of|1|",
    ] {
        assert!(rows.iter().any(|found| found == row), "{row} in {rows:#?}");
    }
}

#[test]
fn the_largest_counts_are_written_out() {
    let mut summary = sample::conversation();
    let most = u64::MAX;
    summary.counts.parts = most;
    summary.counts.parts_included = most;
    summary.counts.parts_excluded = sample::counts(&[("no-content", most), ("denied:x", most)]);
    summary.counts.by_month = ["2026-01", "2026-02"]
        .map(|key| (key.to_owned(), InOut { parts: most, included: most }))
        .into();
    summary.deidentification.findings = sample::counts(&[("email", most), ("ip", most)]);
    let page = render(&summary);
    assert!(page.contains("<dd class=\"long\">18,446,744,073,709,551,615</dd>"));
    assert!(page.contains("do not add up"));
}

fn store() -> impl Strategy<Value = Store> {
    prop::sample::select(Store::ALL)
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[<>\"'&/=!-]{0,10}",
        prop::sample::select(vec![
            "<script>",
            "</style>",
            "-->",
            "\"><svg onload=x>",
            "&lt;b&gt;",
            "'",
            "]]>",
            "\u{202e}",
            "\u{0}",
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
        let page = render(&sample::filled(store, &texts));
        let plain = vec!["x".to_owned(); texts.len()];
        let expected = render(&sample::filled(store, &plain));
        let (tags, wanted) = (skeleton(&page), skeleton(&expected));
        let differs = tags.iter().zip(&wanted).find(|(tag, wanted)| tag != wanted);
        prop_assert!(differs.is_none() && tags.len() == wanted.len(), "{:?}", differs);
        prop_assert_eq!(page.matches('"').count(), expected.matches('"').count());
    }
}
