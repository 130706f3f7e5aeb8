"""What the grounder that the course ships finds in moments that it has never seen."""

from pathlib import Path

import numpy as np
import pytest

from vla_course.learning.encoders.files import MODELS
from vla_course.learning.encoders.frozen import FrozenEncoders
from vla_course.learning.grounding.config import ROLES
from vla_course.learning.grounding.examining import Ask, examine
from vla_course.learning.grounding.files import load_grounder
from vla_course.learning.grounding.lessons import Lessons, lessons
from vla_course.learning.grounding.questions import about
from vla_course.learning.grounding.scenes import session
from vla_course.learning.grounding.sights import ENTITIES
from vla_course.learning.model.answers import Encoded
from vla_course.simulation.scene.things import ALL_THINGS, TRAINED


@pytest.fixture(scope="module")
def encoders() -> FrozenEncoders:
    return FrozenEncoders.load()


@pytest.fixture(scope="module")
def known(encoders: FrozenEncoders, tmp_path_factory: pytest.TempPathFactory) -> Lessons:
    path: Path = tmp_path_factory.mktemp("lessons") / "posed.npz"
    session(47, 0, TRAINED).save(path)
    return lessons([path], encoders, mirror=False)


def test_the_shipped_grounder_finds_what_is_named_and_not_when_blind(
    known: Lessons, encoders: FrozenEncoders
) -> None:
    grounder = load_grounder()
    assert sum(path.stat().st_size for path in (MODELS / "grounder").iterdir()) < 2e6
    asks = [
        Ask(moment, about(name, None, known.sights, moment))
        for moment in range(len(known))
        for name in known.sights.names(moment)
        if name in TRAINED
    ]
    seen = examine(grounder, known, encoders, asks).things
    blind = examine(grounder, known, encoders, asks, shown=np.roll(np.arange(len(known)), 20)).things
    seen, blind = seen.where(seen.clear), blind.where(blind.clear)
    assert len(seen) >= 30
    assert seen.nearest.mean() >= 0.85
    assert seen.nearest.mean() - blind.nearest.mean() >= 0.3
    assert np.median(seen.gap) < 2.5


def test_the_same_pictures_and_another_sentence_lead_elsewhere(
    known: Lessons, encoders: FrozenEncoders
) -> None:
    grounder, sights = load_grounder(), known.sights
    tried = 0
    for row in range(0, len(known), 4):
        seen = [name for name in sights.names(row) if name in ALL_THINGS]
        seen = [name for name in seen if sights.pixels[row, 1, ENTITIES.index(name)] > 40 and name in TRAINED]
        if len(seen) < 2:
            continue
        first, second = seen[:2]
        words, mask = encoders.read([f"put the {first} on the {second}"])
        coarse, finer = known.coarse[row : row + 1].float(), known.finer[row : row + 1].float()
        encoded = Encoded(coarse.unbind(1), words, mask, finer.unbind(1))
        for role, name in zip(ROLES, (first, second), strict=False):
            place = grounder.ground(encoded, role).pixels[0, 1].numpy()
            assert np.linalg.norm(place - sights.middle[row, 1, ENTITIES.index(name)]) < 8.0, (role, name)
            tried += 1
    assert tried >= 2
