"""Count in how many paragraphs each stem occurs: writes ``rag/language/data/frequencies.tsv.xz``.

    python -m benchmarks.train_frequencies ../shared/data/train

An article of ten paragraphs cannot tell which of its own words are rare in the language; running text can. One line a
stem: language, stem, share of the paragraphs that hold it. Stems seen in fewer than four paragraphs are left out, and
count as rarer than any in the table.
"""

from __future__ import annotations

import lzma
import sys
from collections import Counter
from pathlib import Path

from rag.language import content_stems
from rag.language.frequencies import TABLE

LEAST_SEEN = 4


def main() -> None:
    """Count both languages and write the table."""
    folder = Path(sys.argv[1])
    with lzma.open(TABLE, "wt", encoding="utf-8", preset=9) as out:
        for language in ("en", "fr"):
            seen: Counter[str] = Counter()
            with lzma.open(folder / f"text_{language}.txt.xz", "rt", encoding="utf-8") as lines:
                paragraphs = 0
                for line in lines:
                    paragraphs += 1
                    seen.update({stem for stem in content_stems(line, language) if stem.isalpha()})
            kept = sorted((stem, count) for stem, count in seen.items() if count >= LEAST_SEEN)
            for stem, count in kept:
                out.write(f"{language}\t{stem}\t{count / paragraphs:.2e}\n")
            print(f"{language}: {paragraphs} paragraphs, {len(seen)} stems, {len(kept)} kept")


if __name__ == "__main__":
    main()
