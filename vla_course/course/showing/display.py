"""Showing a verdict: a card, with a button for the next hint where the notebook has widgets."""

from __future__ import annotations

from vla_course.course.helping.hints import hint
from vla_course.course.showing.card import prose, verdict_card
from vla_course.course.shown import present
from vla_course.course.verdict import Verdict


@present.register
def show_verdict(verdict: Verdict) -> None:
    """Called by IPython in place of a representation: HTML in a notebook, rich text in a terminal."""
    from IPython import get_ipython
    from IPython.display import HTML, display

    if not hasattr(get_ipython(), "kernel"):
        from vla_course.course.showing.console import print_verdict

        print_verdict(verdict)
        return
    button = _hint_button(verdict)
    display(HTML(verdict_card(verdict, fold_hint=button is None)))
    if button is not None:
        display(button)


def _hint_button(verdict: Verdict) -> object | None:
    """A button that shows one hint more at each press; none without ipywidgets or with nothing to hint at."""
    if verdict.correct:
        return None
    try:
        import ipywidgets
    except ImportError:
        return None

    button = ipywidgets.Button(description="Next hint", icon="lightbulb-o")
    shown = ipywidgets.HTML()

    def press(_: object) -> None:
        found = hint(verdict.id)
        text = f"<b>Hint {found.number} of {found.of}.</b> {prose(found.text)}"
        text += f" {prose(found.remark)}" if found.remark else ""
        shown.value += f'<p style="max-width: 46rem; line-height: 1.5">{text}</p>'
        if found.number == found.of:
            button.disabled = True
            button.description = "No more hints"

    button.on_click(press)
    return ipywidgets.VBox([button, shown])
