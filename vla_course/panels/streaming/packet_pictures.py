"""A packet, byte by byte; what becomes of packets whose sender means no good; and what an answer came from."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import zlib
from collections.abc import Mapping, Sequence
from html import escape
from struct import pack as packed
from typing import Any, Final

import msgpack
import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, picture
from vla_course.serving.packets.arrays import DTYPES, ReadArray
from vla_course.serving.packets.codes import PacketError
from vla_course.serving.packets.packet import VLAPacket
from vla_course.serving.packets.response import VLAResponse
from vla_course.serving.packets.wire import pack
from vla_course.simulation.scene.cameras import PLACES

COLUMNS: Final = 128
"""bytes in a row of the picture"""
_LEADER: Final[Any] = {
    "arrowstyle": "-",
    "color": style.SOFT,
    "lw": 0.6,
    "shrinkA": 1,
    "shrinkB": 0,
    "relpos": (0.0, 0.5),
}
_GREYS: Final = ("#5B6770", "#9AA4AC")
_COLOURS: Final = {"observation/image/": style.PUSH, "observation/state": style.COP, "prompt": style.ZMP}


def anatomy(packet: VLAPacket) -> list[tuple[str, int]]:
    """Return the fields of a packet as they follow each other on the wire, and the bytes of each with its name."""
    tree = packet.to_tree()
    fields = [(name, len(pack({name: value})) - 1) for name, value in tree.items()]
    return [("how many fields", len(packet.to_wire()) - sum(size for _, size in fields)), *fields]


def anatomy_picture(packet: VLAPacket) -> Picture:
    """Draw all bytes of a packet, row by row, in the colours of its fields."""
    fields, wire = anatomy(packet), packet.to_wire()
    rows = -(-len(wire) // COLUMNS)
    image = np.ones((rows * COLUMNS, 3))
    figure, (axes,) = picture(height=4.4, alt=f"{len(wire)} bytes: " + _spoken(fields))
    begins, written = 0, -9.0
    for number, (name, size) in enumerate(fields):
        colour = next((one for start, one in _COLOURS.items() if name.startswith(start)), _GREYS[number % 2])
        rgb = np.array([int(colour[k : k + 2], 16) / 255.0 for k in (1, 3, 5)])
        if name == DARKER:
            rgb = 0.8 * rgb
        bytes_ = np.frombuffer(wire[begins : begins + size], np.uint8) / 255.0
        image[begins : begins + size] = 1.0 - (0.35 + 0.65 * bytes_[:, None]) * (1.0 - rgb)
        middle = (begins + size / 2) / COLUMNS - 0.5
        written = max(written + 4.2, middle)
        axes.annotate(
            f"{name}  {size}",
            *((COLUMNS - 0.5, middle), (COLUMNS + 6, written)),
            va="center",
            fontsize=8.5,
            color=style.INK,
            annotation_clip=False,
            arrowprops=_LEADER,
        )
        begins += size
    axes.imshow(image.reshape(rows, COLUMNS, 3), aspect="auto", interpolation="nearest")
    axes.set(xticks=[], yticks=[], xlim=(-0.5, 1.55 * COLUMNS), ylim=(max(rows, written + 3) - 0.5, -3))
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    return figure


DARKER: Final = "observation/image/chest"
"""of three pictures in one colour the one in the middle, so that one sees where one ends"""


def _spoken(fields: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{name} {size}" for name, size in fields) + "."


# ---- arrays -------------------------------------------------------------------------------------------

CLAIMS: Final[Mapping[str, tuple[object, object, object]]] = {
    "six numbers, honestly": ("<f4", [2, 3], bytes(24)),
    "as many as fit": ("<f4", [-1], bytes(24)),
    "2⁶² numbers, of none": ("<f4", [2**62, 4], b""),
    "more than there are": ("<f4", [3, 3], bytes(24)),
    "dates": ("<M8[ns]", [3], bytes(24)),
    "a truth that is 7": ("|b1", [1], b"\x07"),
    "addresses of objects": ("|O", [3], b"\x01" * 24),
}
"""what three fields of a message say: dtype, shape, data"""
_BELIEVE: Final = """
import json, sys
import numpy as np
dtype, shape, data = json.load(sys.stdin)
array = np.ndarray(shape, np.dtype(dtype), bytes(data))
array.tolist()
print("taken:", array.dtype, array.shape)
"""


def believed(dtype: object, shape: object, data: object) -> str:
    """Return what comes of handing a claim to NumPy as it is, in a process of its own, for some end it."""
    told = json.dumps([dtype, shape, list(data) if isinstance(data, bytes) else data])
    ended = subprocess.run(
        [sys.executable, "-c", _BELIEVE], input=told, capture_output=True, text=True, timeout=60, check=False
    )
    if ended.returncode < 0:
        return f"the process is dead (signal {-ended.returncode})"
    return _cut(ended.stdout.strip() or ended.stderr.strip().splitlines()[-1])


def claims_table(read: ReadArray) -> HTMLTable:
    """Return what comes of each of `CLAIMS`, with NumPy that believes it and with a reader that does not."""
    rows = []
    for name, claim in CLAIMS.items():
        try:
            array = read(*claim, DTYPES)
            answer = f"taken: {array.dtype} {array.shape}"
        except ValueError as fault:
            answer = _cut(f"refused: {fault}")
        rows.append((name, f"{claim[0]} {claim[1]}, {len(_bytes(claim[2]))} bytes", believed(*claim), answer))
    return HTMLTable(("somebody sends", "and says", "believed", "yours"), rows)


def _cut(text: str, most: int = 90) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _bytes(data: object) -> bytes:
    return data if isinstance(data, bytes) else b""


# ---- messages -----------------------------------------------------------------------------------------


def bomb() -> bytes:
    """Return a PNG of a hundred bytes that says that it is a wall of 3.6 billion pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return packed(">I", len(content)) + kind + content + packed(">I", zlib.crc32(kind + content))

    header = packed(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


def hostile_messages(packet: VLAPacket) -> dict[str, bytes]:
    """Return messages that go wrong, each in its own way, made of one that is good."""
    good, tree = packet.to_wire(), packet.to_tree()
    state = np.array(packet.robot_state)
    state[10] = np.nan
    nested: Any = 0
    for _ in range(200):
        nested = [nested]
    return {
        "a good one": good,
        "half of it": good[: len(good) // 2],
        "noise": bytes(np.random.default_rng(0).integers(0, 256, 200, dtype=np.uint8)),
        "a list, it says, of 4 billion": b"\xdd\xff\xff\xff\xff",
        "lists in lists in lists": msgpack.packb({"prompt": nested}),
        "a field too many": pack({**tree, "sudo": True}),
        "from a later version": pack({**tree, "vla/version": 9}),
        "no joints": pack({name: value for name, value in tree.items() if name != "observation/state"}),
        "a joint at nan": pack({**tree, "observation/state": state}),
        "words of control characters": pack({**tree, "prompt": "stand\x1b[2J"}),
        "a picture that is a bomb": pack({**tree, "observation/image/head": bomb()}),
    }


def answers_table(messages: Mapping[str, bytes], camera: str = "head") -> HTMLTable:
    """Return how each message is answered, and how long that takes."""
    rows = []
    for name, message in messages.items():
        began = time.perf_counter()
        try:
            VLAPacket.from_wire(message).pixels(camera)
            code, said = "ok", ""
        except PacketError as fault:
            code, said = fault.code.value, _cut(str(fault))
        took = 1e6 * (time.perf_counter() - began)
        rows.append((name, f"{len(message)}", code, said, f"{took:.0f}"))
    return HTMLTable(("message", "bytes", "code", "said of it", "µs"), rows)


# ---- answers ------------------------------------------------------------------------------------------


def sources_picture(views: NDArray[np.uint8], response: VLAResponse) -> Picture:
    """Draw what an answer says it came from: patches over what the cameras saw, and words.

    Args:
        views: (cameras, size, size, 3), in the order of `PLACES`.
        response: to the packet with these views.

    Raises:
        ValueError: it does not say what it came from.
    """
    sources = response.sources
    if sources is None:
        raise ValueError("response.sources is None, expected an answer of a model that tells them")
    patches = ", ".join(f"{one.camera} {100 * one.weight:.1f} %" for one in sources.patches)
    words = ", ".join(f"{one.word} {100 * one.weight:.0f} %" for one in sources.words)
    figure, panes = picture(
        1,
        len(PLACES) + 1,
        height=2.5,
        alt=f"Patches with the greatest weights: {patches}. Words: {words}.",
        width_ratios=[1.0] * len(PLACES) + [0.95],
    )
    for place, view, pane in zip(PLACES, views, panes, strict=False):
        pane.imshow(view, interpolation="lanczos")
        pane.set(xticks=[], yticks=[])
        pane.spines[:].set_visible(False)
        pane.grid(visible=False)
        pane.set_title(f"its {place} sees", loc="left", fontsize=9.5, fontweight="normal")
        for one in (one for one in sources.patches if one.camera == place):
            high, wide = (side / count for side, count in zip(view.shape[:2], sources.grids[place], strict=True))
            corner = (one.column * wide - 0.5, one.row * high - 0.5)
            pane.add_patch(Rectangle(corner, wide, high, fill=False, ec=style.CART_TABLE, lw=2.0))
    axes = panes[len(PLACES)]
    axes.barh(range(len(sources.words)), [100 * one.weight for one in sources.words], color=style.ZMP, height=0.7)
    axes.set_yticks(range(len(sources.words)), [one.word for one in sources.words])
    axes.tick_params(axis="y", length=0, labelcolor=style.INK)
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("weight of words (%)", fontsize=9.5)
    return figure


# ---- tables -------------------------------------------------------------------------------------------


class HTMLTable:
    """A table in the colours of the page, light or dark.

    Args:
        heads: of its columns.
        rows: of text; `code` in the first column is none.
    """

    def __init__(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.heads, self.rows = tuple(heads), [tuple(row) for row in rows]

    def _repr_html_(self) -> str:
        cell = "text-align: left; vertical-align: top; padding: 3px 10px 3px 0; max-width: 26em"
        head = "".join(f'<th style="{cell}">{escape(one)}</th>' for one in self.heads)
        body = "".join(
            "<tr>" + "".join(f'<td style="{cell}">{escape(one)}</td>' for one in row) + "</tr>"
            for row in self.rows
        )
        return f'<table style="font-size: 12.5px"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'

    def __repr__(self) -> str:
        return "\n".join(" | ".join(row) for row in (self.heads, *self.rows))
