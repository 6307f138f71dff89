"""The house: imports go strictly down, rooms on one floor do not know each other, each heavy library has one door."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent / "raylab"

# A room is a module or a package directly under raylab/. Within a package its modules may import each other.
FLOOR = {
    "arguments": 0, "palette": 0, "records": 0,
    "alarm": 1, "interference": 1, "nets": 1, "optimisers": 1, "projection": 1, "symbolic": 1, "systems": 1,
    "dynamics": 2, "ensembles": 2,
    "plateaus": 3, "tables": 3,
    "remedies": 4,
    "plots": 5,
    "checks": 6, "widgets": 6, "workspace": 6,
    "__init__": 7,
}  # fmt: skip
DOOR = {
    "IPython": "plots",
    "anywidget": "widgets",
    "contourpy": "widgets",
    "ipywidgets": "widgets",
    "llvmlite": "ensembles",
    "matplotlib": "plots",
    "matplotlib_inline": "plots",
    "numba": "ensembles",
    "sympy": "symbolic",
    "torch": "nets",
    "traitlets": "widgets",
}
FREE = {"numpy", "scipy", "tqdm"}  # light, or wanted by every room
# (room, what it imports although the rules forbid it): why
EXCEPTIONS = {
    ("records", "arguments"): "records check their fields where they are made, and words for that stand in one place",
    ("checks", "workspace"): "a correct answer is written down as progress",
}


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> set[str]:
    """Dotted names that a module imports anywhere, inside functions too, by statement or by `import_module`."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written from the root: from raylab.records import ..."
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            found |= {arg.value for arg in node.args if isinstance(arg, ast.Constant)}
    return found


def faults(room: str, names: set[str]) -> dict[str, str]:
    """What is imported from a room against the rules: name -> the rule."""
    found = {}
    for name in names:
        top, *rest = name.split(".")
        if top == "raylab":
            other = rest[0] if rest and rest[0] in FLOOR else "__init__"
            if other != room and FLOOR[other] >= FLOOR[room]:
                found[other] = f"{room} (floor {FLOOR[room]}) imports {other} (floor {FLOOR[other]})"
        elif top in DOOR:
            if DOOR[top] != room:
                found[top] = f"{top} has its door in {DOOR[top]}, not in {room}"
        elif top not in FREE and top not in sys.stdlib_module_names:
            found[top] = f"{top} is no library that this house knows"
    return found


FILES = sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_go_strictly_down_and_through_the_doors(path):
    room = room_of(path)
    found = faults(room, imports(ast.parse(path.read_text(encoding="utf-8"))))
    assert {name: rule for name, rule in found.items() if (room, name) not in EXCEPTIONS} == {}


def test_every_room_has_a_floor():
    assert {room_of(path) for path in FILES} <= set(FLOOR)


def test_every_exception_is_still_needed():
    needed = set()
    for path in FILES:
        room = room_of(path)
        needed |= {(room, name) for name in faults(room, imports(ast.parse(path.read_text(encoding="utf-8"))))}
    assert set(EXCEPTIONS) <= needed


@pytest.mark.parametrize(
    ("room", "source", "rule"),
    [
        ("interference", "from raylab import dynamics", "imports dynamics"),
        ("interference", "from raylab.projection import total", "imports projection"),
        ("systems", "def f():\n    import raylab.symbolic.bandit", "imports symbolic"),
        ("dynamics", "import sympy as sp", "has its door in symbolic"),
        ("plateaus", "import matplotlib.pyplot as plt", "has its door in plots"),
        ("records", "from importlib import import_module\nimport_module('torch')", "has its door in nets"),
        ("dynamics", "import pandas", "no library that this house knows"),
        ("plots", "from raylab import check", "imports __init__"),
    ],
)
def test_a_forbidden_import_is_found(room, source, rule):
    assert any(rule in said for said in faults(room, imports(ast.parse(source))).values())


def run(program: str) -> dict:
    """Run a program in a Python of its own; what it prints last, as JSON."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_importing_raylab_loads_no_heavy_library():
    heavy = sorted({*DOOR, "scipy", "sklearn", "jupyterlab"})
    loaded = run(f"import json, sys, raylab; dir(raylab); print(json.dumps([x for x in {heavy} if x in sys.modules]))")
    assert loaded == []


def test_importing_a_room_loads_no_library_but_its_own():
    program = "import json, sys; import raylab.{}; print(json.dumps([x for x in {} if x in sys.modules]))"
    for room, allowed in {
        "dynamics": {"scipy"},
        "interference": set(),
        "symbolic": {"sympy"},
        "checks": {"scipy"},
    }.items():
        heavy = sorted({"torch", "sympy", "matplotlib", "scipy", "sklearn"} - allowed)
        assert run(program.format(room, heavy)) == []


WITHOUT_TORCH = """
import importlib, json, pkgutil, sys

class NoTorch:
    def find_spec(self, name, path=None, target=None):
        if name == "torch" or name.startswith("torch."):
            raise ModuleNotFoundError("No module named 'torch'", name="torch")

sys.meta_path.insert(0, NoTorch())
import raylab
found = {}
for module in pkgutil.walk_packages(raylab.__path__, "raylab."):
    try:
        importlib.import_module(module.name)
    except ModuleNotFoundError as error:
        found[module.name] = str(error)
import numpy as np
from raylab import dynamics, interference
from raylab.systems.bandit import Bandit
run = dynamics.flow(Bandit(), np.array([-1.0, -2.0, 0.0]), np.linspace(0.0, 10.0, 5))
found["grown"] = bool(run.performance[-1] > run.performance[0])
found["cosine"] = float(interference.cosine(Bandit().gradients(run.parameters))[0, 0, 1])
print(json.dumps(found))
"""


def test_where_torch_is_missing_everything_but_nets_is_there_and_works():
    found = run(WITHOUT_TORCH)
    assert found.pop("grown") and abs(found.pop("cosine") + 0.5) < 1e-12
    assert set(found) == {"raylab.nets"}
    assert "torch" in found["raylab.nets"]
