"""Can instructors trust the grader? What it catches, what it lets pass, what attacks on it come to, what it takes.

python benchmarks/grading.py [--quick] [--json] [--seed N] [--exercises 3.1 3.2 ...] [--only PART ...]

In full it takes the better part of an hour on two cores. Each piece is kept in `build/benchmarks` as soon as it is
measured: the same command in the same checkout goes on where it was stopped.
"""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
# What this starts (graders, cluster workers) is this checkout too, whatever is installed.
os.environ["PYTHONPATH"] = str(Path(__file__).resolve().parents[1])

from grading_bench import NOTES, ROOT, SANDBOX, Bench
from grading_catches import of_answers, of_mutants, of_seeds
from grading_class_figures import of_a_class
from grading_walls import of_attacks, of_one_submission, of_the_wire
from pieces import tell
from report import Figure, parser, report

PARTS: dict[str, Callable[[Bench], list[Figure]]] = {
    "wire": of_the_wire,
    "one": of_one_submission,
    "answers": of_answers,
    "mutants": of_mutants,
    "seeds": of_seeds,
    "attacks": of_attacks,
    "class": of_a_class,
}


def main() -> None:
    command = parser(__doc__ or "")
    command.formatter_class = argparse.RawDescriptionHelpFormatter
    command.add_argument(
        "--exercises", nargs="+", metavar="ID", help="only these; all of the manifest where left out"
    )
    command.add_argument(
        "--only", nargs="+", choices=PARTS, metavar="PART", help=f"of {', '.join(PARTS)}; keeps no result"
    )
    options = command.parse_args()
    sys.path.insert(0, str(ROOT.graded))
    print(f"walls: {SANDBOX.level}" + (f" (not higher: {SANDBOX.why})" if SANDBOX.why else ""))
    tell(f"measuring {ROOT.folder}, load {os.getloadavg()[0]:.1f}")
    bench = Bench(options)
    figures = [figure for name in options.only or PARTS for figure in PARTS[name](bench)]
    report("grading", figures, options, notes=NOTES, keep=not options.only)


if __name__ == "__main__":
    main()
