"""What is told where a server refuses, sends on, lists no models, or is not trusted: its reason and a remedy."""

from __future__ import annotations

import json

import pytest
from support.openai_server import Server

from rag.errors import ContextTooSmall, ModelError, SettingsError
from rag.llm.reply import Reply
from rag.llm.server import ServerModel
from rag.llm.server_address import ServerAddress
from rag.llm.server_errors import ServerErrors, too_long
from rag.translation import in_language
from rag.values import Prompt

PROMPT = Prompt("Système", (), (), "Combien ?", "Combien ?", "fr", answer_tokens=40)


def answer(model: ServerModel) -> str:
    return "".join(item for item in model.stream(PROMPT) if isinstance(item, str))


def refused(server: Server, **options: str) -> ModelError:
    """Return the error of a question, which both languages can tell."""
    with pytest.raises(ModelError) as caught:
        answer(ServerModel(options.pop("url", server.url), **options))
    for words in (caught.value.message, caught.value.remedy):
        assert words
        assert in_language(words, "fr") != words
    return caught.value


@pytest.mark.parametrize(
    ("refusals", "error", "words"),
    [
        ([(500, '{"error": {"message": "out of memory"}}')], ModelError, "status 500.*out of memory"),
        ([(404, "no such model")], ModelError, "no such model"),
        ([(400, '{"error": "exceeds the context size"}')] * 2, ContextTooSmall, "context size"),
    ],
)
def test_a_refusal_is_passed_on_in_the_servers_words(server, refusals, error, words):
    server.refusals = refusals
    with pytest.raises(error, match=words) as caught:
        answer(ServerModel(server.url, model="m"))
    assert caught.value.remedy


def test_a_server_without_https_and_one_that_nobody_vouches_for_are_told_apart(server):
    with pytest.raises(ModelError, match="does not speak HTTPS") as caught:
        answer(ServerModel(server.url.replace("http:", "https:"), model="m"))
    assert "http://" in caught.value.remedy
    why = OSError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed")
    error = ServerErrors(ServerAddress.of("https://maison.lan/v1"), "").unreached(why)
    assert "certificate of maison.lan is not trusted: certificate verify failed: self-signed." in error.message
    assert "SSL_CERT_FILE" in error.remedy


@pytest.mark.parametrize("model", ["", "m"])
@pytest.mark.parametrize(("key", "words"), [("", "wants a key"), ("sk-secret", "does not accept the key")])
def test_a_server_that_wants_another_key_is_said_so_and_the_key_is_not_shown(server, model, key, words):
    server.wanted = "Bearer other"
    server.refusals = [(401, '{"error": "not this: sk-secret"}')]
    with pytest.raises(ModelError, match=words) as caught:
        answer(ServerModel(server.url, model=model, key=key))
    assert "RAG_SERVER_KEY" in caught.value.remedy
    assert not key or key not in str(caught.value)


@pytest.mark.parametrize(
    ("words", "is_so"),
    [
        ("maximum context length is 8192", True),
        ("prompt is too long: 209353 of 199999", True),
        ("The input token count (12) exceeds the most allowed (10)", True),
        ("inputs tokens + max_new_tokens must be <= 4096", True),
        ("too many tokens: 9000", True),
        ("Request too large for model m: Limit 6000, Requested 12328", True),
        ("Unsupported parameter: max_tokens; use max_completion_tokens", False),
        ("seed: Extra inputs are not permitted", False),
        ("temperature: Input should be less than or equal to 1", False),
        ("Invalid token", False),
    ],
)
def test_what_a_server_says_of_length_is_told_from_what_else_it_refuses(words, is_so):
    assert too_long(words) is is_so


@pytest.mark.parametrize(
    ("status", "words", "remedy"),
    [
        (400, "API key not valid. Please pass a valid one.", "RAG_SERVER_KEY"),
        (403, "Invalid API key", "RAG_SERVER_KEY"),
        (403, "This location is not supported", "see what the server wrote, or set RAG_SERVER_KEY"),
        (413, "Request too large for model m on tokens per minute", "RAG_CONTEXT_WINDOW to fewer"),
        (413, "<html><h1>413 Request Entity Too Large</h1></html>", "RAG_CONTEXT_WINDOW to fewer"),
        (400, "prompt is too long: 209353 tokens", "RAG_CONTEXT_WINDOW to what its model holds"),
        (400, "Client sent an HTTP request to an HTTPS server.", "set RAG_SERVER=https://127.0.0.1:"),
        (400, "<h1>The plain HTTP request was sent to HTTPS port</h1>", "set RAG_SERVER=https://127.0.0.1:"),
        (405, "Method Not Allowed", "RAG_SERVER to another address"),
        (503, "Loading model", "ask again later, or set RAG_MODEL"),
        (503, "No available channel for model m", "ask again later, or set RAG_MODEL"),
        (500, "model requires more system memory", "ask again later, or set RAG_MODEL"),
        (503, "overloaded", "ask again later"),
    ],
)
def test_the_remedy_is_for_what_the_server_said(server, status, words, remedy):
    server.refusals = [(status, words)] * 5
    assert remedy in refused(server, model="m").remedy


@pytest.mark.parametrize(
    ("status", "words", "remedy"),
    [
        (503, '{"error": {"message": "Loading model"}}', "ask again later"),
        (429, "slow down", "ask again later"),
        (502, "<h1>502 Bad Gateway</h1>", "see what the server wrote"),
        (404, "404 page not found", "often ends in /v1"),
        (200, "<!DOCTYPE html><title>Chat</title>", "often ends in /v1"),
        (200, '{"object": "list", "data": []}', "set RAG_MODEL"),
    ],
)
def test_a_server_that_lists_no_models_is_told_with_its_reason(server, status, words, remedy):
    server.listing = (status, words)
    error = refused(server)
    assert remedy in error.remedy
    assert str(status) in error.message or status == 200


@pytest.mark.parametrize(
    ("location", "remedy"),
    [
        ("https://maison.lan/v1{path}", "set RAG_SERVER=https://maison.lan/v1"),
        ("/llm/v1{path}/", "set RAG_SERVER={url}/llm/v1"),
        ("/login?next=%2Fv1", "set RAG_SERVER to the address of its API"),
        ("http://[", "set RAG_SERVER to the address of its API"),
    ],
)
@pytest.mark.parametrize("path", ["/models", "/chat/completions"])
def test_a_server_that_sends_on_is_not_followed_but_told(server, path, location, remedy):
    server.headers = {"Location": location.format(path=path)}
    server.listing = (302, "") if path == "/models" else None
    server.refusals = [(307, "")]
    error = refused(server, url=f"{server.url}/v1?api-version=1", key="sk-secret")
    assert error.remedy.startswith(remedy.format(url=server.url))
    assert "next" not in str(error)
    assert len(server.paths) <= 2


def test_a_password_in_the_address_is_told_nowhere(server):
    server.listing = (200, "{}")
    url = server.url.replace("//", "//marie:secret@")
    assert "secret" not in str(refused(server, url=url))
    server.listing = None
    server.refusals = [(400, "HTTP request sent to an HTTPS server")] * 5
    assert "secret" not in str(refused(server, url=url))


@pytest.mark.parametrize(
    ("reason", "message", "remedy"),
    [
        (
            "[SSL: CERTIFICATE_VERIFY_FAILED] verify failed: IP address mismatch",
            "not trusted",
            "RAG_SERVER",
        ),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] verify failed: certificate has expired", "not trusted", "renew"),
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number", "does not speak HTTPS", "http://maison.lan/v1"),
        ("[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] alert", "greeting of HTTPS", "which certificates"),
        ("[SSL: TLSV1_ALERT_PROTOCOL_VERSION] alert", "greeting of HTTPS", "versions of TLS"),
    ],
)
def test_what_is_wrong_with_a_secure_connection_is_told_apart(reason, message, remedy):
    error = ServerErrors(ServerAddress.of("https://maison.lan/v1"), "").unreached(OSError(reason))
    assert message in error.message
    assert remedy in error.remedy


@pytest.mark.parametrize(
    ("url", "example"),
    [
        ("http://maison:port/v1", "http://127.0.0.1:8080/v1"),
        ("http://[::1", "http://127.0.0.1:8080/v1"),
        ("http://maison:99999/v1", "http://127.0.0.1:8080/v1"),
        ("maison:8080", "http://maison:8080"),
        ("maison.lan/v1 ", "http://maison.lan/v1"),
        ("", "http://127.0.0.1:8080/v1"),
    ],
)
def test_an_address_that_cannot_be_read_is_refused_with_one_that_can(url, example):
    with pytest.raises(SettingsError) as caught:
        ServerModel(url)
    assert caught.value.remedy == f"set RAG_SERVER={example}"
    assert example in in_language(caught.value.remedy, "fr")


@pytest.mark.parametrize(
    ("url", "base", "place"),
    [
        (" http://[::1]:8080/v1/ ", "http://[::1]:8080/v1", "[::1]:8080"),
        ("https://a.b/x/chat/completions#top", "https://a.b/x", "a.b"),
        ("http://me:pw@a.b:1?v=1", "http://a.b:1/v1", "a.b:1"),
    ],
)
def test_an_address_is_read_as_a_person_wrote_it(url, base, place):
    address = ServerAddress.of(url)
    assert (address.shown, address.place) == (base, place)


def test_the_key_is_not_told_where_a_server_repeats_it_in_an_address():
    error = ServerErrors(ServerAddress.of("http://a.b/v1"), "sk-1").moved("/models", "/sk-1/models")
    assert "sk-1" not in str(error)


def test_a_gateway_that_repeats_what_stood_behind_it_is_told_in_those_words(server):
    server.refusals = [(502, json.dumps({"error": {"message": "Provider error", "metadata": {"raw": "at capacity"}}}))]
    assert "at capacity" in refused(server, model="m").message
    assert not Reply().error
