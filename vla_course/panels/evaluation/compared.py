"""Differences on the page: what a change of the world costs, another run, other trainings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from vla_course.learning.evaluation.comparing import Comparison, factor_effects
from vla_course.learning.evaluation.episodes import FACTORS
from vla_course.learning.evaluation.summary import lines
from vla_course.panels.evaluation import charts
from vla_course.panels.evaluation.shown import CELLS, Shown, table


def factors(shown: Shown) -> Iterator[str]:
    """Show what each change of the world costs, in the very same tasks."""
    changed = [row for row in lines(shown.run) if row.factor]
    if not changed:
        return
    yield "<h2>One thing changed</h2>"
    yield "<dl>"
    for factor in dict.fromkeys(row.factor for row in changed):
        yield f"<dt>{escape(factor)}</dt><dd>{escape(FACTORS[factor])}</dd>"
    yield "</dl>"
    yield table(("episodes", *CELLS), [(escape(row.name), *shown.cells(row)) for row in changed])
    effects = factor_effects(shown.run, shown.parts)
    if effects:
        yield (
            "<p>The very same tasks and words without the change, pair by pair (a layout is another scene, and no "
            "pair):</p>"
        )
        yield from _differences(effects, "as it is", "changed")


def against(shown: Shown) -> Iterator[str]:
    """Show how the run differs from another one."""
    if shown.against is None:
        return
    before, comparisons = shown.against
    yield f"<h2>Against {escape(before.name)}</h2>"
    yield (
        f"<p>That is {escape(before.settings.policy)} at commit {escape(before.settings.commit)}, over the "
        "episodes that both have. To the right this run is better.</p>"
    )
    yield from _differences(comparisons, before.name, shown.run.name)
    families = [(one, family) for one in comparisons for family in one.families]
    if len(families) > len(comparisons):
        rows = [
            (
                escape(one.name),
                escape(family.family),
                str(family.n),
                str(family.result.gained),
                str(family.result.lost),
                f"{100 * family.result.difference:+.0f}",
                _p(family.result.p_value),
            )
            for one, family in families
        ]
        heads = ("episodes", "family", "#pairs", "#gained", "#lost", "#points", "#p")
        yield f"<details><summary>family by family</summary>{table(heads, rows)}</details>"


def trainings(shown: Shown) -> Iterator[str]:
    """Show how much other trainings of the same policy differ."""
    if not shown.trainings:
        return
    yield "<h2>Other trainings</h2>"
    yield (
        "<p>The same policy trained anew with other seeds, in the same episodes. Two kinds of chance, told "
        "apart: what other episodes would change, and what another training would.</p>"
    )
    heads = ("episodes", "#of each", "#trainings", "#mean", "#± other episodes", "#± other trainings")
    yield table(
        heads,
        [
            (
                escape(one.name),
                str(one.n),
                ", ".join(f"{100 * rate:.0f}" for rate in one.rates) + " %",
                f"{100 * one.mean:.1f} %",
                f"{100 * one.of_episodes:.1f}",
                f"{100 * one.of_trainings:.1f}",
            )
            for one in shown.trainings
        ],
    )


def _differences(comparisons: Sequence[Comparison], before: str, after: str) -> Iterator[str]:
    chart = charts.difference_chart(comparisons)
    yield f'<div class="wide"><figure style="max-width:38rem">{chart}</figure></div>'
    heads = ("episodes", "#pairs", f"#{before}", f"#{after}", "#gained", "#lost", "#points [95 %]", "#p")
    yield table(
        heads,
        [
            (
                escape(one.name),
                str(one.n),
                str(one.before),
                str(one.after),
                str(one.result.gained),
                str(one.result.lost),
                "{:+.1f} [{:+.1f}, {:+.1f}]".format(
                    *(100 * value for value in (one.difference, *one.interval))
                ),
                _p(one.result.p_value),
            )
            for one in comparisons
        ],
    )
    yield (
        '<p class="soft">Gained and lost: episodes in which only the one or only the other succeeded; they '
        "alone speak of a difference (p: McNemar 1947, exact). Points are the mean of the families' "
        "differences, each counted alike.</p>"
    )


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"
