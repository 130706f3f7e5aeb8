"""The link that is handed in broken: its trace is what it does, and each of its faults shows in it."""

import re

import pytest

from vla_course.reference.day2_streaming_pipeline.sent import TRACE, SentPackets

SENT = re.compile(r" +([\d.]+) s +packet (\d+) sent")
CAME = re.compile(r" +([\d.]+) s +answer to (\d+) came, stamped ([\d.]+) s +(-?[\d.]+) s")


def replayed(take):
    """Return what `take` says of each answer of the trace, and what the trace says of it."""
    link, found = SentPackets(), []
    for line in TRACE.splitlines()[1:]:
        if sent := SENT.fullmatch(line):
            assert link.send(float(sent[1])) == int(sent[2])
        else:
            now, packet, stamp, told = CAME.fullmatch(line).groups()
            age = take(link, {"id": int(packet), "stamp": float(stamp)}, float(now))
            found.append((age, float(told)))
    return found


def test_the_trace_is_what_the_broken_link_says():
    for age, told in replayed(SentPackets.broken_take):
        assert age == pytest.approx(told)


def test_mended_it_tells_ages_by_one_clock_and_throws_away_what_nobody_waits_for():
    ages = [age for age, _ in replayed(SentPackets.take)]
    assert ages == [pytest.approx(0.12), pytest.approx(0.06), None, None, pytest.approx(0.11)]
