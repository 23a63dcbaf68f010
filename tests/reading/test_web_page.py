"""A page as its reader sees it: what stands in the article is in, wherever it stands, and what is around is not."""

from __future__ import annotations

import pytest

from rag.reading.web_page import parse_html

FIRST = (
    "Le tramway de Valmer roulera jusqu'à minuit à partir du printemps, a décidé le conseil de l'agglomération mardi."
)
SECOND = (
    "Les conducteurs demandent trente embauches ; la direction en promet douze, et un accord avant la fin de l'année."
)
THIRD = (
    "Sur la ligne nord, les rames passeront toutes les neuf minutes le samedi, contre quatorze aujourd'hui, dit-elle."
)
TEXTS = [FIRST, SECOND, THIRD]


def page(body: str, *, head: str = "<title>Le tramway de Valmer</title>") -> str:
    return f"<!doctype html><html lang='fr'><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"


def story(inner: str) -> str:
    return page(f"<article><h1>Le tramway de Valmer</h1><p>{FIRST}</p>{inner}<p>{SECOND}</p><p>{THIRD}</p></article>")


def read(body: str) -> list[str]:
    document = parse_html(body)
    return [document.text[block.start : block.end] for block in document.blocks]


KEPT = {
    "a time in a sentence": [
        ("<p>Voté le <time datetime='2025-11-04'>4 novembre</time> à Valmer, le plan est cher.</p>", "le 4 novembre à"),
        ("<p>Doors open at <time>7:30 pm</time> sharp.</p>", "at 7:30 pm sharp."),
        ("<ul><li>De <time>6 h</time> à <time>9 h</time></li></ul>", "- De 6 h à 9 h"),
    ],
    "a formula": [
        ("<p>Il coûte <math><msup><mn>10</mn><mn>3</mn></msup></math> euros par mois.</p>", "coûte 10³ euros"),
        ("<p>La <math><mfrac><mn>1</mn><mn>2</mn></mfrac></math> heure de trajet suffit.</p>", "La 1/2 heure"),
        ("<p>Les <math><mn>9</mn><annotation encoding='tex'>9</annotation></math> rames.</p>", "Les 9 rames."),
    ],
    "what is shown without a script": [
        ("<x-a><template shadowrootmode=open><p>La rame 9 est neuve.</p></template></x-a>", "La rame 9 est neuve."),
        ("<x-b><template shadowrootmode='closed'><div>Avant 6 h, rien.</div></template></x-b>", "Avant 6 h, rien."),
        ("<template shadowrootmode=open><ul><li>Nord</li></ul></template>", "- Nord"),
    ],
    "a caption": [
        ("<figure><img src='a'><figcaption>La rame 12 au dépôt.</figcaption></figure>", "La rame 12 au dépôt."),
        ("<figure><noscript><img></noscript><figcaption><p>Le pont.</p></figcaption></figure>", "Le pont."),
        ("<table><caption>Passages par heure</caption><tr><td>Nord</td><td>7</td></tr></table>", "Passages par heure"),
    ],
    "a box": [
        ("<aside><h3>Repères</h3><p>Ouvert en 1994.</p></aside>", "Ouvert en 1994."),
        ("<table class='infobox'><tr><th>Rames</th><td>31</td></tr></table>", "Rames | 31"),
        ("<div class='encadre'><ul><li>Longueur : 19 km</li></ul></div>", "- Longueur : 19 km"),
    ],
    "what opens": [
        ("<details><summary>Et le prix ?</summary><p>1,80 € le trajet.</p></details>", "1,80 € le trajet."),
        ("<h3>Et le vélo ?</h3><div hidden='until-found'><p>Il est admis à 20 h.</p></div>", "Il est admis à 20 h."),
        ("<details open><summary>Where?</summary>At the old depot.</details>", "At the old depot."),
    ],
    "a list in a table": [
        ("<table><tr><td>Lundi</td><td><ul><li>5 h</li><li>minuit</li></ul></td></tr></table>", "Lundi | 5 h, minuit"),
        ("<table><tr><td><ol><li>A</li><li>B</li></ol></td><td>deux</td></tr></table>", "A, B | deux"),
        ("<table><tr><td>Nord<br>Sud</td><td><p>9 min</p></td></tr></table>", "Nord Sud | 9 min"),
    ],
    "a cell beside several rows": [
        (
            "<table><tr><td rowspan='2'>Lundi</td><td>5 h</td></tr><tr><td>minuit</td></tr></table>",
            "Lundi | 5 h\nLundi | minuit",
        ),
        (
            "<table><tr><th>Line</th><th rowspan=3>Depot</th></tr><tr><td>A</td></tr><tr><td>B</td></tr></table>",
            "Line | Depot\nA | Depot\nB | Depot",
        ),
        (
            (
                "<table><thead><tr><th rowspan=2>Ville</th><th colspan=2>Voix</th></tr><tr><th>Oui</th><th>Non</th>"
                "</tr></thead><tbody><tr><td>Lans</td><td rowspan=0>19</td><td>8</td></tr></tbody></table>"
            ),
            "Ville | Voix\nVille | Oui | Non\nLans | 19 | 8",
        ),
    ],
    "blocks in blocks": [
        ("<div>Un.<div>Deux.</div>Trois.</div>", "Un.\n\nDeux.\n\nTrois."),
        ("<section>Avant<p>Dedans</p>Après</section>", "Avant\n\nDedans\n\nAprès"),
        ("<blockquote>« Oui »<footer>Ana Roux</footer></blockquote>", "« Oui »"),
    ],
    "lines that are kept": [
        ("<pre>Un rail\n  un autre rail</pre>", "Un rail\nun autre rail"),
        ("<pre>\r\nA\r\nB</pre>", "A\nB"),
        ("<p>Un<br>Deux</p>", "Un\nDeux"),
    ],
    "figures above the line": [
        ("<p>La gare compte 340 m<sup>2</sup>.</p>", "340 m²."),
        ("<p>Le 1<sup>er</sup> mai.</p>", "Le 1er mai."),
        ("<p>Il y a 10<sup>6</sup> trajets et du CO<sub>2</sub>.</p>", "10⁶ trajets et du CO2."),
    ],
    "the reading of a sign": [
        ("<p><ruby>東京<rp>(</rp><rt>Tokyo</rt><rp>)</rp></ruby> l'a fait.</p>", "東京 (Tokyo) l'a fait."),
        ("<p><ruby>京都<rt>Kyoto</rt></ruby> aussi.</p>", "京都 (Kyoto) aussi."),
        ("<p><ruby>漢<rt>kan</rt></ruby>.</p>", "漢 (kan)."),
    ],
    "a word that may be divided": [
        ("<p>La réor&shy;ga&shy;ni&shy;sa&shy;tion.</p>", "La réorganisation."),
        ("<p>Straßen\u00adbahn</p>", "Straßenbahn"),
        ("<p>in&shy;ter&shy;city</p>", "intercity"),
    ],
    "a quotation without marks": [
        ("<p>Un <q>immense soulagement</q>, dit-il.</p>", "Un «\u00a0immense soulagement\u00a0», dit-il."),
        ("<p lang='en'>A <q>great <b>relief</b></q>, she said.</p>", "A “great relief”, she said."),
        ("<p>Il dit <q lang='fr-CA'>oui</q>.</p>", "Il dit «\u00a0oui\u00a0»."),
    ],
    "what a control opens": [
        ("<h3><button aria-controls='a'>Où ?</button></h3><div id='a' hidden><p>Ici.</p></div>", "Où ?\n\nIci."),
        ("<h3><a role='button' aria-controls='a'>Où ?</a></h3><p id='a' style='display:none'>Au bout.</p>", "Au bout."),
        ("<div role='tab' aria-controls='b'>Hiver</div><div id='b' aria-hidden='true'>À 18 h.</div>", "À 18 h."),
    ],
    "what a tab opens, with its words above": [
        (
            (
                "<ul role=tablist><li><a role=tab href='#a'>Été</a></li><li><a role=tab href='#b'>Hiver</a></li></ul>"
                "<div role=tabpanel id=a>À 20 h.</div><div role=tabpanel id=b style='display:none'>À 18 h.</div>"
            ),
            "Été\n\nÀ 20 h.\n\nHiver\n\nÀ 18 h.",
        ),
        (
            (
                "<p>Le départ :</p><span role=tab id=x>Gare</span><span role=tab id=y>Port</span>"
                "<p role=tabpanel aria-labelledby=x>Quai 3.</p><p role=tabpanel aria-labelledby=y hidden>Quai 9.</p>"
            ),
            "Le départ :\n\nGare\n\nQuai 3.\n\nPort\n\nQuai 9.",
        ),
        (
            (
                "<ul role=tablist><li role=tab>Price</li><li role=tab>Stops</li></ul>"
                "<div><p role=tabpanel>It costs £2.</p><div role=tabpanel hidden><b>Stops</b>: nine.</div></div>"
            ),
            "Price\n\nIt costs £2.\n\nStops: nine.",
        ),
        ("<button aria-controls=a>Où ?</button><div id=a hidden>Au bout du quai.</div>", "Où ?\n\nAu bout du quai."),
    ],
    "what follows an item without words": [
        ("<ul><li></li></ul><p>Il pleut.</p>", "\n\nIl pleut."),
        ("<ol><li><img src='a.png'></li></ol><h2>Au port</h2>", "\n\nAu port"),
        ("<ul><li>Un</li><li><p> </p></li></ul>Deux.", "- Un\n\nDeux."),
    ],
    "who said it or wrote it": [
        ("<blockquote><p>« Oui. »</p><footer>Ana Roux, conductrice</footer></blockquote>", "Ana Roux, conductrice"),
        ("<figure><blockquote>No.</blockquote><footer>Joan Hale</footer></figure>", "Joan Hale"),
        ("<p class='byline'>Par Maël Kerbrat</p>", "Par Maël Kerbrat"),
    ],
    "a picture of a character": [
        ("<p>Gagné <img class='emoji' alt='🎉'> hier.</p>", "Gagné 🎉 hier."),
        ("<p>Note : <img alt='★★★'></p>", "Note : ★★★"),
        ("<p>Fait <img alt='✅'/></p>", "Fait ✅"),
    ],
    "a list of links that the text announces": [
        ("<p>Villes :</p><ul><li><a href='/n'>Valmer</a></li><li><a href='/s'>Port-Noir</a></li></ul>", "- Port-Noir"),
        (
            "<h2>Ranking</h2><div><ol><li><a href='/1'>Ana Roux</a></li><li><a href='/2'>Joan Hale</a></li></ol></div>",
            "2. Joan Hale",
        ),
        (
            ("<p>On peut lire à la mairie, jusqu'au 3 mai inclus, les avis suivants :</p><ul><li><a href='a'>Avis du"
            " service des eaux sur le tracé</a></li><li><a href='b.pdf'>Avis des pompiers</a></li></ul>"),
            "- Avis du service des eaux sur le tracé",
        ),
    ],
    "a box that tells a state": [
        ("<ul><li><input type=checkbox disabled checked>Quai refait</li></ul>", "- ☑ Quai refait"),
        ("<ul><li><label><input type='checkbox' disabled> Repaint the hut</label></li></ul>", "- ☐ Repaint the hut"),
        ("<ol><li><input type=checkbox>Deux œufs frais</li></ol>", "1. Deux œufs frais"),
    ],
    "what only clips": [
        ("<div style='overflow:hidden'><p>Vingt rames neuves.</p></div>", "Vingt rames neuves."),
        ("<section style='overflow-x: hidden'>Trente gares.</section>", "Trente gares."),
        ("<div style='max-height:9em;overflow:hidden auto'>Dix quais.</div>", "Dix quais."),
    ],
    "a paragraph that is a link": [
        ("<p><a href='/x'>En juin, un arrêté avait limité les travaux dans onze rues.</a></p>", "dans onze rues."),
        ("<p><strong><a href='/y'>The night line carried many people in a week.</a></strong></p>", "in a week."),
        ("<div><p><a href='#z'>Voir le plan complet de la ligne nord, gare par gare.</a></p></div>", "gare par gare."),
    ],
}  # fmt: skip
LEFT_OUT = {
    "struck": [
        ("<p>Dès le <del>2 mars</del> <ins>9 mars</ins>.</p>", "2 mars", "Dès le 9 mars."),
        ("<p>Prix : <s>2 €</s> 1,80 €.</p>", "2 €", "Prix : 1,80 €."),
        ("<p>By <strike>Ann</strike> Joan.</p>", "Ann", "By Joan."),
    ],
    "the call of a note": [
        ("<p>En 2021<sup><a href='#n2'>2</a></sup>, tout change.</p>", "20212", "En 2021, tout change."),
        ("<p>It cost 40<sup id='r'><a href='#c'>[1]</a></sup> million.</p>", "[1]", "It cost 40 million."),
        ("<p>Soit 31<a href='#f'><sup>b</sup></a> rames.</p>", "31b", "Soit 31 rames."),
    ],
    "struck by a style": [
        ("<p>Dès le <span style='text-decoration: line-through'>2 mars</span> 9 mars.</p>", "2 mars", "Dès le 9 mars."),
        ("<style>.o{text-decoration-line:line-through}</style><p><i class='o'>Dix</i> Douze.</p>", "Dix", "Douze."),
        ("<style>p b{text-decoration:red line-through}</style><p><b>Ann</b> Joan.</p>", "Ann ", "Joan."),
    ],
    "the tools of a heading": [
        ("<h2>Coût<span>[<a href='/e'>modifier</a> | <a href='/f'>code</a>]</span></h2><p>Oui.</p>", "modif", "Coût\n"),
        ("<h2>Coût<a href='#c'>¶</a></h2><p>Oui.</p>", "¶", "Coût\n"),
        ("<h3><a href='#c'># </a>Coût</h3><p>Oui.</p>", "#", "Coût\n"),
        ("<div><h2>Coût</h2><span>[<a href='/e'>modifier</a>]</span></div><p>Oui.</p>", "modif", "Coût\n\nOui."),
        ("<ol><li><a href='#r'>↑</a> Ana Roux, 1988.</li></ol>", "↑", "1. Ana Roux, 1988."),
    ],
    "what opens by itself only": [
        ("<dialog><p>Abonnez-vous !</p></dialog><p>Fin.</p>", "Abonnez", "Fin."),
        ("<div popover><p>Des cookies ?</p></div><p>Fin.</p>", "cookies", "Fin."),
        ("<button aria-controls='m' aria-haspopup='menu'>=</button><div id='m' hidden>Compte</div>", "Compte", FIRST),
    ],
    "menus and lists of links": [
        ("<nav><a href='/'>Accueil</a></nav>", "Accueil", FIRST),
        ("<ul><li><a href='/a'>Un loup vu au col</a></li><li><a href='/b'>Le stade</a></li></ul>", "loup", FIRST),
        (
            "<div class='share'><a href='#'>Facebook</a> <a href='#'>X</a></div><button>Suivre</button>",
            "Facebook",
            FIRST,
        ),
    ],
    "lists of links that lead elsewhere": [
        (
            (
                "<h3>À lire aussi</h3><ul><li><a href='/a'>Un loup a été vu deux fois au col</a></li>"
                "<li><a href='/b'>Le stade de Valmer ne rouvrira pas avant juin</a></li></ul>"
            ),
            "loup",
            FIRST,
        ),
        ("<h2>Contents</h2><ul><li><a href='#v'>The vote</a></li><li><a href='#c'>Costs</a></li></ul>", "vote", FIRST),
        (
            (
                "<p>Partager :</p><ul><li><a href='//x.example/post?url=https%3A%2F%2Fv.example'>Réseau</a></li>"
                "<li><a href='mailto:?body=v'>Courriel</a></li></ul>"
            ),
            "Courriel",
            FIRST,
        ),
    ],
}


LISTS = [f"Pont {name}" for name in ("Neuf", "Vieux", "Marie", "Royal", "Sully")]


@pytest.mark.parametrize(
    "body",
    [
        "<main><h1>Ponts</h1><ul>{items}</ul></main>",
        f"<main><h1>Ponts</h1><p>{FIRST}</p><h2>Nord</h2><ul>{{items}}</ul></main>",
        "<h1>Ponts</h1><p>Rive nord :</p><ul>{items}</ul>",
    ],
)
def test_an_article_that_is_a_list_of_links_is_read(body):
    items = "".join(f"<li><a href='/p/{number}'>{name}</a></li>" for number, name in enumerate(LISTS))
    menu = "<nav><ul><li><a href='/'>Accueil</a></li><li><a href='/s'>Sport</a></li></ul></nav>"
    words = read(page(menu + body.format(items=items)))
    assert [f"- {name}" for name in LISTS] == [word for word in words if word.startswith("- ")]


def examples(kinds: dict) -> list:
    return [
        pytest.param(*one, id=f"{kind} {number}") for kind, ones in kinds.items() for number, one in enumerate(ones, 1)
    ]


@pytest.mark.parametrize(("inner", "words"), examples(KEPT))
def test_what_a_reader_sees_is_in(inner, words):
    document = parse_html(story(inner))
    assert words in document.text
    assert all(text in document.text for text in TEXTS)


@pytest.mark.parametrize(("inner", "unseen", "words"), examples(LEFT_OUT))
def test_what_a_reader_does_not_take_for_the_article_is_out(inner, unseen, words):
    document = parse_html(story(inner))
    assert unseen not in document.text
    assert words in document.text
    assert all(text in document.text for text in TEXTS)


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>Le tramway</h1><aside><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></aside>",
        f"<h1>Le tramway</h1><noscript><article><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></article></noscript>",
        f"<form><h1>Le tramway</h1><div><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></div></form>",
        f"<div aria-hidden='true'><h1>Le tramway</h1><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></div><p>Cookies ?</p>",
        "<main><article><h1>Le tramway</h1><div><ul>"
        + "".join(f"<li><b>{text}</b></li>" for text in TEXTS)
        + "</ul></div></article></main>",
    ],
    ids=["aside", "noscript", "form", "aria-hidden", "no paragraph"],
)
def test_a_page_whose_text_stands_where_no_text_should_is_read(body):
    found = parse_html(page(body)).text
    assert all(text in found for text in TEXTS)


LIVE = """<main><h1>Direct</h1><p>{}</p><article><time>6 h 10</time><h2>Ce matin</h2><p>{}</p></article>
<article><time>4 h 05</time><h2>Cette nuit</h2><p>{}</p></article></main>"""


@pytest.mark.parametrize(
    "body",
    [
        f"<main><article><h2>A</h2><p>{FIRST}</p></article><article><h2>B</h2><p>{SECOND} {THIRD}</p></article></main>",
        LIVE.format(*TEXTS),
        f"<article><h1>Le tramway</h1><p>{FIRST}</p><article><p>{SECOND}</p></article><p>{THIRD}</p></article>",
    ],
    ids=["two stories", "a live page", "one in another"],
)
def test_every_article_of_a_page_is_read_in_order(body):
    found = parse_html(page(body)).text
    places = [found.index(text) for text in TEXTS]
    assert places == sorted(places)
    assert all(hour in found for hour in ("6 h 10", "4 h 05") if hour in body)


AROUND = """<header><a href='/'>Le Courrier</a><nav><a href='/s'>Sport</a></nav></header>
<main><article><header><h1>Le tramway de Valmer</h1><p>Un chapeau de trois lignes, que tout le monde lit.</p></header>
<div class='body'>{text}<div class='related'>À lire aussi : <a href='/l'>Le loup du col</a></div></div></article>
<section id='comments' class='comments'><article><p>{comment}</p></article><article><p>{comment}</p></article></section>
<section><h2>Les plus lus</h2><article><a href='/a'><h3>Le stade rouvre</h3></a><p>La pelouse est prête.</p></article>
<article><h3><a href='/b'>Un loup</a></h3><p>Des randonneurs l'ont filmé dimanche matin.</p></article></section></main>
<aside><h3>Météo</h3><p>Demain, vent faible.</p></aside><footer><p>Mentions légales.</p></footer>"""


def test_a_page_of_a_newspaper_leaves_its_article():
    comment = (
        "Il faudrait surtout réparer les quais, on attend sous la pluie depuis des mois sans un seul abri correct !"
    )
    body = AROUND.format(text="".join(f"<p>{text}</p>" for text in TEXTS), comment=comment)
    assert read(page(body)) == [
        "Le tramway de Valmer",
        "Un chapeau de trois lignes, que tout le monde lit.",
        *TEXTS,
    ]


@pytest.mark.parametrize("cells", ["<td width='150'>{menu}</td><td>{text}</td>", "<td>{text}</td><td>{menu}</td>"])
def test_a_table_that_lays_out_a_page_makes_no_row(cells):
    cell = "<font size=5><b>Le tramway</b></font>" + "".join(f"<p>{text}" for text in TEXTS)
    body = f"<table><tr>{cells.format(menu='Accueil<br>Sport', text=cell)}</tr></table>"
    found = read(page(body))
    assert [text for text in found if text in TEXTS] == TEXTS
    assert not any(" | " in text for text in found)


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("Valmer : le tramway roulera la nuit", "Valmer : le tramway roulera la nuit"),
        ("Night trams: what changes", "Night trams: what changes"),
        ("Valmer : la nuit en tram - Le Courrier", "Valmer : la nuit en tram"),
    ],
)
def test_a_title_is_not_cut_at_its_colon(title, kept):
    body = page("".join(f"<p>{text}</p>" for text in TEXTS), head=f"<title>{title}</title>")
    assert parse_html(body).title == kept


SPOKEN = "position:absolute;left:-9999px"


@pytest.mark.parametrize(
    "price",
    [
        f"<span aria-hidden='true'>1,80 €</span><span style='{SPOKEN}'> 1 euro 80</span>",
        f"<span style='{SPOKEN}'>un euro quatre-vingts </span><b aria-hidden='true'>1,80 €</b>",
        "<i aria-hidden='TRUE'>1,80 €</i><span style='clip:rect(0 0 0 0)'>1 euro et 80 centimes</span>",
    ],
)
def test_what_is_shown_beside_what_is_spoken_is_read(price):
    assert "Le trajet coûte 1,80 € le soir." in read(story(f"<p>Le trajet coûte {price} le soir.</p>"))


@pytest.mark.parametrize(
    ("pair", "text"),
    [
        ("<ruby><rb aria-hidden='true'>昔</rb><rp>（</rp><rt>むかし</rt><rp>）</rp></ruby>", "昔 (むかし)"),
        ("<ruby><span aria-hidden='true'>北京</span><rt>Běijīng</rt></ruby>", "北京 (Běijīng)"),
        ("<ruby>SNCF<rt aria-hidden='true'>esse-enne-cé-effe</rt></ruby>", "SNCF (esse-enne-cé-effe)"),
    ],
)
def test_a_sign_and_its_reading_are_read_whichever_of_them_is_spoken(pair, text):
    """mozilla/readability#758."""
    assert f"Le mot {text} est ancien." in read(story(f"<p>Le mot {pair} est ancien.</p>"))


def test_an_icon_that_is_kept_from_being_spoken_is_not_read():
    found = read(story("<p>Le plan <i aria-hidden='true'>arrow_forward</i> en ligne.</p>"))
    assert "Le plan en ligne." in found


@pytest.mark.parametrize(
    "mark", ["<p><font size='5'><b>{title}</b></font></p>", "<div class='t'>{title}</div>", "{title}<br><br>"]
)
def test_a_title_that_only_looks_like_a_heading_stands_there_once(mark):
    shown = mark.format(title="Le tramway de Valmer")
    words = read(page(f"{shown}<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"))
    assert words[:2] == ["Le tramway de Valmer", FIRST]


@pytest.mark.parametrize("mark", ["\u00ad", "&shy;", "&#173;"])
def test_words_that_may_be_divided_keep_no_paragraph_out(mark):
    """What trafilatura found is known again by its words, which it gives without such marks."""
    many = (
        FIRST.replace("tramway", f"tram{mark}way")
        .replace("printemps", f"prin{mark}temps")
        .replace("mardi", f"mar{mark}di")
    )
    more = SECOND.replace("trente", f"tren{mark}te").replace("direction", f"di{mark}rec{mark}tion")
    body = f"<div><div><p>{many}</p></div><div><p>{more}</p><ul><li>{THIRD}</li><li>{THIRD}</li></ul></div></div>"
    assert read(page(body, head=""))[:2] == [FIRST, SECOND]


MENU = "<header><a href='/'>Le Courrier</a><nav><a href='/s'>Sport</a><a href='/e'>Économie</a></nav></header>"
OTHERS = """<h2>À lire aussi</h2><ul><li><a href='/l'>Un loup a été vu deux fois au col cette semaine</a></li>
<li><a href='/s'>Le stade de Valmer ne rouvrira pas avant juin</a></li></ul>"""


@pytest.mark.parametrize(
    ("beside", "there"),
    [
        ("<h2>Et après ?</h2><p>Le vote a lieu mardi.</p>", ["Et après ?", "Le vote a lieu mardi."]),
        ("<h3>Prices</h3><table><tr><td>Single</td><td>£2</td></tr></table>", ["Prices", "Single | £2"]),
        ("<ul><li>lundi</li><li>jeudi</li></ul><h2>Une suite est prévue</h2>", ["- lundi", "- jeudi"]),
    ],
)
@pytest.mark.parametrize("first", [False, True])
def test_what_stands_right_beside_the_element_of_a_text_is_read(beside, there, first):
    text = "<div class='t'>" + "".join(f"<p>{words}</p>" for words in TEXTS) + "</div>"
    around = f"<div id='w'>{'' if first else text}{beside}{text if first else OTHERS}</div>"
    words = read(page(MENU + around + "<footer><a href='/m'>Mentions</a></footer>", head=""))
    assert [text for text in TEXTS + there if text not in words] == []
    assert not [text for text in words if "loup" in text or "lire aussi" in text or "Sport" in text]


@pytest.mark.parametrize(
    "body",
    [
        f"<div><p>{FIRST}</p><p>{SECOND}</p></div>{THIRD}<h2>Le prix</h2>Il ne change pas.",
        f"<section><p>{FIRST}</p><p>{SECOND}</p></section><div>{THIRD} <b>Le prix</b> ne change pas.</div>",
        f"<div><p>{FIRST}</p><p>{SECOND}</p></div><br>{THIRD}<br><i>Le prix</i> ne change pas.",
    ],
)
def test_text_in_no_block_of_its_own_is_read(body):
    found = " ".join(read(page(body)))
    assert all(text in found for text in TEXTS)
    assert "Le prix" in found
    assert found.endswith("ne change pas.")


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("", ""),
        ("<title>Le tramway de nuit</title>", "Le tramway de nuit"),
        ("<meta property='og:title' content='Et après ?'>", "Et après ?"),
    ],
)
def test_a_heading_within_a_text_is_no_title_unless_it_is_stated(head, title):
    body = f"<div><p>{FIRST}</p><p>{SECOND}</p><h2>Et après ?</h2><p>{THIRD}</p></div>"
    assert parse_html(page(body, head=head)).title == title


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ("L'été du tram : « rouler tard »", "L’été du tram : «&nbsp;rouler tard&nbsp;»"),
        ("Night trams - what changes...", "Night trams – what changes…"),
        ("La nuit en tram \u2014 enfin", "La nuit en tram : enfin !"),
    ],
)
def test_a_title_that_is_set_otherwise_stands_there_once(stated, shown):
    head = f"<title>{stated}</title><meta property='og:title' content=\"{stated}\">"
    body = f"<h1>Le Courrier</h1><article><h1>{shown}</h1>{''.join(f'<p>{text}</p>' for text in TEXTS)}</article>"
    document = parse_html(page(body, head=head))
    assert [block.kind for block in document.blocks] == ["title", "paragraph", "paragraph", "paragraph"]


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ("Le <button>budget primitif</button> est voté.", "Le budget primitif est voté."),
        ("<button>Le bac</button> part à <button>midi</button>, dit-on.", "Le bac part à midi, dit-on."),
        ("It will <button type='button'>not actually</button> stop here.", "It will not actually stop here."),
        ("Voté en mars<button>1</button>.", "Voté en mars."),
        ("Le bac part. <button>Partager</button>", "Le bac part."),
    ],
)
def test_words_of_a_sentence_that_can_be_pressed_are_read(words, seen):
    assert seen in read(story(f"<p>{words}</p>"))


@pytest.mark.parametrize("stated", ["Par Ana Roux", "By Ana Roux", "par  Ana Roux"])
def test_the_name_of_an_author_is_read_without_its_preposition(stated):
    head = f"<title>Le tramway</title><meta name='author' content='{stated}'>"
    assert parse_html(page("".join(f"<p>{text}</p>" for text in TEXTS), head=head)).author == "Ana Roux"


def test_a_name_that_begins_like_a_preposition_is_whole():
    head = "<title>Le tramway</title><meta name='author' content='De Villiers Ana'>"
    assert parse_html(page("".join(f"<p>{text}</p>" for text in TEXTS), head=head)).author == "De Villiers Ana"


@pytest.mark.parametrize("inner", ["<button></button>", "<input>", "<p><button></button></p>"])
@pytest.mark.filterwarnings("error::FutureWarning")
def test_a_sentence_beside_an_article_that_holds_a_control_is_none_of_it(inner):
    text = "".join(f"<p>{words}</p>" for words in TEXTS)
    box = f"<div>Recevez chaque matin toute l'actualité de la ville par courriel {inner}</div>"
    body = f"<div id='w'><div class='t'>{text}</div>{box}</div><div><a href='/m'>Mentions</a></div>"
    assert not [words for words in read(page(body, head="")) if "courriel" in words]


@pytest.mark.parametrize("sign", ["-", "|", "–"])
def test_a_heading_that_names_the_site_is_no_title(sign):
    body = (
        f"<header><h1>Le Courrier</h1></header><article><h2>La nuit en tram</h2><p>{FIRST}</p><p>{SECOND}</p></article>"
    )
    head = f"<title>La nuit en tram {sign} Le Courrier</title>"
    assert parse_html(page(body, head=head)).title == "La nuit en tram"


@pytest.mark.parametrize("title", ["La nuit en tram", "La nuit en tram | Le Courrier"])
@pytest.mark.parametrize("element", ["main", "div", "section"])
def test_the_header_of_an_article_is_read_where_it_stands_outside_of_it(title, element):
    header = (
        "<header><nav><a href='/'>Une</a></nav><h1>La nuit en tram</h1><p>Minuit, et plus tard encore.</p></header>"
    )
    body = f"<{element}>{header}<article>{''.join(f'<p>{text}</p>' for text in TEXTS)}</article></{element}>"
    words = read(page(body, head=f"<title>{title}</title>"))
    assert words == ["La nuit en tram", "Minuit, et plus tard encore.", *TEXTS]


DATA = """<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": "La nuit en tram", "datePublished": "2025-03-04T06:00:00+01:00", "author": %s,
"publisher": {"@type": "Organization", "name": "Le Courrier"}}</script>"""


@pytest.mark.parametrize(
    "author", ['{"@type": "Person", "name": "Ana Roux"}', '[{"@type": "Person", "name": "Ana Roux"}]']
)
@pytest.mark.parametrize("place", ["{data}", "<title>La nuit en tram - Le Courrier</title>{data}"])
def test_what_a_page_tells_machines_of_itself_names_its_author_and_its_date(author, place):
    head = place.format(data=DATA % author)
    document = parse_html(page("".join(f"<p>{text}</p>" for text in TEXTS), head=head))
    assert (document.title, document.date, document.author) == ("La nuit en tram", "2025-03-04", "Ana Roux")
    assert "schema" not in document.text


@pytest.mark.parametrize(
    "row",
    [
        '<tr><th>Ministre</th><td><time datetime="1939-09-13">13 septembre 1939</time> - 16 juin 1940</td></tr>',
        "<tr><th>Naissance</th><td>16 septembre 1880</td></tr>",
        '<tr><td>Ouverture</td><td><time datetime="2010-05-01">1 May 2010</time></td></tr>',
    ],
)
def test_a_date_that_a_table_tells_is_not_that_of_the_page(row):
    body = f"<h1>Raoul Dautry</h1><table>{row}</table><p>Raoul Dautry est un ingénieur français, né à Montluçon.</p>"
    document = parse_html(page(f"{body}<p>Il dirige les chemins de fer de l'État jusqu'en 1937, puis une banque.</p>"))
    assert document.date == ""
    assert "Raoul Dautry est un ingénieur" in document.text
