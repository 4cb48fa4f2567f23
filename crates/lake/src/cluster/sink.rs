//! The end of a plan of a build: shares of a dataset go into files, a receipt comes back.

use super::receipts;
use super::shares::Shares;
use arrow_array::cast::AsArray as _;
use arrow_array::types::UInt32Type;
use arrow_array::{Array as _, RecordBatch};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Result, exec_err, internal_err};
use datafusion::execution::TaskContext;
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties,
    SendableRecordBatchStream,
};
use std::sync::Arc;

/// The column that says which file a row comes from.
pub const BUCKET: &str = "bucket";

/// Makes a share of each partition of its input, and returns a receipt for it.
///
/// The input's columns are [`BUCKET`], which is the same in all rows of a partition, and
/// [`super::shares::SOURCE`]. Files are written beside their place and renamed, so that they are
/// whole or not there; a task that runs twice makes the same again.
#[derive(Debug)]
pub struct Sink {
    input: Arc<dyn ExecutionPlan>,
    shares: Shares,
    secret: Option<ClusterSecret>,
    properties: Arc<PlanProperties>,
}

/// The secret that client and executors share, and that no plan holds.
#[derive(Clone, Copy)]
pub struct ClusterSecret(pub [u8; 32]);

impl std::fmt::Debug for ClusterSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClusterSecret")
    }
}

impl Sink {
    /// `secret` is that of whoever executes the plan.
    #[must_use]
    pub fn new(
        input: Arc<dyn ExecutionPlan>,
        shares: Shares,
        secret: Option<ClusterSecret>,
    ) -> Self {
        let partitions = input.properties().output_partitioning().partition_count();
        let properties = PlanProperties::new(
            EquivalenceProperties::new(receipts::schema()),
            Partitioning::UnknownPartitioning(partitions),
            EmissionType::Final,
            Boundedness::Bounded,
        );
        Self { input, shares, secret, properties: Arc::new(properties) }
    }

    /// How shares are made.
    #[must_use]
    pub const fn shares(&self) -> &Shares {
        &self.shares
    }
}

impl DisplayAs for Sink {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Shares: {}", self.shares.directory.display())
    }
}

impl ExecutionPlan for Sink {
    fn name(&self) -> &'static str {
        "Sink"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
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
        let Ok([input]) = <[_; 1]>::try_from(children) else {
            return internal_err!("what is made comes from one input");
        };
        Ok(Arc::new(Self::new(input, self.shares.clone(), self.secret)))
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        let input = self.input.execute(partition, context)?;
        let (shares, secret) = (self.shares.clone(), self.secret);
        let work = async move {
            let receipt = shares.make(input, secret).await?;
            receipts::to_batch(receipt.as_slice())
        };
        let stream = futures::stream::once(work);
        Ok(Box::pin(RecordBatchStreamAdapter::new(receipts::schema(), stream)))
    }
}

/// The bucket that all rows are of.
pub(super) fn bucket_of(batch: &RecordBatch) -> Result<u32> {
    let column =
        batch.column_by_name(BUCKET).and_then(|column| column.as_primitive_opt::<UInt32Type>());
    let Some(column) = column else {
        return internal_err!("the column `{BUCKET}` is missing");
    };
    let first = column.values().first().copied().unwrap_or_default();
    if column.null_count() > 0 || column.values().iter().any(|bucket| *bucket != first) {
        return exec_err!("rows of several buckets in one batch");
    }
    Ok(first)
}
