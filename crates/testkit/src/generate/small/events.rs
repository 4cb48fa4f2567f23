//! The events of a small history. Valid by construction: an event is only ever about what the
//! recipe opens, starts, adds or publishes somewhere.

use super::dice::Dice;
use super::{Draw, LONG_AGO, Recipe, TIMES, moment};
use consentry_model::event::{Body, Choice, Event, Part};
use consentry_model::words::MODEL_IMPROVEMENT;
use consentry_model::{
    HoldSubject, Instant, Kind, Origin, Plan, Programme, Rating, RequestKind, Role, Surface, Via,
};
use serde_json::{Value, json};

// The same text names an account, a conversation and a hold; some differ only in case, in
// composition, or by what follows a slash; U+FFFD sorts before U+1D11E in UTF-8 but not in UTF-16.
const ACCOUNTS: [&str; 8] = ["a", "a/b", "A", "ä", "x y", "\"q\\", "\u{fffd}", "𝄞"];
const CONVERSATIONS: [&str; 9] =
    ["c", "a", "c/d", "C", "\u{fffd}", "𝄞", "c d\n\"", "ç", "c\u{327}"];
const MESSAGES: [&str; 16] = [
    "m", "10", "9", "M", "c/m", "𝄞", "\u{fffd}", "m ", "", "é", "e\u{301}", "m\t\"", "0", "-1",
    "null", "m/0",
];
const NOTICES: [&str; 2] = ["n", "n/2"];
const HOLDS: [&str; 3] = ["h", "a", ""];
const TEXTS: [&str; 6] = [
    "hello",
    "",
    "write to me@example.com",
    "\"quoted\" \\ back\nslash",
    "日本語 𝄞 e\u{301}",
    "\u{0}\u{7f}",
];

/// What the later events can be about.
#[derive(Default)]
struct World {
    accounts: Vec<&'static str>,
    notices: Vec<&'static str>,
    conversations: Vec<&'static str>,
    /// Conversation and message.
    messages: Vec<(&'static str, &'static str)>,
}

impl World {
    fn messages_of(&self, conversation: &str) -> Vec<&'static str> {
        let of_it = self.messages.iter().filter(|(of, _)| *of == conversation);
        of_it.map(|(_, message)| *message).collect()
    }
}

/// Every event as JSON with the bytes that deliver it.
pub(super) fn events(recipe: &Recipe) -> Vec<(Value, [u8; 6])> {
    let mut world = World::default();
    let mut made = Vec::new();
    let makers: [(&[Draw], Maker); 5] = [
        (&recipe.accounts, account),
        (&recipe.notices, notice),
        (&recipe.conversations, conversation),
        (&recipe.messages, message),
        (&recipe.others, other),
    ];
    for (draws, make) in makers {
        for draw in draws {
            let mut dice = Dice::new(&draw.content);
            if let Some((time, body)) = make(&mut world, &mut dice) {
                let (source, id) = name(made.len());
                let event = Event { source: source.into(), id: id.into(), time, body };
                made.push((value(&event, &mut dice), draw.delivery));
            }
        }
    }
    made
}

type Maker = fn(&mut World, &mut Dice<'_>) -> Option<(Instant, Body<'static>)>;
type OtherMaker = fn(&World, &mut Dice<'_>) -> Option<Body<'static>>;

/// Pairs that are distinct, though ids repeat across sources and some pairs read the same once
/// they are put together.
fn name(number: usize) -> (&'static str, String) {
    let round = number / 3;
    match number % 3 {
        0 => ("app", format!("1/{round}")),
        1 => ("app/1", round.to_string()),
        _ => ("ü \"app\"", round.to_string()),
    }
}

/// The event as JSON, sometimes with its defaults written out and with members of `data` that mean
/// nothing. Those belong to the event: a redelivery has them as well.
fn value(event: &Event<'_>, dice: &mut Dice<'_>) -> Value {
    let mut value: Value = serde_json::from_str(&event.to_json_line()).unwrap_or_default();
    if dice.one_in(4)
        && let Some(data) = value.get_mut("data").and_then(Value::as_object_mut)
    {
        match event.body {
            Body::AccountOpened { adult: true, .. } => {
                data.insert("adult".to_owned(), json!(true));
            }
            Body::ConversationStarted { incognito: false, .. } => {
                data.insert("incognito".to_owned(), json!(false));
            }
            _ => {}
        }
        data.insert("note".to_owned(), json!({"of": [null, 1.5, "é"], "held": true}));
    }
    value
}

fn any_time(dice: &mut Dice<'_>) -> Instant {
    moment(dice.of(&TIMES))
}

/// Mostly the first of the times, so that most of what follows has something to follow.
fn early_time(dice: &mut Dice<'_>) -> Instant {
    if dice.one_in(3) { any_time(dice) } else { moment(LONG_AGO) }
}

/// An id of the list that is not taken yet.
fn fresh(
    ids: &[&'static str],
    taken: &[&'static str],
    dice: &mut Dice<'_>,
) -> Option<&'static str> {
    let free: Vec<&'static str> = ids.iter().copied().filter(|id| !taken.contains(id)).collect();
    dice.any(&free).copied()
}

fn plan(dice: &mut Dice<'_>) -> Plan {
    use Plan::{Api, Education, Enterprise, Free, Gov, Max, Pro, Team, Work};
    let plans = [(Pro, 4), (Free, 4), (Max, 3), (Api, 5), (Team, 1), (Enterprise, 1)];
    let rare = [(Work, 1), (Gov, 1), (Education, 1)];
    dice.weighted(&[plans.as_slice(), rare.as_slice()].concat())
}

fn account(world: &mut World, dice: &mut Dice<'_>) -> Option<(Instant, Body<'static>)> {
    let account = fresh(&ACCOUNTS, &world.accounts, dice)?;
    world.accounts.push(account);
    let body = Body::AccountOpened {
        account: account.into(),
        plan: plan(dice),
        region: dice.of(&[None, Some("eu"), Some("日本")]).map(Into::into),
        adult: !dice.one_in(8),
    };
    Some((early_time(dice), body))
}

fn notice(world: &mut World, dice: &mut Dice<'_>) -> Option<(Instant, Body<'static>)> {
    let notice = dice.of(&NOTICES);
    world.notices.push(notice);
    let deadline = if dice.one_in(3) { None } else { Some(any_time(dice)) };
    let body = Body::NoticePublished {
        subject: dice.of(&[notice, "elsewhere", "n"]).into(),
        notice: notice.into(),
        deadline,
    };
    Some((any_time(dice), body))
}

fn conversation(world: &mut World, dice: &mut Dice<'_>) -> Option<(Instant, Body<'static>)> {
    let account = *dice.any(&world.accounts)?;
    let conversation = fresh(&CONVERSATIONS, &world.conversations, dice)?;
    world.conversations.push(conversation);
    let body = Body::ConversationStarted {
        conversation: conversation.into(),
        account: account.into(),
        surface: dice.of(Surface::ALL),
        incognito: dice.one_in(6),
        app: dice.of(&[None, None, Some("other/app")]).map(Into::into),
    };
    Some((early_time(dice), body))
}

fn message(world: &mut World, dice: &mut Dice<'_>) -> Option<(Instant, Body<'static>)> {
    let conversation = *dice.any(&world.conversations)?;
    let message = fresh(&MESSAGES, &world.messages_of(conversation), dice)?;
    world.messages.push((conversation, message));
    let time = any_time(dice);
    let role = dice.of(Role::ALL);
    let parts = (0..dice.of(&[1, 2, 3, 1, 0])).map(|_| part(dice)).collect();
    let body = Body::MessageAdded {
        conversation: conversation.into(),
        message: message.into(),
        role,
        parts,
    };
    Some((time, body))
}

fn part(dice: &mut Dice<'_>) -> Part<'static> {
    use Origin::{Assistant, Browser, Connector, File, System, Tool, User};
    let origin = dice.of(&[User, Assistant, Connector, Tool, File, Connector, Browser, System]);
    let mut part = Part::new(dice.of(Kind::ALL), origin);
    let extras = dice.byte();
    if extras < 192 {
        part.text = Some(dice.of(&TEXTS).into());
    }
    // A part may name a connector whatever its origin is.
    if extras % 3 == 2 {
        part.connector = Some("mcp:github".into());
    }
    if extras % 5 == 4 {
        part.name = Some("f/ile.txt".into());
        part.media_type = Some("text/plain".into());
        part.bytes = Some(u64::from(extras) << 32);
    }
    part
}

fn other(world: &mut World, dice: &mut Dice<'_>) -> Option<(Instant, Body<'static>)> {
    let makers: [(OtherMaker, usize); 10] = [
        (choice, 8),
        (programme, 5),
        (feedback, 3),
        (hold, 3),
        (flagged, 2),
        (plan_changed, 1),
        (deleted, 1),
        (answered, 1),
        (closed, 1),
        (request, 1),
    ];
    let make = dice.weighted(&makers);
    let time = any_time(dice);
    let body = make(world, dice)?;
    Some((time, body))
}

fn choice(world: &World, dice: &mut Dice<'_>) -> Option<Body<'static>> {
    let account = (*dice.any(&world.accounts)?).into();
    let purposes = [MODEL_IMPROVEMENT; 6].into_iter().chain(["safeguards", "Model-Improvement"]);
    let choice = Choice {
        granted: !dice.one_in(3),
        purpose: dice.of(&purposes.collect::<Vec<_>>()).into(),
        via: dice.of(Via::ALL),
        notice: dice.any(&world.notices).filter(|_| dice.one_in(2)).map(|n| (*n).into()),
        terms: dice.of(&[None, Some("v1")]).map(Into::into),
        preset: dice.of(&[None, Some(true), Some(false)]),
    };
    Some(Body::ChoiceRecorded { account, choice })
}

fn plan_changed(world: &World, dice: &mut Dice<'_>) -> Option<Body<'static>> {
    let account = (*dice.any(&world.accounts)?).into();
    Some(Body::PlanChanged { account, plan: plan(dice) })
}

fn closed(world: &World, dice: &mut Dice<'_>) -> Option<Body<'static>> {
    let account = (*dice.any(&world.accounts).filter(|_| dice.one_in(2))?).into();
    Some(Body::AccountClosed { account })
}

/// An account's answer to a notice that is not a choice.
fn answered(world: &World, dice: &mut Dice<'_>) -> Option<Body<'static>> {
    let account = (*dice.any(&world.accounts)?).into();
    let notice = (*dice.any(&world.notices)?).into();
    Some(if dice.one_in(2) {
        Body::NoticeDeferred { account, notice }
    } else {
        Body::NoticeAccepted { account, notice }
    })
}

fn request(world: &World, dice: &mut Dice<'_>) -> Option<Body<'static>> {
    let account = (*dice.any(&world.accounts)?).into();
    Some(Body::RequestReceived { account, kind: dice.of(RequestKind::ALL) })
}

fn programme(world: &World, dice: &mut Dice<'_>) -> Option<Body<'static>> {
    let account = (*dice.any(&world.accounts)?).into();
    let programme = dice.of(Programme::ALL);
    Some(if dice.one_in(5) {
        Body::ProgrammeLeft { account, programme }
    } else {
        Body::ProgrammeJoined { account, programme }
    })
}

fn feedback(world: &World, dice: &mut Dice<'_>) -> Option<Body<'static>> {
    let (conversation, message) = *dice.any(&world.messages)?;
    Some(Body::FeedbackGiven {
        conversation: conversation.into(),
        message: message.into(),
        rating: dice.of(Rating::ALL),
        comment: dice.of(&[None, Some(""), Some("call +44 20 7946 0958")]).map(Into::into),
    })
}

fn flagged(world: &World, dice: &mut Dice<'_>) -> Option<Body<'static>> {
    let conversation = *dice.any(&world.conversations)?;
    let messages = world.messages_of(conversation);
    Some(Body::SafetyFlagged {
        conversation: conversation.into(),
        message: dice.any(&messages).filter(|_| dice.one_in(2)).map(|message| (*message).into()),
        category: dice.of(&["weapons", ""]).into(),
        score: dice.of(&[None, Some(0.0), Some(0.125), Some(-1.5e-7)]),
    })
}

fn deleted(world: &World, dice: &mut Dice<'_>) -> Option<Body<'static>> {
    let conversation = (*dice.any(&world.conversations)?).into();
    Some(Body::ConversationDeleted { conversation })
}

fn hold(world: &World, dice: &mut Dice<'_>) -> Option<Body<'static>> {
    let (on, subjects) = if dice.one_in(2) {
        (HoldSubject::Conversation, &world.conversations)
    } else {
        (HoldSubject::Account, &world.accounts)
    };
    let subject = (*dice.any(subjects)?).into();
    let hold = dice.of(&HOLDS).into();
    let reason = dice.of(&[None, Some("court order")]).map(Into::into);
    Some(if dice.one_in(2) {
        Body::HoldReleased { on, subject, hold, reason }
    } else {
        Body::HoldPlaced { on, subject, hold, reason }
    })
}
