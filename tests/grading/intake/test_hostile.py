"""Whatever one hands in becomes one sentence in their own report: the class goes on, and nothing hangs or floods."""

import gzip
import io
import json
import lzma
import os
import resource
import subprocess
import tarfile
import time
import zipfile
from pathlib import PurePosixPath

import pytest

from tests.grading.intake.conftest import GOOD, SCALE_PATH, STATS_PATH
from vla_course.grading.intake import handed_in
from vla_course.grading.intake.contents import archives
from vla_course.grading.intake.contents import sources as bounds
from vla_course.grading.intake.submit import zip_bytes

STATS = "day1_numbers/stats.py"


def zipped(members: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", kind) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def tarred(members: dict[str, bytes], mode: str = "w:gz") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return stream.getvalue()


def broken(data: bytes, at: int) -> bytes:
    return data[:at] + bytes(byte ^ 0x5A for byte in data[at : at + 5]) + data[at + 5 :]


KINDS = {"lzma": zipfile.ZIP_LZMA, "bzip2": zipfile.ZIP_BZIP2, "deflate": zipfile.ZIP_DEFLATED}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("at", [0, 40, 60, 80, 120, -60, -20])
def test_a_damaged_archive_of_any_kind_is_a_sentence(inbox, kind, at):
    data = zipped({STATS: GOOD[STATS] * 9}, KINDS[kind])
    inbox.file("eve.zip", broken(data, at % len(data)))
    inbox.file("eva.tar.gz", broken(tarred(GOOD), at % 200))
    inbox.zip("jane.zip")
    taken = inbox.take()
    assert set(taken) == {"eva", "eve", "jane"}
    assert len(taken["jane"].files) == 2
    assert all(one.notes for key, one in taken.items() if key != "jane")


FAULTS = (lzma.LZMAError, MemoryError, RecursionError, UnicodeDecodeError, AssertionError, Exception)


@pytest.mark.parametrize("fault", FAULTS)
def test_an_exception_that_nobody_thought_of_is_a_sentence_in_one_report(inbox, monkeypatch, fault):
    def fails(sources, manifest):
        if any(path.name == "evil.py" for path in sources.files):
            raise fault(*(("utf-8", b"", 0, 1, "x") if fault is UnicodeDecodeError else ("so it is",)))
        return dict(sources.files)

    monkeypatch.setattr(handed_in, "locate", fails)
    inbox.zip("eve.zip", {"evil.py": b""})
    inbox.zip("jane.zip")
    taken = inbox.take()
    assert f"eve.zip cannot be read: {fault.__name__}" in taken["eve"].notes[0]
    assert len(taken["jane"].files) == 2


@pytest.mark.parametrize(
    "note",
    [
        {"unofficial_score": {"3.1": {"points": 10**400}}},
        {"unofficial_score": {"3.1": {"points": float("inf")}}},
        {"unofficial_score": {"3.1": {"points": [1]}}},
        {"unofficial_score": [1]},
        {"course": {"release": ["x" * 9000]}},
        {"files": {"\ud800": {"sha256": 1}}},
        {"files": {"a" * 70000: {"sha256": {"a": 1}}}},
    ],
)
def test_a_packing_note_may_say_what_it_likes(inbox, note):
    whole = {"course": {"release": "x"}, "files": {}, "unofficial_score": None} | note
    inbox.zip("eve.zip", GOOD | {"submission.json": json.dumps(whole).encode()})
    found = inbox.take()["eve"]
    assert (len(found.files), found.claimed) == (2, None)
    assert all(text.isprintable() and len(text) <= 300 for text in found.notes)


def test_names_in_bytes_that_are_no_utf_8_are_read(inbox):
    for place in (inbox.place, inbox.place / "jane" / "day1_numbers"):
        place.mkdir(parents=True, exist_ok=True)
    (inbox.place / "jane" / STATS).write_bytes(b"a")
    (inbox.place / "jane" / "day1_numbers" / os.fsdecode(b"hilfe_\xfcbung.py")).write_bytes(b"b")
    inbox.zip(os.fsdecode(b"M\xfcller.zip"))
    taken = inbox.take()
    assert set(taken) == {"jane", "müller"}
    assert PurePosixPath("day1_numbers/hilfe_übung.py") in taken["jane"].files
    assert [len(one.content) for one in taken.values()] == [64, 64]
    assert all(text.isprintable() for one in taken.values() for text in (one.name, one.source, *one.notes))


def test_a_name_that_steers_a_terminal_is_shown_without_what_steers(inbox):
    (inbox.place / "\x1b]0;pwned\x07Eve\u202egpj").mkdir()
    (found,) = inbox.take().values()
    assert (found.name, found.source) == ("]0;pwnedEvegpj", "]0;pwnedEvegpj")


def test_a_long_name_has_a_key_that_fits_into_the_name_of_a_report(inbox):
    inbox.zip(f"{'a' * 246}.zip")
    inbox.zip(f"{'न' * 80}.zip")
    assert max(len(key.encode()) for key in inbox.take()) <= 120


def test_what_is_no_plain_file_does_not_hang_the_intake(inbox):
    for name in ("fifo.zip", "loose_47_1_stats.py", "D_eve_attempt_2026-10-01-10-00-00.txt"):
        os.mkfifo(inbox.place / name)
    inbox.zip("D_eve_attempt_2026-10-01-10-00-00_hw.zip")
    taken = inbox.take()
    assert taken["fifo"].notes[0] == "fifo.zip is not a plain file: not opened"
    assert "is not a plain file" in taken["loose-47"].notes[0]
    assert len(taken["eve"].files) == 2


@pytest.mark.parametrize("name", ["jane.tar.gz", "jane.tgz", "jane.tar", "jane.tar.bz2", "jane.zip"])
def test_a_tar_is_read_as_a_zip_is(inbox, name):
    mode = "w:bz2" if name.endswith("bz2") else "w" if name.endswith(".tar") else "w:gz"
    inbox.file(name, tarred({f"./homework/{path}": data for path, data in GOOD.items()}, mode))
    assert set(inbox.take()["jane"].files) == {STATS_PATH, SCALE_PATH}


def test_a_tar_leads_nowhere_else(inbox, tmp_path):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        kinds = {STATS: tarfile.SYMTYPE, "day1_numbers/scale.py": tarfile.LNKTYPE, "a.py": tarfile.FIFOTYPE}
        for name, kind in kinds.items():
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, "/etc/passwd"
            archive.addfile(entry)
        entry = tarfile.TarInfo("../../evil.py")
        archive.addfile(entry)
    inbox.file("eve.tar.gz", stream.getvalue())
    found = inbox.take()["eve"]
    assert found.files == {}
    said = ("not followed", "not a plain", "leads out")
    assert len([note for note in found.notes if any(words in note for words in said)]) == 4


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def many_names_of_one_megabyte(count: int) -> bytes:
    """A zip of one entry that its directory names so many times."""
    data = zipped({STATS: bytes(2**20)})
    start = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    directory = data[start:end]
    size = len(directory) * count
    tail = bytearray(data[end:])
    tail[8:12] = count.to_bytes(2, "little") * 2
    tail[12:16] = size.to_bytes(4, "little")
    return data[:start] + directory * count + bytes(tail)


def different_names_of_one_megabyte(count: int) -> bytes:
    data = many_names_of_one_megabyte(count)
    for number in range(count):
        data = (
            data.replace(b"1_numbers/stats.py", f"1_numbers/{number:05}.py".encode(), 1)
            if number < 300
            else data
        )
    return data


def deep_folders(levels: int) -> bytes:
    name = "day1_numbers/" * levels
    return zipped({f"{name}{number}.py": b"" for number in range(500)})


@pytest.mark.parametrize(
    "make",
    [
        lambda: many_names_of_one_megabyte(19_000),
        lambda: different_names_of_one_megabyte(300),
        lambda: deep_folders(2000),
        lambda: zipped({STATS: bytes(2**28)}),
        lambda: tarred({"big.bin": bytes(2**26)} | {f"{number}.bin": bytes(2**26) for number in range(3)}),
        lambda: b"PK\x03\x04" + b"PK\x01\x02" * 2_000_000,
    ],
    ids=["one entry 19000 times", "300 names of it", "deep", "bomb", "large tar", "a directory only"],
)
def test_no_archive_eats_the_processor(inbox, make):
    inbox.file("eve.zip", make())
    begun = cpu()
    inbox.take()
    assert cpu() - begun < 6.0  # seconds; the worst took 16 before, an honest one takes a hundredth


def test_what_is_unpacked_counts_also_where_it_is_thrown_away(inbox, monkeypatch):
    monkeypatch.setattr(archives, "MAX_WORK", 5 * 2**20)
    inbox.file("eve.zip", zipped({f"{number}.py": bytes(2**20 + 9) for number in range(9)} | GOOD))
    assert any("unpacks to more than 5 MB" in note for note in inbox.take()["eve"].notes)
    monkeypatch.setattr(archives, "MAX_TAR", 2**20)
    inbox.file("eve.tar.gz", tarred({"big.bin": bytes(2**21)} | GOOD))
    begun = time.monotonic()
    assert any("unpacks to more than 1 MB" in note for note in inbox.take()["eve"].notes)
    assert time.monotonic() - begun < 30


def test_tars_within_tars_share_one_bound(inbox, monkeypatch):
    monkeypatch.setattr(archives, "MAX_TAR", 2**20)
    unpacked = 0
    read = gzip.GzipFile.read

    def counted(stream, size=-1):
        nonlocal unpacked
        data = read(stream, size)
        unpacked += len(data)
        return data

    monkeypatch.setattr(gzip.GzipFile, "read", counted)
    heavy = tarred({"big.bin": bytes(2**19)})
    nest = tarred({f"{number}.tar.gz": heavy for number in range(4)} | {"big.bin": bytes(2**18)})
    inbox.file("eve.zip", zipped({f"{number}.tar.gz": nest for number in range(4)}))
    assert any("unpacks to more than 1 MB: the rest is not read" in note for note in inbox.take()["eve"].notes)
    assert unpacked < 2**20 + 100


@pytest.fixture
def deep(inbox):
    """A folder deeper than Python recurses and longer than a path may be; pytest's own clean-up would fall over it."""
    place = inbox.place / "eve"
    (place / "day1_numbers").mkdir(parents=True)
    (place / STATS).write_bytes(b"a")
    here = os.open(place, os.O_RDONLY)
    for _ in range(1050):
        os.mkdir("folder", dir_fd=here)
        below = os.open("folder", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    yield
    subprocess.run(["rm", "-rf", str(place)], check=True)


def test_folders_without_end_are_walked_to_a_bound(inbox, deep):
    found = inbox.take()["eve"]
    assert set(found.files) == {STATS_PATH}
    assert any("too deep" in note for note in found.notes)


def test_a_file_below_a_file_cannot_keep_the_rest_from_being_graded(inbox, tmp_path):
    inbox.zip("eve.zip", GOOD | {f"{STATS}/more.py": b"x", f"day1_numbers/{'n' * 250}.py": b"x"})
    found = inbox.take()["eve"]
    assert set(found.files) == {STATS_PATH, SCALE_PATH}
    assert any("lies below a file" in note for note in found.notes)
    assert any("name too long" in note for note in found.notes)
    found.write(tmp_path / "written")


@pytest.mark.parametrize("time", [1e20, -1e20, float("nan"), 1e12])
def test_a_time_that_is_no_date_is_no_time(inbox, monkeypatch, time):
    monkeypatch.setattr(handed_in, "_changed", lambda entry: time)
    inbox.zip("eve.zip")
    found = inbox.take()["eve"]
    assert (found.modified, len(found.files)) == (None, 2)


def test_a_class_of_archives_beside_each_other_is_merged_by_name(inbox):
    inner = {"hw.zip": zip_bytes({STATS: b"old"}), "hw (1).zip": zip_bytes({STATS: b"new"})}
    inbox.zip("Jane_1_assignsubmission_file_/all.zip", inner)
    (found,) = inbox.take().values()
    assert found.files[STATS_PATH] == b"new"
    assert len(inner) <= bounds.MAX_INNER_ARCHIVES
