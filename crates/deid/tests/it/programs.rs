//! Names in programs: in what is written for people alone.

use consentry_deid::{Engine, FindingKind};

/// What is found of names in a program.
fn names(text: &str) -> Vec<String> {
    let findings = Engine::fast().findings(text);
    let is_name = |kind| {
        matches!(kind, FindingKind::Person | FindingKind::Location | FindingKind::Organisation)
    };
    let names = findings.iter().filter(|finding| is_name(finding.kind));
    names.map(|finding| text[finding.start..finding.end].to_owned()).collect()
}

const PYTHON: &str = r#"# Written by Hannah Whitfield, with help from Martin Keller.
import os
from Warren import Keller, Marshall

__author__ = "Hannah Whitfield"
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "June"]


class Warren(Keller):
    """Mark models for Pony and Ruby."""

    Marshall = None

    def Norman(self, Travis, *, Jordan=None):
        if isinstance(Travis, Jordan) and Travis.Dallas is not Marshall:
            raise Keller("Lexer for Marshall")
        return Travis, Jordan
"#;

const RUST: &str = r#"// Author: Hannah Whitfield <hannah@corp.io>
use crate::warren::{Carter, Keller, Marshall};

pub enum Phase {
    Paris,
    Jordan(Keller),
}

impl Marshall for Carter {
    fn norman(&self, travis: Keller) -> Option<Jordan> {
        let Keller = Travis::new();
        match travis { Phase::Paris => None, Phase::Jordan(Keller) => Some(Keller) }
    }
}
"#;

const JAVASCRIPT: &str = r#"/**
 * @author Hannah Whitfield
 */
import { Carter, Keller } from './Marshall';
const Travis = new Keller({ Jordan: Carter, Dallas: 'Large' });
export default function Warren({ Norman, Travis }) {
  return Norman.Jordan ? <Carter Dallas={Travis} /> : Keller;
}
"#;

const JAVA: &str = r#"package io.corp.Keller;

import io.corp.Carter;

/** Copyright (c) 2019 Hannah Whitfield. */
public class Marshall extends Keller implements Jordan {
    private final Carter Travis;
    Marshall(Carter Travis) { this.Travis = Travis; }
    Jordan norman(Keller Dallas) throws Warren { return Dallas.Travis; }
}
"#;

const GO: &str = r#"package keller

import "fmt"

// Hannah Whitfield wrote this to find out whether it works.
type Carter struct {
	Keller Marshall
	Jordan string `json:"Jordan"`
}

func (c *Carter) Travis(Dallas Jordan) (Keller, error) {
	return Keller{Marshall: Dallas}, fmt.Errorf("no Travis")
}
"#;

const C: &str = r#"#include <Carter.h>
/* Fixed by Hannah Whitfield. */
typedef struct Keller { int Jordan; Marshall *Travis; } Keller;
static Marshall *Warren(Keller *Dallas, Jordan Travis) {
    for (int i = 0; i < Dallas->Jordan; i++) { Dallas->Travis[i] = Travis; }
    return Dallas->Travis;
}
"#;

const SHELL: &str = r#"#!/bin/sh
# Maintainer: Hannah Whitfield
Keller=${Jordan:-Travis}
if [ -n "$Carter" ]; then
  export Marshall="$Keller/Dallas"
fi
Warren() { grep -q Travis "$1" && echo "$Jordan"; }
"#;

const SQL: &str = r#"-- Written by Hannah Whitfield
CREATE TABLE Carter (Keller INT, Jordan TEXT NOT NULL);
SELECT Keller.Jordan, Travis FROM Carter JOIN Marshall ON Keller = Dallas WHERE Jordan = 'x';
INSERT INTO Carter (Keller, Jordan) VALUES (1, 'y');
"#;

#[test]
fn programs_keep_their_identifiers() {
    let found = |text: &str| {
        let mut names = names(text);
        names.dedup();
        names
    };
    assert_eq!(found(PYTHON), ["Hannah Whitfield", "Martin Keller", "Hannah Whitfield"]);
    for program in [RUST, JAVASCRIPT, JAVA, GO, C, SHELL, SQL] {
        assert_eq!(found(program), ["Hannah Whitfield"], "{program}");
        // The same in a message, shown with the numbers of its lines, and as JSON.
        let fenced = format!("Look at this:\n```\n{program}```\nWhat is wrong?");
        assert_eq!(found(&fenced), ["Hannah Whitfield"], "{fenced}");
        let numbered: String =
            program.lines().enumerate().map(|(at, line)| format!("{at:6}→{line}\n")).collect();
        assert_eq!(found(&numbered), ["Hannah Whitfield"], "{numbered}");
        let json = serde_json::json!({"type": "text", "text": program}).to_string();
        assert_eq!(found(&json), ["Hannah Whitfield"], "{json}");
    }
}

#[test]
fn histories_hold_names() {
    let log = "commit 3f1c2ab9\nAuthor: Zelda Brackwater <zelda@corp.io>\nDate:   Mon Mar 4\n\n    \
        Fix the build\n\n    Co-authored-by: Hannah Whitfield <hannah@corp.io>\n";
    assert_eq!(names(log), ["Zelda Brackwater", "Hannah Whitfield"]);
    let authors = "# Authors\n\n* Hannah Whitfield\n* Zelda Brackwater <zelda@corp.io>\n";
    assert_eq!(names(authors), ["Hannah Whitfield", "Zelda Brackwater"]);
}
