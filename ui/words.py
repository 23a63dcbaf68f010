"""The words of the page, in French and English, typographically right.

The French text below is written with ordinary spaces; :func:`french_spaces` sets the narrow no-break spaces that
French puts before ``? ! ; :`` and inside « » when the module is loaded, so nobody has to type invisible characters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

NARROW = "\u202f"  # narrow no-break space
LANGUAGES = ("fr", "en")

_BEFORE = re.compile(r"[ \u00a0]+([?!;:»])")
_AFTER = re.compile(r"«[ \u00a0]+")


def french_spaces(text: str) -> str:
    """Return ``text`` with a narrow no-break space before ``? ! ; : »`` and after ``«`` where a space stood."""
    return _AFTER.sub("«" + NARROW, _BEFORE.sub(NARROW + r"\1", text))


@dataclass(frozen=True, slots=True)
class Words:
    """Every word the page shows. Fields with ``{…}`` are filled by :meth:`str.format`."""

    language: str
    other_language: str  # the name of the other language, in that language
    app: str
    skip: str
    menu: str
    interrupted: str
    opening: str
    conversation: str
    article: str
    question_label: str
    question_hint: str
    send: str
    stop: str
    examples: str
    welcome: str
    welcome_many: str
    no_article: str
    offline: str
    online_server: str
    answered_by: str
    no_model: str
    back_to_chat: str
    open_article: str
    citation: str
    citation_shown: str
    source: str
    nearest: str
    stopped: str
    reading: str
    loading: str
    queued: str
    searching: str
    thinking: str
    supported_yes: str
    supported_partly: str
    supported_no: str
    supported_unchecked: str
    missing: str
    summary_all: str
    summary_some: str
    why: str
    why_searched: str
    why_used: str
    why_unused: str
    why_lexical: str
    why_dense: str
    why_score: str
    why_whole: str
    why_marks: str
    why_times: str
    why_model: str
    why_quotes: str
    copy: str
    copied: str
    copy_failed: str
    again: str
    edit: str
    helpful: str
    unhelpful: str
    thanks: str
    reason_label: str
    reason_hint: str
    earlier: str
    menu_conversations: str
    menu_articles: str
    menu_models: str
    menu_offline: str
    menu_language: str
    close: str
    new_conversation: str
    search_conversations: str
    no_conversations: str
    rename: str
    rename_label: str
    delete: str
    delete_sure: str
    export_markdown: str
    export_json: str
    untitled: str
    library: str
    ask_all: str
    ask_one: str
    scope_one: str
    scope_all: str
    remove: str
    remove_sure: str
    upload: str
    upload_hint: str
    paste_label: str
    paste_hint: str
    paste_button: str
    stage_reading: str
    stage_embedding: str
    stage_storing: str
    status_added: str
    status_replaced: str
    status_unchanged: str
    removed: str
    passages: str
    characters: str
    models_now: str
    models_none: str
    models_installed: str
    models_install: str
    models_active: str
    offline_promise: str
    offline_none: str
    offline_some: str
    offline_files: str
    offline_articles: str
    offline_conversations: str
    offline_models: str
    offline_check: str
    offline_check_how: str
    next_step: str
    went_wrong: str
    busy: str
    not_found: str
    seconds: str

    def quoted(self, text: str) -> str:
        """Return ``text`` between this language's quotation marks."""
        return f"«{NARROW}{text}{NARROW}»" if self.language == "fr" else f"“{text}”"

    def labelled(self, label: str, text: str) -> str:
        """Return ``label: text`` with this language's space before the colon."""
        return f"{label}{NARROW if self.language == 'fr' else ''}: {text}"

    def month(self, number: int) -> str:
        """Return the name of a month, 1 to 12."""
        return _MONTHS[self.language][number - 1]

    def date(self, iso: str) -> str:
        """Return an ISO date (a year, a month or a day) in words; anything else comes back as it is."""
        match = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(?:[T ].*)?", iso)
        if not match or not 1 <= int(match[2] or 1) <= 12:
            return iso
        year, month, day = match[1], match[2], match[3]
        if not month:
            return year
        name = self.month(int(month))
        if not day:
            return f"{name} {year}"
        if self.language == "fr":
            return f"{'1er' if day == '01' else int(day)}\u00a0{name} {year}"
        return f"{int(day)}\u00a0{name} {year}"

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number as this language writes it: ``1 234,5`` or ``1,234.5``."""
        text = f"{value:,.{digits}f}"
        if self.language == "fr":
            return text.replace(",", NARROW).replace(".", ",")
        return text


def choose_language(preferences: str) -> str:
    """Return ``fr`` or ``en`` for an ``Accept-Language`` header or a browser's language; French if neither is named."""
    wanted: list[tuple[float, int, str]] = []
    for position, part in enumerate(preferences.split(",")):
        tag, _, quality = part.strip().partition(";")
        match = re.fullmatch(r"\s*q=([\d.]+)\s*", quality)
        try:
            weight = float(match[1]) if match else 1.0
        except ValueError:
            weight = 0.0
        wanted.append((-weight, position, tag.split("-")[0].lower()))
    named = [tag for _, _, tag in sorted(wanted) if tag]
    if not named:
        return "fr"
    return next((tag for tag in named if tag in LANGUAGES), "en")


def words(language: str) -> Words:
    """Return the words of the page in ``language``; French for one that is neither French nor English."""
    return ENGLISH if language == "en" else FRENCH


def _typeset(source: Words) -> Words:
    return Words(*(french_spaces(getattr(source, field.name)) for field in fields(source)))


_MONTHS = {
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
        "décembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
}  # fmt: skip

FRENCH = _typeset(
    Words(
        language="fr",
        other_language="English",
        app="Demandez à l’article",
        skip="Aller à la question",
        menu="Menu",
        interrupted="La réponse a été interrompue avant le premier mot.",
        opening="Ouverture de l’article…",
        conversation="Conversation",
        article="Article",
        question_label="Votre question",
        question_hint="Posez votre question…",
        send="Demander",
        stop="Arrêter",
        examples="Pour commencer",
        welcome="Posez une question : chaque phrase de la réponse renvoie au passage exact de l’article.",
        welcome_many="Posez une question : la réponse cherche dans tous les articles et renvoie au passage exact.",
        no_article="Aucun article pour l’instant. Ajoutez-en un : un fichier déposé, ou un texte collé.",
        offline="Hors ligne",
        online_server="Serveur nommé par vous",
        answered_by="répond : {model}",
        no_model="répond : citations de l’article (aucun modèle de langage installé)",
        back_to_chat="Retour à la conversation",
        open_article="Lire",
        citation="Citation {n} : « {quote} »",
        citation_shown="Citation {n} surlignée dans l’article.",
        source="Source : {source}",
        nearest="Ce que l’article dit de plus proche",
        stopped="Réponse arrêtée.",
        reading="Lecture de l’article… {percent} %",
        loading="Ouverture du modèle…",
        queued="En attente : {position} avant vous",
        searching="Recherche dans l’article…",
        thinking="Rédaction…",
        supported_yes="appuyée sur l’article",
        supported_partly="en partie appuyée",
        supported_no="pas trouvée dans l’article",
        supported_unchecked="non vérifiée",
        missing="absent de l’article : {items}",
        summary_all="Chaque phrase s’appuie sur l’article",
        summary_some="{supported} phrase(s) sur {total} appuyée(s) sur l’article",
        why="Pourquoi cette réponse ?",
        why_searched="Recherché",
        why_used="cité",
        why_unused="trouvé, non cité",
        why_lexical="mots",
        why_dense="sens",
        why_score="rang",
        why_whole="Tout l’article était sous les yeux du modèle.",
        why_marks="Renvois inventés par le modèle et retirés : {count}",
        why_times="Recherche {retrieve} · premier mot {first} · total {total}",
        why_model="Réponse de {model}",
        why_quotes="Phrases de l’article, sans modèle de langage",
        copy="Copier avec les sources",
        copied="Copié",
        copy_failed="La copie a été refusée par le navigateur.",
        again="Reposer",
        edit="Modifier",
        helpful="Utile",
        unhelpful="À revoir",
        thanks="Noté, ici seulement",
        reason_label="Qu’est-ce qui n’allait pas ?",
        reason_hint="Facultatif. Reste sur cette machine.",
        earlier="Afficher les {count} échanges précédents",
        menu_conversations="Conversations",
        menu_articles="Articles",
        menu_models="Modèles",
        menu_offline="Hors ligne",
        menu_language="Langue",
        close="Fermer",
        new_conversation="Nouvelle conversation",
        search_conversations="Chercher dans les conversations",
        no_conversations="Rien pour l’instant. Vos conversations sont gardées ici, sur cette machine.",
        rename="Renommer",
        rename_label="Nouveau titre",
        delete="Supprimer",
        delete_sure="Supprimer « {title} » ?",
        export_markdown="Markdown",
        export_json="JSON",
        untitled="Sans titre",
        library="Bibliothèque",
        ask_all="Interroger tous les articles",
        ask_one="Interroger seulement cet article",
        scope_one="Question posée à cet article",
        scope_all="Question posée à tous les articles",
        remove="Retirer",
        remove_sure="Retirer « {title} » de la bibliothèque ?",
        upload="Ajouter des fichiers",
        upload_hint="{count} fichiers au plus, {megabytes}\u202fMo chacun : {suffixes}.",
        paste_label="Ou coller un texte",
        paste_hint="La première ligne sert de titre.",
        paste_button="Ajouter ce texte",
        stage_reading="lecture",
        stage_embedding="indexation",
        stage_storing="enregistrement",
        status_added="Ajouté : {title}",
        status_replaced="Remplacé : {title}",
        status_unchanged="Déjà présent : {title}",
        removed="Article retiré.",
        passages="{count} passages",
        characters="{count} signes",
        models_now="Répond maintenant",
        models_none="Aucun modèle de langage n’est installé : la réponse cite l’article, mot pour mot.",
        models_installed="Installés sur cette machine",
        models_install="Installer un modèle (une seule fois, en ligne) :",
        models_active="en service",
        offline_promise="Tout se passe sur cette machine : la recherche, le modèle, vos articles, vos questions. "
        "Le programme refuse toute connexion vers l’extérieur, quelle que soit la bibliothèque qui la tente.",
        offline_none="Connexions tentées depuis le démarrage : aucune.",
        offline_some="Connexions tentées et refusées depuis le démarrage : {count} ({hosts}).",
        offline_files="Où sont vos fichiers",
        offline_articles="Articles",
        offline_conversations="Conversations",
        offline_models="Modèles",
        offline_check="Vérifier par vous-même",
        offline_check_how="Coupez le réseau et posez une question : rien ne change. Ou ouvrez les outils du navigateur "
        "(F12, Réseau) : toutes les adresses sont celle de cette page.",
        next_step="À faire :",
        went_wrong="Quelque chose s’est mal passé. Le détail est dans le terminal.",
        busy="Une réponse est en cours : arrêtez-la ou attendez sa fin.",
        not_found="Introuvable : cela a peut-être été supprimé.",
        seconds="{value} s",
    )
)

ENGLISH = Words(
    language="en",
    other_language="Français",
    app="Ask the Article",
    skip="Skip to the question",
    menu="Menu",
    interrupted="The answer was interrupted before its first word.",
    opening="Opening the article…",
    conversation="Conversation",
    article="Article",
    question_label="Your question",
    question_hint="Ask your question…",
    send="Ask",
    stop="Stop",
    examples="To begin with",
    welcome="Ask a question: every sentence of the answer points to the exact passage of the article.",
    welcome_many="Ask a question: the answer searches all articles and points to the exact passage.",
    no_article="No article yet. Add one: drop a file, or paste a text.",
    offline="Offline",
    online_server="Server you named",
    answered_by="answering: {model}",
    no_model="answering: quotes from the article (no language model installed)",
    back_to_chat="Back to the conversation",
    open_article="Read",
    citation="Citation {n}: “{quote}”",
    citation_shown="Citation {n} is highlighted in the article.",
    source="Source: {source}",
    nearest="The closest the article comes",
    stopped="Answer stopped.",
    reading="Reading the article… {percent}%",
    loading="Opening the model…",
    queued="Waiting: {position} ahead of you",
    searching="Searching the article…",
    thinking="Writing…",
    supported_yes="supported by the article",
    supported_partly="partly supported",
    supported_no="not found in the article",
    supported_unchecked="not checked",
    missing="not in the article: {items}",
    summary_all="Every sentence rests on the article",
    summary_some="{supported} of {total} sentence(s) rest on the article",
    why="Why this answer?",
    why_searched="Searched for",
    why_used="cited",
    why_unused="found, not cited",
    why_lexical="words",
    why_dense="meaning",
    why_score="rank",
    why_whole="The model had the whole article before it.",
    why_marks="Marks the model made up, removed: {count}",
    why_times="Search {retrieve} · first word {first} · total {total}",
    why_model="Answered by {model}",
    why_quotes="Sentences of the article, without a language model",
    copy="Copy with sources",
    copied="Copied",
    copy_failed="The browser refused to copy.",
    again="Ask again",
    edit="Edit",
    helpful="Helpful",
    unhelpful="Needs work",
    thanks="Noted, here only",
    reason_label="What was wrong?",
    reason_hint="Optional. Stays on this machine.",
    earlier="Show the {count} earlier exchanges",
    menu_conversations="Conversations",
    menu_articles="Articles",
    menu_models="Models",
    menu_offline="Offline",
    menu_language="Language",
    close="Close",
    new_conversation="New conversation",
    search_conversations="Search the conversations",
    no_conversations="Nothing yet. Your conversations are kept here, on this machine.",
    rename="Rename",
    rename_label="New title",
    delete="Delete",
    delete_sure="Delete “{title}”?",
    export_markdown="Markdown",
    export_json="JSON",
    untitled="Untitled",
    library="Library",
    ask_all="Ask all articles",
    ask_one="Ask this article only",
    scope_one="Asking this article",
    scope_all="Asking all articles",
    remove="Remove",
    remove_sure="Remove “{title}” from the library?",
    upload="Add files",
    upload_hint="At most {count} files, {megabytes} MB each: {suffixes}.",
    paste_label="Or paste a text",
    paste_hint="The first line becomes the title.",
    paste_button="Add this text",
    stage_reading="reading",
    stage_embedding="indexing",
    stage_storing="saving",
    status_added="Added: {title}",
    status_replaced="Replaced: {title}",
    status_unchanged="Already there: {title}",
    removed="Article removed.",
    passages="{count} passages",
    characters="{count} characters",
    models_now="Answering now",
    models_none="No language model is installed: answers quote the article, word for word.",
    models_installed="Installed on this machine",
    models_install="Install a model (once, online):",
    models_active="in use",
    offline_promise="Everything happens on this machine: the search, the model, your articles, your questions. "
    "The program refuses any connection to the outside, whichever library attempts it.",
    offline_none="Connections attempted since the start: none.",
    offline_some="Connections attempted and refused since the start: {count} ({hosts}).",
    offline_files="Where your files are",
    offline_articles="Articles",
    offline_conversations="Conversations",
    offline_models="Models",
    offline_check="Check it yourself",
    offline_check_how="Cut the network and ask a question: nothing changes. Or open the browser’s tools "
    "(F12, Network): every address is this page’s own.",
    next_step="Next:",
    went_wrong="Something went wrong. The details are in the terminal.",
    busy="An answer is under way: stop it or wait for its end.",
    not_found="Not found: it may have been deleted.",
    seconds="{value} s",
)
