"""The things that flow from an article to an answer: frozen dataclasses, no behaviour beyond what they are.

Offsets are the currency: they count characters (code points) of ``Article.text``, start included, end excluded, so
``article.text[passage.start:passage.end] == passage.text`` holds for every passage, hit, citation and block.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]  # (rows, dimensions)
Vector = npt.NDArray[np.float32]  # (dimensions,)

BlockKind = Literal["metadata", "title", "heading", "paragraph", "caption"]
Verdict = Literal["yes", "partly", "no", "contradicted", "unchecked"]
Confidence = Literal["", "unsure", "likely", "sure"]  # that the article answers; empty where nothing was asked of it

LONGEST_QUESTION = 2000  # characters; more is a text, and all that is done with a question takes its time for each word
PROGRAM_MODEL = "program"  # ``Answer.model`` where the program speaks for itself and no model was asked
QUOTES_MODEL = "quotes"  # what answers without a language model: ``Answer.model`` where the article's own sentences do


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of an article with one role: its title, a heading, a paragraph, a caption, a metadata line."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0  # of a heading: 1 to 6
    pages: tuple[tuple[int, int], ...] = ()  # from which offset on it is on which page, from 1; empty without pages

    def __post_init__(self) -> None:  # JSON gives lists back
        object.__setattr__(self, "pages", tuple((offset, page) for offset, page in self.pages))


@dataclass(frozen=True, slots=True)
class Article:
    r"""One text as it was read.

    Attributes:
        identifier: the first 16 hexadecimal digits of the SHA-256 of ``text`` in UTF-8: same text, same article.
        text: the exact text. For a ``.txt`` file, the file's own characters with line ends as ``\n``.
        blocks: what each stretch of the text is, in order, without overlap; white space may lie between them.
        date: as it stands in the article, ISO where it could be told; empty if unknown.
        language: ISO 639-1 code.
        source: the file's name (never its folder).
        author, publisher: as the file states them beside its text; empty where it does not.
    """

    identifier: str
    title: str
    text: str
    language: str
    date: str = ""
    source: str = ""
    blocks: tuple[Block, ...] = ()
    author: str = ""
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one article, short enough for the embedder, that begins and ends with a sentence or a heading."""

    article: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as a library lists it, without its text."""

    identifier: str
    title: str
    date: str
    language: str
    source: str
    characters: int
    passages: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question.

    Attributes:
        score: what the hits are ranked by; larger is better; comparable within one question only.
        dense, lexical: cosine, and BM25 of stems, 0 when no word is shared; of merged passages, the largest.
        number: of the passage of the prompt that holds it; 0 where the model was not shown it.
    """

    passage: Passage
    title: str
    score: float
    dense: float
    lexical: float
    number: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of an article, or a short run of them.

    Attributes:
        score: the probability that it answers the question, in [0, 1].
        words: offsets in the article of the words that answer; equal where none were told.
    """

    article: str
    title: str
    start: int
    end: int
    text: str
    score: float
    words: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for the article answering the question, measured before any model is called.

    Attributes:
        quotes: the sentences that answer best, best first.
        features: name → value of each measure.
        probability: that the article answers the question, in [0, 1].
        sufficient: whether that reaches the ``threshold``; when not, the question is refused.
        confidence: the probability in three steps; the reader of an answer that is unsure is to be warned.
    """

    quotes: tuple[Quote, ...]
    features: dict[str, float]
    probability: float
    sufficient: bool
    confidence: Confidence = ""
    threshold: float = 0.5


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and the answer that was given, as the next question sees them."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a chat model is given, in the order that keeps its beginning the same from question to question.

    Attributes:
        system: the instructions, then the passages, numbered and fenced as data.
        shown: ``shown[i]`` is the passage numbered ``i + 1``; hits that follow each other in an article are one.
        history: earlier turns, oldest first, as far as they fit.
        question, searched: as it was asked, and with the question before it where it was searched so.
        language: ISO 639-1 code of the question.
        whole_article: whether every passage of the article is in ``shown``.
        left_out: number of passages and of turns that did not fit.
        answer_tokens: room kept for the answer, in the model's tokens.
        quotes: the sentences that answer best, best first, for a model that only quotes.
        quotes_ordered: whether all of the quotes are to be shown, in their order, as for an overview.
        continued: the same as one text to go on from; empty where ``shown`` are whole passages.
        refused_above: log-odds of a refusal from which the model that goes on from ``continued`` refuses.
    """

    system: str
    shown: tuple[Hit, ...]
    history: tuple[Turn, ...]
    question: str
    searched: str
    language: str
    whole_article: bool = False
    left_out: tuple[int, int] = (0, 0)
    answer_tokens: int = 512
    quotes: tuple[Quote, ...] = ()
    quotes_ordered: bool = False
    continued: str = ""
    refused_above: float = 0.0

    def messages(self) -> list[dict[str, str]]:
        """Return the prompt as chat messages: system, then the turns, then the question."""
        turns = [said for turn in self.history for said in (("user", turn.question), ("assistant", turn.answer))]
        messages = (("system", self.system), *turns, ("user", self.question))
        return [{"role": role, "content": content} for role, content in messages]


@dataclass(frozen=True, slots=True)
class Citation:
    """Exact characters of an article that an answer rests on; ``n`` is the number the reader sees."""

    n: int
    article: str
    title: str
    start: int
    end: int
    quote: str
    page: int = 0  # on which it begins; 0 where there are none


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer.

    Attributes:
        text: without citation marks; ``answer.text[start:end]``.
        citations: the numbers cited, in order.
        supported: the verdict of the check.
        start, end: offsets in the text of the answer.
        missing: as they stand in the sentence, its facts that the article does not hold; of a contradicted sentence,
            those that the cited text does not hold.
        struck: whether it does not stand: it is shown struck out, and what the article says comes after it.
        quoted: whether it is the article's own words, and no model's.
    """

    text: str
    citations: tuple[int, ...] = ()
    supported: Verdict = "unchecked"
    missing: tuple[str, ...] = ()
    start: int = 0
    end: int = 0
    struck: bool = False
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds from the question: to the end of retrieval, to the first token, to the end."""

    retrieve_s: float = 0.0
    first_token_s: float = 0.0
    total_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a language model read and wrote for an answer, in its tokens; ``reused`` ones it had read before."""

    prompt: int = 0
    reused: int = 0
    answer: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer, complete in itself: what is printed and kept.

    Attributes:
        text: without citation marks; ``text[one.start:one.end] == one.text`` for each of the sentences.
        hits: what was found, best first, and as which passage the model was shown it.
        words: where in ``text`` the words stand that answer, where it quotes them.
        nearest: of a refused question, what the article says that is closest.
        notices: sentences for the reader about this answer: that it is doubtful, what was left out.
        advice: sentences for the reader about the program: what is not installed; once is enough.
        confidence, probability: that the article answers the question; empty, 0 where that was not judged.
        unknown_marks: how many citation numbers the model made up; they were removed.
        from_evidence: whether the model was given the sentences that answer best and not the article or passages.
        tokens: zeros where no language model on this machine answered.
    """

    question: str
    text: str
    refused: bool
    model: str
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    nearest: tuple[Quote, ...] = ()
    searched: str = ""
    language: str = ""
    notices: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    confidence: Confidence = ""
    probability: float = 0.0
    unknown_marks: int = 0
    from_evidence: bool = False
    words: tuple[tuple[int, int], ...] = ()
    stopped: bool = False
    timings: Timings = field(default_factory=Timings)
    tokens: Tokens = field(default_factory=Tokens)

    @property
    def only_quotes(self) -> bool:
        """Whether what stands is the article's own words alone."""
        return self.model == QUOTES_MODEL or all(one.quoted for one in self.sentences if not one.struck)

    def marked_text(self, *, marks: bool = True) -> str:
        """Return what stands, the numbers of its citations after each sentence: "Le port rouvre samedi. [1]"."""
        written, done = [], 0
        for sentence in self.sentences:
            if not sentence.struck:
                numbers = "".join(f" [{n}]" for n in sentence.citations) if marks else ""
                written += [self.text[done : sentence.end], numbers]
            done = sentence.end
        return "".join([*written, self.text[done:]]).strip()
