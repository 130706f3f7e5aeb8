"""The page of a run: one HTML file with nothing from outside; what was said and understood, done, limited and seen."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from html import escape
from math import isfinite
from pathlib import Path
from typing import Final

import numpy as np

from vla_course.deployment.safety.limits import SafetyLimits
from vla_course.obey.margin_chart import margin_chart
from vla_course.obey.told import Moment, Run
from vla_course.panels.evaluation.page import stylesheet
from vla_course.panels.evaluation.shown import table
from vla_course.panels.talking.plan_timeline import timeline_picture
from vla_course.serving.packets.pictures import encode_picture

FRAMES: Final = 8
"""pictures in the strip, at most"""
MARKS: Final = {
    "success": '<span class="good">✓</span>',
    "failure": '<span class="bad">✗</span>',
    "halted": '<span class="bad">■</span>',
}


def write_page(path: Path, done: Run, film: Path) -> None:
    """Write the page of a run whose film and recording lie beside it; it is there as a whole, or not at all."""
    part = path.with_suffix(".part")
    part.write_text(page(done, film.name), encoding="utf-8")
    part.replace(path)


def page(done: Run, film: str) -> str:
    """Return the page of a run; `film` is the name of a file beside it."""
    style = stylesheet() + (Path(__file__).parent / "run.css").read_text(encoding="utf-8")
    sections = (_ending, _understood, _timeline, _strip, _balance, _safety, _alarms)
    body = "\n".join(part for section in sections for part in section(done))
    files = f'<a href="{escape(film, quote=True)}">the film</a>'
    if done.recording is not None:
        name = escape(done.recording.name, quote=True)
        files += (
            f', <a href="{name}">the flight recording</a> '
            f"(<code>vla-course flight {name}</code> says what it holds, Foxglove opens it)"
        )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(done.sentence)}</title>
<style>{style}</style>
</head>
<body>
<h1>“{escape(done.sentence)}”</h1>
<div class="soft">The {escape(done.policy)} policy, in physics: words and cameras in, torques out. Beside this page:
{files}.</div>
{body}
<footer class="soft">Made by <code>vla-course run</code>. Whether it is done is judged by the task's own rule of
physics; what the robot says of it, it has perceived.</footer>
</body>
</html>
"""


def _ending(done: Run) -> Iterator[str]:
    """Show the few things that one looks for first."""
    kind, margin, guarding = ("good" if done.success else "bad"), done.least_margin, done.guarding
    tiles = [
        (f'<span class="{kind}">{"done" if done.success else "not done"}</span>', "by the rule of physics"),
        (f"{done.seconds:.1f} s", "of the robot's time"),
        (f"{100 * margin:.1f} cm" if isfinite(margin) else "-", "least margin of the DCM, standing"),
    ]
    if guarding is not None and guarding.decisions:
        tiles.append((f"{guarding.limited} of {guarding.decisions}", "decisions the safety layer changed"))
    shown = "".join(f'<div><b>{value}</b><span class="soft">{label}</span></div>' for value, label in tiles)
    yield f'<div class="tiles">{shown}</div>'
    if not done.success:
        yield f'<p class="said"><b>{escape(_says(done))}</b> {escape(done.ending)}.</p>'


def _says(done: Run) -> str:
    return {"refused": "It was refused.", "done": "The robot takes it to be done."}.get(
        done.pursuit.outcome, "It was given up."
    )


def _understood(done: Run) -> Iterator[str]:
    yield "<h2>What was understood</h2>"
    if not done.understood:
        yield "<p>Nothing that could be acted on: the robot stood still.</p>"
        return
    yield "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in done.understood) + "</ul>"
    yield from plan_tree(done)


def plan_tree(done: Run) -> Iterator[str]:
    """Show every plan with its steps, and below each what came of its attempts, as far as they are by now."""
    for number, (begin, why, steps) in enumerate(done.pursuit.plans):
        head = f"A new plan, {begin:.1f} s, for {why}" if number else f"The plan, {begin:.1f} s"
        head = head if done.planned else "One command: the policy does it as it is"
        parts = "".join(
            f"<li>{escape(step)}<ul>{''.join(_attempts(done, number, step))}</ul></li>" for step in steps
        )
        yield f'<div class="plan"><h3>{escape(head)}</h3><ol>{parts}</ol></div>'


def _attempts(done: Run, plan: int, step: str) -> Iterator[str]:
    found = [one for one in done.pursuit.attempts if (one.plan, one.step) == (plan, step)]
    for one in found:
        why = f": {one.reason}" if one.reason else ""
        times = f"{one.begin:.1f} to {one.end:.1f} s" if one.end else f"since {one.begin:.1f} s"
        yield f"<li>{MARKS.get(one.ended, '')} {times}, {escape(one.ended + why)}</li>"
    if not found:
        yield '<li class="soft">never begun</li>'


def _timeline(done: Run) -> Iterator[str]:
    if done.pursuit.attempts:
        yield "<h2>Step by step</h2>"
        yield f"<figure>{timeline_picture(done.pursuit).html()}</figure>"


def _strip(done: Run) -> Iterator[str]:
    if not done.moments:
        return
    yield "<h2>What happened</h2>"
    yield '<div class="strip">' + "".join(map(_frame, chosen(done.moments))) + "</div>"


def chosen(moments: Sequence[Moment], count: int = FRAMES) -> list[Moment]:
    """Return `count` moments at most, the first and the last among them, spread over time."""
    if len(moments) <= count:
        return list(moments)
    times = np.array([one.time for one in moments])
    wanted = np.linspace(times[0], times[-1], count)
    return [moments[k] for k in sorted({int(np.abs(times - time).argmin()) for time in wanted})]


def _frame(moment: Moment) -> str:
    small = np.ascontiguousarray(moment.aside[::2, ::2])
    data = base64.b64encode(encode_picture(small, quality=75)).decode("ascii")
    told = escape(f"{moment.time:.1f} s: {moment.doing}")
    return (
        f'<figure><img alt="The robot after {told}" src="data:image/jpeg;base64,{data}">'
        f"<figcaption>{told}</figcaption></figure>"
    )


def _balance(done: Run) -> Iterator[str]:
    if not len(done.margins):
        return
    limits = SafetyLimits() if done.guarding is None else done.guarding.limits
    yield "<h2>How near it was to falling</h2>"
    yield (
        "<p>How far the divergent component of motion was inside of the soles. Below the dashed lines the safety "
        "layer slows arms and trunk, and then holds them. Where the curve is broken the robot was on its way, and a "
        "step is what catches it.</p>"
    )
    yield f"<figure>{margin_chart(done.margins, limits.margin_to_slow, limits.margin_to_hold)}</figure>"


def _safety(done: Run) -> Iterator[str]:
    yield "<h2>What the safety layer limited</h2>"
    guarding = done.guarding
    if guarding is None:
        yield "<p>Nothing: it was left off.</p>"
        return
    if not guarding.decisions:
        yield (
            "<p>The layer filters actions, and a planned motion asks for none: each was checked before it began "
            "(joints, ways, torques, balance), and its balance was watched while it lasted.</p>"
        )
    else:
        yield (
            f"<p>Of {guarding.decisions} decisions {guarding.limited} were limited, and {guarding.halted} stopped, "
            "wholly or in part.</p>"
        )
    rows = [
        (escape(limit), escape(part), str(one.count), f"{one.first:.1f} s", escape(one.says))
        for (limit, part), one in sorted(guarding.met.items(), key=lambda item: item[1].first)
    ]
    yield (
        table(("limit", "of", "#times", "#first", "what it said first"), rows)
        if rows
        else ("<p>No limit was met.</p>")
    )


def _alarms(done: Run) -> Iterator[str]:
    guarding = done.guarding
    if guarding is None or not guarding.watched:
        return
    yield "<h2>Whether the world was as usual</h2>"
    if not guarding.alarms:
        yield "<p>No monitor raised an alarm (brightness, level, arms, soles, words).</p>"
    else:
        yield "<ul>" + "".join(f"<li>{escape(alarm.says)}</li>" for alarm in guarding.alarms) + "</ul>"
