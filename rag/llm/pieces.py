"""Which pieces of a stream are the answer that was asked for, and what each of them adds; pure."""

from __future__ import annotations

from typing import Any

_MOST_CHOICES = 8  # no server sends as many to who asked for one


class OneChoice:
    """The pieces of the first of several choices.

    Some servers count their tokens where the number of the choice should stand. A choice's number comes again and a
    token's does not, so what has another number than 0 is held back until that is clear.
    """

    def __init__(self) -> None:
        self._numbers: set[int] = set()
        self._held: list[dict[str, Any]] = []
        self._several = False

    def of(self, choices: object) -> list[dict[str, Any]]:
        """Return the pieces that became certain with the ``choices`` of an event; often one, or none."""
        found = [one for one in choices if isinstance(one, dict)] if isinstance(choices, list) else []
        if not found:
            return []
        piece = min(found, key=_number)
        self._several = self._several or len(found) > 1 or _number(piece) in self._numbers
        self._numbers.add(_number(piece))
        if _number(piece) == 0:
            self._several = self._several or bool(piece.get("finish_reason"))  # what comes then is another's
            return [piece]
        self._held.append(piece)
        return self.rest() if not self._several and len(self._numbers) > _MOST_CHOICES else []

    def rest(self) -> list[dict[str, Any]]:
        """Return what was held back and belongs to the answer, at the end."""
        held, self._held = self._held, []
        if not self._several:
            return held
        first = min(self._numbers)
        return [piece for piece in held if _number(piece) == first]


def _number(choice: dict[str, Any]) -> int:
    number = choice.get("index")
    return number if isinstance(number, int) else 0


class NewText:
    """What each piece of a stream adds, also where a server sends all that it has written each time.

    Two pieces may begin alike by chance; of three each of which begins with the whole one before it nobody writes that.
    """

    def __init__(self) -> None:
        self._sent = ""
        self._pieces = 0
        self._held = ""  # the second piece, where it begins with the first
        self._growing = False

    def of(self, piece: str, *, whole: bool) -> str:
        """Return what is new in a piece; one that is a ``whole`` message may repeat what came in pieces."""
        if not piece:
            return ""
        held, self._held = self._held, ""
        if whole and self._pieces and piece.strip().startswith((self._sent + held).strip()):
            new = held + piece.strip()[len((self._sent + held).strip()) :]
        elif held:
            self._growing = _grows(piece, held)
            new = piece[len(self._sent) :] if self._growing else held + piece
        elif self._growing and piece.startswith(self._sent):
            new = piece[len(self._sent) :]
        elif self._pieces == 1 and _grows(piece, self._sent):
            new, self._held = "", piece
        else:
            new, self._growing = piece, False
        self._pieces += 1
        self._sent += new
        return new

    def rest(self) -> str:
        """Return what was held back, at the end."""
        held, self._held = self._held, ""
        return held


def _grows(piece: str, before: str) -> bool:
    return len(piece) > len(before) and piece.startswith(before)
