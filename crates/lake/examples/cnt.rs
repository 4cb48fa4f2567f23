use consentry_lake::bulk::*;
use consentry_lake::facts::*;
use consentry_lake::progress::Silent;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let set = consentry_policy::PolicySet::shipped("claude-consumer").unwrap();
    let files = [FactsFile::open(std::path::Path::new(&a[1])).unwrap()];
    let job = Job {
        files: &files,
        program: set.program("train").unwrap(),
        ask: Ask::Decide,
        purpose: "model-improvement",
        now: consentry_testkit::generate::FACTS_AS_OF,
        threads: a[3].parse().unwrap(),
    };
    let mut best = f64::MAX;
    for _ in 0..a[2].parse().unwrap() {
        let t = std::time::Instant::now();
        let n = count(&job, &mut Silent).unwrap().rows();
        best = best.min(t.elapsed().as_secs_f64() / n as f64);
    }
    println!("{:.1} M/s", 1e-6 / best);
}
