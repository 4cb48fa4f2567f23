//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use consentry_formats::import::Format;
use consentry_lake::facts::Of;
use consentry_model::{Instant, Plan, Store};
use std::path::PathBuf;

/// Decide with published terms what of an AI product's history may be trained on, build the dataset
/// of exactly that, and let anyone check it.
#[derive(Debug, Parser)]
#[command(name = "consentry", version, max_term_width = 100, propagate_version = true)]
#[command(
    after_help = "Exit codes: 0 done; 1 failed, or a check did not hold; 2 bad usage or bad \
    input.\nEnvironment: CONSENTRY_HOME (folder of this machine's keys), RUST_LOG, NO_COLOR."
)]
pub struct Arguments {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Args)]
pub struct Global {
    /// When to use colours on standard error and in people's answers
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub color: Colour,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// Where a person reads, unless NO_COLOR is set
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Turn an export of a product into a history
    Import(Import),
    /// Fold a history into facts in Parquet, to decide them as often as you like
    Facts(Facts),
    /// Decide every part of a history, or of facts in Parquet
    Decide(Decide),
    /// Tell until when every part is kept
    Retain(Retain),
    /// Compare what several policy sets would do with the same history, part by part
    Whatif(WhatIf),
    /// Answer a person: is my data used, why, since when, until when, and what would change it
    Explain(Explain),
    /// Build a dataset of exactly what is permitted
    Build(Build),
    /// Check every claim of a dataset from its files alone
    Verify(Verify),
    /// Replace sensitive text by surrogates
    Redact(Redact),
    /// Measure detection
    #[command(subcommand)]
    Deid(Deid),
    /// Look at policy sets
    #[command(subcommand)]
    Policy(Policy),
    /// Start a role of a cluster that decides with `--engine ballista`
    #[command(subcommand)]
    Cluster(Cluster),
    /// Show or accept the keys of this machine
    #[command(subcommand)]
    Key(Key),
    /// Print a completion script for a shell
    Completions { shell: clap_complete::Shell },
    /// Print the manual page
    Man,
}

/// What a history is read from.
#[derive(Debug, Args)]
pub struct HistoryArguments {
    /// Files of events, one a line: plain, gzip or zstd; `-` is standard input. `decide` and `retain`
    /// also take facts in Parquet
    #[arg(required = true, value_name = "HISTORY")]
    pub history: Vec<PathBuf>,
    /// Put lines in error into FILE, each with its reason, and go on
    #[arg(long, value_name = "FILE")]
    pub quarantine: Option<PathBuf>,
    /// Where temporary files go; they are encrypted and have no name
    #[arg(long, value_name = "DIR")]
    pub temporary: Option<PathBuf>,
    /// Memory for events before they move to a temporary file, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 256)]
    pub memory: usize,
}

fn instant(text: &str) -> Result<Instant, String> {
    Instant::parse(text).map_err(|error| error.to_string())
}

fn plan(text: &str) -> Result<Plan, String> {
    Plan::from_word(text).ok_or_else(|| format!("expected one of {}", words(Plan::ALL)))
}

fn store(text: &str) -> Result<Store, String> {
    Store::from_word(text).ok_or_else(|| format!("expected one of {}", words(Store::ALL)))
}

fn words<W: std::fmt::Display>(all: &[W]) -> String {
    all.iter().map(W::to_string).collect::<Vec<_>>().join(", ")
}

fn format(text: &str) -> Result<Format, String> {
    Format::ALL.iter().copied().find(|format| format.as_str() == text).ok_or_else(|| {
        let names: Vec<_> = Format::ALL.iter().map(|format| format.as_str()).collect();
        format!("expected one of {}", names.join(", "))
    })
}

#[derive(Debug, Args)]
pub struct Import {
    /// claude-export or chatgpt-export (the archive that was sent), claude-code (~/.claude/projects),
    /// openai-messages or anthropic-messages (JSON lines)
    #[arg(value_parser = format)]
    pub format: Format,
    /// Files, folders or zip archives
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The account's id, where the export does not tell it
    #[arg(long, value_name = "ID")]
    pub account: Option<String>,
    /// The account's plan: free, pro, max, team, enterprise, work, gov, education or api
    #[arg(long, value_parser = plan, default_value = "free")]
    pub plan: Plan,
    /// Record this choice for model improvement; without it, none is recorded
    #[arg(long, value_enum)]
    pub choice: Option<Switch>,
    /// When the account opened and chose; by default the earliest time in the export, or 1970 where
    /// it has none. Imports of several exports for one account need the same
    #[arg(long, value_name = "T", value_parser = instant)]
    pub since: Option<Instant>,
    /// Write the history to FILE instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Tell of each file as a line of JSON on standard error
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

/// What decides.
#[derive(Debug, Args)]
pub struct Deciding {
    /// The instant at which the facts are taken, in RFC 3339: 2026-06-01T00:00:00Z
    #[arg(long, value_name = "T", value_parser = instant)]
    pub as_of: Instant,
    /// A policy set that ships with consentry, or the folder of one
    #[arg(long, value_name = "SET|DIR", default_value = "claude-consumer")]
    pub policy: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EngineName {
    /// The policies as a program over columns of facts
    Columnar,
    /// Cedar's own evaluator, one row at a time
    Cedar,
    /// A cluster of executors, by way of --scheduler
    Ballista,
}

/// Which cluster, and what is shared with it.
#[derive(Debug, Args)]
pub struct ClusterArguments {
    /// The scheduler of the cluster, with --engine ballista
    #[arg(long, value_name = "HOST:PORT")]
    pub scheduler: Option<String>,
    /// A folder that this machine and every executor reach by the same name; what is to be decided
    /// and what came of it pass through it, but for facts in Parquet and decisions on them. By
    /// default that of --temporary, or the one around a dataset, which suits executors on this
    /// machine
    #[arg(long, value_name = "DIR")]
    pub shared: Option<PathBuf>,
    /// How many parts of a history a task has at least
    #[arg(long, value_name = "ROWS", default_value_t = 1 << 20)]
    pub task_rows: usize,
}

fn of(text: &str) -> Result<Of, String> {
    Of::from_name(text)
        .ok_or_else(|| format!("expected one of {}", Of::ALL.map(Of::as_str).join(", ")))
}

#[derive(Debug, Args)]
pub struct Facts {
    #[command(flatten)]
    pub history: HistoryArguments,
    /// The instant at which the facts are taken, in RFC 3339: 2026-06-01T00:00:00Z
    #[arg(long, value_name = "T", value_parser = instant)]
    pub as_of: Instant,
    /// What has a row: parts, conversations or accounts; an action is about one of these
    #[arg(long, value_name = "WHAT", value_parser = of, default_value = "parts")]
    pub of: Of,
    /// The Parquet file to write
    #[arg(long, short, value_name = "FILE")]
    pub out: PathBuf,
}

/// How facts in Parquet are answered.
#[derive(Debug, Args)]
pub struct Bulk {
    /// Only count the rows by their answers; facts in Parquet only
    #[arg(long, conflicts_with = "out")]
    pub count: bool,
    /// Tell the counts in JSON, a line for each
    #[arg(long, requires = "count")]
    pub json: bool,
    /// How many threads decide facts in Parquet; all cores by default
    #[arg(long, value_name = "N")]
    pub threads: Option<std::num::NonZeroUsize>,
}

#[derive(Debug, Args)]
pub struct Decide {
    #[command(flatten)]
    pub history: HistoryArguments,
    #[command(flatten)]
    pub deciding: Deciding,
    /// What is to be done: train, retain, converse, recall, analyze or sell
    #[arg(long, default_value = "train")]
    pub action: String,
    /// What for, in a word that the policies know: model-improvement or safeguards in the shipped set
    #[arg(long, default_value = "model-improvement")]
    pub purpose: String,
    /// What evaluates the policies
    #[arg(long, value_enum, default_value_t = EngineName::Columnar)]
    pub engine: EngineName,
    #[command(flatten)]
    pub cluster: ClusterArguments,
    /// Write the rows to FILE instead of standard output; as Parquet if its name ends in .parquet
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub bulk: Bulk,
}

#[derive(Debug, Args)]
pub struct Retain {
    #[command(flatten)]
    pub history: HistoryArguments,
    #[command(flatten)]
    pub deciding: Deciding,
    /// Write the rows to FILE instead of standard output; as Parquet if its name ends in .parquet
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub bulk: Bulk,
}

#[derive(Debug, Args)]
pub struct WhatIf {
    #[command(flatten)]
    pub history: HistoryArguments,
    /// The instant at which the facts are taken, in RFC 3339: 2026-06-01T00:00:00Z
    #[arg(long, value_name = "T", value_parser = instant)]
    pub as_of: Instant,
    /// The policy sets to compare, by name or folder, separated by commas or one option each; by
    /// default those of all products
    #[arg(long, value_name = "SET|DIR", value_delimiter = ',')]
    pub policy: Vec<String>,
    /// What is to be done: train, retain, converse, recall, analyze or sell
    #[arg(long, default_value = "train")]
    pub action: String,
    /// What for, in a word that the policies know
    #[arg(long, default_value = "model-improvement")]
    pub purpose: String,
    /// Print a row of JSON a part with the decision of every set; the summary goes to standard error
    #[arg(long)]
    pub json: bool,
    /// Write those rows to FILE; the summary goes to standard output
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// What the matrix is found for.
#[derive(Debug, Args)]
pub struct MatrixArguments {
    /// Policy sets, by name or folder; by default those of all products
    #[arg(value_name = "SET|DIR")]
    pub sets: Vec<String>,
    /// The instant of the questions. Their facts lie within the three weeks before it, except for a
    /// choice 100 days old
    #[arg(long, value_name = "T", value_parser = instant, default_value = "2026-11-01T00:00:00Z")]
    pub as_of: Instant,
    /// Name the policies that determined each cell
    #[arg(long)]
    pub reasons: bool,
    /// Answer in JSON
    #[arg(long, conflicts_with = "markdown")]
    pub json: bool,
    /// Answer as a table in Markdown
    #[arg(long)]
    pub markdown: bool,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("who").required(true))]
pub struct Explain {
    #[command(flatten)]
    pub history: HistoryArguments,
    #[command(flatten)]
    pub deciding: Deciding,
    /// Explain everything of an account
    #[arg(long, value_name = "ID", group = "who")]
    pub account: Option<String>,
    /// Explain one conversation
    #[arg(long, value_name = "ID", group = "who")]
    pub conversation: Option<String>,
    /// What for, in a word that the policies know: model-improvement or safeguards in the shipped set
    #[arg(long, default_value = "model-improvement")]
    pub purpose: String,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Build {
    #[command(flatten)]
    pub history: HistoryArguments,
    #[command(flatten)]
    pub deciding: Deciding,
    /// The training run's id
    #[arg(long, value_name = "ID")]
    pub run: String,
    /// What the run is for, in a word that the policies know: model-improvement or safeguards in the
    /// shipped set
    #[arg(long)]
    pub purpose: String,
    /// The folder to make; it must not exist
    #[arg(long, short, value_name = "DIR")]
    pub out: PathBuf,
    /// conversation or feedback; they are never mixed
    #[arg(long, value_parser = store, default_value = "conversation")]
    pub store: Store,
    /// What evaluates the policies
    #[arg(long, value_enum, default_value_t = EngineName::Columnar)]
    pub engine: EngineName,
    /// Take out of later parts what repeats so many characters of a connector's result
    #[arg(long, value_name = "CHARACTERS", default_value_t = 60,
        value_parser = clap::value_parser!(u16).range(24..))]
    pub taint_characters: u16,
    #[command(flatten)]
    pub detection: Detection,
    #[command(flatten)]
    pub cluster: ClusterArguments,
    /// Tell the result in JSON on standard output
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Verify {
    /// The dataset's folder
    #[arg(value_name = "DIR")]
    pub dataset: PathBuf,
    /// A verifier key to trust, besides those of this machine: NAME+HASH+KEY
    #[arg(long, value_name = "PUBLIC")]
    pub key: Vec<String>,
    /// Tell the result in JSON on standard output
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Redact {
    /// A text in UTF-8: plain, gzip or zstd; standard input by default
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Print the findings as JSON lines instead of the text
    #[arg(long)]
    pub findings: bool,
    /// The input is lines of JSON; look into this field of each. Everything else in them stays as it is
    #[arg(long, value_name = "NAME")]
    pub jsonl_field: Option<String>,
    /// Show the text with its findings marked, and a list of what was found and why
    #[arg(long, conflicts_with = "findings")]
    pub explain: bool,
    #[command(flatten)]
    pub detection: Detection,
}

/// What looks for sensitive text.
#[derive(Debug, Args)]
pub struct Detection {
    /// How to find sensitive text
    #[arg(long, value_enum, default_value_t = Profile::Fast)]
    pub profile: Profile,
    /// The folder of the names model, for `thorough` and `exhaustive`: `model_q4.onnx` and `vocab.txt`.
    /// By default CONSENTRY_NAMES_MODEL, else `names-model` beside the keys
    #[arg(long, value_name = "DIR")]
    pub names_model: Option<PathBuf>,
    /// What becomes of each kind, what is never a finding, and own patterns, in TOML
    #[arg(long, value_name = "FILE")]
    pub deid_settings: Option<PathBuf>,
}

/// Named sets of tiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Profile {
    /// Forms, checks and context only; no names
    Structured,
    /// And persons, places and organisations, by the tagger that is built in
    Fast,
    /// And the names model, for sentences in which the tagger found a name, or nearly did
    Thorough,
    /// And the names model for every sentence
    Exhaustive,
}

#[derive(Debug, Subcommand)]
pub enum Deid {
    /// Tell how well findings agree with labelled texts
    Score(Score),
}

#[derive(Debug, Args)]
pub struct Score {
    /// Labelled texts: lines of `{"id","text","spans":[[start,end,LABEL],…],"labelled"?:[LABEL,…]}`, in
    /// characters
    #[arg(value_name = "GOLD")]
    pub gold: PathBuf,
    /// Score these findings of another program instead: lines of `{"id","spans":[[start,end,LABEL],…]}`
    #[arg(long, value_name = "FILE", conflicts_with = "profile")]
    pub predictions: Option<PathBuf>,
    /// Score only these labels; by default all that the texts are labelled with
    #[arg(long, value_delimiter = ',', value_name = "LABEL,…")]
    pub labels: Vec<String>,
    /// Tell the result in JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub detection: Detection,
}

#[derive(Debug, Subcommand)]
pub enum Policy {
    /// Check a policy set like a compiler, and run its own test cases
    Check {
        /// The folder of a policy set, or the name of one that ships with consentry
        #[arg(value_name = "SET|DIR")]
        set: String,
        /// Tell the result in JSON on standard output
        #[arg(long)]
        json: bool,
    },
    /// List the policy sets that ship with consentry
    List,
    /// Tell what a policy set says: its policies, what they cite, and what is not published
    Show {
        /// The folder of a policy set, or the name of one that ships with consentry
        #[arg(value_name = "SET|DIR")]
        set: String,
    },
    /// Compare policy sets side by side, by what their policies decide
    Matrix(MatrixArguments),
    /// Tell where two policy sets disagree, for whom, and by which policies
    Compare(Compare),
    /// Write a shipped policy set into a folder, to read or to change it
    Export {
        /// The name of a set that ships with consentry
        set: String,
        /// The folder to make; it must not exist
        #[arg(long, short, value_name = "DIR")]
        out: PathBuf,
    },
}

#[derive(Debug, Args)]
pub struct Compare {
    /// The folder of a policy set, or the name of one that ships with consentry
    #[arg(value_name = "A")]
    pub first: String,
    /// The other one
    #[arg(value_name = "B")]
    pub second: String,
    /// Compare only this action
    #[arg(long)]
    pub action: Option<String>,
    /// Compare only for this purpose
    #[arg(long)]
    pub purpose: Option<String>,
    /// Where both decide alike, compare the reasons of policies with the same id, too
    #[arg(long)]
    pub reasons: bool,
    /// Which solver to have prove the same (cvc5): auto takes the one that `CVC5` names or `PATH` has
    #[arg(long, value_name = "auto|none|PATH", default_value = "auto")]
    pub solver: String,
    /// Write the history of a disagreement's example to FILE, for `consentry decide`
    #[arg(long, value_name = "FILE")]
    pub witness_history: Option<PathBuf>,
    /// Of which disagreement, counted from 1
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub witness: usize,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum Cluster {
    /// Hand out tasks to executors, until SIGTERM or SIGINT. Whoever reaches the port can use the
    /// cluster: keep it on a private network
    Scheduler {
        /// Where to listen; port 0 is any that is free
        #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:50050")]
        bind: String,
        /// After how many seconds without a word an executor counts as lost and its tasks go to
        /// others; executors that are busy speak every five seconds
        #[arg(long, value_name = "SECONDS", default_value_t = 60)]
        lost_after: u64,
    },
    /// Do a scheduler's tasks, until SIGTERM or SIGINT; tasks that are under way are done first
    Executor {
        /// The scheduler
        #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:50050")]
        scheduler: String,
        /// Where others reach this executor; port 0 is any that is free
        #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:0")]
        bind: String,
        /// How many tasks to do at a time, each on a processor of its own; by default as many as
        /// there are processors
        #[arg(long, value_name = "COUNT")]
        tasks: Option<usize>,
    },
}

#[derive(Debug, Subcommand)]
pub enum Key {
    /// Print the public half of this machine's signing key, making the key if there is none
    Show,
    /// Trust datasets that this verifier key signs
    Trust {
        /// NAME+HASH+KEY
        #[arg(value_name = "PUBLIC")]
        key: String,
    },
    /// List the verifier keys that this machine trusts besides its own
    List,
}
