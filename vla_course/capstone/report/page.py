"""The page of a capstone: one HTML file with nothing from outside; points first, then curves, stations, films, code."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Final

from vla_course.capstone.judging.results import Judged, Result, area_beside
from vla_course.capstone.judging.told import Assessment
from vla_course.capstone.report.curves import LEGEND, curve_chart
from vla_course.panels.evaluation.page import stylesheet
from vla_course.panels.evaluation.shown import table

MARKS: Final = {True: '<span class="good">✓</span>', False: '<span class="bad">✗</span>'}


def write_page(path: Path, told: Assessment) -> None:
    """Write the page of a capstone; it is there as a whole, or not at all."""
    part = path.with_suffix(".part")
    part.write_text(page(told), encoding="utf-8")
    part.replace(path)


def page(told: Assessment) -> str:
    """Return the page of a capstone."""
    style = stylesheet() + (Path(__file__).parent / "capstone.css").read_text(encoding="utf-8")
    title = "The capstone, by the reference itself" if told.of_reference else "Your capstone"
    scenes = f"seed {told.seed}{', few scenes (--quick)' if told.quick else ''}"
    body = "\n".join([*_tiles(told), *_curves(told), *_stations(told), *_films(told), *_code(told)])
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{style}</style>
</head>
<body>
<h1>{escape(title)}</h1>
<div class="soft">{escape(scenes)}, course at commit {escape(told.commit)}; the reference's numbers were measured at
{escape(told.reference_commit)}. All in physics or on scripted clocks: the same code has the same verdict.</div>
{body}
<footer class="soft">Made by <code>vla-course capstone</code>. It says how well the whole of your code works together;
exercises are graded by their own tests, and no mark of them changes by it.</footer>
</body>
</html>
"""


def _tiles(told: Assessment) -> Iterator[str]:
    """Show the few numbers that one looks for first."""
    own = sum(one.own for one in told.whose)
    tiles = [(f"{told.points:g}", f"of {told.out_of} points")]
    if not told.of_reference:
        tiles.append((f"{own} of {len(told.whose)}", "of the exercises at work are yours"))
        left = sum(one.open_points for one in told.results)
        if left >= 0.05:
            tiles.append((f"{left:.1f}", "points are open until the others are yours"))
    yield (
        '<div class="tiles">'
        + "".join(
            f'<div><b>{escape(value)}</b><span class="soft">{escape(label)}</span></div>'
            for value, label in tiles
        )
        + "</div>"
    )
    if not own:
        yield (
            "<p><b>Nothing here is yours yet</b>: every exercise at work is the reference's, so there are no points, "
            "and what you see is the reference. Solve an exercise and run it again.</p>"
        )


# ---- the leaderboard ------------------------------------------------------------------------------


def _curves(told: Assessment) -> Iterator[str]:
    """Show one's own curves beside the reference's."""
    found = [one for one in told.results if one.station.axes is not None]
    if not found:
        return
    yield "<h2>A leaderboard of one</h2>"
    yield (
        "<p>The robot against the same robot: harder, later, darker, until it fails. The number is the area under your "
        "curve, of the reference's; above 1 you are better.</p>"
    )
    yield LEGEND.format(mine="the reference, now" if told.of_reference else "your robot")
    yield f'<div class="charts">{"".join(map(_curve, found))}</div>'


def _curve(result: Result) -> str:
    axes, reference = result.station.axes, result.reference.curve
    assert axes is not None
    if reference is None:
        return ""
    area = area_beside(axes, result.measured, result.reference)
    beside = "no curve: the station broke down" if area is None else f"{area:.2f} of the reference"
    if not any(one.own for one in result.whose):
        beside += ", whose code it is"
    chart = curve_chart(axes, result.measured.curve, reference)
    return f"<figure>{chart}<figcaption><b>{escape(axes.title)}</b>: {escape(beside)}</figcaption></figure>"


# ---- the stations ---------------------------------------------------------------------------------


def _stations(told: Assessment) -> Iterator[str]:
    """Show every station, property by property."""
    yield "<h2>Station by station</h2>"
    for result in told.results:
        yield "".join(_station(result))


def _station(result: Result) -> Iterator[str]:
    station = result.station
    yield f'<div class="station"><h3>{escape(station.name.capitalize())}'
    yield f"<span>{result.points:g} of {station.points}</span></h3>"
    yield f"<p>{escape(station.about)} {_shared(result)}</p>"
    if result.measured.fault:
        yield f'<p class="fault"><b>It broke down.</b> {escape(result.measured.fault)}</p>'
    for remark in result.measured.remarks:
        yield f'<p class="soft">{escape(remark)}</p>'
    yield table(("", "property", "#yours", "#bar", "#reference", "#points"), map(_row, result.judged))
    yield "</div>"


def _shared(result: Result) -> str:
    """Say how many of the exercises here are the student's, and what that leaves to be had."""
    own, n = sum(one.own for one in result.whose), len(result.whose)
    if own == n:
        return ""
    told = (
        f"{own} of its {n} exercises are yours: {result.station.points - result.open_points:g} of "
        f"{result.station.points} points can be had."
        if own
        else "None of its exercises is yours yet, so it gives no points."
    )
    if result.stood_in:
        told += f" What broke down elsewhere ({', '.join(result.stood_in)}) is the reference's here."
    return escape(told)


def _row(judged: Judged) -> tuple[str, ...]:
    one, sign = judged.asked, {"more": "≥", "less": "≤"}[judged.asked.bar.better]
    unit = f" {one.unit}" if one.unit else ""
    value = "not measured" if judged.value is None else f"{_number(judged.value)}{escape(unit)}"
    return (
        MARKS[judged.reached],
        escape(one.says),
        value,
        f"{sign} {_number(judged.limit)}",
        _number(judged.reference),
        f"{one.points}",
    )


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100.0 else f"{value:.3g}"


# ---- films and code -------------------------------------------------------------------------------


def _films(told: Assessment) -> Iterator[str]:
    """Show what was filmed, inside of the page."""
    films = [film for one in told.results for film in one.measured.films if (told.films / film[0]).exists()]
    if films:
        yield "<h2>What it was told, and what it did</h2>"
        figures = "".join(_film(told.films / name, caption) for name, caption in films)
        yield f'<div class="films">{figures}</div><p class="soft">Shown twice as fast.</p>'


def _film(path: Path, caption: str) -> str:
    inside = base64.b64encode(path.read_bytes()).decode("ascii")
    return (
        f'<figure><video controls muted loop playsinline preload="metadata" src="data:video/mp4;base64,{inside}">'
        f"</video><figcaption>{escape(caption)}</figcaption></figure>"
    )


def _code(told: Assessment) -> Iterator[str]:
    """Say of every exercise that ran whose function it was."""
    yield "<h2>Whose code ran</h2>"
    yield table(
        ("exercise", "", "whose"),
        [
            (
                escape(one.exercise.id),
                escape(one.exercise.title),
                '<span class="good">yours</span>'
                if one.own
                else f'the reference\'s <span class="soft">({escape(one.why)})</span>',
            )
            for one in told.whose
        ],
    )
