"""Questions to begin with, about the article that comes with the program."""

EXAMPLE_QUESTIONS = {
    "fr": (
        "Combien de pays devraient rejoindre la coalition ?",
        "Que peuvent apporter les pays qui n'envoient pas de troupes ?",
        "Où les responsables militaires se retrouveront-ils ?",
        "Que dit la Russie de la présence de troupes européennes ?",
    ),
    "en": (
        "How many countries should join the coalition?",
        "Is sending troops the only way to contribute?",
        "What is the purpose of the force?",
        "What does Russia think of European troops in Ukraine?",
    ),
}
