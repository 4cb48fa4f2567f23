//! Words of everyday speech in languages other than English.

use super::{Names, found};
use crate::FindingKind::{Location, Person};

#[test]
fn days_months_and_nouns_behind_articles_are_no_names() {
    for text in [
        "Montag",
        "Freitag",
        "Montags und Freitags",
        "Das Paket",
        "Das Update",
        "Der Termin am Montag",
        "Das Paket kommt am Freitag.",
        "La Reunión es el lunes",
        "Le Rendez-vous est mardi",
        "La riunione è Lunedì",
        "A Reunião é na Segunda-feira",
        "El Paquete",
        "Le Colis",
        "Il Pacco",
        "Het Pakket",
        "O Pacote",
    ] {
        let findings = Names::built_in().find(text);
        assert!(findings.is_empty(), "{text}: {findings:?}");
    }
    assert_eq!(found("Ich sprach mit Herrn Freitag.", Person), ["Herrn Freitag"]);
}

#[test]
fn labels_of_numbers_are_no_names() {
    for text in [
        "IBAN DE89370400440532013000",
        "Meine IBAN DE89 3704 0044 0532 0130 00",
        "CPF 123.456.789-09",
        "Mi DNI 12345678Z",
        "lat: 52.520008, lon: 13.404954",
    ] {
        let findings = crate::Engine::fast().findings(text);
        assert!(findings.iter().all(|one| one.rule != "name-tagger"), "{text}: {findings:?}");
    }
}

#[test]
fn a_sentence_is_no_place() {
    let text = "Mevrouw de Vries woont op de Dorpsstraat 12 in Utrecht";
    assert_eq!(found(text, Person), ["Mevrouw de Vries"]);
    assert_eq!(found(text, Location), ["Dorpsstraat 12", "Utrecht"]);
    for text in ["Le mot de passe est Soleil2024", "Mon mot de passe est Soleil2024."] {
        let findings = Names::built_in().find(text);
        assert!(findings.is_empty(), "{text}: {findings:?}");
    }
}
