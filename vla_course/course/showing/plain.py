"""Text for a terminal that has few signs: a tick becomes a +, an accent falls, and nothing stops a command."""

from __future__ import annotations

import codecs
import contextlib
import sys
import unicodedata
from typing import Final

SIGNS: Final = {
    **{"✓": "+", "✗": "-", "◆": "*", "·": "-", "•": "*", "→": "->", "←": "<-", "…": "...", "—": "-", "–": "-"},
    **{"×": "x", "±": "+-", "≤": "<=", "≥": ">=", "≈": "~", "°": " deg", "²": "2", "³": "3", "µ": "u", "ß": "ss"},
    **{"’": "'", "‘": "'", "“": '"', "”": '"', "━": "-", "─": "-", "╸": "-", "╺": "-", "│": "|", "┃": "|"},
}


def plain(text: str) -> str:
    """The text in ASCII: signs of the course as what looks like them, letters without accents, the rest as ?."""
    found = []
    for sign in text:
        bare = "".join(part for part in unicodedata.normalize("NFKD", sign) if part.isascii())
        found.append(sign if sign.isascii() else SIGNS.get(sign) or bare or "?")
    return "".join(found)


def _handler(fault: UnicodeError) -> tuple[str, int]:
    if not isinstance(fault, UnicodeEncodeError):
        raise fault
    return plain(fault.object[fault.start : fault.end]), fault.end


def say_it_anyhow() -> None:
    """Let this process print whatever it has to say, in whatever encoding its output is.

    That is also for names of files that are no text in any encoding, which UTF-8 refuses.
    """
    codecs.register_error("plain", _handler)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):  # a notebook's stream has no encoding; it is closed
            stream.reconfigure(errors="plain")  # type: ignore[union-attr]
