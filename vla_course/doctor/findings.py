"""What the doctor found: one line each, together a table in a shell and a card in a notebook."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from html import escape
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from rich.console import Console

Status = Literal["ok", "warn", "fail"]

REINSTALL = "run `make setup` again (or `pip install -c constraints.txt -e .` in your environment)"
MARKS: dict[Status, str] = {"ok": "[green]ok[/]", "warn": "[yellow]warn[/]", "fail": "[bold red]fail[/]"}


@dataclass(frozen=True)
class Finding:
    """One line of the report; `advice` says what to do where `status` is not ok."""

    name: str
    status: Status
    found: str
    advice: str = ""


@dataclass(frozen=True)
class Report:
    """All findings, in the order in which a reader wants them; a card in a notebook."""

    findings: tuple[Finding, ...]

    def count(self, status: Status) -> int:
        return sum(finding.status == status for finding in self.findings)

    @property
    def runs(self) -> bool:
        """Whether nothing failed."""
        return not self.count("fail")

    @property
    def summary(self) -> str:
        if not self.runs:
            return f"{self.count('fail')} of {len(self.findings)} do not work: the arrows say what to do."
        if self.count("warn"):
            return "The course runs here; the arrows say what could be better."
        return "Everything works here."

    def as_json(self) -> dict[str, object]:
        return {"ok": self.runs, "findings": [asdict(finding) for finding in self.findings]}

    def _repr_html_(self) -> str:
        from vla_course.course.showing.card import card

        rows = []
        for finding in self.findings:
            tick, tone = {"ok": ("✓", "good"), "warn": ("!", "warn"), "fail": ("✗", "bad")}[finding.status]
            advice = f'<div class="vla-soft">→ {escape(finding.advice)}</div>' if finding.advice else ""
            rows.append(
                f'<li><span class="vla-tick" style="color: var(--{tone})">{tick}</span>'
                f"<div><b>{finding.name}</b> {escape(finding.found)}{advice}</div></li>"
            )
        body = f'<ul class="vla-list">{"".join(rows)}</ul>'
        tone = "bad" if not self.runs else "warn" if self.count("warn") else "good"
        return card("This machine", body, tone=tone, status=self.summary)

    def print(self, console: Console) -> None:
        from rich.markup import escape as plain
        from rich.table import Table

        table = Table(box=None, show_header=False, pad_edge=False)
        table.add_column(style="bold", no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for finding in self.findings:
            advice = f"\n[dim]→[/] {plain(finding.advice)}" if finding.advice else ""
            table.add_row(finding.name, MARKS[finding.status], plain(finding.found) + advice)
        console.print(table)
        console.print(self.summary, style="green" if self.runs else "bold red")
