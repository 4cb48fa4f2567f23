//! The plan of a job: one task a file, which reads, decides and writes.

use super::ClusterError;
use super::decisions::{self, Question};
use super::facts_files::FactsFiles;
use super::receipts;
use super::scan::{TaskFile, scan};
use super::sink::bucket_of;
use crate::bulk::resources_of;
use crate::facts::FactsFile;
use arrow_array::RecordBatch;
use consentry_columnar::Program;
use consentry_model::Instant;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{DataFusionError, Result, internal_err};
use datafusion::execution::TaskContext;
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties,
    SendableRecordBatchStream,
};
use futures::StreamExt as _;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is to be decided.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    /// The lowered policies.
    pub program: &'a Program,
    /// What for.
    pub purpose: &'a str,
    /// The instant of the question.
    pub now: Instant,
    /// The facts.
    pub facts: &'a FactsFiles,
    /// The folder for decisions, absolute: executors write into it by this name.
    pub directory: &'a Path,
}

impl Job<'_> {
    /// The plan: a partition for each file that has rows, and nothing that would need another stage.
    ///
    /// # Errors
    ///
    /// [`ClusterError::Facts`] when a file is about something else than the action,
    /// [`ClusterError::Plan`] when the program cannot travel.
    pub fn plan(&self) -> Result<Arc<dyn ExecutionPlan>, ClusterError> {
        let of = resources_of(self.program);
        for file in &self.facts.files {
            let refuse = |error: crate::facts::FactsError| ClusterError::Facts {
                path: file.path.clone(),
                reason: error.to_string(),
            };
            let facts = FactsFile::open(&file.path).map_err(refuse)?;
            facts.check(of, self.now).map_err(refuse)?;
        }
        let failed = |error: &dyn std::fmt::Display| ClusterError::Plan(error.to_string());
        let buckets = scan(&self.facts.schema, &self.facts.files, |_| false, None)
            .map_err(|error| failed(&error))?;
        let asked = Asked {
            program: self.program.to_bytes().map_err(|error| failed(&error))?,
            purpose: self.purpose.to_owned(),
            now_millis: self.now.millis(),
            files: self.facts.files.iter().filter(|file| file.rows > 0).cloned().collect(),
            directory: self.directory.to_owned(),
        };
        Ok(Arc::new(DecideFiles::try_new(buckets, asked).map_err(|error| failed(&error))?))
    }
}

/// What travels to the executors.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Asked {
    program: Vec<u8>,
    purpose: String,
    now_millis: i64,
    files: Vec<TaskFile>,
    directory: PathBuf,
}

/// Decides files of facts, a partition a file, into files of decisions, and returns a receipt for
/// each.
///
/// Its input only says which file a partition is: the scheduler gives each task a part of a scan's
/// files, and knows no other leaf that it can divide. No column of facts comes that way. Whole row
/// groups are decided as `decide` does without a cluster, which copies the columns that say what a
/// row is about without decoding them, and encodes decisions as runs; by way of the scan, the
/// function [`super::functions::DECIDE`] and Arrow's writer it took four times the processor time.
#[derive(Debug)]
pub(super) struct DecideFiles {
    buckets: Arc<dyn ExecutionPlan>,
    asked: Arc<Asked>,
    program: Arc<Program>,
    properties: Arc<PlanProperties>,
}

impl DecideFiles {
    /// # Errors
    ///
    /// When the program's bytes are not one.
    pub(super) fn try_new(buckets: Arc<dyn ExecutionPlan>, asked: Asked) -> Result<Self> {
        let program = Program::from_bytes(&asked.program)
            .map_err(|error| DataFusionError::External(Box::new(error)))?;
        Ok(Self::new(buckets, Arc::new(asked), Arc::new(program)))
    }

    fn new(buckets: Arc<dyn ExecutionPlan>, asked: Arc<Asked>, program: Arc<Program>) -> Self {
        let partitions = buckets.properties().output_partitioning().partition_count();
        let properties = PlanProperties::new(
            EquivalenceProperties::new(receipts::schema()),
            Partitioning::UnknownPartitioning(partitions),
            EmissionType::Final,
            Boundedness::Bounded,
        );
        Self { buckets, asked, program, properties: Arc::new(properties) }
    }

    pub(super) fn asked(&self) -> &Asked {
        &self.asked
    }
}

impl DisplayAs for DecideFiles {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (files, directory) = (self.asked.files.len(), self.asked.directory.display());
        write!(f, "DecideFiles: {files} files into {directory}")
    }
}

impl ExecutionPlan for DecideFiles {
    fn name(&self) -> &'static str {
        "DecideFiles"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.buckets]
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let Ok([buckets]) = <[_; 1]>::try_from(children) else {
            return internal_err!("files come from one input");
        };
        Ok(Arc::new(Self::new(buckets, Arc::clone(&self.asked), Arc::clone(&self.program))))
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        let mut buckets = self.buckets.execute(partition, context)?;
        let (asked, program) = (Arc::clone(&self.asked), Arc::clone(&self.program));
        // Nothing else runs on the thread of a task, so that it may be kept busy.
        let work = async move {
            while let Some(batch) = buckets.next().await.transpose()? {
                if batch.num_rows() > 0 {
                    return decide(&asked, &program, bucket_of(&batch)?);
                }
            }
            receipts::to_batch(&[])
        };
        let stream = futures::stream::once(work);
        Ok(Box::pin(RecordBatchStreamAdapter::new(receipts::schema(), stream)))
    }
}

fn decide(asked: &Asked, program: &Program, bucket: u32) -> Result<RecordBatch> {
    let Some(file) = asked.files.iter().find(|file| file.bucket == bucket) else {
        return internal_err!("there is no file {bucket}");
    };
    let now = Instant::from_millis(asked.now_millis);
    let question = Question { program, purpose: &asked.purpose, now };
    let receipt = decisions::write(question, file, &asked.directory)
        .map_err(|error| DataFusionError::Execution(error.to_string()))?;
    receipts::to_batch(&[receipt])
}
