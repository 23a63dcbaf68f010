"""Of a web archive, the page that it holds is read, whatever its file is called."""

from __future__ import annotations

import pytest
from support.documents import web_archive

from rag.errors import ArticleError
from rag.reading import read_article

PAGE = (
    "<html><head>{}<title>Le bac</title></head><body><h1>Le bac</h1><p>L’été, il part à l’aube de {} près d’ici.</p>"
    "</body></html>"
)
FRAME = "Content-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo="


@pytest.mark.parametrize("name", ["bac.mhtml", "bac.MHT", "bac.html", "bac"])
@pytest.mark.parametrize(
    ("content", "how"),
    [
        (PAGE.format("", "Vérélie").encode(), {}),
        (PAGE.format("", "Vérélie").encode(), {"encoding": "base64", "first": FRAME}),
        (PAGE.format("", "Vérélie").encode("cp1252"), {"charset": "windows-1252"}),
        (PAGE.format("<meta charset=windows-1252>", "Vérélie").encode("cp1252"), {"charset": ""}),
        (PAGE.format("", "Vérélie").encode(), {"charset": "visual"}),
    ],
)
def test_the_page_of_a_web_archive_is_read(tmp_path, name, content, how):
    (tmp_path / name).write_bytes(web_archive(content, **how))
    article = read_article(tmp_path / name)
    assert (article.title, article.text) == ("Le bac", "Le bac\n\nL’été, il part à l’aube de Vérélie près d’ici.")


@pytest.mark.parametrize(
    "data",
    [
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/css\n\na{}\n--x--",
        web_archive(b"")[:100],
        b"Le bac part.",
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=0\n\n"
        + b"".join(b"--%d\nContent-Type: multipart/related; boundary=%d\n\n" % (n, n + 1) for n in range(3_000)),
    ],
)
def test_an_archive_without_a_page_is_one_sentence(tmp_path, data):
    (tmp_path / "bac.mhtml").write_bytes(data)
    with pytest.raises(ArticleError, match=r"bac\.mhtml is damaged, or no \.mhtml file in spite of its name") as caught:
        read_article(tmp_path / "bac.mhtml")
    assert caught.value.remedy


@pytest.mark.parametrize(
    "text", ["Content-Type: un en-tête.\n", "Multipart/related : un genre.\n", "Mime-Version: 1\n\nVoir."]
)
def test_a_text_that_speaks_of_one_stays_a_text(tmp_path, text):
    (tmp_path / "note.txt").write_text(text, encoding="utf-8")
    assert read_article(tmp_path / "note.txt").text.strip() == text.strip()
