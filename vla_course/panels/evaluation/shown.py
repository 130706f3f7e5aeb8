"""What a page of an evaluation shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final

from vla_course.learning.evaluation.comparing import Comparison, SeedSpread
from vla_course.learning.evaluation.evaluating import Run
from vla_course.learning.evaluation.outcomes import Outcome
from vla_course.learning.evaluation.parts import EvaluationParts
from vla_course.learning.evaluation.summary import Row
from vla_course.panels.evaluation.charts import Rate, rate_strip
from vla_course.panels.evaluation.films import Film


@dataclass(frozen=True)
class Shown:
    """What a page shows.

    Attributes:
        run: the evaluation.
        films: of some of its episodes, by their keys.
        against: another run, and how this one differs from it.
        trainings: how much trainings differ, where there are several.
        parts: of it that are exercises, by default the reference's.
    """

    run: Run
    films: Mapping[str, Film] = field(default_factory=dict)
    against: tuple[Run, Sequence[Comparison]] | None = None
    trainings: Sequence[SeedSpread] = ()
    parts: EvaluationParts = field(default_factory=EvaluationParts.reference)

    def rate(self, outcomes: Sequence[Outcome]) -> Rate:
        """Return the success of some episodes, at least one."""
        return Rate.of(sum(one.done for one in outcomes), len(outcomes), self.parts.success_interval)

    def expert(self, row: Row) -> Rate | None:
        """Return the expert's success in the same tasks; None where none stood beside."""
        return self.rate(row.experts) if row.experts else None

    def cells(self, row: Row) -> tuple[str, str, str, str, str]:
        """Return what a table says of episodes in HTML: a strip, success, how many they are, the expert, falls."""
        rate, expert = self.rate(row.outcomes), self.expert(row)
        return rate_strip(rate, expert), str(rate), str(rate.n), str(expert or ""), str(row.fell)


CELLS: Final = ("0 to 100 %", "#success", "#episodes", "#the expert", "#falls")
"""the heads of such cells"""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of cells in HTML; a head that begins with # is of a column of numbers."""
    kinds = [' class="number"' if head.startswith("#") else "" for head in heads]
    top = "".join(
        f"<th{kind}>{escape(head.removeprefix('#'))}</th>" for kind, head in zip(kinds, heads, strict=True)
    )
    body = "".join(
        f"<tr>{''.join(f'<td{kind}>{cell}</td>' for kind, cell in zip(kinds, row, strict=True))}</tr>"
        for row in rows
    )
    return f'<div class="wide"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def named(name: str, told: str) -> str:
    """Return a cell with a name and, softly, what it is."""
    return f'<b class="name">{escape(name)}</b><span class="soft told">{escape(told)}</span>'
