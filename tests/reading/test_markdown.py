"""Markdown as a reader sees it: HTML among it, what looks like front matter or like a link and is none, struck text."""

import pytest

from rag.reading.markdown import parse_markdown


def blocks_of(text):
    document = parse_markdown(text)
    return [document.text[block.start : block.end] for block in document.blocks]


@pytest.mark.parametrize(
    ("html", "words"),
    [
        (
            "<p>Le phare fut allumé en <em>1871</em> par Anne Le Goff.</p>",
            ["Le phare fut allumé en 1871 par Anne Le Goff."],
        ),
        ("<div class='note'>\nFerry times change <b>on Sunday</b>.\n</div>", ["Ferry times change on Sunday."]),
        (
            "<table><tr><th>Col</th><td>1 912 m</td></tr><tr><th>Lac</th><td>1 640 m</td></tr></table>",
            ["Col | 1 912 m", "Lac | 1 640 m"],
        ),
        ("<details><summary>Et le prix ?</summary>\n\nHuit euros.\n\n</details>", ["Et le prix ?", "Huit euros."]),
    ],
)
def test_html_among_markdown_is_read(html, words):
    assert blocks_of(f"# Titre\n\n{html}\n\nFin du texte.") == ["Titre", *words, "Fin du texte."]


@pytest.mark.parametrize("mark", ["<br>", "<br/>", "<br />", "\\\n", "  \n"])
def test_a_line_break_parts_words(mark):
    assert blocks_of(f"Rue des Saules{mark}14000 Caen") == ["Rue des Saules\n14000 Caen"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Départ à ~~8 h~~ 9 h.", "Départ à 9 h."),
        ("The fee is <del>$12</del> <ins>$15</ins>.", "The fee is $15."),
        ("Élu : <s>Paul Roy</s> Line Roy, <strike>dimanche</strike> lundi.", "Élu : Line Roy, lundi."),
    ],
)
def test_struck_text_is_left_out(text, words):
    assert blocks_of(text) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nLe bac est en panne.\n\n---\n\nUn car le remplace.",
        "---\nUn mot : le bac est en panne.\n\nOui.\n\n---\nUn car le remplace.",
        "***\n\nLe bac est en panne.\n\n+++\n\nUn car le remplace.",
    ],
)
def test_a_rule_on_the_first_line_opens_no_front_matter(text):
    words = " ".join(blocks_of(text))
    assert "Le bac est en panne." in words or "le bac est en panne." in words
    assert "Un car le remplace." in words


@pytest.mark.parametrize(
    ("head", "title", "date"),
    [
        (
            "---\ntitle: >-\n  Le bac\n  du Dourduff\ndate: 2023-04-02\ntags:\n  - mer\n---",
            "Le bac du Dourduff",
            "2023-04-02",
        ),
        (
            "---\ntitle: 'L''an neuf : le bac'\npublished: 2 avril 2023\n# brouillon\n---",
            "L'an neuf : le bac",
            "2023-04-02",
        ),
        (
            '+++\ntitle = "Le \\"bac\\""\ndate = 2023-04-02T08:00:00Z\n[extra]\nlong = true\n+++',
            'Le "bac"',
            "2023-04-02",
        ),
        ('---\ntitre: "Le bac"\nauteur: Anne\n...', "Le bac", ""),
        ("% Le bac\n% Anne Petit; Paul Roy\n% 2 avril 2023", "Le bac", "2023-04-02"),
        ("% Le bac", "Le bac", ""),
    ],
)
def test_front_matter_is_read_however_it_is_written(head, title, date):
    document = parse_markdown(f"{head}\n\nLe bac est en panne.\n")
    assert (document.title, document.date) == (title, date)
    assert document.text == f"{title}\n\nLe bac est en panne."


@pytest.mark.parametrize(
    ("stated", "author"),
    [
        ('author:\n  - "[[Anne Petit]]"\n  - Paul Roy', "Anne Petit; Paul Roy"),
        ("author:\n- Anne Petit\n- 'Paul Roy'", "Anne Petit; Paul Roy"),
        ('author: [Anne Petit, "Paul Roy"]', "Anne Petit; Paul Roy"),
        ('author: "[[personnes/Anne|Anne Petit]]"', "Anne Petit"),
        ("author: Anne Petit", "Anne Petit"),
    ],
)
@pytest.mark.parametrize(
    ("source", "publisher"),
    [("https://www.courrier.fr/bac?a=1", "courrier.fr"), ("Le Courrier", "Le Courrier"), ("http://a.fr:80/", "a.fr")],
)
def test_what_a_clipper_states_is_read_as_names(stated, author, source, publisher):
    document = parse_markdown(f"---\n{stated}\nsource: {source}\n---\n\nLe bac est en panne.\n")
    assert (document.author, document.publisher) == (author, publisher)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Il vit à Caen^[Selon lui.] depuis 2021.", ["Il vit à Caen (Selon lui.) depuis 2021."]),
        ("It holds^[See [the *map*](m.md).].", ["It holds (See the map.)."]),
        ("Soit x^[2 et `^[a]` ou 10^6.", ["Soit x^[2 et ^[a] ou 10^6."]),
        ("##Le prix\nDeux euros.\n\n#mer et ##", ["Le prix", "Deux euros.", "#mer et ##"]),
        ("Avant\n###*Le* lieu\n- un", ["Avant", "Le lieu", "- un"]),
        ("    ##code\n\n```\n##code\n```", ["##code", "##code"]),
        ("| Demain, dès l'aube\n| à l'heure *où*\n|   je partirai", ["Demain, dès l'aube\nà l'heure où\nje partirai"]),
        ("| 12 rue du Port\n| 14000 Caen", ["12 rue du Port\n14000 Caen"]),
        ("| Col\n\nEt a | b.", ["| Col", "Et a | b."]),
        ("[\n\n### Un titre\n\n](https://a.fr/b)\n\nFin [ici](c).", ["Un titre", "Fin ici."]),
        ('[\n\nUn mot.\n\n](/b "Titre")\n\n[sic]', ["Un mot.", "[sic]"]),
        ("![Un bac|600](a.jpg)\n\n![Le quai|60x40](b.png)", ["Un bac", "Le quai"]),
    ],
)
def test_what_other_dialects_and_converters_write_is_read(text, words):
    assert blocks_of(text) == words


@pytest.mark.parametrize("line", ["[Rosa]: Jamais.", "[Chœur]:\nHélas !", "[A.]: Non"])
def test_a_line_of_a_dialogue_is_no_link(line):
    assert blocks_of(f"# Scène\n\n{line}\n\nFin.")[1] == line.replace("\n", " ")


@pytest.mark.parametrize(
    "line",
    [
        "[1]: https://exemple.fr",
        "[ici]: <page 2.html> 'Titre'",
        "[//]: # (rien)",
        "[a]: mailto:anne@exemple.fr",
        "[b]: b.html",
    ],
)
def test_where_a_link_leads_is_no_text(line):
    assert blocks_of(f"# Scène\n\n{line}\n\nFin.") == ["Scène", "Fin."]


def test_items_keep_the_numbers_that_a_browser_shows():
    assert blocks_of("3. trois\n4. quatre\n\nPuis\n\n- un") == ["3. trois", "4. quatre", "Puis", "- un"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ils étaient 480 en 2021[^2].\n\n[^2]: Selon l'Insee.", ["Ils étaient 480 en 2021.", "2. Selon l'Insee."]),
        ("Voir[^a] : le plan[^b].", ["Voir : le plan."]),
        ("Il dit `x[^1]` et rien[^1].\n\n[^1]: Oui.\n[^2]: Non.", ["Il dit x[^1] et rien.", "1. Oui. 2. Non."]),
    ],
)
def test_calls_of_notes_are_left_out_and_notes_have_their_number(text, words):
    assert blocks_of(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- [x] Réserver la salle\n- [ ] Écrire au maire", ["- ☑ Réserver la salle", "- ☐ Écrire au maire"]),
        ("1. [X] **Peel** the pears.\n2. [ ] Boil.", ["1. ☑ Peel the pears.", "2. ☐ Boil."]),
        ("- Valise\n  - [x] `clé` et carte\n\nVoir [x].", ["- Valise", "- ☑ clé et carte", "Voir [x]."]),
        ("- [x](https://exemple.fr) mène là", ["- x mène là"]),
        ("- `[x]` se tape ainsi", ["- [x] se tape ainsi"]),
    ],
)
def test_a_task_says_whether_it_is_done(text, words):
    assert blocks_of(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("> [!NOTE]\n> Le bac ferme mardi.\n> Deux jours.", ["Note", "Le bac ferme mardi. Deux jours."]),
        ("> [!warning]- Wind *ahead*\n> Tie it down.", ["Wind ahead", "Tie it down."]),
        ("> [!CAUTION]\n>\n> - sel\n> - eau", ["Caution", "- sel", "- eau"]),
        ("> [!quote] **Anne**\n> Partez !", ["Anne", "Partez !"]),
        (":::tip[Avant de partir]\nFermez le gaz.\n:::\n\nPuis", ["Avant de partir", "Fermez le gaz.", "Puis"]),
        ("::: {.warning}\n\nHot plate.\n\n:::", ["Warning", "Hot plate."]),
        ("Il dit [!NOTE] ici :\n\n> [Anna] dit oui.", ["Il dit [!NOTE] ici :", "[Anna] dit oui."]),
    ],
)
def test_a_callout_has_its_title_or_its_kind_above_it(text, words):
    assert blocks_of(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# Le bac {#bac .grand}\n\nVoir.", ["Le bac", "Voir."]),
        ("## Fees {: #fees}\n\nThe set {a, b}.", ["Fees", "The set {a, b}."]),
        ("Voir [[Quai nord|le quai]] et [[Sarlis]].", ["Voir le quai et Sarlis."]),
        ("![[plan.png]] Le plan.", ["Le plan."]),
    ],
)
def test_what_leads_to_a_heading_or_to_a_note_is_no_word_of_the_text(text, words):
    assert blocks_of(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "!!! note\n    Le bac ferme **mardi**.\n\n    Deux jours.\n\nPuis",
            ["Note", "Le bac ferme mardi.", "Deux jours.", "Puis"],
        ),
        (
            '!!! warning "Wind *ahead*"\n\n    - Tie it [down](b.md).\n    - Wait.',
            ["Wind ahead", "- Tie it down.", "- Wait."],
        ),
        ('??? question "Et le prix ?"\n    Huit euros.', ["Et le prix ?", "Huit euros."]),
        ('???+ tip inline end\n    !!! danger ""\n        Hot plate.', ["Tip", "Hot plate."]),
        ('=== "Adultes"\n\n    12 €\n\n=== "Enfants"\n\n    5 €', ["Adultes", "12 €", "Enfants", "5 €"]),
        ("- Valise\n\n    !!! info\n        Sans clé.\n\nFin", ["- Valise", "Info", "Sans clé.", "Fin"]),
        ("!!! Attention danger\n\nLe bac.", ["!!! Attention danger", "Le bac."]),
        ("```\n!!! note\n    a\n```", ["!!! note\na"]),
    ],
)
def test_a_box_of_mkdocs_is_a_title_and_what_it_encloses(text, words):
    assert blocks_of(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Voir [le plan](p.md){ .md-button } et `x`{.python}.", ["Voir le plan et x."]),
        ("![rue](a.png){ width=300 loading=lazy }\n\nLe quai.", ["rue", "Le quai."]),
        ("Le quai est fermé.\n{: .lead #quai}", ["Le quai est fermé."]),
        ("An ==open== pier, 40 m^2^, CO~2~ free. %%check this%%", ["An open pier, 40 m², CO2 free."]),
        ("{% note %}\nHot plate.\n{% endnote %}", ["Hot plate."]),
        ('{{< hint type="info" >}}\nTie it down. ^knot-1\n{{< /hint >}}', ["Tie it down."]),
        ("Soit {a, b} et a == b == c, ~5 à ~6 km, 10^6.", ["Soit {a, b} et a == b == c, ~5 à ~6 km, 10^6."]),
    ],
)
def test_what_only_a_program_reads_is_left_out(text, words):
    assert blocks_of(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Le bac {++métallique ++}part {~~le 3 mai~>le 9 juin~~}.", ["Le bac métallique part le 9 juin."]),
        ("It {==holds==}{>>check<<} well{-- so far--}.", ["It holds well."]),
        ("{--Parti.--}\n\n{++Resté.\n\nDeux jours.++}", ["Resté.", "Deux jours."]),
        ("Le {~~*vieux*~>**neuf**~~} quai, ~~fermé~~ ouvert.", ["Le neuf quai, ouvert."]),
        (
            "Écrire `{++a++}` {++ici++}.\n\n```\n{--b--}\n```\n\n    {>>c<<}",
            ["Écrire {++a++} ici.", "{--b--}", "{>>c<<}"],
        ),
        (
            f"Le bac {{++{'part ' * 900}ici++}} et {{--{'lentement ' * 900}--}} là.",
            [f"Le bac {'part ' * 900}ici et là."],
        ),
        (f"Le {{~~{'vieux ' * 900}~>nouveau~~}} bac {{>>{'relire ' * 900}<<}} part.", ["Le nouveau bac part."]),
        (f"Un {{==pont {'long ' * 900}==}}{{>>ah<<}} ferme.", [f"Un pont {'long ' * 900} ferme.".replace("  ", " ")]),
        ("Un {++ajout sans fin, et {a} -- b.", ["Un {++ajout sans fin, et {a} -- b."]),
    ],
)
def test_changes_proposed_in_a_text_are_made(text, words):
    assert blocks_of(text) == words


@pytest.mark.parametrize(
    "mark", ["[TOC]", "[[_TOC_]]", "[toc]", "${toc}", "{{TOC}}", "* TOC\n{:toc}", "@[toc]", "1. {:toc .x}"]
)
def test_where_a_table_of_contents_goes_there_are_no_words(mark):
    assert blocks_of(f"Le bac.\n\n{mark}\n\nIl part.") == ["Le bac.", "Il part."]
    assert blocks_of("Voir [TOC] et TOC.") == ["Voir [TOC] et TOC."]
