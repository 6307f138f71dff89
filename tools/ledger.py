"""Make LEDGER.md, the page of claims, from ledger.yml and the markers of the tests.

    python tools/ledger.py            write LEDGER.md
    python tools/ledger.py --check    write nothing; exit 1 if LEDGER.md is not what would be written

A test belongs to a row by its marker, `@pytest.mark.ledger("S6")`. The tests are read, not run.
"""

import argparse
import ast
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent

PAPERS = {
    "Schaul19": "Schaul, Borsa, Modayil, Pascanu 2019: Ray interference",
    "Bengio20": "Bengio, Pineau, Precup 2020: Interference and generalization in temporal difference learning",
    "Yu19": "Yu, Kumar, Gupta, Levine, Hausman, Finn 2019: Multi-task reinforcement learning without interference",
    "Beyond": "Beyond the papers",
}
SHORT = {"Schaul19": "Schaul 2019", "Bengio20": "Bengio 2020", "Yu19": "Yu 2019", "Beyond": "beyond"}
VERDICTS = {
    "confirmed": "true as printed, and proved here",
    "misprint": "what is meant is right, a symbol on the page is not",
    "conditional": "right under conditions that the page does not state",
    "wrong": "not so; the correct form stands beside it",
    "settled": "left open by the paper, or argued there in a way that does not carry, and decided here",
    "not seen": "tried here, and not found at our scale; that is no refutation",
    "new": "printed in none of the papers",
    "open": "not yet proved here; what we expect is a first calculation's word, and may be wrong",
}
FIELDS = ("id", "paper", "place", "covers", "statement", "verdict", "correct", "expected", "chapter")

INTRODUCTION = """\
# The ledger of claims

This course stands on three papers. We read them closely, because their ideas are worth it, and we check what
they say. Every numbered equation and figure has a row here, and so has every claim of their text that we saw a way
to decide. A row says in our own words what is claimed and where, what we found, and which tests show it. At least
one test of each closed row is a trial: a law that has to hold of what is true, and has to fail for what is printed,
or, where the print is right, for a slip that one could make.

Where a symbol or a condition went astray, the result that it serves often survives, and then we say so. Papers are
written by people, with deadlines and page limits; so was this page, and corrections to it are welcome.

**Notation.** $a_k = J_k(1-J_k)$. Logits $x$ of $J_1$ and $y$ of $J_2$, $s = (x+y)/2$, $d = (x-y)/2$. $p, q$: initial
$J_1, J_2$. $\\delta$: TD error. $F_{AB}$: function interference, the inner product of the gradients of the network's
output at $A$ and at $B$. Of Bengio et al. we have the main text only, without its appendices.
"""


def rows() -> list[dict[str, Any]]:
    """The rows of ledger.yml, in their order."""
    return yaml.safe_load((ROOT / "ledger.yml").read_text(encoding="utf-8"))["rows"]


def anchor(name: str) -> str:
    """What follows the # in a link to a row: "A.1" -> "a1"."""
    return name.lower().replace(".", "")


def _marked(node: ast.expr) -> list[str]:
    """The ids in `pytest.mark.ledger("S6", ...)`, none for any other expression."""
    if not isinstance(node, ast.Call) or ast.unparse(node.func) != "pytest.mark.ledger":
        return []
    return [ast.literal_eval(argument) for argument in node.args]


def tests() -> dict[str, list[tuple[str, ast.FunctionDef]]]:
    """Row id -> the tests that carry its marker, as (path from the root, function), sorted by path."""
    found: dict[str, list[tuple[str, ast.FunctionDef]]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        where = path.relative_to(ROOT).as_posix()
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
                for decorator in node.decorator_list:
                    for name in _marked(decorator):
                        found.setdefault(name, []).append((where, node))
    return found


def page() -> str:
    """The text of LEDGER.md."""
    entries, shown = rows(), tests()
    parts = [INTRODUCTION, _counts(entries)]
    for paper, title in PAPERS.items():
        own = [row for row in entries if row["paper"] == paper]
        parts += [f"## {title}\n", _index(own), *(_entry(row, shown.get(row["id"], [])) for row in own)]
    return "\n".join(parts)


def _counts(entries: list[dict[str, Any]]) -> str:
    counted = Counter((row["paper"], row["verdict"]) for row in entries)
    lines = [
        f"**{len(entries)} rows, {sum(row['verdict'] != 'open' for row in entries)} closed.**\n",
        "| verdict | meaning | " + " | ".join(SHORT[paper] for paper in PAPERS) + " |",
        "|---|---|" + "---:|" * len(PAPERS),
    ]
    for verdict, meaning in VERDICTS.items():
        cells = " | ".join(str(counted[paper, verdict] or "") for paper in PAPERS)
        lines.append(f"| **{verdict}** | {meaning} | {cells} |")
    return "\n".join(lines) + "\n"


def _index(own: list[dict[str, Any]]) -> str:
    """One line for each verdict that occurs: links to its rows."""
    lines = []
    for verdict in VERDICTS:
        links = [f"[{row['id']}](#{anchor(row['id'])})" for row in own if row["verdict"] == verdict]
        if links:
            lines.append(f"- **{verdict}**: {', '.join(links)}")
    return "\n".join(lines) + "\n"


def _entry(row: dict[str, Any], shown: list[tuple[str, ast.FunctionDef]]) -> str:
    is_open = row["verdict"] == "open"
    source = SHORT[row["paper"]] + ", " if row["paper"] != "Beyond" else ""
    lines = [
        f'<a id="{anchor(row["id"])}"></a>\n',
        f"### {row['id']} · {row['verdict']}\n",
        f"*{source}{row['place']}.*{_covers(row)}\n",
        f"{'Question' if row['statement'].endswith('?') else 'Claim'}: {row['statement']}\n",
        f"**{'We expect' if is_open else 'Found'}:** {row['expected' if is_open else 'correct']}\n",
    ]
    if is_open:
        lines.append(f"To be settled in chapter {row['chapter']}.\n")
    else:
        lines.append(f"Chapter [{row['chapter']}](chapters/{row['chapter']}.ipynb). {_proofs(shown)}\n")
    return "\n".join(lines)


def _covers(row: dict[str, Any]) -> str:
    return f" Covers {', '.join(row['covers'])}." if row.get("covers") else ""


def _proofs(shown: list[tuple[str, ast.FunctionDef]]) -> str:
    files = sorted({path for path, _ in shown})
    links = ", ".join(f"[{path}]({path})" for path in files)
    number = f"{len(shown)} test{'s' if len(shown) != 1 else ''}"
    return f"Shown by {number} in {links}." if shown else "No test yet."


def main() -> int:
    """Write the page, or compare it with the stored one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, say whether LEDGER.md is up to date")
    check = parser.parse_args().check
    path, wanted = ROOT / "LEDGER.md", page()
    if check:
        stored = path.read_text(encoding="utf-8") if path.exists() else ""
        if stored != wanted:
            print("LEDGER.md is not what ledger.yml and the tests say; run: python tools/ledger.py", file=sys.stderr)
        return int(stored != wanted)
    path.write_text(wanted, encoding="utf-8", newline="\n")
    print(f"LEDGER.md: {wanted.count(chr(10))} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
