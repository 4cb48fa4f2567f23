//! Section 4: `converse`, `recall`, `analyze`, `sell`, and `retain` as a decision.

use crate::story::Story;
use consentry_testkit::twin::Action;
use serde_json::json;

const NOW: &str = "2026-06-01";

fn converse(story: &Story, now: &str) -> Vec<String> {
    story.decide(now, Action::Converse, "model-improvement")
}

#[test]
fn choice_overdue_wants_consumer_unset_and_a_deadline_that_has_come() {
    let noticed = Story::account("free").notice("2025-01-01", "n", Some("2025-10-08"));
    assert_eq!(converse(&noticed, "2025-10-07T23:59:59.999Z"), ["ada: permit converse"]);
    assert_eq!(converse(&noticed, "2025-10-08"), ["ada: deny choice-overdue"]);
    for granted in [true, false] {
        let chose = noticed.clone().chooses("2025-10-01", granted);
        assert_eq!(converse(&chose, NOW), ["ada: permit converse"]);
    }
    let other = noticed.clone().on(
        "2025-10-01",
        "choice.recorded",
        "account/ada",
        json!({"purpose": "marketing", "granted": true, "via": "settings"}),
    );
    assert_eq!(converse(&other, NOW), ["ada: deny choice-overdue"], "another purpose");
    let accepted =
        noticed.clone().on("2025-09-01", "notice.accepted", "account/ada", json!({"notice": "n"}));
    assert_eq!(converse(&accepted, NOW), ["ada: deny choice-overdue"], "terms are no choice");
    let upgraded = noticed.plan("2025-10-08", "team");
    assert_eq!(converse(&upgraded, NOW), ["ada: permit converse"], "the plan at T");
}

#[test]
fn a_later_publication_replaces_or_removes_the_deadline() {
    let story = Story::account("free").notice("2025-01-01", "n", Some("2025-02-01"));
    let later = story.clone().notice("2025-01-15", "n", Some("2025-03-01"));
    assert_eq!(converse(&later, "2025-02-15"), ["ada: permit converse"]);
    assert_eq!(converse(&later, "2025-03-01"), ["ada: deny choice-overdue"]);
    let sooner = story.clone().notice("2025-01-15", "n", Some("2025-01-20"));
    assert_eq!(converse(&sooner, "2025-01-20"), ["ada: deny choice-overdue"]);
    let removed = story.clone().notice("2025-01-15", "n", None);
    assert_eq!(converse(&removed, NOW), ["ada: permit converse"]);
    assert_eq!(converse(&removed, "2025-01-14"), ["ada: permit converse"]);
    let another = removed.notice("2025-01-01", "another", Some("2025-04-01"));
    assert_eq!(converse(&another, NOW), ["ada: deny choice-overdue"], "any notice's");
    let not_yet = Story::account("free").notice("2026-06-02", "n", Some("2025-02-01"));
    assert_eq!(converse(&not_yet, NOW), ["ada: permit converse"], "published after T");
}

#[test]
fn converse_has_a_row_an_account_in_bytewise_order() {
    let open = |story: Story, account: &str, time: &str| {
        story.on(time, "account.opened", &format!("account/{account}"), json!({"plan": "free"}))
    };
    let story = ["b", "a/x", "a", "ä", "B", "a "]
        .into_iter()
        .fold(Story::default(), |story, account| open(story, account, "2025-01-01"));
    let story = open(story, "later", "2026-06-02");
    let expected = ["B", "a", "a ", "a/x", "b", "ä"].map(|id| format!("{id}: permit converse"));
    assert_eq!(converse(&story, NOW), expected);
}

#[test]
fn recall_has_a_row_a_conversation_and_three_forbids() {
    let recall = |story: &Story| story.decide(NOW, Action::Recall, "model-improvement");
    let story = Story::account("pro").talks("2025-01-01");
    assert_eq!(recall(&story), ["c: permit recall"]);
    let held = story.clone().holds("2025-01-02", "conversation/c", "h").flags("2025-01-02");
    assert_eq!(recall(&held), ["c: permit recall"]);
    assert_eq!(recall(&story.clone().deletes("2025-01-02")), ["c: deny deleted"]);
    assert_eq!(recall(&story.closes("2025-01-02")), ["c: deny account-closed"]);
    let incognito = Story::account("pro").starts_incognito("2025-01-01");
    assert_eq!(recall(&incognito), ["c: deny incognito"]);
    let all = incognito.deletes("2025-01-02").closes("2025-01-02");
    assert_eq!(recall(&all), ["c: deny account-closed deleted incognito"]);
}

#[test]
fn analyze_is_safeguards_with_three_permits() {
    let analyze = |story: &Story| story.decide(NOW, Action::Analyze, "model-improvement");
    let chose = Story::account("pro").chooses("2025-01-01", true);
    let all = chose.clone().talks("2025-01-01").flags("2025-01-01").rates("2025-01-02", "m");
    assert_eq!(analyze(&all), ["c m 0: permit choice-on safety-flag", "copy 5 0: permit feedback"]);
    let incognito = chose.clone().starts_incognito("2025-01-01").says("2025-01-01", "m");
    assert_eq!(analyze(&incognito), ["c m 0: permit choice-on"]);
    let tester = Story::account("pro").joins("2025-01-01", "trusted-tester").talks("2025-01-01");
    assert_eq!(analyze(&tester), ["c m 0: deny"]);
    let partner =
        Story::account("api").joins("2025-01-01", "development-partner").talks("2025-01-01");
    assert_eq!(analyze(&partner), ["c m 0: deny"]);
    assert_eq!(analyze(&partner.flags("2025-02-01")), ["c m 0: permit safety-flag"]);
    let forbidden = Story::default()
        .on("2020-01-01", "account.opened", "account/ada", json!({"plan": "team", "adult": false}))
        .starts_incognito("2025-01-01")
        .says_from("2025-01-01", "m", "connector")
        .holds("2025-01-02", "conversation/c", "h")
        .deletes("2025-01-02")
        .closes("2025-01-02");
    assert_eq!(
        analyze(&forbidden),
        [
            "c m 0: deny account-closed commercial deleted legal-hold raw-connector-content under-age"
        ]
    );
}

#[test]
fn nothing_permits_selling() {
    let story = Story::account("pro")
        .chooses("2025-01-01", true)
        .talks("2025-01-01")
        .rates("2025-01-02", "m")
        .deletes("2025-01-03");
    for purpose in ["model-improvement", "safeguards", "anything"] {
        assert_eq!(story.decide(NOW, Action::Sell, purpose), ["c m 0: deny", "copy 4 0: deny"]);
    }
}

#[test]
fn retain_as_a_decision_permits_what_is_not_due() {
    let story = Story::account("free").talks("2026-01-01").rates("2026-01-01", "m");
    let retain = |now| story.decide(now, Action::Retain, "model-improvement");
    assert_eq!(
        retain("2026-01-30"),
        ["c m 0: permit keep-standard", "copy 3 0: permit keep-feedback"]
    );
    assert_eq!(retain("2026-01-31"), ["c m 0: deny", "copy 3 0: permit keep-feedback"]);
}
