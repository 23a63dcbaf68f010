"""Which lines of a plain text are its title, its date and its metadata, and which only look so."""

from __future__ import annotations

import pytest

from rag.reading import article_from_text, read_article
from rag.reading.web_page import parse_html

REST = (
    "Le conseil d'agglomération votera le budget. Les élus de l'opposition demandent un report.\n\nRien n'est acquis."
)


def kinds_of(text):
    return [block.kind for block in article_from_text(text).blocks]


@pytest.mark.parametrize(
    "first",
    [
        "Le conseil se réunira le 14 octobre 2025 en mairie.",
        "Du 3 au 7 mars 2026, le pont sera fermé aux camions.",
        "The fair opens on 9 May 2024 at the old depot.",
        "Réunion publique le 3 mai 2026",
        "Le 3 mai 2026, le bac a sombré.",
    ],
)
def test_the_date_of_an_event_is_not_that_of_the_text(first):
    assert article_from_text(f"Le pont de Lormes\n\n{first}\n\n{REST}").date == ""


@pytest.mark.parametrize(
    ("first", "date"),
    [
        ("PARIS, 17 mars 2025 - Le sommet a lieu.", "2025-03-17"),
        ("Lormes (AFP), le 3 mai 2026 \u2013 Le bac a sombré.", "2026-05-03"),
        ("HALDEN, 9 May 2024: the fair is off.", "2024-05-09"),
        ("Publié le 14 octobre 2025 à 8 h 10", "2025-10-14"),
        ("Par Anne Petit, 14 octobre 2025", "2025-10-14"),
        ("Lormes, le 3 mai 2026", "2026-05-03"),
        ("mardi 3 mars 2026 | 18:04", "2026-03-03"),
    ],
)
def test_a_dateline_and_a_byline_date_the_text(first, date):
    assert article_from_text(f"Le pont de Lormes\n\n{first}\n\n{REST}").date == date


@pytest.mark.parametrize(
    ("body", "date"),
    [
        ("<p>Rendez-vous le <time datetime='2025-10-14'>14 octobre</time> en mairie de Lormes.</p>", ""),
        ("<aside><a href='/x'>Le stade rouvre <time datetime='2024-03-05'>5 mars</time></a></aside>", ""),
        ("<div><a href='/x'><b>Le stade rouvre</b> <time datetime='2024-03-05'>5/3</time></a></div>", ""),
        ("<p>Publié le <a href='/le-pont'><time datetime='2024-03-05'>mardi</time></a></p>", "2024-03-05"),
        ("<p class='date'>Publié le <time datetime='2025-10-14'>14 octobre</time></p>", "2025-10-14"),
        ("<p><time itemprop='datePublished' datetime='2025-10-14'>Mardi</time>, il pleut.</p>", "2025-10-14"),
    ],
)
def test_a_time_within_a_sentence_of_a_page_does_not_date_it(body, date):
    text = "".join(f"<p>{line}</p>" for line in REST.split("\n\n"))
    assert parse_html(f"<html><body><article><h1>Le pont</h1>{body}{text}</article></body></html>").date == date


@pytest.mark.parametrize(
    "lines",
    [
        ["[00:00:03] ANIMATRICE : Le bac est-il sûr ?", "[00:00:09] ROUX : Non.", "[00:00:14] ANIMATRICE : Et après ?"],
        ["Jeanne : Tu pars ?", "Paul : Demain.", "Jeanne : Et le chien ?", "Paul : Il vient."],
        ["1", "00:00:03,000 --> 00:00:06,000", "Le bac a coulé mardi.", "2", "00:00:07,000 --> 00:00:09,000", "Hélas."],
    ],
)
def test_the_first_line_of_a_dialogue_or_of_subtitles_is_no_title(lines):
    kinds = kinds_of("\n".join(lines))
    assert "title" not in kinds
    assert "heading" not in kinds


@pytest.mark.parametrize(
    ("head", "title", "date"),
    [
        (
            "De : ana@exemple.fr\nÀ : luc@exemple.fr\nObjet : Le bac\nDate : mar. 3 mars 2026 18:04",
            "Le bac",
            "2026-03-03",
        ),
        ("From: ana@example.org\nSent: Monday\nTo: Luke\nSubject: The ferry", "The ferry", ""),
        ("Objet : Le bac\nEnvoyé le : 3 mars 2026", "Le bac", ""),
    ],
)
def test_the_head_of_a_message_is_metadata(head, title, date):
    article = article_from_text(f"{head}\n\nLuc,\n\n{REST}")
    assert [block.kind for block in article.blocks][: head.count("\n") + 1] == ["metadata"] * (head.count("\n") + 1)
    assert (article.title, article.date) == (title, date)


@pytest.mark.parametrize("first", ["De nombreux marins sont venus", "To whom it may concern", "À bord, trois marins"])
def test_a_line_that_begins_with_the_word_of_a_field_is_none(first):
    assert kinds_of(f"{first}\n\n{REST}")[0] == "title"


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c"])
def test_every_sign_that_ends_a_line_ends_one(tmp_path, end):
    text = f"Le bac{end}{end}Il a coulé mardi.{end}Il sera remplacé."
    (tmp_path / "bac.txt").write_text(text, encoding="utf-8")
    for article in (article_from_text(text), read_article(tmp_path / "bac.txt")):
        assert article.text == text.replace(end, "\n")
        assert [block.kind for block in article.blocks] == ["title", "paragraph", "paragraph"]


@pytest.mark.parametrize("words", ["Le bac ne partira plus ", "Nobody knows why ", "Sans fin ni point, "])
def test_a_pasted_text_without_a_title_line_is_called_by_its_first_words(words):
    article = article_from_text(words * 90)
    assert article.title.removesuffix("…") in article.text
    assert len(article.title) <= 81


@pytest.mark.parametrize("indent", ["  ", "\t", "\u2003"])
def test_paragraphs_that_only_an_indent_tells_are_apart(indent):
    lines = ["Le bac a coulé mardi devant le port, et son capitaine, qui", "dormait alors, sera jugé."]
    text = "Le bac\n\n" + "\n".join([f"{indent}{lines[0]}\n{lines[1]}"] * 3)
    assert kinds_of(text) == ["title", "paragraph", "paragraph", "paragraph"]


@pytest.mark.parametrize(
    "lines",
    [
        [
            "Le maire a annoncé mardi que le",
            "pont serait fermé pendant six",
            "mois, pour des travaux devenus",
            "utiles.",
        ],
        [
            "The ferry sank on Tuesday, in",
            "full daylight, and its captain",
            "has not been seen since then by",
            "anyone here.",
        ],
        [
            "Nobody knows why the bridge of",
            "Lans was closed for six months",
            "while another road was open at",
            "all times.",
        ],
    ],
)
def test_lines_of_a_narrow_column_are_one_paragraph(lines):
    assert kinds_of("\n".join(lines)) == ["paragraph"]


@pytest.mark.parametrize(
    "text",
    [
        "Le vent se lève sur la plaine,\nEt rien ne bouge\nQue la porte du moulin désert\nOù je t'attends",
        "Lans, le port\nBrest, la rade et ses bateaux\nPessac\nDole, son canal",
        "Roses are red as the setting sun,\nViolets are blue,\nSugar is sweet, and so are you,\nMy dear",
    ],
)
def test_lines_that_end_where_their_writer_wanted_stay_apart(text):
    assert len(kinds_of(text)) == len(text.split("\n"))


@pytest.mark.parametrize("row", ["> Quand part le bac", "Lans\t4 800", "Brest\t140 000\t12 %"])
def test_what_is_quoted_in_a_message_and_rows_of_a_table_are_no_headings(row):
    text = f"Un texte.\n\n{row}\n\nUn autre texte, plus long.\n\nUn troisième.\n\nLe quatrième."
    assert set(kinds_of(text)) == {"paragraph"}


@pytest.mark.parametrize("line", ["Mandat – 1er mai 2010 – 16 mai 2012", "PARIS, 3 May 2010 - 4 June 2012"])
def test_what_lasted_from_one_date_to_another_does_not_date_the_text(line):
    assert article_from_text(f"Le pont\n\n{line}\n\nLe pont a rouvert, et les cars y passent à nouveau.").date == ""
