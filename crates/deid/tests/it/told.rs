//! Passwords that people tell each other in a sentence.

use crate::marked::{check, check_clean};
use consentry_deid::Engine;
use consentry_deid::FindingKind::Secret;

#[test]
fn in_the_languages_of_the_sentences_around() {
    check(
        Secret,
        &[
            "The password is «blue42fish».",
            "Das Passwort ist «blue42fish», bitte ändern.",
            "Das neue Passwort lautet: «blue42fish»",
            "Ihr Kennwort ist \"«blue42fish»\".",
            "Le mot de passe est «blue42fish».",
            "Le mot de passe est : «blue42fish»",
            "La contraseña es «blue42fish».",
            "La nuova password è «blue42fish».",
            "Het wachtwoord is «blue42fish».",
            "A senha é «blue42fish».",
            "A palavra-passe é «blue42fish».",
            "La parola d'ordine è «blue42fish».",
            "La parola d’ordine è «blue42fish».",
            r#"{"text":"La contrase\u00f1a? El password es otro. Das Passwort ist «blue42fish».\n"}"#,
        ],
    );
}

#[test]
fn in_the_quotes_of_each_language() {
    let engine = Engine::structured();
    for (open, close) in
        [("“", "”"), ("„", "“"), ("‘", "’"), ("«\u{a0}", "\u{a0}»"), ("« ", " »"), ("`", "`")]
    {
        let text = format!("Le mot de passe est {open}blue42fish{close}, d'accord ?");
        let found: Vec<_> = engine.findings(&text).iter().map(|f| &text[f.start..f.end]).collect();
        assert_eq!(found, ["blue42fish"], "{text}");
    }
}

#[test]
fn sentences_about_passwords_tell_none() {
    check_clean(&[
        "The password is wrong! The password is incorrect. The password is required",
        "The password is (still) valid; the password is 8-16 characters long",
        "Das Passwort ist falsch! Das Passwort ist geschützt. Das Passwort ist zu kurz.",
        "Das Passwort lautet wie folgt: siehe Anhang. Das Kennwort ist abgelaufen!",
        "Le mot de passe est incorrect ! Le mot de passe est obligatoire.",
        "La contraseña es incorrecta. ¡La contraseña es inválida!",
        "La password è errata! La password è troppo corta.",
        "Het wachtwoord is onjuist! Het wachtwoord is verlopen.",
        "A senha é inválida! A senha é obrigatória.",
        "Die Antwort ist a1b2c3d4. Das Wort ist blue42fish. Het woord is blue42fish.",
        "La enseña es blue42fish. Il passe est1 ouvert.",
    ]);
}
