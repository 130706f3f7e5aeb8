"""The capstone under a cell: a few stations with few scenes, and the page as it is."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from vla_course.capstone.assessment import assess
from vla_course.capstone.judging.told import Assessment
from vla_course.capstone.report.page import page
from vla_course.capstone.stations.listing import STATIONS, station
from vla_course.course.root import CourseRoot
from vla_course.panels.drawing.progress import Bar


@dataclass(frozen=True)
class ShownCapstone:
    """A capstone that a notebook shows as its page, in a frame of its own."""

    told: Assessment

    def __repr__(self) -> str:
        return f"{self.told.points:g} of {self.told.out_of} points (unofficial)"

    def _repr_html_(self) -> str:
        style = "width: 100%; height: 46rem; border: 1px solid #d9dde3; border-radius: 6px"
        return f'<iframe title="Your capstone" style="{style}" srcdoc="{escape(page(self.told), quote=True)}"></iframe>'


def try_capstone(*names: str, seed: int = 0) -> ShownCapstone:
    """Assess what is on the desk, with few scenes.

    Args:
        names: of stations; all by default.
        seed: of the scenes.

    Raises:
        ValueError: there is no station of a name.
    """
    root = CourseRoot.current()
    asked = [station(name) for name in names] or STATIONS
    bar = Bar.shown("capstone")
    films = root.folder / "build" / "capstone" / "notebook"
    told = assess(root, films, seed, quick=True, stations=asked, progress=lambda done, of: bar(done, of))
    bar(1.0, 1.0)
    return ShownCapstone(told)
