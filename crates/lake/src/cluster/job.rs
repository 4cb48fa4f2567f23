//! The plan of a job: read, decide, write; one task a file.

use super::ClusterError;
use super::facts_files::{ABOUT, FactsFiles};
use super::functions::{self, DECIDE};
use super::scan::scan;
use super::sink::{ANSWER, BUCKET, Output, Sink};
use consentry_columnar::Program;
use consentry_model::Instant;
use datafusion::common::{DataFusionError, Result, ScalarValue, plan_err};
use datafusion::config::ConfigOptions;
use datafusion::functions::core::named_struct;
use datafusion::logical_expr::ScalarUDF;
use datafusion::physical_expr::expressions::{Column, Literal};
use datafusion::physical_expr::{PhysicalExpr, ScalarFunctionExpr};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::projection::{ProjectionExec, ProjectionExpr};
use std::path::Path;
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
    /// The plan: a partition for each file that has rows, from reading to
    /// [`Sink`], and nothing that would need another stage.
    ///
    /// # Errors
    ///
    /// [`ClusterError::Plan`] when the facts lack a column that the policies read, or a name cannot
    /// travel.
    pub fn plan(&self) -> Result<Arc<dyn ExecutionPlan>, ClusterError> {
        self.planned().map_err(|error| ClusterError::Plan(error.to_string()))
    }

    fn planned(&self) -> Result<Arc<dyn ExecutionPlan>> {
        let about: Vec<&str> = ABOUT.into_iter().filter(|name| self.has(name)).collect();
        let evaluator = self.program.bind(self.purpose, self.now);
        let mut facts: Vec<&str> = Vec::new();
        facts.extend(about.iter().find(|name| **name == "store"));
        for attribute in evaluator.reads() {
            if !self.has(attribute.as_str()) {
                return plan_err!(
                    "the policies read `{}`, and the facts have no such column",
                    attribute.as_str()
                );
            }
            facts.push(attribute.as_str());
        }
        let needed = |name: &str| about.contains(&name) || facts.contains(&name);
        let scan = scan(&self.facts.schema, &self.facts.files, needed, None)?;
        let mut columns = vec![column(&scan, BUCKET)?];
        for name in &about {
            columns.push(column(&scan, name)?);
        }
        let answer = self.answer(&scan, &facts)?;
        columns.push(ProjectionExpr { expr: answer, alias: ANSWER.to_owned() });
        let decided = Arc::new(ProjectionExec::try_new(columns, scan)?);
        let output = Output::Decisions(self.directory.to_owned());
        Ok(Arc::new(Sink::try_new(decided, output, None)?))
    }

    fn has(&self, name: &str) -> bool {
        self.facts.schema.column_with_name(name).is_some()
    }

    /// `consentry_decide(program, purpose, now, named_struct(…))`.
    fn answer(
        &self,
        scan: &Arc<dyn ExecutionPlan>,
        facts: &[&str],
    ) -> Result<Arc<dyn PhysicalExpr>> {
        let mut fields: Vec<Arc<dyn PhysicalExpr>> = Vec::new();
        for name in facts {
            fields.push(literal(ScalarValue::from(*name)));
            fields.push(column(scan, name)?.expr);
        }
        let bytes =
            self.program.to_bytes().map_err(|error| DataFusionError::External(Box::new(error)))?;
        let arguments = vec![
            literal(ScalarValue::Binary(Some(bytes))),
            literal(ScalarValue::from(self.purpose)),
            literal(ScalarValue::TimestampMillisecond(Some(self.now.millis()), None)),
            call(named_struct(), fields, scan)?,
        ];
        let Some(decide) = functions::all().into_iter().find(|one| one.name() == DECIDE) else {
            return plan_err!("the function {DECIDE} is missing");
        };
        call(decide, arguments, scan)
    }
}

fn column(input: &Arc<dyn ExecutionPlan>, name: &str) -> Result<ProjectionExpr> {
    let expr = Arc::new(Column::new_with_schema(name, &input.schema())?);
    Ok(ProjectionExpr { expr, alias: name.to_owned() })
}

fn literal(value: ScalarValue) -> Arc<dyn PhysicalExpr> {
    Arc::new(Literal::new(value))
}

fn call(
    function: Arc<ScalarUDF>,
    arguments: Vec<Arc<dyn PhysicalExpr>>,
    input: &Arc<dyn ExecutionPlan>,
) -> Result<Arc<dyn PhysicalExpr>> {
    let options = Arc::new(ConfigOptions::default());
    let schema = input.schema();
    Ok(Arc::new(ScalarFunctionExpr::try_new(function, arguments, &schema, options)?))
}
