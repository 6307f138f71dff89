"""A real JupyterLab and a real browser, for tests, stills and the latency benchmark.

Nothing here touches the repository: notebooks are copied into a scratch folder first, because JupyterLab saves by
itself. CHROMIUM names the browser; without it chromium is looked for on the path.
"""

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {
        "windowingMode": "none",  # else only the cells in view exist
        "autoStartDefaultKernel": True,  # else a cell that is run too early asks for a kernel
    },
    "docmanager-extension/plugin": {"autosave": False},
}


def missing() -> str:
    """Why there can be no browser test here; empty if there can."""
    if chromium() is None:
        return "chromium was not found; install it or set CHROMIUM to its path"
    for module in ("playwright", "jupyterlab"):
        try:
            __import__(module)
        except ImportError:
            return f"{module} is not installed; it comes with the extra dev"
    return ""


def chromium() -> str | None:
    """The browser: $CHROMIUM, or the first of the usual names on the path."""
    told = os.environ.get("CHROMIUM")
    if told:
        return told if Path(told).exists() else None
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for found in map(shutil.which, names) if found), None)


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: where it listens, its token and its root folder."""

    port: int
    token: str
    root: Path

    def url(self, notebook: str) -> str:
        """The page of one notebook, in a workspace of its own."""
        workspace = f"{Path(notebook).stem}-{secrets.token_hex(4)}"
        return f"http://127.0.0.1:{self.port}/lab/workspaces/{workspace}/tree/{notebook}?token={self.token}"

    def ask(self, path: str, method: str = "GET") -> bytes:
        """The answer of the server's own interface."""
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}/api{path}", method=method)
        asked.add_header("Authorization", f"token {self.token}")
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return answer.read()

    def end_kernels(self) -> None:
        """End all sessions: one notebook at a time is enough for two cores."""
        for session in json.loads(self.ask("/sessions")):
            self.ask(f"/sessions/{session['id']}", "DELETE")


@contextlib.contextmanager
def jupyterlab(root: Path, seconds: float = 60) -> Iterator[Lab]:
    """JupyterLab on `root/notebooks`, with settings and state of its own below `root`."""
    lab = Lab(_free_port(), secrets.token_hex(16), root / "notebooks")
    lab.root.mkdir(parents=True, exist_ok=True)
    for name, value in SETTINGS.items():
        path = root / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value), encoding="utf-8")
    folders = {"SETTINGS": "settings", "WORKSPACES": "workspaces"}
    state = {f"JUPYTERLAB_{name}_DIR": str(root / folder) for name, folder in folders.items()}
    state |= {"JUPYTER_CONFIG_DIR": str(root / "config"), "JUPYTER_RUNTIME_DIR": str(root / "runtime")}
    state |= {"IPYTHONDIR": str(root / "ipython"), "JUPYTER_TOKEN": lab.token}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={lab.port}"]
    command += ["--ServerApp.port_retries=0", "--allow-root", f"--ServerApp.root_dir={lab.root}"]
    with (root / "server.log").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(command, env=os.environ | state, cwd=lab.root, stdout=log, stderr=log)
    try:
        _wait_for(lab, server, seconds)
        yield lab
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(lab: Lab, server: subprocess.Popen, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(OSError):
            lab.ask("/status")
            return
        time.sleep(0.25)
    raise RuntimeError((lab.root.parent / "server.log").read_text(encoding="utf-8")[-2000:])


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@contextlib.contextmanager
def browser():
    """One chromium, driven by playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield started
        started.close()


@contextlib.contextmanager
def opened(started, lab: Lab, notebook: str, scale: float = 1.0):
    """The page of one notebook, kernel ready, file browser folded away; its kernel ends with it."""
    page = started.new_page(viewport={"width": 1120, "height": 1400}, device_scale_factor=scale)
    try:
        page.goto(lab.url(notebook))
        page.get_by_text("| Idle").first.wait_for(timeout=90_000)
        if page.locator(".jp-SideBar .lm-mod-current[data-id='filebrowser']").count():
            page.keyboard.press("Control+b")  # it takes a third of the width
        yield page
    finally:
        page.close()
        lab.end_kernels()


def idle(page, seconds: float = 180) -> None:
    """Wait until the kernel has nothing to do."""
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']", timeout=1000 * seconds)


def run_all(page, seconds: float = 180) -> None:
    """Run > Run All Cells, and wait until the last one is done."""
    for _ in range(4):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        with contextlib.suppress(Exception):  # a kernel that is not connected yet lets the click pass by
            page.wait_for_function(_PROMPTS.format(test=r"some((text) => /\[[*\d]/.test(text))"), timeout=5000)
            break
    # The indicator says idle before the first cell, too: it is the prompts that tell.
    page.wait_for_function(_PROMPTS.format(test=r"every((text) => /\[\d/.test(text))"), timeout=1000 * seconds)
    idle(page, seconds)
    page.wait_for_timeout(500)  # widgets come to life after their cell is done


_PROMPTS = """() => [...document.querySelectorAll(".jp-CodeCell")]
    .filter((cell) => cell.querySelector(".cm-content")?.textContent.trim())
    .map((cell) => cell.querySelector(".jp-InputPrompt").textContent).{test}"""


def cell(page, index: int):
    """The cell at `index` of the notebook's cells, scrolled into view."""
    found = page.locator(".jp-Notebook-cell").nth(index)
    found.scroll_into_view_if_needed()
    return found


def cells_with_widgets(page) -> list[int]:
    """The indices of the cells that show one of our widgets."""
    cells = page.locator(".jp-Notebook-cell")
    return [i for i in range(cells.count()) if cells.nth(i).locator(".jp-OutputArea .ray").count()]


def errors(page) -> list[str]:
    """What stands in red on the page: tracebacks, stderr, widgets that could not be loaded."""
    red = "[data-mime-type='application/vnd.jupyter.error'], [data-mime-type='application/vnd.jupyter.stderr']"
    lost = ".jupyter-widgets-error-widget, .jp-OutputArea-output :text('Error displaying widget')"
    return page.locator(f"{red}, {lost}").all_inner_texts()
