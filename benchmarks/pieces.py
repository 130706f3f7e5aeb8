"""A long benchmark in pieces: each is kept as soon as it is measured, so that a run cut short goes on where it was."""

import hashlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Pieces:
    """Measured pieces of one benchmark, in a folder whose name says which code and which options they are of."""

    folder: Path

    @classmethod
    def of(cls, benchmark: str, options: str) -> "Pieces":
        """Those of the checkout as it is now: another commit, or another change of a file, starts anew."""
        state = _git("rev-parse", "HEAD") + _git("diff", "HEAD")
        key = hashlib.sha256(f"{options}\0{state}".encode()).hexdigest()[:12]
        return cls(ROOT / "build" / "benchmarks" / f"{benchmark}-{key}")

    def measure(self, name: str, do: Callable[[], Any]) -> Any:
        """What `do` gives (plain values), measured now or by an earlier run that did not come to its end."""
        place = self.folder / f"{name}.json"
        if place.exists():
            tell(f"{name}: kept from an earlier run")
            return json.loads(place.read_text(encoding="utf-8"))
        tell(f"{name} ...")
        begun = time.monotonic()
        found = json.loads(json.dumps(do()))
        self.folder.mkdir(parents=True, exist_ok=True)
        part = place.with_suffix(f".{threading.get_ident()}.part")
        part.write_text(json.dumps(found) + "\n", encoding="utf-8")
        part.replace(place)
        tell(f"{name}: {time.monotonic() - begun:.0f} s")
        return found


def tell(what: str) -> None:
    """One line on standard error, with the time: how far it is."""
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


class Count:
    """Tells how many of so many are done: at each tenth of them."""

    def __init__(self, what: str, total: int) -> None:
        self.what, self.total, self.done = what, total, 0
        self._lock = threading.Lock()

    def one(self) -> None:
        with self._lock:
            self.done += 1
            if self.done * 10 // self.total > (self.done - 1) * 10 // self.total:
                tell(f"  {self.what}: {self.done} of {self.total}")


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout
