"""Lines between the paragraphs of an article that lead to another of the same site: "Lire aussi : …"."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rag.reading.block_collector import BLOCK_TAGS
from rag.reading.element_sizes import WORD, on_one_line

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_LONGEST_LABEL = 4  # words
_SHORTEST_TITLE = 5  # words; what is shorter is a place of the text, or an address
_SAYS_WHERE = './/link[@rel="canonical"]/@href | .//meta[@property="og:url"]/@content'


def take_out_teasers(part: Element) -> None:
    """Take out the lines of a part of a page that are but a label and the linked title of another page of the site.

    Args:
        part: of a page; it is changed.
    """
    hosts = {urlsplit(one).netloc for one in part.getroottree().xpath(_SAYS_WHERE)} | {""}
    for line in list(part.iter("p", "div")):
        if line is not part and _is_teaser(line, hosts):
            line.drop_tree()


def _is_teaser(line: Element, hosts: set[str]) -> bool:
    links = [one for one in line.iter("a") if one.get("href")]
    if len(links) != 1 or any(one.tag in BLOCK_TAGS for one in line.iterdescendants()):
        return False
    address, title = links[0].get("href"), on_one_line(links[0])
    label, _, behind = on_one_line(line).partition(title) if title else ("", "", "")
    site = urlsplit(address).netloc in hosts and not address.startswith(("#", "mailto:", "tel:"))
    short = label.rstrip().endswith(":") and len(WORD.findall(label)) <= _LONGEST_LABEL
    return site and short and len(WORD.findall(title)) >= _SHORTEST_TITLE and not WORD.search(behind)
