//! Prints what is found in files: one line for each finding with the path, the line, the rule, and
//! the text around it. `cargo run --release --example find_secrets -- PATH…`

use consentry_deid::{Engine, FindingKind};
use std::io;
use std::path::Path;

fn main() -> io::Result<()> {
    let engine = Engine::structured();
    let mut bytes = 0;
    for path in std::env::args().skip(1) {
        visit(Path::new(&path), &engine, &mut bytes)?;
    }
    eprintln!("{bytes} bytes");
    Ok(())
}

fn visit(path: &Path, engine: &Engine, bytes: &mut usize) -> io::Result<()> {
    if path.is_dir() {
        let mut below: Vec<_> = path.read_dir()?.collect::<Result<_, _>>()?;
        below.sort_by_key(std::fs::DirEntry::path);
        return below.iter().try_for_each(|entry| visit(&entry.path(), engine, bytes));
    }
    let text = String::from_utf8_lossy(&std::fs::read(path)?).into_owned();
    *bytes += text.len();
    for finding in engine.findings(&text) {
        if matches!(finding.kind, FindingKind::Secret | FindingKind::UrlCredentials) {
            let line = text.as_bytes().iter().take(finding.start).filter(|&&b| b == b'\n').count();
            let from = text.floor_char_boundary(finding.start.saturating_sub(40));
            let until = text.ceil_char_boundary(finding.end.saturating_add(10)).min(text.len());
            let around = text.get(from..finding.start).unwrap_or_default();
            let value = text.get(finding.start..finding.end).unwrap_or_default();
            let tail = text.get(finding.end..until).unwrap_or_default();
            println!(
                "{}:{}\t{}\t{:?}\t{around:?} {tail:?}",
                path.display(),
                line + 1,
                finding.rule,
                value.chars().take(80).collect::<String>()
            );
        }
    }
    Ok(())
}
