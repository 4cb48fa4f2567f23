//! Section 4: the cells of `train`.

use crate::story::Story;
use consentry_testkit::twin::Action;
use serde_json::json;

const NOW: &str = "2026-06-01";

#[test]
fn choice_on_has_both_purposes_and_no_other() {
    let story = Story::account("pro").chooses("2025-01-01", true).talks("2025-02-01");
    assert_eq!(story.train(NOW), ["c m 0: permit choice-on"]);
    assert_eq!(story.safeguards(NOW), ["c m 0: permit choice-on"]);
    assert_eq!(story.decide(NOW, Action::Train, "marketing"), ["c m 0: deny"]);
    // No reasons whatever else is true.
    let story = story.deletes("2025-02-02");
    assert_eq!(story.decide(NOW, Action::Train, "marketing"), ["c m 0: deny"]);
}

#[test]
fn choice_on_wants_a_consumer_plan() {
    for plan in ["free", "pro", "max"] {
        let story = Story::account(plan).chooses("2025-01-01", true).talks("2025-02-01");
        assert_eq!(story.train(NOW), ["c m 0: permit choice-on"], "{plan}");
    }
    for plan in ["team", "enterprise", "work", "gov", "education", "api"] {
        let story = Story::account(plan).chooses("2025-01-01", true).talks("2025-02-01");
        assert_eq!(story.train(NOW), ["c m 0: deny commercial"], "{plan}");
        assert_eq!(story.safeguards(NOW), ["c m 0: deny commercial"], "{plan}");
    }
}

#[test]
fn the_plan_is_that_of_the_parts_time() {
    let story = Story::account("pro")
        .chooses("2025-01-01", true)
        .starts("2025-02-01")
        .says("2025-02-01", "before")
        .plan("2025-03-01", "team")
        .says("2025-03-01", "from-then")
        .plan("2025-04-01", "max")
        .says("2025-05-01", "later");
    assert_eq!(
        story.train(NOW),
        [
            "c before 0: permit choice-on",
            "c from-then 0: deny commercial",
            "c later 0: permit choice-on",
        ]
    );
}

#[test]
fn choice_on_wants_the_choice_to_be_on() {
    let story = Story::account("pro").talks("2025-02-01");
    assert_eq!(story.train(NOW), ["c m 0: deny"], "unset");
    let story = story.chooses("2025-01-01", true).chooses("2025-03-01", false);
    assert_eq!(story.train(NOW), ["c m 0: deny"], "off");
    assert_eq!(story.train("2025-02-28"), ["c m 0: permit choice-on"], "before it was off");
    assert_eq!(story.train("2025-03-01"), ["c m 0: deny"], "an event at T is in force");
}

#[test]
fn choice_on_wants_activity_since_the_choice() {
    let story = Story::account("pro").talks("2025-02-01");
    let at_once = story.clone().chooses("2025-02-01", true);
    assert_eq!(at_once.train(NOW), ["c m 0: permit choice-on"]);
    let too_late = story.clone().chooses("2025-02-01T00:00:00.001Z", true);
    assert_eq!(too_late.train(NOW), ["c m 0: deny"]);
    // Activity afterwards makes the whole conversation eligible.
    let resumed = too_late.says("2025-02-01T00:00:00.001Z", "n");
    assert_eq!(resumed.train(NOW), ["c m 0: permit choice-on", "c n 0: permit choice-on"]);
    let turned_on = story.clone().chooses("2025-01-01", false).chooses("2025-03-01", true);
    assert_eq!(turned_on.train(NOW), ["c m 0: deny"]);
    // Said again, the choice is as old as before; said anew, it is new.
    let again = story.clone().chooses("2025-01-01", true).chooses("2025-03-01", true);
    assert_eq!(again.train(NOW), ["c m 0: permit choice-on"]);
    let anew =
        story.chooses("2025-01-01", true).chooses("2025-03-01", false).chooses("2025-03-02", true);
    assert_eq!(anew.train(NOW), ["c m 0: deny"]);
}

#[test]
fn a_start_is_activity() {
    let story = Story::account("pro")
        .says("2025-01-01", "early")
        .chooses("2025-02-01", true)
        .starts("2025-02-01");
    assert_eq!(story.train(NOW), ["c early 0: permit choice-on"]);
}

#[test]
fn safety_flag_has_one_purpose_and_730_days() {
    let story = Story::account("pro").talks("2024-01-01").flags("2024-02-01");
    assert_eq!(story.train("2024-03-01"), ["c m 0: deny"]);
    assert_eq!(story.safeguards("2024-03-01"), ["c m 0: permit safety-flag"]);
    // 2024-02-01 and 730 days.
    assert_eq!(story.safeguards("2026-01-30T23:59:59.999Z"), ["c m 0: permit safety-flag"]);
    assert_eq!(story.safeguards("2026-01-31"), ["c m 0: deny"]);
    // The latest flag counts; a flag does not need a consumer plan to permit, but a forbid wins.
    let again = story.flags("2024-02-02");
    assert_eq!(again.safeguards("2026-01-31"), ["c m 0: permit safety-flag"]);
    assert_eq!(again.safeguards("2026-02-01"), ["c m 0: deny"]);
    let team = Story::account("team").talks("2025-01-01").flags("2025-02-01");
    assert_eq!(team.safeguards(NOW), ["c m 0: deny commercial"]);
}

#[test]
fn trusted_tester_wants_consumer_membership_and_activity_since() {
    let story = Story::account("free").talks("2025-02-01");
    let member = story.clone().joins("2025-02-01", "trusted-tester");
    assert_eq!(member.train(NOW), ["c m 0: permit trusted-tester"]);
    assert_eq!(member.safeguards(NOW), ["c m 0: permit trusted-tester"]);
    let late = story.clone().joins("2025-02-01T00:00:00.001Z", "trusted-tester");
    assert_eq!(late.train(NOW), ["c m 0: deny"]);
    let left = member.clone().leaves("2025-03-01", "trusted-tester");
    assert_eq!(left.train(NOW), ["c m 0: deny"]);
    assert_eq!(left.train("2025-02-28"), ["c m 0: permit trusted-tester"]);
    // Joining again changes nothing for a member; for one who left it counts from then.
    let twice = member.joins("2025-04-01", "trusted-tester");
    assert_eq!(twice.train(NOW), ["c m 0: permit trusted-tester"]);
    let anew = left.joins("2025-04-01", "trusted-tester");
    assert_eq!(anew.train(NOW), ["c m 0: deny"]);
    let other = story.joins("2025-01-01", "development-partner");
    assert_eq!(other.train(NOW), ["c m 0: deny"]);
    let team = Story::account("team").talks("2025-02-01").joins("2025-01-01", "trusted-tester");
    assert_eq!(team.train(NOW), ["c m 0: deny commercial"]);
}

#[test]
fn development_partner_wants_api_membership_and_activity_since() {
    let story = Story::account("api").talks("2025-02-01");
    assert_eq!(story.train(NOW), ["c m 0: deny commercial"]);
    let member = story.clone().joins("2025-02-01", "development-partner");
    assert_eq!(member.train(NOW), ["c m 0: permit development-partner"]);
    assert_eq!(member.safeguards(NOW), ["c m 0: permit development-partner"]);
    // Joined too late for the permit, but `commercial` asks for membership alone.
    let late = story.clone().joins("2025-02-01T00:00:00.001Z", "development-partner");
    assert_eq!(late.train(NOW), ["c m 0: deny"]);
    let left = member.leaves("2025-03-01", "development-partner");
    assert_eq!(left.train(NOW), ["c m 0: deny commercial"]);
    let tester = story.joins("2025-01-01", "trusted-tester");
    assert_eq!(tester.train(NOW), ["c m 0: deny commercial"]);
    for plan in ["team", "enterprise"] {
        let story =
            Story::account(plan).talks("2025-02-01").joins("2025-01-01", "development-partner");
        assert_eq!(story.train(NOW), ["c m 0: deny commercial"], "{plan}");
    }
}

#[test]
fn programmes_too_ask_for_the_plan_of_the_parts_time() {
    let moved = |from: &str, to: &str, programme: &str| {
        Story::account(from).joins("2025-01-01", programme).talks("2025-02-01").plan(NOW, to)
    };
    let tester = moved("pro", "team", "trusted-tester");
    assert_eq!(tester.train(NOW), ["c m 0: permit trusted-tester"]);
    let tester = moved("team", "pro", "trusted-tester");
    assert_eq!(tester.train(NOW), ["c m 0: deny commercial"]);
    let partner = moved("api", "team", "development-partner");
    assert_eq!(partner.train(NOW), ["c m 0: permit development-partner"]);
    let partner = moved("team", "api", "development-partner");
    assert_eq!(partner.train(NOW), ["c m 0: deny commercial"]);
}

#[test]
fn every_satisfied_permit_is_a_reason() {
    let story = Story::account("pro")
        .joins("2025-01-01", "trusted-tester")
        .chooses("2025-01-01", true)
        .talks("2025-02-01")
        .flags("2025-03-01");
    assert_eq!(story.train(NOW), ["c m 0: permit choice-on trusted-tester"]);
    assert_eq!(story.safeguards(NOW), ["c m 0: permit choice-on safety-flag trusted-tester"]);
}

#[test]
fn every_satisfied_forbid_is_a_reason() {
    let all = Story::default()
        .on("2020-01-01", "account.opened", "account/ada", json!({"plan": "team", "adult": false}))
        .starts_incognito("2025-01-01")
        .says_from("2025-01-01", "m", "connector")
        .holds("2025-01-02", "account/ada", "h")
        .deletes("2025-01-02")
        .closes("2025-01-02");
    let both = "account-closed commercial deleted";
    assert_eq!(
        all.train(NOW),
        [format!("c m 0: deny {both} incognito legal-hold raw-connector-content under-age")]
    );
    assert_eq!(
        all.safeguards(NOW),
        [format!("c m 0: deny {both} legal-hold raw-connector-content under-age")]
    );
}

#[test]
fn each_forbid_wins_over_a_permit() {
    let story = Story::account("pro").chooses("2025-01-01", true);
    let talks = story.clone().talks("2025-02-01");
    let forbidden = [
        (talks.clone().deletes("2025-02-02"), "deleted"),
        (talks.clone().closes("2025-02-02"), "account-closed"),
        (talks.clone().holds("2025-02-02", "account/ada", "h"), "legal-hold"),
        (talks.clone().holds("2025-02-02", "conversation/c", "h"), "legal-hold"),
        (
            story.clone().starts("2025-02-01").says_from("2025-02-01", "m", "connector"),
            "raw-connector-content",
        ),
    ];
    for (story, forbid) in forbidden {
        assert_eq!(story.train(NOW), [format!("c m 0: deny {forbid}")]);
        assert_eq!(story.safeguards(NOW), [format!("c m 0: deny {forbid}")]);
    }
    let incognito = story.starts_incognito("2025-02-01").says("2025-02-01", "m");
    assert_eq!(incognito.train(NOW), ["c m 0: deny incognito"]);
    assert_eq!(incognito.safeguards(NOW), ["c m 0: permit choice-on"]);
    let minor = Story::default()
        .on("2020-01-01", "account.opened", "account/ada", json!({"plan": "pro", "adult": false}))
        .chooses("2025-01-01", true)
        .talks("2025-02-01");
    assert_eq!(minor.train(NOW), ["c m 0: deny under-age"]);
    assert_eq!(minor.safeguards(NOW), ["c m 0: deny under-age"]);
}

#[test]
fn only_the_connectors_part_is_raw_connector_content() {
    let story = Story::account("pro").chooses("2025-01-01", true).starts("2025-02-01").on(
        "2025-02-01",
        "message.added",
        "conversation/c",
        json!({"message": "m", "role": "tool", "parts": [
            {"kind": "text", "origin": "user"},
            {"kind": "tool_result", "origin": "connector", "connector": "google-drive"},
            // The origin decides, whatever else the part names.
            {"kind": "tool_result", "origin": "browser", "connector": "google-drive"},
        ]}),
    );
    assert_eq!(
        story.train(NOW),
        ["c m 0: permit choice-on", "c m 1: deny raw-connector-content", "c m 2: permit choice-on",]
    );
}

#[test]
fn feedback_copies_are_permitted_for_1826_days_whatever_comes_later() {
    let story = Story::account("pro")
        .talks("2021-01-01")
        .rates("2021-01-01", "m")
        .deletes("2021-01-02")
        .closes("2021-01-02")
        .holds("2021-01-02", "account/ada", "h");
    let part = "c m 0: deny account-closed deleted legal-hold";
    // 2021-01-01 and 1826 days.
    assert_eq!(story.train("2025-12-31T23:59:59.999Z"), [part, "copy 3 0: permit feedback"]);
    assert_eq!(story.safeguards("2025-12-31"), [part, "copy 3 0: permit feedback"]);
    assert_eq!(story.train("2026-01-01"), [part, "copy 3 0: deny"]);
    assert_eq!(
        story.decide("2021-06-01", Action::Train, "marketing"),
        ["c m 0: deny", "copy 3 0: deny"]
    );
}

#[test]
fn feedback_does_not_permit_the_conversation_itself() {
    let story = Story::account("team").talks("2025-01-01").rates("2025-01-01", "m");
    assert_eq!(story.train(NOW), ["c m 0: deny commercial", "copy 3 0: permit feedback"]);
}
