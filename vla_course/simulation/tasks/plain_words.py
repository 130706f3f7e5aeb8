"""A sentence in plain words: lower case, no sentence punctuation, no "please", no article, amounts in digits.

What is dropped means nothing. A sign that might mean something - a dash before a number, a percent, a bracket - is
never dropped: the sentence is refused, and the reason names the sign.
"""

import re
import unicodedata
from typing import Final

from vla_course.simulation.tasks.words import ARTICLES, UNITS

COMMA: Final = ","
"""what is left of a comma, semicolon, colon or full stop inside a sentence, as a word of its own"""
QUESTION: Final = "?"
"""what is left of a question mark, as a word of its own"""

_ONES: Final = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_TENS: Final = (
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
)
_SHORT_UNITS: Final = {
    "m": "metres",
    "deg": "degrees",
    "°": "degrees",
    "centimetre": "cm",
    "centimetres": "cm",
    "centimeter": "cm",
    "centimeters": "cm",
    "cm": "cm",
}
"""further words for units; a cm is made a hundredth of a metre"""
CONTRACTIONS: Final = {"don't": "do not", "i'd": "i would", "i'm": "i am", "dont": "do not"}
COMPOUNDS: Final = {
    "pick-up": "pick up",
    "left-hand": "left hand",
    "right-hand": "right hand",
    "counter-clockwise": "counterclockwise",
    "anti-clockwise": "anticlockwise",
    "side-step": "sidestep",
}
"""what may be written with a hyphen, numbers such as twenty-five apart"""
_NO_NOUNS: Final = (
    *ARTICLES,
    "and",
    "then",
    "to",
    "on",
    "onto",
    "at",
    "by",
    "for",
    "of",
    "with",
    "using",
    "next",
    "it",
)
_CUT_OFF: Final = re.compile(rf"\b(?:{'|'.join(ARTICLES)})(?= (?:[,?]|(?:{'|'.join(_NO_NOUNS)})\b)|$)")
"""an article with no noun after it: a word was lost, and what is left may be another command"""
_QUOTES: Final = ('""', "''", "“”", "„“", "«»")


class NotPlain(ValueError):
    """A sentence with a sign that is not understood; says which."""


def plain(sentence: str) -> str:
    """Return a sentence in plain words, with `COMMA` and `QUESTION` where they were.

    Raises:
        NotPlain: it has a sign that is no letter, digit or punctuation between words; names it.
    """
    text = " ".join(sentence.lower().split())
    if len(text) > 1 and any(text[0] == quotes[0] and text[-1] == quotes[1] for quotes in _QUOTES):
        text = text[1:-1].strip()
    text = text.translate(
        {ord("’"): "'", ord("‘"): "'", ord("\N{HYPHEN}"): "-", ord("\N{NON-BREAKING HYPHEN}"): "-"}
    )
    text = re.sub(r"(?<=[0-9])\s?°", " degrees ", text).replace("-and-a-half", " and a half")
    text = re.sub(r"(?<=[a-z]),(?=[a-z0-9])", ", ", text)
    chunks = text.split()
    words = [word for k, chunk in enumerate(chunks) for word in _words(chunk, last=k == len(chunks) - 1)]
    told = " ".join(words)
    for short, long in CONTRACTIONS.items():
        told = re.sub(rf"\b{short}\b", long, told)
    told = _amounts_in_digits(told)
    told = " ".join(COMPOUNDS.get(word, word) for word in told.split())
    if odd := next((word for word in told.split() if "-" in word or "'" in word), None):
        raise NotPlain(_names("-" if "-" in odd else "'", odd))
    told = " ".join(word for word in told.split() if word != "please")
    if cut_off := _CUT_OFF.search(told):
        raise NotPlain(f"expected what it is after {cut_off[0]!r}")
    return " ".join(word for word in told.split() if word not in ARTICLES)


def _words(chunk: str, last: bool) -> list[str]:
    """Return the words of what stands between two spaces, a mark after them as a word of its own."""
    match = re.fullmatch(r"(.*?)(\.{3}|…|[,;:]|[.!?]+)?", chunk, re.DOTALL)
    assert match is not None
    body, mark = match[1], match[2] or ""
    if glued := re.fullmatch(r"([0-9]+(?:[.,][0-9]+)?)([a-z]+)", body):
        if glued[2] not in _SHORT_UNITS and not any(glued[2] in unit.every for unit in UNITS.values()):
            raise NotPlain(f"{body!r} is not a word")
        return [*_words(glued[1], last=False), *_words(glued[2] + mark, last)]
    if body and not re.fullmatch(r"[a-z]+(?:'[a-z]+)?(?:-[a-z]+)*|[0-9]+(?:[.,][0-9]+)?", body):
        odd = next((sign for sign in body if not re.fullmatch("[a-z0-9]", sign)), body)
        raise NotPlain(_names(odd, body) if body != odd or not odd.isalnum() else f"{body!r} is not a word")
    if re.fullmatch("[0-9]+,[0-9]+", body):
        if len(body.partition(",")[2]) > 2:
            raise NotPlain(f"{body!r} may be read in two ways: expected a number such as 1.5")
        body = body.replace(",", ".")
    if not body and mark not in (*",;:", "") and not last:
        raise NotPlain(_names(mark, chunk))
    if body[:1].isdigit() and "!" in mark:
        raise NotPlain(_names("!", chunk))
    if "?" in mark:
        return [word for word in (body, QUESTION) if word]
    return [word for word in (body, COMMA if mark and not last else "") if word]


def _names(sign: str, where: str) -> str:
    """Say which sign is not understood, an invisible one or a rare dash by its name."""
    name = unicodedata.name(sign[0], "a control character").lower()
    shown = f"{sign!r}" if sign.isascii() and sign.isprintable() else f"{sign!r} ({name})"
    within = "" if sign == where or not where.isprintable() else f" in {where!r}"
    hint = (
        ", amounts are said without a sign"
        if re.search(r"\d", where) or "dash" in name or "minus" in name
        else ""
    )
    return f"the sign {shown}{within} is not known{hint}"


# ---- amounts --------------------------------------------------------------------------------------

_BELOW_100: Final = (
    rf"(?:{'|'.join(_TENS)})[ -](?:{'|'.join(_ONES[1:10])})|{'|'.join(_TENS)}|{'|'.join(_ONES)}"
)
_HUNDREDS: Final = rf"(?:(?:an?|{'|'.join(_ONES[1:10])}) )?hundred(?: (?:and )?(?:{_BELOW_100}))?"
_WHOLE: Final = rf"{_HUNDREDS}|{_BELOW_100}|[0-9]+(?:\.[0-9]+)?|an?"
_NOUNS: Final = "|".join(
    sorted((*_SHORT_UNITS, *(noun for unit in UNITS.values() for noun in unit.every)), key=len, reverse=True)
)
_AMOUNT: Final = re.compile(
    rf"\b(?<![-.'])(?:(?P<half>half an?|a half|half)|(?P<couple>a couple of)|(?P<whole>{_WHOLE})(?P<more> and a half)?)"
    rf" (?:full )?(?P<unit>{_NOUNS})\b(?P<later> and a half\b)?"
)


def _amounts_in_digits(text: str) -> str:
    """Write every number before a unit in digits, and the unit in its own word: "half a metre" is "0.5 metres"."""
    return _AMOUNT.sub(_in_digits, text)


def _in_digits(match: re.Match[str]) -> str:
    unit = _SHORT_UNITS.get(match["unit"], match["unit"])
    unit = next((name for name, wording in UNITS.items() if unit in wording.every), unit)
    added = match["more"] or match["later"]
    odd = match["more"] and (match["later"] or match["whole"] in ARTICLES)
    if odd or (added and "." in match["whole"]):
        return match[0]  # nobody says "a and a half", or "2.5 and a half"
    if match["half"]:
        number = 0.5
    elif match["couple"]:
        number = 2.0
    else:
        number = _value(match["whole"]) + (0.5 if added else 0.0)
    if unit == "cm":
        number, unit = number / 100.0, "metres"
    return f"{number:.10g} {unit}"


def _value(words: str) -> float:
    """Return the number that `_WHOLE` has found."""
    if re.fullmatch("[0-9.]+", words):
        return float(words)
    total = 0.0
    for word in re.split(r"[ -]", words):
        if word == "hundred":
            total = 100.0 * max(total, 1.0)
        elif word in _TENS:
            total += 20.0 + 10.0 * _TENS.index(word)
        elif word in _ONES:
            total += _ONES.index(word)
        elif word in ("a", "an"):
            total += 1.0
    return total


def in_words(amount: float, unit: str) -> str | None:
    """Return an amount in words, "two and a half metres", "half a metre"; None where it is not said so.

    Args:
        amount: up to 199, whole or with a half.
        unit: of `UNITS`.
    """
    whole, rest = divmod(amount, 1)
    one, many = UNITS[unit].seen
    if rest not in (0.0, 0.5) or not 0.0 < amount < 200:
        return None
    if amount == 0.5:
        return f"half a {one}"
    number = _in_words(int(whole)) + (" and a half" if rest else "")
    return f"{number} {one if amount == 1.0 else many}"


def _in_words(number: int) -> str:
    hundreds, below = divmod(number, 100)
    tens, ones = divmod(below, 10)
    if below < 20:
        small = _ONES[below]
    else:
        small = _TENS[tens - 2] + (f"-{_ONES[ones]}" if ones else "")
    if not hundreds:
        return small
    return f"{_ONES[hundreds]} hundred" + (f" and {small}" if below else "")


def number_words() -> tuple[str, ...]:
    """Return all words of which numbers are made, and those for units that are understood only."""
    return (*_ONES, *_TENS, "hundred", "and", "a", "half", "couple", "of", "full", *_SHORT_UNITS)


SMALL: Final = 12
"""Up to here whole numbers are said in words in training."""
