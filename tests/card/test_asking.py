"""Questions made of sentences, headings and names: what is asked, and what is left alone."""

import pytest
from support.fake_door import make_article

from rag.card.asking import make_questions
from rag.card.mentioned import find_names
from rag.search.overview import find_candidates
from rag.values import Article, Block, Passage


def article(text, language="fr", *headings):
    blocks, start = [], 0
    for stretch in text.split("\n\n"):
        blocks.append(Block("heading" if stretch in headings else "paragraph", start, start + len(stretch)))
        start += len(stretch) + 2
    return Article("a", "Titre", text, language, "2025-03-17", "", tuple(blocks))


def questions(text, language="fr", *headings):
    made = article(text, language, *headings)
    passages = [Passage("a", one.start, one.end, text[one.start : one.end]) for one in made.blocks]
    return make_questions(made, find_candidates(made, passages), find_names(made)[0])


def asked(text, language="fr", *headings):
    return {one.question: one.answer for one in questions(text, language, *headings)}


@pytest.mark.parametrize(
    ("sentence", "question", "answer"),
    [
        ("Le maire estime que plus de 30 communes prendront part au projet.",
         "Combien de communes prendront part au projet ?", "30"),
        ("Keir Starmer a annoncé la prochaine étape.", "Qui a annoncé la prochaine étape ?", "Keir Starmer"),
        ("La Russie rejette la venue de troupes européennes.", "Qui rejette la venue de troupes européennes ?",
         "Russie"),
        ("Le 15 mars, Londres a organisé un sommet virtuel.",
         "Quand est-ce que Londres a organisé un sommet virtuel ?", "15 mars"),
        ("La région a payé la moitié du chantier.", "Qu’est-ce que la région a payé ?", "la moitié du chantier."),
        ("Le but affiché est la dissuasion des voisins.", "Quel est le but affiché ?", "la dissuasion des voisins."),
        ("La commune a fermé le pont afin de réparer les piles.", "Pourquoi est-ce que la commune a fermé le pont ?",
         "réparer les piles."),
        ("Les ministres doivent se retrouver au Royaume-Uni.", "Où est-ce que les ministres doivent se retrouver ?",
         "Royaume-Uni"),
        ("Le port de la ville a rouvert le 14 juin 2025.", "Que s’est-il passé le 14 juin 2025 ?",
         "Le port de la ville a rouvert le"),
        ('Plus de 40 villes devraient rejoindre le "réseau des villes lentes" que soutient Lyon, a dit le maire.',
         'Combien de villes devraient rejoindre le "réseau des villes lentes" que soutient Lyon ?', "40"),
        ("Le tunnel (long de 9 km) est un ouvrage de 1894.", "Qu’est-ce que le tunnel ?", "ouvrage de 1894."),
        ("Des élus de la vallée doivent se réunir jeudi à Oslo pour avancer.",
         "Où est-ce que des élus de la vallée doivent se réunir jeudi ?", "Oslo"),
    ],
)  # fmt: skip
def test_a_sentence_is_asked_for_what_it_tells(sentence, question, answer):
    made = asked(sentence)
    assert question in made
    assert answer in made[question]


@pytest.mark.parametrize(
    ("sentence", "question", "answer"),
    [
        ("Maureen Doyle announced the end of the strike.", "Who announced the end of the strike?", "Maureen Doyle"),
        ("The council says that more than 30 schools will close.", "How many schools will close?", "30"),
        ("The dam was built in March 1894.", "When was the dam built?", "March 1894"),
        ("The company has dropped its plan for cranes.", "What has the company dropped?", "its plan for cranes."),
        ("The aim is the reopening of the harbour.", "What is the aim?", "the reopening of the harbour."),
        ("The bridge was closed because of a crack.", "Why was the bridge closed?", "of a crack."),
        ("Maureen Doyle (58) won the seat on Monday.", "Who won the seat on Monday?", "Maureen Doyle"),
        ("Maureen Doyle was a lawyer from Cork.", "Who was a lawyer from Cork?", "Maureen Doyle"),
        (
            "Seasonal swings are felt less in the west due to the sea.",
            "Why are seasonal swings felt less in the west?",
            "the sea.",
        ),
    ],
)
def test_english_changes_no_word_either(sentence, question, answer):
    made = asked(sentence, "en")
    assert question in made
    assert answer in made[question]


@pytest.mark.parametrize(
    "sentence",
    [
        "Lagos State was created in the south of the country.",  # not who
        "Brazil have appeared in the final ten times.",
        "Afrikaans linguistics researchers maintain that it is young.",
        "Anna Weber is a lawyer who, in the spring, moved.",
        "Maureen Doyle has a house in the old town of Bergen.",
        "The 2002 Tunisian vote turned the country around.",
    ],
)
def test_what_would_be_asked_badly_in_english_is_not_asked(sentence):
    assert not [question for question in asked(sentence, "en") if not question.startswith("Who is")]


@pytest.mark.parametrize(
    "sentence",
    [
        "Elle a annoncé la prochaine étape du projet.",  # who?
        "« Keir Starmer a annoncé la prochaine étape », dit-il.",
        "Keir Starmer a-t-il annoncé la prochaine étape ?",
        "La grève a duré une semaine entière.",
        "Emmanuel Macron et Keir Starmer tentent de réunir les pays.",
        "Le vote (à 62 % a clos la séance du soir.",
        "« Le port rouvrira, a dit Jean Morel.",
        "Outre la reconstruction de la digue au port de Bréhal, la région paiera une écluse à Granville.",
        "Malgré la pluie tombée sans cesse en novembre, le chantier a été fini.",
        "Bréhal n’ayant pas ratifié la convention de la région, le projet attend.",  # a participle
        "Nadège Corbin se disant favorable au projet, la région attend.",
        "Le Canard enchaîné a révélé ce mercredi une affaire de costumes.",
        "Le Mouvement cinq étoiles prend la tête des partis du pays.",  # a number of the name
        "Le Groupe trois rivières porte le projet de la digue.",
    ],
)
def test_what_would_be_asked_badly_is_not_asked(sentence):
    assert not [question for question in asked(sentence) if not question.startswith("Qui est")]


def test_headings_that_ask_are_questions():
    text = (
        "Pourquoi une coalition\n\nLe projet est né hier.\n\nCe que Londres a annoncé\n\nTrente pays.\n\nLe calendrier"
    )
    made = questions(text, "fr", "Pourquoi une coalition", "Ce que Londres a annoncé", "Le calendrier")
    headings = {one.question: text[one.start : one.end] for one in made}
    assert headings["Pourquoi une coalition ?"].endswith("Le projet est né hier.\n\n")
    assert "Qu’est-ce que Londres a annoncé ?" in headings
    assert not [question for question in headings if "calendrier" in question]


def test_persons_are_asked_about_and_organisations_are_not():
    made = asked("La maire Nadège Corbin a parlé. Le Grand Paris Express avance. L’OTAN aussi.")
    assert "Qui est Nadège Corbin ?" in made
    assert not [question for question in made if "Paris Express" in question or "OTAN" in question]


def test_other_languages_are_left_alone():
    assert make_questions(make_article("Titel\n\nDer Hafen.", language="de"), [], ()) == []
