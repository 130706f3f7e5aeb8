"""An answer that is not written as source is named, and no honest one is, however it is written."""

from __future__ import annotations

import base64
import marshal
import shutil
import zlib
from pathlib import Path
from textwrap import indent

import pytest

from tests.grading.attacks import corpus
from vla_course.course.manifest import Day, Exercise, load_manifest
from vla_course.course.root import CourseRoot
from vla_course.course.source.variants import build_submission, read_variants
from vla_course.grading.judging.as_source import remarks
from vla_course.grading.judging.grade_one import grade_submission
from vla_course.grading.worker.sandbox import choose_sandbox

ROOT = CourseRoot.current()
MARK = "from vla_course.course.exercise import exercise\n"
DEF = '@exercise("1.1")\ndef mean(values):\n    return sum(values) / len(values)\n'
CODE = compile(f"{MARK}{DEF}", "reference/first.py", "exec")
PACKED = base64.b85encode(zlib.compress(marshal.dumps(CODE))).decode()
FUNCTION = base64.b85encode(zlib.compress(marshal.dumps(compile("lambda v: sum(v) / len(v)", "", "eval")))).decode()


def exercise(symbol: str = "mean") -> Exercise:
    return Exercise("1.1", "Mean", Day(1, "day1_numbers", ""), "first.py", symbol, 1, 1, 1, "", (), {})


def found(
    tmp_path: Path, text: str, symbol: str = "mean", others: tuple[str, ...] = (), **helpers: str
) -> list[str]:
    day = tmp_path / "day1_numbers"
    day.mkdir(exist_ok=True)
    (day / "first.py").write_text(text)
    for name, helper in helpers.items():
        (day / f"{name}.py").write_text(helper)
    return remarks(exercise(symbol), tmp_path, others)


WRAPPED = f"import base64, marshal, zlib\nexec(marshal.loads(zlib.decompress(base64.b85decode({PACKED!r}))))\n"


@pytest.mark.parametrize(
    "text",
    [
        WRAPPED,
        f"{WRAPPED}\n\ndef mean(values):\n    return mean(values)\n",
        f"import base64\nm = __import__('marshal')\nmean = eval(m.loads(base64.b85decode({FUNCTION!r})))\n",
        f"{MARK}import types, pickle\nmean = exercise('1.1')(types.FunctionType(pickle.loads(b''), globals()))\n",
        f"{MARK}{DEF}mean.__code__ = mean.__code__.replace(co_consts=())\n",
        "g = globals()\ngetattr(__builtins__, 'ex' + 'ec')(bytes(n ^ 7 for n in b'data' * 90).decode())\n",
        f"CODE = [{', '.join(str(n % 256) for n in range(400))}]\n{MARK}{DEF}",
        f"CODE = {PACKED!r}\n{MARK}{DEF}",
        "import importlib.machinery as m\nm.SourcelessFileLoader('a', 'a.pyc').exec_module(None)\n" + DEF,
        f"exec = exec\nexec('def mean(values): return 1')\n{DEF}",
        "from builtins import exec as run\nrun('def mean(values): return 1')\n",
        "globals().update({'me' + 'an': lambda values: 1})\n",
        f"import importlib.util as u\nu.spec_from_file_location('a', 'a.pyc').loader.exec_module(None)\n{DEF}",
        f"import dill.source\n{DEF}",
        f"from types import FunctionType\n{DEF}",
        f"import importlib\nm = importlib.import_module('marshal')\n{DEF}",
        f"CODE = {bytes(range(128, 148))!r}\n{DEF}",
        f"CODE = ({', '.join(str(n % 256) for n in range(400))})\n{DEF}",
    ],
)  # fmt: skip
def test_what_is_made_of_data_is_named(tmp_path: Path, text: str) -> None:
    told = found(tmp_path, text)
    assert told
    assert all(one.startswith("1.1: ") for one in told)


def test_a_helper_beside_it_is_read_too(tmp_path: Path) -> None:
    assert found(tmp_path, f"from .mine import mean\n{MARK}", mine=WRAPPED)
    assert not found(tmp_path, f"from .mine import mean\n{MARK}", mine=DEF.replace('@exercise("1.1")\n', ""))


def test_the_file_of_another_exercise_is_read_for_that_one(tmp_path: Path) -> None:
    assert found(tmp_path, DEF, second=WRAPPED)
    assert not found(tmp_path, DEF, others=("second.py",), second=WRAPPED)


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        (DEF, "mean"),
        ("mean = exercise('1.1')(lambda values: sum(values) / len(values))\n", "mean"),
        ("try:\n    import numba\nexcept ImportError:\n" + indent(DEF, "    "), "mean"),
        ("if True:\n" + indent(DEF, "    "), "mean"),
        (f"import functools\n\n\n@functools.lru_cache\n{DEF}", "mean"),
        ("from .helpers import *\n", "mean"),
        ("from .helpers import average as mean\n", "mean"),
        ("import numpy as np\n\nmean = np.mean\n", "mean"),
        ("class Mean:\n    of = staticmethod(lambda values: 0.0)\n", "Mean.of"),
        ("def of(self, values):\n    return 0.0\n\n\nclass Mean:\n    pass\n\n\nMean.of = of\n", "Mean.of"),
        ("class _Base:\n    def of(self, values):\n        return 0.0\n\n\nclass Mean(_Base):\n    pass\n", "Mean.of"),
        (f"{DEF}    eval = compile = values[0]\n    print(eval, compile)\n", "mean"),
        (f"def compile(values):\n    return values\n\n\n{DEF}    compile(values)\n", "mean"),
        ("async def mean(values):\n    return 0.0\n", "mean"),
        (f'import re\n\nNUMBER = re.compile("[0-9]+")\nTEXT = "{"words " * 80}"\n\n\n{DEF}    model.eval()\n', "mean"),
        (f"TABLE = [{', '.join(str(n / 7) for n in range(900))}]\n{DEF}", "mean"),
        (f"SQUARES = [{', '.join(str(n * n) for n in range(400))}]\n{DEF}", "mean"),
        (f"WORDS = {b'of a hundred letters ' * 5!r}\n{DEF}", "mean"),
        (f"MODES = ('train', 'eval', 'compile')\n{DEF}", "mean"),
        ("def add(self, v):\n    return 0.0\n\n\nclass Mean:\n    pass\n\n\nsetattr(Mean, 'of', add)\n", "Mean.of"),
        ("this is no python (", "mean"),
    ],
)  # fmt: skip
def test_what_is_written_as_source_is_not(tmp_path: Path, text: str, symbol: str) -> None:
    assert found(tmp_path, text, symbol) == []


def test_no_answer_that_the_course_knows_is_named(tmp_path: Path) -> None:
    looked = 0
    for one in load_manifest(ROOT).exercises:
        assert remarks(one, ROOT.solutions) == []
        assert remarks(one, ROOT.stubs) == []
        for variant in read_variants(ROOT, one):
            folder = build_submission(ROOT, one, variant, tmp_path / "submission")
            assert remarks(one, folder) == [], variant
            shutil.rmtree(tmp_path / "submission")
            looked += 1
    assert looked > 100


def test_bytecode_that_is_paid_is_told_in_the_notes(tmp_path: Path) -> None:
    place = corpus.make_place(tmp_path)
    shutil.copytree(place.solution.parent, place.submission / place.day)
    (place.submission / place.day / "first.py").write_text(WRAPPED)
    verdict = grade_submission(place.submission, seed=1, sandbox=choose_sandbox(), root=place.root)
    assert verdict.exercises[0].status == "correct"
    assert any("1.1: first.py has no source of `mean`" in note for note in verdict.notes)
    assert any("not all written as source" in note for note in verdict.notes)
    assert not any(note.startswith("1.2") for note in verdict.notes)
