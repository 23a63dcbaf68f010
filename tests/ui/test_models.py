"""The models of the workspace as readers choose and install them."""

from support.pages import opened

from ui.acts import perform
from ui.page import Page
from ui.views import Views


def models_of(views, tab):
    tab.panel = "models"
    return views.panel(tab)


def test_what_answers_is_switched_and_the_panel_says_so(page, views, door):
    tab = opened(page)
    assert 'data-model="petit"' in models_of(views, tab)
    perform(page, tab, "choose", {"model": "petit"})
    assert door.model == "petit"
    assert "Répond désormais\u202f: petit" in models_of(views, tab)
    assert "petit" in views.header(tab)
    perform(page, tab, "choose", {"model": ""})
    assert not door.language_model
    perform(page, tab, "choose", {"model": "../../etc"})
    assert "pas installé" in models_of(views, tab)


def test_a_download_is_followed_to_its_end_and_answers_then(page, views, door):
    tab = opened(page)
    assert 'data-act="install" data-model="ministral-3-3b"' in models_of(views, tab)
    assert 'data-act="install" data-model="enorme"' not in models_of(views, tab)
    perform(page, tab, "install", {"model": "ministral-3-3b"})
    follow = page.models.follow(tab)
    next(follow)
    assert 'data-act="cancel"' in models_of(views, tab)
    assert 'data-act="install"' not in models_of(views, tab)
    assert "En ligne pour un téléchargement" in views.header(tab)
    tab.panel = "offline"
    assert "Le téléchargement de ministral-3-3b" in views.panel(tab)
    tab.panel = "models"
    door.arrived.set()
    *_, last = follow
    assert last.over
    assert door.model == "ministral-3-3b"
    assert "Installé et vérifié" in models_of(views, tab)
    assert views.fetching(tab) == ""
    assert "Hors ligne" in views.header(tab)


def test_a_download_is_stopped_and_begun_again(page, views, door):
    tab = opened(page)
    perform(page, tab, "install", {"model": "ministral-3-3b"})
    perform(page, tab, "cancel", {})
    page.models.download.join(5)
    assert door.closed.is_set()
    assert "ce qui est arrivé est gardé" in models_of(views, tab)
    assert door.installed == ["petit"]
    door.arrived.set()
    perform(page, tab, "install", {"model": "ministral-3-3b"})
    page.models.download.join(5)
    assert door.installed == ["petit", "ministral-3-3b"]


def test_a_download_that_fails_is_a_sentence_with_the_next_step_and_no_path(page, views, door):
    tab = opened(page)
    door.broken_off.set()
    perform(page, tab, "install", {"model": "ministral-3-3b"})
    page.models.download.join(5)
    said = models_of(views, tab)
    assert "The download broke off at 50 %" in said
    assert "Appuyez sur Installer pour reprendre" in said
    assert "/home" not in said


def test_a_second_look_at_the_models_ends_the_first(page, views, door):
    tab = opened(page)
    models_of(views, tab)
    perform(page, tab, "install", {"model": "ministral-3-3b"})
    first, second = page.models.follow(tab), page.models.follow(tab)
    next(first), next(second)
    assert list(first) == []
    door.arrived.set()
    assert list(second)[-1].over


def test_beyond_this_machine_nobody_switches_or_installs(door):
    page = Page(door, local=False)
    tab, views = opened(page), Views(page)
    for name, values in (("choose", {"model": "petit"}), ("install", {"model": "ministral-3-3b"})):
        perform(page, tab, name, values)
    assert not door.language_model
    assert page.models.download is None
    assert 'data-act="choose"' not in models_of(views, tab)
    assert 'data-act="install"' not in models_of(views, tab)


def test_quotes_are_one_click_away_from_a_model_and_it_is_one_click_back(page, views, door):
    tab = opened(page)
    door.installed = ["petit", "autre"]
    perform(page, tab, "choose", {"model": "autre"})
    assert 'data-act="quoting" aria-pressed="false"' in views.header(tab)
    perform(page, tab, "quoting", {})
    assert not door.language_model
    assert 'data-act="quoting" aria-pressed="true"' in views.header(tab)
    perform(page, tab, "quoting", {})
    assert door.model == "autre"


def test_where_no_model_is_installed_a_bar_says_so_and_not_to_those_elsewhere(page, views, door):
    tab = opened(page)
    assert "hint-bar" not in views.header(tab)
    door.installed = []
    assert "hint-bar" in views.header(tab)
    assert "quoting" not in views.header(tab)
    assert "hint-bar" not in Views(Page(door, local=False)).header(tab)


def test_what_suits_stands_first_and_the_rest_is_folded(page, views):
    listed = models_of(views, opened(page))
    suits, _, folded = listed.partition("<details")
    assert 'data-model="ministral-3-3b"' in suits
    assert "enorme" not in suits
    assert "enorme" in folded
