//! The two roles of a cluster: the scheduler hands out tasks, executors do them.

use super::sink::ClusterSecret;
use super::{ClusterError, session};
use ballista_core::config::TaskSchedulingPolicy;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::{create_scheduler, start_grpc_service_with_listener};
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long to wait for an answer to a first connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A host and a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// A name or an IP address; an IPv6 address without brackets.
    pub host: String,
    /// The port; for listening, 0 is any that is free.
    pub port: u16,
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
    }
}

impl std::str::FromStr for Address {
    type Err = ClusterError;

    fn from_str(text: &str) -> Result<Self, ClusterError> {
        let refuse = || ClusterError::Address { address: text.to_owned() };
        let (host, port) = text.rsplit_once(':').ok_or_else(refuse)?;
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let is_host = match bare {
            Some(host) => host.contains(':'),
            None => !host.is_empty() && !host.contains([':', '/', '[', ']']),
        };
        let port = port.parse().map_err(|_| refuse())?;
        is_host.then(|| Self { host: bare.unwrap_or(host).to_owned(), port }).ok_or_else(refuse)
    }
}

impl Address {
    /// The first of the addresses that the name stands for with which something succeeds; the last
    /// error if there is none.
    fn first_that<T>(
        &self,
        succeeds: impl Fn(SocketAddr) -> std::io::Result<T>,
    ) -> std::io::Result<T> {
        let mut last = std::io::Error::other("the name stands for no address");
        for address in (self.host.as_str(), self.port).to_socket_addrs()? {
            match succeeds(address) {
                Ok(done) => return Ok(done),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// Opens a connection to a scheduler.
    pub(super) fn connect(&self) -> Result<TcpStream, ClusterError> {
        let connected = self.first_that(|at| TcpStream::connect_timeout(&at, CONNECT_TIMEOUT));
        connected.map_err(|source| ClusterError::NoScheduler { address: self.to_string(), source })
    }

    fn listen(&self) -> Result<(TcpListener, SocketAddr), ClusterError> {
        let bound = self.first_that(TcpListener::bind);
        let local = bound.and_then(|listener| {
            let address = listener.local_addr()?;
            Ok((listener, address))
        });
        local.map_err(|source| ClusterError::Bind { address: self.to_string(), source })
    }
}

/// The host as Ballista puts it before a colon and a port.
fn in_url(host: &str) -> String {
    if host.contains(':') { format!("[{host}]") } else { host.to_owned() }
}

/// How a scheduler runs.
#[derive(Clone, Debug)]
pub struct Scheduler {
    /// Where it listens.
    pub bind: Address,
    /// After how many seconds without a word an executor is taken to be lost, and its tasks are
    /// given to others.
    pub lost_after_seconds: u64,
}

/// How an executor runs.
#[derive(Clone, Debug)]
pub struct Executor {
    /// The scheduler that it takes tasks from.
    pub scheduler: Address,
    /// Where it listens for those who fetch receipts; they reach it under this name.
    pub bind: Address,
    /// How many tasks it does at a time.
    pub tasks: usize,
    /// What opens the sources of datasets; the client seals them with the same.
    pub secret: ClusterSecret,
}

/// What Ballista needs of a stack for the plans that it takes apart.
const STACK_BYTES: usize = 16 << 20;

pub(super) fn runtime() -> Result<tokio::runtime::Runtime, ClusterError> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    Ok(builder.enable_all().thread_stack_size(STACK_BYTES).build()?)
}

/// Until somebody ends this process in an orderly way.
async fn told_to_end() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

impl Scheduler {
    /// Runs until SIGTERM or SIGINT. `ready` is called once, with the address.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened at, or Ballista's scheduler ends by itself.
    pub fn run(&self, ready: impl FnOnce(SocketAddr)) -> Result<(), ClusterError> {
        let (listener, address) = self.bind.listen()?;
        listener.set_nonblocking(true)?;
        runtime()?.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            let config = self.config(address);
            let failed =
                |error: ballista_core::error::BallistaError| ClusterError::Job(error.to_string());
            let cluster = BallistaCluster::new_from_config(&config).await.map_err(failed)?;
            let scheduler =
                create_scheduler::<LogicalPlanNode, PhysicalPlanNode>(cluster, Arc::new(config));
            let scheduler = scheduler.await.map_err(failed)?;
            ready(address);
            tokio::select! {
                ended = start_grpc_service_with_listener(listener, scheduler) => {
                    ended.map_err(failed)?;
                    Err(ClusterError::Ended { role: "scheduler" })
                }
                told = told_to_end() => Ok(told?),
            }
        })
    }

    fn config(&self, address: SocketAddr) -> SchedulerConfig {
        SchedulerConfig {
            bind_host: in_url(&address.ip().to_string()),
            external_host: in_url(&self.bind.host),
            bind_port: address.port(),
            scheduling_policy: TaskSchedulingPolicy::PullStaged,
            executor_timeout_seconds: self.lost_after_seconds,
            expire_dead_executor_interval_seconds: (self.lost_after_seconds / 4).max(1),
            no_executors_grace_period_seconds: self.lost_after_seconds,
            override_config_producer: Some(Arc::new(session::config)),
            override_session_builder: Some(Arc::new(session::state)),
            override_physical_codec: Some(session::codec(None)),
            ..SchedulerConfig::default()
        }
    }
}

impl Executor {
    /// Runs until SIGTERM or SIGINT; tasks that are under way are done first. `ready` is called
    /// once, with the address.
    ///
    /// # Errors
    ///
    /// When no scheduler answers, the address cannot be listened at, or Ballista's executor ends by
    /// itself.
    pub fn run(&self, ready: impl FnOnce(SocketAddr)) -> Result<(), ClusterError> {
        drop(self.scheduler.connect()?);
        // Ballista opens the port by itself; whether it can is found out before.
        let (listener, address) = self.bind.listen()?;
        drop(listener);
        let folder = tempfile::Builder::new().prefix("consentry-executor-").tempdir()?;
        let config = self.config(address, folder.path().display().to_string());
        let told = Arc::new(AtomicBool::new(false));
        let ended = runtime()?.block_on(async {
            let flag = Arc::clone(&told);
            tokio::spawn(async move {
                if told_to_end().await.is_ok() {
                    flag.store(true, Ordering::Release);
                }
            });
            ready(address);
            start_executor_process(Arc::new(config)).await
        });
        if told.load(Ordering::Acquire) {
            return Ok(());
        }
        match ended {
            Ok(()) => Err(ClusterError::Ended { role: "executor" }),
            Err(error) => Err(ClusterError::Job(error.to_string())),
        }
    }

    fn config(&self, address: SocketAddr, folder: String) -> ExecutorProcessConfig {
        ExecutorProcessConfig {
            bind_host: in_url(&address.ip().to_string()),
            external_host: Some(in_url(&self.bind.host)),
            port: address.port(),
            // Tasks are fetched, not pushed: nobody connects to this port.
            grpc_port: 0,
            scheduler_host: in_url(&self.scheduler.host),
            scheduler_port: self.scheduler.port,
            vcores: self.tasks.max(1),
            task_scheduling_policy: TaskSchedulingPolicy::PullStaged,
            work_dir: Some(folder),
            override_function_registry: Some(session::registry()),
            override_config_producer: Some(Arc::new(session::config)),
            override_physical_codec: Some(session::codec(Some(self.secret))),
            ..ExecutorProcessConfig::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for text in ["127.0.0.1:50050", "scheduler.internal:1", "[::1]:0"] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
        for text in ["", "50050", "host:", ":1", "host:70000", "::1:5", "http://host:1", "[h]:1"] {
            let error = text.parse::<Address>().unwrap_err().to_string();
            assert!(error.contains("HOST:PORT"), "{error}");
        }
    }
}
