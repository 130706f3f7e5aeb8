"""What one of a group hands in is everybody's: marks, lateness and extensions; a change for one is for one."""

import datetime

import pytest

from tests.course.conftest import course as small_course
from tests.grading.class_run.conftest import grades, submission
from vla_course.course.errors import CourseError
from vla_course.course.manifest import load_manifest
from vla_course.grading.marks.adjustments import Adjustment
from vla_course.grading.marks.groups import Group, one_of_each_group, read_groups, share_out
from vla_course.grading.marks.policy import Person, Policy
from vla_course.grading.marks.rubric import prepare_sheets, read_rubric, read_sheets
from vla_course.grading.marks.rules import resolve

course = small_course
RED = Group("Team Red", ("Ada Lovelace", "4712", "Mary Jackson"))
ROSTER = [
    Person(student="ada-lovelace", name="Ada Lovelace"),
    Person(student="4712", name="Grace Hopper", sis_id="S2"),
    Person(student="4713", name="Alan Turing"),
]
DUE = datetime.datetime(2026, 10, 1, 12, 0, tzinfo=datetime.UTC)


def by_name(found) -> dict[str, float]:
    return {grade.name: grade.points for grade in found}


def test_everybody_of_the_group_gets_its_marks_under_a_key_of_their_own():
    found = grades(
        (submission("Ada Lovelace"), 4, 2),
        (submission("Alan Turing", "4713"), 4, 4),
        groups=[RED],
        roster=ROSTER,
    )
    assert by_name(found) == {
        "Ada Lovelace": 6.0,
        "Grace Hopper": 6.0,
        "Mary Jackson": 6.0,
        "Alan Turing": 8.0,
    }
    keys = [grade.key for grade in found]
    assert keys == ["ada-lovelace", "alan-turing-4713", "grace-hopper-4712", "mary-jackson"]
    grace = found[2]
    assert grace.notes == ("handed in by Ada Lovelace for Team Red",)
    assert (grace.group, grace.person.sis_id, grace.submission.id) == ("Team Red", "S2", "4712")


def test_a_submission_may_bear_the_groups_own_name():
    found = grades((submission("Team Red"), 4, 4), groups=[RED], roster=ROSTER)
    assert by_name(found) == {"Ada Lovelace": 8.0, "Grace Hopper": 8.0, "Mary Jackson": 8.0}


def test_where_two_of_them_handed_in_the_better_counts_and_it_is_said():
    pairs = [(submission("Ada Lovelace"), 4, 0), (submission("Mary Jackson"), 4, 4)]
    found = grades(*pairs, groups=[RED], roster=ROSTER)
    assert set(by_name(found).values()) == {8.0}
    assert "Team Red handed in 2 times: Mary Jackson.zip counts, not Ada Lovelace.zip" in found[0].notes
    assert found[2].notes == ()


def test_a_better_answer_that_comes_late_is_worth_what_lateness_leaves_of_it():
    policy = Policy.model_validate({"late": {"deadline": DUE, "per_day": 0.75}})
    late = [("Mary Jackson", DUE + datetime.timedelta(hours=1)), ("Ada Lovelace", DUE)]
    pairs = [(submission("Ada Lovelace"), 4, 0), (submission("Mary Jackson"), 4, 4)]
    found = grades(*pairs, groups=[RED], roster=ROSTER, policy=policy, times=late)
    assert set(by_name(found).values()) == {4.0}
    cheap = policy.model_copy(update={"late": policy.late.model_copy(update={"per_day": 0.25})})
    found = grades(*pairs, groups=[RED], roster=ROSTER, policy=cheap, times=late)
    assert set(by_name(found).values()) == {6.0}
    assert {grade.late.days for grade in found} == {1}


def test_an_extension_of_one_is_the_groups():
    policy = Policy.model_validate({"late": {"deadline": DUE, "per_day": 0.5}, "extensions": {"4712": 2}})
    times = [("ada-lovelace", DUE + datetime.timedelta(days=1))]
    found = grades(
        (submission("Ada Lovelace"), 4, 4), groups=[RED], roster=ROSTER, policy=policy, times=times
    )
    assert set(by_name(found).values()) == {8.0}
    strict = policy.model_copy(update={"extensions": {}})
    found = grades(
        (submission("Ada Lovelace"), 4, 4), groups=[RED], roster=ROSTER, policy=strict, times=times
    )
    assert set(by_name(found).values()) == {4.0}


def test_a_change_for_one_is_for_one_and_for_the_group_for_all():
    change = Adjustment(student="Ada Lovelace", points=-2, reason="did nothing")
    found = grades((submission("Ada Lovelace"), 4, 4), groups=[RED], roster=ROSTER, adjustments=[change])
    assert by_name(found) == {"Ada Lovelace": 6.0, "Grace Hopper": 8.0, "Mary Jackson": 8.0}
    change = Adjustment(student="team red", points=-2, reason="late talk")
    found = grades((submission("Ada Lovelace"), 4, 4), groups=[RED], roster=ROSTER, adjustments=[change])
    assert set(by_name(found).values()) == {6.0}


def test_nobody_of_a_group_that_handed_in_is_missing_and_one_that_did_not_is_told():
    told: list[str] = []
    handed = share_out([submission("Ada Lovelace")], [RED, Group("Blue", ("Bob",))], ROSTER, told.append)
    assert [one.name for one in resolve(handed, policy=Policy(), roster=ROSTER).absent] == ["Alan Turing"]
    assert told == ["Blue: nobody of the group has handed anything in"]


def test_alike_work_of_a_group_is_compared_once():
    handed = share_out([submission("Ada Lovelace"), submission("Alan Turing", "4713")], [RED], ROSTER, print)
    assert len(handed) == 4
    assert [one.name for one in one_of_each_group(handed)] == ["Ada Lovelace", "Alan Turing"]


def test_a_group_is_marked_once(course, tmp_path):
    (tmp_path / "rubric.toml").write_text(
        '[[question]]\nid = "W1"\ntitle = "Why?"\n[[question.criterion]]\nid = "why"\nsays = "says why"\npoints = 2\n'
    )
    questions = read_rubric(tmp_path / "rubric.toml", load_manifest(course.root))
    handed = share_out([submission("Ada Lovelace"), submission("Alan Turing", "4713")], [RED], ROSTER, print)
    prepare_sheets(tmp_path, questions, handed, names=True)
    sheet = tmp_path / "W1.csv"
    text = sheet.read_text()
    assert (
        text == "student,name,why,comment,marker\nada-lovelace,Team Red,,,\nalan-turing-4713,Alan Turing,,,\n"
    )
    sheet.write_text(text.replace("Team Red,,,", "Team Red,2,,"))
    found, remarks = read_sheets(tmp_path, questions, handed)
    assert {key: marks[0].earned for key, marks in found.items()} == {
        **dict.fromkeys(("ada-lovelace", "grace-hopper-4712", "mary-jackson"), 2.0),
        "alan-turing-4713": 0.0,
    }
    assert remarks == ["W1 is not marked yet for 1 of 2: it counts 0 there"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("group,student\nRed,Ada\nBlue,ada\n", 'line 3: "ada" is in "Red" already'),
        ("group,student\nRed,\n", "line 2: student is '', expected a name or an id"),
        ("group,who\nRed,Ada\n", "expected a first line with the column student"),
        ("group,student\nRed,Lovelace, Ada\n", "line 2: 3 values for 2 columns"),
    ],
)
def test_what_is_wrong_in_the_list_is_told_with_its_line(tmp_path, text, told):
    path = tmp_path / "groups.csv"
    path.write_text(text)
    with pytest.raises(CourseError, match=told):
        read_groups(path)


def test_the_list_is_read_in_its_order(tmp_path):
    path = tmp_path / "groups.csv"
    path.write_text("Group;Student\nRed;Ada\nBlue;Cid\nRed;Bob\n")
    assert read_groups(path) == (Group("Red", ("Ada", "Bob")), Group("Blue", ("Cid",)))


KNOWN = [
    Person(student="ada-lovelace", name="Ada Lovelace"),
    Person(student="bob-roe", name="Bob Roe", email="bob@x.edu", login="broe", sis_id="S-2"),
]


@pytest.mark.parametrize("written", ["bob-roe", "Bob Roe", "Roe, Bob", "bob@x.edu", "Bob@X.edu", "broe", "s-2"])
@pytest.mark.parametrize("both", [True, False])
def test_a_member_is_found_by_whatever_the_roster_knows_and_keeps_their_own_work(written, both):
    handed = [submission("Ada Lovelace"), *([submission("Bob Roe")] if both else [])]
    shared = share_out(handed, [Group("Red", ("Ada Lovelace", written))], KNOWN, print)
    own = submission("Bob Roe" if both else "Ada Lovelace").files
    assert [(one.key, one.group, one.files) for one in shared] == [
        ("ada-lovelace", "Red", submission("Ada Lovelace").files),
        ("bob-roe", "Red", own),
    ]
    found = resolve(shared, policy=Policy(), roster=KNOWN)
    assert (found.absent, found.remarks) == ([], [])


def test_a_member_who_may_be_either_of_two_is_refused_and_their_ids_are_named():
    janes = [Person(student=number, name="Jane Doe") for number in ("1", "2")]
    with pytest.raises(CourseError, match='"Jane Doe" means several of the roster, write one of 1, 2'):
        share_out([submission("Ada Lovelace")], [Group("Red", ("Ada Lovelace", "Jane Doe"))], janes, print)


@pytest.mark.parametrize("both", [True, False])
def test_who_is_in_two_groups_by_two_names_is_refused(both):
    handed = [submission("Ada Lovelace"), submission("Cid"), *([submission("Bob Roe")] if both else [])]
    groups = [Group("Red", ("Ada Lovelace", "broe")), Group("Blue", ("Cid", "bob@x.edu"))]
    with pytest.raises(CourseError, match='group Blue: student "bob@x.edu" is bob-roe, who is in "Red" already'):
        share_out(handed, groups, KNOWN, print)
