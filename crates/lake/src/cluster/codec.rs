//! How the steps of plans that are our own travel.

use super::job::DecideFiles;
use super::sink::{ClusterSecret, Sink};
use ballista_core::serde::BallistaPhysicalExtensionCodec;
use datafusion::common::{DataFusionError, Result, internal_err};
use datafusion::execution::TaskContext;
use datafusion::physical_plan::ExecutionPlan;
use datafusion_proto::physical_plan::{PhysicalExtensionCodec, PhysicalProtoConverterExtension};
use std::sync::Arc;

/// What bytes of ours begin with. Ballista's own are a protobuf message, which does not begin so:
/// the first letter would open a group, and it has none.
const SINK: &[u8] = b"consentry sink 2\n";
const DECIDE_FILES: &[u8] = b"consentry decide files 1\n";

/// Ballista's codec, [`Sink`] and [`DecideFiles`].
#[derive(Debug)]
pub(super) struct Codec {
    ballista: BallistaPhysicalExtensionCodec,
    /// What sinks that are decoded here execute with.
    secret: Option<ClusterSecret>,
}

impl Codec {
    pub(super) fn new(secret: Option<ClusterSecret>) -> Self {
        Self { ballista: BallistaPhysicalExtensionCodec::default(), secret }
    }
}

fn external(error: impl std::error::Error + Send + Sync + 'static) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

impl PhysicalExtensionCodec for Codec {
    fn try_decode(
        &self,
        bytes: &[u8],
        inputs: &[Arc<dyn ExecutionPlan>],
        context: &TaskContext,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        if let Some(asked) = bytes.strip_prefix(DECIDE_FILES) {
            let asked = postcard::from_bytes(asked).map_err(external)?;
            let [buckets] = inputs else {
                return internal_err!("files come from one input");
            };
            return Ok(Arc::new(DecideFiles::try_new(Arc::clone(buckets), asked)?));
        }
        let Some(shares) = bytes.strip_prefix(SINK) else {
            return self.ballista.try_decode(bytes, inputs, context, converter);
        };
        let shares = postcard::from_bytes(shares).map_err(external)?;
        let [input] = inputs else {
            return internal_err!("what is made comes from one input");
        };
        Ok(Arc::new(Sink::new(Arc::clone(input), shares, self.secret)))
    }

    fn try_encode(
        &self,
        node: Arc<dyn ExecutionPlan>,
        bytes: &mut Vec<u8>,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<()> {
        if let Some(decide) = node.downcast_ref::<DecideFiles>() {
            bytes.extend_from_slice(DECIDE_FILES);
            bytes.extend(postcard::to_stdvec(decide.asked()).map_err(external)?);
            return Ok(());
        }
        let Some(sink) = node.downcast_ref::<Sink>() else {
            return self.ballista.try_encode(node, bytes, converter);
        };
        bytes.extend_from_slice(SINK);
        bytes.extend(postcard::to_stdvec(sink.shares()).map_err(external)?);
        Ok(())
    }
}
