//! What is found of names with the weights that come with this crate.

mod speech;
mod tables;

use super::Names;
use crate::FindingKind::{self, Location, Person};

fn found(text: &str, kind: FindingKind) -> Vec<String> {
    let findings = Names::built_in().find(text);
    let of_kind = findings.iter().filter(|finding| finding.kind == kind);
    of_kind.map(|finding| text.get(finding.start..finding.end).unwrap().to_owned()).collect()
}

#[test]
fn a_location_ends_before_a_line_that_is_of_no_address() {
    for text in [
        "WARN Retry Policy exhausted\n2024-03-01 10:11:12 INFO Server started",
        "Em\nOrder 123-4567890",
        "Hauptstr. 5\nPLZ: 80331",
        "12 Oak Street\nCity: Springfield\nZIP: 62704",
        "Straße: Hauptstr. 5\nPLZ: 80331\nOrt: München",
        "Lives in Springfield\n555-123-4567",
    ] {
        let places = found(text, Location);
        assert!(places.iter().all(|place| !place.contains('\n')), "{text}: {places:?}");
    }
    let text = "Straße: Hauptstr. 5\nPLZ: 80331\nOrt: München";
    assert_eq!(found(text, Location), ["Hauptstr. 5", "80331", "München"]);
    assert!(found("WARN Retry Policy exhausted\n2024-03-01 10:11", Location).is_empty());
    let address = "418 Larkspur Lane\nBurlington, VT 05401-1234";
    assert_eq!(
        found(&format!("Please ship it to\n{address}\nbefore Friday."), Location),
        [address]
    );
}

#[test]
fn initials_behind_titles_are_names_in_an_enumeration_too() {
    let text = "It was decided by Mr J.-P. Brack and Mrs G. in court.";
    assert_eq!(found(text, Person), ["Mr J.-P. Brack", "Mrs G"]);
}

#[test]
fn a_postcode_that_a_word_announces_is_a_location() {
    for text in ["My zip code is 75001", "Hi, my zip code is 75001 and yours?", "PLZ: 75001"] {
        assert_eq!(found(text, Location), ["75001"], "{text}");
    }
    assert!(found("My code is 75001, and it runs.", Location).is_empty());
}

#[test]
fn of_a_greeting_the_name_alone_is_a_person() {
    for (text, name) in [
        ("Viele Grüße, Thomas", "Thomas"),
        ("Herzliche Grüße, Eva", "Eva"),
        ("Mit besten Grüßen, Lena", "Lena"),
        ("Danke und viele Grüße, Thomas", "Thomas"),
        ("Abraços, Pedro", "Pedro"),
        ("Cordialement, Jean", "Jean"),
    ] {
        assert_eq!(found(text, Person), [name], "{text}");
    }
}

#[test]
fn labels_and_messages_are_no_values_of_keys() {
    for text in [
        r#"{"name": "Main Menu"}"#,
        r#"{"name": "Search Box"}"#,
        r#"{"name": "Green Tea"}"#,
        r#"{"name": "Price List"}"#,
        r#"{"name": "Cash Flow"}"#,
        r#"{"first_name": "First Name is required"}"#,
        r#"{"city": "Please enter a city"}"#,
        r#"{"city":"N/A"}"#,
        "city: Select",
        "surname: ASC",
    ] {
        let findings = Names::built_in().find(text);
        assert!(findings.is_empty(), "{text}: {findings:?}");
    }
    for (text, name) in [
        (r#"{"name": "Hannah Whitfield"}"#, "Hannah Whitfield"),
        (r#"{"name": "Mark Whitfield"}"#, "Mark Whitfield"),
        (r#"{"last_name": "Price"}"#, "Price"),
        ("name: Peter van der Berg", "Peter van der Berg"),
    ] {
        assert_eq!(found(text, Person), [name], "{text}");
    }
    for (text, place) in [
        (r#"{"city": "Kansas City"}"#, "Kansas City"),
        (r#"{"city": "Stratford upon Avon"}"#, "Stratford upon Avon"),
        (r#"{"street": "12 Long Street"}"#, "12 Long Street"),
    ] {
        assert_eq!(found(text, Location), [place], "{text}");
    }
}

#[test]
fn commands_of_a_shell_hold_no_names() {
    for text in [
        "git checkout main\nnpm install\ndocker login -u me\ncargo build",
        "sudo apt update",
        "python manage.py runserver",
        "Run this:\n$ sudo systemctl restart nginx",
        "pip install requests",
        "mytool serve --port 80",
    ] {
        let findings = Names::built_in().find(text);
        assert!(findings.is_empty(), "{text}: {findings:?}");
    }
    assert_eq!(found("git is hard, says hannah whitfield", Person), ["hannah whitfield"]);
}
