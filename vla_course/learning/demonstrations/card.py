"""The card of a dataset, `README.md`, counted from the dataset itself: what is in it, how it was made, what is odd."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from vla_course.learning.demonstrations.broken import find_broken
from vla_course.learning.demonstrations.checks import read_json
from vla_course.learning.demonstrations.dataset import SETTINGS
from vla_course.learning.demonstrations.layout import SUBTASKS, VERSION
from vla_course.learning.demonstrations.plan import DIRECT, Settings
from vla_course.learning.demonstrations.reader import Demonstrations, Episode
from vla_course.learning.demonstrations.staging import write_whole
from vla_course.simulation.scene.things import COLOURS, HELD_OUT, SHAPES, TRAINED

CARD: Final = "README.md"
_MOST_BROKEN: Final = 20
"""broken episodes that the card tells of one by one"""

_TEXT: Final = """---
license: mit
task_categories:
- robotics
tags:
- LeRobot
- humanoid
- simulation
configs:
- config_name: default
  data_files: data/*/*.parquet
---

# Demonstrations of the course's expert

{episodes} episodes, {frames:,} frames, {minutes:.1f} minutes at {rate:g} decisions a second: a simulated humanoid of 28
joints is told a sentence, and the expert of the course (`vla_course.learning.expert_policy`), which knows all of the
scene, carries it out through the environment that a policy acts in. A LeRobotDataset {version};
`vla_course.learning.demonstrations.reader.Demonstrations` reads it without LeRobot.

```
{command}
```

makes it, of commit {commits}. Seeds: {seed} of everything; of each episode `episode_seed` and `scene_seed`.

## What is in it

| skill | episodes | succeeded | without noise | median length | what went wrong |
|---|---|---|---|---|---|
{skills}

Failures are kept: `success` and `failure` in `meta/episodes` say which they are.

Subtasks, in fractions of all frames: {subtasks}.

## What sentences are about

How many episodes are about each thing. A dash is a pair that is held out, for tests of composition: no training may
name it.

{things}

{elsewhere}

{pairs} begin in pairs with the same pictures, and are told different things (`twin` in `meta/episodes`).

{sight}

## What was drawn by chance

- Scene: which things, where and how they lie, their paint and mass (50 to 300 g), height, wood and place of the table,
  the person, light, floor, friction of table and things (+-20 %).
- Robot and floor, {variation:g} times what `learning.environment.variation` says: cameras beside their places (1 cm
  and 1.5 degrees each way), masses of the links (+-5 %), friction of the floor (0.8 to 1.1).
- Noise on what is executed, an Ornstein-Uhlenbeck process; the label is what the expert intended (DART, Laskey et al.
  2017). {noise}
{learner}- Pushes of 1 to 4 N s at the centre of mass: {kicked}.

## Episodes to look at

{broken}

## Columns

`action` is what the expert intended, `executed_action` what the robot was told. `target.*`, `scene.table` and
`subtask_index` are known to whoever made the scene: no policy is given them while it acts.

| column | numbers | |
|---|---|---|
{columns}
"""
_LEARNER: Final = """- When a learned policy and the expert take turns (`turns`, s; the policy acts first): `action` is
  what the expert would do, `executed_action` what the robot was told. What is learnt from these episodes is how to go
  on from where that policy gets (DAgger, Ross et al. 2011).
"""


def write_card(folder: Path) -> None:
    """Write `README.md` beside a dataset. Raises DemonstrationFault: the dataset cannot be read."""
    write_whole(folder / CARD, card_of(Demonstrations(folder)).encode())


def card_of(demonstrations: Demonstrations) -> str:
    """Return the card of a dataset, as Markdown."""
    episodes = demonstrations.episodes
    settings = _settings(demonstrations)
    kicked = [one for one in episodes if one.about["kicks"] != "[]"]
    twins = sum(one.twin >= 0 for one in episodes)
    return _TEXT.format(
        episodes=len(episodes),
        frames=len(demonstrations),
        minutes=len(demonstrations) * demonstrations.period / 60.0,
        rate=settings.decisions,
        version=VERSION,
        command=made_by(demonstrations),
        commits=", ".join(sorted({one.about["commit"] for one in episodes})),
        seed=settings.seed,
        skills="\n".join(_skill_row(skill, demonstrations) for skill in settings.skills),
        subtasks=_subtasks(demonstrations),
        things=_things(episodes),
        elsewhere=_elsewhere(episodes),
        sight=_sight(demonstrations),
        pairs=f"{twins} of {len(episodes)} episodes",
        variation=settings.variation,
        noise=_noise(episodes),
        learner=_LEARNER if settings.learner else "",
        kicked=f"{_succeeded(kicked)} with one" if kicked else "none",
        broken=_broken(demonstrations),
        columns="\n".join(
            f"| `{name}` | {' x '.join(map(str, column.shape))} | {column.dtype} |"
            for name, column in demonstrations.columns.items()
        ),
    )


def made_by(demonstrations: Demonstrations) -> str:
    """Return the command that collects a dataset again."""
    return command_of(_settings(demonstrations), len(demonstrations.episodes))


def _settings(demonstrations: Demonstrations) -> Settings:
    return Settings(**read_json(demonstrations.folder, SETTINGS))


def command_of(settings: Settings, episodes: int) -> str:
    """Return the command that collects a dataset."""
    usual = Settings()
    words = ["vla-course collect", f"--episodes {episodes}", "--out DIR", f"--seed {settings.seed}"]
    if settings.skills != DIRECT:
        words.append(f'--skills "{",".join(settings.skills)}"')
    if settings.things != TRAINED:
        words.append(f'--things "{",".join(settings.things)}"')
    for name in ("image_size", "noise", "variation", "learner"):
        if getattr(settings, name) != getattr(usual, name):
            words.append(f"--{name.replace('_', '-')} {getattr(settings, name)}")
    flags = (("--depth", settings.depth), ("--no-pictures", not settings.pictures))
    return " ".join([*words, *(flag for flag, given in flags if given)])


def _succeeded(episodes: Sequence[Episode]) -> str:
    return f"{sum(one.success for one in episodes)} of {len(episodes)} succeeded"


def _skill_row(skill: str, demonstrations: Demonstrations) -> str:
    of_skill = [one for one in demonstrations.episodes if one.skill == skill]
    if not of_skill:
        return f"| {skill} | 0 | | | | |"
    quiet = [one for one in of_skill if one.noise_level == 0.0]
    median = np.median([len(one) for one in of_skill]) * demonstrations.period
    wrong = Counter(one.failure for one in of_skill if not one.success)
    told = "; ".join(f"{failure} ({count})" for failure, count in wrong.most_common(3))
    done, calm = (f"{sum(one.success for one in some)} of {len(some)}" for some in (of_skill, quiet))
    return f"| {skill} | {len(of_skill)} | {done} | {calm} | {median:.1f} s | {told} |"


def _subtasks(demonstrations: Demonstrations) -> str:
    count = np.bincount(demonstrations.subtasks, minlength=len(SUBTASKS)) / max(1, len(demonstrations))
    return ", ".join(f"{name} {part:.0%}" for name, part in zip(SUBTASKS, count, strict=True) if part > 0.0)


def _things(episodes: Sequence[Episode]) -> str:
    count = Counter(one.thing for one in episodes)
    lines = [f"| | {' | '.join(SHAPES)} |", "|---" * (len(SHAPES) + 1) + "|"]
    for colour in COLOURS:
        names = [f"{colour} {shape}" for shape in SHAPES]
        cells = ["-" if name in HELD_OUT and not count[name] else str(count[name]) for name in names]
        lines.append(f"| {colour} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _elsewhere(episodes: Sequence[Episode]) -> str:
    """Say what is known of held-out things, and of sentences about none."""
    without = sum(not one.thing for one in episodes)
    named = [one.index for one in episodes if held_out_in(one.thing, one.about["instruction"])]
    seen = [one.index for one in episodes if set(one.about["scene_things"]) & set(HELD_OUT)]
    said = [
        f"{without} of {len(episodes)} are about no thing.",
        _told("is about a held-out pair", "are about a held-out pair", named),
        _told("shows one", "show one", seen),
    ]
    return " ".join(said)


def _sight(demonstrations: Demonstrations) -> str:
    """Say how often a camera sees what the sentence is about."""
    if not demonstrations.has_pictures:
        return "The cameras took no pictures: numbers alone, for policies that are told where things are."
    in_sight = demonstrations.target_pixels.reshape(len(demonstrations), -1, 3)[..., 2] > 0.5
    seen = np.asarray(in_sight.any(axis=1))
    about = [one for one in demonstrations.episodes if one.thing]
    if not about:
        return "No sentence is about a thing."
    first = np.mean([seen[one.start] for one in about])
    every = seen[demonstrations.frames_of([one.index for one in about])].mean()
    return (
        f"Of episodes about a thing, a camera sees it at the first decision in {first:.0%}, and in {every:.0%} of all\n"
        "frames: the expert knows where to look, and looks there at once."
    )


def held_out_in(*texts: str) -> bool:
    """Tell whether texts name a pair that is held out."""
    return any(name in text for name in HELD_OUT for text in texts)


def _told(singular: str, plural: str, indices: Sequence[int]) -> str:
    if not indices:
        return f"None {singular}."
    which = ", ".join(map(str, indices[:_MOST_BROKEN]))
    return f"**{len(indices)} {singular if len(indices) == 1 else plural}**: {which}."


def _noise(episodes: Sequence[Episode]) -> str:
    bands: tuple[tuple[str, Callable[[float], bool]], ...] = (
        ("without", lambda level: level == 0.0),
        ("at levels up to 0.5", lambda level: 0.0 < level <= 0.5),
        ("above", lambda level: level > 0.5),
    )
    told = []
    for name, within in bands:
        some = [one for one in episodes if within(one.noise_level)]
        if some:
            told.append(f"{name}: {_succeeded(some)}")
    text = "; ".join(told)
    return f"{text[:1].upper()}{text[1:]}."


def _broken(demonstrations: Demonstrations) -> str:
    found = find_broken(demonstrations)
    if not found:
        return (
            "None: no robot rests where it has something to do, no joint jumps, no action stays at its\n"
            "limit, no length is an outlier of its skill, and no label contradicts what the robot felt."
        )
    kinds = Counter(fault.kind for fault in found)
    return "\n".join(
        [
            f"{len({fault.episode for fault in found})} episodes: {_counted(kinds.items())}.",
            "",
            *(f"- episode {fault.episode}, {fault.kind}: {fault.told}" for fault in found[:_MOST_BROKEN]),
            *([f"- and {len(found) - _MOST_BROKEN} more"] if len(found) > _MOST_BROKEN else []),
        ]
    )


def _counted(pairs: Iterable[tuple[str, Any]]) -> str:
    return ", ".join(f"{name} {count}" for name, count in pairs)
