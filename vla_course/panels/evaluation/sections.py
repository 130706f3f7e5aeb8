"""How well it did, on the page: the control first, then every split, family and pair, chains, confidence and time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Final

from vla_course.learning.evaluation.episodes import SPLITS, of_key
from vla_course.learning.evaluation.policies import EXPERT
from vla_course.learning.evaluation.summary import (
    Row,
    calibration_error,
    in_a_row,
    lines,
    reliability,
    rows,
    times_to_success,
    told_right,
)
from vla_course.panels.evaluation import charts
from vla_course.panels.evaluation.charts import Rate
from vla_course.panels.evaluation.episodes_shown import film_figure
from vla_course.panels.evaluation.shown import CELLS, Shown, named, table

FEW: Final = 30
"""episodes, below which a line says that they are few"""


def tiles(shown: Shown) -> str:
    """Show the few numbers that one looks for first."""
    run, whole = shown.run, {row.name: row for row in lines(shown.run)}
    found = []
    if "swap" in whole:
        found.append((_percent(shown.rate(whole["swap"].outcomes)), "same picture, other command"))
    if "seen" in whole:
        seen = whole["seen"]
        found.append((_percent(shown.rate(seen.outcomes)), "told in words of training"))
        if seen.experts and run.settings.policy != EXPERT:
            found.append((_percent(shown.rate(seen.experts)), "the expert in the same tasks"))
        times = times_to_success(seen.outcomes)
        if times:
            found.append((f"{times[1]:.1f} s", "median time to success"))
    fell = Rate.of(
        sum(one.fell for one in run.outcomes.values()), len(run.outcomes), shown.parts.success_interval
    )
    low, high = fell.interval
    found.append((f"{fell.done} of {fell.n}", f"falls: {100 * low:.1f} to {100 * high:.1f} %"))
    inside = "".join(
        f'<div><b>{escape(value)}</b><span class="soft">{escape(label)}</span></div>'
        for value, label in found
    )
    return f'<div class="tiles">{inside}</div>'


def _percent(rate: Rate) -> str:
    return f"{100 * rate.value:.0f} %"


# ---- the control ----------------------------------------------------------------------------------


def control(shown: Shown) -> Iterator[str]:
    """Show what it did in the same picture at another command."""
    swapped = [row for row in rows(shown.run) if row.name == "swap" and not row.pair]
    if not swapped:
        return
    yield "<h2>The same picture, another command</h2>"
    yield (
        "<p>The decisive control. Each scene is shown twice and one thing is named, then another: who follows "
        "the picture and not the words does the same both times, and is right in half of them at most.</p>"
    )
    yield (
        '<div class="legend"><span class="key"><i class="k-asked"></i>did what it was told</span>'
        '<span class="key"><i class="k-other"></i>did the other one instead</span>'
        '<span class="key"><i class="k-neither"></i>did neither</span></div>'
    )
    bars = [(row.family or "all", row.done, row.instead, len(row.outcomes)) for row in swapped]
    yield f'<div class="wide"><figure style="max-width:46rem">{charts.told_bar(bars)}</figure></div>'
    rate = shown.rate(swapped[0].outcomes)
    yield f"<p>The asked thing: {rate} of {rate.n}.{_few(rate.n)} {_worth(shown)}</p>"
    twins = [one for key, one in shown.films.items() if of_key(key).split == "swap"][:2]
    if len(twins) == 2:
        yield f'<div class="pair">{"".join(map(film_figure, twins))}</div>'


def _worth(shown: Shown) -> str:
    """Say what the command is worth: with it against without it, task by task."""
    pairs = list(told_right(shown.run).values())
    if not pairs:
        return ""
    told, untold = (sum(pair[k] for pair in pairs) for k in (0, 1))
    return (
        f"Told nothing, it did {untold} of {len(pairs)} tasks by itself; told, {told} of the same: "
        f"{100 * (told - untold) / len(pairs):+.0f} points."
    )


def _few(n: int) -> str:
    return f' <span class="bad">Few episodes: {n} prove little.</span>' if n < FEW else ""


# ---- splits, families, pairs ------------------------------------------------------------------------


def splits(shown: Shown) -> Iterator[str]:
    """Show every split, the expert beside it."""
    yield "<h2>Every split</h2>"
    yield f'<div class="legend">{charts.LEGEND}</div>'
    # What a factor changes has a place of its own.
    found = [row for row in lines(shown.run) if not row.factor]
    yield table(
        ("split", *CELLS), [(named(row.split, SPLITS[row.split]), *shown.cells(row)) for row in found]
    )


def families(shown: Shown) -> Iterator[str]:
    """Show each family in all splits."""
    of_family: dict[str, list[tuple[str, Rate, Rate | None]]] = {}
    for row in rows(shown.run):
        if row.family and not row.factor:
            line = (row.name, shown.rate(row.outcomes), shown.expert(row))
            of_family.setdefault(row.family, []).append(line)
    if of_family:
        yield "<h2>Family by family</h2>"
        yield f'<div class="cards">{"".join(_cards(of_family))}</div>'


def _cards(of_family: Mapping[str, Sequence[tuple[str, Rate, Rate | None]]]) -> Iterator[str]:
    for family, found in of_family.items():
        yield f'<div class="card"><h3>{escape(family)}</h3>{charts.family_card(found)}</div>'


def pairs(shown: Shown) -> Iterator[str]:
    """Show every held-out pair; they are never pooled."""
    found = [row for row in rows(shown.run) if row.pair and not row.factor]
    if found:
        yield "<h2>Pairs that were held out, one by one</h2>"
        yield f'<div class="legend">{charts.LEGEND}</div>'
        yield table(("pair", *CELLS), [(named(row.pair, row.name), *shown.cells(row)) for row in found])


# ---- chains, confidence, time -----------------------------------------------------------------------


def chains(shown: Shown) -> Iterator[str]:
    """Show how many commands were done in a row."""
    found = [row for row in lines(shown.run) if row.split == "chain"]
    if not found:
        return
    yield "<h2>Five commands in a row</h2>"
    yield "<p>One scene, five commands, each told when the one before it is done.</p>"
    yield f'<div class="charts">{"".join(_chain(shown, row) for row in found)}</div>'


def _chain(shown: Shown, row: Row) -> str:
    shares, experts = in_a_row(row.outcomes), in_a_row(row.experts) if row.experts else []
    beside = f"; the expert, told the same way, {sum(experts):.1f}" if experts else ""
    return (
        f"<figure>{charts.chain_chart(shares, experts)}<figcaption><b>{escape(row.name)}</b>: {sum(shares):.1f} in a "
        f"row, on the average of {len(row.outcomes)}{beside}.{_few(len(row.outcomes))}</figcaption></figure>"
    )


def confidence_and_time(shown: Shown) -> Iterator[str]:
    """Show how far its confidence can be trusted, and how long success takes."""
    told = [one for one in shown.run.outcomes.values() if of_key(one.key).split not in ("empty", "chain")]
    figures = []
    if told and shown.run.settings.policy != EXPERT:
        bins = reliability(told)
        figures.append(
            f"<figure>{charts.reliability_diagram(bins, shown.parts.success_interval)}<figcaption>How far its "
            "confidence can be trusted: on the dashed line in full. Confidence and success are "
            f"{100 * calibration_error(bins):.0f} points apart (expected calibration error over {len(told)} "
            "episodes, those without a command left out).</figcaption></figure>"
        )
    seen = [row for row in rows(shown.run) if row.name == "seen" and row.family]
    times = [(row.family, found) for row in seen if (found := times_to_success(row.outcomes)) is not None]
    if times:
        figures.append(
            f"<figure>{charts.times_chart(times)}<figcaption>How long success takes in split seen: the middle "
            "half of successes, and the median.</figcaption></figure>"
        )
    if figures:
        yield "<h2>How sure, and how long</h2>"
        yield f'<div class="charts">{"".join(figures)}</div>'
