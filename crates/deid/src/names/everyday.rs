//! Words of everyday speech that are no names: days, months, articles and common nouns.
//!
//! In German every noun has a capital, and elsewhere headings and subjects have one, so that the
//! tagger, which learned from English, takes them for names. The days and months are those of
//! the Unicode Common Locale Data Repository, with regional ones; the nouns were written for this
//! purpose.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Days and months in German, French, Spanish, Italian, Dutch and Portuguese.
static DATES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "abril agosto août april aprile august augustus avril december dezember dezembro dicembre \
    diciembre dienstag dimanche dinsdag domenica domingo donderdag donnerstag décembre enero \
    febbraio febrero februar februari fevereiro freitag février gennaio giovedì giugno \
    janeiro januar januari janvier jeudi jueves juillet juin julho juli julio junho juni \
    junio jänner luglio lundi lunedì lunes maandag maart maggio mai maio mardi mars martedì \
    martes marzo março mayo mei mercoledì mercredi mittwoch miércoles montag märz november \
    novembre novembro noviembre octobre octubre oktober ottobre outubro quarta-feira \
    quinta-feira sabato samedi samstag segunda-feira september septembre septiembre setembro \
    settembre sexta-feira sonnabend sonntag sábado terça-feira vendredi venerdì viernes \
    vrijdag woensdag zaterdag zondag"
        .split_whitespace()
        .collect()
});

/// Nouns of letters, offices and homes in the same languages.
static NOUNS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "aanbieding aanvraag abend accès acqua adres adresse affaire afspraak agua aide aiuto \
    ajuda anfrage angebot anno année ano anruf antwoord antwort apartamento aplicativo appel \
    appuntamento arbeit archivo argent arquivo aufgabe auftrag aula auto avond ayuda azienda \
    año bank bedrijf bericht besprechung bestand bestelling bestellung betaling biglietto \
    boek brief bureau büro calle carro carta casa chamada chiamata cidade cita città ciudad \
    clase client cliente coche code codice colis commande compra compte consegna consulta \
    conta conto contract contraseña contrat contrato contratto correio correo corso courriel \
    courrier cours cuenta curso código dag data date datei datum demande deur dia dinero \
    dinheiro dirección document documento dokument domanda dossier día email empresa \
    encomenda ende endereço entrega entreprise equipa equipe equipo erreur erro error errore \
    escola escritório escuela factura facture factuur fahrrad fall fattura fatura fecha \
    fehler fichier fiets file firma fout frage frist gare garten geld geschäft gespräch \
    giorno groep groupe grupo gruppe gruppo gutschein handy haus heure hilfe hora huis hulp \
    idea idee ideia idée indirizzo informe jaar jahr jour journée kaffee kantoor kind kinder \
    klant koffie konferenz kontakt konto kunde kunden kundin kurs küche lavoro lettera \
    lettre levering lieferung lijst lista liste livraison livre llamada loja lösung maand \
    macchina mail maison manhã matin mattina mañana meeting mensagem mensaje mes mesa mese \
    message messaggio miete minute mois moment momento monat morgen mot mês naam nachricht \
    nacht negozio noche noite nom nombre nome note notte nuit numero nummer numéro número \
    oferta offerta offre oficina opdracht oplossing ora ordinateur ordine overleg pacco \
    pacote pagamento page pagina pago paiement paket pakket palabra palavra paquet paquete \
    parola passwort pedido pergunta plan plano porta porte post posta prazo precio pregunta \
    preis prezzo preço prijs prix probleem problem problema problème prodotto product \
    producto produit produkt produto progetto programa programm programma programme project \
    projekt projet projeto proyecto puerta página question rapport rapporto rechnung reis \
    reise rekening relatório rendez-vous resposta respuesta reunião reunión risposta \
    riunione route rua rue réponse réunion schlüssel school schule scuola seite semaine \
    semana sendung senha sera server service servicio servizio serviço settimana sistema \
    site sitio sito sitzung soir solución solution soluzione solução squadra stad stadt \
    straat strada straße stunde systeem system système taak tag tarde tarea tarefa team \
    tekst telefon telefone telefono telefoon teléfono termin termine test testo text texte \
    texto tienda tijd trabajo trabalho train travail treffen trein trem tren treno téléphone \
    tür ufficio uhr unterlagen update urlaub uur vacaciones vacances vacanze vakantie \
    vergadering vertrag viagem viaggio viaje vida video vidéo ville vita voiture voyage \
    vraag vídeo wachtwoord wasser water website week weg werk wetter winkel woche wohnung \
    woning wort zaak zahl zahlung zusammenfassung école équipe"
        .split_whitespace()
        .collect()
});

/// Articles of the same languages, and the small words that join them and nouns.
const ARTICLES: &[&str] = &[
    "der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer", "le", "la",
    "les", "un", "une", "el", "los", "las", "una", "il", "lo", "gli", "i", "het", "een", "de", "o",
    "a", "os", "as", "um", "uma", "am", "im", "vom", "zum", "zur", "du", "del", "della", "do",
    "da", "no", "na", "al", "op", "van", "von", "und", "et", "y", "e", "en",
];

/// German articles, in capitals: what stands behind one is a noun.
pub(super) const GERMAN: &[&str] = &["Der", "Die", "Das", "Ein", "Eine", "Einen", "Einem", "Einer"];

/// The longest verb, in bytes, that begins no sentence.
const SHORT_MAX: usize = 2;

/// Forms of verbs that say where someone lives and what something is, in the same languages.
const VERBS: &[&str] = &[
    "est",
    "habite",
    "habitons",
    "vit",
    "réside",
    "habita",
    "vivo",
    "vivimos",
    "reside",
    "abito",
    "abitiamo",
    "risiede",
    "moro",
    "moramos",
    "wohne",
    "wohnen",
    "lebe",
    "leben",
    "arbeite",
    "woon",
    "wonen",
    "travaille",
    "es",
    "está",
    "vive",
    "trabaja",
    "è",
    "abita",
    "lavora",
    "é",
    "fica",
    "mora",
    "trabalha",
    "ist",
    "wohnt",
    "lebt",
    "arbeitet",
    "liegt",
    "kommt",
    "heißt",
    "is",
    "woont",
    "werkt",
    "ligt",
    "komt",
    "heet",
    "lives",
    "works",
];

/// Whether a word in small letters is a day or a month, or a noun of everyday speech.
pub(super) fn is_noun(small: &str) -> bool {
    // German adverbs: `montags`.
    let day = small.strip_suffix("tags").map_or(small.len(), |_| small.len().saturating_sub(1));
    DATES.contains(small)
        || DATES.contains(small.get(..day).unwrap_or_default())
        || NOUNS.contains(small)
}

/// Whether a word in small letters is an article, or joins one.
pub(super) fn is_article(small: &str) -> bool {
    ARTICLES.contains(&small)
}

/// Whether a word is such a verb in small letters.
pub(super) fn is_verb(word: &str) -> bool {
    VERBS.contains(&word)
}

/// Whether a word is such a verb at the beginning of a sentence, with a capital. Short ones are
/// parts of names: `Es`.
pub(super) fn is_first_verb(word: &str) -> bool {
    word.len() > SHORT_MAX && is_verb(&word.to_lowercase())
}
