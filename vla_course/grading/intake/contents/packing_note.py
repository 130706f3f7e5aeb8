"""What `vla-course submit` wrote beside the answers, compared with what was handed in."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from pathlib import PurePosixPath

from vla_course.grading.intake.contents.sources import Sources
from vla_course.grading.intake.submit import NOTE


def compare_with_note(sources: Sources, files: Mapping[PurePosixPath, bytes], release: str) -> float | None:
    """Note what does not fit; returns the unofficial score that the packing note claims, or None."""
    written = next((data for path, data in sources.files.items() if path.name == NOTE), None)
    if written is None:
        return None
    try:
        note = json.loads(written)
        other = str(note["course"]["release"])
        hashes = {PurePosixPath(path): str(about["sha256"]) for path, about in note["files"].items()}
        score = note["unofficial_score"]
        claimed = None if score is None else float(sum(one["points"] for one in score.values()))
    except Exception:  # whatever a stranger's JSON may hold: numbers of a thousand digits, lists for objects
        sources.note(f"{NOTE} is not what `vla-course submit` writes: ignored")
        return None
    if other != release:
        sources.note(f"packed from release {other:.20} of the exercises, graded as {release}")
    changed = [
        path
        for path, digest in sorted(hashes.items())
        if path in files and hashlib.sha256(files[path]).hexdigest() != digest
    ]
    for path in changed[:3]:
        sources.note(f"{path} was changed after `vla-course submit`")
    if len(changed) > 3:
        sources.note(f"{len(changed) - 3} more files were changed after `vla-course submit`")
    return claimed if claimed is not None and math.isfinite(claimed) else None
