//! Section 4: the cells of `retain`.

use crate::story::Story;
use serde_json::json;

#[test]
fn keep_standard_is_30_days_from_the_last_activity() {
    let story = Story::account("free").talks("2026-01-01");
    assert_eq!(story.retain("2026-01-01"), ["c m 0: until 2026-01-31 keep-standard"]);
    assert_eq!(story.retain("2026-01-30T23:59:59.999Z"), ["c m 0: until 2026-01-31 keep-standard"]);
    assert_eq!(story.retain("2026-01-31"), ["c m 0: due"]);
    let resumed = story.says("2026-02-10", "n");
    let until = "until 2026-03-12 keep-standard";
    assert_eq!(
        resumed.retain("2026-02-10"),
        [format!("c m 0: {until}"), format!("c n 0: {until}")]
    );
}

#[test]
fn keep_standard_counts_from_the_choice_where_that_is_off() {
    let story = Story::account("free").talks("2026-01-01");
    let off = story.clone().chooses("2026-03-01", false).chooses("2026-04-01", false);
    assert_eq!(off.retain("2026-03-02"), ["c m 0: until 2026-03-31 keep-standard"]);
    assert_eq!(off.retain("2026-03-31"), ["c m 0: due"], "said again it is as old as before");
    let earlier = story.clone().chooses("2025-01-01", false);
    assert_eq!(earlier.retain("2026-01-30"), ["c m 0: until 2026-01-31 keep-standard"]);
    let on = story.chooses("2026-03-01", true);
    assert_eq!(on.retain("2026-03-02"), ["c m 0: due"], "an on choice does not prolong it");
}

#[test]
fn keep_training_is_1826_days_from_the_last_activity() {
    let story = Story::account("max").chooses("2021-01-01", true).talks("2021-01-01");
    assert_eq!(story.retain("2021-01-02"), ["c m 0: until 2026-01-01 keep-standard keep-training"]);
    assert_eq!(story.retain("2025-12-31T23:59:59.999Z"), ["c m 0: until 2026-01-01 keep-training"]);
    assert_eq!(story.retain("2026-01-01"), ["c m 0: due"]);
}

#[test]
fn keep_training_has_six_conditions() {
    let chose = Story::account("max").chooses("2025-01-01", true);
    let now = "2025-01-10";
    let kept = "c m 0: until 2030-01-01 keep-standard keep-training";
    assert_eq!(chose.clone().talks("2025-01-01").retain(now), [kept]);

    let standard = "c m 0: until 2025-01-31 keep-standard";
    let unset = Story::account("max").talks("2025-01-01");
    assert_eq!(unset.retain(now), [standard], "the choice is not on");
    let before =
        Story::account("max").chooses("2025-01-01T00:00:00.001Z", true).talks("2025-01-01");
    assert_eq!(before.retain(now), [standard], "no activity since the choice");
    let incognito = chose.clone().starts_incognito("2025-01-01").says("2025-01-01", "m");
    assert_eq!(incognito.retain(now), [standard], "incognito");
    let deleted = chose.clone().talks("2025-01-01").deletes("2025-01-05");
    assert_eq!(deleted.retain(now), ["c m 0: until 2025-02-04 keep-deleted"], "deleted");
    let closed = chose.talks("2025-01-01").closes("2025-01-05");
    assert_eq!(closed.retain(now), ["c m 0: until 2025-02-04 keep-closed"], "closed");
    let team = Story::account("team").chooses("2025-01-01", true).talks("2025-01-01");
    assert_eq!(team.retain(now), ["c m 0: no-end keep-commercial"], "not consumer");
}

#[test]
fn keep_training_does_not_ask_for_age_origin_or_holds() {
    let story = Story::default()
        .on("2020-01-01", "account.opened", "account/ada", json!({"plan": "pro", "adult": false}))
        .chooses("2025-01-01", true)
        .starts("2025-01-01")
        .says_from("2025-01-01", "m", "connector");
    assert_eq!(story.retain("2025-01-02"), ["c m 0: until 2030-01-01 keep-standard keep-training"]);
}

#[test]
fn keep_commercial_has_no_end_until_deleted_or_closed() {
    let story = Story::account("enterprise").talks("2020-02-01");
    assert_eq!(story.retain("2026-06-01"), ["c m 0: no-end keep-commercial"]);
    let deleted = story.clone().deletes("2026-05-01");
    assert_eq!(deleted.retain("2026-05-02"), ["c m 0: until 2026-05-31 keep-deleted"]);
    assert_eq!(deleted.retain("2026-05-31"), ["c m 0: due"]);
    let closed = story.closes("2026-05-01");
    assert_eq!(closed.retain("2026-05-02"), ["c m 0: until 2026-05-31 keep-closed"]);
    assert_eq!(closed.retain("2026-05-31"), ["c m 0: due"]);
}

#[test]
fn the_first_deletion_and_the_first_closing_count() {
    let story = Story::account("free")
        .talks("2026-01-01")
        .deletes("2026-01-02")
        .deletes("2026-01-20")
        .closes("2026-01-03")
        .closes("2026-01-20");
    assert_eq!(story.retain("2026-01-31"), ["c m 0: until 2026-02-02 keep-closed keep-deleted"]);
    assert_eq!(
        story.retain("2026-02-01"),
        ["c m 0: until 2026-02-02 keep-closed"],
        "the permit that has ended is no reason"
    );
    assert_eq!(story.retain("2026-02-02"), ["c m 0: due"]);
}

#[test]
fn keep_flagged_is_730_days_from_the_latest_flag_on_any_plan() {
    for plan in ["free", "team"] {
        let story = Story::account(plan)
            .talks("2024-01-01")
            .flags("2024-01-15")
            .flags("2024-02-01")
            .deletes("2024-02-02");
        assert_eq!(story.retain("2024-06-01"), ["c m 0: until 2026-01-31 keep-flagged"]);
        assert_eq!(story.retain("2026-01-31"), ["c m 0: due"]);
    }
}

#[test]
fn keep_held_has_no_end_while_either_is_held() {
    for subject in ["account/ada", "conversation/c"] {
        let story = Story::account("free")
            .talks("2025-01-01")
            .deletes("2025-01-02")
            .holds("2025-01-03", subject, "h")
            .releases("2026-01-01", subject, "h");
        assert_eq!(story.retain("2025-01-03"), ["c m 0: no-end keep-deleted keep-held"]);
        assert_eq!(story.retain("2025-06-01"), ["c m 0: no-end keep-held"]);
        assert_eq!(story.retain("2026-01-01"), ["c m 0: due"]);
    }
}

#[test]
fn keep_feedback_is_1826_days_from_the_feedback() {
    let story = Story::account("free").talks("2021-01-01").rates("2021-01-01", "m");
    assert_eq!(
        story.retain("2025-12-31T23:59:59.999Z"),
        ["c m 0: due", "copy 3 0: until 2026-01-01 keep-feedback"]
    );
    assert_eq!(story.retain("2026-01-01"), ["c m 0: due", "copy 3 0: due"]);
}

#[test]
fn the_plan_is_the_parts_and_all_else_is_at_t() {
    let story = Story::account("pro")
        .starts("2026-01-01")
        .says("2026-01-01", "consumer")
        .plan("2026-01-10", "team")
        .says("2026-01-10", "commercial");
    assert_eq!(
        story.retain("2026-01-11"),
        ["c consumer 0: until 2026-02-09 keep-standard", "c commercial 0: no-end keep-commercial",]
    );
}

#[test]
fn a_part_older_than_its_account_has_no_plan_to_be_kept_by() {
    let story = Story::default()
        .on("2026-01-02", "account.opened", "account/ada", json!({"plan": "pro"}))
        .talks("2026-01-01");
    assert_eq!(story.retain("2026-01-03"), ["c m 0: due"]);
    let flagged = story.flags("2026-01-03");
    assert_eq!(flagged.retain("2026-01-03"), ["c m 0: until 2028-01-03 keep-flagged"]);
}
