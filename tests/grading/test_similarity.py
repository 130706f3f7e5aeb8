"""Similarity: what was copied is found, what the task explains is not counted."""

import itertools
import time
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_course.grading.class_run.similarity import WINDOW, K, Token, compare_class, fingerprints, tokens
from vla_course.grading.intake.submission import Submission

PATH = PurePosixPath("day1_numbers/stats.py")

STUB = '''"""Means and spreads."""


def smooth(values, width):
    """Return the running mean of `values`, `width` at a time."""
    raise NotAttempted("1.1")
'''

OWN = STUB.replace(
    '    raise NotAttempted("1.1")',
    """    total, out = 0.0, []
    for at, value in enumerate(values):
        total = total + value
        if at >= width:
            total = total - values[at - width]
        if at >= width - 1:
            out.append(total / width)
        elif len(out) > 1000 and not out[-1]:
            out = [one for one in out if one is not None]
    while out and out[0] is None:
        out.pop(0)
    return [round(one, 9) for one in out] or None""",
)

OTHER = STUB.replace(
    '    raise NotAttempted("1.1")',
    """    import numpy as np

    kernel = np.ones(int(width)) / float(width)
    padded = np.concatenate([np.zeros(0), np.asarray(values, dtype=float)])
    result = np.convolve(padded, kernel, mode="valid")
    assert result.ndim == 1, "expected one row"
    lookup = {number: entry for number, entry in enumerate(result.tolist())}
    return sorted(lookup.values(), key=lambda entry: -lookup.get(0, entry))""",
)

COPIED = (
    OWN.replace("total", "acc")
    .replace("out", "res")
    .replace("value)", "v)")
    .replace("values):", "values):  # go through all of them")
    .replace(
        "    acc, res = 0.0, []\n",
        "    # mine\n    acc, res = (\n        0.5, []\n    )\n".replace("0.5", "0.0"),
    )
)


def handed(key: str, text: str) -> Submission:
    return Submission(key, key, "", f"{key}.zip", {PATH: text.encode()})


def compared(*texts: str, references: tuple[str, ...] = (), least: float = 0.0):
    submissions = [handed(f"student-{number}", text) for number, text in enumerate(texts)]
    return compare_class(submissions, stubs={PATH: STUB}, references={PATH: references}, least_score=least)


def test_a_copy_with_other_names_comments_and_layout_is_found():
    (pair,) = compared(OWN, COPIED)
    assert pair.score > 0.8
    (first, *_) = pair.regions
    lines = OWN.split("\n")[first.left[0] - 1 : first.left[1]]
    assert "        if at >= width:" in lines


def test_two_who_thought_for_themselves_are_not_alike():
    assert not compared(OWN, OTHER, least=0.25)


def test_an_exact_copy_is_wholly_alike_and_its_lines_are_counted():
    (pair,) = compared(OWN, OWN)
    assert (pair.score, pair.same_lines) == (1.0, 10)


def test_what_the_course_gave_counts_for_nothing():
    assert compared(STUB, STUB) == []
    longer = STUB.replace('"""Return', '"""Return, as everybody knows who has read this far into the text,')
    assert compared(longer, longer) == []


def test_what_a_known_answer_says_counts_for_nothing():
    assert compared(OWN, COPIED, references=(OWN,)) == []
    assert compared(OWN, COPIED, references=(OTHER,))


def test_what_many_in_the_class_have_counts_for_nothing():
    assert compared(OWN, OWN, OWN)
    assert compared(*[OWN] * 6) == []


def test_a_part_that_was_copied_is_found_in_a_longer_work():
    longer = OTHER + "\n\n" + OWN.split("\n\n\n")[1].replace("def smooth", "def helper")
    (pair,) = compared(OWN, longer, least=0.25)
    assert pair.score > 0.8


@pytest.mark.parametrize(
    "text", ["def broken(:\n", "x = '''never closed", "  indented\n wrongly\n", "\0", ""]
)
def test_a_file_that_is_no_python_is_no_reason_to_stop(text):
    assert compared(text, text) == []


def test_comments_docstrings_and_names_make_no_difference():
    one = tokens('def f(a):\n    """Say."""\n    return a + 1  # one\n')
    other = tokens("def g(long_name):\n\n    return long_name   +  2\n")
    assert [token.kind for token in one] == [token.kind for token in other]


kinds = st.lists(st.sampled_from("abcdefgh"), max_size=40)


@given(
    before=kinds,
    shared=st.lists(st.sampled_from("abcdefgh"), min_size=K + WINDOW - 1, max_size=60),
    after=kinds,
)
def test_any_match_as_long_as_the_guarantee_shares_a_fingerprint(before, shared, after):
    def found(letters):
        return {one.hash for one in fingerprints([Token(letter, 1) for letter in letters])}

    assert found(shared) & found(before + shared + after)


@given(st.lists(st.sampled_from("ab"), max_size=80))
def test_of_each_window_one_fingerprint_is_kept_and_each_place_once(letters):
    found = [Token(letter, line) for line, letter in enumerate(letters, start=1)]
    places = [one.first for one in fingerprints(found)]
    assert places == sorted(set(places))
    grams = len(letters) - K + 1
    if grams > 0:
        assert places
        gaps = [later - earlier for earlier, later in itertools.pairwise(places)]
        assert all(gap <= WINDOW for gap in gaps)


def test_what_cannot_be_compared_is_said_and_the_others_are(monkeypatch):
    class Odd(Submission):
        def text(self, path):
            raise RecursionError("deep")

    said = []
    pairs = compare_class(
        [
            Submission("ann", "Ann", "", "", {PATH: OWN.encode()}),
            Odd("eve", "Eve", "", "", {PATH: b""}),
            Submission("bob", "Bob", "", "", {PATH: COPIED.encode()}),
        ],
        stubs={PATH: ""},
        references={},
        say=said.append,
    )
    assert [(pair.left, pair.right) for pair in pairs] == [("ann", "bob")]
    assert said == ["eve could not be compared with others: RecursionError: deep"]


def test_megabytes_of_code_do_not_eat_the_processor_and_hide_nothing():
    junk = {PurePosixPath(f"day1_numbers/a{number}.py"): b"x = 1\n" * 100_000 for number in range(16)}
    begun = time.process_time()
    pairs = compare_class(
        [
            Submission("ann", "Ann", "", "", {PATH: OWN.encode()} | junk),
            Submission("bob", "Bob", "", "", {PATH: COPIED.encode()}),
        ],
        stubs={PATH: ""},
        references={},
    )
    assert time.process_time() - begun < 10.0
    assert [(pair.left, pair.right) for pair in pairs] == [("ann", "bob")]
