"""The page of an evaluation: one HTML file with nothing from outside, its charts and films inside."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Final

from vla_course.panels.evaluation import compared, episodes_shown, sections
from vla_course.panels.evaluation.shown import Shown

SECTIONS: Final = (
    *(sections.control, sections.splits, sections.families, compared.factors, sections.pairs),
    *(sections.chains, sections.confidence_and_time, episodes_shown.failures, episodes_shown.successes),
    *(compared.against, compared.trainings),
)
"""of a page, in this order; one that has nothing to show is left out"""


def write_page(path: Path, shown: Shown) -> None:
    """Write the page of an evaluation; it is there as a whole, or not at all."""
    part = path.with_suffix(".part")
    part.write_text(page(shown), encoding="utf-8")
    part.replace(path)


def stylesheet() -> str:
    """Return what a page of this kind looks like, light and dark."""
    return (Path(__file__).parent / "page.css").read_text(encoding="utf-8")


def page(shown: Shown) -> str:
    """Return the page of an evaluation."""
    settings, count = shown.run.settings, len(shown.run.outcomes)
    title = f"The {settings.policy} policy, evaluated"
    weights = f", weights {escape(settings.weights)}" if settings.weights else ""
    body = "\n".join(part for section in SECTIONS for part in section(shown))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{stylesheet()}</style>
</head>
<body>
<h1>{escape(title)}</h1>
<div class="soft">{count} episodes of seed {settings.seed} at commit {escape(settings.commit)}{weights}. In physics, in
closed loop; an episode counts when the task's own rule says so, in its time and with nothing gone wrong.</div>
{sections.tiles(shown)}
{body}
<footer class="soft">Made by <code>vla-course evaluate</code>. Every episode has a line in
<code>{escape(settings.policy)}.jsonl</code> beside this page; the same seed has the same episodes.</footer>
</body>
</html>
"""
