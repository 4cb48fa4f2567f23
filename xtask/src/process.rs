//! Running other programs.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs a command that writes to the terminal itself.
///
/// # Errors
///
/// When it cannot be started or does not succeed. The message repeats the command.
pub fn run(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|error| not_started(command, &error))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{} ended with {status}", describe(command)))
    }
}

/// Runs a command and gives what it wrote to standard output. Standard error goes to the terminal.
///
/// # Errors
///
/// As [`run`], and when the output is not UTF-8.
pub fn capture(command: &mut Command) -> Result<String, String> {
    let output: Output =
        command.stderr(Stdio::inherit()).output().map_err(|error| not_started(command, &error))?;
    if !output.status.success() {
        return Err(format!("{} ended with {}", describe(command), output.status));
    }
    String::from_utf8(output.stdout)
        .map_err(|_| format!("{} wrote something that is not UTF-8", describe(command)))
}

/// Runs a command and puts all that it writes into a file.
///
/// # Errors
///
/// As [`run`], and when the file cannot be made.
pub fn log(command: &mut Command, file: &Path) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", file.display());
    let out = File::create(file).map_err(failed)?;
    let err = out.try_clone().map_err(failed)?;
    run(command.stdout(out).stderr(err))
}

/// Whether a command can be run and succeeds. What it writes is dropped.
pub fn succeeds(command: &mut Command) -> bool {
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .stdin(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The command as one would type it.
pub fn describe(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let name = program.rsplit('/').next().unwrap_or(&program);
    let mut words = vec![name.to_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    format!("`{}`", words.join(" "))
}

fn not_started(command: &Command, error: &std::io::Error) -> String {
    format!("{} could not be started: {error}", describe(command))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_command_is_named_with_its_status() {
        let error = run(Command::new("sh").args(["-c", "exit 3"])).unwrap_err();
        assert_eq!(error, "`sh -c exit 3` ended with exit status: 3");
    }

    #[test]
    fn a_missing_program_is_an_error_and_no_panic() {
        let mut missing = Command::new("/nowhere/no-such-program");
        assert!(capture(&mut missing).unwrap_err().starts_with("`no-such-program` could not be"));
        assert!(!succeeds(&mut missing));
    }

    #[test]
    fn standard_output_is_captured() {
        assert_eq!(
            capture(Command::new("sh").args(["-c", "echo out; echo err >&2"])),
            Ok("out\n".into())
        );
    }
}
