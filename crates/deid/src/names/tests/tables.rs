//! Names in tables, in data and in the files of tools.

use super::{Names, found};
use crate::FindingKind::Person;

#[test]
fn cells_of_rows_dense_with_separators() {
    for text in [
        "| Name | City | Age | State |\n|------|------|-----|-------|\n\
         | Hannah Whitfield | Berlin | 12 | open |\n| Peter Weber | Bonn | 31 | closed |\n",
        "Name\tCity\tAge\tState\nHannah Whitfield\tBerlin\t12\topen\nPeter Weber\tBonn\t31\tx\n",
        "Name;City;Age;State\nHannah Whitfield;Berlin;12;open\nPeter Weber;Bonn;31;closed\n",
        "```\nName;City;Age;State\nHannah Whitfield;Berlin;12;open\nPeter Weber;Bonn;31;closed\n```",
    ] {
        assert_eq!(found(text, Person), ["Hannah Whitfield", "Peter Weber"], "{text}");
    }
}

#[test]
fn elements_of_markup_over_several_lines() {
    for text in [
        "<person>\n  <name>Hannah Whitfield</name>\n  <age>12</age>\n</person>\n",
        "<table>\n  <tr>\n    <td>Hannah Whitfield</td>\n    <td>12</td>\n  </tr>\n</table>\n",
        "<book id=\"b1\">\n  <author>Hannah Whitfield</author>\n  <title>On Ice</title>\n</book>\n",
        "<tr>\n<td class=\"who\">Hannah Whitfield</td>\n<td class=\"age\">12</td>\n</tr>\n",
    ] {
        assert_eq!(found(text, Person), ["Hannah Whitfield"], "{text}");
    }
}

#[test]
fn values_of_settings_that_are_words_in_a_row() {
    let text = "[user]\n\tname = Hannah Whitfield\n\temail = h@corp.io\n[core]\n\teditor = vim\n";
    assert_eq!(found(text, Person), ["Hannah Whitfield"]);
    assert!(found("x = f(y)\nname = Hannah(x)\nz = g(x)\n", Person).is_empty());
}

#[test]
fn names_of_things_in_the_settings_of_tools() {
    for text in [
        "name: Docker Build",
        "name: CI Tests",
        "type: Opaque",
        "kind: Deployment",
        "name = \"Docker Build\"",
        "name: Docker Build\non:\n  push:\n    branches: [main]\njobs:\n  - name: Unit Tests\n",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 3\n",
    ] {
        let findings = Names::built_in().find(text);
        assert!(findings.is_empty(), "{text}: {findings:?}");
    }
    assert_eq!(found("name: Hannah Whitfield", Person), ["Hannah Whitfield"]);
    assert_eq!(found("owner: Hannah Whitfield\nstate: open\n", Person), ["Hannah Whitfield"]);
}

#[test]
fn names_in_headers_of_mail_with_the_family_first() {
    let text = "From: \"Weber, Anna\" <anna@corp.io>\nTo: Weber, Hannah; Berg, Karl\n";
    let names = ["Weber, Anna", "Weber, Hannah", "Berg, Karl"];
    assert_eq!(found(text, Person), names);
}
