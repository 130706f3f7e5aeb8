"""A class of sixty in six exports for benchmarks/intake.py: what platforms, systems and people make of names and files.

Of every person it is known which id, which files and which lateness are theirs, and which words have to be said about
what is odd. All names are invented.
"""

import datetime
import io
import random
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ZONE = datetime.timezone(datetime.timedelta(hours=2))
DUE = datetime.datetime(2026, 10, 1, 23, 59, tzinfo=ZONE)
HOME = "day3_humanoid_balance/com.py"
EXERCISE = "3.1"

# Scripts with marks of their own, capitals without counterpart, one letter apart.
NAMES = (
    *(
        "Jürgen Müller",
        "José Núñez",
        "İpek Şahin",
        "Zoë Łukasz",
        "Nguyễn Thị Ánh",
        "Søren Ångström",
        "Đorđe Ćosić",
    ),
    *("मोना शर्मा", "मीना शर्मा", "வள்ளி குமார்", "வள்ளு குமார்", "กิตติ สุข", "กตติ สุข", "محمّد علي", "محمد علي"),
    *("山田 太郎", "각하 김", "Ёлка Йод", "Елка Иод", "Ирина Ким", "Αλέξης Ωνάσης", "דָּנָה כֹּהֵן", "Ана Марија"),
    *(
        "O'Neill Siobhán",
        "van den Berg Anna",
        "Kate Late",
        "Ada Lovelace",
        "Grace Hopper",
        "Alan Turing",
        "Mary Jackson",
    ),
    *(
        "Annie Easley",
        "Radia Perlman",
        "Barbara Liskov",
        "Tim Left",
        "Tom Right",
        "Karen Jones",
        "Evelyn Granville",
    ),
    *(
        "Hedy Lamarr",
        "Emmy Noether",
        "Sofja Kowalewskaja",
        "Lise Meitner",
        "Chien Wu",
        "Maria Mayer",
        "Ida Rhodes",
    ),
    *(
        "Joan Clarke",
        "Betty Holberton",
        "Kay McNulty",
        "Ruth Teitelbaum",
        "Fran Bilas",
        "Marlyn Wescoff",
        "Jean Bartik",
    ),
    *("Adele Goldberg", "Lynn Conway", "Anita Borg", "Shafi Goldwasser", "Jane Doe", "Bob Roe", "Max Muster"),
)


@dataclass
class Known:
    """One person, and what is true of them."""

    name: str
    sis_id: str
    number: str = ""
    """as the platform knows them; nothing where it says none"""
    days: int = 0
    answers: bool = True
    """whether there is anything of theirs to grade"""
    absent: bool = False
    said: str = ""
    """words that have to stand in their report, or in what is said about the class"""
    kind: str = ""


@dataclass
class Export:
    """One folder as a platform hands it over, and who is in it."""

    platform: str
    folder: Path
    people: list[Known] = field(default_factory=list)
    roster: list[list[str]] = field(default_factory=lambda: [["student", "name", "email", "sis_id", "login"]])
    times: list[list[str]] = field(default_factory=lambda: [["student", "submitted"]])
    extensions: dict[str, float] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    """words that have to be said about the class"""

    @property
    def place(self) -> Path:
        return self.folder / "submissions"


Say = Callable[[Known, str], bytes]


class Maker:
    """Writes the six exports below a folder."""

    def __init__(self, folder: Path, stub: str, seed: int) -> None:
        self.folder, self.stub = folder, stub
        self.rng = random.Random(seed)
        names = list(NAMES)
        self.rng.shuffle(names)
        self.names = iter(names)
        self.count = 1000 * (1 + seed % 7)

    def build(self) -> list[Export]:
        makers = (self.canvas, self.moodle, self.brightspace, self.blackboard, self.gradescope, self.plain)
        return [make() for make in makers]

    def person(self, export: Export, kind: str, **truth: object) -> Known:
        self.count += self.rng.randrange(1, 9)
        name = str(truth.pop("name", "")) or next(self.names)
        known = Known(name, f"S{self.count}", kind=kind, **truth)  # type: ignore[arg-type]
        export.people.append(known)
        return known

    def answer(self, person: Known, right: bool = True) -> str:
        """The stub with a mark in it that says whose it is, and whether it is what has to be graded."""
        return f"{self.stub}\n# {'RIGHT' if right else 'WRONG'} {person.sis_id}\n"

    def packed(self, person: Known, right: bool = True, path: str = HOME) -> bytes:
        """A zip as Linux, Windows or a Mac makes it."""
        text = self.answer(person, right).encode()
        match self.rng.randrange(3):
            case 0:
                return zipped({path: text})
            case 1:
                return zipped(
                    {path.replace("/", "\\"): text.replace(b"\n", b"\r\n"), "Thumbs.db": b"\xd0\xcf"}
                )
            case _:
                below = unicodedata.normalize("NFD", f"Übung von {person.sis_id}")
                extra = {f"__MACOSX/{below}/{path}": b"\0\5\26\7", f"{below}/.DS_Store": b"\0"}
                return zipped({f"{below}/{path}": text, **extra})

    def spelt(self, name: str) -> str:
        """The name composed or decomposed, as the dice say: both are what systems write."""
        return unicodedata.normalize(self.rng.choice(("NFC", "NFD")), name)

    def export(self, platform: str) -> Export:
        export = Export(platform, self.folder / platform.lower())
        export.place.mkdir(parents=True)
        junk = {
            "Thumbs.db",
            "desktop.ini",
            "index.html",
            "grades.xlsx",
            "hw.zip:Zone.Identifier",
            "Icon\r",
            "x.crdownload",
        }
        for name in self.rng.sample(sorted(junk), 3):
            write(export.place / name, b"junk")
        export.said.append("left out, as no submission is a file of that kind")
        export.extensions["Nobody Atall"] = 3
        export.said.append('nobody of this class is "Nobody Atall"')
        return export

    def absent(self, export: Export, student: str = "", login: str = "") -> None:
        person = self.person(export, "handed in nothing", absent=True)
        export.roster.append([student or person.name, person.name, "", person.sis_id, login])

    def canvas(self) -> Export:
        export = self.export("Canvas")
        attachment = iter(range(99_000 + self.rng.randrange(500), 10**6, 7))

        def put(person: Known, file: str, data: bytes, late: bool = False, called: str = "") -> None:
            name = called or "".join(
                letter
                for letter in person.name.lower()
                if letter.isalnum() or unicodedata.category(letter)[0] == "M"
            )
            mark = "LATE_" if late else ""
            write(export.place / f"{self.spelt(name)}_{mark}{person.number}_{next(attachment)}_{file}", data)

        def one(kind: str, **truth: object) -> Known:
            person = self.person(export, kind, number=str(4000 + len(export.people)), **truth)
            export.roster.append([person.number, person.name, "", person.sis_id, ""])
            return person

        both = one("a zip and a report", said="handed in beside, without exercises")
        put(both, "submission.zip", self.packed(both))
        put(both, "report.pdf", b"%PDF")
        late = one("late", days=1)
        put(late, "submission (1).zip", self.packed(late), late=True)
        again = one("a number in the own name", said="came later")
        put(again, "hw-3.zip", self.packed(again, False))
        put(again, "hw-3-1.zip", self.packed(again))
        loose = one("single files, one again", said="in no day folder")
        put(loose, "com.py", self.answer(loose, False).encode())
        put(loose, "com-1.py", self.answer(loose).encode())
        spoof = one("another platform's name", days=1)
        put(spoof, "Bob Smith_777777_assignsubmission_file_.zip", self.packed(spoof), late=True)
        typed = one("a text beside", days=0)
        put(typed, "work.tar.gz", tarred({HOME: self.answer(typed).encode()}))
        write(export.place / f"typed_{typed.number}_text.html", b"<p>see the zip</p>")
        extended = one("late with an extension", said="has an extension")
        put(extended, "submission.zip", self.packed(extended), late=True)
        export.extensions[self.spelt(extended.name)] = 3
        for twin in (
            one("of one name", name="Jan Kowalski"),
            one("of one name", name="Jan Kowalski", days=1),
        ):
            put(twin, "submission.zip", self.packed(twin), late=twin.days > 0, called="kowalskijan")
        self.absent(export, student="4999")
        return export

    def moodle(self) -> Export:
        export = self.export("Moodle")

        def one(kind: str, **truth: object) -> Known:
            person = self.person(export, kind, number=str(120_000 + len(export.people)), **truth)
            export.roster.append(
                [person.number, self.spelt(person.name), f"{person.sis_id}@x.edu", person.sis_id, ""]
            )
            export.times.append([person.number, self.time(person).isoformat()])
            return person

        def put(person: Known, tail: str, data: bytes) -> None:
            name = self.spelt(person.name.replace("_", " "))
            write(export.place / f"{name}_{person.number}_assignsubmission_{tail}", data)

        text = one("online text beside")
        put(text, "file_/submission.zip", self.packed(text))
        put(text, "onlinetext_/onlinetext.html", b"<p>done</p>")
        report = one("a zip and a report, flat", said="handed in beside, without exercises")
        put(report, "file_a.zip", self.packed(report))
        put(report, "file_b.pdf", b"%PDF")
        inside = one("a report in the folder")
        put(inside, "file_/a.zip", self.packed(inside))
        put(inside, "file_/b.pdf", b"%PDF")
        spoof = one("a spoofed name of a file", days=2)
        put(spoof, "file_Bob Smith_777777_assignsubmission_file_.zip", self.packed(spoof))
        other = one("a spoofed Canvas name", days=1)
        put(other, "file_eve_5_6_x.zip", self.packed(other))
        extended = one("late with an extension", said="(extended)")
        export.times[-1][1] = self.time(extended, days=2).isoformat()
        export.extensions[self.spelt(extended.name)] = 3
        put(extended, "file_/x.zip", self.packed(extended))
        for twin in (
            one("of one name", name="Jan Kowalski"),
            one("of one name", name="Jan Kowalski", days=3),
        ):
            put(twin, "file_/submission.zip", self.packed(twin))
        only = one("only text", answers=False, said="only text was typed in")
        put(only, "onlinetext_/onlinetext.html", b"<p>my answers</p>")
        self.absent(export, student="129999")
        export.times.append(["Nobody Either", DUE.isoformat()])
        export.said.append('nobody of this class is "Nobody Either"')
        return export

    def time(self, person: Known, days: int | None = None) -> datetime.datetime:
        """A time that is so late, in any zone."""
        late = person.days if days is None else days
        time = DUE + datetime.timedelta(days=late) - datetime.timedelta(hours=self.rng.randrange(1, 20))
        return time.astimezone(datetime.timezone(datetime.timedelta(hours=self.rng.randrange(-8, 9))))

    def brightspace(self) -> Export:
        export = self.export("Brightspace")
        export.said.append("times without a zone are read in the deadline's, UTC+02:00")

        def one(kind: str, **truth: object) -> Known:
            person = self.person(export, kind, number=str(397_000 + len(export.people)), **truth)
            export.roster.append([person.name, "", "", person.sis_id, ""])
            return person

        def put(person: Known, when: str, file: str, data: bytes) -> None:
            write(export.place / f"{person.number}-25573 - {self.spelt(person.name)} - {when}" / file, data)

        early, minute, midnight = "Sep 24, 2026 926 PM", "Oct 1, 2026 1159 PM", "Oct 2, 2026 1200 AM"
        plain = one("in time to the minute")
        put(plain, minute, "submission.zip", self.packed(plain))
        late = one("late by a minute", days=1)
        put(late, midnight, "submission.zip", self.packed(late))
        twice = one("handed in twice", days=1, said="handed in 2 times")
        put(twice, early, "a.zip", self.packed(twice, False))
        put(twice, midnight, "b.zip", self.packed(twice))
        pdf = one("a report later", said="what came later holds no exercises")
        put(pdf, early, "a.zip", self.packed(pdf))
        put(pdf, midnight, "b.pdf", b"%PDF")
        hyphen = one("a name like a date", name="Mary-Ann - Smith")
        put(hyphen, early, "a.zip", self.packed(hyphen))
        copies = one("a copy in the folder", said="the latter counts")
        put(copies, early, "hw.zip", zipped({HOME: self.answer(copies, False).encode()}))
        put(copies, early, "hw (1).zip", zipped({HOME: self.answer(copies).encode()}))
        spoof = one("a spoofed name of a file", days=3)
        put(spoof, "Oct 4, 2026 100 PM", "9-9 - Eve - Sep 1, 2026 100 AM - x.zip", self.packed(spoof))
        case = one("a copy of the day folder", said="not graded, as no exercise is called so")
        copy = {"Day3_Humanoid_Balance (1)/com.py": b"# WRONG", "day3_humanoid_balance/com - Copy.py": b"old"}
        put(case, early, "a.zip", zipped({HOME: self.answer(case).encode(), **copy}))
        other = one("a day folder called otherwise", said="in no day folder, taken for files of")
        put(other, early, "a.zip", zipped({"Day3_Humanoid_Balance (1)/com.py": self.answer(other).encode()}))
        nested = one("zipped twice")
        put(nested, early, "all.zip", zipped({"inner.zip": self.packed(nested)}))
        self.absent(export)
        return export

    def blackboard(self) -> Export:
        export = self.export("Blackboard")
        export.said.append("times without a zone are read in the deadline's, UTC+02:00")

        def one(kind: str, login: str, **truth: object) -> Known:
            person = self.person(export, kind, number=login, **truth)
            export.roster.append([login, self.spelt(person.name), "", person.sis_id, login])
            return person

        def put(person: Known, when: str, file: str, data: bytes) -> None:
            stem = f"HW_3 balance_{person.number}_attempt_{when}"
            write(export.place / f"{stem}_{file}", data)
            told = f"Name: {person.name} ({person.number})\nAssignment: HW_3 balance\nName: Eve (eve)\n"
            write(export.place / f"{stem}.txt", told.encode())

        early, minute, after = "2026-09-24-21-26-00", "2026-10-01-23-59-00", "2026-10-01-23-59-01"
        for kind, login, when, days in (
            ("in time to the second", "s_low", minute, 0),
            ("late by a second", "s_roe", after, 1),
            ("a dot in the login", "j.doe", early, 0),
            ("late by days", "s_late", "2026-10-04-12-00-00", 3),
        ):
            person = one(kind, login, days=days)
            put(person, when, "submission.zip", self.packed(person))
        twice = one("two attempts", "s_two", days=1, said="handed in 2 times")
        put(twice, early, "a.zip", self.packed(twice, False))
        put(twice, after, "a.zip", self.packed(twice))
        pdf = one("a report as the last attempt", "s_pdf", said="what came later holds no exercises")
        put(pdf, early, "a.zip", self.packed(pdf))
        put(pdf, after, "b.pdf", b"%PDF")
        spoof = one("a spoofed name of a file", "s_spoof", days=2)
        put(
            spoof,
            "2026-10-03-10-00-00",
            "HW_3 balance_bob_attempt_2026-09-01-00-00-00_x.zip",
            self.packed(spoof),
        )
        tar = one("a tar", "s_tar")
        put(tar, early, "work.tar.gz", tarred({f"./{HOME}": self.answer(tar).encode()}))
        part = one("a single file", "s_one", said="in no day folder")
        put(part, early, "com.py", self.answer(part).encode())
        self.absent(export, student="s_none", login="s_none")
        return export

    def gradescope(self) -> Export:
        export = self.export("Gradescope")
        tables = ["---"]

        def one(kind: str, **truth: object) -> Known:
            person = self.person(export, kind, number=f"0{70_000 + len(export.people)}", **truth)
            person.sis_id = person.number
            export.roster.append([self.spelt(person.name), "", f"{person.number}@x.edu", person.sis_id, ""])
            return person

        def put(
            when: datetime.datetime, files: Mapping[str, bytes], *people: Known, sid: bool = True
        ) -> None:
            folder = f"submission_{300_000 + len(tables)}"
            tables.append(f"{folder}:\n  :submitters:")
            for person in people:
                tables.append(f"  - :name: {person.name!r}\n    :email: {person.number}@x.edu")
                tables.append(f"    :sid: '{person.number if sid else ''}'")
            tables.append(f"  :created_at: {when.astimezone(datetime.UTC):%Y-%m-%d %H:%M:%S.%f} Z")
            for name, data in files.items():
                write(export.place / folder / name, data)

        hour = datetime.timedelta(hours=1)
        for kind, when, days in (
            ("in time to the second", DUE, 0),
            ("late by a second", DUE + hour / 3600, 1),
        ):
            person = one(kind, days=days)
            put(when, {"com.py": self.answer(person).encode()}, person)
            person.said = "in no day folder"
        night = one("late where it is due, in time in UTC", days=1)
        put(DUE + hour, {HOME: self.answer(night).encode()}, night)
        zipped_up = one("a zip in the folder")
        put(DUE - hour, {"work.zip": self.packed(zipped_up)}, zipped_up)
        pair = one("a group", days=2), one("a group", days=2)
        ours = "".join(self.answer(person) for person in pair).encode()
        put(DUE + 30 * hour, {HOME: ours}, *pair)
        mail = one("no student number")
        put(DUE - hour, {HOME: self.answer(mail).encode()}, mail, sid=False)
        for twin in (
            one("of one name", name="Jan Kowalski"),
            one("of one name", name="Jan Kowalski", days=1),
        ):
            put(DUE + (hour if twin.days else -hour), {HOME: self.answer(twin).encode()}, twin)
        self.absent(export)
        write(export.place / "submission_metadata.yml", "\n".join(tables).encode())
        return export

    def plain(self) -> Export:
        export = self.export("Plain")
        export.said.append("file names: no time of")

        def one(kind: str, name: str = "", **truth: object) -> Known:
            person = self.person(export, kind, name=name, **truth)
            export.roster.append([self.spelt(person.name), "", "", person.sis_id, ""])
            return person

        for name in ("सोना देवी", "सीना देवी"):
            person = one("vowel signs", name)
            write(export.place / f"{self.spelt(name)}.zip", self.packed(person))
        copy = one("a browser's copy", "Jane Plain", said="handed in 2 times")
        write(export.place / "Jane Plain.zip", self.packed(copy, False))
        write(export.place / "Jane Plain (1).zip", self.packed(copy))
        late = one("late in brackets", days=1)
        write(export.place / f"{self.spelt(late.name)} (late).zip", self.packed(late))
        surname = one("a surname", "Rob Late", said='"Late" is read as a part of the name')
        write(export.place / "Rob Late.zip", self.packed(surname))
        damaged = one("damaged LZMA", answers=False, said="damaged")
        data = bytearray(zipped({HOME: self.answer(damaged).encode() * 5}, zipfile.ZIP_LZMA))
        data[80:85] = bytes(5)
        write(export.place / f"{self.spelt(damaged.name)}.zip", bytes(data))
        folder = one("a folder with bytes for a name")
        place = export.place / self.spelt(folder.name)
        write(place / HOME, self.answer(folder).encode())
        write(place / "day3_humanoid_balance" / b"hilfe_\xfc.py".decode(errors="surrogateescape"), b"")
        extended = one("late with an extension", said="has an extension")
        write(export.place / f"{self.spelt(extended.name)}_LATE_.zip", self.packed(extended))
        export.extensions[self.spelt(extended.name)] = 2
        cells = one("answers in a notebook", answers=False, said="answered in a notebook")
        cell = b'{"cells": [{"cell_type": "code", "source": "def center_of_mass(a, b):\\n    return 0"}]}'
        write(export.place / f"{self.spelt(cells.name)}.ipynb", cell)
        self.absent(export)
        return export


def write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def zipped(members: Mapping[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", kind) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 10, 1, 12, 0, 0)), data, kind)
    return stream.getvalue()


def tarred(members: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return stream.getvalue()
