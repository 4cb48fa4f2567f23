//! Killing a build at any moment leaves no dataset, or a whole one.

use crate::program::{Program, build_arguments, example};
use std::process::Stdio;

#[test]
fn a_killed_build_leaves_nothing_or_everything() {
    let program = Program::new();
    let example = example();
    let path = example.to_str().unwrap();
    let arguments = |out: &'static str| build_arguments(path, "r", out);
    let whole = arguments("whole");
    #[expect(clippy::disallowed_methods, reason = "how long a build takes here tells when to kill")]
    let begun = std::time::Instant::now();
    program.done(&whole);
    let takes = begun.elapsed();
    let (mut nothing, mut everything) = (0, 0);
    // Later and later, until builds are done before they are killed, however busy the machine is.
    for step in 0..2000 {
        if everything >= 5 {
            break;
        }
        let killed = arguments("killed");
        let mut child =
            program.command(&killed).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(takes * step / 40);
        child.kill().unwrap();
        child.wait().unwrap();
        let place = program.path("killed");
        if place.exists() {
            program.done(&["verify", "killed"]);
            std::fs::remove_dir_all(place).unwrap();
            everything += 1;
        } else {
            nothing += 1;
        }
    }
    assert!(nothing > 0, "at least the first was killed early");
    assert!(everything > 0, "some were done before they were killed");
    // The next build sweeps away what the killed ones left beside.
    program.done(&arguments("killed"));
    let left = std::fs::read_dir(program.path("")).unwrap().filter(|entry| {
        entry.as_ref().unwrap().file_name().to_string_lossy().starts_with(".killed.partial")
    });
    assert_eq!(left.count(), 0);
}
