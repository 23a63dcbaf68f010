"""What a page lays over its article, or puts between its paragraphs, is no part of it, and keeps none of it away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.news_page import FIRST, LAST, TITLE, news_page

from rag.reading.web_page import parse_html

CONSENT = (
    "Nous et nos 842 partenaires stockons et lisons des informations sur votre terminal, comme des cookies, afin de "
    "vous proposer des publicités et d'en mesurer l'audience."
)
TEASER = '<a href="/2"><h3>La hausse des loyers inquiète</h3></a>'


def paragraphs(html: str) -> list[str]:
    document = parse_html(html)
    return [document.text[one.start : one.end] for one in document.blocks if one.kind == "paragraph"]


def laid_over(over: str, main: str = "main") -> str:
    article = f"<{main}><h1>{TITLE}</h1><p>{FIRST}</p><p>{LAST}</p></{main}>"
    return f"<!doctype html><html lang='fr'><head><title>{TITLE}</title></head><body>{over}{article}</body></html>"


@pytest.mark.parametrize("main", ["main", "article"])
@pytest.mark.parametrize(
    "opening",
    [
        '<div role="dialog">', '<div role="alertdialog" class="x">', '<div aria-modal="true">', "<dialog open>",
        '<div class="privacy-layer">',
    ],
)  # fmt: skip
@pytest.mark.parametrize("times", [1, 4])
def test_a_request_for_consent_is_no_part_of_a_page_that_marks_its_article(main, opening, times):
    closing = "</dialog>" if opening.startswith("<dialog") else "</div>"
    over = f"{opening}<h2>Vos données</h2>{f'<p>{CONSENT}</p>' * times}<button>Tout accepter</button>{closing}"
    assert paragraphs(laid_over(over, main)) == [FIRST, LAST]


def test_a_page_whose_text_stands_in_a_dialog_is_read():
    html = f'<html><body><div role="dialog"><h1>{TITLE}</h1><p>{FIRST}</p><p>{LAST}</p></div><p>Menu</p></body></html>'
    assert paragraphs(html)[:2] == [FIRST, LAST]


def test_what_is_said_beside_a_main_part_that_holds_little_is_read():
    told = [f"{FIRST[:-1]}, pour la {number}e fois." for number in range(6)]
    beside = "".join(f"<p>{one}</p>" for one in told)
    html = f"<html><body><main><h1>{TITLE}</h1><p>{LAST}</p></main><div>{beside}</div></body></html>"
    assert set(told) <= set(paragraphs(html))


@pytest.mark.parametrize(
    "box",
    [
        f"<div class='x'><section><h3>Sur le même sujet</h3><article>{TEASER}</article></section></div>",
        f"<div data-area='related'><h3>More on this topic</h3>{TEASER}</div>",
        "<section><h2>Mehr zum Thema</h2><div><h3><a href='/2'>Die Mieten steigen weiter</a></h3></div></section>",
    ],
)
def test_the_linked_title_of_another_page_is_no_paragraph(box):
    more = "".join(f"<p>{FIRST[:-1]}, pour la {number}e fois.</p>" for number in range(4))
    assert paragraphs(news_page(more + box))[-1] == LAST
    assert not [one for one in paragraphs(news_page(more + box)) if "loyers" in one or "Mieten" in one]


TITLED = "En Bourgogne, la sécheresse a détruit un tiers des vignes"
CANONICAL = "<link rel='canonical' href='https://journal.example/tramway'>"


@pytest.mark.parametrize(
    "line",
    [
        f"<p><strong>Lire aussi :</strong> <a href='/vignes'>{TITLED}</a></p>",
        f"<div>Read more: <a href='https://journal.example/2'><em>{TITLED}</em></a>.</div>",
        f"<p>Sur le même sujet : <a href='vignes.html'>{TITLED}</a></p>",
    ],
)
def test_a_line_that_leads_to_another_article_of_the_site_is_no_paragraph(line):
    assert paragraphs(news_page(line).replace("<title>", f"{CANONICAL}<title>")) == [FIRST, LAST]


@pytest.mark.parametrize(
    "line",
    [
        f"<p>Le rapport : <a href='https://insee.example/r'>{TITLED}</a></p>",  # of another site
        "<p>Contact : <a href='/maire'>la mairie de Valmer</a></p>",
        f"<p>Le maire l’a dit dans son discours : <a href='/vignes'>{TITLED}</a></p>",
        f"<p>Lire aussi : <a href='/vignes'>{TITLED}</a>, a écrit la presse.</p>",
        "<p>À lire : <a href='#notes'>les notes de la fin de cet article</a></p>",
    ],
)
def test_a_line_that_says_more_or_leads_elsewhere_is_read(line):
    assert len(paragraphs(news_page(line))) == 3


@pytest.mark.parametrize(
    "quote",
    [
        "<aside class='x'><p>« Les conducteurs demandent trente embauches ; la direction en promet douze »</p></aside>",
        (
            "<figure><blockquote>La direction en promet douze, et un accord avant la fin de l'année</blockquote>"
            "<figcaption>Anne Petit</figcaption></figure>"
        ),
        "<blockquote><p>roulera jusqu’à minuit à partir du printemps, a décidé le conseil</p></blockquote>",
    ],
)
def test_a_sentence_that_is_set_once_more_as_a_pull_quote_is_read_once(quote):
    assert paragraphs(news_page(quote)) == [FIRST, LAST]


@pytest.mark.parametrize(
    "quote",
    [
        "<aside><p>Les conducteurs demandent trente embauches.</p></aside>",  # too short to be told from a label
        "<blockquote><p>Les conducteurs demandent quarante embauches et un accord avant l'été.</p></blockquote>",
    ],
)
def test_a_quote_that_says_something_of_its_own_is_read(quote):
    text = parse_html(news_page(quote)).text
    assert "embauches" in text.partition(FIRST)[2].partition(LAST)[0]


@pytest.mark.parametrize(
    "part",
    [
        f"<div><h2><a href='/port'>Le port</a></h2><p>{CONSENT}</p></div>",
        f"<section><h2><a href='#port'>Le port</a></h2></section><p>{CONSENT}</p>",
    ],
)
def test_a_part_whose_heading_leads_somewhere_is_read(part):
    text = parse_html(news_page(part)).text
    assert "Le port" in text
    assert CONSENT in text


@pytest.mark.parametrize("box", ["aside", "nav", "section class='related'", "div class='newsletter'"])
def test_a_box_whose_heading_goes_with_it_does_not_stop_the_reading(box):
    """What heads a box is taken out with it, and what stood in either is not looked at again."""
    links = "<ul><li><a href='/1'>Le pont Wilson ferme</a></li><li><a href='/2'>Les bus changent</a></li></ul>"
    inner = f"<{box}><h3>À lire aussi</h3>{links}<form><h4>Lettre</h4><input></form></{box.split()[0]}>"
    body = f"<h1>{TITLE}</h1><p>{FIRST}</p>{inner}<p>{LAST}</p>"
    assert paragraphs(f"<html><head><title>{TITLE}</title></head><body>{body}</body></html>") == [FIRST, LAST]
    assert paragraphs(news_page(inner)) == [FIRST, LAST]


LINKS = "<ul><li><a href='/1'>Le pont Wilson ferme</a></li><li><a href='/2'>Les bus changent de ligne</a></li></ul>"
BOXES = st.sampled_from([
    LINKS, TEASER, f"<h3>À lire aussi</h3>{LINKS}", "<form><h4>Lettre</h4><input></form>", "<h2>La suite</h2>",
    "<button>Partager</button>", "<p>Publicité</p>", f"<article>{TEASER}</article>", "<figure><img src='x'></figure>",
    "<div></div>", "<a href='/abo'>Abonnez-vous</a>", "<p>Voir : <a href='/x'><img src='y'></a></p>", "<aside></aside>",
    "<blockquote><cite>Anne :</cite> Le pont ferme.</blockquote>", f"<figure><blockquote>{FIRST}</blockquote></figure>",
])  # fmt: skip
NESTED = st.recursive(
    BOXES,
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag.split()[0]}>",
        st.sampled_from(
            ["div", "section", "aside", "nav", "header", "footer", "div class='related'", "div role='dialog'"]
        ),
        st.lists(inner, max_size=3),
    ),
    max_leaves=5,
)


@given(st.lists(NESTED, min_size=1, max_size=5), st.sampled_from(["article", "main", "div", "section"]))
def test_each_paragraph_of_an_article_is_read_whatever_stands_between_them(boxes, main):
    told = [f"{FIRST[:-1]}, pour la {number}e fois." for number in range(len(boxes) + 1)]
    body = "".join(f"<p>{one}</p>{box}" for one, box in zip(told, [*boxes, ""], strict=True))
    html = f"<html><head><title>{TITLE}</title></head><body><{main}><h1>{TITLE}</h1>{body}</{main}></body></html>"
    read = paragraphs(html)
    assert [one for one in read if one in told] == told
