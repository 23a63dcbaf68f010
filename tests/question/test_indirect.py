"""Direct questions as indirect ones: what a refusal names."""

import pytest

from rag.question import indirect


@pytest.mark.parametrize(
    ("question", "language", "put"),
    [
        ("Quand le port a-t-il rouvert ?", "fr", "quand le port a rouvert"),
        ("Où va-t-on après l'orage ?", "fr", "où on va après l'orage"),
        ("Pourquoi le maire a t'il démissionné ?", "fr", "pourquoi le maire a démissionné"),
        ("Qui a payé la digue ?", "fr", "qui a payé la digue"),
        ("Combien de bateaux sont partis ?", "fr", "combien de bateaux sont partis"),
        ("Combien de bateaux le port a-t-il perdus ?", "fr", "combien de bateaux le port a perdus"),
        ("Combien de bateaux enverra-t-elle ?", "fr", "combien de bateaux elle enverra"),
        ("Quelle prime Léon Carvès a-t-il touchée ?", "fr", "quelle prime Léon Carvès a touchée"),
        ("Combien l'entrée coûte-t-elle ?", "fr", "combien l'entrée coûte"),
        ("Combien vaut le phare ?", "fr", "combien vaut le phare"),
        ("Combien y a-t-il de bateaux ?", "fr", "combien il y a de bateaux"),
        ("Pourquoi est-ce que la criée ferme ?", "fr", "pourquoi la criée ferme"),
        ("Qu'est-ce que le maire a promis ?", "fr", "ce que le maire a promis"),
        ("A quelle heure ouvre la criée ?", "fr", "à quelle heure ouvre la criée"),
        ("Est-ce que la digue a cédé ?", "fr", "si la digue a cédé"),
        ("Est-ce qu'ils ont voté ?", "fr", "s'ils ont voté"),
        ("Est-ce qu’on paie l'entrée ?", "fr", "si on paie l'entrée"),
        ("Que dit le maire de la digue ?", "fr", "ce que dit le maire de la digue"),
        ("Qu’a fait le port de cet argent ?", "fr", "ce qu’a fait le port de cet argent"),
        ("Faut-il réserver ?", "fr", "s'il faut réserver"),
        ("Y a-t-il un phare à Bréhal ?", "fr", "s'il y a un phare à Bréhal"),
        ("Les pêcheurs ont-ils été payés ?", "fr", "si les pêcheurs ont été payés"),
        ("Léon Carvès a-t-il vu la tempête ?", "fr", "si Léon Carvès a vu la tempête"),
        ("Who paid for the wall?", "en", "who paid for the wall"),
        ("How many boats left?", "en", "how many boats left"),
    ],
)
def test_a_question_is_put_indirectly_in_its_own_words(question, language, put):
    assert indirect(question, language) == put


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Le port rouvre ?", "fr"),
        ("Et les pêcheurs ?", "fr"),
        ("Que s'est-il passé à Bréhal ?", "fr"),
        ("Quand fut elle bâtie ?", "fr"),
        ("Combien de vieux bateaux a-t-il perdus ?", "fr"),
        ("When did it open?", "en"),
        ("Is it open?", "en"),
        ("¿Quién pagó el muro?", "es"),
    ],
)
def test_nothing_is_put_where_it_would_be_badly_put(question, language):
    assert indirect(question, language) == ""
