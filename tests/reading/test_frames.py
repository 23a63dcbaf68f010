"""What a frame of a saved page shows is read where it is the article; a page that holds none is told."""

from __future__ import annotations

import base64
from html import escape
from urllib.parse import quote

import pytest
from support.documents import web_archive
from support.news_page import FIRST, LAST, news_page

from rag.errors import ArticleError
from rag.reading import read_article
from rag.reading.web_page import parse_html

INNER = news_page("<p hidden>caché</p>")
AROUND = "<html><head><title>Le Courrier</title></head>{}</html>"
FRAMES = {
    "an attribute": f'<body><iframe srcdoc="{escape(INNER)}"></iframe></body>',
    "an address": f"<body><iframe src='data:text/html;charset=utf-8,{quote(INNER)}'></iframe></body>",
    "base64": f"<body><iframe src='data:text/html;base64,{base64.b64encode(INNER.encode()).decode()}'></iframe></body>",
    "one in another": '<body><iframe srcdoc="{}"></iframe></body>'.format(escape(f'<iframe srcdoc="{escape(INNER)}">')),
}


@pytest.mark.parametrize("frame", FRAMES)
def test_the_page_in_a_frame_is_read_where_it_is_the_larger_part(frame):
    text = parse_html(AROUND.format(FRAMES[frame])).text
    assert FIRST in text
    assert LAST in text
    assert "caché" not in text


def test_a_smaller_page_in_a_frame_is_not_read():
    small = "<iframe srcdoc='<p>Abonnez-vous dès demain !</p>'></iframe>"
    assert "Abonnez" not in parse_html(news_page(small)).text


@pytest.mark.parametrize(
    ("frame", "called"),
    [
        ("<body><iframe src='cid:f1@saved'></iframe></body>", "Content-ID: <f1@saved>"),
        ("<frameset><frame src='https://a.fr/t.html'></frameset>", "Content-Location: https://a.fr/t.html"),
        ("<frameset><frameset><frame src='cid:f2'></frameset></frameset>", "Content-ID: <f2>"),
    ],
)
def test_a_frame_of_a_web_archive_shows_another_of_its_parts(tmp_path, frame, called):
    page = web_archive(AROUND.format(frame).encode()).decode()
    part = f"Content-Type: text/html; charset=utf-8\r\n{called}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    part += base64.b64encode(INNER.encode()).decode()
    (tmp_path / "page.mhtml").write_text(page.replace("----x--", f"----x\r\n{part}\r\n----x--"), newline="")
    text = read_article(tmp_path / "page.mhtml").text
    assert FIRST in text
    assert LAST in text


@pytest.mark.parametrize(
    "rest", ["<iframe src='https://a.fr/article'></iframe>", "<div id='app'></div>", "<script></script>"]
)
def test_a_page_that_holds_nothing_but_its_title_is_told(rest):
    with pytest.raises(ArticleError, match="nothing but a title") as caught:
        parse_html(AROUND.format(f"<body><h1>Le tramway roulera tard</h1>{rest}</body>"))
    assert caught.value.remedy
