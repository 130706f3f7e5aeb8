"""Takes out of an image what no program reads: headers of libraries that are built, packages' tests, sample models.

    python binder/slim.py     (with the Python of the environment that it is for: an image, which many wait for)
"""

import shutil
import sysconfig
from collections.abc import Iterator
from pathlib import Path

SITE = Path(sysconfig.get_path("purelib"))
NEEDLESS = ("cmeel.prefix/include", "pybullet_data", "torch/test")  # Boost's headers, and robots that are not ours


def needless(site: Path = SITE) -> Iterator[Path]:
    """The folders of installed packages that nothing of the course, and nothing that it uses, reads."""
    yield from (folder for name in NEEDLESS if (folder := site / name).is_dir())
    yield from (folder for folder in site.rglob("tests") if folder.is_dir())


def main() -> None:
    freed = 0
    for folder in list(needless()):
        freed += sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        shutil.rmtree(folder, ignore_errors=True)  # one inside of another has gone with it
    print(f"took {freed / 1e6:.0f} MB out of {SITE}")


if __name__ == "__main__":
    main()
