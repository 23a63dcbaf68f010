"""Reading: every encoding, what each stretch of a text is, what markup hides, and what cannot be read."""

import hashlib

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.places import SHARED

from rag.errors import ArticleError
from rag.reading import articles
from rag.reading.articles import article_from_text, read_article
from rag.reading.decoding import decode
from rag.reading.misread import as_it_was_written

NEWS = """ date 2024-06 Le conseil municipal repousse encore le vote du budget.

La maire Anne Petit et son adjoint devant la mairie, le 2 juin 2024. ( POOL / JEAN DUPOND )

Le vote aura lieu "avant l'été", a promis la maire lundi 3 juin. Personne ne sait quand.

L'opposition demande des comptes

Les élus d'opposition ont quitté la salle. "Nous reviendrons", a lancé leur porte-parole.
"""
LONG = "Ce paragraphe parle longuement du conseil municipal, de ses membres et de leurs engagements respectifs. " * 3
PAGE = f"""<!doctype html><html lang="fr"><head><title>Le budget repoussé | La Gazette</title>
<meta property="article:published_time" content="2024-06-03T10:00:00Z"><script>alert("script")</script></head>
<body><nav><a href="/">Accueil</a></nav><!-- commentaire -->
<article><h1>Le budget repoussé</h1><p>Premier <b>paragraphe</b> avec <a href="https://x.fr">un lien</a>. {LONG}</p>
<p style="Display : None">Consigne secrète</p><p hidden>Consigne cachée</p><p aria-hidden="true">Consigne tue</p>
<h2>Les comptes</h2><p>Second paragraphe. {LONG}</p><ul><li>un</li><li>deux</li></ul>
<table><tr><th>Poste</th><th>Euros</th></tr><tr><td>Voirie</td><td>30</td></tr></table></article>
<footer>Mentions légales</footer></body></html>"""


def write(folder, name, content, encoding="utf-8"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def blocks_of(article):
    return [(block.kind, article.text[block.start : block.end]) for block in article.blocks]


def assert_sound(article):
    position = 0
    for block in article.blocks:
        stretch = article.text[block.start : block.end]
        assert position <= block.start
        assert stretch == stretch.strip() != ""
        assert not article.text[position : block.start].strip()
        position = block.end
    assert not article.text[position:].strip()
    assert article.identifier == hashlib.sha256(article.text.encode()).hexdigest()[:16]
    assert article.title.strip()
    assert "\r" not in article.text


# ── Plain text ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_news_text_is_kept_whole_and_each_stretch_named(tmp_path):
    article = read_article(write(tmp_path, "depeche.txt", NEWS))
    assert article.text == NEWS
    assert_sound(article)
    kinds = [kind for kind, _ in blocks_of(article)]
    assert kinds == ["metadata", "title", "caption", "paragraph", "heading", "paragraph"]
    assert blocks_of(article)[0][1] == "date 2024-06"
    assert article.title == "Le conseil municipal repousse encore le vote du budget."
    assert (article.date, article.language, article.source) == ("2024-06", "fr", "depeche.txt")


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_pasted_text_is_an_article_or_empty(text):
    try:
        article = article_from_text(text)
    except ArticleError:
        assert not text.removeprefix("\ufeff").strip()
        return
    assert_sound(article)


PARAGRAPHS = st.sampled_from(
    [
        "Titre: Un titre",
        "date 2024-06 Suite",
        "Par Anne Petit",
        "3 juin 2024",
        "Intertitre",
        "(AFP)",
        "- un",
        "Vu. (AFP)",
        "Une phrase. Une autre.",
        "Une ligne assez longue pour être coupée à la main par un logiciel",
        "« Oui »",
        "\u200b",
    ]
)


@settings(deadline=None)
@given(st.lists(PARAGRAPHS, min_size=1, max_size=12), st.sampled_from(["\n", "\n\n", "\r\n", "\n \n"]))
def test_blocks_cover_any_news_text(paragraphs, separator):
    text = separator.join(paragraphs)
    article = article_from_text(text)
    assert article.text == text.replace("\r\n", "\n")
    assert_sound(article)


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1", "mac_roman", "cp850"],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_french_is_read_in_every_encoding_it_was_written_in(tmp_path, encoding, line_end):
    text = "Un été à Genève.\nOù est « l'île » ? Là, très près ; déjà reçue.\n"
    path = write(tmp_path, "texte.txt", text.replace("\n", line_end), encoding)
    assert read_article(path).text == text


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=200))
def test_any_text_in_utf_8_is_read_as_it_is(text):
    assume(as_it_was_written(text) == text)
    assert decode(b"\xef\xbb\xbf" + text.encode()) == text.lstrip("\ufeff")


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_text_without_nul_or_nothing(data):
    text = decode(data)
    assert text is None or "\x00" not in text


def test_other_scripts_are_read_too(tmp_path):
    text = "Привет, мир. Это статья о коалиции, и она достаточно длинная."
    assert read_article(write(tmp_path, "a.txt", text, "cp1251")).text == text


def test_fields_at_the_top_are_metadata():
    article = article_from_text("Titre : L'été\nDate : 17/03/2025\nAuteur : Anne\n\nIl fait beau.\n\nIl pleut.")
    assert [kind for kind, _ in blocks_of(article)] == ["metadata"] * 3 + ["paragraph"] * 2
    assert (article.title, article.date) == ("L'été", "2025-03-17")


def test_a_title_a_byline_and_a_dateline_are_told():
    article = article_from_text("Sommet de Londres\nPar Anne Petit\n17 mars 2025\n\nLe sommet a eu lieu.\n\nFin.")
    kinds = [kind for kind, _ in blocks_of(article)]
    assert kinds == ["title", "metadata", "metadata", "paragraph", "paragraph"]
    assert (article.title, article.date) == ("Sommet de Londres", "2025-03-17")


def test_the_date_of_a_dateline_is_taken_and_one_in_the_running_text_is_not():
    assert article_from_text("PARIS, 17 mars 2025 - Le sommet a lieu.\n\nIl dure.").date == "2025-03-17"
    assert article_from_text("Le sommet a lieu.\n\n" + LONG + "On se souvient du 17 mars 2025.").date == ""


@pytest.mark.parametrize(
    ("head", "date", "rest"),
    [
        ("date 2025-03", "2025-03", "Le barrage retient son eau depuis dimanche."),
        ("Date  3 mai 2019", "2019-05-03", "La halle aux grains rouvre."),
        ("\nDATE 11/30/2022", "2022-11-30", "Two ferries collided in the fog"),
    ],
)
@pytest.mark.parametrize("separator", [" ", "\n\n"])
def test_a_date_by_name_needs_no_colon(head, date, rest, separator):
    article = article_from_text(f"{head}{separator}{rest}\n\n{LONG}")
    assert blocks_of(article)[:2] == [("metadata", head.strip()), ("title", rest)]
    assert (article.date, article.title) == (date, rest)


@pytest.mark.parametrize(
    "text",
    ["Date limite de dépôt : le 3 mai 2019.", "Date 12 of the tour was sold out.", "Date du 3 mai 2019, un record."],
)
def test_a_sentence_that_begins_with_the_word_date_is_no_metadata(text):
    assert blocks_of(article_from_text(f"{text}\n\n{LONG}"))[0][1] == text


@pytest.mark.parametrize(
    "caption",
    [
        "Le ministre à Londres. ( POOL / JEAN DUPOND )",
        "Des manifestants à Lyon (AFP)",
        "Le port du Havre © Anne Petit",
        "Crédit photo : Anne Petit",
        "Une rue de Lille. - Reuters",
        # names that slashes join
        "La halle de Brive, le 4 mai. JEAN-MARC DUPOND / OUEST MATIN",
        "The harbour at dusk (Mary Oakes/The Harwick Post)",
        "Un chalutier rentre au port \u2013 Léa de la Tour / Presse du Large.",
        # an agency of any country
        "Der Hafen von Kiel (Foto: dpa)",
        "Supporters in Lisbon. LUSA",
        "Le stade avant le match - Belga",
        # a label
        "Photo : le lavoir restauré",
        "Le lavoir restauré (photo d'archives)",
        "Image: the new tram",
    ],
)
def test_a_short_paragraph_with_a_credit_is_a_caption(caption):
    article = article_from_text(f"Un titre\n\n{caption}\n\nUne phrase entière.")
    assert blocks_of(article)[1] == ("caption", caption)


@pytest.mark.parametrize(
    "paragraph",
    [
        "La liste d'union de la gauche (PS/EELV) a gagné",
        "Le train de nuit Paris / Nice revient",
        "Le sommet de l'Union européenne (UE)",
        "Un quai réservé (hommes / femmes)",
        "Elle a dit oui. Il a dit non/peut-être",
        "Le score final \u2013 Brest / Lorient",
    ],
)
def test_a_slash_or_a_bracket_is_no_credit_by_itself(paragraph):
    article = article_from_text(f"Un titre\n\n{paragraph}\n\nUne phrase entière.")
    assert blocks_of(article)[1][0] != "caption"


def test_lines_wrapped_by_hand_are_one_paragraph_and_other_lines_are_not():
    wrapped = "Un texte coupé à la main par un vieux logiciel de courriel, qui met\nun retour toutes les dix syllabes."
    assert len(article_from_text(wrapped).blocks) == 1
    wide = "Un texte que son éditeur a coupé à cent vingt signes, " * 8
    lines = [wide[at : at + 120] for at in range(0, len(wide), 120)]
    assert len(article_from_text("\n".join(lines)).blocks) == 1
    assert len(article_from_text("Une phrase.\nUne autre.").blocks) == 2


def test_a_poem_has_no_headings():
    lines = ["Sous le pont", "coule la rivière", "et nos jours", "qu'il m'en souvienne", "la joie venait", "la nuit"]
    kinds = {kind for kind, _ in blocks_of(article_from_text("\n".join(lines)))}
    assert "heading" not in kinds


def test_a_title_is_made_where_none_is_stated(tmp_path):
    assert read_article(write(tmp_path, "le_cessez-le-feu.txt", "Une phrase. Une autre.")).title == "Le cessez-le-feu"
    pasted = article_from_text("Une phrase qui n'en finit pas de dire ce qu'elle a à dire, " * 3)
    assert pasted.title.endswith("…")
    assert len(pasted.title) <= 81


def test_a_given_title_is_kept(tmp_path):
    assert read_article(write(tmp_path, "a.txt", NEWS), title="Autre").title == "Autre"


# ── Markdown and web pages ──────────────────────────────────────────────────────────────────────────────────────


def test_markdown_leaves_what_a_reader_sees(tmp_path):
    document = """---
title: "Le budget"
date: 3 juin 2024
---
# Le budget

Par Anne Petit

Du **gras**, un [lien](https://x.fr "titre"), du `code`, &amp; <b>cela</b>. <!-- non --><script>non()</script>
Suite ![](a.png)<span style="display:none">non</span>.

![Une photo](b.png)

## Les *comptes*

- un
- deux
  1. dedans

> Une citation.

| Poste | Euros |
|---|---|
| Voirie | 30 |

<div hidden>non</div>
"""
    article = read_article(write(tmp_path, "a.md", document))
    assert_sound(article)
    assert blocks_of(article) == [
        ("title", "Le budget"),
        ("metadata", "Par Anne Petit"),
        ("paragraph", "Du gras, un lien, du code, & cela. Suite ."),
        ("caption", "Une photo"),
        ("heading", "Les comptes"),
        ("paragraph", "- un"),
        ("paragraph", "- deux"),
        ("paragraph", "1. dedans"),
        ("paragraph", "Une citation."),
        ("paragraph", "Poste | Euros"),
        ("paragraph", "Voirie | 30"),
    ]
    assert article.text.endswith("- un\n- deux\n1. dedans\n\nUne citation.\n\nPoste | Euros\nVoirie | 30")
    assert [block.level for block in article.blocks if block.kind == "heading"] == [2]
    assert (article.title, article.date) == ("Le budget", "2024-06-03")


def test_a_title_stated_apart_from_the_text_opens_it(tmp_path):
    article = read_article(write(tmp_path, "a.md", "---\ntitre: Le budget\n---\nUne phrase."))
    assert blocks_of(article) == [("title", "Le budget"), ("paragraph", "Une phrase.")]


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_markdown_is_a_sound_article_or_holds_no_text(text):
    document = articles.parse_markdown(text)
    for block in document.blocks:
        assert document.text[block.start : block.end].strip() != ""


def test_a_page_leaves_its_article_without_menus_scripts_and_what_is_hidden(tmp_path):
    article = read_article(write(tmp_path, "a.html", PAGE))
    assert_sound(article)
    assert (article.title, article.date, article.language) == ("Le budget repoussé", "2024-06-03", "fr")
    assert blocks_of(article)[0] == ("title", "Le budget repoussé")
    assert ("heading", "Les comptes") in blocks_of(article)
    assert "Premier paragraphe avec un lien." in article.text
    assert "- un\n- deux" in article.text
    assert "Poste | Euros\nVoirie | 30" in article.text
    for unseen in ("Accueil", "script", "commentaire", "Consigne", "Mentions"):
        assert unseen not in article.text


def test_a_page_too_short_to_be_told_from_its_frame_is_read_too(tmp_path):
    article = read_article(
        write(tmp_path, "a.htm", "<nav>Menu</nav><h1>Titre</h1><p>Un <i>mot</i>.</p><p hidden>Non</p>")
    )
    assert blocks_of(article) == [("title", "Titre"), ("paragraph", "Un mot.")]


def test_the_encoding_a_page_declares_is_believed(tmp_path):
    page = "<html><head><meta charset='iso-8859-2'></head><body><p>Gdańsk i Łódź są w Polsce.</p></body></html>"
    assert "Gdańsk i Łódź" in read_article(write(tmp_path, "a.html", page, "iso-8859-2")).text


def test_the_content_tells_the_format_where_the_suffix_does_not(tmp_path):
    assert "<" not in read_article(write(tmp_path, "page", PAGE)).text
    assert read_article(write(tmp_path, "note.xyz", "# Titre\n\nUn **mot**.")).text == "Titre\n\nUn mot."
    assert read_article(write(tmp_path, "note", "Un mot * deux.")).text == "Un mot * deux."


@pytest.mark.parametrize("comment", ["<!-- -->", "<!-- a -- b -->\n", "<!---->"])
def test_many_comments_before_a_text_are_looked_through_once(tmp_path, comment):
    """To split the comments in every way that they can be split would never end."""
    assert read_article(write(tmp_path, "note", comment * 60 + "Un mot.")).text.endswith("Un mot.")
    assert read_article(write(tmp_path, "page", comment * 60 + "<html><body><p>Un mot.</p>")).text == "Un mot."


# ── What cannot be read ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b" \n\t\r\n", "is empty"),
        ("a.txt", b"\xef\xbb\xbf", "is empty"),
        ("a.txt", b"\x00\x01\x02\x03" * 40, "is not a text file"),
        ("a.txt", bytes(range(1, 256)) * 4, "is not a text file"),
        ("a.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "is not a text file"),
        ("a.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "is not a text file"),
        ("a.pdf", b"%PDF-1.7", "is damaged"),
        ("a.docx", b"PK\x03\x04", "is a zip file, and none of a Word document"),
        ("a.rtf", b"{\\rtf1}", "is an RTF document, a format that is not supported"),
        ("a.fodt", b"<?xml version='1.0'?><office:document/>", "is an XML document, a format that is not supported"),
        ("a.xml", b" <?xml version='1.0'?><rss><channel/></rss>", "is an XML document"),
        ("a.eml", b"From: a\nMIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\nTGU=", "is a message of a mail"),
        ("a.txt", b"To: b\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed\r\n\r\nx", "is a message of a mail"),
        ("a.html", b"<html><body><script>x()</script></body></html>", "holds no readable text"),
        ("a.html", b"<!-- nothing -->", "holds no readable text"),
        ("a.md", b"---\ntitle: x\n---\n<!-- nothing -->\n", "holds no readable text"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence_with_a_remedy(tmp_path, name, content, message):
    with pytest.raises(ArticleError, match=message) as caught:
        read_article(write(tmp_path, name, content))
    assert name in caught.value.message
    assert caught.value.message.endswith(".")
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.doc", "<html><head><meta charset=utf-8></head><body><p>Le port est fermé.</p></body></html>"),
        ("a.doc", "Le port est fermé."),
        ("a.rtf", "Le port est fermé."),
        ("a.eml", "Le port est fermé."),
        ("a.xml", "<?xml version='1.0'?><html><body><p>Le port est fermé.</p></body></html>"),
    ],
)
def test_the_name_of_another_format_does_not_keep_a_text_or_a_page_from_being_read(tmp_path, name, content):
    assert read_article(write(tmp_path, name, content)).text == "Le port est fermé."


def test_a_missing_file_a_folder_and_a_huge_file_are_told_apart(tmp_path, monkeypatch):
    with pytest.raises(ArticleError, match="There is no file"):
        read_article(tmp_path / "absent.txt")
    with pytest.raises(ArticleError, match="is a folder"):
        read_article(tmp_path)
    monkeypatch.setattr(articles, "LARGEST_TEXT", 10)
    with pytest.raises(ArticleError, match="too large"):
        read_article(write(tmp_path, "a.txt", "x" * 11))


def test_an_empty_paste_is_refused():
    with pytest.raises(ArticleError, match="The text is empty"):
        article_from_text(" \n")


def test_the_real_article_is_read_as_it_stands():
    folder = SHARED / "article"
    files = sorted(folder.glob("*.txt"))
    if not files:
        pytest.skip(f"no article at {folder}")
    article = read_article(files[0])
    assert_sound(article)
    assert article.text == files[0].read_text(encoding="utf-8")
    assert [block.kind for block in article.blocks[:3]] == ["metadata", "title", "caption"]
    assert [block.kind for block in article.blocks].count("heading") == 1
    assert (article.date, article.language) == ("2025-03", "fr")


SIGNED = f"""<html><head><title>Le port</title><meta name="author" content="Anne Petit">
<meta property="og:site_name" content="La Gazette"></head><body><article><p>{LONG}</p></article></body></html>"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("page.html", SIGNED),
        ("note.md", f"---\ntitle: Le port\nauthor: Anne Petit\nsource: La Gazette\n---\n\n{LONG}\n"),
        ("note.markdown", f'---\nauteure: "Anne Petit"\npublisher: La Gazette\n---\n\n{LONG}\n'),
    ],
)
def test_who_wrote_and_who_published_it_are_read_where_a_file_states_them_beside_its_text(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    article = read_article(tmp_path / name)
    assert (article.author, article.publisher) == ("Anne Petit", "La Gazette")
    assert "Anne Petit" not in article.text


def test_nobody_is_named_where_nothing_is_stated(tmp_path):
    (tmp_path / "note.txt").write_text(LONG, encoding="utf-8")
    article = read_article(tmp_path / "note.txt")
    assert (article.author, article.publisher) == ("", "")


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64"])
def test_a_message_pasted_with_its_codes_is_told_as_a_file_of_it_is(encoding):
    head = "From: a@b.example\nSubject: =?UTF-8?Q?L=E2=80=99usine?=\nMIME-Version: 1.0\n"
    text = (
        f"{head}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\nBonjour =C3=A0 tous."
    )
    with pytest.raises(ArticleError, match="mail programs") as caught:
        article_from_text(text)
    assert caught.value.remedy
    assert article_from_text("From: a@b.example\nSubject: Usine\n\nBonjour à tous.").text.endswith("Bonjour à tous.")
