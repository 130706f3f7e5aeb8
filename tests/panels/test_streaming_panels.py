"""What Day 2 draws is what a student's own functions make of frames, packets and faults."""

import time
from itertools import pairwise

import numpy as np
import pytest

from vla_course.course.exercise import NotAttempted
from vla_course.learning.policy.files import load_policy
from vla_course.panels.streaming.chunk_traces import (
    merge_picture,
    on_paper,
    on_the_robot,
    paper_picture,
    weights_picture,
)
from vla_course.panels.streaming.fault_panel import FaultPanel
from vla_course.panels.streaming.faults import DOES, faults_picture, stream_with
from vla_course.panels.streaming.ladder import DIES, ladder_picture, lose_the_server
from vla_course.panels.streaming.latency import ages_table, latency_picture
from vla_course.panels.streaming.listing import FAULTS, Repairs, body_of
from vla_course.panels.streaming.models_kept import keep, kept_picture, loaded_first
from vla_course.panels.streaming.moving_cup import SOONEST, TICK, CupPanel, bears, chase
from vla_course.panels.streaming.packet_pictures import (
    CLAIMS,
    HTMLTable,
    anatomy,
    anatomy_picture,
    answers_table,
    believed,
    claims_table,
    hostile_messages,
    sources_picture,
)
from vla_course.panels.streaming.race import (
    BROKEN,
    COUNT,
    DEADLINE,
    INFER,
    PREPARE,
    carry_on,
    fates,
    fates_picture,
    lanes_picture,
    let_it_raise,
    one_by_one,
    race,
)
from vla_course.panels.streaming.stale_frames import THINK, ChapterQueue, ages_picture, look
from vla_course.reference.day2_streaming_pipeline.arrays import read_array
from vla_course.reference.day2_streaming_pipeline.chunks import ensemble_weights, merge_prefix
from vla_course.reference.day2_streaming_pipeline.fallback import choose_fallback
from vla_course.reference.day2_streaming_pipeline.latency import latency_by_stage
from vla_course.reference.day2_streaming_pipeline.memory import models_to_evict
from vla_course.reference.day2_streaming_pipeline.overlap import one_answer, overlapped
from vla_course.reference.day2_streaming_pipeline.queues import NewestQueue
from vla_course.serving.packets.packet import VLAPacket
from vla_course.serving.packets.pictures import encode_picture
from vla_course.serving.packets.response import PatchSource, Sources, VLAResponse, WordSource


@pytest.fixture(scope="module")
def packet() -> VLAPacket:
    seen = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    return VLAPacket(
        frame_id=3,
        correlation_id="robot:3",
        timestamp=1.0,
        query="pick up the red cup",
        images={"head": encode_picture(seen), "chest": encode_picture(seen)},
        robot_state=np.zeros(75, np.float32),
    )


# ---- frames ------------------------------------------------------------------------------------------


def test_one_by_one_falls_behind_and_overlapped_keeps_up():
    races = {"one by one": race(one_by_one, 8), "yours": race(overlapped, 8)}
    behind, up = (one.latency for one in races.values())
    # At best: a busy machine only makes it later.
    assert behind[-1] > 8 * (PREPARE + INFER) - 7 / 30.0 - 1e-3
    assert min(up) >= PREPARE + INFER - 1e-3
    assert any(again < behind[-1] for again in (up[-1], race(overlapped, 8).latency[-1]))  # or a busy machine
    assert "one by one: the last frame is answered" in lanes_picture(races).alt
    for one in races.values():
        thinks = sorted((span.begins, span.ends) for span in one.spans if span.stage == "thinks")
        assert all(ends <= begins + 1e-4 for (_, ends), (begins, _) in pairwise(thinks))


def test_stages_that_need_one_core_take_turns():
    spans = sorted((s.begins, s.ends) for s in race(overlapped, 4, one_core=True).spans if s.stage != "waits")
    assert all(ends <= begins + 1e-4 for (_, ends), (begins, _) in pairwise(spans))


def test_an_exercise_that_is_not_written_says_so_from_the_race():
    async def stub(packets, prepare, infer):
        raise NotAttempted("2.5")

    with pytest.raises(NotAttempted):
        race(stub, 2)


def test_of_a_stream_with_packets_that_cannot_be_read_each_handler_makes_something_else():
    assert fates(let_it_raise) == ["answered"] * BROKEN[0] + ["never answered"] * (COUNT - BROKEN[0])
    assert [fates(carry_on)[k] for k in BROKEN] == ["never answered"] * 2
    mended = fates(one_answer)
    assert [mended[k] for k in BROKEN] == ["told what was wrong"] * 2
    assert mended.count("answered") == COUNT - 2
    assert "2 told what was wrong" in fates_picture({"yours": one_answer}).alt


def test_the_chapters_queue_keeps_frames_that_are_as_old_as_its_length_makes_them():
    stale, fresh = look(ChapterQueue()), look(NewestQueue(1))
    assert 5 * THINK < stale.ages[-1] < 7 * THINK
    assert max(fresh.ages) < 1.0 / 30.0 + 2e-3
    assert len(stale.at) == len(fresh.at)
    assert "frames are" in ages_picture({"a": stale, "b": fresh}, 0.1).alt


def test_sub_sampling_keeps_frames_fresh_only_while_the_model_is_as_fast_as_was_thought():
    assert max(look(ChapterQueue(), every=3).ages) < THINK
    assert look(ChapterQueue(), every=3, think=0.12).ages[-1] > 0.3
    assert max(look(NewestQueue(1), think=0.12).ages) < 1.0 / 30.0 + 2e-3


def test_latency_is_drawn_from_what_the_exercise_says():
    packets = [{"decode": 0.01, "infer": 0.02}] * 59 + [{"decode": 0.01, "infer": 0.1}]
    shown = latency_picture(packets, latency_by_stage)
    assert "infer: half below 20 ms" in shown.alt
    assert shown.axes[1].get_title(loc="left") == "1 of 60 frames late"
    assert latency_picture(packets, lambda some: {"total": [1.0, 2.0, 3.0]}).alt.startswith(
        "total: half below 1000"
    )


# ---- packets -----------------------------------------------------------------------------------------


def test_the_fields_of_a_packet_fill_it_to_the_byte(packet):
    fields = dict(anatomy(packet))
    assert sum(fields.values()) == len(packet.to_wire())
    assert fields["how many fields"] in (1, 3)
    assert fields["observation/image/head"] > len(packet.images["head"])
    assert str(len(packet.to_wire())) in anatomy_picture(packet).alt


def test_every_message_that_is_hostile_is_refused_and_the_good_one_is_not(packet):
    codes = {row[0]: row[2] for row in answers_table(hostile_messages(packet)).rows}
    assert codes.pop("a good one") == "ok"
    assert "ok" not in codes.values()
    assert "internal" not in codes.values()
    assert codes["a joint at nan"] == "not_finite"
    assert codes["a picture that is a bomb"] == "too_large"


def test_bytes_that_are_believed_to_be_addresses_end_a_process():
    assert believed(*CLAIMS["addresses of objects"]).startswith("the process is dead")
    assert believed(*CLAIMS["as many as fit"]).startswith("taken")


def test_claims_are_answered_by_the_reader_that_is_given(monkeypatch):
    monkeypatch.setattr("vla_course.panels.streaming.packet_pictures.believed", lambda *claim: "taken")
    answers = [row[3] for row in claims_table(read_array).rows]
    assert answers[0].startswith("taken")
    assert all(one.startswith("refused") for one in answers[1:])


def test_what_an_answer_came_from_is_drawn_where_it_says(packet):
    views = np.zeros((3, 60, 60, 3), np.uint8)
    ids = {"frame_id": packet.frame_id, "correlation_id": packet.correlation_id}
    patch = PatchSource(camera="chest", row=2, column=5, weight=0.25)
    sources = Sources(
        grids={"chest": (4, 6)}, patches=(patch,), words=(WordSource(word="cup", weight=0.75),)
    )
    said = VLAResponse(**ids, actions=np.zeros((1, 36)), sources=sources)
    drawn = sources_picture(views, said)
    square = drawn.figure.axes[1].patches[0]
    assert (square.get_x(), square.get_y(), square.get_width(), square.get_height()) == (49.5, 29.5, 10, 15)
    assert not drawn.figure.axes[0].patches
    assert "chest 25.0 %" in drawn.alt
    assert "cup 75 %" in drawn.alt
    with pytest.raises(ValueError, match="expected an answer of a model that tells them"):
        sources_picture(views, said.model_copy(update={"sources": None}))


def test_a_table_escapes_what_strangers_sent():
    assert "<b>" not in HTMLTable(("a",), [("<b>",)])._repr_html_()


# ---- chunks ------------------------------------------------------------------------------------------


def test_on_paper_each_way_of_going_over_is_smoother_than_the_one_before():
    switch, fade, prefix, soft = (on_paper(mode) for mode in ("switch", "fade", "prefix", "soft"))
    assert prefix.jerk.borders < 0.1 * switch.jerk.borders
    assert soft.jerk.borders < 0.5 * fade.jerk.borders
    assert fade.jerk.borders < 0.5 * switch.jerk.borders
    assert on_paper("blocking").held > 3 * switch.held
    assert on_paper("rolled").jerk.borders < 0.1 * switch.jerk.borders  # it starts from where the robot will be
    assert np.array_equal(on_paper("fade").sent, fade.sent)
    assert "switch: jerk" in paper_picture({"switch": switch}).alt


def test_on_the_robot_a_soft_prefix_arrives_as_soon_as_switching_does_and_without_its_jolts():
    network = load_policy()
    blocking, switch, soft = (on_the_robot(network, mode) for mode in ("blocking", "switch", "soft"))
    assert soft.jerk.borders < 0.1 * switch.jerk.borders
    assert max(soft.away[-1], switch.away[-1]) < 0.1 < blocking.away[-1]


def test_weights_and_prefixes_are_drawn_as_the_exercises_say():
    assert "m = -0.3: the oldest counts 0.03" in weights_picture(ensemble_weights).alt
    assert "1 over: 2 committed and 5 new" in merge_picture(merge_prefix, (1, 5)).alt
    assert "1 over: 0 committed" in merge_picture(lambda given, chunk, passed: chunk[passed:], (1,)).alt


# ---- the cup -----------------------------------------------------------------------------------------


def test_a_hand_that_acts_on_pictures_younger_than_it_bears_never_misses():
    one = chase(0.0, 0.0, 0.15)
    assert one.ages.max() <= SOONEST + TICK
    assert one.ages.max() < one.bears == bears(0.15)
    assert one.caught.all()


@pytest.mark.parametrize("speed", [0.25, 0.5])
def test_older_pictures_miss_more(speed):
    caught = [int(chase(delay, 0.2, speed).caught.sum()) for delay in (0.0, 0.1, 0.3)]
    assert caught[0] > caught[1] > caught[2]


def test_who_reckons_with_the_age_catches_what_others_miss():
    assert chase(0.2, 0.2, 0.25, ahead=True).caught.sum() > 2 * chase(0.2, 0.2, 0.25).caught.sum()


def test_a_cup_that_stands_still_is_never_missed_and_a_negative_speed_is_refused():
    assert chase(0.4, 1.0, 0.0).caught.all()
    with pytest.raises(ValueError, match="speed is -1"):
        chase(0.1, 0.1, -1.0)


def test_the_sliders_redraw_the_chase():
    panel = CupPanel()
    before = panel.picture
    panel.delay.value = 400
    assert panel.picture != before
    held = int(panel.chase(0.0, 0.0, 0.15).caught.sum())
    assert f"caught {held} of {held}" in panel.picture
    assert panel.chase(0.1, speed=0.0).bears == np.inf
    assert "inf" not in panel.picture


# ---- faults ------------------------------------------------------------------------------------------


def test_a_torn_picture_is_told_in_the_response_and_forgotten_when_it_is_well_again():
    plan = {"picture corrupt": (0.3, 1.9)}
    told = stream_with(plan, 2.6)
    bad = [one for one in told if one.response.code == "bad_picture"]
    assert len(bad) > 15
    assert [DOES[k] for k in sorted({one.does for one in bad})] == ["the last chunk", "hold", "stand"]
    assert any(one.response.success for one in told if one.at > 1.9)
    assert "bad_picture" in faults_picture(told, plan).alt


def test_a_model_that_fails_is_stood_in_for():
    told = stream_with({"model fails": (0.0, 9.0)}, 1.0)
    assert "the smaller model" in {DOES[one.does] for one in told}
    assert "model_failed" in {one.response.code for one in told}


def test_a_fault_of_another_name_is_refused():
    with pytest.raises(ValueError, match="fault is 'rain'"):
        stream_with({"rain": (0.0, 1.0)}, 0.1)


def test_what_is_done_instead_is_what_the_exercise_says():
    def always_stands(code, chunk_left, since_good, patience, smaller_ready=False):
        return "stand"

    told = stream_with({"camera lost": (0.3, 9.0)}, 0.6, always_stands)
    assert told[-1].response.fallback == "stand"


def test_the_panel_runs_its_stream_and_leaves_nothing_running():
    panel = FaultPanel(choose_fallback)
    told = panel.run(0.6, camera_lost=True)
    assert told[-1].response.code == "camera_lost"
    assert not panel.runs
    assert "camera_lost" in panel.status
    assert "rate" in panel.status


def test_a_panel_whose_exercise_is_not_written_says_which():
    def stub(*arguments):
        raise NotAttempted("2.10")

    panel = FaultPanel(stub)
    panel.run(0.4, camera_lost=True)
    assert "Exercise 2.10" in panel.status


# ---- models, server, listing ------------------------------------------------------------------------


def test_who_lets_go_of_what_was_used_least_recently_loads_less():
    assert sum(keep(models_to_evict).loaded) < sum(keep(loaded_first).loaded)
    assert "yours: 6 loads" in kept_picture({"yours": models_to_evict}).alt


@pytest.mark.timeout(60)
def test_a_robot_whose_server_dies_goes_down_the_ladder_and_up_again():
    began = time.monotonic()
    rope = lose_the_server()
    rungs = [rung for rung, at in zip(rope.rungs, rope.times, strict=True) if at >= DIES]
    order = [rung for rung, before in zip(rungs, [None, *rungs], strict=False) if rung != before]
    assert order == ["acts", "holds", "stands", "latched", "acts"]
    assert rope.connects == 2
    assert rope.speeds[rope.rungs.index("stands") + 1] == 0.0
    assert rope.speeds[-1] > 0.0
    assert "then latched" in ladder_picture(rope).alt
    assert time.monotonic() - began < 30.0


def test_the_repairs_of_the_listing_stand_in_the_course():
    from vla_course.course.root import CourseRoot

    serving = CourseRoot.current().folder / "vla_course" / "serving"
    for fault in FAULTS:
        if fault.where:
            assert fault.repair in (serving / fault.where).read_text(encoding="utf-8"), fault.line
    assert len(FAULTS) == 10


def test_a_repair_that_is_an_exercise_shows_what_the_student_wrote():
    shown = Repairs({"2.11": models_to_evict, "2.5": overlapped})
    html = shown._repr_html_()
    assert "used = sum(sizes.values())" in html
    assert "BEGIN SOLUTION" not in html
    assert "yours, exercise 2.11" in html
    assert body_of(NewestQueue.put).startswith("with self._changed:")


def test_a_trace_is_told_by_two_links_that_know_nothing_of_each_other():
    class Link:
        def __init__(self):
            self.sent = []

        def send(self, now):
            self.sent.append(now)

        def broken_take(self, answer, now):
            return -1.0

        def take(self, answer, now):
            return now - self.sent.pop() if self.sent else None

    trace = [
        "  1.000 s   packet 0 sent",
        "  1.250 s   answer to 0 came, stamped 9.0 s    x",
        "  1.3 s     answer to 0 came, stamped 9.0 s",
    ]
    rows = ages_table(Link, "\n".join(trace)).rows
    assert [row[3] for row in rows] == ["", "0.250 s", "thrown away"]
    assert rows[1][2] == "-1.000 s"


def test_the_deadline_of_the_lanes_is_two_frames():
    assert pytest.approx(2.0 / 30.0, abs=1e-3) == DEADLINE
