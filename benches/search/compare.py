"""Our retrieval beside its peers, in one run: python3 benches/search/compare.py [--sets DIR] [--scale]

Quality (recall@1/5/10, MRR@10) and latency of one query on one core, on the same passages and questions:
`fenghuo eval --docs --queries` against bm25s + jieba, SQLite FTS5 trigram, tantivy with jieba only and Pagefind.
The sets are those below `--sets` (`NAME_docs.jsonl`, `NAME_queries.jsonl`) and our own library with its golden questions.
`--scale` adds queries per second, memory and index time at 1,000, 10,000 and 100,000 passages.
A peer that is not installed is skipped with a message. Needs target/release/fenghuo; talks to nobody.
"""

import argparse
import json
import logging
import re
import resource
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

root = Path(__file__).parent.parent.parent
binary = root / "target/release/fenghuo"
work = Path(tempfile.mkdtemp(prefix="fenghuo-compare-"))


def lines(path):
    return [json.loads(line) for line in Path(path).read_text("utf-8").splitlines() if line.strip()]


def words(text):
    """jieba's search mode without guessing, as we cut ourselves."""
    import jieba

    return [word for word in jieba.cut_for_search(text.lower(), HMM=False) if re.search(r"\w", word)]


def bm25s_jieba(docs):
    import bm25s

    vocabulary = {}
    ids = lambda text: [vocabulary.setdefault(word, len(vocabulary)) for word in words(text)]
    corpus = [ids(doc["text"]) for doc in docs]
    ranker = bm25s.BM25()
    ranker.index(bm25s.tokenization.Tokenized(ids=corpus, vocab=vocabulary), show_progress=False)
    known = len(vocabulary)

    def ask(question, limit):
        asked = [i for i in ids(question) if i < known]
        scores = ranker.get_scores_from_ids(asked) if asked else []
        return sorted(range(len(scores)), key=lambda place: -scores[place])[:limit]

    return ask


def sqlite_trigram(docs):
    import sqlite3

    base = sqlite3.connect(":memory:")
    base.execute("create virtual table passage using fts5(text, tokenize='trigram')")
    base.executemany("insert into passage(rowid, text) values (?, ?)", [(at + 1, doc["text"]) for at, doc in enumerate(docs)])

    def ask(question, limit):
        plain = re.sub(r"[^\w]", "", question)
        grams = {plain[at : at + 3] for at in range(len(plain) - 2)}
        if not grams:
            return []
        match = " OR ".join(f'"{gram}"' for gram in sorted(grams))
        rows = base.execute("select rowid - 1 from passage where passage match ? order by rank limit ?", (match, limit))
        return [row[0] for row in rows]

    return ask


def tantivy_jieba(docs):
    import tantivy

    schema = tantivy.SchemaBuilder().add_text_field("text", tokenizer_name="whitespace").add_integer_field("place", stored=True).build()
    index = tantivy.Index(schema)
    writer = index.writer(heap_size=128_000_000, num_threads=1)
    for place, doc in enumerate(docs):
        writer.add_document(tantivy.Document(text=" ".join(words(doc["text"])), place=place))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def ask(question, limit):
        terms = [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "text", word)) for word in sorted(set(words(question)))]
        found = searcher.search(tantivy.Query.boolean_query(terms), limit) if terms else None
        return [searcher.doc(address)["place"][0] for _, address in found.hits] if found else []

    return ask


PEERS = {"bm25s + jieba": bm25s_jieba, "SQLite FTS5 trigram": sqlite_trigram, "tantivy, jieba only": tantivy_jieba}


def ranks_to_row(ranks):
    total = len(ranks)
    within = lambda limit: sum(rank is not None and rank < limit for rank in ranks) / total
    mrr = sum(1 / (rank + 1) for rank in ranks if rank is not None) / total
    return f"{within(1):.3f} | {within(5):.3f} | {within(10):.3f} | {mrr:.3f}"


def percentiles(seconds):
    ordered = sorted(seconds)
    at = lambda share: ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000
    return f"{at(0.5):.2f} | {at(0.99):.2f}"


def measure(name, make, docs, queries):
    try:
        begin = time.perf_counter()
        ask = make(docs)
    except ImportError as error:
        print(f"| {name} | skipped: {error.name} is not installed | | | | | | |")
        return
    built = time.perf_counter() - begin
    places = {json.dumps(doc["id"]): place for place, doc in enumerate(docs)}
    ranks, took = [], []
    for query in queries:
        begin = time.perf_counter()
        found = ask(query["question"], 10)
        took.append(time.perf_counter() - begin)
        wanted = places[json.dumps(query["doc_id"])]
        ranks.append(found.index(wanted) if wanted in found else None)
    print(f"| {name} | {ranks_to_row(ranks)} | {percentiles(took)} | {built:.2f} |")


def pagefind(docs, queries):
    """Recall of Pagefind by its Node API and Chromium; slow, so on the first 200 questions."""
    helper = Path(__file__).with_name("pagefind.mjs")
    given = work / "pagefind.json"
    given.write_text(json.dumps({"docs": docs, "queries": queries[:200]}), "utf-8")
    result = subprocess.run(["node", helper, given], capture_output=True, text=True)
    if result.returncode:
        print(f"| Pagefind | skipped: {result.stderr.strip().splitlines()[-1][:90]} | | | | | | |")
        return
    said = json.loads(result.stdout)
    print(f"| Pagefind (first {len(said['ranks'])} questions) | {ranks_to_row(said['ranks'])} | {percentiles(said['seconds'])} | {said['built']:.2f} |")


def ours(docs, queries):
    paths = [work / "docs.jsonl", work / "queries.jsonl"]
    for path, rows in zip(paths, (docs, queries)):
        path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    begin = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    said = json.loads(subprocess.run([binary, "eval", "--docs", paths[0], "--queries", paths[1]], capture_output=True, text=True, check=True).stdout)
    said["rss_mb"] = max(begin, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024
    return said


def our_row(said):
    quality = " | ".join(f"{said[key]:.3f}" for key in ("recall_at_1", "recall_at_5", "recall_at_10", "mrr_at_10"))
    return f"| fenghuo | {quality} | {said['p50_us'] / 1000:.2f} | {said['p99_us'] / 1000:.2f} | {said['build_ms'] / 1000:.2f} |"


def compare(title, docs, queries):
    print(f"\n### {title}: {len(docs):,} passages, {len(queries):,} questions\n")
    print("| | recall@1 | recall@5 | recall@10 | MRR@10 | median ms | p99 ms | index s |\n|---|---|---|---|---|---|---|---|")
    print(our_row(ours(docs, queries)))
    for name, make in PEERS.items():
        measure(name, make, docs, queries)
    pagefind(docs, queries)


def library():
    """Our documents as plain texts with all they say, and the golden questions that name their document."""
    docs = []
    for path in sorted((root / "content/library").rglob("*.md")):
        if path.name.endswith(".en.md") or path.parent.name == "pages":
            continue
        _, front, body = path.read_text("utf-8").split("+++", 2)
        front = tomllib.loads(front)
        said = [front["title"], front["summary"], *front.get("questions", []), front.get("answer", ""), body]
        docs.append({"id": str(path.relative_to(root / "content/library"))[:-3], "text": "\n".join(said)})
    known = {doc["id"] for doc in docs}
    golden = [line for path in sorted((root / "tests/golden").glob("*.jsonl")) for line in lines(path)]
    return docs, [{"question": line["q"], "doc_id": line["doc"]} for line in golden if line.get("doc") in known]


def scale(pool, queries):
    """Passages of two neighbouring sentences, drawn from the pool until there are enough; later rounds pair other sentences."""
    sentences = [s for doc in pool for s in re.split(r"(?<=[。！？])", doc["text"]) if len(s) > 12]
    print("\n### Growth\n\n| passages | queries/s, one core | p99 ms | index s | peak MB |\n|---|---|---|---|---|")
    for count in (1_000, 10_000, 100_000):
        docs = []
        step = 1
        while len(docs) < count:
            docs += [{"id": len(docs) + at, "text": a + b} for at, (a, b) in enumerate(zip(sentences, sentences[step:]))]
            step += 1
        asked = [{"question": query["question"], "doc_id": 0} for query in queries[:1000]]
        said = ours(docs[:count], asked)
        print(f"| {count:,} | {said['queries_per_second']:,.0f} | {said['p99_us'] / 1000:.2f} | {said['build_ms'] / 1000:.2f} | {said['rss_mb']:.0f} |", flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--sets", type=Path, default=root / "../shared/retrieval")
    options.add_argument("--scale", action="store_true")
    given = options.parse_args()
    if not binary.exists():
        sys.exit("target/release/fenghuo is missing: run `cargo build --release` first")
    logging.getLogger("jieba").setLevel(logging.ERROR)
    compare("Our library and golden questions", *library())
    found = sorted(given.sets.glob("*_docs.jsonl")) if given.sets.is_dir() else []
    if not found:
        print(f"\nno public sets below {given.sets}: skipped")
    for path in found:
        name = path.name.removesuffix("_docs.jsonl")
        compare(name, lines(path), lines(path.with_name(f"{name}_queries.jsonl")))
    if given.scale:
        docs, asked = library()
        for path in found:
            docs += lines(path)
        scale(docs, asked)


main()
