"""What does the robot understand of what is said aloud, and what does it obey that nobody said to it?

Speech is synthesised, with voices, sentences and noise that no threshold was chosen by. Such speech is clear and even:
these numbers hold parts of a program to each other, and say nothing of how well people are understood.

A command is understood where the robot acts on the very instruction, at once or after it has asked "did you mean?" and
was told yes, which the speaker says of nothing else. What is outside the grammar is rejected where it does not act.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from kept import fill, resumable, run_folder, unfinished
from report import Figure, report, share

from vla_course.deployment.voice.belief import Belief
from vla_course.deployment.voice.calibration import LOUD, Hearing
from vla_course.deployment.voice.grammar import STOP
from vla_course.deployment.voice.recogniser import Recogniser
from vla_course.deployment.voice.sound import RATE, quantised, white
from vla_course.deployment.voice.synthesis import Voice
from vla_course.deployment.voice.utterances import VOICES, Kind, Noise, Utterance, utterance

MANY, FEW = 50, 4
"""utterances of each kind; with --quick"""
NOISES: tuple[Noise, ...] = ("white", "babble")
DIALECTS = ("en-gb-x-rp", "en-gb-scotland")
"""of which the acoustic model has heard little"""
ROOM = -45.0
"""dB of full scale, the noise of a room in which nobody speaks: above the gate"""


@dataclass(frozen=True)
class Spoken:
    """An utterance, and with which grammar it is heard."""

    utterance: Utterance
    held_out: bool = False


@dataclass(frozen=True)
class Outcome:
    """What was heard of it, how long that took and how long it was, s; `group` is what it counts for."""

    key: str
    group: str
    hearing: Mapping[str, object]
    took: float
    lasts: float

    @property
    def heard(self) -> Hearing:
        return Hearing(**self.hearing)  # type: ignore[arg-type]


def wanted(many: int) -> Iterator[tuple[str, Spoken]]:
    """Yield each utterance with the group that it counts for."""
    kinds: tuple[Kind, ...] = ("command", "everyday", "near miss")
    for number in range(many):
        for kind in kinds:
            quiet = utterance("test", kind, number)
            yield f"{kind}, clean", Spoken(quiet)
            yield from ((f"{kind}, {noise}", Spoken(quiet.beside(noise, LOUD))) for noise in NOISES)
        yield "paraphrase, clean", Spoken(utterance("test", "paraphrase", number), held_out=True)
        command = utterance("test", "command", number)
        dialect = Voice(DIALECTS[number % len(DIALECTS)], command.voice.rate, command.voice.pitch)
        yield "command, another dialect", Spoken(replace(command, voice=dialect))


def recognisers() -> Callable[[bool], Recogniser]:
    """Return what makes each recogniser once."""
    made: dict[bool, Recogniser] = {}

    def make(held_out: bool) -> Recogniser:
        if held_out not in made:
            made[held_out] = Recogniser(held_out)
        return made[held_out]

    return make


def listener(groups: Mapping[str, str]) -> Callable[[tuple[str, Spoken]], Outcome]:
    """Return what hears one utterance."""
    make = recognisers()

    def hear(work: tuple[str, Spoken]) -> Outcome:
        key, spoken = work
        recogniser, samples = make(spoken.held_out), spoken.utterance.samples()
        began = time.perf_counter()
        heard = recogniser.recognise(samples)
        took = time.perf_counter() - began
        hearing = Hearing.of(spoken.utterance, heard)
        return Outcome(key, groups[key], vars(hearing), took, len(samples) / RATE)

    return hear


def noises_believed(belief: Belief, many: int) -> list[bool]:
    """Tell of rooms with noise in which nobody speaks whether the robot would do nothing."""
    recogniser, rng = Recogniser(), np.random.default_rng(0)
    rooms = [quantised(white(2 * RATE, rng) * 10.0 ** (ROOM / 20.0)) for _ in range(many)]
    return [belief.verdict(recogniser.recognise(room)) != "act" for room in rooms]


def is_understood(one: Outcome, belief: Belief, at_once: bool = False) -> bool:
    """Tell whether the robot acts on what was said, or would after a yes."""
    return one.heard.is_right and belief.verdict(one.heard.recognised) in (
        ("act",) if at_once else ("act", "ask")
    )


def figures(done: Sequence[Outcome], belief: Belief, many: int) -> list[Figure]:
    """Return what came of it."""

    def of(*names: str) -> list[Outcome]:
        return [one for one in done if one.group in names]

    def verdicts(names: Sequence[str], *those: str) -> list[bool]:
        return [belief.verdict(one.heard.recognised) in those for one in of(*names)]

    noisy = [f"command, {noise}" for noise in NOISES]
    outside = [f"{kind}, {how}" for kind in ("everyday", "near miss") for how in ("clean", *NOISES)]
    told = [
        share(
            "commands understood, clean", [is_understood(o, belief) for o in of("command, clean")], ">= 0.95"
        ),
        share("commands understood, 10 dB noise", [is_understood(o, belief) for o in of(*noisy)], ">= 0.85"),
        share("outside the grammar: not acted on", verdicts(outside, "ask", "refuse"), ">= 0.9"),
    ]
    for group in ("command, clean", *noisy, "command, another dialect", "paraphrase, clean"):
        some = of(group)
        told += [
            share(f"{group}: heard rightly", [one.heard.is_right for one in some]),
            share(f"{group}: understood", [is_understood(one, belief) for one in some]),
            share(f"{group}: at once", [is_understood(one, belief, at_once=True) for one in some]),
            share(
                f"{group}: another one acted on",
                [belief.verdict(one.heard.recognised) == "act" and not one.heard.is_right for one in some],
            ),
        ]
    for group in outside:
        told += [
            share(f"{group}: not acted on", verdicts([group], "ask", "refuse")),
            share(f"{group}: not even asked about", verdicts([group], "refuse")),
        ]
    told.append(share("outside the grammar: taken for stop", [o.heard.heard in STOP for o in of(*outside)]))
    told.append(share("noise alone: not acted on", noises_believed(belief, many)))
    pace = sorted(one.took / one.lasts for one in done if one.group != "paraphrase, clean")
    told.append(Figure("time to recognise, of the time to say it", pace[len(pace) // 2], "", n=len(pace)))
    return told


def by_voice(done: Sequence[Outcome]) -> Iterator[str]:
    """Say how many commands of each voice were heard rightly."""
    for noise in ("clean", *NOISES):
        told = []
        for voice, name in enumerate(VOICES["test"]):
            some = [one for one in done if one.group == f"command, {noise}"]
            its = [o.heard.is_right for o in some if int(o.key.split()[-1]) % len(VOICES["test"]) == voice]
            told.append(f"{name} {sum(its)} of {len(its)}")
        yield f"commands heard rightly by voice, {noise}: {', '.join(told)}"


def faults(done: Sequence[Outcome], belief: Belief) -> Iterator[str]:
    """Say of each fault what was said and heard."""
    for one in done:
        heard, verdict = one.heard, belief.verdict(one.heard.recognised)
        command = heard.kind in ("command", "paraphrase")
        if (command and not is_understood(one, belief)) or (not command and verdict == "act"):
            yield f"{one.group}: {heard.said!r} was heard as {heard.heard!r} ({verdict})"


def main() -> None:
    options = resumable(__doc__)
    many = FEW if options.quick else MANY
    works = {f"{group} {spoken.utterance.number}": spoken for group, spoken in wanted(many)}
    groups = {key: key.rpartition(" ")[0] for key in works}
    path = run_folder("speech", options) / "heard.jsonl"
    hear = None if options.done else listener(groups)
    done = list(
        fill(path, Outcome, {key: (key, spoken) for key, spoken in works.items()}, hear, "hear").values()
    )
    belief = Belief()
    notes = [*unfinished(groups, {one.key for one in done}), *by_voice(done), *faults(done, belief)]
    report("speech", figures(done, belief, many // 2), options, notes=notes)
    for note in notes:
        print(note)


if __name__ == "__main__":
    main()
