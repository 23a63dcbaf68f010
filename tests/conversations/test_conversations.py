import json
import multiprocessing
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from dataclasses import replace

import pytest

from rag.conversations import Conversations, KeptTurn
from rag.conversations.database import FILE, find_damage, searchable
from rag.errors import LibraryError
from rag.values import Answer, Citation, Hit, Passage, Quote, Sentence, Timings

ANN, BOB = "a" * 32, "b" * 32

ANSWER = Answer(
    question="Où se réunissent-ils ?",
    text="À Londres, le jeudi. <b>Oui</b>",
    refused=False,
    model="quotes",
    sentences=(Sentence("À Londres, le jeudi.", (1,), "partly", ("20",), 0, 20),),
    citations=(Citation(1, "abc", "Un *titre*", 3, 9, "le jeudi"),),
    hits=(Hit(Passage("abc", 0, 12, "x le jeudi y"), "Un *titre*", 0.5, 0.25, 3.0),),
    nearest=(Quote("abc", "Un *titre*", 3, 9, "le jeudi", 0.5),),
    searched="réunion Londres",
    language="fr",
    notices=("Aucun modèle.",),
    unknown_marks=2,
    timings=Timings(0.1, 0.2, 0.3),
)
TURN = KeptTurn("Où se réunissent-ils ?", ANSWER, whole_article=True, rating="down", reason="trop court")


@pytest.fixture
def kept(tmp_path):
    conversations = Conversations(tmp_path / "deep" / "conversations")
    yield conversations
    conversations.close()


def begin(kept, reader=ANN, title="Où ?", **more):
    return kept.begin(reader, title, library="exemple", **more)


def test_what_was_saved_comes_back_equal_from_another_opening(kept, tmp_path):
    identifier = begin(kept, article="abc")
    failed = KeptTurn("Et puis ?", problem=("Cassé.", "rag verify"))
    kept.save(ANN, identifier, 0, TURN)
    kept.save(ANN, identifier, 1, failed)
    again = Conversations(tmp_path / "deep" / "conversations")
    assert again.turns(ANN, identifier) == (TURN, failed)
    assert again.summary(ANN, identifier).article == "abc"
    again.close()


def stored(folder, change):
    """Let another version have written the only turn of the file: ``change`` is given it and returns it."""
    with closing(sqlite3.connect(folder / "deep" / "conversations" / FILE)) as database, database:
        turn = json.loads(database.execute("SELECT turn FROM turns").fetchone()[0])
        database.execute("UPDATE turns SET turn = ?", (json.dumps(change(turn)),))


def without(turn, *place):
    *around, last = place
    part = turn
    for step in around:
        part = part[step]
    del part[last]
    return turn


def given(turn, value, *place):
    *around, last = place
    part = turn
    for step in around:
        part = part[step]
    part[last] = value
    return turn


def answered(**changes):
    return replace(TURN, answer=replace(ANSWER, **changes))


OTHER_VERSIONS = {
    "lacks a list": (lambda turn: without(turn, "answer", "nearest"), answered(nearest=())),
    "lacks a whole record": (lambda turn: without(turn, "answer", "timings"), answered(timings=Timings())),
    "lacks the problem": (lambda turn: without(turn, "problem"), TURN),
    "knows more of a turn": (lambda turn: given(turn, "new", "mood"), TURN),
    "knows more of a hit": (lambda turn: given(turn, "new", "answer", "hits", 0, "passage", "mood"), TURN),
    "knows more of a sentence": (lambda turn: given(turn, [3], "answer", "sentences", 0, "span"), TURN),
    "has another verdict": (
        lambda turn: given(turn, "perhaps", "answer", "sentences", 0, "supported"),
        answered(sentences=(replace(ANSWER.sentences[0], supported="unchecked"),)),
    ),
    "lacks what a hit cannot do without": (
        lambda turn: without(turn, "answer", "hits", 0, "passage", "text"), answered(hits=())
    ),
    "has another kind of citation": (lambda turn: given(turn, 7, "answer", "citations", 0), answered(citations=())),
    "counts in words": (lambda turn: given(turn, "two", "answer", "unknown_marks"), answered(unknown_marks=0)),
    "lacks the answer's text": (lambda turn: without(turn, "answer", "text"), replace(TURN, answer=None)),
    "lacks the question": (lambda turn: without(turn, "question"), KeptTurn("")),
}  # fmt: skip


@pytest.mark.parametrize("kind", OTHER_VERSIONS)
def test_what_another_version_wrote_is_read_as_far_as_it_is_known(kept, tmp_path, kind):
    change, read = OTHER_VERSIONS[kind]
    identifier = begin(kept)
    kept.save(ANN, identifier, 0, TURN)
    kept.close()
    stored(tmp_path, change)
    assert kept.turns(ANN, identifier) == (read,)


FIRST_VERSION = {
    "question": "Et l’accord ?",
    "answer": {
        "question": "Et l’accord ?",
        "text": "L’accord [1] tient. [2] La note [3] le dit [1].\n\nÀ su",
        "refused": False,
        "model": "petit",
        "sentences": [
            {"text": "L’accord tient.", "citations": [1, 2], "supported": "yes", "missing": []},
            {"text": "La note [3] le dit.", "citations": [1], "supported": "no", "missing": []},
        ],
        "citations": [
            {"n": 1, "article": "abc", "title": "Titre", "start": 3, "end": 9, "quote": "accord"},
            {"n": 2, "article": "abc", "title": "Titre", "start": 13, "end": 18, "quote": "tient"},
        ],
        "hits": [],
        "searched": "",
        "language": "fr",
        "notices": [],
        "unknown_marks": 0,
        "stopped": True,
        "timings": {"retrieve_s": 0.1, "first_token_s": 0.2, "total_s": 0.3},
    },
    "whole_article": False,
    "problem": ["", ""],
    "rating": "",
    "reason": "",
}
"""What the first version wrote: marks in the text, no offsets of sentences, and nothing of what came later."""


def test_what_the_first_version_kept_is_read_and_found(kept, tmp_path):
    identifier = begin(kept)
    kept.save(ANN, identifier, 0, KeptTurn("?"))
    kept.close()
    stored(tmp_path, lambda _: FIRST_VERSION)
    with closing(sqlite3.connect(tmp_path / "deep" / "conversations" / FILE)) as database, database:
        database.execute("UPDATE turns SET folded = 'et l’accord ? l’accord [1] tient.'")
        database.execute("PRAGMA user_version = 0")
    (turn,) = kept.turns(ANN, identifier)
    answer = turn.answer
    assert answer.text == "L’accord tient. La note [3] le dit.\n\nÀ su"
    assert [answer.text[one.start : one.end] for one in answer.sentences] == [one.text for one in answer.sentences]
    assert [citation.quote for citation in answer.citations] == ["accord", "tient"]
    for query in ("l'accord tient", "l’accord", "note"):
        assert kept.listed(ANN, query), query
    said = "L’accord tient. [1] [2] La note \\[3\\] le dit. [1] (non appuyée sur l’article)\n\nÀ su"
    assert said in kept.as_markdown(ANN, identifier)
    kept.close()
    assert kept.turns(ANN, identifier) == (turn,)


def test_a_turn_is_replaced_not_repeated(kept):
    identifier = begin(kept)
    for text in ("À", "À Londres", "À Londres."):
        kept.save(ANN, identifier, 0, KeptTurn("?", Answer("?", text, False, "m", stopped=True)))
    assert [turn.answer.text for turn in kept.turns(ANN, identifier)] == ["À Londres."]


def test_no_reader_sees_changes_or_deletes_what_belongs_to_another(kept):
    identifier = begin(kept)
    kept.save(ANN, identifier, 0, TURN)
    assert kept.listed(BOB) == ()
    for look in (kept.turns, kept.summary, kept.as_json, kept.as_markdown):
        with pytest.raises(LibraryError):
            look(BOB, identifier)
    kept.save(BOB, identifier, 0, KeptTurn("volé"))
    kept.rename(BOB, identifier, "volé")
    kept.delete(BOB, identifier)
    assert kept.turns(ANN, identifier) == (TURN,)
    assert kept.summary(ANN, identifier).title == "Où ?"


def test_the_list_is_latest_first_and_counts_turns(kept):
    first, second = begin(kept, title="un"), begin(kept, title="deux")
    kept.save(ANN, second, 0, TURN)
    kept.save(ANN, first, 0, TURN)
    kept.save(ANN, first, 1, TURN)
    assert [(found.title, found.turns) for found in kept.listed(ANN)] == [("un", 2), ("deux", 1)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 2), ("londres", 1), ("LONDRES jeudi", 1), ("a londres", 1), ("reunissent", 1), ("paris", 0), ("%", 0),
        ("_", 0), ("second", 1), ("londres second", 0), ("'; DROP TABLE turns", 0),
    ],
)  # fmt: skip
def test_search_wants_every_word_without_accents_or_case(kept, query, found):
    kept.save(ANN, begin(kept), 0, TURN)
    kept.save(ANN, begin(kept, title="Le second"), 0, KeptTurn("Pourquoi ?"))
    assert len(kept.listed(ANN, query)) == found


def test_deleting_erases_the_words_from_the_file(kept, tmp_path):
    identifier = begin(kept)
    kept.save(ANN, identifier, 0, KeptTurn("Un secret introuvable ?"))
    kept.delete(ANN, identifier)
    kept.save(ANN, identifier, 1, TURN)  # an answer that was still under way
    assert kept.listed(ANN) == ()
    kept.close()
    assert b"introuvable" not in (tmp_path / "deep" / "conversations" / FILE).read_bytes()


def test_the_file_is_its_owner_s_alone(kept, tmp_path):
    begin(kept)
    folder = tmp_path / "deep" / "conversations"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600


def test_titles_are_one_bounded_line(kept):
    identifier = begin(kept, title="mot " * 100)
    assert len(kept.summary(ANN, identifier).title) <= 80
    kept.rename(ANN, identifier, "  Un\nnouveau  titre ")
    assert kept.summary(ANN, identifier).title == "Un nouveau titre"
    kept.rename(ANN, identifier, " ")
    assert kept.summary(ANN, identifier).title == "Un nouveau titre"


def test_json_holds_everything(kept):
    identifier = begin(kept)
    kept.save(ANN, identifier, 0, TURN)
    whole = json.loads(kept.as_json(ANN, identifier))
    assert whole["turns"][0]["answer"]["citations"][0] == {
        "n": 1, "article": "abc", "title": "Un *titre*", "start": 3, "end": 9, "quote": "le jeudi", "page": 0,
    }  # fmt: skip
    assert whole["turns"][0]["reason"] == "trop court"


def test_markdown_cites_and_acts_on_nothing(kept):
    identifier = begin(kept)
    kept.save(ANN, identifier, 0, TURN)
    text = kept.as_markdown(ANN, identifier)
    assert "## Où se réunissent-ils ?" in text
    assert "À Londres, le jeudi. [1] (appuyée en partie seulement sur l’article\u00a0: 20) \\<b\\>Oui\\</b\\>" in text
    assert "1. Un \\*titre\\* (signes 3-9)\u00a0: «\u00a0le jeudi\u00a0»" in text


def test_each_line_of_an_answer_is_a_paragraph_of_markdown(kept):
    identifier = begin(kept)
    told = replace(ANSWER, text="« Un. »\n« Deux. »", sentences=(), words=())
    kept.save(ANN, identifier, 0, replace(TURN, answer=told))
    assert "« Un. »\n\n« Deux. »\n" in kept.as_markdown(ANN, identifier)


def test_markdown_says_what_a_reader_of_the_page_is_told(kept):
    identifier = begin(kept)
    supported = tuple(replace(sentence, supported="yes", missing=()) for sentence in ANSWER.sentences)
    told = replace(ANSWER, sentences=supported, words=((2, 9),), confidence="likely", notices=("Relisez.",))
    kept.save(ANN, identifier, 0, replace(TURN, answer=told))
    text = kept.as_markdown(ANN, identifier)
    assert "À **Londres**, le jeudi. [1]" in text
    assert "Relisez." in text
    assert "Confiance moyenne." in text
    assert "Lue aussi avec la question précédente." in text
    kept.save(ANN, identifier, 0, replace(TURN, answer=replace(told, searched=TURN.question, model="ministral")))
    assert "question précédente" not in kept.as_markdown(ANN, identifier)
    assert "Confiance moyenne." in kept.as_markdown(ANN, identifier)


@pytest.mark.parametrize(
    ("verdict", "missing", "language", "said"),
    [
        ("no", ("13 *juin*",), "fr", "Le 13 *juin*. [1] (non appuyée sur l’article\u00a0: 13 *juin*)"),
        ("contradicted", (), "en", "Le 13 *juin*. [1] (contradicted by the article)"),
        ("partly", ("13", "juin"), "en", "Le 13 *juin*. [1] (only partly supported by the article: 13, juin)"),
    ],
)
def test_a_sentence_that_the_article_does_not_say_is_never_taken_away_without_its_verdict(
    kept, verdict, missing, language, said
):
    identifier = begin(kept)
    sentence = Sentence("Le 13 *juin*.", (1,), verdict, missing, 0, 13)
    told = replace(ANSWER, text=sentence.text, sentences=(sentence,), language=language, confidence="sure")
    kept.save(ANN, identifier, 0, replace(TURN, answer=told))
    text = kept.as_markdown(ANN, identifier)
    assert said.replace("*", "\\*") in text
    assert "onfiden" not in text
    assert "onfiance" not in text


@pytest.mark.parametrize(
    ("language", "said"),
    [("fr", "(non appuyée sur les articles)"), ("en", "(not supported by the articles)"), ("de", "by the articles)")],
)
def test_the_verdict_on_a_sentence_names_the_articles_where_several_were_asked(kept, language, said):
    identifier = begin(kept)
    sentence = Sentence("Le 13 juin.", (1,), "no", (), 0, 12)
    one = ANSWER.hits[0]
    hits = (one, replace(one, passage=replace(one.passage, article="another")))
    told = replace(ANSWER, text=sentence.text, sentences=(sentence,), hits=hits, language=language)
    kept.save(ANN, identifier, 0, replace(TURN, answer=told))
    assert said in kept.as_markdown(ANN, identifier)


def test_words_of_an_answer_that_is_doubtful_do_not_stand_out_in_what_is_taken_away(kept):
    identifier = begin(kept)
    supported = tuple(replace(sentence, supported="yes", missing=()) for sentence in ANSWER.sentences)
    doubtful = replace(ANSWER, sentences=supported, words=((2, 9),), confidence="unsure")
    kept.save(ANN, identifier, 0, replace(TURN, answer=doubtful))
    assert "À Londres, le jeudi. [1]" in kept.as_markdown(ANN, identifier)
    assert "Confiance faible." in kept.as_markdown(ANN, identifier)


def _crash(folder, reader, identifier):
    conversations = Conversations(folder)
    conversations.save(reader, identifier, 0, KeptTurn("?", Answer("?", "Un début", False, "", stopped=True)))
    os._exit(9)


def test_a_process_that_dies_in_mid_answer_loses_nothing(kept, tmp_path):
    identifier = begin(kept)
    process = multiprocessing.get_context("spawn").Process(
        target=_crash, args=(tmp_path / "deep" / "conversations", ANN, identifier)
    )
    process.start()
    process.join(60)
    assert process.exitcode == 9
    assert kept.turns(ANN, identifier)[0].answer.text == "Un début"


def test_a_damaged_file_is_a_sentence(tmp_path):
    (tmp_path / FILE).write_bytes(b"not a database, whatever it is called" * 50)
    with pytest.raises(LibraryError, match="cannot be read"):
        Conversations(tmp_path).listed(ANN)


def foreign(path):
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE notes (text)")


def garbled(path):
    """Damage a word of the file's own description, so that SQLite's sentence about it is no text."""
    conversations = Conversations(path.parent)
    begin(conversations)
    conversations.close()
    path.write_bytes(path.read_bytes().replace(b"reader TEXT NOT NULL", b"reader TEXT NOT \xceULL"))


def same_names(path):
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript("CREATE TABLE conversations (text); CREATE TABLE turns (text);")


def without_tables(path):
    with closing(sqlite3.connect(path)) as database:
        database.executescript("VACUUM; PRAGMA user_version = 7;")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda path: path.write_bytes(b""), "the file is empty"),
        (lambda path: path.write_bytes(b"S"), "the file is no database"),
        (lambda path: path.write_bytes(b"a text of somebody else's\n" * 400), "the file is no database"),
        (foreign, "the file is another program's"),
        (same_names, "the file is another program's"),
        (without_tables, "the file is another program's"),
        (garbled, "its description is damaged"),
    ],
    ids=["empty", "one byte", "a text", "foreign", "names of ours", "no tables", "garbled"],
)
def test_a_file_that_is_not_ours_is_refused_and_stays_as_it_is(tmp_path, spoil, why):
    path = tmp_path / FILE
    assert find_damage(tmp_path) == ""
    spoil(path)
    content = path.read_bytes()
    for _ in range(2):
        conversations = Conversations(tmp_path)
        with pytest.raises(LibraryError, match=rf"cannot be read or written \({why}\)"):
            begin(conversations)
        with pytest.raises(LibraryError, match=rf"cannot be read or written \({why}\)"):
            conversations.listed(ANN)
    assert find_damage(tmp_path) == why
    assert path.read_bytes() == content
    assert {one.name for one in tmp_path.iterdir()} <= {FILE, f"{FILE}-wal", f"{FILE}-shm"}


def test_a_sound_file_has_no_damage_and_what_a_process_that_died_began_is_gone(kept, tmp_path):
    folder = tmp_path / "deep" / "conversations"
    folder.mkdir(parents=True)
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    (folder / f"conversations.{int(gone.stdout)}-1.part").write_bytes(b"")
    identifier = begin(kept)
    kept.save(ANN, identifier, 0, TURN)
    assert find_damage(folder) == ""
    assert not list(folder.glob("*.part*"))
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("text", "folded"),
    [(" Où  ÉTAIT-il\u202f? ", "ou etait-il ?"), ("L’œuvre", "l'oeuvre"), ("ﬁn\u00ad\n du jour", "fin du jour")],
)
def test_what_is_searched_has_no_accents_no_capitals_and_single_spaces(text, folded):
    assert searchable(text) == folded == searchable(folded)


@pytest.mark.parametrize("turn", ["", "{", "[" * 100_000, "null", "3", '"x"', "[]", '{"question": 5}'])
def test_a_turn_that_is_no_turn_leaves_the_others(kept, tmp_path, turn):
    identifier = begin(kept)
    kept.save(ANN, identifier, 0, TURN)
    kept.save(ANN, identifier, 1, TURN)
    with closing(sqlite3.connect(tmp_path / "deep" / "conversations" / FILE)) as database, database:
        database.execute("UPDATE turns SET turn = CAST(? AS TEXT) WHERE number = 0", (turn,))
    first, second = kept.turns(ANN, identifier)
    assert (first.answer, second) == (None, TURN)
