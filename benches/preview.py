"""From saving one document to its new page, among N documents: python3 benches/preview.py [N] [SAVES]

Starts the release binary with `serve --watch --unchecked` on a library made by `generate.py`, saves documents one after
the other and asks for the page until the new text is in it (`FENGHUO` names another binary). Also tells when the answers have followed, and what
building all pages takes. Prints Markdown for docs/BENCHMARKS.md. Talks to loopback only.
"""

import http.client
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

root = Path(__file__).parent.parent
binary = Path(os.environ.get("FENGHUO", root / "target/release/fenghuo"))
count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
saves = int(sys.argv[2]) if len(sys.argv) > 2 else 20
work = Path(tempfile.mkdtemp(prefix="fenghuo-preview-"))
library = work / "library"
address = "127.0.0.1:8139"


def page(path):
    """The text of a page over a connection of its own, as a browser that reloads has one open."""
    connection.request("GET", path)
    return connection.getresponse().read().decode()


def followed(lines, seen):
    """Reads the log; notes when pages and answers were there."""
    for line in lines:
        fields = json.loads(line).get("fields", {})
        seen.append((time.perf_counter(), fields.get("message"), fields))


subprocess.run([sys.executable, root / "benches/generate.py", str(count), library], check=True, capture_output=True)
out = work / "out"
start = time.perf_counter()
subprocess.run([binary, "build", "--unchecked", "--library", library, "--out", out], check=True, capture_output=True)
built = time.perf_counter() - start
shutil.rmtree(out)

start = time.perf_counter()
args = ["serve", "--watch", "--unchecked", "--listen", address, "--library", library, "--data", work / "data"]
config = work / "fenghuo.toml"
config.write_text("[search]\nsemantic = false\n")
server = subprocess.Popen([binary, "--config", config, *args], stderr=subprocess.PIPE, text=True)
seen = []
threading.Thread(target=followed, args=(server.stderr, seen), daemon=True).start()
try:
    while not any(message == "listening" for _, message, _ in seen):
        time.sleep(0.01)
    up = time.perf_counter() - start
    # The folder is read once more before changes are taken in.
    time.sleep(8)
    connection = http.client.HTTPConnection(address)
    documents = sorted((library / "knowledge").glob("*/*.md"))
    documents = [path for path in documents if not path.name.endswith(".en.md")]
    shown, answers = [], []
    for number in range(saves):
        path = documents[number * len(documents) // saves]
        words = f"第{number}次保存{time.time_ns()}"
        text = path.read_text("utf-8").rstrip() + f"\n\n{words}。\n"
        at = "/" + path.relative_to(library).as_posix().removesuffix(".md") + "/"
        page(at)
        marked = len(seen)
        start = time.perf_counter()
        path.write_text(text, "utf-8")
        while words not in page(at):
            time.sleep(0.001)
        shown.append((time.perf_counter() - start) * 1000)
        while not any(message == "answers reloaded" for _, message, _ in seen[marked:]):
            time.sleep(0.01)
        answers.append(next(t for t, message, _ in seen[marked:] if message == "answers reloaded") - start)
        time.sleep(float(sys.argv[3]) if len(sys.argv) > 3 else 0.5)
    shown.sort()
    print(f"| documents | build of all pages | start | saves | page: median | page: slowest | answers follow: median |")
    print("|---|---|---|---|---|---|---|")
    print(
        f"| {count:,} | {built:.2f} s | {up:.2f} s | {saves} | {statistics.median(shown):.0f} ms "
        f"| {shown[-1]:.0f} ms | {statistics.median(answers):.2f} s |"
    )
    inside = [fields["micros"] / 1000 for _, message, fields in seen if message == "pages reloaded"]
    print(f"\nInside the server: median {statistics.median(inside):.0f} ms, slowest {max(inside):.0f} ms.")
finally:
    server.terminate()
    server.wait()
    shutil.rmtree(work)
