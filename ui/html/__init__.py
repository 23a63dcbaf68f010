"""Values become escaped HTML: turns, the conversation, panels, the article.

In come answers, articles, the page's own states and its words; out come pieces of the page that may stand in it. How
the page is built is changed in ``templates/``, what is shown in it in the file named after it. Nothing here asks
anything or keeps anything; whatever came from a document or a model is escaped here and nowhere else.
"""

from ui.html.answer import ahead_html, problem_html
from ui.html.article import article_html, empty_html
from ui.html.card import card_html, further_html, next_questions
from ui.html.conversation import Drawn, Welcome, turn_html, turns_html, welcome_html
from ui.html.environment import load_templates
from ui.html.models import ModelsPanel, fetching_html, models_html
from ui.html.panels import (
    ArticlesPanel,
    Bar,
    articles_html,
    asked_html,
    conversations_html,
    display_html,
    export_html,
    header_html,
    kept_html,
    notes_html,
    offline_html,
    shell_html,
    side_html,
)
from ui.html.surroundings import Surroundings, surroundings

__all__ = [
    "ArticlesPanel",
    "Bar",
    "Drawn",
    "ModelsPanel",
    "Surroundings",
    "Welcome",
    "ahead_html",
    "article_html",
    "articles_html",
    "asked_html",
    "card_html",
    "conversations_html",
    "display_html",
    "empty_html",
    "export_html",
    "fetching_html",
    "further_html",
    "header_html",
    "kept_html",
    "load_templates",
    "models_html",
    "next_questions",
    "notes_html",
    "offline_html",
    "problem_html",
    "shell_html",
    "side_html",
    "surroundings",
    "turn_html",
    "turns_html",
    "welcome_html",
]
