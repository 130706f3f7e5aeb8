"""Recordings and clocks are drawn with words beside them, and a recording is replayed where the robot truly was."""

from pathlib import Path

import numpy as np
import pytest

from vla_course.deployment.recorder import topics
from vla_course.deployment.recorder.flight import Flight, read_flight
from vla_course.panels.incidents import clock_pictures, flight_pictures
from vla_course.panels.incidents.flight_replay import flight_record
from vla_course.reference.day5_deployment import diagnosis
from vla_course.reference.day5_deployment.clocks import clock_offset


@pytest.fixture(scope="module")
def flight() -> Flight:
    return read_flight(Path("data/flights/flight_3.mcap"))


def test_the_pictures_say_in_words_what_they_show(flight: Flight) -> None:
    evidence = flight_pictures.evidence_of(flight)
    told = diagnosis.diagnose(evidence)
    fall = flight_pictures.fell_at(flight)
    for drawn in (
        flight_pictures.film_picture(flight),
        flight_pictures.sensed_picture(flight),
        flight_pictures.inside_picture(flight),
        flight_pictures.evidence_picture(evidence, told, fall),
    ):
        assert f"{fall:.2f} s" in drawn.alt or "pictures of a robot" in drawn.alt
        assert drawn.png().startswith(b"\x89PNG")


def test_the_bands_are_those_of_the_exercise() -> None:
    drawn = (
        flight_pictures.UNEXPLAINED,
        flight_pictures.SLIDES,
        flight_pictures.LACKS,
        flight_pictures.CARRIES,
    )
    assert drawn == (diagnosis.UNEXPLAINED, diagnosis.SLIDES, diagnosis.LACKS, diagnosis.CARRIES)


def test_a_replay_stands_where_the_robot_stood(flight: Flight) -> None:
    record = flight_record(flight)
    assert np.array_equal(record.base_position, flight.array(topics.TRUE, "pose", "position"))
    standing = record.time < record.time[0] + 0.5
    assert np.abs(record.center_of_mass[standing, 2] - 0.7).max() < 0.05
    assert record.fell_at == pytest.approx(flight_pictures.fell_at(flight) - flight.times(topics.JOINTS)[0])


def test_the_shortest_exchanges_lie_in_the_tip_of_the_wedge() -> None:
    stamps = clock_pictures.exchanges(300)
    even = [clock_offset(stamps[k - 8 : k], 8) for k in range(8, 300)]
    off = np.array([one.offset for one in even]) - clock_pictures.OFFSET
    assert np.abs(off).mean() < 0.001
    uneven = clock_offset(clock_pictures.exchanges(300, slow_way=0.05), 300)
    assert uneven.offset - clock_pictures.OFFSET == pytest.approx(0.025, abs=0.002)
    assert abs(uneven.offset - clock_pictures.OFFSET) <= uneven.error
    assert "wedge" in clock_pictures.wedge_picture(stamps, clock_offset).alt
    assert "860 ms" in clock_pictures.exchange_picture().alt
