"""The utterances by which a threshold is chosen, and what the recogniser that ships said of each of them.

`python -m vla_course.deployment.voice.calibration` hears them anew and writes `data/models/voice/calibration.json`; it
goes on where it was cut off. Do so after any change of grammar or recogniser.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from vla_course.deployment.voice.recogniser import Recognised, Recogniser, table
from vla_course.deployment.voice.scores import SpeechScores
from vla_course.deployment.voice.utterances import Kind, Noise, Utterance, utterance
from vla_course.simulation.tasks.understanding import UnknownCommand, understand

FILE: Final = Path(__file__).parents[3] / "data" / "models" / "voice" / "calibration.json"
_KEPT: Final = Path(__file__).parents[3] / "build" / "voice" / "calibration.jsonl"
MANY: Final = 40
"""utterances of each kind"""
LOUD: Final = 10.0
"""dB, by which noise is fainter than speech"""


@dataclass(frozen=True)
class Hearing:
    """What was heard of an utterance.

    Attributes:
        key: of the utterance.
        kind, noise: of it.
        said, heard: in words.
        grammar, loop, frames: as `Recognised` has them; the first two None where they are -inf.
    """

    key: str
    kind: Kind
    noise: Noise
    said: str
    heard: str
    grammar: float | None
    loop: float | None
    frames: int

    @classmethod
    def of(cls, spoken: Utterance, heard: Recognised) -> Hearing:
        """Return what was heard of an utterance, in numbers that a file can keep."""
        finite = heard.sentence != ""
        return cls(
            spoken.key,
            spoken.kind,
            spoken.noise,
            spoken.sentence,
            heard.sentence,
            round(heard.grammar, 2) if finite else None,
            round(heard.loop, 2) if finite else None,
            heard.frames,
        )

    @property
    def is_right(self) -> bool:
        """Whether it was a command and the very one was heard, whatever the words."""
        try:
            return self.kind in ("command", "paraphrase") and understand(self.said) == understand(self.heard)
        except UnknownCommand:
            return False

    @property
    def recognised(self) -> Recognised:
        """It as the recogniser returned it, without its words."""
        if self.grammar is None or self.loop is None:
            return Recognised(frames=self.frames)
        return Recognised((), self.grammar, self.loop, self.frames)


def hearings() -> tuple[Hearing, ...]:
    """Return what was heard of all that the course ships. Raises FileNotFoundError."""
    return tuple(Hearing(**line) for line in json.loads(FILE.read_text(encoding="utf-8"))["hearings"])


def scores_of(heard: Sequence[Hearing]) -> SpeechScores:
    """Return what both searches say of them."""
    return table([one.recognised for one in heard])


def known_commands() -> SpeechScores:
    """Return what both searches say of commands that were heard rightly, a third each in quiet and in two noises."""
    return scores_of([one for one in hearings() if one.is_right])


def wanted() -> Iterator[Utterance]:
    """Yield the utterances of calibration."""
    kinds: tuple[Kind, ...] = ("command", "everyday", "near miss")
    noises: tuple[Noise, ...] = ("white", "babble")
    for number in range(MANY):
        for kind in kinds:
            quiet = utterance("calibration", kind, number)
            yield quiet
            yield from (quiet.beside(noise, LOUD) for noise in noises)


def main() -> None:
    """Hear all of them, and write the file."""
    from rich.progress import track

    recogniser = Recogniser()
    _KEPT.parent.mkdir(parents=True, exist_ok=True)
    lines = _KEPT.read_text(encoding="utf-8").splitlines() if _KEPT.exists() else []
    done = {line["key"]: line for line in map(json.loads, lines)}
    utterances = list(wanted())
    with _KEPT.open("a", encoding="utf-8") as file:
        for spoken in track(utterances, "hear"):
            if spoken.key not in done:
                hearing = Hearing.of(spoken, recogniser.recognise(spoken.samples()))
                done[spoken.key] = asdict(hearing)
                file.write(json.dumps(done[spoken.key]) + "\n")
                file.flush()
    FILE.parent.mkdir(parents=True, exist_ok=True)
    rows = ",\n".join(json.dumps(done[spoken.key]) for spoken in utterances)
    FILE.write_text(f'{{"hearings": [\n{rows}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
