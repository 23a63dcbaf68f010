"""Every setting comes from the environment or an option, is checked, and says in one sentence what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from rag.errors import SettingsError
from rag.settings import PREFIX, Settings, home, load_settings
from rag.translation import in_language


@pytest.fixture
def environment(monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    return monkeypatch


def test_without_any_setting_everything_lies_in_the_checkout_and_nothing_is_fetched(environment):
    settings = load_settings()
    assert {settings.indexes.parent, settings.models.parent, settings.conversations.parent} == {home()}
    assert (settings.model, settings.server, settings.embedder) == ("", "", None)


def test_an_installed_package_keeps_its_files_in_the_home_folder(environment, tmp_path):
    environment.setattr("rag.settings.__file__", str(tmp_path / "site-packages" / "rag" / "settings.py"))
    assert load_settings().indexes == Path.home() / "ask-the-article" / "indexes"


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_each_field_can_be_set_from_the_environment(environment, name):
    wanted = "fr" if name == "language" else "4321"
    environment.setenv(PREFIX + name.upper(), wanted)
    value = getattr(load_settings(), name)
    assert (value.get_secret_value() if isinstance(value, SecretStr) else str(value)) == wanted


def test_the_key_of_a_server_is_not_shown_with_the_settings(environment):
    environment.setenv("RAG_SERVER_KEY", "sk-hidden")
    settings = load_settings()
    assert "sk-hidden" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


def test_an_option_wins_over_the_environment_and_an_absent_option_does_not(environment):
    environment.setenv("RAG_PASSAGES", "3")
    assert load_settings(passages=5).passages == 5
    assert load_settings(passages=None).passages == 3


def test_an_empty_variable_is_as_good_as_none(environment):
    environment.setenv("RAG_EMBEDDER", "")
    environment.setenv("RAG_INDEXES", "")
    settings = load_settings()
    assert settings.embedder is None
    assert settings.indexes == home() / "indexes"


def test_a_tilde_is_the_home_folder(environment):
    environment.setenv("RAG_MODELS", "~/gguf")
    assert load_settings(indexes=Path("~/press")).indexes == Path.home() / "press"
    assert load_settings().models == Path.home() / "gguf"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RAG_CONTEXT_WINDOW", "big"), ("RAG_CONTEXT_WINDOW", "511"), ("RAG_SEED", "0"), ("RAG_PASSAGES", "0"),
        ("RAG_THREADS", "-1"), ("RAG_GPU_LAYERS", "-2"), ("RAG_ANSWER_TOKENS", "1.5"), ("RAG_LANGUAGE", "de"),
    ],
)  # fmt: skip
def test_a_value_nobody_can_use_is_refused_by_name_and_value(environment, name, value):
    environment.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert name in str(caught.value)
    assert repr(value) in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("RAG_THREADS", "beaucoup", "Le réglage threads ne peut pas être 'beaucoup'\u00a0: il faut un nombre entier."),
        ("RAG_SEED", "0", "Le réglage seed ne peut pas être '0'\u00a0: il faut 1 au moins."),
        ("RAG_LANGUAGE", "de", "Le réglage language ne peut pas être 'de'\u00a0: il faut fr ou en."),
    ],
)
def test_why_a_value_cannot_be_used_is_told_in_french_too(environment, name, value, said):
    environment.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert in_language(caught.value.message, "fr") == said


@pytest.mark.parametrize("value", ["fr", "FR", "en", "fr_CA.UTF-8"])
def test_a_language_may_be_said_as_systems_do(environment, value):
    environment.setenv("RAG_LANGUAGE", value)
    assert load_settings().language == value


def test_a_variable_with_our_prefix_that_is_no_setting_is_refused(environment):
    environment.setenv("RAG_MODLE", "x")
    with pytest.raises(SettingsError, match="RAG_MODLE"):
        load_settings()


def test_settings_cannot_change_while_they_are_in_force(environment):
    with pytest.raises(ValueError, match="frozen"):
        load_settings().passages = 2
