//! `consentry`: train only on what people allowed, and prove it.

mod arguments;
mod bundle;
mod command;
mod exit;
mod home;
mod output;
mod progress;
mod table;

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    output::set_up(&arguments.global);
    match command::run(&arguments) {
        Ok(code) => code.into(),
        Err(failure) => {
            output::report(&failure);
            failure.code().into()
        }
    }
}
