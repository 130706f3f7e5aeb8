"""The pages: complete in themselves, harmless, and of hidden tests no word too many."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath

import pytest

from tests.course.conftest import course as small_course
from vla_course.course.manifest import load_manifest
from vla_course.grading.class_run.run import Run
from vla_course.grading.class_run.scheduler import on_this_machine
from vla_course.grading.class_run.similarity import Pair, Region
from vla_course.grading.intake.submission import Submission
from vla_course.grading.judging.verdicts import ExerciseVerdict, SubmissionVerdict, TestVerdict
from vla_course.grading.marks.adjustments import Adjustment
from vla_course.grading.marks.gradebook import grades_of
from vla_course.grading.marks.policy import Lateness, Person, Policy
from vla_course.grading.marks.rules import resolve
from vla_course.grading.reports.charts import histogram
from vla_course.grading.reports.report import Pages

course = small_course
PATH = PurePosixPath("day1_numbers/stats.py")
EVIL = '<script>alert("in")</script>'
PIXEL = "iVBORw0KGgo="


def submission(name: str, **more) -> Submission:
    text = "\n".join(f"line {number} {EVIL}" for number in range(1, 30))
    return Submission(name.lower(), name, "", f"{name}{EVIL}.zip", {PATH: text.encode()}, **more)


WHOLE = (TestVerdict("i/d", "the parts work together", False, 3, False, "they do not"),)


def verdict(mistake: str | None = "forgot-to-divide", points: float = 2.0) -> SubmissionVerdict:
    tests = (
        TestVerdict(
            "s/a", "the mean of a few numbers is right", False, 2, False, f"off by 6 {EVIL}", mistake
        ),
        TestVerdict("h/b", "any mean is right", True, 1, False, "", mistake),
        TestVerdict("s/c", "nothing has no mean", False, 1, True),
    )
    exercises = (
        ExerciseVerdict("1.1", "Mean", "partly", points, 4, tests, output=f"printed {EVIL}", picture=PIXEL),
        ExerciseVerdict("1.2", "Spread", "not attempted", 0.0, 3, (), message="not solved yet"),
        ExerciseVerdict(
            "day1", "The day together", "wrong", 0.0, 3, WHOLE, integration=True, message="it falls"
        ),
    )
    return SubmissionVerdict("x", exercises, points, 9, 7, "0.1.0", "limits", 3.0, notes=(f"odd {EVIL}",))


class Page(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)
        self.html = html

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture
def run(course, tmp_path) -> Run:
    """Four students: two alike, one late with adjustments, one with everything in their name."""
    made = Run(
        place=tmp_path,
        out=tmp_path,
        root=course.root,
        manifest=load_manifest(course.root),
        policy=Policy(assignment=f"Day 1 {EVIL}", roster="roster.csv"),
        policy_path=None,
        seed=1,
        level="limits",
        backend=on_this_machine(1),
    )
    made.submissions = [submission(name, claimed=8.0) for name in ("Ann", "Bob", "Cid", EVIL)]
    found = [verdict(), verdict(), verdict("no-empty-check", 3.0), verdict(None, 9.0)]
    adjust = [
        Adjustment(student="Cid", exercise="1.1", set=4, reason=f"oral exam {EVIL}"),
        Adjustment(student="Cid", points=1, reason="bonus"),
    ]
    rules = resolve(made.submissions, policy=made.policy, adjustments=adjust)
    made.grades = grades_of(zip(made.submissions, found, strict=True), rules)
    made.missing = [Person(student="dan", name=f"Dan {EVIL}")]
    made.pairs = [Pair("ann", "bob", 0.93, 40, 7, (Region(PATH, (10, 14), (12, 16)),))]
    made.remarks = [f"remark {EVIL}"]
    return made


@pytest.fixture
def pages(run) -> Pages:
    return Pages(run.manifest, run.policy)


def test_what_comes_from_outside_is_text_and_never_markup(run, pages):
    for html in [pages.of_class(run), *(pages.of_student(grade) for grade in run.grades)]:
        page = Page(html)
        assert "script" not in {tag for tag, _ in page.tags}
        assert EVIL in page.text
        assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]


def test_what_the_parts_do_together_is_told_without_points_as_it_gives_none(run, pages):
    page = Page(pages.of_student(run.grades[0]))
    end = page.text[page.text.index("Your own parts together") :]
    assert "The day together wrong it falls" in end
    assert "the parts work together" in end
    assert "does not count" in end
    assert "day1" not in end
    assert "/ 3" not in end
    assert "0/3" not in end


def test_nothing_is_fetched_from_anywhere(run, pages):
    for html in [pages.of_class(run), *(pages.of_student(grade) for grade in run.grades)]:
        page = Page(html)
        assert not {"link", "script", "iframe", "object", "embed"} & {tag for tag, _ in page.tags}
        sources = [attributes["src"] for _, attributes in page.tags if "src" in attributes]
        assert all(source.startswith("data:image/png;base64,") for source in sources)
        assert not re.search(r"url\(|@import|https?://", html)


def test_a_student_reads_what_failed_the_hint_for_it_and_sees_the_picture(run, pages):
    page = Page(pages.of_student(run.grades[0]))
    for words in (
        *("2 of 9 points", "partly · 2 / 4", "the mean of a few numbers is right", "off by 6"),
        *("This looks familiar: That is the sum: divide it.", "not solved yet", "Your own parts together"),
        *("printed", "odd"),
    ):
        assert words in page.text, words
    assert page.text.count("That is the sum: divide it.") == 1
    (image,) = [attributes for tag, attributes in page.tags if tag == "img"]
    assert image["src"] == f"data:image/png;base64,{PIXEL}"
    assert image["alt"]


def test_a_student_reads_of_a_hidden_test_its_property_and_of_others_nothing(run, pages):
    page = Page(pages.of_student(run.grades[0]))
    assert "any mean is right hidden test" in page.text
    for other in ("Bob", "Cid", "oral exam", "Similarity", "93 %"):
        assert other not in page.text


def test_a_student_reads_how_the_total_came_about(run, pages):
    cid = next(grade for grade in run.grades if grade.name == "Cid")
    page = Page(pages.of_student(cid))
    assert "Earned 3" in page.text
    assert "1.1 changed by hand: oral exam" in page.text
    assert "Total changed by hand: bonus +1 Counts 5" in page.text
    late = cid.__class__(cid.submission, cid.verdict, cid.marks, Lateness(2, 0.5, "2 days late"), ())
    assert "Late: 2 days late −2" in Page(pages.of_student(late)).text


def test_the_class_page_tells_what_an_instructor_asks(run, pages):
    page = Page(pages.of_class(run))
    for words in (
        *("4 submissions", "1 nothing handed in", "forgot-to-divide 1.1 2", "That is the sum: divide it."),
        *(
            "Ann and Bob 93 % 40 7",
            "a reason to look, not a verdict",
            "A submission took 3.0 s in the median",
        ),
        *("nothing handed in", "remark"),
    ):
        assert words in page.text, words
    rows = page.text[page.text.index("hardest first") : page.text.index("Commonest")]
    assert rows.index("1.2 Spread") < rows.index("1.1 Mean")


def test_who_is_excused_is_in_no_mean_of_the_class(run, pages):
    def means() -> list[str]:
        page = re.sub(r"\s+", " ", pages.of_class(run))
        return re.findall(r"<td>1\.\d \w+</td>.*?<td class=\"number\">(\d+ %)</td>", page)

    before = means()
    first = run.grades[0]
    full = [replace(one, verdict=replace(one.verdict, points=one.verdict.out_of)) for one in first.marks]
    perfect = replace(first, marks=tuple(full))
    run.grades = [*run.grades, perfect]
    assert means() != before
    run.grades[-1] = replace(perfect, excused="ill")
    assert means() == before


def test_matches_stand_side_by_side_with_their_lines(run, pages):
    html = pages.of_class(run)
    assert html.count('<div class="match">') == 10
    left, right = (
        re.findall(r'<div class="match"><span class="ln">\s*(\d+)', html)[:5],
        ["10", "11", "12", "13", "14"],
    )
    assert left == right


def test_links_to_students_are_those_of_the_files(run, pages):
    page = Page(pages.of_class(run))
    links = [attributes["href"] for tag, attributes in page.tags if tag == "a" and "href" in attributes]
    assert "students/ann.html" in links


def test_the_histogram_counts_everybody_once():
    chart = str(histogram([0.0, 0.05, 0.1, 0.55, 0.99, 1.0, 1.2]))
    assert "0 to 10 %: 2, 10 to 20 %: 1" in chart
    assert "90 to 100 %: 3" in chart
    assert "50 to 60 %: 1" in chart
    assert chart.startswith("<svg ")
    assert "NaN" not in str(histogram([]))


def test_both_pages_adapt_to_dark_screens_and_paper():
    style = (Path(__file__).parents[2] / "vla_course/grading/reports/style.css").read_text()
    assert "@media (prefers-color-scheme: dark)" in style
    assert "@media print" in style
