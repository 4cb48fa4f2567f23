//! Accounts, and what they do apart from talking.

use super::{BEGINNING, DAYS, Id, Stream, mix};
use consentry_model::Plan;
use consentry_model::instant::MILLIS_PER_DAY;
use fastrand::Rng;
use std::io::{self, Write};

/// The plan with which an account opens. Known from its number alone, so that no account has to be
/// remembered.
pub(super) fn plan(account: u64) -> Plan {
    plan_of(mix(0x70, account))
}

/// The plans in the shares that they have among accounts, for a number from anywhere.
pub(in super::super) fn plan_of(number: u64) -> Plan {
    match number % 100 {
        0..60 => Plan::Free,
        60..78 => Plan::Pro,
        78..84 => Plan::Max,
        84..89 => Plan::Team,
        89..92 => Plan::Enterprise,
        92 => Plan::Work,
        93 => Plan::Gov,
        94..96 => Plan::Education,
        _ => Plan::Api,
    }
}

/// The notice that everybody was sent, and its later postponement.
pub(super) fn notices<W: Write>(stream: &mut Stream<'_, W>) -> io::Result<()> {
    for (day, deadline) in [(450, "2025-09-28T00:00:00.000Z"), (480, "2025-10-08T00:00:00.000Z")] {
        let time = BEGINNING + day * MILLIS_PER_DAY;
        stream.event("notice.published", Id::Notice, time, |line, _| {
            put(line, &[r#""notice":"terms-2025","deadline":""#, deadline, "\""]);
        })?;
    }
    Ok(())
}

/// Opens the next account and tells what it does later.
pub(super) fn account<W: Write>(stream: &mut Stream<'_, W>, opened: i64) -> io::Result<()> {
    let number = stream.written.accounts;
    stream.written.accounts += 1;
    let plan = plan(number);
    let subject = Id::Account(number);
    stream.event("account.opened", subject, opened, |line, random| {
        put(line, &[r#""plan":""#, plan.as_str(), "\""]);
        let region = ["us", "eu", "uk", "in", "jp", "br"];
        put(line, &[r#","region":""#, random.choice(region).unwrap_or("us"), "\""]);
        if random.u32(0..100) == 0 {
            put(line, &[r#","adult":false"#]);
        }
    })?;
    if plan.is_consumer() {
        choices(stream, subject, opened)?;
    }
    programmes(stream, subject, opened, plan)?;
    rarely(stream, subject, opened)
}

fn choices<W: Write>(stream: &mut Stream<'_, W>, subject: Id, opened: i64) -> io::Result<()> {
    // One account in seven never says anything.
    if stream.one_in(7) {
        let time = later(&mut stream.random, opened);
        return stream.event("notice.deferred", subject, time, |line, _| {
            put(line, &[r#""notice":"terms-2025""#]);
        });
    }
    let mut granted = !stream.one_in(3);
    let mut time = opened + 60_000;
    let mut via = "signup";
    loop {
        let word = if granted { "true" } else { "false" };
        stream.event("choice.recorded", subject, time, |line, _| {
            put(line, &[r#""purpose":"model-improvement","granted":"#, word]);
            put(line, &[r#","via":""#, via, r#"","terms":"2025-08","preset":true"#]);
        })?;
        // Some say it again, some change their mind, some more than once.
        if !stream.one_in(6) {
            return Ok(());
        }
        granted ^= !stream.one_in(4);
        time = later(&mut stream.random, time);
        via = "settings";
    }
}

fn programmes<W: Write>(
    stream: &mut Stream<'_, W>,
    subject: Id,
    opened: i64,
    plan: Plan,
) -> io::Result<()> {
    let (programme, share) = match plan {
        Plan::Api => ("development-partner", 5),
        _ if plan.is_consumer() => ("trusted-tester", 100),
        _ => return Ok(()),
    };
    if !stream.one_in(share) {
        return Ok(());
    }
    let joined = later(&mut stream.random, opened);
    let data = |line: &mut Vec<u8>, _: &mut Rng| put(line, &[r#""programme":""#, programme, "\""]);
    stream.event("programme.joined", subject, joined, data)?;
    if stream.one_in(4) {
        let left = later(&mut stream.random, joined);
        stream.event("programme.left", subject, left, data)?;
    }
    Ok(())
}

/// Plan changes, requests, holds and closings.
fn rarely<W: Write>(stream: &mut Stream<'_, W>, subject: Id, opened: i64) -> io::Result<()> {
    if stream.one_in(20) {
        let time = later(&mut stream.random, opened);
        stream.event("account.plan_changed", subject, time, |line, random| {
            let plans = ["free", "pro", "pro", "max", "team", "enterprise"];
            put(line, &[r#""plan":""#, random.choice(plans).unwrap_or("pro"), "\""]);
        })?;
    }
    if stream.one_in(300) {
        let time = later(&mut stream.random, opened);
        stream.event("request.received", subject, time, |line, random| {
            let kinds = ["access", "export", "erasure", "objection"];
            put(line, &[r#""kind":""#, random.choice(kinds).unwrap_or("access"), "\""]);
        })?;
    }
    if stream.one_in(1000) {
        let time = later(&mut stream.random, opened);
        let data = |line: &mut Vec<u8>, _: &mut Rng| put(line, &[r#""hold":"case-1""#]);
        stream.event("hold.placed", subject, time, data)?;
        if stream.one_in(2) {
            let time = later(&mut stream.random, time);
            stream.event("hold.released", subject, time, data)?;
        }
    }
    if stream.one_in(60) {
        let time = later(&mut stream.random, opened);
        stream.event("account.closed", subject, time, |_, _| {})?;
    }
    Ok(())
}

/// A time from then up to a few days after the last conversation.
pub(super) fn later(random: &mut Rng, time: i64) -> i64 {
    let end = BEGINNING + (DAYS + 5) * MILLIS_PER_DAY;
    random.i64(time..end.max(time + 1))
}

/// Appends the texts, which are JSON already.
pub(super) fn put(line: &mut Vec<u8>, texts: &[&str]) {
    for text in texts {
        line.extend_from_slice(text.as_bytes());
    }
}
