"""Whom does the instructor mean? Policy, times, adjustments and roster, and what is said where they mean nobody."""

import datetime
import unicodedata

import pytest

from vla_course.course.errors import CourseError
from vla_course.grading.intake.submission import Submission
from vla_course.grading.intake.whose.names import key_of
from vla_course.grading.marks.adjustments import Adjustment
from vla_course.grading.marks.policy import Lateness, Person, Policy, Stamp, lateness, read_roster
from vla_course.grading.marks.rules import Rules, resolve

ZONE = datetime.timezone(datetime.timedelta(hours=2))
DUE = datetime.datetime(2026, 10, 1, 23, 59, tzinfo=ZONE)
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


def one(name: str, number: str = "", platform: str = "", **more) -> Submission:
    return Submission(key_of(name, number), name, number, "x.zip", {}, platform=platform, **more)


def rules(*submissions: Submission, late=None, extensions=None, **more) -> Rules:
    policy = Policy.model_validate({"late": late or {}, "extensions": extensions or {}})
    return resolve(submissions, policy=policy, **more)


def called(*submissions: Submission, roster) -> dict[str, str]:
    """The SIS id that each student is given."""
    return {key: person.sis_id for key, person in rules(*submissions, roster=roster).people.items()}


def test_two_of_one_name_are_told_apart_by_their_ids():
    janes = one("Jane Doe", "111111", "Moodle"), one("Jane Doe", "222222", "Moodle")
    roster = [
        Person(student=number, name="Jane Doe", sis_id=f"S{number[0]}") for number in ("222222", "111111")
    ]
    assert called(*janes, roster=roster) == {"jane-doe-111111": "S1", "jane-doe-222222": "S2"}


def test_who_has_another_id_of_the_platform_is_somebody_else_of_that_name():
    roster = [
        Person(student="111111", name="Jane Doe", sis_id="S1"),
        Person(student="222222", name="Jane Doe", sis_id="S2"),
        Person(student="5", name="Bob Roe", sis_id="S3"),
    ]
    found = rules(one("Jane Doe", "333333", "Moodle"), one("Bob Roe", "5", "Moodle"), roster=roster)
    assert {key: person.sis_id for key, person in found.people.items()} == {"bob-roe-5": "S3"}
    assert [person.sis_id for person in found.absent] == ["S1", "S2"]
    assert found.remarks == ["on no line of the roster: jane-doe-333333"]


def test_two_of_one_name_without_ids_are_neither_given_marks_nor_a_zero():
    roster = [Person(student="Jane Doe", sis_id="S1"), Person(student="Jane Doe", sis_id="S2")]
    found = rules(one("Jane Doe"), roster=roster)
    assert (found.people, found.absent) == ({}, [])
    assert len(found.remarks) == 2
    assert all("jane-doe, but not it alone" in remark for remark in found.remarks)


def test_a_number_of_another_platform_is_nobodys():
    found = rules(
        one("doejane", "4711", "Canvas"), roster=[Person(student="Bob Roe", sis_id="4711", login="4711")]
    )
    assert found.people == {}
    assert [person.student for person in found.absent] == ["Bob Roe"]
    assert called(one("Jane", "4711"), roster=[Person(student="x", name="Jane D.", sis_id="4711")]) == {
        "jane-4711": "4711"
    }


@pytest.mark.parametrize(
    "submission",
    [
        one("doejane", "4711", "Canvas"),
        one("Jane Doe", "8", "Moodle"),
        one("Jane Doe"),
        one("jane-doe"),
        one("jd", "jd01", "Blackboard"),
        one("J. D.", "7", "Gradescope", email="Jane@x.edu"),
    ],
)
def test_one_line_finds_its_student_on_every_platform(submission):
    line = Person(student="Doe, Jane", name="Jane Doe", email="jane@x.edu", sis_id="S1", login="jd01")
    assert called(submission, roster=[line]) == {submission.key: "S1"}
    found = rules(submission, roster=[line], extensions={"Jane Doe": 3})
    assert found.policy.extensions == {submission.key: 3.0}


@pytest.mark.parametrize("name", ["Jürgen Müller", "José", "Nguyễn Ánh"])
def test_a_decomposed_name_is_on_the_roster(name):
    decomposed = unicodedata.normalize("NFD", name)
    for here, there in ((name, decomposed), (decomposed, name)):
        found = rules(one(here), roster=[Person(student=there, sis_id="77")], extensions={there: 1})
        assert [person.sis_id for person in found.people.values()] == ["77"]
        assert (found.absent, list(found.policy.extensions)) == ([], [key_of(name, "")])


def test_who_is_on_the_roster_twice_or_contradicts_it_is_said():
    roster = [
        Person(student="1", name="Ann Low"),
        Person(student="1", name="Ann Low"),
        Person(student="2", name="Bob Roe"),
    ]
    assert any(
        "an earlier line is already" in text
        for text in rules(one("Ann Low", "1", "Moodle"), roster=roster).remarks
    )
    swapped = [Person(student="1", name="Bob Roe"), Person(student="2", name="Ann Low")]
    found = rules(one("Ann Low", "1", "Moodle"), one("Bob Roe", "2", "Moodle"), roster=swapped)
    assert len([text for text in found.remarks if "the id counts" in text]) == 2


WHO = (one("doejane", "4711", "Canvas"), one("मोना"), one("मीना"))


@pytest.mark.parametrize("written", ["Jane Do", "9999", "मन", "", "...", "doejane-4712"])
def test_a_line_that_means_nobody_is_said_whichever_file_it_is_in(written):
    stamp = Stamp(written, DUE, 2)
    adjust = Adjustment(student=written or " ", points=1, reason="x")
    found = rules(
        *WHO,
        extensions={written: 3},
        times=[stamp],
        adjustments=[adjust],
        late={"deadline": DUE, "times": "t.csv"},
    )
    assert (found.policy.extensions, found.times, found.adjustments) == ({}, {}, [])
    told = [text for text in found.remarks if "nobody of this class" in text]
    assert [text.partition(":")[0] for text in told] == [
        "policy.toml, extensions",
        "t.csv, line 2",
        "adjustments.toml",
    ]


def test_a_line_for_who_handed_in_nothing_is_no_slip():
    found = rules(*WHO, roster=[Person(student="Zoe")], extensions={"zoe": 3}, late={"deadline": DUE})
    assert not [text for text in found.remarks if "nobody" in text]


@pytest.mark.parametrize("field", ["extensions", "times", "adjustments"])
def test_a_line_that_means_several_is_refused_and_the_keys_are_named(field):
    janes = one("Jane Doe", "1", "Moodle"), one("Jane Doe", "2", "Moodle")
    given = {
        "extensions": {"Jane Doe": 3},
        "times": [Stamp("Jane Doe", DUE, 2)],
        "adjustments": [Adjustment(student="Jane Doe", points=1, reason="x")],
    }
    with pytest.raises(CourseError, match="means several, write one of jane-doe-1, jane-doe-2"):
        rules(*janes, **{field: given[field]})
    assert rules(*janes, extensions={"jane-doe-2": 3}).policy.extensions == {"jane-doe-2": 3.0}


def test_the_same_student_twice_is_said():
    times = [Stamp("doejane", DUE, 2), Stamp("4711", DUE + DAY, 3)]
    found = rules(*WHO, times=times, late={"deadline": DUE, "times": "times.csv"})
    assert found.times == {"doejane-4711": DUE + DAY}
    assert (
        'times.csv, line 3: "4711" is doejane-4711, of whom another line tells already: the last one counts'
        in found.remarks
    )


def test_times_that_are_unknown_are_said():
    found = rules(*WHO, times=[Stamp("मोना", DUE, 2)], late={"deadline": DUE, "times": "times.csv"})
    assert found.remarks == ["times.csv: no time of मीना, who count as in time"]
    found = rules(*WHO, late={"deadline": DUE})
    assert found.remarks == ["file names: no time of मोना, मीना, who count as in time"]
    assert rules(*WHO).remarks == []
    assert "do nothing where late.deadline is not set" in rules(*WHO, extensions={"मोना": 1}).remarks[0]


def test_times_without_a_zone_are_in_the_deadlines_and_it_is_said():
    bare = DUE.replace(tzinfo=None) + HOUR
    blackboard = one("jd", "jd", "Blackboard", submitted=bare)
    listed = one("Ann")
    found = rules(
        blackboard,
        listed,
        times=[Stamp("Ann", bare, 2)],
        late={"deadline": DUE, "times": "times.csv", "per_day": 0.1},
    )
    assert found.remarks == [
        "times.csv: 1 of 1 times have no zone and are read in the deadline's, UTC+02:00",
        "Blackboard: times without a zone are read in the deadline's, UTC+02:00",
    ]
    for submission in (blackboard, listed):
        late = lateness(found.policy, submission, found.times)
        assert late.days == 1
        assert "handed in 2026-10-02 00:59:00, due 2026-10-01 23:59:00 (UTC+02:00)" in late.note


UTC_TIME = datetime.datetime(2026, 10, 1, 22, 30, tzinfo=datetime.UTC)
FAR_TIME = datetime.datetime(2026, 10, 1, 17, 30, 0, 400_000, tzinfo=datetime.timezone(-5 * HOUR))
BARE_TIME = datetime.datetime(2026, 10, 2, 0, 30)


@pytest.mark.parametrize(
    ("how", "came"),
    [
        *(("files", time) for time in (UTC_TIME, FAR_TIME)),
        *(("platform", time) for time in (UTC_TIME, FAR_TIME, BARE_TIME)),
        *(("list", time) for time in (UTC_TIME, FAR_TIME, BARE_TIME)),
    ],
)
def test_every_time_is_told_in_the_deadlines_zone_and_the_zone_is_written(came, how):
    submission = one(
        "Ann", modified=came if how == "files" else None, submitted=came if how == "platform" else None
    )
    times = {"ann": came} if how == "list" else {}
    late = lateness(
        Policy.model_validate({"late": {"deadline": DUE, "per_day": 0.1, "times": "files"}}),
        submission,
        times,
    )
    assert late == Lateness(
        1,
        0.1,
        "handed in 2026-10-02 00:30:00, due 2026-10-01 23:59:00 (UTC+02:00): 1 day late, 10% of the marks deducted",
    )


def test_a_part_of_a_second_is_not_late_and_a_second_is():
    policy = Policy.model_validate({"late": {"deadline": DUE, "times": "files"}})
    second = datetime.timedelta(seconds=1)
    assert lateness(policy, one("Ann", modified=DUE + 0.9 * second), {}).days == 0
    late = lateness(policy, one("Ann", modified=DUE + second), {})
    assert (late.days, "23:59:01, due 2026-10-01 23:59:00" in late.note) == (1, True)


def test_an_extension_in_another_zone_is_told_in_the_deadlines():
    extended = {"Ann": datetime.datetime(2026, 10, 3, 0, 0, tzinfo=datetime.UTC)}
    submission = one("Ann", submitted=datetime.datetime(2026, 10, 3, 0, 0, 1, tzinfo=datetime.UTC))
    found = rules(submission, late={"deadline": DUE}, extensions=extended)
    note = lateness(found.policy, submission, found.times).note
    assert "handed in 2026-10-03 02:00:01, due 2026-10-03 02:00:00 (extended) (UTC+02:00)" in note


def test_what_the_platform_says_goes_before_the_files_time_and_the_list_before_both():
    submission = one("Ann", submitted=DUE + DAY, modified=DUE + 9 * DAY)
    policy = Policy.model_validate({"late": {"deadline": DUE, "times": "files"}})
    assert lateness(policy, submission, {}).days == 1
    assert lateness(policy, submission, {"ann": DUE + 2 * DAY}).days == 2


@pytest.mark.parametrize(
    "text",
    [
        '[extensions]\n"a" = nan',
        '[extensions]\n"a" = inf',
        '[extensions]\n"a" = 1e300',
        '[extensions]\n"a" = -1',
        '[extensions]\n"a" = true',
        '[extensions]\n"a" = 9999-12-31T00:00:00Z',
        "[late]\ndeadline = 0001-01-01T00:00:00Z",
        "[late]\ngrace_minutes = nan",
        "[late]\ngrace_minutes = 1e300",
        "[late]\nper_day = nan",
        "[late]\nat_most = inf",
        "[late]\ndays_if_unknown = 99999999999999999999",
    ],
)
def test_what_is_no_number_or_no_time_of_ours_is_refused_by_its_field(tmp_path, text):
    from vla_course.grading.marks.policy import read_policy

    path = tmp_path / "policy.toml"
    path.write_text(text)
    field = "extensions.a" if "extensions" in text else f"late.{text.split()[1]}"
    with pytest.raises(CourseError, match=field):
        read_policy(path, None)


@pytest.mark.parametrize("points", ["nan", "inf", "-inf"])
@pytest.mark.parametrize("field", ["points", "set"])
def test_an_adjustment_is_a_number(tmp_path, field, points):
    from vla_course.grading.marks.adjustments import read_adjustments

    path = tmp_path / "adjustments.toml"
    path.write_text(f'[[adjust]]\nstudent = "a"\n{field} = {points}\nreason = "x"\n')
    with pytest.raises(CourseError, match=f"adjust.0.{field}"):
        read_adjustments(path, None)


@pytest.mark.parametrize("written", ["Zoe Low", "Low, Zoe", "zlow", "Zoe@x.edu", "s-9"])
def test_who_handed_in_nothing_is_excused_by_whatever_the_roster_knows(written):
    zoe = Person(student="z1", name="Zoe Low", email="zoe@x.edu", login="zlow", sis_id="S-9")
    policy = Policy(excused={written: "ill"})
    found = resolve([one("Ann")], policy=policy, roster=[Person(student="Ann"), zoe])
    assert [(person.student, person.excused) for person in found.absent] == [("z1", "ill")]
    assert found.remarks == []


def test_a_change_of_what_does_not_count_is_said_and_a_question_counts():
    policy = Policy(exercises=("1.1",))
    changes = [Adjustment(student="Ann", exercise=what, points=1, reason="x") for what in ("1.1", "1.2", "W1")]
    found = resolve([one("Ann")], policy=policy, adjustments=changes, questions=("W1",))
    assert found.remarks == ['adjustments.toml: 1.2 of "Ann" is changed, and does not count']
    assert len(found.adjustments) == 3


@pytest.mark.parametrize("written", ["no", "No", "FALSE", "0", "n", "-", "none"])
def test_a_roster_that_says_no_excuses_nobody_and_is_refused_with_its_line(tmp_path, written):
    path = tmp_path / "roster.csv"
    path.write_text(f"student,excused\nAnn,ill\nBob, \nCid,{written}\n")
    told = rf"roster.csv, line 4 has 1 problem\(s\):\s+excused is '{written}': expected why this student is excused"
    with pytest.raises(CourseError, match=told):
        read_roster(path)
    path.write_text("student,excused\nAnn,ill\nBob, \n")
    assert [person.excused for person in read_roster(path)] == ["ill", ""]
