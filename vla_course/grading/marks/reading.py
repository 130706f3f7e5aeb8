"""TOML and CSV files that people write and open: what is wrong in them is told with its file, its place, its value."""

from __future__ import annotations

import csv
import datetime
import io
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from vla_course.course.errors import CourseError, Unresolved
from vla_course.course.source.keeping import write_atomically


class Checked(BaseModel):
    """A table of such a file: fields that it does not know, and numbers that are none, are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False, allow_inf_nan=False)


M = TypeVar("M", bound=BaseModel)


def read_toml(path: Path, kind: type[M]) -> M:
    """The whole file as one model."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise CourseError(f"{path} cannot be read: {fault.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise CourseError(f"{path} is not valid TOML: {fault}") from None
    return validated(kind, tables, path.name)


def validated(kind: type[M], values: Mapping[str, object], where: str) -> M:
    """The values as that model; raises `Unresolved` with every field that is wrong."""
    try:
        return kind.model_validate(values)
    except ValidationError as fault:
        problems = [
            f"{'.'.join(map(str, error['loc'])) or 'table'} is {_written(error['input'])}: "
            f"{error['msg'].removeprefix('Value error, ')}"
            for error in fault.errors()
        ]
        raise Unresolved(f"{where} has {len(problems)} problem(s):", problems) from None


def _written(value: object) -> str:
    return f"{value.isoformat() if isinstance(value, datetime.date) else repr(value):.60}"


def read_lines(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """A CSV file's headings, and its other lines with the numbers that an editor gives them.

    Commas, or the semicolons and tabs that some spreadsheets write; text in UTF-8, with or without a mark.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as fault:
        raise CourseError(f"{path} cannot be read: {fault.strerror}") from None
    except UnicodeDecodeError:
        raise CourseError(f"{path} is not text in UTF-8: save it as CSV in UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text))
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as fault:
        raise CourseError(f"{path.name}, line {reader.line_num}: {fault}") from None
    return (rows[0][1] if rows else []), rows[1:]


def delimiter(text: str) -> str:
    """What separates the cells of the first line."""
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    return max(",;\t", key=first.count)


def read_csv(path: Path, *columns: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines of a CSV file by heading (in small letters); raises `CourseError` where one of `columns` is missing."""
    first, lines = read_lines(path)
    headings = [heading.strip().casefold() for heading in first]
    if missing := [column for column in columns if column not in headings]:
        raise CourseError(f"{path.name}: expected a first line with the column {missing[0]}, found {first}")
    if twice := [heading for heading in headings if heading and headings.count(heading) > 1]:
        raise CourseError(f"{path.name}: the column {twice[0]} is there twice")
    for number, row in lines:
        if any(cell.strip() for cell in row[len(headings) :]):
            raise CourseError(
                f"{path.name}, line {number}: {len(row)} values for {len(headings)} columns; "
                "a value with a comma in it stands in double quotes"
            )
        yield (
            number,
            {heading: cell for heading, cell in zip(headings, row + [""] * len(headings), strict=False)},
        )


Rows = Sequence[Sequence[object]]
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


def csv_text(rows: Rows, separator: str = ",") -> str:
    """The lines of a CSV file in which no spreadsheet finds a formula."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n", delimiter=separator)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return stream.getvalue()


def write_rows(path: Path, rows: Rows) -> None:
    """Write a CSV file."""
    write_atomically(path, csv_text(rows))


def _harmless(cell: object) -> object:
    """Text that a spreadsheet would take for a formula is kept from being one; numbers stay numbers."""
    formula = isinstance(cell, str) and cell != "-" and cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{cell}" if formula and not NUMBER.fullmatch(str(cell)) else cell
