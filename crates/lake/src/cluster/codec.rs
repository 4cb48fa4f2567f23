//! How a plan's own step travels.

use super::sink::WriteDecisions;
use ballista_core::serde::BallistaPhysicalExtensionCodec;
use datafusion::common::{DataFusionError, Result, internal_err};
use datafusion::execution::TaskContext;
use datafusion::physical_plan::ExecutionPlan;
use datafusion_proto::physical_plan::{PhysicalExtensionCodec, PhysicalProtoConverterExtension};
use std::path::PathBuf;
use std::sync::Arc;

/// What bytes of ours begin with. Ballista's own are a protobuf message, which does not begin so:
/// the first letter would open a group, and it has none.
const WRITE_DECISIONS: &[u8] = b"consentry write decisions 1\n";

/// Ballista's codec, and [`WriteDecisions`].
#[derive(Debug, Default)]
pub(super) struct Codec {
    ballista: BallistaPhysicalExtensionCodec,
}

impl PhysicalExtensionCodec for Codec {
    fn try_decode(
        &self,
        bytes: &[u8],
        inputs: &[Arc<dyn ExecutionPlan>],
        context: &TaskContext,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let Some(directory) = bytes.strip_prefix(WRITE_DECISIONS) else {
            return self.ballista.try_decode(bytes, inputs, context, converter);
        };
        let directory = std::str::from_utf8(directory)
            .map_err(|error| DataFusionError::External(Box::new(error)))?;
        let [input] = inputs else {
            return internal_err!("decisions are written of one input");
        };
        let directory = PathBuf::from(directory);
        Ok(Arc::new(WriteDecisions::try_new(Arc::clone(input), directory)?))
    }

    fn try_encode(
        &self,
        node: Arc<dyn ExecutionPlan>,
        bytes: &mut Vec<u8>,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<()> {
        let Some(write) = node.downcast_ref::<WriteDecisions>() else {
            return self.ballista.try_encode(node, bytes, converter);
        };
        let Some(directory) = write.directory().to_str() else {
            return internal_err!("the folder for decisions has a name that is not UTF-8");
        };
        bytes.extend_from_slice(WRITE_DECISIONS);
        bytes.extend_from_slice(directory.as_bytes());
        Ok(())
    }
}
