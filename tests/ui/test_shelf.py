"""What is brought to the page: one bad file among several is said, and the others are there."""

from __future__ import annotations

from support.pages import opened


def test_a_file_that_cannot_be_read_is_said_beside_those_that_were_added(page, door, tmp_path):
    names = {"vide.txt": " ", "port.txt": "Le port rouvrira le 14 juin.", "rien.txt": ""}
    for name, text in names.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    told = list(page.shelf.add_files(opened(page), [tmp_path / name for name in names]))[-1]
    assert [word in told for word in ("vide.txt holds no text", "rien.txt holds no text", "Ajouté")] == [True] * 3
    assert "port.txt" in {article.source for article in door.kept.values()}
