"""Writes a library of N documents made from the built-in one: python3 benches/generate.py N DIR

Knowledge documents are repeated with other titles, questions and ids, so that length and structure stay those of
real documents; all other files are copied once.
"""

import re
import shutil
import sys
from pathlib import Path

count, target = int(sys.argv[1]), Path(sys.argv[2])
source = Path(__file__).parent.parent / "content/library"
shutil.rmtree(target, ignore_errors=True)
shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.en.md"))
originals = sorted((source / "knowledge").glob("*/*.md"))
originals = [path for path in originals if not path.name.endswith(".en.md")]
made = len(list(target.rglob("*.md")))
number = 0
while made < count:
    number += 1
    for path in originals:
        if made >= count:
            break
        text = path.read_text("utf-8")
        text = re.sub(r'^title = "(.*)"$', rf'title = "\1（{number}）"', text, count=1, flags=re.M)
        head, tail = text.split("questions = [", 1)
        listed, rest = tail.split("]", 1)
        listed = re.sub(r'"([^"]+)"', rf'"\1第{number}种"', listed)
        folder = target / "knowledge" / path.parent.name
        folder.joinpath(f"{path.stem}-{number}.md").write_text(f"{head}questions = [{listed}]{rest}", "utf-8")
        made += 1
print(made)
