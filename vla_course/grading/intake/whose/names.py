"""Names of people as text: made readable, compared letter for letter, and turned into keys for files and tables."""

from __future__ import annotations

import hashlib
import re
import unicodedata

KEY_BYTES = 120  # a file system takes names of 255, and a report's name has more in it than the key
_JOINERS = {0x200C, 0x200D}  # format characters that Persian, Hindi and others write words with
_SELECTORS = {*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}  # how a sign is drawn, no part of a name


def readable(text: str) -> str:
    """The text as it can be shown anywhere: composed (NFC), on one line, nothing in it that steers a terminal.

    Bytes of a file name that are not UTF-8 are read as Latin-1, which is what old zips hold.
    """
    if text.isascii() and text.isprintable():
        return text
    shown = []
    for letter in text:
        code = ord(letter)
        if 0xDC80 <= code <= 0xDCFF:  # what Python makes of such a byte
            shown.append(chr(code - 0xDC00))
        elif unicodedata.category(letter) in ("Zs", "Zl", "Zp"):
            shown.append(" ")
        elif unicodedata.category(letter) in ("Cc", "Cf", "Cs"):
            shown.append(letter if code in _JOINERS else "")
        else:
            shown.append(letter)
    return unicodedata.normalize(
        "NFC", "".join(letter for letter in shown if not 0x7F <= ord(letter or " ") < 0xA0)
    )


def slug(text: str) -> str:
    """Small letters, digits and hyphens; letters of any script stay, and the marks that belong to them.

    Nothing where there is neither letter nor digit.
    """
    folded = unicodedata.normalize("NFC", readable(text).casefold())
    kept = [
        letter if unicodedata.category(letter)[0] in "LNM" and ord(letter) not in _SELECTORS else "-"
        for letter in folded
    ]
    if not any(unicodedata.category(letter)[0] in "LN" for letter in kept):
        return ""
    return re.sub("-+", "-", "".join(kept)).strip("-")


def key_of(name: str, number: str) -> str:
    """One word for a student, short enough for a file's name; nothing where both are without letters."""
    return bounded("-".join(dict.fromkeys(filter(None, [slug(name), slug(number)]))))


def bounded(key: str) -> str:
    """The key, or its beginning and a digest of all of it."""
    if len(key.encode()) <= KEY_BYTES:
        return key
    return f"{key.encode()[: KEY_BYTES - 9].decode(errors='ignore').rstrip('-')}-{digest(key)}"


def digest(text: str) -> str:
    """Eight letters that differ for different texts."""
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()[:8]


def forms(name: str) -> set[str]:
    """The slugs by which somebody may be called who is written like this: "Doe, Jane" is Jane Doe, too."""
    last, comma, first = readable(name).partition(",")
    return {slug(name), slug(f"{first} {last}") if comma else slug(name)} - {""}


def run_together(name: str) -> set[str]:
    """How Canvas may write a name, family name first and all in one word: "Jane Doe" becomes "doejane"."""
    words = [word for form in (slug(name.replace(",", " ")),) for word in form.split("-")]
    return {"".join(words[at:] + words[:at]) for at in range(len(words))} - {""}
