//! Conversations.
//!
//! The medians and spreads of chats were measured on a published export of a chat product with
//! about 650 messages of each side; those of coding sessions on 30 published sessions of a coding
//! agent with about 1,900 tool calls.

use super::people::{later, plan, put};
use super::size::LogNormal;
use super::text::{code, prose};
use super::{Id, Stream, mix};
use consentry_model::Plan;
use fastrand::Rng;
use std::io::{self, Write};

const MAX_TEXT: usize = 100_000;

/// Bytes of what a person types.
const QUESTION: LogNormal = LogNormal { median: 100.0, sigma: 1.45, most: MAX_TEXT };
/// Bytes of an answer in a chat.
const ANSWER: LogNormal = LogNormal { median: 1500.0, sigma: 0.87, most: MAX_TEXT };
/// Messages of a chat.
const CHAT: LogNormal = LogNormal { median: 4.0, sigma: 0.8, most: 200 };
/// Bytes of what the model says between two steps of a coding session.
const REMARK: LogNormal = LogNormal { median: 114.0, sigma: 1.43, most: MAX_TEXT };
/// Bytes of reasoning.
const THOUGHT: LogNormal = LogNormal { median: 138.0, sigma: 1.18, most: MAX_TEXT };
/// Bytes of a tool's arguments.
const CALL: LogNormal = LogNormal { median: 133.0, sigma: 1.22, most: MAX_TEXT };
/// Bytes of a tool's answer.
const RESULT: LogNormal = LogNormal { median: 445.0, sigma: 1.84, most: MAX_TEXT };
/// Messages of a coding session.
const SESSION: LogNormal = LogNormal { median: 150.0, sigma: 0.9, most: 2000 };
/// Bytes of an attached file or of what a connector brings.
const DOCUMENT: LogNormal = LogNormal { median: 3000.0, sigma: 1.3, most: MAX_TEXT };

/// What a part is like.
#[derive(Clone, Copy)]
enum Piece {
    Question,
    Answer,
    Style,
    File,
    Picture,
    Connector,
    Page,
    Remark,
    Thought,
    Call,
    Result,
}

/// Starts the next conversation and tells all of it.
pub(super) fn conversation<W: Write>(
    stream: &mut Stream<'_, W>,
    account: u64,
    start: i64,
) -> io::Result<()> {
    let number = stream.written.conversations;
    stream.written.conversations += 1;
    let subject = Id::Conversation(number);
    let surface = match (plan(account), stream.random.u32(0..100)) {
        (Plan::Api, _) => "api",
        (_, 0..4) => "code",
        (_, 4..8) => "browser",
        _ => "chat",
    };
    let owner = Id::Account(account);
    stream.event("conversation.started", subject, start, |line, random| {
        put(line, &[r#""account":""#, &owner.to_string(), r#"","surface":""#, surface, "\""]);
        if random.u32(0..25) == 0 {
            put(line, &[r#","incognito":true"#]);
        }
        if random.u32(0..40) == 0 {
            put(line, &[r#","app":"partner-app""#]);
        }
    })?;
    let (messages, last) = if surface == "code" {
        session(stream, number, start)?
    } else {
        chat(stream, number, start, surface)?
    };
    afterwards(stream, number, messages, last)
}

/// Returns the number of messages and the time of the last.
fn chat<W: Write>(
    stream: &mut Stream<'_, W>,
    number: u64,
    start: i64,
    surface: &str,
) -> io::Result<(u64, i64)> {
    let wanted = CHAT.draw(&mut stream.random).max(2) as u64;
    let connected = stream.one_in(20);
    let mut time = start;
    let mut message = 0;
    while message < wanted && (message < 2 || stream.has_room()) {
        let pieces: &[Piece] = match message {
            0 if stream.one_in(8) => &[Piece::Style, Piece::Question],
            _ if message % 2 == 0 && stream.one_in(30) => &[Piece::Question, Piece::File],
            _ if message % 2 == 0 && stream.one_in(40) => &[Piece::Question, Piece::Picture],
            _ if message % 2 == 0 => &[Piece::Question],
            _ if connected => &[Piece::Connector, Piece::Answer],
            _ if surface == "browser" => &[Piece::Page, Piece::Answer],
            _ => &[Piece::Answer],
        };
        let role = if message % 2 == 0 { "user" } else { "assistant" };
        add(stream, (number, message), role, time, pieces)?;
        message += 1;
        time += stream.random.i64(2_000..240_000);
    }
    Ok((message, time))
}

/// Returns the number of messages and the time of the last.
fn session<W: Write>(
    stream: &mut Stream<'_, W>,
    number: u64,
    start: i64,
) -> io::Result<(u64, i64)> {
    let wanted = SESSION.draw(&mut stream.random).max(3) as u64;
    let mut time = start;
    let mut message = 0;
    while message < wanted && (message < 2 || stream.has_room()) {
        // A person speaks up about every twelfth time; between, calls and answers alternate.
        let (role, pieces): (&str, &[Piece]) = match message % 12 {
            0 => ("user", &[Piece::Question]),
            odd if odd % 2 == 0 => ("tool", &[Piece::Result]),
            _ if stream.one_in(2) => ("assistant", &[Piece::Remark, Piece::Call]),
            _ => ("assistant", &[Piece::Thought, Piece::Call]),
        };
        add(stream, (number, message), role, time, pieces)?;
        message += 1;
        time += stream.random.i64(500..60_000);
    }
    Ok((message, time))
}

fn add<W: Write>(
    stream: &mut Stream<'_, W>,
    (conversation, message): (u64, u64),
    role: &str,
    time: i64,
    pieces: &[Piece],
) -> io::Result<()> {
    stream.written.messages += 1;
    stream.written.parts += pieces.len() as u64;
    stream.event("message.added", Id::Conversation(conversation), time, |line, random| {
        put(line, &[r#""message":""#, &message_id(conversation, message)]);
        put(line, &[r#"","role":""#, role, r#"","parts":["#]);
        for (index, piece) in pieces.iter().enumerate() {
            if index > 0 {
                line.push(b',');
            }
            put(line, &["{"]);
            write_piece(*piece, line, random);
            put(line, &["}"]);
        }
        put(line, &["]"]);
    })
}

fn message_id(conversation: u64, message: u64) -> String {
    format!("{:012x}-{message}", mix(0x6d, conversation) >> 16)
}

fn write_piece(piece: Piece, line: &mut Vec<u8>, random: &mut Rng) {
    match piece {
        Piece::Question => told(line, random, r#""kind":"text","origin":"user""#, QUESTION),
        Piece::Answer => told(line, random, r#""kind":"text","origin":"assistant""#, ANSWER),
        Piece::Remark => told(line, random, r#""kind":"text","origin":"assistant""#, REMARK),
        Piece::Thought => told(line, random, r#""kind":"thinking","origin":"assistant""#, THOUGHT),
        Piece::Page => told(line, random, r#""kind":"tool_result","origin":"browser""#, DOCUMENT),
        Piece::Style => put(line, &[r#""kind":"style","origin":"system","text":"Be brief.""#]),
        Piece::File => {
            put(line, &[r#""name":"notes.txt","media_type":"text/plain","#]);
            told(line, random, r#""kind":"attachment","origin":"file""#, DOCUMENT);
        }
        Piece::Picture => {
            let bytes = random.u32(10_000..3_000_000).to_string();
            put(line, &[r#""kind":"image","origin":"user","media_type":"image/png","bytes":"#]);
            put(line, &[&bytes]);
        }
        Piece::Connector => {
            let connectors = ["google-drive", "gmail", "mcp:github", "mcp-local:files"];
            put(line, &[r#""connector":""#, random.choice(connectors).unwrap_or("gmail"), "\","]);
            told(line, random, r#""kind":"tool_result","origin":"connector""#, DOCUMENT);
        }
        Piece::Call => {
            put(line, &[r#""name":"run","kind":"tool_call","origin":"assistant","text":""#]);
            let bytes = CALL.draw(random);
            code(line, random, bytes);
            put(line, &["\""]);
        }
        Piece::Result => {
            put(line, &[r#""name":"run","kind":"tool_result","origin":"tool","text":""#]);
            let bytes = RESULT.draw(random);
            code(line, random, bytes);
            put(line, &["\""]);
        }
    }
}

/// A part with prose in it.
fn told(line: &mut Vec<u8>, random: &mut Rng, head: &str, size: LogNormal) {
    put(line, &[head, r#","text":""#]);
    let bytes = size.draw(random);
    prose(line, random, bytes);
    put(line, &["\""]);
}

/// Feedback, flags, deletions and holds.
fn afterwards<W: Write>(
    stream: &mut Stream<'_, W>,
    number: u64,
    messages: u64,
    last: i64,
) -> io::Result<()> {
    let subject = Id::Conversation(number);
    if stream.one_in(50) {
        let message = message_id(number, stream.random.u64(0..messages));
        let time = last + stream.random.i64(0..3_600_000);
        stream.event("feedback.given", subject, time, |line, random| {
            let rating = if random.u8(..) < 160 { "up" } else { "down" };
            put(line, &[r#""message":""#, &message, r#"","rating":""#, rating, "\""]);
            if random.bool() {
                put(line, &[r#","comment":""#]);
                prose(line, random, 80);
                put(line, &["\""]);
            }
        })?;
    }
    if stream.one_in(300) {
        stream.event("safety.flagged", subject, last + 1000, |line, random| {
            let score = random.u32(500..1000);
            put(line, &[r#""category":"violence","score":0."#, &score.to_string()]);
        })?;
    }
    if stream.one_in(20) {
        let time = later(&mut stream.random, last);
        stream.event("conversation.deleted", subject, time, |_, _| {})?;
    }
    if stream.one_in(2000) {
        let time = later(&mut stream.random, last);
        stream.event("hold.placed", subject, time, |line, _| put(line, &[r#""hold":"case-2""#]))?;
    }
    Ok(())
}
