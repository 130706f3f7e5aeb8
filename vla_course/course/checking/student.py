"""The student's module, and what is said when it cannot be loaded or raises."""

from __future__ import annotations

import builtins
import difflib
import importlib
import traceback
from pathlib import Path
from types import ModuleType

from vla_course.course.exercise import NotAttempted
from vla_course.course.manifest import Exercise
from vla_course.course.root import CourseRoot


class DoesNotLoad(Exception):
    """The file of an exercise cannot be imported, or lacks its function; the message says where."""


def load_student(exercise: Exercise) -> ModuleType:
    """The module of `vla_course.exercises` that holds the exercise; raises `DoesNotLoad`."""
    name = f"vla_course.exercises.{exercise.module}"
    try:
        module = importlib.import_module(name)
    except NotAttempted:
        raise
    except SyntaxError as fault:
        name = Path(fault.filename or exercise.file).name
        place = f"{name}, line {fault.lineno}" if fault.lineno else name
        if not fault.lineno or "codec can't decode" in fault.msg:  # null bytes, or bytes that are no UTF-8
            raise DoesNotLoad(f"{place} is not a text in UTF-8 ({fault.msg}): save it as UTF-8") from None
        text = f": {fault.text.strip()}" if fault.text else ""
        raise DoesNotLoad(f"{place}: {fault.msg}{text}") from None
    except ModuleNotFoundError as fault:
        if (CourseRoot.current().desk() / exercise.path).is_dir():
            what = f"{exercise.path} is a folder, expected a file"
            raise DoesNotLoad(f"{what}: move it away; {_bring_back(exercise)}") from None
        if fault.name is None or not f"{name}.".startswith(f"{fault.name}."):
            raise DoesNotLoad(describe(fault)) from None
        raise DoesNotLoad(f"{exercise.path} is missing; {_bring_back(exercise)}") from None
    except (Exception, SystemExit) as fault:
        raise DoesNotLoad(describe(fault)) from None
    found: object = module
    for part in exercise.symbol.split("."):
        found = getattr(found, part, None)
    if not callable(found) and not isinstance(found, property):
        raise DoesNotLoad(f"{exercise.file} has no {exercise.symbol} any more; {_bring_back(exercise)}")
    return module


def _bring_back(exercise: Exercise) -> str:
    return f"`vla-course reset {exercise.path}` brings the file back (yours is kept in .vla_course/backups)"


def describe(fault: BaseException, elsewhere: str = "in the check itself") -> str:
    """The error and the last of the student's lines that it went through, in one sentence.

    `elsewhere` says where it was raised, where it went through none of them.
    """
    what = traceback.format_exception_only(fault)[-1].strip() + _meant(fault)
    if isinstance(fault, MemoryError) or "can't allocate memory" in what:  # torch's own, a RuntimeError
        what = "out of memory: a check may use only so much"
    frames = traceback.extract_tb(fault.__traceback__)
    if not frames:
        return what
    desk = str(CourseRoot.current().desk())
    own = [frame for frame in frames if frame.filename.startswith(desk)]
    frame = (own or frames)[-1]
    whose = "" if own else f"{elsewhere}, "
    return f"{what} ({whose}{Path(frame.filename).name}, line {frame.lineno}: {frame.line})"


def _meant(fault: BaseException) -> str:
    """The name that was meant by one that is not there, as far as one can guess."""
    if isinstance(fault, AttributeError) and fault.name and fault.obj is not None:
        try:
            known = [name for name in dir(fault.obj) if not name.startswith("_")]
        except Exception:  # a student's own object that does not say what it holds: nothing to guess from
            return ""
    elif isinstance(fault, NameError) and fault.name and fault.__traceback__:
        last = [frame for frame, _ in traceback.walk_tb(fault.__traceback__)][-1]
        known = [*last.f_locals, *last.f_globals, *vars(builtins)]
    else:
        return ""
    asked = fault.name
    short = [name for name in known if "_" in name and asked == "".join(part[:1] for part in name.split("_"))]
    near = short or difflib.get_close_matches(asked, known, n=1, cutoff=0.7)
    return f". Did you mean `{near[0]}`?" if near else ""
