"""How large the course is once it is installed, as Binder's image and the container install it: the sum of its files.

    python benchmarks/image_size.py [--json]

Counted are the packages that `pip install --editable .` brings, one by one as they are installed here, less what
`binder/slim.py` takes out, and the files of the course itself. Not counted: what the image is built on (Debian or
Binder's Ubuntu, conda, compilers).
"""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from report import Figure, arguments, report
from rich.console import Console

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "binder"))

from slim import needless  # noqa: E402

OUT = frozenset(needless())
BAR = "<= 2500"
LARGEST = 8


def main() -> None:
    options = arguments(__doc__.splitlines()[0])
    sizes = sorted(((megabytes(one), one) for one in installed(wanted())), reverse=True)
    for size, name in sizes[:LARGEST]:
        Console(stderr=True).print(f"  {size:7.1f} MB  {name} {metadata.version(name)}", highlight=False)
    packages, course = sum(size for size, _ in sizes), course_megabytes()
    figures = [
        Figure("packages", packages, "MB", n=len(sizes)),
        Figure("packages as they are installed", sum(megabytes(name, whole=True) for _, name in sizes), "MB"),
        Figure("course", course, "MB"),
        Figure("packages and course", packages + course, "MB", BAR),
    ]
    report("image_size", figures, options, notes=("not counted: the system below Python, and conda",))


def wanted() -> list[str]:
    """What the project asks for, without its extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return list(project["dependencies"])


def installed(requirements: Iterable[str]) -> set[str]:
    """The normal names of all packages that these requirements bring here, theirs included."""
    found: set[str] = set()
    left = [Requirement(line) for line in requirements]
    while left:
        one = left.pop()
        name = normal(one.name)
        if name in found:
            continue
        found.add(name)
        for line in metadata.requires(one.name) or []:
            theirs = Requirement(line)
            if theirs.marker is None or any(theirs.marker.evaluate({"extra": extra}) for extra in (one.extras or {""})):
                left.append(theirs)
    return found


def normal(name: str) -> str:
    """The name that spellings of one package share (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def megabytes(name: str, *, whole: bool = False) -> float:
    """The size of an installed package's files, in MB, bytecode included; `whole`: also of those that are taken out."""
    return sum(_bytes(metadata.distribution(name), whole)) / 1e6


def _bytes(package: metadata.Distribution, whole: bool) -> Iterator[int]:
    for file in package.files or ():
        path = Path(str(package.locate_file(file)))
        if path.is_file() and (whole or not OUT.intersection(path.parents)):
            yield path.stat().st_size


def course_megabytes() -> float:
    """The size of what git holds of the course, in MB."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    names = listed.decode("utf-8", errors="surrogateescape").split("\0")
    return sum(path.stat().st_size for name in names if (path := ROOT / name).is_file()) / 1e6


if __name__ == "__main__":
    main()
