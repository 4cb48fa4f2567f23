//! What names are replaced with.
//!
//! Given names are such as any person may have; family names are frequent ones in the census of
//! the United States. Places and companies are put together from parts.

use std::sync::LazyLock;

/// Given names, each of small letters.
pub(super) static GIVEN: LazyLock<Vec<&str>> = LazyLock::new(|| {
    "adrian ainsley alex alexis ali amari amory andie angel ari arden ariel arlo ash ashby ashton \
    aspen aubrey august austin avery azure bailey bay beck bellamy berkeley bertie billie blaine \
    blair blake bobbie brett briar britt brook caelan calla cameron campion carey carlin carmen \
    carroll casey cassidy channing charlie chris cicely clancy clove clover cody corey courtney \
    cypress dale dallas dana darby darcy daryl dell delta devin devon dorian drew dylan easton \
    eden elder ellery ellis ember emerson emery emlyn erin everest ezra fallon fenn finley florian \
    fern frankie garnet gale gray greer hadley halsey harley harlow harper haven hayden hazel \
    heath hollis hunter indigo ira jackie jade jaden jamie jan jessie jocelyn jody jordan jules \
    juniper kai kamryn kelly kelsey kendall kennedy kerry kim kirby kit kyle laken lake \
    lane larch laurel lauren lee leighton lennon lennox leslie linden lindsay logan loren lou lyle \
    lynn mallory maple marin marley marlow marty mercer meredith merle merrill micah mickey milan \
    monroe morgan murphy nevada nicky nico noel oakley ocean odell olive ollie orion pat parker \
    paxton payton perry peyton phoenix pip poplar presley quincy quinn rain raleigh ramsey randy \
    ray reagan reed reese regan remy rene rennie rickie ridley riley rio river robin rory rowan \
    rudy ryan rylan sable sage salem sam sandy sasha sawyer scout selby shannon shawn shay \
    shelby sheridan shiloh sidney silver sky skyler sloan sol sorrel spencer stacy stevie storm \
    sutton sydney tansy tatum taylor teagan terry thorn tierney toby tracy tristan tyler umber val \
    vale vaughn vesper whitney willow winter wren wynn yael yarrow yarden zephyr zion"
        .split_whitespace()
        .collect()
});

/// Family names, each of small letters.
pub(super) static FAMILY: LazyLock<Vec<&str>> = LazyLock::new(|| {
    "abbott acosta adkins aguilar allison alvarado andrade archer arnold atkins avila ayala \
    baldwin ballard banks barber barker barnett barrera barron barton bates bauer baxter beard \
    becker benson berger bishop blackburn blackwell blankenship boone bowen bowers bowman boyer \
    bradford bradley bradshaw brady brennan brewer bridges briggs browning bryan buchanan buckley \
    burgess burke burnett burton bush byrd calderon calhoun callahan camacho cannon cantrell \
    cardenas carlson carney carpenter carrillo castaneda cervantes chambers chandler chang \
    chapman christensen clayton clements cline cochran combs compton conley conrad conway cordova \
    costa crane crawford cross cummings daniels daugherty davila decker delacruz delgado dennis \
    dickerson dillon dixon dodson doyle drake dudley duffy duncan dunlap dunn duran durham eaton \
    elliott england erickson espinoza estes estrada farley farrell faulkner ferrell fields figueroa \
    finch fischer fitzgerald fletcher floyd flynn foley forbes fowler franco franklin frazier \
    frederick french frost fuentes fuller galindo gallagher galloway gamble garner garrett garrison \
    gentry gibbs gilbert giles gillespie gilmore glass glenn glover goodman goodwin gould graves \
    greer griffith grimes guerra gutierrez guthrie hancock hanna hardin harding hardy harmon \
    harrell hartman hatfield haynes hebert hendricks hendrix henson herring hess hickman hicks \
    higgins hines hinton hobbs hodges hoffman holcomb holden holloway holt hood hoover hopkins \
    horton houston howe hubbard huber huff huffman hull humphrey hurley hurst ingram jacobson \
    jarvis jennings jensen joyce kaiser kane keith keller kemp kerr kirk klein kline knapp knox \
    koch kramer krueger lamb lambert landry lara larsen leach leblanc leon levine lindsey \
    livingston lloyd lowery lozano lucero lynch macdonald macias mack madden mahoney maldonado \
    malone mann marks marsh mata mathews maxwell mayer maynard mcbride mccall mccarthy mcclain \
    mcclure mcconnell mccullough mcdaniel mcfarland mcgee mcguire mcintosh mcintyre mckay mckee \
    mckenzie mckinney mclaughlin mclean mcmillan mcneil mcpherson meadows melendez melton mercado \
    merritt meyers middleton miles montes montoya moody moon mosley moyer mueller mullen mullins \
    munoz nash nava neal newman nichols nielsen nixon nolan norman norris norton novak obrien \
    ochoa oconnell odom oliver olsen orozco orr osborne owen pace pacheco padilla palmer park \
    parrish parsons patrick peck pennington petersen petty pham phelps pierce pineda pitts pollard \
    poole pope potter potts powers prince pruitt pugh quintero ramsey randolph rangel rasmussen \
    rasch rhodes riggs rivas roach robbins robles rocha rollins rosales rosario roth rowe rowland \
    rubio rush salas salazar salinas sampson sanford santana saunders savage schaefer schmitt \
    schneider schroeder schultz sellers serrano sexton shaffer shaw shepherd sherman shields \
    short sims singleton skinner small snow solis solomon soto sparks spears stafford stanley \
    stanton stein stephenson stokes strickland strong stuart summers sutherland swanson sweeney \
    tanner tapia terrell thornton townsend travis trevino trujillo tucker tyson underwood valdez \
    valencia vance velasquez villegas vincent wade walls walsh walter walton ware warner watkins \
    weaver webb weber weeks weiss wiggins wiley wilkerson wilkins winters wolf woodard woodward \
    wyatt yates york zamora zavala zimmerman zuniga"
        .split_whitespace()
        .collect()
});

/// How invented places begin and end.
pub(super) const PLACE: (&[&str], &[&str]) = (
    &[
        "alder", "amber", "arden", "ashen", "barrow", "birken", "bracken", "bram", "briar",
        "calder", "cinder", "clover", "copper", "cran", "dorn", "ebber", "elder", "ember",
        "falken", "fenn", "fern", "garn", "gorse", "hallow", "haver", "hazel", "heron", "iver",
        "juniper", "kelder", "larken", "linden", "marl", "mallow", "merrin", "mossen", "nether",
        "oaken", "orren", "otter", "pebble", "quill", "raven", "reeden", "rowan", "sallow",
        "sedge", "sorrel", "tarn", "teasel", "thorn", "umber", "velder", "wether", "willow",
        "yarrow",
    ],
    &[
        "beck", "bourne", "brook", "burn", "combe", "cote", "dale", "den", "fell", "fold", "ford",
        "garth", "gate", "haven", "heath", "holm", "hurst", "leigh", "mere", "moor", "ness",
        "ridge", "rise", "shaw", "stead", "stoke", "thwaite", "wick", "wold", "worth",
    ],
);

/// How invented companies begin and end.
pub(super) const COMPANY: (&[&str], &[&str]) = (
    &[
        "abra", "aero", "alta", "ambi", "arbo", "astra", "bel", "boro", "calo", "cen", "cora",
        "delo", "dyna", "eno", "evo", "fero", "fira", "galo", "helo", "illu", "kalo", "kino",
        "lumo", "luna", "mako", "meri", "mono", "navo", "nexo", "novo", "octo", "omni", "ori",
        "palo", "pexo", "qua", "rado", "reno", "sola", "sona", "tavo", "tela", "tori", "ulti",
        "valo", "vela", "vero", "vexo", "xeno", "zeno",
    ],
    &[
        "bara", "bix", "canta", "cast", "dara", "dex", "dine", "fax", "fort", "gard", "genta",
        "gram", "kast", "lane", "lanta", "lex", "lith", "lora", "mart", "mira", "morph", "nara",
        "nix", "plex", "quant", "rex", "rona", "scope", "senta", "sphera", "strata", "sync",
        "tara", "terra", "tide", "tix", "trax", "vanta", "vista", "zora",
    ],
);

/// The postal codes of the states (United States Postal Service, Publication 28, appendix B).
pub(super) const STATES: &[&str] = &[
    "al", "ak", "az", "ar", "ca", "co", "ct", "de", "dc", "fl", "ga", "hi", "id", "il", "in", "ia",
    "ks", "ky", "la", "me", "md", "ma", "mi", "mn", "ms", "mo", "mt", "ne", "nv", "nh", "nj", "nm",
    "ny", "nc", "nd", "oh", "ok", "or", "pa", "ri", "sc", "sd", "tn", "tx", "ut", "vt", "va", "wa",
    "wv", "wi", "wy",
];

#[cfg(test)]
mod tests {
    use super::super::staying::{ORGANISATION_WORDS, PARTICLES, PLACE_WORDS};
    use super::*;
    use crate::names::is_title;
    use std::collections::BTreeSet;

    #[test]
    fn lists_hold_plain_words_once_and_none_that_stays() {
        for list in [&*GIVEN, &*FAMILY] {
            assert!(list.len() > 250, "{}", list.len());
            let mut seen = BTreeSet::new();
            for word in list {
                assert!(word.bytes().all(|byte| byte.is_ascii_lowercase()), "{word}");
                assert!(seen.insert(word), "{word}");
                let stays = is_title(word, true) || PARTICLES.contains(word);
                assert!(word.len() > 1 && !stays, "{word}");
            }
        }
        for (heads, tails, stays) in
            [(PLACE.0, PLACE.1, PLACE_WORDS), (COMPANY.0, COMPANY.1, ORGANISATION_WORDS)]
        {
            let mut seen = BTreeSet::new();
            for head in heads {
                for tail in tails {
                    let word = format!("{head}{tail}");
                    assert!(!stays.contains(&word.as_str()), "{word}");
                    assert!(word.bytes().all(|byte| byte.is_ascii_lowercase()));
                    assert!(seen.insert(word), "{head} {tail}");
                }
            }
        }
    }
}
