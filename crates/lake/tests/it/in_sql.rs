//! `consentry_decide` in SQL, on one machine and on a cluster, held to Cedar's own evaluator.

use crate::setting::{engine, files, options};
use consentry_lake::cluster::client::Client;
use consentry_lake::cluster::facts_writer::{About, FactsWriter};
use consentry_lake::cluster::functions;
use consentry_lake::cluster::roles::{Address, Executor, Scheduler};
use consentry_lake::cluster::sink::ClusterSecret;
use consentry_lake::history::scan;
use consentry_lake::progress::Silent;
use consentry_model::Instant;
use consentry_model::facts::Facts;
use consentry_policy::{Engine as _, PolicySet, Request};
use consentry_testkit::generate::{moments, seeded};
use datafusion::arrow::array::{Array, AsArray as _, RecordBatch};
use datafusion::arrow::datatypes::Int32Type;
use datafusion::prelude::{ParquetReadOptions, SessionContext};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use tempfile::TempDir;

const PURPOSE: &str = "model-improvement";

/// Facts of generated histories in files, and what Cedar says of each row, in their order.
struct Decided {
    folder: TempDir,
    paths: Vec<PathBuf>,
    now: Instant,
    expected: Vec<(String, Vec<String>)>,
}

fn decided() -> Decided {
    let folder = tempfile::tempdir().unwrap();
    let now = *moments().last().unwrap();
    let about = ["store", "conversation", "message", "part", "copy"];
    let mut writer = FactsWriter::new(folder.path().to_owned(), now, &about, 40);
    let mut expected = Vec::new();
    let request = Request { action: "train", purpose: PURPOSE, now };
    let mut take = |store: &str, facts: &Facts<'_>, writer: &mut FactsWriter| {
        writer.add(&About { store: Some(store), ..About::default() }, facts)?;
        for decision in engine().decide_all(&request, std::slice::from_ref(facts)).unwrap() {
            let word = if decision.permit { "permit" } else { "deny" };
            let reasons = decision.reasons.iter().map(ToString::to_string).collect();
            expected.push((word.to_owned(), reasons));
        }
        std::io::Result::Ok(())
    };
    for seed in 0..120 {
        let texts = files(&seeded(seed).texts());
        let Ok(mut history) = scan(&texts.sources, &options(true, 1 << 20), &mut Silent) else {
            continue;
        };
        let folded = history.each_conversation(&mut Silent, |owned| {
            for row in Facts::of_parts(owned.account, owned.conversation, now) {
                take("conversation", &row.facts, &mut writer)?;
            }
            for copy in owned.conversation.feedback_copies(owned.account, now) {
                for (message, part) in &copy.parts {
                    let facts = Facts::of_copy(copy.feedback, message, part);
                    take("feedback", &facts, &mut writer)?;
                }
            }
            writer.may_cut()
        });
        folded.unwrap();
    }
    let paths = writer.finish().unwrap();
    assert!(expected.len() > 300 && paths.len() > 2, "{} rows", expected.len());
    Decided { folder, paths, now, expected }
}

/// The function's call in SQL. `leave_out` is a field that the facts then lack.
fn call(now: Instant, leave_out: &str) -> String {
    let set = PolicySet::shipped("claude-consumer").unwrap();
    let program = set.program("train").unwrap();
    let mut hexadecimal = String::new();
    for byte in program.to_bytes().unwrap() {
        write!(hexadecimal, "{byte:02x}").unwrap();
    }
    let mut fields = vec!["'store', store".to_owned()];
    for attribute in program.bind(PURPOSE, now).reads() {
        fields.push(format!("'{0}', {0}", attribute.as_str()));
    }
    fields.retain(|field| !field.starts_with(&format!("'{leave_out}'")));
    let fields = fields.join(", ");
    let millis = now.millis();
    format!("consentry_decide(X'{hexadecimal}', '{PURPOSE}', {millis}, named_struct({fields}))")
}

fn here() -> SessionContext {
    let context = SessionContext::new();
    functions::all().iter().for_each(|one| context.register_udf(one.as_ref().clone()));
    context
}

async fn query(
    context: &SessionContext,
    path: &Path,
    call: &str,
) -> Result<Vec<RecordBatch>, String> {
    let path = path.to_str().unwrap();
    context.deregister_table("facts").unwrap();
    context.register_parquet("facts", path, ParquetReadOptions::default()).await.unwrap();
    let sql = format!(
        "SELECT answer['decision'], answer['reasons'] FROM (SELECT {call} AS answer FROM facts)"
    );
    let frame = context.sql(&sql).await.map_err(|error| error.to_string())?;
    frame.collect().await.map_err(|error| error.to_string())
}

/// Words are dictionaries where they are made, and plain texts after a journey.
fn texts(array: &dyn Array) -> Vec<String> {
    if let Some(plain) = array.as_string_opt::<i32>() {
        return plain.iter().map(|text| text.unwrap().to_owned()).collect();
    }
    let dictionary = array.as_dictionary::<Int32Type>();
    let values = dictionary.values().as_string::<i32>();
    dictionary.keys_iter().map(|key| values.value(key.unwrap()).to_owned()).collect()
}

fn answers(batches: &[RecordBatch]) -> Vec<(String, Vec<String>)> {
    let mut answers = Vec::new();
    for batch in batches {
        let reasons = batch.column(1).as_list::<i32>();
        let reasons = (0..batch.num_rows()).map(|row| texts(&reasons.value(row)));
        answers.extend(texts(batch.column(0)).into_iter().zip(reasons));
    }
    answers
}

#[tokio::test]
async fn the_function_answers_as_cedar_does() {
    let Decided { paths, now, expected, folder: _folder } = decided();
    let context = here();
    let mut found = Vec::new();
    for path in &paths {
        found.extend(answers(&query(&context, path, &call(now, "")).await.unwrap()));
    }
    assert_eq!(found, expected);
}

#[tokio::test]
async fn what_the_function_does_not_take() {
    let Decided { paths, now, folder: _folder, .. } = decided();
    let context = here();
    let good = call(now, "");
    let program = good.split('\'').nth(1).unwrap().to_owned();
    let damaged = good.replacen(&program, &program[..program.len() - 4], 1);
    for (call, reason) in [
        (call(now, "choice"), "reads `choice`, which the facts do not have"),
        (call(now, "store"), "asks for `store`, which the facts do not have"),
        (damaged, "expected a lowered policy set"),
        (good.replacen(&format!("X'{program}'"), "X''", 1), "expected a lowered policy set"),
        (good.replacen(&format!("X'{program}'"), "kind", 1), "the program, as constant bytes"),
        (good.replacen(&format!("'{PURPOSE}'"), "kind", 1), "the purpose, as constant text"),
        (good.replacen(&now.millis().to_string(), "'today'", 1), "the instant, as a constant"),
        (format!("consentry_decide(X'{program}', 'x', 0, plan)"), "the facts, as a structure"),
    ] {
        let error = query(&context, &paths[0], &call).await.unwrap_err();
        assert!(error.contains(reason), "{reason}: {error}");
    }
}

/// Starts a role in a thread, which lasts as long as the tests.
fn start(run: impl FnOnce(mpsc::Sender<Address>) + Send + 'static) -> Address {
    let (to, from) = mpsc::channel();
    std::thread::spawn(move || run(to));
    from.recv().unwrap()
}

#[test]
fn the_function_is_known_on_a_cluster() {
    let any = || Address { host: "127.0.0.1".to_owned(), port: 0 };
    let scheduler = start(move |to| {
        let scheduler = Scheduler { bind: any(), lost_after_seconds: 60 };
        scheduler.run(|at| to.send(at.to_string().parse().unwrap()).unwrap()).unwrap();
    });
    let joined = scheduler.clone();
    start(move |to| {
        let secret = ClusterSecret([0; 32]);
        let executor = Executor { scheduler: joined, bind: any(), tasks: 2, secret };
        executor.run(|at| to.send(at.to_string().parse().unwrap()).unwrap()).unwrap();
    });
    let Decided { paths, now, expected, folder: _folder } = decided();
    let client = Client::connect(scheduler).unwrap();
    let context = client.session().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut found = Vec::new();
    for path in &paths {
        found.extend(answers(&runtime.block_on(query(&context, path, &call(now, ""))).unwrap()));
    }
    assert_eq!(found, expected);
}
