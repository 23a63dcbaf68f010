"""Passages: exact, complete, within the embedder's limit, and cut where a reader would cut."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.index.chunking import split_article
from rag.language.sentences import split_sentences
from rag.values import Article, Block


def count_words(text):
    return len(text.split()) + 2  # as an embedder that adds a token at either end


def count_bytes(text):
    return len(text.encode()) + 2


def count_fourths(text):
    return -(-len(text) // 4) + 2


COUNTERS = st.sampled_from([count_words, count_bytes, count_fourths])
KINDS = st.sampled_from(["metadata", "title", "heading", "paragraph", "paragraph", "caption", None])
WORDS = st.sampled_from(
    ["Le", "chat", "dort.", "M.", "Pourquoi ?", "« Non. »", "lune,", "soir ;", "anti" * 9, "é", "日"]
)


@st.composite
def articles(draw):
    text = draw(st.sampled_from(["", " ", "\n"]))
    blocks = []
    for kind in draw(st.lists(KINDS, max_size=8)):
        stretch = " ".join(draw(st.lists(WORDS, min_size=1, max_size=30)))
        if kind is not None:
            blocks.append(Block(kind, len(text), len(text) + len(stretch)))
        text += stretch + draw(st.sampled_from(["\n\n", "\n", " "]))
    return make_article(text, blocks)


def make_article(text, blocks=(), language="fr"):
    return Article("0123456789abcdef", "Titre", text, language, blocks=tuple(blocks))


def blocks_of(text):
    """Each paragraph as a block; one that begins with # as a heading."""
    position = 0
    for paragraph in text.split("\n\n"):
        yield Block("heading" if paragraph.startswith("#") else "paragraph", position, position + len(paragraph))
        position += len(paragraph) + 2


def texts(text, maximum=200, target=600, count=count_words):
    article = make_article(text, blocks_of(text))
    return [passage.text for passage in split_article(article, count, maximum, target_characters=target)]


@settings(max_examples=300, deadline=None)
@given(articles(), COUNTERS, st.integers(8, 200), st.integers(1, 800))
def test_passages_are_exact_complete_in_order_and_within_the_limit(article, count, maximum, target):
    position = 0
    for passage in split_article(article, count, maximum, target_characters=target):
        assert passage.article == article.identifier
        assert passage.text == article.text[passage.start : passage.end] == passage.text.strip() != ""
        assert not article.text[position : passage.start].strip()
        assert count(passage.text) <= maximum
        position = passage.end
    assert not article.text[position:].strip()


@settings(deadline=None)
@given(articles(), COUNTERS)
def test_the_same_article_gives_the_same_passages(article, count):
    assert split_article(article, count, 50) == split_article(article, count, 50)


@settings(deadline=None)
@given(articles())
def test_passages_end_where_sentences_or_blocks_end(article):
    ends = {len(article.text.rstrip())}
    position = 0
    for block in (*article.blocks, Block("paragraph", len(article.text), len(article.text))):
        for start, stop in ((position, block.start), (block.start, block.end)):
            ends |= {start + end for _, end in split_sentences(article.text[start:stop], "fr")}
        position = block.end
    for passage in split_article(article, count_words, 1000):
        assert passage.end in ends


@settings(deadline=None)
@given(articles())
def test_no_passage_ends_with_a_heading_that_something_follows(article):
    headings = [block for block in article.blocks if block.kind in ("heading", "title", "metadata")]
    heading_ends = {block.end: block for block in headings if block.end - block.start < 60}
    follows = {b.start for b in article.blocks if b.kind in ("paragraph", "caption")}
    for passage in split_article(article, count_words, 1000):
        block = heading_ends.get(passage.end)
        if block is None:
            continue
        rest = article.text[passage.end :]
        following = passage.end + len(rest) - len(rest.lstrip())
        assert following not in follows


def test_a_heading_opens_the_passage_of_what_follows():
    assert texts("Un début.\n\n# Suite\n\nUn milieu.\n\n# Fin\n\nUne fin.") == [
        "Un début.",
        "# Suite\n\nUn milieu.",
        "# Fin\n\nUne fin.",
    ]


def test_a_heading_stays_with_a_sentence_that_has_to_be_cut():
    sentence = " ".join(f"mot{i}," for i in range(40)) + " fin."
    first, *others = texts("# Titre de partie\n\n" + sentence, maximum=20)
    assert first.startswith("# Titre de partie\n\nmot0,")
    assert others


def test_a_heading_that_nothing_follows_is_kept():
    assert texts("Une phrase.\n\n# Fin") == ["Une phrase.", "# Fin"]


def test_paragraphs_are_joined_up_to_the_target_and_parted_between_rather_than_within():
    paragraph = "Une phrase assez courte. Une autre phrase courte."
    text = "\n\n".join([paragraph] * 6)
    assert texts(text, target=2 * len(paragraph) + 30) == [f"{paragraph}\n\n{paragraph}"] * 3


def test_a_short_rest_joins_the_passage_before_it():
    text = "Une phrase de quelque longueur. " * 4
    assert texts(text.strip() + " Fin.", target=130) == [text.strip() + " Fin."]


def test_a_sentence_longer_than_the_target_stays_whole():
    sentence = "Le sommet de Londres a réuni les responsables de tous les pays alliés."
    assert texts(f"{sentence} {sentence}", target=20) == [sentence, sentence]


def test_a_sentence_too_long_is_cut_between_clauses_then_words_then_characters():
    assert texts("un deux trois quatre, cinq six sept huit neuf.", maximum=9) == [
        "un deux trois quatre,",
        "cinq six sept huit neuf.",
    ]
    assert texts("un deux trois quatre cinq six", maximum=5) == ["un deux trois", "quatre cinq six"]
    assert texts("abcdefghij", maximum=6, count=count_bytes) == ["abcd", "efgh", "ij"]


def test_an_embedder_that_counts_a_join_as_more_than_its_sentences_is_still_obeyed():
    def count(text):
        return len(text.split()) + 3 * text.count(". ")

    text = "Un deux trois. " * 20
    for passage in split_article(make_article(text), count, 11):
        assert count(passage.text) <= 11


def test_tokens_are_counted_about_once_per_sentence_and_passage():
    counted = []

    def count(text):
        counted.append(len(text))
        return count_words(text)

    text = "Une phrase de quelque longueur ici. " * 2000
    split_article(make_article(text), count, 256)
    assert sum(counted) < 4 * len(text)


def test_a_text_of_one_word_is_cut_in_linear_time():
    counted = []

    def count(text):
        counted.append(len(text))
        return count_fourths(text)

    passages = split_article(make_article("x" * 200_000), count, 100)
    assert "".join(passage.text for passage in passages) == "x" * 200_000
    assert sum(counted) < 3 * 200_000  # the target of 600 characters and 400 of a passage, for each passage


def test_where_nothing_parts_a_text_a_passage_uses_nearly_all_the_tokens_there_are():
    for word in ("x", "xy", "Wörter"):
        *passages, _ = split_article(make_article(word * 20_000), count_fourths, 500)
        assert all(430 <= count_fourths(passage.text) <= 500 for passage in passages)


def test_nothing_gives_nothing():
    assert split_article(make_article(" \n "), count_words, 10) == ()


@pytest.mark.parametrize(("maximum", "target"), [(0, 600), (10, 0)])
def test_limits_must_be_positive(maximum, target):
    with pytest.raises(ValueError, match="must be positive"):
        split_article(make_article("Un."), count_words, maximum, target_characters=target)


def test_a_limit_no_character_fits_is_a_mistake():
    with pytest.raises(ValueError, match="alone has more than 2 tokens"):
        split_article(make_article("Un."), count_bytes, 2)
