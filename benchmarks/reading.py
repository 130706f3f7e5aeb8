"""Does the learned reader understand commands: as in training, reworded, put together anew - and does it know when not?

python benchmarks/reading.py [--quick] [--json] [--seed N]

Right is a sentence all fields of which are heard rightly, both commands of two. Each kind of sentence has a line of its
own (`vla_course/learning/reading/trials.py` draws them); pairs of colour and shape that this training never named
have one each. Words that no training has heard stand in a dictionary alone (`data/models/DICTIONARY.md`); "no
dictionary" is the same reader without its help. Near misses are sentences that are no commands, of other kinds and with
other foreign words than those that it learnt from. The least confidence to act on was chosen on sentences of validation
(`calibration.least_to_act_on`); what comes of that doubt is counted on what is kept for tests. Then the 300 sentences
of `language_sentences.toml`, of which those to be refused were no model for what is no command in training.
"""

import argparse
import time
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import torch
from report import Figure, arguments, report, share

from vla_course.learning.encoders.encoders import LanguageEncoder, load_language_encoder
from vla_course.learning.planned.policy import UNSURE
from vla_course.learning.reading.calibration import auroc, calibration_error, kept, missed
from vla_course.learning.reading.command_reader import CommandReader, listen
from vla_course.learning.reading.ears import Ears, words_of
from vla_course.learning.reading.files import SHIPPED, load_reader
from vla_course.learning.reading.lessons import Lesson
from vla_course.learning.reading.lexicon import UNTRAINED, load_lexicon
from vla_course.learning.reading.near_misses.asides import TESTS as KINDS
from vla_course.learning.reading.near_misses.near_misses import aside
from vla_course.learning.reading.trials import Trial, ask, trials
from vla_course.simulation.scene.things import TRAINED
from vla_course.simulation.tasks.instructions import Instruction

SENTENCES = Path(__file__).with_name("language_sentences.toml")
TIMES, QUICK_TIMES = 600, 60
OF_PAIR, QUICK_OF_PAIR = 150, 10
PAIR, NONE = "pair never named: ", "no command: "
FAULT, ASIDE = f"{NONE}a fault in one", f"{NONE}an aside of another kind"
BARS = {"one command, as in training": (">= 0.99", ""), "pairs never named, all": (">= 0.97", "")}
NEW_WORDS = (
    "one command, template reworded",
    "  of these, with a word never heard",
    "two commands, templates reworded",
    "noun replaced by a synonym",
)
DOUBTED = (
    "one command, as in training",
    "one command, template reworded",
    "two commands, templates reworded",
    "noun replaced by a synonym",
    FAULT,
    ASIDE,
)
"""the kinds of which is counted what a robot would act on"""
MORE_DOUBT = (0.5, 0.75)
LANGUAGE = ("one command, as in training", "two commands, as in training", FAULT)
"""the kinds on which confidence is judged as in training"""


def main() -> None:
    options = arguments(__doc__ or "")
    torch.set_num_threads(1)
    reader, language = load_reader(), load_language_encoder()
    asked = examine(reader, language, options)
    figures = [
        share(name, [one.right for one in found], *BARS.get(name, ()))
        for name, found in asked.items()
        if not name.startswith(NONE)
    ]
    pairs = [one.right for name, found in asked.items() if name.startswith(PAIR) for one in found]
    figures.append(share("pairs never named, all", pairs, *BARS["pairs never named, all"]))
    value = {figure.name: figure.value for figure in figures}
    lost = value["one command, as in training"] - value["one command, template reworded"]
    figures.append(Figure("points lost by rewording", 100 * lost, "points", "<= 8", "<= 3"))
    figures += of_confidence("as in training", [one for name in LANGUAGE for one in asked[name]], "<= 0.05")
    unlike = [name for name in asked if name not in LANGUAGE]
    figures += of_confidence("unlike training", [one for name in unlike for one in asked[name]], "<= 0.05")
    figures += of_validation(reader, language, options)
    for name in DOUBTED:
        figures += of_doubt(name, asked[name])
    figures += of_kinds(reader, language, options)
    figures += forgotten_verbs(language)
    figures += without_loans(reader, language, options)
    more, notes = of_file(reader, language)
    figures += more
    figures += size_and_speed(reader, language, 20 if options.quick else 200)
    for line in notes:
        print(line)
    report("reading", figures, options, notes=notes)


def examine(
    reader: CommandReader,
    language: LanguageEncoder,
    options: argparse.Namespace,
    only: Sequence[str] = (),
) -> dict[str, list[Trial]]:
    """Ask every kind of question (or `only` some), each kind with sentences of its own seed."""
    asked = {}
    for number, (name, draw) in enumerate(trials()):
        if only and name not in only:
            continue
        of_pair = OF_PAIR if not options.quick else QUICK_OF_PAIR
        times = of_pair if name.startswith(PAIR) else QUICK_TIMES if options.quick else TIMES
        rng = np.random.default_rng([90_000 + options.seed, number])
        asked[name] = ask(reader, language, [draw(rng) for _ in range(times)])
    return asked


def of_validation(
    reader: CommandReader, language: LanguageEncoder, options: argparse.Namespace
) -> list[Figure]:
    """Ask commands in frames and words that are kept from training for validation."""
    times, figures = QUICK_TIMES if options.quick else TIMES, []
    for pair, name in enumerate(("one command", "two commands")):
        rng = np.random.default_rng([91_000 + options.seed, pair])
        found = ask(reader, language, [kept(rng, bool(pair)) for _ in range(times)])
        figures.append(share(f"validation: {name}, reworded", [one.right for one in found]))
        for least in (UNSURE, *MORE_DOUBT) if not pair else ():
            figures += of_doubt(f"validation, below {least:g} refused", found, least)
    rng = np.random.default_rng([91_000 + options.seed, 2])
    found = ask(reader, language, [missed(rng) for _ in range(times)])
    for least in (UNSURE, *MORE_DOUBT):
        acted = [one.heard.confidence >= least for one in found]
        figures.append(share(f"validation, below {least:g} refused: near misses acted on", acted))
    return figures


def of_kinds(reader: CommandReader, language: LanguageEncoder, options: argparse.Namespace) -> list[Figure]:
    """Count what is acted on of near misses of every kind that no training and no validation has."""
    figures = []
    for number, kind in enumerate(KINDS):
        rng = np.random.default_rng([92_000 + options.seed, number])
        times = QUICK_OF_PAIR if options.quick else OF_PAIR
        found = ask(reader, language, [aside(rng, "tests", kind) for _ in range(times)])
        figures.append(share(f"acted on: {kind}", [one.heard.confidence >= UNSURE for one in found]))
    return figures


def of_doubt(name: str, asked: Sequence[Trial], least: float = UNSURE) -> list[Figure]:
    """Count what a robot acts on that does nothing below a confidence, by default the planned policy's."""
    acts = [one.heard.confidence >= least for one in asked]
    right = [one.right for one in asked]
    return [
        share(f"doubt, {name}: {told}", [(act, good) == pair for act, good in zip(acts, right, strict=True)])
        for told, pair in (
            ("acted on, rightly", (True, True)),
            ("acted on, wrongly", (True, False)),
            ("refused, though right", (False, True)),
            ("refused, rightly", (False, False)),
        )
        if pair[1] is False or not name.startswith(NONE)
    ]


def forgotten_verbs(language: LanguageEncoder) -> list[Figure]:
    """Measure what a verb changes in its own token, layer by layer: of a token's length, between two verbs.

    Pictures taught the encoder that "point at the red cup" and "look at the red cup" mean the same thing.
    """
    said = [
        [f"{verb} the {name}" for name in TRAINED] for verb in ("look at", "go to", "reach for", "point at")
    ]
    words = language.tokenize([sentence for of_verb in said for sentence in of_verb])
    with torch.no_grad():
        layers = words_of(language, words).unflatten(-1, (-1, language.width))
    verbs = layers[:, 1].unflatten(0, (len(said), -1))  # verb, thing, layer, width
    apart = torch.stack([(one - other).norm(dim=-1) for one, other in combinations(verbs, 2)]).mean(
        dim=(0, 1)
    )
    length = verbs.norm(dim=-1).mean(dim=(0, 1))
    names = ["embedding", *(f"layer {k}" for k in range(1, len(length)))]
    return [
        Figure(f"what a verb changes, {name}", float(far / long), "of a token's length")
        for name, far, long in zip(names, apart, length, strict=True)
    ]


def without_loans(
    reader: CommandReader, language: LanguageEncoder, options: argparse.Namespace
) -> list[Figure]:
    """Ask the same where words that no training has heard are noise to the encoder, and stand in no dictionary."""
    rows, meanings = language.model.get_input_embeddings().weight.data, Ears.of(language).meanings
    lent, strange = (rows.clone(), meanings.clone()), load_lexicon(language).strange
    noise = torch.randn(rows.shape, generator=torch.Generator().manual_seed(options.seed))
    rows[strange] = UNTRAINED * noise[strange]
    meanings[: len(rows)][strange] = 0.0
    asked = examine(reader, language, options, NEW_WORDS)
    rows.copy_(lent[0])
    meanings.copy_(lent[1])
    return [share(f"{name}, no dictionary", [one.right for one in found]) for name, found in asked.items()]


def of_confidence(what: str, asked: Sequence[Trial], bar: str = "") -> list[Figure]:
    """Return how far confidence tells right readings from others, and how far it is a probability."""
    confidence = np.array([one.heard.confidence for one in asked])
    right = np.array([one.right for one in asked])
    return [
        Figure(
            f"confidence, {what}: calibration error",
            calibration_error(confidence, right),
            "",
            bar,
            n=len(right),
        ),
        Figure(f"confidence, {what}: AUROC", auroc(confidence[right], confidence[~right]), "", n=len(right)),
    ]


def of_file(reader: CommandReader, language: LanguageEncoder) -> tuple[list[Figure], list[str]]:
    """Ask the sentences that people would say, and those that must not be understood."""
    told = tomllib.loads(SENTENCES.read_text(encoding="utf-8"))
    understood = ask(reader, language, [Lesson(said, _meaning(parts)) for said, *parts in told["understood"]])
    refused = ask(reader, language, [Lesson(said, None) for said in told["refused"] if said.strip()])
    sure = np.array([one.heard.confidence for one in understood])
    unsure = np.array([one.heard.confidence for one in refused])
    figures = [
        share("150 sentences of people: right", [one.right for one in understood]),
        Figure(
            "  those against 149 to be refused: AUROC", auroc(sure, unsure), "", n=len(sure) + len(unsure)
        ),
        share("  to be refused: refused", [one.heard.confidence < UNSURE for one in refused]),
        share("  to be understood: acted on", [one >= UNSURE for one in sure.tolist()]),
        share(
            "  right among those acted on",
            [one.right for one in understood if one.heard.confidence >= UNSURE],
        ),
        *of_confidence("sentences of people", [*understood, *refused]),
    ]
    notes = [
        f"not heard: {one.lesson.sentence} ({one.heard.confidence:.2f})"
        for one in understood
        if not one.right
    ]
    notes += [
        f"believed: {one.lesson.sentence} ({one.heard.confidence:.2f})"
        for one in refused
        if one.heard.confidence >= UNSURE
    ]
    return figures, notes


def _meaning(parts: list[dict[str, object]]) -> Instruction:
    """Return the instruction that a sentence of the file means."""
    first, *second = (Instruction(**part) for part in parts)  # type: ignore[arg-type]
    return replace(first, then=second[0]) if second else first


def size_and_speed(reader: CommandReader, language: LanguageEncoder, repeats: int) -> list[Figure]:
    """Measure what the reader weighs, and the processor time of one sentence on one thread, its words encoded anew."""
    sentence = ["pick up the red cup to my left and place it on the table"]
    took = []
    for _ in range(repeats):
        begin = time.process_time()
        listen(reader, language, sentence)
        took.append(1e3 * (time.process_time() - begin))
    megabytes = sum(path.stat().st_size for path in SHIPPED.iterdir()) / 1e6
    return [
        Figure("parameters", sum(part.numel() for part in reader.parameters()) / 1e6, "M", "<= 0.5"),
        Figure("size of the files", megabytes, "MB", "<= 1.5"),
        Figure("one sentence, processor time, p50", float(np.median(took)), "ms", n=repeats),
    ]


if __name__ == "__main__":
    main()
