"""Measures the release binary: python3 benches/bench.py [RUNS]

Load and build of 1,000 and 10,000 documents (documents/s, peak memory, output size) beside a bare copy of the output;
one question through the whole pipeline (median, p99) on the built-in library and on 10,000 documents; start-up to
first answer. Prints Markdown for docs/BENCHMARKS.md. Talks to loopback only.
"""

import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

root = Path(__file__).parent.parent
binary = root / "target/release/fenghuo"
runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
work = Path(tempfile.mkdtemp(prefix="fenghuo-bench-"))


def timed(*args):
    """Seconds and peak MB of a command."""
    start = time.perf_counter()
    result = subprocess.run(["/usr/bin/time", "-v", *map(str, args)], capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - start
    peak = int(re.search(r"Maximum resident set size \(kbytes\): (\d+)", result.stderr)[1]) / 1024
    return seconds, peak


def build(count):
    library, out, copy = work / f"library-{count}", work / "out", work / "copy"
    subprocess.run([sys.executable, root / "benches/generate.py", str(count), library], check=True, capture_output=True)
    build_times, peaks, copies = [], [], []
    for _ in range(runs):
        shutil.rmtree(out, ignore_errors=True)
        seconds, peak = timed(binary, "build", "--unchecked", "--library", library, "--out", out)
        build_times.append(seconds)
        peaks.append(peak)
        shutil.rmtree(copy, ignore_errors=True)
        start = time.perf_counter()
        subprocess.run(["cp", "-r", out, copy], check=True)
        copies.append(time.perf_counter() - start)
    files = [path for path in out.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e6
    seconds = statistics.median(build_times)
    print(f"| {count:,} | {seconds:.2f} s | {count / seconds:,.0f}/s | {max(peaks):.0f} MB | {size:.0f} MB in {len(files):,} files | {statistics.median(copies):.2f} s |")
    return library


def questions():
    lines = []
    for path in sorted((root / "tests/golden").glob("*.jsonl")):
        lines += [json.loads(line)["q"] for line in path.read_text("utf-8").splitlines() if line.strip()]
    return lines


def ask(name, library):
    batch = work / "batch.jsonl"
    asked = questions()
    batch.write_text("\n".join(json.dumps({"id": i, "q": q}) for i, q in enumerate(asked)), "utf-8")
    args = [binary, "ask", "--batch", batch] + (["--library", library] if library else [])
    output = subprocess.run(args, capture_output=True, text=True, check=True).stdout
    took = sorted(json.loads(line)["took_us"] for line in output.splitlines())
    at = lambda share: took[min(len(took) - 1, int(share * len(took)))] / 1000
    print(f"| {name} | {len(took)} | {at(0.5):.2f} ms | {at(0.99):.2f} ms | {took[-1] / 1000:.2f} ms |")


def first_answer(fresh):
    data = work / "data"
    if fresh:
        shutil.rmtree(data, ignore_errors=True)
    start = time.perf_counter()
    server = subprocess.Popen([binary, "serve", "--listen", "127.0.0.1:8129", "--data", data], stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                urllib.request.urlopen("http://127.0.0.1:8129/api/v1/ask?q=119", timeout=5).read()
                return time.perf_counter() - start
            except OSError:
                time.sleep(0.002)
    finally:
        server.terminate()
        server.wait()


print("| documents | build | rate | peak memory | output | bare copy |\n|---|---|---|---|---|---|")
build(1_000)
large = build(10_000)
print("\n| library | questions | median | p99 | slowest |\n|---|---|---|---|---|")
ask("built-in", None)
ask("10,000 documents", large)
fresh = statistics.median(first_answer(True) for _ in range(runs))
again = statistics.median(first_answer(False) for _ in range(runs))
print(f"\nStart to first answer: {fresh:.2f} s with an empty data folder, {again:.2f} s with the index there.")
shutil.rmtree(work)
