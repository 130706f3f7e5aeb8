"""Gradescope's *Export submissions*: folders with numbers, and one file that says whose they are."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from vla_course.grading.intake.contents.files import NotRead, read_file
from vla_course.grading.intake.whose.named import Named
from vla_course.grading.intake.whose.names import readable

METADATA = "submission_metadata.yml"
MAX_METADATA = 64 * 2**20  # it holds every output of every student's tests


def read(place: Path, say: Callable[[str], None]) -> dict[str, list[Named]]:
    """For each folder of the export whose it is: one, or all who handed it in together."""
    path = place / METADATA
    if not path.exists():
        return {}
    import yaml  # type: ignore[import-untyped]

    try:
        tables = yaml.load(read_file(path, MAX_METADATA), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        return {str(folder): list(_submitters(about)) for folder, about in tables.items()}
    except NotRead as why:
        say(f"{METADATA} {why}: folders are taken for names")
    except (yaml.YAMLError, AttributeError, TypeError, KeyError, ValueError, RecursionError) as fault:
        say(f"{METADATA} is not what Gradescope writes ({type(fault).__name__}): folders are taken for names")
    return {}


def _submitters(about: Mapping[str, Any]) -> Iterator[Named]:
    created = about.get(":created_at")
    time = created if isinstance(created, datetime.datetime) else None
    for person in about[":submitters"]:
        name, number, email = (
            readable(str(person.get(key) or "")).strip() for key in (":name", ":sid", ":email")
        )
        yield Named(name or email, number or email, "Gradescope", submitted=time, email=email)
