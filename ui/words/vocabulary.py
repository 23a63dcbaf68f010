"""The words of the page as a class, and how each language sets numbers, dates, quotations and spaces."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import datetime

from rag.conversations import nested_characters

NARROW = "\u202f"  # narrow no-break space

_BEFORE = re.compile(r"(?<![ \u00a0])[ \u00a0]+([?!;:»])")
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
    question_label: str
    question_hint: str
    send: str
    stop: str
    examples: str
    card: str
    figures: str
    dates: str
    names: str
    places: str
    further: str
    welcome: str
    welcome_many: str
    no_article: str
    offline: str
    online_server: str
    online_download: str
    answered_by: str
    no_model: str
    back_to_chat: str
    open_article: str
    outline: str
    find: str
    find_label: str
    found_none: str
    found_some: str
    found_before: str
    found_after: str
    link: str
    citation: str
    nearest: str
    sources: str
    asked: str
    asked_all: str
    understood: str
    as_typed: str
    stopped: str
    indexing: str
    reading: str
    reading_ahead: str
    warming: str
    loading: str
    queued: str
    searching: str
    thinking: str
    supported_yes: str
    supported_partly: str
    supported_no: str
    supported_contradicted: str
    supported_unchecked: str
    missing: str
    differing: str
    summary_all: str
    summary_none: str
    summary_one: str
    summary_some: str
    summary_exact: str
    summary_exacts: str
    confidence_sure: str
    confidence_likely: str
    confidence_unsure: str
    why: str
    why_probability: str
    why_used: str
    why_unused: str
    why_read: str
    why_lexical: str
    why_dense: str
    why_score: str
    why_evidence: str
    why_unsure: str
    why_whole: str
    why_marks: str
    why_times: str
    why_tokens: str
    why_model: str
    why_quotes: str
    why_program: str
    why_searched: str
    copy: str
    copied: str
    copy_failed: str
    again: str
    edit: str
    helpful: str
    unhelpful: str
    reason_label: str
    earlier: str
    menu_conversations: str
    menu_articles: str
    menu_models: str
    menu_offline: str
    close: str
    new_conversation: str
    search_conversations: str
    no_conversations: str
    rename: str
    rename_label: str
    delete: str
    export_markdown: str
    export_word: str
    export_json: str
    untitled: str
    library: str
    ask_all: str
    ask_one: str
    remove: str
    remove_sure: str
    upload: str
    upload_refused: str
    too_many: str
    too_large: str
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
    articles: str
    same_text: str
    unreadable: str
    removed: str
    lost: str
    cut: str
    editing: str
    keep: str
    characters: str
    models_now: str
    models_quotes: str
    models_quotes_facts: str
    models_answers: str
    models_use: str
    models_chosen: str
    models_named: str
    models_suiting: str
    models_others: str
    models_english: str
    models_online: str
    models_elsewhere: str
    models_command: str
    models_get: str
    models_sure: str
    models_standard: str
    models_download: str
    models_memory: str
    models_too_large: str
    models_fetching: str
    models_asking: str
    models_checking: str
    models_part: str
    models_rate: str
    models_cancel: str
    models_stopped: str
    models_again: str
    models_done: str
    offline_promise: str
    offline_none: str
    offline_some: str
    offline_closed: str
    offline_reached: str
    offline_downloading: str
    offline_files: str
    offline_articles: str
    offline_conversations: str
    offline_models: str
    offline_check: str
    offline_check_how: str
    manage: str
    none_found: str
    deleted: str
    undo: str
    search_articles: str
    add_article: str
    none_found_articles: str
    menu_notes: str
    no_notes: str
    note_label: str
    noted: str
    unnoted: str
    pin: str
    pinned: str
    pin_done: str
    export_notes: str
    selection: str
    ask_about: str
    about: str
    copy_reference: str
    note: str
    only_quotes: str
    no_model_hint: str
    no_model_choose: str
    dismiss: str
    menu_display: str
    theme: str
    theme_auto: str
    theme_light: str
    theme_dark: str
    size: str
    size_normal: str
    size_large: str
    size_larger: str
    display_kept: str
    language_label: str
    shortcuts: str
    key_send: str
    key_line: str
    key_recall: str
    key_escape: str
    next_step: str
    went_wrong: str
    seconds: str

    def quoted(self, text: str) -> str:
        """Return ``text`` between this language's quotation marks, those it has itself as they stand within others."""
        within = "".join(nested_characters(text, self.language))
        return f"«{NARROW}{within}{NARROW}»" if self.language == "fr" else f"“{within}”"

    def labelled(self, label: str, text: str) -> str:
        """Return ``label: text`` with this language's space before the colon."""
        return f"{label}{NARROW if self.language == 'fr' else ''}: {text}"

    def month(self, number: int) -> str:
        """Return the name of a month, 1 to 12, as CLDR has it."""
        from babel import Locale

        name: str = Locale(self.language).months["format"]["wide"][number]
        return name

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

    def moment(self, iso: str) -> str:
        """Return the day and the hour of an ISO time, by this machine's clock; anything else comes back."""
        try:
            at = datetime.fromisoformat(iso).astimezone()
        except (ValueError, OverflowError):
            return iso
        hour = f"{at.hour}{NARROW}h{NARROW}{at.minute:02}" if self.language == "fr" else f"{at:%H:%M}"
        return f"{self.date(at.date().isoformat())}, {hour}"

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number as this language writes it: ``1 234,5`` or ``1,234.5``."""
        text = f"{value:,.{digits}f}"
        if self.language == "fr":
            return text.replace(",", NARROW).replace(".", ",")
        return text


def typeset_french(source: Words) -> Words:
    """Return French words with the spaces that French puts before and inside its punctuation."""
    return Words(*(french_spaces(getattr(source, field.name)) for field in fields(source)))
