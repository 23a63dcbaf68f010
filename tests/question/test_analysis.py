"""What kind of answer a question wants, and which sentences hold one: in French and in English."""

from __future__ import annotations

import pytest

from rag.language.detection import detect_language
from rag.language.words import fold
from rag.question.analysis import analyse_question
from rag.question.answer_kinds import asks_in_vain, holds_answer_kind, wanted_kinds

WANTED = {
    "Qui a signé l'accord ?": "person",
    "qui préside la commission": "person",
    "À qui la médaille a-t-elle été remise ?": "person",
    "Avec qui le ministre a-t-il parlé ?": "person",
    "Par qui le pont a-t-il été dessiné ?": "person",
    "Quel est le nom du maire ?": "person",
    "Who signed the agreement?": "person",
    "Whose idea was it?": "person",
    "By whom was the bridge designed?": "person",
    "Quand le port a-t-il rouvert ?": "date",
    "Depuis quand la route est-elle fermée ?": "date",
    "Jusqu'à quand le musée reste-t-il ouvert ?": "date",
    "En quelle année le pont a-t-il été construit ?": "date",
    "À quelle date le vote a-t-il lieu ?": "date",
    "Quel jour le sommet se tient-il ?": "date",
    "When did the harbour reopen?": "date",
    "In which year was the bridge built?": "date",
    "What day is the summit?": "date",
    "Où se tient le sommet ?": "place",
    "où vont-ils": "place",
    "D'où viennent les pierres ?": "place",
    "Dans quelle ville le congrès a-t-il lieu ?": "place",
    "Dans quel pays le fleuve se jette-t-il ?": "place",
    "Where is the summit held?": "place",
    "In which city does the congress take place?": "place",
    "Combien de pays ont signé ?": "quantity",
    "Combien de personnes vivent ici ?": "quantity",
    "Quelle est la population de la ville ?": "quantity",
    "Quelle est la hauteur du phare ?": "quantity",
    "Quel est le nombre de blessés ?": "quantity",
    "How many countries signed?": "quantity",
    "How tall is the lighthouse?": "quantity",
    "How old is the mayor?": "quantity",
    "What is the population of the town?": "quantity",
    "Combien coûte la digue ?": "money",
    "Combien le chantier a-t-il coûté ?": "money",
    "Combien la région a-t-elle payé ?": "money",
    "Quel est le prix du billet ?": "money",
    "Quel est le budget de la ville ?": "money",
    "How much does the ticket cost?": "money",
    "How much was the player paid?": "money",
    "What is the price of a ticket?": "money",
    "Combien de temps dure le trajet ?": "duration",
    "Depuis combien de jours la route est-elle fermée ?": "duration",
    "Quelle est la durée du bail ?": "duration",
    "How long does the journey take?": "duration",
    "Pourquoi le phare est-il fermé ?": "reason",
    "Pour quelle raison le vote est-il reporté ?": "reason",
    "Quel est l'objectif de la réforme ?": "reason",
    "Quelle est la cause de l'incendie ?": "reason",
    "Why is the lighthouse closed?": "reason",
    "What caused the fire?": "reason",
    "What is the aim of the reform?": "reason",
    "Quand et où les ministres se réunissent-ils ?": "date place",
    "Où et quand le festival a-t-il lieu ?": "date place",
    "When and where do they meet?": "date place",
    "Qui a signé, et pourquoi ?": "person reason",
}
UNTOLD = """
Que dit la Russie ?
Qu'a répondu le porte-parole ?
Que peuvent apporter les autres pays ?
Comment fonctionne la pompe ?
Le port est-il ouvert ou fermé ?
Est-ce que le maire viendra ?
Résume l'article.
What does Russia say?
What did the spokesman answer?
How does the pump work?
Is the harbour open?
""".strip().splitlines()


@pytest.mark.parametrize(("question", "kinds"), WANTED.items())
def test_the_kind_of_answer_a_question_wants(question, kinds):
    assert wanted_kinds(question) == set(kinds.split())


@pytest.mark.parametrize("question", UNTOLD)
def test_a_question_that_may_have_any_answer_wants_no_kind(question):
    assert wanted_kinds(question) == set()


@pytest.mark.parametrize("question", WANTED)
def test_case_and_the_form_of_the_apostrophe_change_nothing(question):
    assert wanted_kinds(question.upper()) == wanted_kinds(question.replace("'", "’")) == wanted_kinds(question)


HELD = {
    "date": "Le port a rouvert le 14 juin. | Il ferme samedi. | Bâti en 1894. | It reopened in March. | "
    "C'était hier. | Le train part à 18 h 30. | Au XIXe siècle, il servait encore.",
    "quantity": "Plus de 30 pays ont signé. | Trente pays ont signé. | La moitié des élus a voté. | "
    "Dozens of ships came. | Aucune voiture ne passe.",
    "money": "Il a coûté 4,2 millions d'euros. | Le billet est à 12 €. | L'entrée est gratuite. | "
    "It cost 30 dollars. | They paid £5.",
    "duration": "Le trajet dure trois heures. | Il a vécu là vingt ans. | Elle dure une semaine. | It took two years.",
    "reason": "Il est fermé parce que le gardien est malade. | La route est coupée en raison d'un éboulement. | "
    "It is closed because of the storm. | Ils négocient afin d'obtenir une trêve.",
    "place": "Le sommet se tient à Genève. | Il vient de la Meuse. | They met in London. | Elle vit au Royaume-Uni.",
    "person": "La maire, Nadège Corbin, a signé. | The mayor, Jane Doe, signed.",
}
MISSING = {
    "date": "Le port a rouvert sans cérémonie. | La digue mesure 310 mètres. | The harbour is open.",
    "quantity": "Des pays ont signé. | Le vent souffle. | Ships came.",
    "money": "Le chantier a duré trois ans. | Plus de 30 pays ont signé. | The pier measures 310 metres.",
    "duration": "Le sommet se tient à Genève. | Plus de 30 pays ont signé. | The harbour is open.",
    "reason": "Le phare est fermé. | La digue mesure 310 mètres. | The lighthouse is closed.",
    "place": "Le phare est fermé. | Il mesure 310 mètres. | the lighthouse is closed.",
    "person": "le phare est fermé. | 310 mètres.",
}


@pytest.mark.parametrize(
    ("kind", "sentence"), [(kind, each.strip()) for kind, held in HELD.items() for each in held.split("|")]
)
def test_a_sentence_that_holds_a_kind_of_answer(kind, sentence):
    assert holds_answer_kind(sentence, kind)


@pytest.mark.parametrize(
    ("kind", "sentence"), [(kind, each.strip()) for kind, held in MISSING.items() for each in held.split("|")]
)
def test_a_sentence_that_holds_none(kind, sentence):
    assert not holds_answer_kind(sentence, kind)


def test_the_name_that_is_asked_about_does_not_say_who():
    sentence = "le pont fut inauguré par Corbin"
    assert holds_answer_kind(sentence, "person")
    assert not holds_answer_kind(sentence, "person", frozenset({"corbin"}))


@pytest.mark.parametrize(
    "text",
    [
        "Le projet de Corbin est né d'un changement de cap.",
        "Le club est né de la fusion de deux équipes. Il compte 300 membres.",
        "The party was born out of a strike.",
    ],
)
def test_what_something_was_born_of_tells_neither_age_nor_birthday(text):
    assert asks_in_vain("Quand Corbin est-elle née ?", [text], named=True)
    assert asks_in_vain("Quel âge a Corbin ?", [text])


@pytest.mark.parametrize(
    "text",
    ["Né de parents ouvriers en 1912, il a peint.", "Corbin est née à Lyon.", "She was born of Irish parents in 1840."],
)
def test_who_was_born_somewhere_or_in_some_year_may_have_the_age_told(text):
    assert not asks_in_vain("Quand Corbin est-elle née ?", [text], named=True)
    assert not asks_in_vain("Quel âge a Corbin ?", [text])


# ── Taking a question apart ─────────────────────────────────────────────────────────────────────────────────────────


def stems(text: str) -> list[str]:
    return [word.stem for word in analyse_question(text, detect_language(text)).words]


def test_words_of_grammar_are_left_out_and_offsets_are_exact():
    text = "Que dit la Russie de l'envoi de troupes ?"
    question = analyse_question(text, "fr")
    assert [word.text for word in question.words] == ["dit", "Russie", "envoi", "troupes"]
    assert all(text[word.start : word.end] == word.text for word in question.words)
    assert (question.text, question.language) == (text, "fr")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Que dit Keir Starmer de l'Ukraine ?", {"keir", "Starmer", "Ukraine"}),
        ("Russie : que dit-elle ?", set()),
        ("Combien de pays ont signé ?", set()),
        ("What does Russia say about Kyiv?", {"Russia", "Kyiv"}),
        ("Qui a écrit à l'ONU ?", {"ONU"}),
    ],
)
def test_names_are_the_words_with_a_capital_but_for_the_first(text, names):
    language = detect_language(text)
    expected = {word.stem for word in analyse_question(text, language).words if word.text in names | {"Keir"}}
    assert analyse_question(text, language).names == expected
    assert len(expected) == len(names)


def test_a_hyphenated_word_comes_whole_and_by_its_parts():
    found = [fold(word.text) for word in analyse_question("Qu'a dit le porte-parole ?", "fr").words]
    assert found.index("porte-parole") < found.index("parole")


def test_elision_and_the_pronoun_of_an_inverted_question_are_no_words():
    assert stems("L'Ukraine répondra-t-elle à l'offre ?") == stems("Ukraine répondra offre")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Que dit la Russie à propos de la Pologne ?", "Russie Pologne"),
        ("Qui parle au sein du conseil ?", "conseil"),
        ("Que change la loi par rapport à la grève ?", "change loi grève"),
        ("Quand aura lieu le vote ?", "vote"),
        ("Où le vote a-t-il lieu ?", "vote"),
        ("When will the vote take place?", "vote"),
        ("What was decided with regard to tolls?", "decided tolls"),
        ("En quel lieu est le vote ?", "lieu vote"),
        ("Which place is the safest?", "place safest"),
        ("Quel rapport parle du vote ?", "rapport vote"),
    ],
)
def test_a_word_that_only_carries_grammar_in_its_phrase_is_no_word_of_the_question(text, kept):
    found = [word.text for word in analyse_question(text, detect_language(text)).words]
    assert [word for word in found if word not in {"dit", "parle"}] == kept.split()


@pytest.mark.parametrize("text", ["", " ", "?", "Quoi ?", "«»", "\u200b"])
def test_a_question_without_content_has_no_words(text):
    question = analyse_question(text, "fr")
    assert question.words == ()
    assert question.names == frozenset()
