//! Words at the ends of findings that are none of the name, and findings that hold no others.
//!
//! In German every noun has a capital, and polite forms have one in German and Dutch, so that the
//! tagger takes what stands beside a name for a part of it.

use super::lists::{COUNTRY, FAMILY, GIVEN, Lists, PLACE, hash};
use super::title;
use super::{everyday, guard};
use crate::{Finding, FindingKind};

/// Polite pronouns, verbs and nouns that stand beside names, and are none, in German and Dutch,
/// and words of greetings in French, Portuguese, Spanish and Italian.
const OTHERS: &[&str] = &[
    "Sie",
    "Ihr",
    "Ihre",
    "Ihren",
    "Ihrem",
    "Ihnen",
    "Ich",
    "Wir",
    "Bitte",
    "Rufen",
    "Fragen",
    "Können",
    "Könnten",
    "Haben",
    "Geben",
    "Sagen",
    "Schicken",
    "Senden",
    "Schreiben",
    "Liebe",
    "Lieber",
    "Liebes",
    "Grüße",
    "Grüßen",
    "Viele",
    "Beste",
    "Herzliche",
    "Freundliche",
    "Hallo",
    "Guten",
    "Morgen",
    "Abend",
    "Tag",
    "Gestern",
    "Heute",
    "Bescheid",
    "Termin",
    "Termine",
    "Kontakt",
    "Rechnung",
    "Vertrag",
    "Auftrag",
    "Unterlagen",
    "Anruf",
    "Brief",
    "Geld",
    "Danke",
    "Dank",
    "Wegen",
    "Wann",
    "Warum",
    "Wer",
    "Wo",
    "Wie",
    "Was",
    "Meine",
    "Mein",
    "Unser",
    "Unsere",
    "Der",
    "Die",
    "Das",
    "Den",
    "Dem",
    "Ein",
    "Eine",
    "Und",
    "Mit",
    "Von",
    "Kunt",
    "Kun",
    "Wil",
    "Wilt",
    "Heeft",
    "Bel",
    "Geachte",
    "Groeten",
    "Groet",
    "Vriendelijke",
    "Uw",
    "Jullie",
    "Cordialement",
    "Amicalement",
    "Sincèrement",
    "Salutations",
    "Merci",
    "Bonjour",
    "Abraço",
    "Abraços",
    "Atenciosamente",
    "Cumprimentos",
    "Obrigado",
    "Obrigada",
    "Saludos",
    "Abrazos",
    "Gracias",
    "Saluti",
    "Grazie",
];

/// Cuts labels of numbers off, and of persons such words, and drops what has no other.
pub(super) fn cut(text: &str, lists: &Lists, findings: &mut Vec<Finding>) {
    findings.retain_mut(|finding| {
        cut_labels(text, finding)
            && !is_everyday(text, lists, finding)
            && (finding.kind != FindingKind::Person || cut_one(text, lists, finding))
    });
}

/// Cuts the labels of numbers off, `IBAN`, `DNI`, and their numbers: of a finding that begins with
/// labels what follows them stays, of others what stands before the first. False when nothing, or
/// a number, is left.
fn cut_labels(text: &str, finding: &mut Finding) -> bool {
    let whole = text.get(finding.start..finding.end).unwrap_or_default();
    if !spans(whole).any(|(_, word)| guard::is_number_label(word.trim_end_matches([':', '.']))) {
        return true;
    }
    let words: Vec<(usize, &str)> = spans(whole).collect();
    let has_digit = |word: &str| word.contains(|c: char| c.is_ascii_digit());
    let next = |at: usize| words.get(at.saturating_add(1)).map_or("", |(_, word)| word);
    let is_label = |at: usize| {
        let word = words.get(at).map_or("", |(_, word)| word.trim_end_matches([':', '.']));
        let is_set_off = has_digit(next(at))
            || (!word.contains(char::is_lowercase) && whole.contains(char::is_lowercase));
        is_set_off && guard::is_number_label(word)
    };
    let Some(label) = (0..words.len()).find(|&at| is_label(at)) else { return true };
    let last = label.checked_sub(1).and_then(|last| words.get(last));
    if let Some((to, word)) = last {
        finding.end = finding.start.saturating_add(*to).saturating_add(word.len());
        return true;
    }
    let after = (0..words.len()).find(|&at| !is_label(at)).and_then(|first| words.get(first));
    let Some((from, word)) = after.filter(|(_, word)| !has_digit(word)) else { return false };
    finding.start = finding.start.saturating_add(*from);
    word.contains(char::is_alphabetic)
}

/// Whether a finding is made of nothing but words of everyday speech, unless a title stands before
/// it; or is an organisation of one word behind a German article that no list holds.
fn is_everyday(text: &str, lists: &Lists, finding: &Finding) -> bool {
    let own = if finding.kind == FindingKind::Person { GIVEN } else { PLACE | COUNTRY };
    let whole = text.get(finding.start..finding.end).unwrap_or_default();
    let mut has_noun = false;
    // Most names end this with their first word.
    let is_every = spans(whole).all(|(_, word)| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let small = word.to_lowercase();
        let is_noun = (everyday::is_noun(&small) || OTHERS.contains(&word))
            && lists.flags(hash(word)) & own == 0;
        has_noun |= is_noun;
        is_noun || everyday::is_article(&small)
    });
    let is_unlisted = || {
        let (article, noun) = whole.split_once(' ').unwrap_or_default();
        finding.kind == FindingKind::Organisation
            && everyday::GERMAN.contains(&article)
            && !noun.contains(' ')
            && lists.flags(hash(noun)) & (GIVEN | FAMILY | PLACE | COUNTRY) == 0
    };
    ((is_every && has_noun) || is_unlisted())
        && text.get(..finding.start).and_then(title::before).is_none()
}

fn cut_one(text: &str, lists: &Lists, finding: &mut Finding) -> bool {
    let whole = text.get(finding.start..finding.end).unwrap_or_default();
    let is_other = |word: &str| OTHERS.contains(&word) && lists.flags(hash(word)) & GIVEN == 0;
    let words: Vec<(usize, &str)> = spans(whole).collect();
    let title = words.iter().position(|(_, word)| title::opens(word));
    let first = match title {
        Some(at) if at.saturating_add(1) < words.len() => at,
        _ => words.iter().take_while(|(_, word)| is_other(word)).count(),
    };
    let mut last = words.len();
    while last > first && words.get(last.saturating_sub(1)).is_some_and(|(_, word)| is_other(word))
    {
        last = last.saturating_sub(1);
    }
    // Behind a title stands one name; what follows it is of the name if a list holds it.
    let named = words.get(first.saturating_add(1)..last).unwrap_or_default();
    if title == Some(first) && !named.iter().any(|(_, word)| word.starts_with(char::is_lowercase)) {
        let degrees = named.iter().take_while(|(_, word)| title::is_degree(word)).count();
        let more = named.iter().skip(degrees.saturating_add(1));
        let more = more.take_while(|(_, word)| lists.flags(hash(word)) & (GIVEN | FAMILY) != 0);
        let kept = degrees.saturating_add(1).saturating_add(more.count());
        last = last.min(first.saturating_add(1).saturating_add(kept));
    }
    let (Some(&(from, _)), Some(&(to, word))) =
        (words.get(first), last.checked_sub(1).and_then(|at| words.get(at)))
    else {
        return false;
    };
    if first >= last {
        return false;
    }
    if last < words.len() {
        finding.end = finding.start.saturating_add(to).saturating_add(word.len());
    }
    finding.start = finding.start.saturating_add(from);
    true
}

/// The words of a text, with the offsets at which they begin.
fn spans(whole: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0_usize;
    whole.split_inclusive(char::is_whitespace).filter_map(move |part| {
        let start = at;
        at = at.saturating_add(part.len());
        let word = part.trim_end();
        (!word.is_empty()).then_some((start, word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Why;

    fn left(name: &str) -> Option<&str> {
        let mut lists = Lists::of(vec![0; 64]);
        lists.add(hash("blee"), FAMILY);
        let (start, end, kind) = (0, name.len(), FindingKind::Person);
        let rule = "t".into();
        let mut findings = vec![Finding { start, end, kind, score: 0.9, why: Why::Model, rule }];
        cut(name, &lists, &mut findings);
        findings.first().map(|one| name.get(one.start..one.end).unwrap())
    }

    #[test]
    fn labels_of_numbers_are_cut_off() {
        let of = |text: &str, kind| {
            let (start, end, rule) = (0, text.len(), "t".into());
            let mut all = vec![Finding { start, end, kind, score: 0.9, why: Why::Model, rule }];
            cut(text, &Lists::default(), &mut all);
            all.first().map(|one| text.get(one.start..one.end).unwrap().to_owned())
        };
        for (name, expected) in [
            ("Zarquon IBAN", Some("Zarquon")),
            ("DNI: Zarquon", Some("Zarquon")),
            ("CPF 123.4", None),
            ("tel 123", None),
            ("Vin Zarquon", Some("Vin Zarquon")),
            ("BLEE A PIN", Some("BLEE A PIN")),
            ("Meine IBAN", None),
            ("Termin am Montag", None),
            ("La Reunión", None),
            ("Montag Zarquon", Some("Montag Zarquon")),
            ("El Zarquon", Some("El Zarquon")),
        ] {
            assert_eq!(of(name, FindingKind::Location).as_deref(), expected, "{name}");
        }
        assert_eq!(of("Das Zarquon", FindingKind::Organisation), None);
        assert!(of("Herr Freitag", FindingKind::Person).is_some());
    }

    #[test]
    fn what_stands_beside_a_name_is_cut_off() {
        for (name, expected) in [
            ("Sie Herrn Zarquon", Some("Herrn Zarquon")),
            ("Frau Zarquon Bescheid", Some("Frau Zarquon")),
            ("Frau Zarquon Schlüssel", Some("Frau Zarquon")),
            ("Frau Zarquon Blee", Some("Frau Zarquon Blee")),
            ("Frau Dr. Zarquon", Some("Frau Dr. Zarquon")),
            ("Herr von der Zarquon Vex", Some("Herr von der Zarquon Vex")),
            ("Oxo Zarquon Termine", Some("Oxo Zarquon")),
            ("Liebe Grüße", None),
            ("Rufen Sie", None),
            ("Zarquon Vex", Some("Zarquon Vex")),
            ("Frau", Some("Frau")),
        ] {
            assert_eq!(left(name), expected, "{name}");
        }
    }
}
