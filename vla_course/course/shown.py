"""How the course's records look is not for them to know: they ask here, and rooms above them register the answers.

    @as_html.register
    def verdict_card(verdict: Verdict) -> str: ...

`vla_course.course` loads what registers together with the first of its verbs, so that a record that a student can
hold has its look.
"""

from functools import singledispatch


@singledispatch
def as_html(record: object) -> str | None:
    """Return a record as HTML; None where nobody has registered a look, and its text is shown."""
    return None


@singledispatch
def present(record: object) -> None:
    """Show a record at once, where IPython asks for that in place of a representation."""
    print(record)


@singledispatch
def in_words(record: object) -> str | None:
    """Return what there is to say of a record in one line; None where nobody has registered what."""
    return None
