"""Set up the course and start it. Python 3.11 or newer is all that must be there already.

    python course.py lab     open JupyterLab with the first page in front of you
    python course.py test    run every test and every notebook
    python course.py dev     for contributors: style, types, browser tests

Two switches, anywhere on the line:
    --cpu-torch    take PyTorch without CUDA, from PyTorch's own index (on Linux that saves several GB)
    --newest       leave constraints.txt aside and take the newest versions

Whatever else you write goes on to JupyterLab or pytest, as in `python course.py test tests/test_course.py -x`.

The first run makes the folder .venv beside this file and installs into it; nothing else on the machine is
changed. Later runs start at once. To begin again from nothing, delete .venv.
"""

# An old Python can only print our message if it can read this file, so nothing here is newer than
# Python 3.6, and modules that 3.6 lacks are imported where they are used.

import errno
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
OLDEST, NEWEST_TRIED = (3, 11), (3, 13)
EXTRAS = ("lab", "test", "dev")  # each holds the one before it
FIRST_PAGE = "chapters/00_start_here.ipynb"
NOTEBOOKS = ("chapters", "exercises", "solutions")
# Tests share the cores out; each process holds the packages once more, so there are not many. `-n0` is one by one.
WORKERS = ("-n", "logical", "--maxprocesses=4")
CPU_TORCH = "https://download.pytorch.org/whl/cpu"
NEEDED_GB = 2.5  # .venv with the CPU build of torch, and room for the downloads while they are unpacked
CUDA_GB = 8  # the same with the CUDA build, which is what Linux gets unless told otherwise

# Of pip's many lines the ones that show that something is happening; if it fails, `explain` shows the last ones.
WORTH_SEEING = re.compile(r"\s*(Downloading|Processing|Installing)")

DISK_FULL = "The disk is full.\nThe course needs about {:g} GB in {}. Make room, then run the same command again."
CAUSES = (
    (r"No space left|Errno 28\b|not enough space on the disk|WinError 112|quota exceeded", DISK_FULL),
    (
        r"ensurepip is not|No module named '?(venv|ensurepip)",
        "This Python came without its module venv.\nOn Debian and Ubuntu: sudo apt install python3-venv. "
        "Elsewhere, take Python from https://www.python.org/downloads/. Then run the same command again.",
    ),
    (
        r"NewConnectionError|NameResolutionError|name resolution|getaddrinfo failed|Network is unreachable"
        r"|Connection (refused|reset|timed out)|ConnectTimeout|Read timed out|ProxyError|SSLError",
        "The packages could not be fetched: no connection to the package index.\nThe first run needs the network, "
        "later ones do not. Behind a proxy, set HTTPS_PROXY first. Then run the same command again.",
    ),
    (
        r"No matching distribution found for torch",
        "There is no PyTorch for this machine in the version that the course was tested with.\nSee 'Where it "
        "runs' in README.md: Linux, Windows, macOS 14 or newer on Apple silicon, with Python 3.11 to 3.13.",
    ),
)


class Trouble(Exception):
    """What went wrong and what to do now, in words for the person who typed the command."""


def main(words, show=None, start=None):
    """Do the job that the command line names; returns the exit status."""
    try:
        check_python(sys.version_info, words)
        job, switches, rest = understand(words)
        if job is None:
            print(__doc__.strip())
            return 0
        set_up(job, switches, show or stream)
        return run_all(commands(job, rest), start or hand_over)
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped. The next run sees what is unfinished and mends it.", file=sys.stderr)
        return 130
    except OSError as error:
        if error.errno not in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
            raise
        print("\n" + DISK_FULL.format(NEEDED_GB, ROOT), file=sys.stderr)
    return 1


def check_python(version, words):
    """Raise Trouble under a Python that is too old, with the name of a newer one if this machine has it."""
    if tuple(version[:2]) >= OLDEST:
        return
    again = " ".join(["course.py", *words])
    newer = [name for name in ("python3.13", "python3.12", "python3.11") if shutil.which(name)]
    if newer:
        remedy = f"This machine seems to have a newer one. Try:\n    {newer[0]} {again}"
    elif os.name == "nt":
        remedy = f"Get one from https://www.python.org/downloads/, then:\n    py -3.13 {again}"
    else:
        remedy = f"Get one from https://www.python.org/downloads/, then:\n    python3.13 {again}"
    found = ".".join(str(part) for part in version[:3])
    raise Trouble(f"The course needs Python 3.11 or newer; this is Python {found} ({sys.executable}).\n{remedy}")


def understand(words):
    """(job, switches, what goes on to the job); job is None where the help is asked for."""
    switches = {word for word in words if word in ("--cpu-torch", "--newest")}
    rest = [word for word in words if word not in switches]
    if not rest or rest[0] in ("-h", "--help", "help"):
        return None, switches, []
    if rest[0] not in EXTRAS:
        raise Trouble(
            f"Expected one of the jobs {', '.join(EXTRAS)}, found {rest[0]!r}.\n"
            "`python course.py --help` says what each of them does."
        )
    return rest[0], switches, rest[1:]


# ---------------------------------------------------------------------------------------------- installing


def set_up(job, switches, show):
    """Bring .venv to where the job can run. Does nothing, quickly, if it is there already."""
    wanted, stamp = fingerprint("--newest" in switches), read_stamp()
    extra = max(job, stamp.get("extra", job), key=EXTRAS.index)
    if stamp == {"fingerprint": wanted, "extra": extra} and python().exists():
        return
    check_room(switches)
    make_venv(stamp, show)
    announce(extra, switches)
    # Until pip is done the stamp says so: a run that is cut off here leaves packages in an unknown state.
    write_stamp({"unfinished": True, "extra": extra})
    status, said = show(pip_command(extra, switches))
    if status:
        if "Installing collected packages" not in said:
            write_stamp(stamp)  # nothing was changed, so what was there still works
        raise Trouble(explain(said))
    write_stamp({"fingerprint": wanted, "extra": extra})
    print("Installed.\n", flush=True)


def check_room(switches):
    """Raise Trouble where a first installation cannot fit."""
    free = free_gb()
    if VENV.exists():
        return  # most of it is there; pip says if the rest does not fit
    if free < NEEDED_GB:
        raise Trouble(DISK_FULL.format(NEEDED_GB, ROOT) + f" Free there now: {free:.1f} GB.")
    if sys.platform == "linux" and "--cpu-torch" not in switches:
        print(
            "On Linux the package index may give PyTorch with CUDA: a download of several GB. The course does\n"
            "not need it: `--cpu-torch` takes the small build. Press Ctrl-C now if you want that instead."
        )
        if free < CUDA_GB:
            print(f"Only {free:.1f} GB are free here, which is little for the CUDA build ({CUDA_GB} GB).")


def free_gb():
    """Free space where the course lies."""
    return shutil.disk_usage(str(ROOT)).free / 1e9


def make_venv(stamp, show):
    """Make .venv; make it anew where it is half-made, was cut off, or lost its Python."""
    if VENV.exists():
        if not stamp.get("unfinished") and show([str(python()), "-m", "pip", "--version"])[0] == 0:
            return
        print("The folder .venv is not whole (an interrupted run, or its Python is gone). Making it anew.")
    else:
        print("Making the folder .venv, where the course keeps its packages.", flush=True)
    status, said = show([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if status:
        raise Trouble(explain(said))


def announce(extra, switches):
    """Say what will be installed, and from where."""
    versions = "the newest versions" if "--newest" in switches else "the versions of constraints.txt"
    print(f"Installing what `{extra}` needs, in {versions}. The first time takes minutes.")
    if "--cpu-torch" in switches:
        print(f"PyTorch comes without CUDA, from {CPU_TORCH}.")
    if tuple(sys.version_info[:2]) > NEWEST_TRIED:
        print("Tested with Python 3.11 to 3.13; yours is newer, so some versions may not be found.")
    sys.stdout.flush()


def pip_command(extra, switches):
    """The command that installs the course, editable, into .venv."""
    command = [str(python()), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    if "--newest" in switches:
        command += ["--upgrade", "--upgrade-strategy", "eager"]
    else:
        command += ["--constraint", str(ROOT / "constraints.txt")]
    if "--cpu-torch" in switches:
        command += ["--extra-index-url", CPU_TORCH]
    return [*command, "--progress-bar", "off", "--editable", f"{ROOT}[{extra}]"]


def explain(said):
    """The message for what pip or venv wrote before it failed."""
    for pattern, message in CAUSES:
        if re.search(pattern, said, re.IGNORECASE):
            return message.format(NEEDED_GB, ROOT) if message is DISK_FULL else message
    last = "\n".join("    " + line for line in said.strip().splitlines()[-12:])
    return f"The installation stopped. Its last lines were:\n{last}\nNothing outside .venv was changed."


def fingerprint(newest):
    """Changes when what has to be installed changes, or when the course was moved."""
    import tomllib

    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pins = "newest" if newest else (ROOT / "constraints.txt").read_text(encoding="utf-8")
    # Only [project]: a new rule for the linter is no reason to install.
    text = json.dumps([asked["project"], pins, str(ROOT)], sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def read_stamp():
    """What the last run left in .venv; empty where that cannot be read."""
    try:
        stamp = json.loads((VENV / "course.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) and stamp.get("extra") in EXTRAS else {}


def write_stamp(stamp):
    """Leave word for the next run."""
    (VENV / "course.json").write_text(json.dumps(stamp), encoding="utf-8")


# ------------------------------------------------------------------------------------------------- starting


def commands(job, rest):
    """The commands of a job."""
    base = [str(python()), "-m"]
    if job == "lab":
        print("JupyterLab opens in your browser. To stop it, press Ctrl-C here, twice.", flush=True)
        # Naming the page as a file would make chapters/ the top folder, and work/ could not be reached.
        places = [f"--ServerApp.root_dir={ROOT}", f"--LabApp.default_url=/lab/tree/{FIRST_PAGE}"]
        return [[*base, "jupyterlab", *places, *rest]]
    if job == "test":
        # The browser tests belong to `dev`: they need a browser.
        places = ["tests", *NOTEBOOKS, "--ignore=tests/browser"]
        spread = [*WORKERS, "--dist=loadfile"]  # by file: the cells of a notebook need the same kernel
        strict = ["--nbval", "--nbval-sanitize-with=tests/nbval_sanitize.cfg"]
        return [[*base, "pytest", *strict, *([] if names_a_place(rest) else [*spread, *places]), *rest]]
    return [
        [*base, "ruff", "check", "."],
        [*base, "ruff", "format", "--check", "."],
        [*base, "basedpyright", "--pythonpath", str(python())],
        [*base, "pytest", "-rs", *WORKERS, "--dist=loadgroup", "tests/browser", *rest],
    ]


def run_all(lines, start):
    """Run the commands one after the other; returns 1 if any failed, and says which where there were several."""
    failed = [line for line in lines if start(line)]
    for line in failed if len(lines) > 1 else []:
        print(f"Failed: {' '.join(line[2:])}", flush=True)
    return 1 if failed else 0


def names_a_place(rest):
    """Whether pytest is told which files to run."""
    values = {i + 1 for i, word in enumerate(rest) if word in ("-k", "-m", "-p", "-o", "-W")}
    return any(
        (ROOT / word.split("::")[0]).exists()
        for i, word in enumerate(rest)
        if i not in values and not word.startswith("-")
    )


def python():
    """The interpreter of .venv."""
    return VENV / "Scripts" / "python.exe" if platform.system() == "Windows" else VENV / "bin" / "python"


def environment():
    """The environment of pip and of the jobs: what .venv holds and nothing that other software has left."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    kept.update(VIRTUAL_ENV=str(VENV), PIP_USER="0", PATH=f"{python().parent}{os.pathsep}{kept.get('PATH', '')}")
    return kept


def stream(command):
    """Run a command and show the lines worth seeing; returns its exit status and all that it wrote."""
    said = []
    try:
        process = subprocess.Popen(
            command,
            cwd=str(ROOT),
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
    except FileNotFoundError as error:
        return 1, str(error)  # a .venv without its Python
    with process:
        try:
            for line in process.stdout:
                said.append(line)
                if WORTH_SEEING.match(line):
                    # Old Windows consoles cannot print every letter.
                    print("   ", line.strip()[:100].encode("ascii", "replace").decode(), flush=True)
        except KeyboardInterrupt:
            process.terminate()  # else pip goes on behind our back
            process.wait()
            raise
    return process.returncode, "".join(said)


def hand_over(command):
    """Run a command in this terminal until it ends; returns its exit status."""
    process = subprocess.Popen(command, cwd=str(ROOT), env=environment())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            pass  # Ctrl-C reached the job as well, and the job decides: JupyterLab asks before it stops


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
