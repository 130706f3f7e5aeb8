"""JupyterLab in a headless Chromium: opens a notebook, runs it, tells and pictures what came of it."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "build" / "screenshots"

CHROMIUM = next(
    filter(
        None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))
    ),
    None,
)
CHROMIUM_FLAGS = [
    # WebGL, which k3d draws with, in software.
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    # Nothing of its own on the network.
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    # Chromium refuses its sandbox to root, whom containers run as.
    *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
]


@dataclass(frozen=True)
class CellResult:
    """What came of one code cell: the first error in it, if any, and the kinds of its outputs."""

    source: str
    error: str | None
    mime_types: frozenset[str]
    text: str


@dataclass(frozen=True)
class Server:
    """A JupyterLab that answers on the loopback address, as `make course` starts it."""

    port: int
    token: str

    def address(self, notebook: str) -> str:
        # A workspace of its own for each notebook: nothing that another test left open is restored.
        workspace = Path(notebook).stem
        return f"http://127.0.0.1:{self.port}/lab/workspaces/{workspace}/tree/{notebook}?reset&token={self.token}"


@contextmanager
def serve(course: Path, home: Path, exercises: str | None) -> Iterator[Server]:
    """Serve `course` until the block ends, with `home` in place of the user's Jupyter folders.

    `exercises` is the value of VLA_COURSE_EXERCISES that the kernels get.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server(port=port, token=secrets.token_hex(16))
    environment = os.environ | {
        "VLA_COURSE_ROOT": str(course),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    environment.pop("VLA_COURSE_EXERCISES", None)
    if exercises is not None:
        environment["VLA_COURSE_EXERCISES"] = exercises
    home.mkdir(parents=True, exist_ok=True)
    log = home / "server.log"
    command = [
        *(sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--ip=127.0.0.1"),
        *(f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={server.token}"),
        *(f"--ServerApp.root_dir={course}", "--LabApp.expose_app_in_browser=True"),
    ]
    with log.open("w") as stream:
        process = subprocess.Popen(
            command, cwd=course, env=environment, stdout=stream, stderr=stream, start_new_session=True
        )
    try:
        _wait_for(server, process, log)
        yield server
    finally:
        # Kernels are in the server's session; it stops them itself when asked kindly.
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(server: Server, process: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}/api/status", headers={"Authorization": f"token {server.token}"}
    )
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(request, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")


# JupyterLab's own objects, so that nothing hangs on how a page looks.
_PANEL = """const panel = [...window.jupyterapp.shell.widgets('main')].find(w => w.context?.path === path);"""
_READY = f"""path => {{
  if (!window.jupyterapp) return false;
  {_PANEL}
  return !!panel && panel.context.isReady && panel.sessionContext.session?.kernel?.status === 'idle';
}}"""
_RUN = f"""async path => {{
  {_PANEL}
  window.jupyterapp.shell.activateById(panel.id);
  await window.jupyterapp.commands.execute('notebook:run-all-cells');
}}"""
_CELLS = f"""path => {{
  {_PANEL}
  return panel.content.model.toJSON().cells.filter(cell => cell.cell_type === 'code').map(cell => ({{
    source: [cell.source].flat().join(''),
    outputs: cell.outputs,
  }}));
}}"""


class Lab:
    """One notebook open in JupyterLab."""

    def __init__(self, page: Page, server: Server, notebook: str) -> None:
        self.page = page
        self.notebook = notebook
        self.console_errors: list[str] = []
        page.on(
            "console", lambda said: self.console_errors.append(said.text) if said.type == "error" else None
        )
        page.on("pageerror", lambda fault: self.console_errors.append(str(fault)))
        page.goto(server.address(notebook))
        page.wait_for_function(_READY, arg=notebook, timeout=60_000)

    def dialogs(self) -> list[str]:
        """The text of every dialog and notification that stands between the student and the page."""
        return self.page.locator(".jp-Dialog, .jp-toast-message, .Toastify__toast").all_inner_texts()

    def broken_views(self) -> list[str]:
        """What JupyterLab shows in place of a widget or a 3-D view that it could not draw."""
        said = self.page.locator(".jp-OutputArea-output").filter(
            has_text=re.compile("Error (displaying|creating) widget|Loading widget|widget.* not found", re.I)
        )
        return said.all_inner_texts()

    def run_all(self, seconds: float = 600) -> list[CellResult]:
        """Run all cells; returns when the kernel is at rest, each cell run or skipped after an error."""
        self.page.set_default_timeout(1000 * seconds)
        self.page.evaluate(_RUN, self.notebook)
        self.page.wait_for_function(_READY, arg=self.notebook, timeout=1000 * seconds)
        self.page.wait_for_timeout(1500)  # widgets and 3-D views draw after their cell has ended
        return [_result(cell) for cell in self.page.evaluate(_CELLS, self.notebook)]

    def picture(self, name: str, selector: str | None = None, index: int = 0) -> Path:
        """A screenshot of the window, or of one element scrolled into view, in build/screenshots/."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"{name}.png"
        if selector is None:
            self.page.screenshot(path=path)
        else:
            element = self.page.locator(selector).nth(index)
            element.scroll_into_view_if_needed()
            self.page.wait_for_timeout(500)
            element.screenshot(path=path)
        return path

    def pictures(self, name: str, limit: int = 30) -> list[Path]:
        """The notebook from top to bottom, one screenful after the other."""
        scroller = self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer").first
        height, visible = scroller.evaluate("pane => [pane.scrollHeight, pane.clientHeight]")
        tops = range(0, max(height - visible, 0) + int(0.9 * visible), int(0.9 * visible))
        taken = []
        for number, top in enumerate(tops[:limit]):
            scroller.evaluate("(pane, top) => { pane.scrollTop = top; }", top)
            self.page.wait_for_timeout(400)
            taken.append(self.picture(f"{name}-{number:02d}"))
        return taken


def _result(cell: dict[str, Any]) -> CellResult:
    errors = [output for output in cell["outputs"] if output["output_type"] == "error"]
    kinds = {kind for output in cell["outputs"] for kind in output.get("data", {})}
    text = "\n".join(_text(output) for output in cell["outputs"])
    error = f"{errors[0]['ename']}: {errors[0]['evalue']}" if errors else None
    return CellResult(source=cell["source"], error=error, mime_types=frozenset(kinds), text=text)


def _text(output: dict[str, Any]) -> str:
    parts = [output.get("text", "")]
    for kind in ("text/plain", "text/html"):
        parts.append(output.get("data", {}).get(kind, ""))
    return "\n".join("".join(part) for part in parts if part)


@contextmanager
def browse(server: Server, notebook: str, *, height: int = 1000) -> Iterator[Lab]:
    """Open a notebook (its path from the root of the course) in a new browser window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        try:
            page = browser.new_page(viewport={"width": 1400, "height": height})
            yield Lab(page, server, notebook)
        finally:
            browser.close()
