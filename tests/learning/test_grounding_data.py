"""What grounding learns from: true places, no word about a held-out pair, sentences that mean what they say."""

from collections.abc import Sequence

import numpy as np
import pytest

from vla_course.learning.grounding.questions import ABSENT, UNKNOWN, about, question
from vla_course.learning.grounding.scenes import session
from vla_course.learning.grounding.sights import ENTITIES, PICTURE_SIZE, SHOWN, Sights, taken
from vla_course.learning.pretraining.tableau import Tableau
from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.scene.cameras import PLACES, Camera, RobotMount
from vla_course.simulation.scene.scene import Scene
from vla_course.simulation.scene.things import ALL_THINGS, HELD_OUT, TRAINED
from vla_course.simulation.tasks.understanding import understand
from vla_course.simulation.tasks.words import SHAPE_WORDS
from vla_course.simulation.world.world import World

TURNED = (0.0, 0.0, np.sin(0.6), np.cos(0.6))


@pytest.fixture(scope="module")
def sights() -> Sights:
    return session(31, 0, TRAINED, scenes=4)


def lying(names: Sequence[str], sides: Sequence[float]) -> Sights:
    """A moment without pictures: these things 0.4 m before a robot at the origin, so far m to its left."""
    place = np.full((1, len(ENTITIES), 2), np.nan, dtype=np.float32)
    for name, side in zip(names, sides, strict=True):
        place[0, ENTITIES.index(name)] = 0.4, side
    place[0, ENTITIES.index("table")] = 0.5, 0.0
    place[0, ENTITIES.index("person")] = 2.0, 0.0
    shape = (1, 3, len(ENTITIES))
    return Sights(
        rgb=np.zeros((1, 3, 0, 0, 3), dtype=np.uint8),
        pixels=np.zeros(shape, dtype=np.uint16),
        middle=np.zeros((*shape, 2), dtype=np.float32),
        box=np.zeros((*shape, 4), dtype=np.uint8),
        depth=np.zeros(shape, dtype=np.float32),
        place=place,
        robot=np.zeros((1, 3), dtype=np.float32),
        speaker=np.full(1, np.pi, dtype=np.float32),
        told=np.ones(1, dtype=np.bool_),
        held=np.full(1, -1, dtype=np.int8),
        look=np.zeros(1, dtype=np.int8),
    )


CUPS = lying(("red cup", "blue cup", "green bottle", "white box"), (0.3, -0.3, 0.1, -0.1))


@pytest.mark.parametrize(
    ("sentence", "meant"),
    [
        ("pick up the red cup", ("red cup", ABSENT, ABSENT, ABSENT)),
        ("pick up the cup", (UNKNOWN, ABSENT, ABSENT, ABSENT)),
        ("pick up the cup on your left", ("red cup", ABSENT, ABSENT, ABSENT)),
        ("reach for the cup on my left", ("blue cup", ABSENT, ABSENT, ABSENT)),
        ("pick up the white thing", ("white box", ABSENT, ABSENT, ABSENT)),
        ("pick up the yellow bowl", (ABSENT, ABSENT, ABSENT, ABSENT)),
        ("put the red cup to the left of the white box", ("red cup", "white box", ABSENT, ABSENT)),
        ("put the red cup on the table", ("red cup", "table", ABSENT, ABSENT)),
        ("come to me", (ABSENT, "person", ABSENT, ABSENT)),
        (
            "pick up the red cup and place it on the white box",
            ("red cup", ABSENT, "red cup", "white box"),
        ),
        ("look at me and then take the blue cup", (ABSENT, "person", "blue cup", ABSENT)),
        ("walk forward and tidy the table", (ABSENT, ABSENT, UNKNOWN, ABSENT)),
        ("bring me a drink", (UNKNOWN, "person", ABSENT, ABSENT)),
    ],
)
def test_roles_mean_what_the_sentence_says(sentence: str, meant: tuple[str | int, ...]) -> None:
    found = about(sentence, understand(sentence), CUPS, 0).meant
    assert tuple(k if k < 0 else ENTITIES[k] for k in found) == (*meant, "person")


def test_a_noun_phrase_has_a_thing_and_no_other_roles() -> None:
    found = about("white block", None, CUPS, 0).meant
    assert found == (ENTITIES.index("white box"), UNKNOWN, UNKNOWN, UNKNOWN, ENTITIES.index("person"))


def test_what_may_not_be_named_is_not_pointed_at_by_any_word() -> None:
    held = lying(("green cup", "red ball"), (0.2, -0.2))
    assert "green cup" in HELD_OUT
    assert about("cup", None, held, 0, TRAINED).meant[0] == UNKNOWN
    assert about("cup", None, held, 0).meant[0] == ENTITIES.index("green cup")


def test_strict_questions_neither_name_nor_mean_a_held_out_pair(sights: Sights) -> None:
    assert any(set(sights.names(moment)) & set(HELD_OUT) for moment in range(len(sights))), "some lie there"
    rng = np.random.default_rng(0)
    strict = [question(rng, sights, moment, TRAINED) for moment in range(len(sights)) for _ in range(20)]
    assert not [one for one in strict if _names_held_out(one.sentence)]
    assert not [one for one in strict if any(ENTITIES[k] in HELD_OUT for k in one.meant if k >= 0)]
    every = [question(rng, sights, moment, ALL_THINGS) for moment in range(len(sights)) for _ in range(20)]
    assert [one for one in every if _names_held_out(one.sentence)], "the check would find them"


def _names_held_out(sentence: str) -> bool:
    pairs = [name.split() for name in HELD_OUT]
    return any(f"{colour} {word}" in sentence for colour, shape in pairs for word in SHAPE_WORDS[shape].seen)


def test_a_session_is_the_same_every_time(sights: Sights) -> None:
    again = session(31, 0, TRAINED, scenes=4)
    np.testing.assert_array_equal(again.rgb, sights.rgb)
    np.testing.assert_array_equal(again.place, sights.place)


def test_middles_are_visible_pixels_of_what_they_are_said_to_be() -> None:
    with Tableau() as tableau:
        rng = np.random.default_rng(4)
        scene = tableau.arrange(Scene.sample(rng, things=("red cup", "blue ball", "green bottle")))
        for _ in range(2):
            tableau.look(scene.pose("blue ball")[0])
        one = taken(tableau.robot, scene)
        for camera, place in enumerate(PLACES):
            image = Camera(
                tableau.world, RobotMount(tableau.robot, place), width=PICTURE_SIZE, height=PICTURE_SIZE
            ).capture()
            for name, body in scene.bodies.items():
                k = ENTITIES.index(name)
                assert one.pixels[0, camera, k] == (image.segmentation == body).sum()
                if one.pixels[0, camera, k] >= SHOWN:
                    column, row = np.floor(one.middle[0, camera, k]).astype(int)
                    rows, columns = np.nonzero(image.segmentation == body)
                    assert np.hypot(columns - column, rows - row).min() < 1.5
                    assert (columns.min(), columns.max()) == tuple(one.box[0, camera, k, ::2])
        assert one.pixels[0, 0, ENTITIES.index("blue ball")] >= SHOWN
        ball = one.middle[0, 0, ENTITIES.index("blue ball")]
        assert np.abs(ball - PICTURE_SIZE / 2).max() < 5.0, "the head looks at it"


def test_a_looking_glass_swaps_left_and_right(sights: Sights) -> None:
    glass = sights.mirrored()
    np.testing.assert_array_equal(glass.mirrored().rgb, sights.rgb)
    np.testing.assert_array_equal(glass.mirrored().box, sights.box)
    np.testing.assert_allclose(glass.mirrored().middle, sights.middle, atol=1e-4)
    mirrored = CUPS.mirrored()
    sentence = "pick up the cup on your left"
    assert about(sentence, understand(sentence), mirrored, 0).meant[0] == ENTITIES.index("blue cup")
    # The pixel under the middle keeps its colour.
    shown = np.argwhere(sights.pixels > 20)
    for moment, camera, entity in shown[:: max(1, len(shown) // 50)]:
        (u, v), (mu, mv) = sights.middle[moment, camera, entity], glass.middle[moment, camera, entity]
        if u % 1.0 == 0.5:  # between two pixels there is none to compare
            here = sights.rgb[moment, camera, int(v), int(u)]
            np.testing.assert_array_equal(here, glass.rgb[moment, camera, int(mv), int(mu)])


def test_files_give_back_what_was_saved(sights: Sights, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("sights") / "one.npz"
    part = sights.part(slice(0, 3))
    part.save(path)
    again = Sights.load(path)
    np.testing.assert_array_equal(again.rgb, part.rgb)
    np.testing.assert_array_equal(again.middle, part.middle)
    assert len(Sights.joined([again, part])) == 6


def test_a_tableau_stands_as_a_humanoid_does_and_puts_middles_where_they_are_to_be() -> None:
    with Tableau() as tableau, World() as world:
        other = Humanoid(world, position=(0.3, -0.2), heading=0.7)
        tableau.pose(HOME_POSTURE)
        tableau.stand((0.3, -0.2), 0.7)
        for link in ("pelvis", "head_camera", "left_tool"):
            for a, b in zip(tableau.robot.link_pose(link), other.link_pose(link), strict=True):
                np.testing.assert_allclose(a, b, atol=1e-6)
        scene = tableau.arrange(Scene.sample(np.random.default_rng(0), things=("green bottle", "red cup")))
        tableau.put("green bottle", np.array((0.4, 0.1, 1.0)), TURNED)
        position, orientation = scene.pose("green bottle")
        np.testing.assert_allclose(position, (0.4, 0.1, 1.0), atol=1e-6)
        np.testing.assert_allclose(orientation, TURNED, atol=1e-6)
