//! What client, scheduler and executors have in common.

use super::codec::Codec;
use super::functions;
use super::sink::ClusterSecret;
use ballista_core::extension::SessionConfigExt as _;
use ballista_core::registry::BallistaFunctionRegistry;
use ballista_core::utils::default_session_builder;
use datafusion::common::Result;
use datafusion::execution::{FunctionRegistry as _, SessionState};
use datafusion::prelude::SessionConfig;
use datafusion_proto::physical_plan::PhysicalExtensionCodec;
use std::sync::Arc;

/// Settings that travel from the client with each job, and that the others begin with.
///
/// Ballista's adaptive planner stays off: it would change plans while they run. A task has one
/// file, and no task takes another's.
pub(super) fn config() -> SessionConfig {
    SessionConfig::new_with_ballista()
        .with_ballista_adaptive_query_planner(false)
        .set_usize("ballista.scheduler.max_partitions_per_task", 1)
        .set_bool("datafusion.execution.enable_file_stream_work_stealing", false)
}

/// A session that knows our functions.
pub(super) fn state(config: SessionConfig) -> Result<SessionState> {
    let mut state = default_session_builder(config)?;
    for function in functions::all() {
        state.register_udf(function)?;
    }
    Ok(state)
}

/// The functions that an executor knows: Ballista's and ours.
pub(super) fn registry() -> Arc<BallistaFunctionRegistry> {
    let mut registry = BallistaFunctionRegistry::default();
    for function in functions::all() {
        registry.scalar_functions.insert(function.name().to_owned(), function);
    }
    Arc::new(registry)
}

/// How plans travel. `secret` is that of an executor.
pub(super) fn codec(secret: Option<ClusterSecret>) -> Arc<dyn PhysicalExtensionCodec> {
    Arc::new(Codec::new(secret))
}
