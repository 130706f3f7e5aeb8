"""Which submissions resemble each other more than chance and the task explain: a reason to look, not a verdict.

Document fingerprints by winnowing (Schleimer, Wilkerson and Aiken, "Winnowing: local algorithms for document
fingerprinting", SIGMOD 2003) over Python's tokens: names, numbers and texts are made alike, comments and layout
left out, so that renaming and reformatting change nothing. What the course itself wrote (its stubs), what its
reference answers say and what many in the class have in common counts for nothing.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import keyword
import tokenize
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from vla_course.grading.intake.submission import Submission

K = 12  # tokens that are hashed together: about half a line; nothing shorter is ever a match
WINDOW = 5  # hashes of which one is kept: any match of K + WINDOW - 1 tokens is found
LEAST = 12  # fingerprints of its own that a submission must have to be compared
COMMON_SHARE = 0.25  # of the class: what more than that have is how one writes it
COMMON_LEAST = 4
REPORTED = 0.25  # pairs below are not worth a look
COMPARED = 60_000  # characters of a file, six times the longest exercise; a megabyte of junk would take a minute
COMPARED_BESIDE = 120_000  # of all files that are no exercise's
SIGNIFICANT = 16  # characters of a line that are a remarkable coincidence when they are the same


@dataclass(frozen=True)
class Token:
    """One token that counts, with the line that it stands in."""

    kind: str
    line: int


@dataclass(frozen=True)
class Print:
    """One fingerprint: a hash and the lines that it covers."""

    hash: int
    first: int
    last: int


@dataclass(frozen=True)
class Region:
    """Lines that match, in one file of each side."""

    path: PurePosixPath
    left: tuple[int, int]
    right: tuple[int, int]


@dataclass(frozen=True)
class Pair:
    """Two submissions: `score` is the share of the smaller one's own fingerprints that the other has as well."""

    left: str
    right: str
    score: float
    shared: int
    same_lines: int
    """lines equal to the letter, comments included, that neither the course nor others in the class wrote"""
    regions: tuple[Region, ...]


def tokens(text: str) -> list[Token]:
    """The tokens that make code what it does; a file that does not tokenise to its end gives what there was."""
    found: list[Token] = []
    fresh = True  # at the beginning of a statement, where a text is a docstring
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            line = token.start[0]
            match token.type:
                case tokenize.NAME if keyword.iskeyword(token.string):
                    found.append(Token(token.string, line))
                case tokenize.NAME:
                    found.append(Token("name", line))
                case tokenize.NUMBER:
                    found.append(Token("number", line))
                case tokenize.STRING if not fresh:
                    found.append(Token("text", line))
                case tokenize.OP:
                    found.append(Token(token.string, line))
                case tokenize.INDENT | tokenize.DEDENT:
                    found.append(Token("indent" if token.type == tokenize.INDENT else "dedent", line))
                case tokenize.COMMENT | tokenize.NL:
                    continue
            fresh = token.type in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING)
    except (tokenize.TokenError, SyntaxError, ValueError, RecursionError):  # IndentationError is one of syntax
        pass
    return found


def fingerprints(found: Sequence[Token]) -> Iterator[Print]:
    """Winnowing: of each window of hashes the smallest, the rightmost of equals; each place once."""
    hashes = [_hash(found[at : at + K]) for at in range(len(found) - K + 1)]
    kept = -1
    for start in range(max(1, len(hashes) - WINDOW + 1) if hashes else 0):
        window = hashes[start : start + WINDOW]
        least = min(window)
        at = start + len(window) - 1 - window[::-1].index(least)
        if at != kept:
            kept = at
            covered = [token.line for token in found[at : at + K]]
            yield Print(least, min(covered), max(covered))


def _hash(group: Sequence[Token]) -> int:
    joined = "\0".join(token.kind for token in group).encode()
    return int.from_bytes(hashlib.blake2b(joined, digest_size=8).digest(), "big")


def all_hashes(text: str) -> set[int]:
    """Every k-gram of a text, winnowed or not: what is discounted must not depend on what stands around it."""
    found = tokens(text)
    return {_hash(found[at : at + K]) for at in range(len(found) - K + 1)}


class _Compared:
    """One submission as it is compared: its fingerprints by file, less what is not its own."""

    def __init__(
        self,
        submission: Submission,
        given: Mapping[PurePosixPath, set[str]],
        discounted: Mapping[PurePosixPath, set[int]],
    ) -> None:
        self.key = submission.key
        self.prints: dict[tuple[PurePosixPath, int], list[Print]] = {}
        self.lines: set[tuple[PurePosixPath, str]] = set()
        for path, text in _compared_texts(submission, given):
            lines = text.split("\n")
            known = given.get(path, set())
            for passage in _passages(lines, known):
                for one in fingerprints(passage):
                    if one.hash not in discounted.get(path, set()):
                        self.prints.setdefault((path, one.hash), []).append(one)
            self.lines |= {
                (path, words)
                for line in lines
                if len(words := " ".join(line.split())) >= SIGNIFICANT and words not in known
            }

    def __len__(self) -> int:
        return len(self.prints)


def _compared_texts(
    submission: Submission, given: Mapping[PurePosixPath, set[str]]
) -> Iterator[tuple[PurePosixPath, str]]:
    """The files that are compared: the exercises' first, and of none more than anybody writes by hand."""
    left = COMPARED_BESIDE
    for path in sorted(submission.files, key=lambda one: (one not in given, one)):
        text = submission.text(path)[: COMPARED if path in given else min(COMPARED, left)]
        left -= 0 if path in given else len(text)
        if text:
            yield path, text


def _passages(lines: Sequence[str], known: set[str]) -> Iterator[list[Token]]:
    """The tokens of the lines that the course did not give, in runs that none of its lines interrupts."""
    passage: list[Token] = []
    for token in tokens("\n".join(lines)):
        if token.line <= len(lines) and " ".join(lines[token.line - 1].split()) in known:
            if passage:
                yield passage
            passage = []
        else:
            passage.append(token)
    if passage:
        yield passage


def compare_class(
    submissions: Iterable[Submission],
    *,
    stubs: Mapping[PurePosixPath, str],
    references: Mapping[PurePosixPath, Sequence[str]],
    least_score: float = REPORTED,
    say: Callable[[str], None] = lambda remark: None,
) -> list[Pair]:
    """The pairs of a class that resemble each other, most alike first.

    Whatever one submission holds, the others are compared: `say` is told of one that cannot be.

    `stubs` are the files that students were given, `references` any answers that everybody may come to: the
    course's own, right ones in another hand, known mistakes.
    """
    given = {path: {" ".join(line.split()) for line in text.split("\n")} for path, text in stubs.items()}
    discounted = {
        path: set().union(*(all_hashes(text) for text in [*texts, stubs.get(path, "")]))
        for path, texts in references.items()
    }
    compared: list[_Compared] = []
    for each in submissions:
        try:
            one = _Compared(each, given, discounted)
        except Exception as fault:
            say(f"{each.key} could not be compared with others: {type(fault).__name__}: {fault}")
        else:
            compared += [one] if len(one) else []
    _drop_common(compared)
    compared = [one for one in compared if len(one) >= LEAST]
    holders: dict[tuple[PurePosixPath, int], list[int]] = {}
    for number, one in enumerate(compared):
        for place in one.prints:
            holders.setdefault(place, []).append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for numbers in holders.values():
        shared.update(itertools.combinations(numbers, 2))
    pairs = [
        _pair(compared[left], compared[right], count)
        for (left, right), count in shared.items()
        if count / min(len(compared[left]), len(compared[right])) >= least_score
    ]
    return sorted(pairs, key=lambda pair: (-pair.score, -pair.shared, pair.left, pair.right))


def _drop_common(compared: Sequence[_Compared]) -> None:
    """Take out what so many have that it says nothing about two of them."""
    most = max(COMMON_LEAST, COMMON_SHARE * len(compared))
    having = Counter(place for one in compared for place in one.prints)
    writing = Counter(line for one in compared for line in one.lines)
    for one in compared:
        one.prints = {place: where for place, where in one.prints.items() if having[place] < most}
        one.lines = {line for line in one.lines if writing[line] < most}


def _pair(left: _Compared, right: _Compared, count: int) -> Pair:
    both = left.prints.keys() & right.prints.keys()
    regions = [
        Region(path, (ours.first, ours.last), (theirs.first, theirs.last))
        for path, digest in both
        for ours, theirs in zip(left.prints[path, digest], right.prints[path, digest], strict=False)
    ]
    return Pair(
        left.key,
        right.key,
        score=round(count / min(len(left), len(right)), 3),
        shared=count,
        same_lines=len(left.lines & right.lines),
        regions=tuple(_merged(regions)),
    )


def _merged(regions: Iterable[Region]) -> Iterator[Region]:
    """Regions that overlap or touch on both sides become one."""
    ordered = sorted(regions, key=lambda region: (str(region.path), region.left, region.right))
    current: Region | None = None
    for region in ordered:
        if current is not None and region.path == current.path and _touch(current, region):
            current = Region(region.path, _span(current.left, region.left), _span(current.right, region.right))
            continue
        if current is not None:
            yield current
        current = region
    if current is not None:
        yield current


def _touch(one: Region, other: Region) -> bool:
    return other.left[0] <= one.left[1] + 1 and (
        one.right[0] - 1 <= other.right[0] <= one.right[1] + 1 or other.right[1] >= one.right[0] - 1 > other.right[0]
    )


def _span(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return min(one[0], other[0]), max(one[1], other[1])
