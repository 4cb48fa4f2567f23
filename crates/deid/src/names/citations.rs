//! References to parts of laws and books, `Article 43` or `Rule 51 para. 1`, which look like
//! addresses and are none.

use crate::Finding;

/// Words that numbers follow in references, in seven languages.
const PARTS: &[&str] = &[
    "annex",
    "annexe",
    "anhang",
    "appendix",
    "art",
    "article",
    "articles",
    "artikel",
    "artículo",
    "artigo",
    "articolo",
    "abbildung",
    "abschnitt",
    "absatz",
    "category",
    "chapter",
    "chapitre",
    "capítulo",
    "capitolo",
    "clause",
    "directive",
    "equation",
    "exhibit",
    "fig",
    "figure",
    "figura",
    "hoofdstuk",
    "kapitel",
    "lemma",
    "listing",
    "page",
    "pages",
    "página",
    "paragraph",
    "paragraphs",
    "part",
    "partie",
    "phase",
    "protocol",
    "protokoll",
    "regulation",
    "règle",
    "rule",
    "rules",
    "schedule",
    "section",
    "sections",
    "seite",
    "step",
    "tabelle",
    "table",
    "tableau",
    "tabla",
    "tabel",
    "theorem",
    "version",
    "volume",
];
/// What stands between or behind the numbers.
const JOINTS: &[&str] =
    &["para", "paras", "paragraph", "abs", "absatz", "no", "and", "to", "und", "et", "ff"];

/// Drops names that are such references and nothing else.
pub(super) fn drop_all(text: &str, findings: &mut Vec<Finding>) {
    findings.retain(|one| !is_citation(text.get(one.start..one.end).unwrap_or_default()));
}

fn is_citation(name: &str) -> bool {
    let mut words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_part = words.next().is_some_and(|word| PARTS.contains(&word.to_lowercase().as_str()));
    let mut count = 0_usize;
    is_part
        && words.all(|word| {
            count = count.saturating_add(1);
            is_number(word) || (count > 1 && JOINTS.contains(&word.to_lowercase().as_str()))
        })
        && count > 0
}

/// Whether a word is what such a part is numbered by: `8`, `12b`, `D`, `XIV`.
fn is_number(word: &str) -> bool {
    let is_letter = |word: &str| word.len() <= 1;
    is_letter(word)
        || is_letter(word.trim_start_matches(|c: char| c.is_ascii_digit()))
        || word.bytes().all(|byte| b"IVXLC".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_no_names() {
        for name in [
            "Article 43",
            "Rule 51 para. 1",
            "Articles 8, 9, 10",
            "Category D",
            "Section 37(a)",
            "Kapitel XIV",
            "Art. 12b Abs. 2",
        ] {
            assert!(is_citation(name), "{name}");
        }
        for name in ["Section 8, Oxo Road", "Page Brack", "Page", "Level 3", "Rule", "12 Part", ""]
        {
            assert!(!is_citation(name), "{name}");
        }
    }
}
