"""Charts of an evaluation, SVG inside of a page: they take its colours, light or dark, and nothing from outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from vla_course.learning.evaluation.comparing import Comparison
from vla_course.learning.evaluation.summary import Bin

IntervalOf = Callable[[int, int], tuple[float, float]]


@dataclass(frozen=True)
class Rate:
    """So many successes, of so many."""

    done: int
    n: int
    interval: tuple[float, float]

    @classmethod
    def of(cls, done: int, n: int, interval_of: IntervalOf) -> Rate:
        """Return a rate with its interval."""
        return cls(done, n, interval_of(done, n))

    @property
    def value(self) -> float:
        """0 to 1."""
        return self.done / self.n

    def __str__(self) -> str:
        low, high = self.interval
        return f"{100 * self.value:.0f} % [{100 * low:.0f}, {100 * high:.0f}]"


def svg(width: int, height: int, told: str, parts: Sequence[str], name: str = "") -> str:
    """Return a picture of so many units; `told` says to whoever does not see it what it shows."""
    kind = f' class="{name}"' if name else ""
    return (
        f'<svg{kind} viewBox="0 0 {width} {height}" role="img" aria-label="{escape(told, quote=True)}">'
        f"{''.join(parts)}</svg>"
    )


def text(x: float, y: float, words: str, anchor: str = "start", kind: str = "") -> str:
    """Return words at a place; `kind` is their class in `page.css`."""
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{named}>{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """Return a line between two places; `kind` is its class in `page.css`."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def _dot_and_interval(left: float, wide: float, y: float, rate: Rate, expert: Rate | None) -> list[str]:
    """Draw a rate, its interval, and the expert's as a tick, on a track."""
    low, high = rate.interval
    parts = [
        f'<rect x="{left:.1f}" y="{y - 4:.1f}" width="{wide:.1f}" height="8" rx="4" class="track"/>',
        f'<rect x="{left + wide * low:.1f}" y="{y - 4:.1f}" width="{max(1.0, wide * (high - low)):.1f}" '
        'height="8" rx="4" class="spread"/>',
    ]
    if expert is not None:
        x = left + wide * expert.value
        parts.append(line(x, y - 8, x, y + 8, "expert"))
    return [
        *parts,
        f'<circle cx="{left + wide * rate.value:.1f}" cy="{y:.1f}" r="5" class="policy"/>',
    ]


def rate_strip(rate: Rate, expert: Rate | None) -> str:
    """Return a strip from 0 to 100 % for a cell of a table."""
    beside = "" if expert is None else f"; the expert {expert}"
    return svg(232, 18, f"{rate}{beside}", _dot_and_interval(6, 220, 9, rate, expert), "strip")


# ---- the control ----------------------------------------------------------------------------------


def told_bar(rows: Sequence[tuple[str, int, int, int]]) -> str:
    """Return bars of what was done in the same picture: what was asked, what was not, or neither.

    Args:
        rows: name, episodes in which the asked thing was done, in which the other one, and all.
    """
    wide, left, high = 500, 150, 34
    parts, told = [], []
    for number, (name, asked, other, n) in enumerate(rows):
        y, x = 6 + number * high, float(left)
        parts.append(text(left - 10, y + 17, name, "end", "name"))
        neither = n - asked - other
        for count, kind in ((asked, "asked"), (other, "other"), (neither, "neither")):
            if count <= 0:
                continue
            broad = wide * count / n
            parts.append(
                f'<rect x="{x:.1f}" y="{y}" width="{max(1.0, broad - 2):.1f}" height="24" rx="3" class="{kind}"/>'
            )
            if broad > 36:
                parts.append(
                    text(x + broad / 2 - 1, y + 17, f"{100 * count / n:.0f} %", "middle", f"on-{kind}")
                )
            x += broad
        parts.append(text(left + wide + 8, y + 17, f"of {n}"))
        told.append(f"{name}: asked {asked}, other {other}, neither {neither} of {n}")
    return svg(left + wide + 60, 8 + len(rows) * high, "; ".join(told), parts)


# ---- families -------------------------------------------------------------------------------------


def family_card(rows: Sequence[tuple[str, Rate, Rate | None]]) -> str:
    """Return the splits of one family below each other, each a strip from 0 to 100 %.

    Args:
        rows: name of the split, the policy's rate, the expert's.
    """
    left, wide, high, over = 118, 132, 20, 4
    bottom = over + len(rows) * high
    parts = [line(left + wide * k / 2, over, left + wide * k / 2, bottom, "grid") for k in range(3)]
    for number, (name, rate, expert) in enumerate(rows):
        y = over + (number + 0.5) * high
        parts += [
            text(left - 10, y + 4, name, "end"),
            *_dot_and_interval(left, wide, y, rate, expert),
        ]
    for k, label in enumerate(("0", "50", "100 %")):
        parts.append(text(left + wide * k / 2, bottom + 14, label, "middle", "tick"))
    told = "; ".join(f"{name}: {rate}" for name, rate, _ in rows)
    return svg(left + wide + 22, bottom + 18, told, parts)


# ---- how sure, how long, how many -----------------------------------------------------------------

_SIDE, _LEFT, _TOP, _BOTTOM = 250, 46, 12, 44


def reliability_diagram(bins: Sequence[Bin], interval_of: IntervalOf) -> str:
    """Return success over confidence, in bins with their intervals: on the diagonal confidence can be trusted."""

    def x(value: float) -> float:
        return _LEFT + _SIDE * value

    def y(value: float) -> float:
        return _TOP + _SIDE * (1.0 - value)

    parts = [line(x(0), y(k / 4), x(1), y(k / 4), "grid") for k in range(5)]
    parts += [text(x(0) - 7, y(k / 4) + 4, f"{25 * k}", "end", "tick") for k in range(5)]
    parts += [text(x(k / 4), y(0) + 16, f"{25 * k}", "middle", "tick") for k in range(5)]
    parts.append(line(x(0), y(0), x(1), y(1), "ideal"))
    most = max(one.n for one in bins)
    for one in bins:
        low, high = interval_of(one.done, one.n)
        parts.append(line(x(one.sure), y(low), x(one.sure), y(high), "whisker"))
        size = 3.0 + 5.0 * (one.n / most) ** 0.5
        parts.append(
            f'<circle cx="{x(one.sure):.1f}" cy="{y(one.done / one.n):.1f}" r="{size:.1f}" class="policy"/>'
        )
    parts.append(text(x(0.5), y(0) + 36, "how sure it said it was (%)", "middle"))
    parts.append(
        f'<text transform="translate(12 {y(0.5):.1f}) rotate(-90)" text-anchor="middle">success (%)</text>'
    )
    told = "; ".join(f"{100 * one.sure:.0f} % sure: {one.done} of {one.n} done" for one in bins)
    return svg(_LEFT + _SIDE + 14, _TOP + _SIDE + _BOTTOM, told, parts)


def times_chart(rows: Sequence[tuple[str, tuple[float, float, float]]]) -> str:
    """Return how long success took, family by family: the middle half, and the median in it.

    Args:
        rows: name, and lower quartile, median and upper quartile, s.
    """
    left, wide, high = 110, 190, 21
    end = _round_up(max(upper for _, (_, _, upper) in rows))
    bottom = 6 + len(rows) * high
    parts = []
    for k in range(5):
        x = left + wide * k / 4
        parts += [
            line(x, 2, x, bottom, "grid"),
            text(x, bottom + 15, f"{end * k / 4:g}", "middle", "tick"),
        ]
    for number, (name, (lower, middle, upper)) in enumerate(rows):
        y = 4 + (number + 0.5) * high
        parts.append(text(left - 10, y + 4, name, "end"))
        x1, x2, x3 = (left + wide * value / end for value in (lower, middle, upper))
        broad = max(2.0, x3 - x1)
        parts.append(
            f'<rect x="{x1:.1f}" y="{y - 6:.1f}" width="{broad:.1f}" height="12" rx="3" class="spread"/>'
        )
        parts.append(f'<circle cx="{x2:.1f}" cy="{y:.1f}" r="4.5" class="policy"/>')
    parts.append(text(left + wide / 2, bottom + 34, "s from command to success", "middle"))
    told = "; ".join(f"{name}: {middle:.1f} s" for name, (_, middle, _) in rows)
    return svg(left + wide + 24, bottom + 40, told, parts)


def _round_up(value: float) -> float:
    for step in (4.0, 8.0, 12.0, 20.0, 40.0, 60.0, 80.0, 120.0, 160.0, 240.0):
        if value <= step:
            return step
    return value


def chain_chart(shares: Sequence[float], experts: Sequence[float]) -> str:
    """Return how many chains had at least one, two ... commands done in a row; the expert's as ticks."""
    wide, deep, left, top = 52, 130, 48, 8
    parts = []
    for k in range(3):
        y = top + deep * (1.0 - k / 2)
        parts += [
            line(left, y, left + wide * len(shares), y, "grid"),
            text(left - 7, y + 4, ("0", "50", "100 %")[k], "end", "tick"),
        ]
    for number, value in enumerate(shares):
        x, tall = left + number * wide + 8, deep * value
        parts.append(
            f'<rect x="{x}" y="{top + deep - tall:.1f}" width="{wide - 16}" height="{max(tall, 1.0):.1f}" '
            'rx="3" class="asked"/>'
        )
        middle = x + (wide - 16) / 2
        inside = tall > 24
        y = top + deep - tall + (16 if inside else -6)
        parts.append(text(middle, y, f"{100 * value:.0f}", "middle", "on-asked" if inside else "name"))
        parts.append(text(middle, top + deep + 16, str(number + 1), "middle", "tick"))
        if number < len(experts):
            y = top + deep * (1.0 - experts[number])
            parts.append(line(x - 5, y, x + wide - 11, y, "expert"))
    parts.append(text(left + wide * len(shares) / 2, top + deep + 36, "commands in a row", "middle"))
    told = ", ".join(f"{k + 1} in a row: {100 * value:.0f} %" for k, value in enumerate(shares))
    return svg(left + wide * len(shares) + 10, top + deep + 44, told, parts)


# ---- differences ----------------------------------------------------------------------------------


def difference_chart(comparisons: Sequence[Comparison]) -> str:
    """Return paired differences with their intervals, in points; to the right is better."""
    left, wide, high, over = 150, 380, 26, 6
    reach = max(abs(end) for one in comparisons for end in one.interval)
    reach = next(step for step in (0.1, 0.2, 0.4, 0.6, 0.8, 1.0) if reach <= step or step == 1.0)
    bottom = over + high * len(comparisons)

    def x(value: float) -> float:
        return left + wide * (value + reach) / (2.0 * reach)

    parts: list[str] = []
    for k in range(-2, 3):
        value = reach * k / 2
        parts.append(line(x(value), over, x(value), bottom, "ideal" if k == 0 else "grid"))
        parts.append(text(x(value), bottom + 16, f"{100 * value:+.0f}" if k else "0", "middle", "tick"))
    for number, one in enumerate(comparisons):
        y = over + (number + 0.5) * high
        low, up = one.interval
        parts.append(text(left - 10, y + 4, one.name, "end"))
        parts.append(line(x(low), y, x(up), y, "whisker"))
        parts.append(f'<circle cx="{x(one.difference):.1f}" cy="{y:.1f}" r="5" class="policy"/>')
    parts.append(text(x(0.0), bottom + 36, "points of success, mean over families", "middle"))
    told = "; ".join(f"{one.name}: {100 * one.difference:+.0f} points" for one in comparisons)
    return svg(left + wide + 30, bottom + 44, told, parts)


LEGEND: Final = (
    '<span class="key"><i class="k-policy"></i>the policy</span>'
    '<span class="key"><i class="k-spread"></i>its 95 % interval (Wilson)</span>'
    '<span class="key"><i class="k-expert"></i>the expert in the same tasks</span>'
)
