"""What the page is made of besides Python goes with it: its templates, its styles, its scripts."""

import re
from importlib.resources import files

from support.places import ROOT

from ui.html.environment import ENVIRONMENT

UI = files("ui")


def test_each_template_is_a_file_of_the_package_and_is_used():
    listed = {path.name for path in (UI / "html" / "templates").iterdir()}
    assert listed == set(ENVIRONMENT.list_templates())
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "ui" / "html").rglob("*") if path.is_file()]
    rendered = {f"{name}.html" for text in sources for name in re.findall(r'render\(\s*"(\w+)"', text)}
    rendered |= {f"{name}.html" for text in sources for name in re.findall(r'_panel\(\s*"(\w+)"', text)}
    joined = {name for text in sources for name in re.findall(r'(?:from|include|extends) "(\w+\.html)"', text)}
    assert len(rendered) > 10
    assert listed == rendered | joined


def test_each_import_of_a_script_is_a_file_of_the_package():
    static = {path.name: path.read_text(encoding="utf-8") for path in (UI / "static").iterdir()}
    assert {"chat.js", "chat.css"} <= static.keys()
    imported = {name for text in static.values() for name in re.findall(r'(?:from|import) "\./([\w.]+)"', text)}
    assert {name for name in static if name.endswith(".js")} == imported | {"chat.js", "theme.js"}


def test_the_wheel_takes_the_whole_folder():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    wheel = project.partition("[tool.hatch.build.targets.wheel]")[2].partition("\n[")[0]
    assert re.search(r'^packages = .*"ui"', wheel, re.MULTILINE)
    assert "exclude" not in wheel
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert not {"*.html", "*.css", "*.js", "templates/", "static/"} & set(ignored)


def test_no_file_of_the_page_is_long():
    for path in (ROOT / "ui").rglob("*"):
        if path.suffix in {".py", ".html", ".js", ".css"}:
            assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, path
