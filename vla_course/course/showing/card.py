"""What a notebook shows of the course: small HTML cards that follow JupyterLab's theme, light or dark."""

from __future__ import annotations

import base64
import re
import sys
from html import escape
from pathlib import Path

from vla_course.course.exercise import NotAttempted
from vla_course.course.helping.answers import Solution
from vla_course.course.helping.hints import ShownHint
from vla_course.course.helping.progress import DayStanding, Progress, Standing
from vla_course.course.helping.restoring import Restored
from vla_course.course.helping.waiting import whereabouts
from vla_course.course.root import CourseRoot
from vla_course.course.showing.links import file_link, linked
from vla_course.course.shown import as_html
from vla_course.course.verdict import UNOFFICIAL, Property, Verdict, with_unit

TONES = {
    "correct": "good",
    "partly": "warn",
    "wrong": "bad",
    "not attempted": "info",
    "does not load": "bad",
    "timed out": "bad",
    "crashed": "bad",
    "too busy": "warn",
}

NOT_BEGUN = ("not checked", "not attempted")

STYLE = Path(__file__).with_name("card.css").read_text(encoding="utf-8")


def card(title: str, body: str, *, tone: str, status: str = "") -> str:
    """A card of HTML; `title` and `body` are HTML already, `tone` is good, warn, bad or info."""
    right = f'<span class="vla-status">{status}</span>' if status else ""
    header = f"<header><b>{title}</b>{right}</header>"
    return f'<style>{STYLE}</style><div class="vla-card" style="--tone: var(--{tone})">{header}{body}</div>'


def code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def prose(text: str) -> str:
    """A sentence as HTML; what stands `like this` in it is code."""
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", escape(text))


def terminal_note(text: str) -> str:
    """Where the command works that the text tells one to type; nothing where it tells of none."""
    if "vla-course" not in text:
        return ""
    activate = CourseRoot.current().shorten(Path(sys.prefix, "bin", "activate"))
    where = f"`vla-course` works in JupyterLab's terminal (File, New, Terminal), or after `source {activate}`."
    return f'<div class="vla-soft">{prose(where)}</div>'


def remark_html(remark: str) -> str:
    """What is to be said beside a record, if anything."""
    return f'<div class="vla-soft">{prose(remark)}</div>' if remark else ""


@as_html.register
def verdict_card(verdict: Verdict, *, fold_hint: bool = True) -> str:
    """The verdict; `fold_hint` puts the next hint behind a fold, where no button can show it."""
    points = f"{verdict.points:g} / {verdict.out_of} points"
    symbol, _, path = verdict.place.rpartition(" in ")
    parts = [f'<div class="vla-soft">{code(symbol)} in {file_link(path)}</div>']
    if verdict.message:
        parts.append(f"<p>{linked(prose(verdict.message), path)}</p>{terminal_note(verdict.message)}")
    if verdict.properties:
        rows = "".join(_property(part, verdict.share(part)) for part in verdict.properties)
        parts.append(f'<ul class="vla-list">{rows}</ul>')
    if verdict.hint and verdict.hint.mistake:
        parts.append(f'<div class="vla-hint"><b>This looks familiar:</b> {prose(verdict.hint.text)}</div>')
    if verdict.picture:
        data = base64.b64encode(verdict.picture).decode("ascii")
        parts.append(f'<img alt="What your answer does" src="data:image/png;base64,{data}">')
    if verdict.output.strip() and not verdict.correct:
        folded = f"<pre>{escape(verdict.output.strip())}</pre>"
        parts.append(f"<details><summary>What your code printed</summary>{folded}</details>")
    if fold_hint and verdict.hint and not verdict.hint.mistake:
        parts.append(f"<details><summary>Next hint</summary><p>{prose(verdict.hint.text)}</p></details>")
    parts.append(remark_html(verdict.remark))
    tone = TONES[verdict.status]
    title = f"{verdict.id} {escape(verdict.title)}"
    status = f'<span title="{UNOFFICIAL}">{verdict.status} · {points}</span>'
    return card(title, "".join(parts), tone=tone, status=status)


def _property(part: Property, share: int) -> str:
    tick, colour = ("✓", "good") if part.passed else ("✗", "bad")
    lines = [escape(part.says)]
    if part.message and not part.passed:
        lines.append(f'<div class="vla-soft">{prose(part.message)}</div>')
    if (part.expected or part.got) and not part.passed:
        lines.append(
            f'<table class="vla-values">{_value("expected", part.expected, part.unit)}'
            f"{_value('got', part.got, part.unit)}</table>"
        )
    worth = f'<span class="vla-soft" title="of the points">{share} %</span>'
    mark = f'<span class="vla-tick" style="color: var(--{colour})">{tick}</span>'
    return f"<li>{mark}<div>{''.join(lines)}</div>{worth}</li>"


def _value(label: str, value: str, unit: str) -> str:
    if not value:
        return ""
    after = escape(with_unit(value, unit)[len(value) :])
    return f'<tr><td class="vla-soft">{label}</td><td>{code(value)}{after}</td></tr>'


@as_html.register
def hint_card(hint: ShownHint) -> str:
    again, reference = (code(f'{verb}("{hint.exercise_id}")') for verb in ("hint", "solution"))
    if hint.number < hint.of:
        after = f"Still stuck? {again} gives the next."
    else:
        after = f"That was the last hint. {reference} shows the reference."
    body = f'<p>{prose(hint.text)}</p><div class="vla-soft">{after}</div>{remark_html(hint.remark)}'
    title = f"Hint for {hint.exercise_id} {escape(hint.title)}"
    return card(title, body, tone="info", status=f"{hint.number} of {hint.of}")


@as_html.register
def solution_card(solution: Solution) -> str:
    body = f'<div class="vla-soft">{file_link(solution.place)}</div><pre>{escape(solution.source)}</pre>'
    return card(f"Reference for {solution.exercise_id} {escape(solution.title)}", body, tone="info")


@as_html.register
def restored_card(restored: Restored) -> str:
    kept = f"<p>Your version is kept in {code(restored.backup)}.</p>" if restored.backup else ""
    body = f'<div class="vla-soft">{file_link(restored.file)}</div>{kept}'
    if restored.remark:
        body += f"<p>{prose(restored.remark)}</p>{terminal_note(restored.remark)}"
    return card(f"{escape(restored.what)} is as it was at first", body, tone="info")


@as_html.register
def waiting_card(missing: NotAttempted) -> str:
    """What there is to do where an exercise is not written yet, or not to its end."""
    place = whereabouts(missing)
    check, hint = (code(f'{verb}("{missing.exercise_id}")') for verb in ("check", "hint"))
    if place.left_over:
        todo = linked(prose(place.left_over[0].upper() + place.left_over[1:]), place.file)
    else:
        stub = code("raise NotAttempted(...)")
        todo = f"{linked(prose(place.todo[0].upper() + place.todo[1:]), place.file)} in place of {stub}"
    waits = "is begun" if place.left_over else "is waiting for you"
    headline = f"Exercise {missing.exercise_id}{escape(place.title)} {waits}"
    return card(headline, f"<p>{todo}, then run {check}. Stuck? {hint} helps.</p>", tone="info")


@as_html.register
def progress_card(progress: Progress) -> str:
    body = "".join(map(_day, progress.days))
    status = f"{progress.points:g} / {progress.out_of} points"
    return card("Your progress", body, tone="info", status=status)


def _day(day: DayStanding) -> str:
    """A day and its exercises, folded as long as none of them is begun."""
    share = 100 * day.points / day.out_of if day.out_of else 0
    rows = "".join(map(_standing, day.exercises))
    path = " · ◆ core path" if any(one.exercise.core for one in day.exercises) else ""
    begun = " open" if any(one.status not in NOT_BEGUN for one in day.exercises) else ""
    return (
        f"<details{begun}><summary><b>Day {day.day.number}: {escape(day.day.title)}</b> "
        f'<span class="vla-soft">{len(day.exercises)} exercises, {day.points:g} / {day.out_of}{path}</span></summary>'
        f'<ul class="vla-list">{rows}</ul></details>'
        f'<div class="vla-bar"><div style="width: {share:.0f}%"></div></div>'
    )


def _standing(standing: Standing) -> str:
    tone = TONES.get(standing.status, "soft")
    edited = " · edited since" if standing.edited else ""
    core = " ◆" if standing.exercise.core else ""
    mark = {"correct": "✓", **dict.fromkeys(NOT_BEGUN, "·")}.get(standing.status, "✗")
    return (
        f'<li><span class="vla-tick" style="color: var(--{tone})">{mark}</span>'
        f"<div>{standing.exercise.id} {escape(standing.exercise.title)}{core} "
        f'<span class="vla-soft">{standing.status}{edited}</span></div>'
        f'<span class="vla-soft">{standing.points:g}/{standing.exercise.points}</span></li>'
    )
