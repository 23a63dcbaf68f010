"""What templates and models write between brackets: where thoughts and calls begin and end, and control tokens; pure.

No family is known here. A mark is told by its form (bars within brackets, or a bracketed name), and its sense by the
words of its name and by the section named behind it: ``<|close|>think``, ``[/THINK]`` and ``<|END_THINKING|>`` all
close a thought. What stands between backticks is spoken of and not used.
"""

from __future__ import annotations

import re
from enum import Enum, auto

_THOUGHT = {"think", "thinking", "thought", "thoughts", "reasoning", "reflection", "scratchpad", "cot"}
_CHANNELS = {"channel", "analysis", "commentary"}  # of harmony: every one but the final one is thought, or a call
_ANSWER = {"final", "response", "answer"}
_CALLS = {"call", "calls"}  # of a tool, which none was offered
_ROLES = {"assistant", "model", "user", "system", "tool"}
_ENDS = {"end", "close"}
_ALONE = {"</s>", "<eos>", "<bos>", "<pad>", "[INST]", "[/INST]"}  # control tokens that look like anything else
_STRIPPED = "assistantfinal"  # what is left of harmony's last header where a server took its tokens away

_CONTROL = r"(?:<[|｜][\w▁:./-]{1,40}[|｜]?>|<[\w▁]{1,40}[|｜]>|<(?:start|begin|end)_of_\w{1,20}>)"
_LAST_HALF = re.compile(r"<\w{1,40}[|｜]>")  # closes what <|x> opened
_ATTRIBUTES = r"(?: [^<>\n]{1,120})?"
_TYPE = re.compile(r"""\btype=["']?(\w+)""")  # the one attribute that says what an element is
_NAMED = rf"(?:</?[\w▁:-]{{1,40}}{_ATTRIBUTES}>|◁/?[a-z]{{1,12}}▷|\[/?[A-Za-z_]{{1,16}}\])"
_SECTIONS = "|".join(sorted(_THOUGHT | _CHANNELS | _ANSWER | _ROLES, key=len, reverse=True))
_BEGUN = rf"(?:<[|｜]?[\w▁:./-]{{0,40}}(?:[|｜]|{_ATTRIBUTES})|<\w{{1,40}} |◁/?[a-z]{{0,12}}|\[/?[A-Za-z_]{{0,16}}|)"

MARK = re.compile(
    rf"(?P<quoted>`(?:{_CONTROL}|{_NAMED})`)"
    rf"|(?P<control>{_CONTROL})(?:[ \t]{{0,2}}(?P<section>{_SECTIONS})(?=[ \t]{{0,8}}(?:\n|<|to=|\Z)))?"
    rf"|(?P<named>{_NAMED})|{_STRIPPED}"
)
_UNSURE = re.compile(
    rf"(?:(?<![>▷\]])`)?{_BEGUN}\Z"
    rf"|`?{_CONTROL}[ \t]{{0,2}}[a-z]{{0,12}}[ \t]{{0,8}}(?:t|to)?\Z"
    rf"|`{_NAMED}\Z"
)


class Sense(Enum):
    """What a mark does: it opens or closes a thought or a call, it frames the answer or a message, or it is text."""

    OPENS = auto()
    CLOSES = auto()
    FRAMES = auto()
    CONTROL = auto()
    TEXT = auto()


def sense(found: re.Match[str]) -> Sense:
    """Return the sense of what ``MARK`` found."""
    control, section, named = found["control"] or "", found["section"] or "", found["named"] or ""
    name, _, attributes = (control or named).partition(" ")
    words = {*re.findall("[a-z]+", name.lower()), *_TYPE.findall(attributes), *filter(None, [section])}
    closes = "/" in name or bool(words & _ENDS) or bool(_LAST_HALF.match(control))
    if found[0] == _STRIPPED or (section in _ANSWER and not closes):
        return Sense.CLOSES
    if words & _THOUGHT or (control and words & _CHANNELS) or ("tool" in words and words & _CALLS):
        return Sense.CLOSES if closes else Sense.OPENS
    if named and words and words <= _ANSWER:
        return Sense.FRAMES
    return Sense.CONTROL if control or named in _ALONE else Sense.TEXT


def leaves_thought_open(text: str) -> bool:
    """Return whether the last thought that ``text`` opens is not closed in it."""
    senses = [known for found in MARK.finditer(text) if (known := sense(found)) in {Sense.OPENS, Sense.CLOSES}]
    return bool(senses) and senses[-1] is Sense.OPENS


def unsure(text: str) -> int:
    """Return the length of the end of ``text`` that may yet become a mark, or change the sense of one."""
    found = _UNSURE.search(text)
    return max(len(text) - found.start() if found else 0, unfinished(text, (_STRIPPED,)))


def unfinished(text: str, words: tuple[str, ...]) -> int:
    """Return the length of the longest end of ``text`` with which one of ``words`` begins."""
    longest = max(map(len, words), default=1) - 1
    return next(
        (n for n in range(min(longest, len(text)), 0, -1) if any(word.startswith(text[-n:]) for word in words)), 0
    )
