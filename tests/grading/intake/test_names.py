"""Whose is it? Names as people write them, in any script, and the keys that are made of them."""

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_course.grading.intake.whose.names import KEY_BYTES, forms, key_of, readable, run_together, slug
from vla_course.grading.intake.whose.plain import read_plain


@pytest.mark.parametrize(
    ("name", "student", "number", "late", "copy"),
    [
        ("jane-doe.zip", "jane-doe", "", False, 0),
        ("Jane Doe.tar.gz", "Jane Doe", "", False, 0),
        ("Jane_Doe (late).zip", "Jane Doe", "", True, 0),
        ("Jane Doe [Late].zip", "Jane Doe", "", True, 0),
        ("jane_LATE_.zip", "jane", "", True, 0),
        ("jane doe late.zip", "jane doe", "", True, 0),
        ("Kate Late.zip", "Kate Late", "", False, 0),
        ("Late Kate.zip", "Late Kate", "", False, 0),
        ("late.zip", "late", "", False, 0),
        ("plate.zip", "plate", "", False, 0),
        ("s1234567_submission.zip", "", "s1234567", False, 0),
        ("Jane Doe 1234567.zip", "Jane Doe", "1234567", False, 0),
        ("student-2.zip", "student-2", "", False, 0),
        ("jane-doe (1).zip", "jane-doe", "", False, 1),
        ("jane-doe (1) (late).zip", "jane-doe", "", True, 1),
        ("jane-doe (late) (1).zip", "jane-doe", "", True, 1),
        ("Jane Doe - Copy.zip", "Jane Doe", "", False, 1),
        ("Jane Doe - Copy (3).zip", "Jane Doe", "", False, 3),
        ("Jane Doe copy 2.zip", "Jane Doe", "", False, 2),
        ("Copy of Jane Doe.zip", "Jane Doe", "", False, 1),
        ("submission.zip", "submission", "", False, 0),
        ("submission (2).zip", "submission (2)", "", False, 0),
        ("山田 太郎.zip", "山田 太郎", "", False, 0),
        ("😀.zip", "😀", "", False, 0),
    ],
)
def test_a_name_tells_who_and_when_and_which_copy(name, student, number, late, copy):
    named = read_plain(name)
    assert (named.name, named.id, named.late, named.copy) == (student, number, late, copy)


def test_a_surname_that_may_mean_late_is_said():
    assert '"Late" is read as a part of the name' in read_plain("Kate Late.zip").remark
    assert '"LATE" is read as a part of the name' in read_plain("Jane Doe LATE.zip").remark
    assert read_plain("jane late.zip").remark == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("मोना", "मीना"),
        ("வள்ளி", "வள்ளு"),
        ("กิตติ", "กตต"),
        ("İpek", "Ipek"),
        ("José", "Jose"),
        ("محمّد", "محمد"),
    ],
)
def test_names_that_differ_in_a_mark_are_two_names(one, other):
    assert slug(one) != slug(other)
    assert "-" not in slug(one) + slug(other)


@pytest.mark.parametrize("name", ["Jürgen Müller", "José", "Nguyễn Thị Ánh", "각하", "Ёлка"])
def test_a_name_is_the_same_decomposed_as_a_mac_writes_it(name):
    assert slug(unicodedata.normalize("NFD", name)) == slug(name)
    assert readable(unicodedata.normalize("NFD", name)) == unicodedata.normalize("NFC", name)


def test_a_key_is_one_word_of_any_script_that_fits_into_a_files_name():
    assert key_of("Jane Doe", "123456") == "jane-doe-123456"
    assert slug("Änne O'Neill / 山田") == "änne-o-neill-山田"
    assert key_of("jdoe", "jdoe") == "jdoe"
    assert key_of("..", "") == key_of("😀", "") == key_of("❤️", "") == ""
    long, longer = key_of("न" * 250, "1"), key_of("न" * 251, "1")
    assert max(len(long.encode()), len(longer.encode())) <= KEY_BYTES
    assert long != longer


@given(st.text(max_size=40))
def test_whatever_a_name_is_made_of_what_is_shown_steers_no_terminal(text):
    shown = readable(text)
    assert readable(shown) == shown
    steering = {"Cc", "Cs", "Zl", "Zp", "Cf"}
    assert not [one for one in shown if unicodedata.category(one) in steering and one not in "\u200c\u200d"]
    assert not {"\x1b", "\u202e", "\x07", "\n"} & set(shown)
    assert slug(shown) == slug(text)
    shown.encode("utf-8")


def test_bytes_that_are_no_utf_8_are_read_as_latin_1():
    assert readable(os.fsdecode(b"M\xfcller.zip")) == "Müller.zip"
    assert readable("\x1b]0;pwned\x07Eve\u202egpj.zip") == "]0;pwnedEvegpj.zip"


def test_a_family_name_in_front_is_the_same_person():
    assert forms("Doe, Jane") == {"doe-jane", "jane-doe"}
    assert "doejane" in run_together("Jane Doe")
    assert "vandenbergmaryann" in run_together("Mary Ann van den Berg")
    assert Path(f"{key_of('a/b', '')}.html").name == "a-b.html"
