"""What the chapter's listings got wrong: ten lines of theirs, each beside what stands there now."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from textwrap import dedent
from typing import Any, Final


@dataclass(frozen=True)
class Fault:
    """A line of the listings, what it does to a robot, and where its repair is.

    Attributes:
        line: as it was.
        wrong: what comes of it.
        repair: a line of the course, as it stands in `where`; or, for an exercise, its number.
        where: the file below `vla_course/serving`; empty for an exercise.
    """

    line: str
    wrong: str
    repair: str
    where: str = ""


FAULTS: Final = (
    Fault(
        "start_time = time.time()",
        "Wall time jumps when somebody sets the clock. A latency of -3600 s once, and every mean is worth nothing.",
        "clock: Callable[[], float] = time.monotonic,",
        "stream/pipeline.py",
    ),
    Fault(
        "self.inference_times = []",
        "Grows by thirty numbers a second for as long as the robot lives, and nobody ever empties it.",
        "self._stages: deque[dict[str, float]] = deque(maxlen=last)",
        "inference/statistics.py",
    ),
    Fault(
        "avg_time = np.mean(self.inference_times)",
        "The mean of ten. The one frame in a hundred that missed the deadline is nowhere in it.",
        "2.3",
    ),
    Fault(
        "torch.cuda.synchronize()",
        "Three streams, and what runs in them is decoding on the processor, one after the other; then a wait for all. "
        "Nothing overlaps. What can is the next packet and this one.",
        "2.5",
    ),
    Fault(
        "model_output = self.model(",
        "Runs on the event loop. As long as the model thinks no heartbeat is answered, and the robot believes that "
        "its server has died.",
        "worker.call(model.infer, job.prepared), max(left, 0.0)",
        "stream/pipeline.py",
    ),
    Fault(
        "'error': str(e),",
        "A sentence for people in place of a code for programs; whatever the exception says goes to a stranger, and "
        "nobody says what the robot should do now.",
        "return VLAResponse.error(fault, **job.ids, fallback=instead.fallback, **more)",
        "stream/pipeline.py",
    ),
    Fault(
        "robot_state.get(f'joint_{i}_position', 0.0)",
        "A joint whose sensor is silent is at 0. A knee at 0 is a stretched leg, and the robot acts on a posture that "
        "it never had.",
        "missing = [name for name in STATE_NAMES if name not in felt]",
        "stream/encoding.py",
    ),
    Fault(
        "action_probs = torch.softmax(action_logits, dim=-1)",
        "Makes joint positions compete with each other: as if an elbow had to bend less because the knee bends more.",
        "return np.clip(chunk, -1.0, 1.0).astype(np.float32)",
        "stream/decoding.py",
    ),
    Fault(
        "self.input_queue.put(input_data, timeout=0.1)",
        "Waits, and then drops what came last. All that is left in the queue is old.",
        "2.2",
    ),
    Fault(
        "oldest_key = next(iter(self.model_cache))",
        "The first in a dict is the one that was loaded first: the one that is always in use. And ten models of any "
        "size are allowed, where memory counts in bytes.",
        "2.11",
    ),
)
"""in the order of a packet's way"""


class Repairs:
    """A table of `FAULTS`, each beside its repair, in the colours of the page.

    Args:
        yours: by the number of an exercise the function that answers it.
    """

    def __init__(self, yours: Mapping[str, Callable[..., Any]]) -> None:
        self.rows = [
            (fault, body_of(yours[fault.repair]) if fault.repair in yours else fault.repair)
            for fault in FAULTS
        ]

    def _repr_html_(self) -> str:
        pre = "margin: 0; white-space: pre-wrap; font-size: 11.5px; line-height: 1.35"
        cell = "text-align: left; vertical-align: top; padding: 8px 12px 8px 0; white-space: normal"
        heads = "".join(f'<th style="{cell}">{head}</th>' for head in ("", "it was", "it is"))
        body = "".join(
            f'<tr><td style="{cell}">{number}</td>'
            f'<td style="{cell}; width: 46%"><pre style="{pre}">{escape(fault.line)}</pre>'
            f'<div style="font-size: 12.5px; margin-top: 4px">{escape(fault.wrong)}</div></td>'
            f'<td style="{cell}"><pre style="{pre}">{escape(code)}</pre>'
            f'<div style="font-size: 11.5px; opacity: 0.7; margin-top: 4px">{escape(_place(fault))}</div></td></tr>'
            for number, (fault, code) in enumerate(self.rows, 1)
        )
        return f'<table style="width: 100%"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'

    def __repr__(self) -> str:
        return "\n".join(f"{fault.line}\n    -> {code.splitlines()[0]}" for fault, code in self.rows)


def _place(fault: Fault) -> str:
    return f"serving/{fault.where}" if fault.where else f"yours, exercise {fault.repair}"


def body_of(function: Callable[..., Any]) -> str:
    """Return what a function does, as it is written: without its mark, its first line and its docstring."""
    source = dedent(inspect.getsource(function))
    definition = next(
        node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    statements = definition.body
    if isinstance(statements[0], ast.Expr) and isinstance(statements[0].value, ast.Constant):
        statements = statements[1:]
    lines = source.splitlines()[statements[0].lineno - 1 : statements[-1].end_lineno]
    # In the reference's files a mark may stand where a student's line would begin.
    kept = [line for line in lines if line.strip() not in ("# BEGIN SOLUTION", "# END SOLUTION")]
    return dedent("\n".join(kept))
