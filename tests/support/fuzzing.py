"""Files and questions that nobody wrote: small sound ones, changed by chance in the ways that break readers."""

from __future__ import annotations

import random
from collections.abc import Iterator

from support.documents import book, lines, open_document, pdf, word_document, word_paragraph

PLAIN = (
    "Le port de Sarlis\n\nLe port a rouvert lundi 3 juin 2024, après 12,5 millions d'euros de travaux. « Enfin », dit "
    "Mme Anne Petit (maire).\n\n- 310 mètres de digue\n- 4 quais\n\nThe harbour opened again on Monday, at 3 p.m."
)
MARKDOWN = (
    "---\ntitle: Le port\nauthor: Anne Petit\n---\n\n# Le port\n\nLe **port** a [rouvert](https://a.fr) lundi.\n\n"
    "| quai | mètres |\n|---|---|\n| nord | 310 |\n\n> Enfin.\n\n<div>Suite &amp; fin</div>\n\n```\ncode\n```\n"
)
HTML = (
    "<!doctype html><html lang='fr'><head><meta charset='utf-8'><title>Le port</title><style>.a{display:none}"
    "@media screen{p>b{color:red}}</style></head><body><nav>Menu</nav><article><h1>Le port</h1><p class=a>Caché</p>"
    "<p>Le port a <time datetime='2024-06-03'>rouvert</time> lundi.</p><ul><li>310 m</li></ul><table><tr><td>quai"
    "</td><td>4</td></tr></table><details><summary>Plus</summary><p>Suite.</p></details></article></body></html>"
)
SEEDS: tuple[tuple[str, bytes], ...] = (
    ("a.txt", PLAIN.encode()),
    ("a.txt", PLAIN.encode("utf-16")),
    ("a.txt", PLAIN.replace("’", "'").encode("cp1252", "replace")),
    ("a.md", MARKDOWN.encode()),
    ("a.html", HTML.encode()),
    ("a.html", HTML.replace("utf-8", "iso-8859-1").encode("latin-1")),
    ("a", HTML.encode()),
    ("a.pdf", pdf([lines(50, 700, ["Le port a rou-", "vert lundi."]), lines(50, 700, ["Suite et fin."])])),
    ("a.docx", word_document(word_paragraph("Le port", style="Titre") + word_paragraph("Il a rouvert lundi."))),
    ("a.odt", open_document("<text:h>Le port</text:h><text:p>Il a rouvert lundi.</text:p>", title="Le port")),
    ("a.epub", book({"a.xhtml": "<h1>Le port</h1><p>Il a rouvert lundi.</p>"}, title="Le port")),
)
MORSELS = (
    b"\x00", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\r", b"\n\n", b"<", b">", b"</p>", b"<p>",
    b"<!--", b"-->", b"&#x110000;", b"&#0;", b"&lt;", b"<![CDATA[", b"<script>", b"<br/>", b"{", b"}", b"@media(",
    b":not(", b"\\", b"*/", b"| ", b"# ", b"---\n", b"[a]: b\n", b"![", b"](", b"**", b"`", b"\xc2\xa0",
    b"\xe2\x80\xae", b"\xe2\x80\x8b", b"\xf0\x9f\x98\x80", b"e\xcc\x81", b"9" * 40, b"1e999", b"XIV",
    b"31/02/0000", "« ".encode(), "…".encode(), "’".encode(), b"<?xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"PK\x03\x04", b"%PDF-", b"xref", b"stream", b"endobj", b"/Kids", b"<w:t>", b"<text:p>", b"-1", b"4294967296",
)  # fmt: skip
WORDS = (
    "combien", "quand", "qui", "pourquoi", "résume", "le", "port", "la digue", "mesure", "rouvert", "lundi",
    "en 3 points", "et", "there", "how many", "who", "what", "translate", "bonjour", "l'auteur", "?", "!", ".",
    ",", "«", "»", "\"", "(", ")", "-", "3", "12,5", "XIV", "2024-02-30", "trois cent", "31/02", "%", "€", "\n",
    "\t", "\x00", "\ud800", "\u202e", "e\u0301", "😀", "漢字", "०", "²", "{", "}", "[1]", "[0]", "<|im_end|>", "--",
    "/help", "../..", "'; DROP TABLE", "NEAR(", "*", "AND", "OR", "\\", "%s", "{0}",
)  # fmt: skip


def documents(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of files, the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(count):
        name, data = chance.choice(SEEDS)
        for _ in range(chance.choice((1, 1, 2, 4, 16))):
            data = _changed(data, chance)
        yield (name if chance.random() < 0.95 else chance.choice(SEEDS)[0]), data


def questions(count: int, seed: int) -> Iterator[str]:
    """Yield questions, the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(count):
        words = chance.choices(WORDS, k=chance.choice((0, 1, 2, 4, 8, 40)))
        words += ["".join(map(chr, chance.choices(range(0x3000), k=3)))] * (chance.random() < 0.2)
        chance.shuffle(words)
        yield chance.choice((" ", " ", " ", "")).join(words)


def _changed(data: bytes, chance: random.Random) -> bytes:
    """Return data with one change."""
    start = chance.randrange(len(data) + 1)
    end = min(len(data), start + chance.choice((1, 1, 2, 8, 64)))
    match chance.randrange(6):
        case 0:
            return data[:start] + bytes(one ^ (1 << chance.randrange(8)) for one in data[start:end]) + data[end:]
        case 1:
            return data[:start] + data[end:]
        case 2:
            return data[:start] + data[start:end] * chance.choice((2, 3, 50)) + data[end:]
        case 3:
            return data[:start]
        case 4:
            return data[:start] + chance.randbytes(chance.choice((1, 4, 16))) + data[end:]
    return data[:start] + chance.choice(MORSELS) * chance.choice((1, 1, 1, 20)) + data[start:]
