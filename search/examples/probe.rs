//! Scratch.
use std::io::{BufRead, Write};
use std::sync::Arc;
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args[0] == "retrieval" {
        let docs = std::fs::read_to_string(&args[1]).unwrap();
        let queries = std::fs::read_to_string(&args[2]).unwrap();
        let t = std::time::Instant::now();
        let s = fenghuo_search::eval::retrieval(&docs, &queries).unwrap();
        writeln!(std::io::stdout(), "{s:?} {:?}", t.elapsed()).unwrap();
        return;
    }
    let dir = std::env::var("LIB").unwrap_or("content/library".into());
    let files = fenghuo_content::Files::read(std::path::Path::new(&dir)).unwrap();
    let (library, faults) = fenghuo_content::Library::load(&files);
    let mut out = std::io::stdout();
    for f in faults.iter().filter(|f| f.is_error()).take(10) { writeln!(out, "{f}").unwrap(); }
    writeln!(out, "{} documents", library.documents().len()).unwrap();
    let t = std::time::Instant::now();
    let engine = fenghuo_search::Engine::in_memory(Arc::new(library)).unwrap();
    writeln!(out, "engine {:?}", t.elapsed()).unwrap();
    match args[0].as_str() {
        "ask" => for line in std::io::stdin().lock().lines() {
            let line = line.unwrap();
            let a = engine.ask(&line);
            writeln!(out, "== {line}\n[{}] {:?} {}us\n{}\n", a.kind.key(), a.danger, a.took_us, a.text).unwrap();
        },
        "kinds" => for line in std::io::stdin().lock().lines() {
            let line = line.unwrap();
            let a = engine.ask(&line);
            writeln!(out, "{}\t{}\t{}\t{}", a.kind.key(), a.danger.unwrap_or_default(), a.hits.first().map(|h| h.doc.clone()).unwrap_or_default(), line).unwrap();
        },
        "explain" => for line in std::io::stdin().lock().lines() {
            writeln!(out, "{}\n", engine.explain(&line.unwrap())).unwrap();
        },
        "json" => for line in std::io::stdin().lock().lines() {
            let line = line.unwrap();
            let e = engine.explain(&line);
            writeln!(out, "{}", serde_json::to_string(&(line, e)).unwrap()).unwrap();
        },
        "golden" => {
            let lines = std::fs::read_to_string(&args[1]).unwrap();
            let r = fenghuo_search::eval::golden(&engine, &lines).unwrap();
            for f in &r.failures { writeln!(out, "FAIL {} {} — {}\n    {}\n", f.id, f.q, f.reason.chars().take(150).collect::<String>(), f.text.replace('\n', "\n    ")).unwrap(); }
            writeln!(out, "all {:?} {:?}", r.all, r.by_expect).unwrap();
        }
        _ => {}
    }
}
