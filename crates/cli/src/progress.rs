//! Progress bars for anything that takes over a second, where a person watches.

use consentry_lake::progress::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::Duration;

/// A bar on standard error. It stays hidden where standard error is not a terminal.
#[derive(Debug, Default)]
pub struct Bar {
    bar: Option<ProgressBar>,
}

impl Bar {
    /// A bar that shows itself once there is something to show.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Progress for Bar {
    fn step(&mut self, name: &'static str, total: Option<u64>) {
        if let Some(previous) = self.bar.take() {
            previous.finish_and_clear();
        }
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr_with_hz(4));
        let template = match (name, total) {
            ("reading", Some(_)) => "{msg:>12} {wide_bar} {bytes}/{total_bytes} {eta}",
            ("reading", None) => "{msg:>12} {spinner} {bytes} {bytes_per_sec}",
            (_, Some(_)) => "{msg:>12} {wide_bar} {pos}/{len} {eta}",
            (_, None) => "{msg:>12} {spinner} {pos}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(name);
        bar.enable_steady_tick(Duration::from_secs(1));
        self.bar = Some(bar);
    }

    fn advance(&mut self, by: u64) {
        if let Some(bar) = &self.bar {
            bar.inc(by);
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
