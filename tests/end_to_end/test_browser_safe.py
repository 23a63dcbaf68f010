"""What a hostile text cannot do, and what a reader who cannot see or point can: scripts, addresses, accessibility."""

import json
import os
import subprocess
from contextlib import closing

import pytest
from support.browser import Watch, ask, expect, finished, panel, served, visiting
from support.fake_door import FakeDoor, cite, make_article
from support.payloads import PAYLOADS
from support.places import ROOT

from rag.conversations import Conversations, KeptTurn
from rag.values import Answer, Quote, Sentence

pytestmark = pytest.mark.browser

AXE = "axe-core@4.10.3"
CACHE = ROOT / ".venv" / "axe-core"  # never in the repository


@pytest.fixture(scope="module")
def axe():
    """Return the source of axe-core, fetched from the npm registry once."""
    script = CACHE / "package" / "axe.min.js"
    if not script.is_file():
        CACHE.mkdir(parents=True, exist_ok=True)
        try:
            subprocess.run(["npm", "pack", AXE, "--silent"], cwd=CACHE, check=True, timeout=60, capture_output=True)
            packed = next(CACHE.glob("*.tgz"))
            subprocess.run(["tar", "xzf", packed.name], cwd=CACHE, check=True)
        except (OSError, subprocess.SubprocessError) as error:
            missing = pytest.fail if os.environ.get("CI") else pytest.skip
            missing(f"axe-core is not here, and npm could not fetch it: {error}")
    return script.read_text(encoding="utf-8")


def hostile_door(folder):
    text = "\n\n".join(["Un titre calme", *PAYLOADS])
    article = make_article(text, language="fr", source=PAYLOADS[49], title=PAYLOADS[10], date=PAYLOADS[12])
    others = [make_article(f"{p}\n\nTexte.", language="fr", source=p, date=p) for p in PAYLOADS]
    return FakeDoor(folder, [article, *others])


def keep_hostile_conversation(door, reader):
    """Write a conversation whose every word is hostile: questions, answers, verdicts, sources, notices, errors."""
    kept = Conversations(door.settings.conversations)
    article = next(iter(door.kept.values()))
    identifier = kept.begin(reader, PAYLOADS[0], library="exemple")
    for number, payload in enumerate(PAYLOADS):
        citation = cite(article, payload)
        quote = Quote(article.identifier, payload, citation.start, citation.end, payload, 0.5)
        answer = Answer(
            question=payload, text=payload, refused=number % 5 == 0, model=payload,
            sentences=(Sentence(payload, (1,), "partly", (payload,), 0, len(payload)),),
            citations=(citation,), nearest=(quote,), searched=payload, language=payload, notices=(payload,),
        )  # fmt: skip
        problem = (payload, payload) if number % 7 == 0 else ("", "")
        kept.save(reader, identifier, number, KeptTurn(payload, answer, problem=problem, reason=payload))
        kept.begin(reader, payload, library=payload)
    kept.close()
    return identifier


def test_sixty_payloads_stay_words_everywhere(chrome, tmp_path):
    assert len(PAYLOADS) == len(set(PAYLOADS)) == 60
    door = hostile_door(tmp_path)
    dialogs = []
    reader = "c" * 32
    identifier = keep_hostile_conversation(door, reader)
    with served(door) as address:
        context = chrome.new_context(locale="fr-FR")
        context.set_default_timeout(60_000)
        context.add_cookies([{"name": "ask_the_article", "value": reader, "url": address}])
        watch = Watch().over(context)
        page = context.new_page()
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(f"{address}#{identifier}")
        page.locator("#past #turn-59").wait_for()
        page.locator("#past .earlier").click()
        page.locator("#past #turn-0").wait_for()
        expect(page.locator("#past .turn")).to_have_count(60)
        for name in ("conversations", "articles"):
            panel(page, name).locator(".entry").nth(60).wait_for()
            page.keyboard.press("Escape")
        for number in range(0, 60, 6):
            mark = page.locator(f"#turn-{number} .cite").first
            mark.hover()
            mark.click()
            page.wait_for_function("document.querySelector('mark.active')")
        for number, payload in enumerate((PAYLOADS[10], PAYLOADS[49], PAYLOADS[57]), start=60):
            ask(page, payload)
            finished(page, number)
        page.locator("#past .why").evaluate_all("all => all.forEach(one => { one.open = true; })")
        shown = page.locator("#reader .article-text").evaluate("element => element.textContent")
        assert shown == next(iter(door.kept.values())).text.replace("\0", "\ufffd")
        assert page.evaluate("window.ran") is None
        assert dialogs == []
        expect(
            page.locator(
                ":is(#past, #live, #reader, #panel)"
                " :is(script, img, iframe, object, embed, svg:not(button.pin[data-act] > svg), form)"
            )
        ).to_have_count(0)
        context.close()
    assert not watch.foreign
    assert not watch.errors


def test_markup_that_slipped_in_could_still_not_run_or_call_home(chrome, tmp_path):
    with served(FakeDoor(tmp_path)) as address:
        context = chrome.new_context()
        watch = Watch(forgiven=("Content Security Policy",)).over(context)
        page = context.new_page()
        page.goto(address)
        page.locator("#reader .paper").wait_for()
        blocked = page.evaluate(
            """payloads => new Promise(done => {
                const seen = [];
                document.addEventListener('securitypolicyviolation', event => {
                    seen.push(event.violatedDirective);
                    if (seen.length === 2) done(seen);
                });
                const box = document.body.appendChild(document.createElement('div'));
                box.innerHTML = payloads.join('');
            })""",
            ["<img src=x onerror=window.ran=1>", "<img src=http://evil.example/x.png>"],
        )
        assert sorted(blocked) == ["img-src", "script-src-attr"]
        assert page.evaluate("window.ran") is None
        context.close()
    assert watch.foreign == ["http://evil.example/x.png"] or watch.foreign == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious(chrome, tmp_path, axe, scheme, width):
    with served(FakeDoor(tmp_path)) as address, visiting(chrome, address) as visit:
        page = visit(width=width, color_scheme=scheme, bypass_csp=True)
        page.locator("#card .gist").wait_for(state="attached")
        serious = audit(page, axe, "welcome")
        ask(page, "La digue ?")
        turn = finished(page)
        turn.locator("summary").click()
        turn.locator(".cite").first.click()
        page.locator("mark.active").first.wait_for()
        page.locator("#further .chip").first.wait_for(state="attached")
        serious += audit(page, axe, "answer")
        if width < 900:
            page.locator("#reader .back").click()
        ask(page, "La lune ?")
        finished(page, 1)
        serious += audit(page, axe, "refusal")
        for name in ("conversations", "articles", "notes", "models", "display", "offline"):
            page.locator(f'#header [data-panel="{name}"]').click()
            page.locator(f'#panel .panel[data-name="{name}"]').wait_for()
            serious += audit(page, axe, name)
            page.keyboard.press("Escape")
    assert not serious, "\n".join(serious)


def audit(page, axe, state):
    """Return what axe-core calls serious or critical in the page as it is now."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    found = page.evaluate(
        "axe.run(document).then(({passes, violations}) => ({checked: passes.length, violations}))"  # passes are long
    )
    assert found["checked"], "axe-core checked nothing"
    return [
        f"{state}: {violation['id']}: {node['target']} {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for violation in found["violations"]
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]


def test_the_server_refuses_other_names_sites_and_routes(tmp_path):
    import httpx

    with served(FakeDoor(tmp_path)) as address:
        assert httpx.get(address, headers={"host": "evil.example"}).status_code == 403
        assert httpx.get(f"{address}gradio_api/info").status_code == 404
        assert httpx.get(f"{address}gradio_api/file=/etc/passwd").status_code == 404
        body = json.dumps({"data": [None, "La digue ?"], "fn_index": 1, "session_hash": "x"})
        post = httpx.post(f"{address}gradio_api/queue/join", content=body, headers={"origin": "http://evil.example"})
        assert post.status_code == 403


def test_no_address_of_a_stranger_is_written_into_the_page(tmp_path):
    import re

    import httpx

    with served(FakeDoor(tmp_path)) as address:
        html = httpx.get(address).text
    head = html.replace(html[html.index("window.gradio_config") : html.index("</script>")], "")
    assert not re.findall(r"(?:src|href|content)=\"https?://[^\"]+\"", head)
    assert os.fspath(tmp_path) not in html


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"], ids=["here", "behind a token"])  # what is tested
def test_a_browser_that_keeps_no_cookie_is_told_so(chrome, tmp_path, host):
    import httpx

    def without_cookie(route):
        answer = httpx.get(route.request.url, headers={"accept-language": "fr"})
        left_out = {"set-cookie", "content-length", "content-encoding"}
        kept = {name: value for name, value in answer.headers.items() if name not in left_out}
        route.fulfill(status=answer.status_code, headers=kept, body=answer.content)

    with served(FakeDoor(tmp_path), host) as address, closing(chrome.new_context(locale="fr-FR")) as context:
        page = context.new_page()
        page.route(address, without_cookie)
        page.goto(address)
        page.locator("p:visible").get_by_text("Cette page distingue ses lecteurs par un cookie").wait_for()
