//! Who gives the cluster work and looks at what comes back.

use super::decisions::{decisions_path, found, receipt};
use super::facts_files::FactsFiles;
use super::functions;
use super::job::Job;
use super::receipts::{self, Receipt};
use super::roles::{Address, runtime};
use super::scan::TaskFile;
use super::tally::Tally;
use super::{ClusterError, session};
use ballista_core::execution_plans::execute_physical_plan;
use ballista_core::extension::{SessionConfigExt as _, SessionStateExt as _};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::prelude::SessionContext;
use datafusion_proto::protobuf::PhysicalPlanNode;
use futures::TryStreamExt as _;
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How often a scheduler that has no executors yet is asked again, and after which pauses.
const ASKED_MAX: u32 = 20;
const PAUSE: Duration = Duration::from_millis(250);

/// A scheduler that has executors.
#[derive(Debug)]
pub struct Client {
    address: Address,
}

impl Client {
    /// Makes sure that the scheduler is there and that executors have joined it; waits for them for
    /// five seconds.
    ///
    /// # Errors
    ///
    /// [`ClusterError::NoScheduler`], [`ClusterError::NotScheduler`] or
    /// [`ClusterError::NoExecutors`].
    pub fn connect(address: Address) -> Result<Self, ClusterError> {
        for _ in 0..ASKED_MAX {
            if is_ready(&address)? {
                return Ok(Self { address });
            }
            std::thread::sleep(PAUSE);
        }
        Err(ClusterError::NoExecutors { address: address.to_string() })
    }

    /// A session whose queries the cluster carries out, and that knows [`super::functions`].
    ///
    /// # Errors
    ///
    /// [`ClusterError::Plan`], when the session cannot be made.
    pub fn session(&self) -> Result<SessionContext, ClusterError> {
        let failed =
            |error: datafusion::common::DataFusionError| ClusterError::Plan(error.to_string());
        let state = session::state(session::config()).map_err(failed)?;
        let state =
            state.upgrade_for_ballista(format!("http://{}", self.address)).map_err(failed)?;
        let context = SessionContext::new_with_state(state);
        for function in functions::all() {
            context.register_udf(function.as_ref().clone());
        }
        Ok(context)
    }

    /// Has the plan carried out and returns the receipts, in no order.
    ///
    /// # Errors
    ///
    /// [`ClusterError::Job`] when the job fails, or its receipts cannot be fetched.
    pub fn submit(&self, plan: Arc<dyn ExecutionPlan>) -> Result<Vec<Receipt>, ClusterError> {
        let failed =
            |error: datafusion::common::DataFusionError| ClusterError::Job(error.to_string());
        runtime()?.block_on(async {
            let state = session::state(session::config()).map_err(failed)?;
            let (config, codec) = (state.config(), session::codec(None));
            let settings = config.ballista_config();
            let stream = execute_physical_plan::<PhysicalPlanNode>(
                format!("http://{}", self.address),
                &settings,
                plan,
                codec.as_ref(),
                state.session_id().to_owned(),
                config.clone(),
            );
            let stream = stream.await.map_err(failed)?;
            let batches: Vec<_> = stream.try_collect().await.map_err(failed)?;
            let receipts: Result<Vec<_>, _> = batches.iter().map(receipts::from_batch).collect();
            Ok(receipts.map_err(failed)?.concat())
        })
    }

    /// Carries out the work on these files, and holds the receipts to the plan: one for each file
    /// that has rows, with as many as it has.
    ///
    /// A job can fail because an executor is lost, and with it the receipts of tasks that it had
    /// done. What it wrote is not lost, and says the same; so only what is not there is submitted
    /// again, as long as each attempt leaves less.
    pub(super) fn carry_out(
        &self,
        files: &[TaskFile],
        work: &dyn Work,
    ) -> Result<BTreeMap<u32, Tally>, ClusterError> {
        let mut rest: Vec<TaskFile> = files.iter().filter(|file| file.rows > 0).cloned().collect();
        let mut receipts = Vec::new();
        while !rest.is_empty() {
            let error = match self.submit(work.plan(&rest)?) {
                Ok(told) => {
                    receipts.extend(told);
                    break;
                }
                Err(error) => error,
            };
            let before = rest.len();
            rest.retain(|file| {
                let written = work.written(file.bucket);
                receipts.extend(written);
                written.is_none()
            });
            if rest.len() == before {
                return Err(error);
            }
            let (left, done) = (rest.len(), before - rest.len());
            tracing::warn!("{error}; {done} of {before} tasks are done, {left} are tried again");
        }
        let planned = files.iter().map(|file| (file.bucket, file.rows)).collect();
        receipts::check(&planned, &receipts)
    }

    /// Decides the facts, and holds what comes back to what was planned and to the files that are
    /// found.
    ///
    /// # Errors
    ///
    /// [`ClusterError::Job`] when the job fails, [`ClusterError::Differs`] when its outcome is not
    /// the planned one.
    pub fn decide(&self, job: &Job<'_>) -> Result<BTreeMap<u32, Tally>, ClusterError> {
        let told = self.carry_out(&job.facts.files, job)?;
        check_files(job.directory, &told)?;
        Ok(told)
    }
}

/// What is to be done with files, a task a file.
pub(super) trait Work {
    /// The plan for some of the files.
    fn plan(&self, files: &[TaskFile]) -> Result<Arc<dyn ExecutionPlan>, ClusterError>;

    /// What the task of a file left; `None` when it was not done.
    fn written(&self, bucket: u32) -> Option<Receipt>;
}

impl Work for Job<'_> {
    fn plan(&self, files: &[TaskFile]) -> Result<Arc<dyn ExecutionPlan>, ClusterError> {
        let facts = FactsFiles { files: files.to_vec(), ..self.facts.clone() };
        Job { facts: &facts, ..*self }.plan()
    }

    fn written(&self, bucket: u32) -> Option<Receipt> {
        receipt(self.directory, bucket)
    }
}

/// Holds the files of decisions to what was told of them, on all processors.
fn check_files(directory: &Path, told: &BTreeMap<u32, Tally>) -> Result<(), ClusterError> {
    let rest = Mutex::new(told.iter());
    let next = || rest.lock().unwrap_or_else(PoisonError::into_inner).next();
    let check = || {
        while let Some((bucket, told)) = next() {
            let found = found(&decisions_path(directory, *bucket))?;
            receipts::check_found(*bucket, *told, found)?;
        }
        Ok(())
    };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        let checks: Vec<_> = (0..threads).map(|_| scope.spawn(check)).collect();
        let lost = || Err(ClusterError::Differs("decisions could not be checked".into()));
        checks.into_iter().try_for_each(|one| one.join().unwrap_or_else(|_| lost()))
    })
}

/// Whether the scheduler has executors.
fn is_ready(address: &Address) -> Result<bool, ClusterError> {
    let mut connection = address.connect()?;
    let unreachable = |source| ClusterError::NoScheduler { address: address.to_string(), source };
    connection.set_read_timeout(Some(Duration::from_secs(5))).map_err(unreachable)?;
    write!(connection, "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")
        .map_err(unreachable)?;
    let mut answer = Vec::new();
    connection.take(1 << 16).read_to_end(&mut answer).map_err(unreachable)?;
    let is = |status: &str| answer.starts_with(format!("HTTP/1.1 {status}").as_bytes());
    match (is("200"), is("503")) {
        (true, _) => Ok(true),
        (_, true) => Ok(false),
        _ => Err(ClusterError::NotScheduler { address: address.to_string() }),
    }
}
