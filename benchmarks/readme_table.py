"""Writes the table of the README from the results that are kept.

python benchmarks/readme_table.py
"""

import json
from pathlib import Path
from typing import Any

from report import RESULTS

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- benchmarks/readme_table.py writes this -->", "<!-- and ends here -->"

ROWS = (
    ("walks 20 m at 0.82 m/s, masses ±10 %, friction 0.4 to 1.2", "locomotion", "0.82 m/s over 20 m"),
    ("push survived while walking, worst of 12 directions and 8 phases", "locomotion", "worst direction:"),
    ("climbs six stairs of 10 cm, which it sees and plans for itself", "locomotion", "six stairs of 10 cm"),
    ("thirty footsteps planned round obstacles, median", "planning", "30-footstep plan"),
    ("picks a cup, box or ball by friction and puts it down within 3 cm", "manipulation", "episodes that went"),
    ("walks up to a table from any side and picks", "manipulation", "walked up from"),
    ("carries a thing elsewhere on foot", "manipulation", "carried while walking"),
    ("harm of dangerous plans prevented by the pipeline", "safety", "harm prevented"),
    ("shipped encoders: the one caption among 32, pairs they know", "encoders", "trained pairs, image to text"),
    ("the same, pairs of colour and shape never seen", "encoders", "held-out pairs among all, image to text"),
    ("three cameras and a sentence to eight actions, p99", "model_latency", "shipped, cpu: end to end, p99"),
)  # fmt: skip
"""what a reader is told, the benchmark that says so, and how its figure's name begins"""


def table() -> str:
    """Return the table.

    Raises:
        StopIteration: a benchmark has no such figure.
    """
    lines = ["| measured | | by |", "|---|---|---|"]
    for text, benchmark, name in ROWS:
        figures = json.loads((RESULTS / f"{benchmark}.json").read_text(encoding="utf-8"))["figures"]
        figure = next(figure for figure in figures if figure["name"].startswith(name))
        lines.append(f"| {text} | {_told(figure)} | `{benchmark}.py` |")
    return "\n".join(lines)


def _told(figure: dict[str, Any]) -> str:
    if figure["interval"] and not figure["unit"]:
        return f"{round(figure['value'] * figure['n'])} of {figure['n']}"
    return f"{figure['value']:.2g} {figure['unit']}"


def main() -> None:
    before, rest = README.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    README.write_text(f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
