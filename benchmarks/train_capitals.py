"""Count how often each stem has a capital inside sentences: writes ``rag/language/data/capitals.tsv.xz``.

    python -m benchmarks.train_capitals ../shared/data/train

A word at the head of a sentence has a capital whether it is a name or not; running text tells which it is. One line a
stem: language, stem, in how many of a hundred places inside sentences it has a capital. Stems seen in fewer than four
such places are left out.
"""

from __future__ import annotations

import lzma
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from rag.language import words
from rag.language.capitals import TABLE

LEAST_SEEN = 4
_INSIDE = re.compile(r"[a-zà-ÿ,] (?:[ld]['’])?$")
"""What stands before a word inside a sentence: so its capital, if it has one, is its own."""


def count(lines: Iterable[str], language: str) -> tuple[Counter[str], Counter[str]]:
    """Return by stem the number of its places inside sentences, and of those with a capital."""
    inside, capital = Counter[str](), Counter[str]()
    for line in lines:
        for word in words(line, language):
            if word.stem.isalpha() and _INSIDE.search(line, max(word.start - 4, 0), word.start):
                inside[word.stem] += 1
                capital[word.stem] += word.text[0].isupper()
    return inside, capital


def main() -> None:
    """Count both languages and write the table."""
    folder, rows = Path(sys.argv[1]), []
    for language in ("en", "fr"):
        with lzma.open(folder / f"text_{language}.txt.xz", "rt", encoding="utf-8") as lines:
            inside, capital = count(lines, language)
        kept = sorted(stem for stem, places in inside.items() if places >= LEAST_SEEN)
        rows += [f"{language}\t{stem}\t{round(100 * capital[stem] / inside[stem])}\n" for stem in kept]
        print(f"{language}: {len(inside)} stems, {len(kept)} kept", flush=True)
    TABLE.write_bytes(lzma.compress("".join(rows).encode(), preset=9))


if __name__ == "__main__":
    main()
