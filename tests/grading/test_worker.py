"""The student's module through a worker: it answers as the module itself would, in a notebook."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from tests.grading.attacks import corpus
from vla_course.course.checking import effort
from vla_course.course.checking.student import DoesNotLoad
from vla_course.course.exercise import NotAttempted
from vla_course.grading.worker.proxy import Remote
from vla_course.grading.worker.sandbox import Job, Level, Sandbox, choose_sandbox
from vla_course.grading.worker.session import Session, WorkerGone
from vla_course.grading.worker.stage import needs_of, reference_for, stage_of
from vla_course.grading.worker.values import Unsendable
from vla_course.motion.standing.balance_config import BalanceConfig

Open = Callable[..., Session]

HEAD = "import numpy as np\n\nfrom vla_course.course.exercise import NotAttempted, exercise\n\n"
TAIL = '\n\n@exercise("1.1")\ndef mean(values):\n    return float(np.mean(values))\n'


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> corpus.Place:
    return corpus.make_place(tmp_path_factory.mktemp("worked"))


@pytest.fixture
def open_session(place: corpus.Place, tmp_path: Path) -> Iterator[Open]:
    """Start a worker on a module: its text, and what the session is told."""
    stage = stage_of(place.root)
    with ExitStack() as stack:

        def start(
            source: str = "",
            *,
            tail: str = TAIL,
            budget: float = 5.0,
            sandbox: Sandbox | None = None,
            answered: tuple[str, str, str] = ("1.1", "first.py", "mean"),
        ) -> Session:
            exercise_id, file, symbol = answered
            day = tmp_path / "desk" / place.day
            day.mkdir(parents=True, exist_ok=True)
            (day / "__init__.py").touch()
            for name in ("first.py", "second.py"):
                (day / name).write_text(HEAD + source + tail if name == file else "this is not python")
            needs = needs_of(place.root)
            exercise = next(one for one in needs.exercises if one.id == exercise_id)
            reference = reference_for(stage, needs, exercise, day.parent, tmp_path / "reference")
            job = Job(stage.course, day.parent, reference, exercise_id, place.day, file, symbol, 20.0)
            return stack.enter_context(Session(sandbox or choose_sandbox(), job, budget))

        yield start


COUNTER = """
class Counter:
    step = 1
    unit = "m"

    def __init__(self, start=0, config=None):
        self.count, self.config, self.inner = start, config, None

    def add(self, *, times=1):
        self.count += times * self.step
        return self

    def together(self, other):
        return self.count + other.count

    @property
    def twice(self):
        return 2 * self.count

    @classmethod
    def ten(cls):
        return cls(10)
"""


def test_functions_answer_with_values(open_session: Open) -> None:
    student = open_session().student()
    assert student.mean(np.array([1.0, 3.0])) == 2.0
    assert student.mean(values=[1, 2, 6]) == 3.0


def test_instances_stay_in_the_worker_and_keep_their_state(open_session: Open) -> None:
    session = open_session(COUNTER)
    counter = session.student().Counter(3, config=BalanceConfig(com_height=0.5))
    assert isinstance(counter, Remote)
    assert counter.add(times=2).add().count == 6
    assert counter.twice == 12
    assert counter.config == BalanceConfig(com_height=0.5)
    assert counter.unit == "m"
    counter.count = 20
    assert counter.together(session.student().Counter.ten()) == 30


def test_a_method_is_asked_for_once(open_session: Open) -> None:
    session = open_session(COUNTER)
    counter = session.student().Counter()
    counter.add()
    before = session.calls
    for _ in range(10):
        counter.add()
    assert session.calls == before + 10


def test_objects_of_the_student_are_no_values(open_session: Open) -> None:
    counter = open_session(COUNTER).student().Counter()
    for use in (
        bool,
        lambda it: it == 1,
        lambda it: it != 1,
        lambda it: it > 0,
        len,
        iter,
        float,
        abs,
        np.sqrt,
    ):
        with pytest.raises(TypeError):
            use(counter)
    with pytest.raises(AttributeError):
        counter.__dict__  # noqa: B018
    with pytest.raises(AttributeError):
        counter.nothing  # noqa: B018
    assert np.asarray(counter).dtype == object


def test_what_may_not_cross_never_reaches_the_worker(open_session: Open) -> None:
    session = open_session(COUNTER)
    with pytest.raises(Unsendable):
        session.student().mean(lambda: 0)
    other = open_session(COUNTER).student().Counter()
    with pytest.raises(Unsendable):
        session.student().mean(other)


FAULTS = """
class FreeFall(ValueError):
    pass

def fall(kind):
    if kind == "own":
        raise FreeFall("no force")
    if kind == "linear":
        np.linalg.inv(np.zeros((2, 2)))
    if kind == "skip":
        raise type("Skipped", (BaseException,), {})("skipped")
    if kind == "stub":
        raise NotAttempted("1.1")
    if kind == "meta":
        raise Deep
    if kind == "mute":
        raise Mute
    if kind == "lone":
        raise ValueError("\\ud800")
    return {}[kind]

class Meta(type):
    def __getattribute__(cls, name):
        raise SystemExit(0)

class Deep(Exception, metaclass=Meta):
    pass

class Mute(Exception):
    def __getattribute__(self, name):
        raise SystemExit(0)

    def __str__(self):
        raise SystemExit(0)
"""


def test_errors_come_over_by_name_and_are_what_they_derive_from(open_session: Open) -> None:
    student = open_session(FAULTS).student()
    with pytest.raises(ValueError, match="no force") as caught:
        student.fall("own")
    assert "first.py, line" in caught.value.told
    assert 'raise FreeFall("no force")' in caught.value.told
    with pytest.raises(ValueError, match="Singular"):
        student.fall("linear")
    with pytest.raises(KeyError):
        student.fall("nothing")
    with pytest.raises(NotAttempted, match=r"1\.1"):
        student.fall("stub")
    with pytest.raises(Exception, match="skipped") as caught:  # no BaseException of theirs gets through
        student.fall("skip")
    assert type(caught.value).__name__ == "StudentRaised"
    for kind, said in (("meta", "Deep, which does not say why"), ("mute", "does not say"), ("lone", r"\?")):
        with pytest.raises(Exception, match=said) as caught:
            student.fall(kind)
    assert student.mean([1.0, 3.0]) == 2.0


CHANGES = "def halve(values):\n    values /= 2.0\n    return float(values[0])\n"


def test_arrays_that_are_changed_there_stay_as_they_are_here(open_session: Open) -> None:
    session = open_session(CHANGES)
    whole = np.arange(1.0, 7.0).reshape(2, 3)
    assert session.student().halve(whole[:, 1]) == 1.0
    assert whole.tolist() == [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
    assert session.changed


GROWS = """
def grow(kept, named):
    kept.append(0.0)
    return len(kept)


def rename(kept, named):
    named["new"] = kept
    return len(named)


def replace(kept, named):
    kept[0] = [*kept[0]]
    return len(kept)


def read(kept, named):
    return len([*kept, *named, 0.0])
"""


@pytest.mark.parametrize(("name", "changes"), [("grow", True), ("rename", True), ("replace", True), ("read", False)])
def test_lists_and_dicts_that_are_changed_there_are_told_and_stay_as_they_are_here(
    open_session: Open, name: str, changes: bool
) -> None:
    session = open_session(GROWS)
    kept, named = [[1.0], 2.0], {"old": [3.0]}
    getattr(session.student(), name)(kept, named)
    assert (kept, named) == ([[1.0], 2.0], {"old": [3.0]})
    assert session.changed == changes


def test_what_is_read_only_here_is_read_only_there(open_session: Open) -> None:
    values = np.array([4.0])
    values.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        open_session(CHANGES).student().halve(values)


def test_other_exercises_are_the_references_even_where_the_file_is_broken(open_session: Open) -> None:
    tail = '\n\n@exercise("1.2")\ndef double(value):\n    return mean([value, 3.0 * value])\n'
    session = open_session("from .first import mean\n", tail=tail, answered=("1.2", "second.py", "double"))
    assert session.student().double(1.5) == 3.0


def test_an_exercise_that_is_graded_later_is_not_there(open_session: Open) -> None:
    session = open_session("from .second import double\n\ndef four(value):\n    return double(double(value))\n")
    with pytest.raises(LookupError, match=r"exercise 1\.2 is not there while 1\.1 is graded"):
        session.student().four(1.5)


def test_the_reference_of_the_exercise_itself_is_a_hole(open_session: Open, place: corpus.Place) -> None:
    module = f"vla_course.reference.{place.day}.first"
    source = f"from {module} import mean as stolen\n\ndef steal(values):\n    return stolen(values)\n"
    with pytest.raises(NotAttempted):
        open_session(source).student().steal([1.0])


def test_a_stub_says_that_it_is_not_attempted(open_session: Open) -> None:
    tail = '\n\n@exercise("1.1")\ndef mean(values):\n    raise NotAttempted("1.1")\n'
    with pytest.raises(NotAttempted):
        open_session(tail=tail).student().mean([1.0])


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def broken(:\n", "first.py, line 5: invalid syntax"),
        ("import numpyy\n", "numpyy"),
        ("raise SystemExit('bye')\n", "SystemExit: bye"),
        ("del exercise\n", "name 'exercise' is not defined"),
    ],
)
def test_a_module_that_does_not_load_says_why(open_session: Open, source: str, said: str) -> None:
    with pytest.raises(DoesNotLoad, match=said):
        open_session(source).student()


def test_a_missing_function_is_said(open_session: Open) -> None:
    with pytest.raises(DoesNotLoad, match="has no mean"):
        open_session(tail="").student()


RUBBISH = """
import os

def end():
    for number in range(3, 1000):
        try:
            os.write(number, b"rubbish!")
        except OSError:
            pass
"""


THREADS = """
import threading

def end():
    threading.stack_size(2**16)
    for _ in range(1000):
        threading.Thread(target=threading.Event().wait, daemon=True).start()
    while True:
        pass
"""

SHUT = """
import os, time

def end():
    os.closerange(3, 256)
    time.sleep(1000)
"""


@pytest.mark.parametrize(
    ("source", "how", "said"),
    [
        ("import os\ndef end():\n    os._exit(3)\n", "crashed", "exit code 3"),
        ("import ctypes\ndef end():\n    ctypes.string_at(0)\n", "crashed", "SIGSEGV"),
        ("def end():\n    while True:\n        pass\n", "timed out", "stopped after 1 s"),
        ("def end():\n    print('x' * 3_000_000)\n", "crashed", "printing more than 1 MB"),
        (RUBBISH, "crashed", "not an answer"),
        ("import time\ndef end():\n    time.sleep(1000)\n", "timed out", "1 s of only waiting"),
        (THREADS, "crashed", "more than 256 threads"),
        (SHUT, "crashed", "shut the way"),
        ("import os\ndef end():\n    os.closerange(3, 256)\n", "crashed", "shut the way"),
    ],
    ids=["exit", "fault", "loop", "output", "rubbish", "sleep", "threads", "shut", "closed"],
)
def test_a_worker_that_is_gone_says_how_and_stays_gone(
    open_session: Open, source: str, how: str, said: str
) -> None:
    session = open_session(source, budget=1.0)
    student = session.student()
    end = student.end
    for _ in range(2):
        with pytest.raises(WorkerGone, match=said) as caught:
            end()
        assert caught.value.how == how


def test_only_the_students_time_counts(open_session: Open) -> None:
    session = open_session(budget=0.5)
    student = session.student()
    time.sleep(0.7)
    assert student.mean([1.0]) == 1.0


COMPUTES = """
import time

def compute(seconds):
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
    return seconds
"""


def test_time_is_computing_over_all_calls_and_a_clock_that_runs_on_is_none(open_session: Open) -> None:
    student = open_session(COMPUTES + "\ndef wait():\n    time.sleep(0.6)\n", budget=1.0).student()
    student.wait()
    assert student.compute(0.7) == 0.7  # 1.3 s by the clock and more

    def often() -> None:
        for _ in range(100):
            student.compute(0.02)  # each shorter than from look to look

    with pytest.raises(WorkerGone, match="1 s of computing") as caught:
        often()
    assert caught.value.how == "timed out"


@pytest.mark.parametrize("level", ["bubblewrap", "limits"])
def test_a_worker_that_gets_no_processor_is_not_blamed(
    level: Level, open_session: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    if level == "bubblewrap" and choose_sandbox().level != level:
        pytest.skip("there is no bubblewrap here")
    monkeypatch.setattr(effort, "PATIENCE", 3.0)
    session = open_session(COMPUTES, budget=0.5, sandbox=Sandbox(level))
    compute = session.student().compute
    compute(0.01)
    for pid in effort.family(session._process.pid):
        os.kill(pid, signal.SIGSTOP)
    with pytest.raises(WorkerGone, match="this machine is too busy") as caught:
        compute(0.01)
    assert caught.value.how == "too busy"
    assert "loop" not in caught.value.message


def test_the_output_is_kept_bounded_and_printable(open_session: Open) -> None:
    session = open_session("def say():\n    print('a\\x1b[2Jb')\n    print('x' * 10_000)\n")
    session.student().say()
    assert session.output().endswith("x\n")
    assert len(session.output()) <= 4000
    assert "\x1b" not in session.output()


def test_a_controller_can_be_asked_again_and_again(open_session: Open) -> None:
    session = open_session("def control(state):\n    return -2.0 * state\n")
    student = session.student()
    state = np.ones(64)
    for _ in range(500):
        assert np.array_equal(student.control(state), -2.0 * state)
