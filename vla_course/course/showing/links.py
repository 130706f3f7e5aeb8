"""Links from a card to a file of the course: JupyterLab opens it beside the notebook."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path
from urllib.parse import quote

from vla_course.course.root import CourseRoot


def file_link(path: str) -> str:
    """The HTML of a file's path, counted from the root of the course: a link where a notebook can open it.

    JupyterLab follows links that are relative to the notebook, in whose folder its kernel runs, and shows no file
    outside the folder that it serves.
    """
    folder, here = CourseRoot.current().folder, Path.cwd()
    target = folder / path
    if not path or not target.is_file() or not target.is_relative_to(folder) or not here.is_relative_to(folder):
        return f"<code>{escape(path)}</code>"
    address = quote(Path(os.path.relpath(target, here)).as_posix())
    return f'<a href="{address}" title="open this file">{escape(path)}</a>'


def linked(html: str, path: str) -> str:
    """The same HTML with that path in it as a link, where it occurs."""
    return html.replace(escape(path), file_link(path), 1) if path else html
