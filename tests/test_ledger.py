"""The ledger keeps its word: every claim has a row, every closed row a proof that can fail and a place in a chapter."""

import ast
import re
import subprocess
import sys
from collections import Counter
from itertools import chain

import ledger
import pytest
from trial import judge, trial

# Counted on the pages of the papers, independently of ledger.yml. Bengio's figures 9 to 11 stand in an appendix that
# the text which we have cites; Yu's figures are numbered as in the published text.
NUMBERED = {
    "Schaul19": {"Eq": range(1, 6), "Fig": range(1, 10), "Def": range(1, 4)},
    "Bengio20": {"Eq": range(1, 22), "Fig": range(1, 12)},
    "Yu19": {"Eq": range(1, 3), "Fig": range(1, 6), "Def": range(1, 2), "Alg": range(1, 2)},
}
CLAIMED = [f"S{i}" for i in range(1, 61)] + [f"B{i}" for i in range(1, 25)] + [f"Y{i}" for i in range(1, 15)]
ADDED = ["A.1", *(f"N{i}" for i in range(1, 17))]
FAULTS = {"misprint", "conditional", "wrong"}

ROWS = {row["id"]: row for row in ledger.rows()}
CLOSED = [row for row in ROWS.values() if row["verdict"] != "open"]
TESTS = ledger.tests()


def names(row):
    return row["id"]


def test_every_row_of_the_plan_is_there_once():
    counted = Counter(row["id"] for row in ledger.rows())
    assert set(counted) >= {*CLAIMED, *ADDED}
    assert max(counted.values()) == 1


@pytest.mark.parametrize("paper", NUMBERED)
def test_every_numbered_equation_figure_and_definition_is_covered(paper):
    wanted = {f"{kind} {i}" for kind, numbers in NUMBERED[paper].items() for i in numbers}
    covered = set(chain.from_iterable(row.get("covers", []) for row in ROWS.values() if row["paper"] == paper))
    assert covered == wanted


@pytest.mark.parametrize("row", ROWS.values(), ids=names)
def test_a_row_has_its_fields_and_no_others(row):
    said = "expected" if row["verdict"] == "open" else "correct"
    assert set(row) - {"covers"} == {"id", "paper", "place", "statement", "verdict", "chapter", said}
    assert row["paper"] in ledger.PAPERS and row["verdict"] in ledger.VERDICTS
    assert all(isinstance(row[field], str) and row[field].strip() for field in set(row) - {"covers"})
    assert row["statement"].endswith((".", "?")) and row[said].endswith(".")


@pytest.mark.parametrize("row", CLOSED, ids=names)
def test_a_closed_row_has_a_test(row):
    assert TESTS.get(row["id"]), f"no test carries @pytest.mark.ledger({row['id']!r})"


@pytest.mark.parametrize("name", TESTS)
def test_a_marker_names_a_row(name):
    assert name in ROWS, f"{TESTS[name][0][0]} carries a marker for {name!r}, which is no row of ledger.yml"


def test_every_marker_stands_on_a_test_where_the_ledger_finds_it():
    written = 0
    for path in sorted((ledger.ROOT / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            written += isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.ledger")
    found = {(path, test.name, name) for name, tests in TESTS.items() for path, test in tests}
    assert written == len({(path, test) for path, test, _ in found})


def trials(name):
    """The keywords of every trial among the tests of a row."""
    for _, test in TESTS.get(name, []):
        for decorator in test.decorator_list:
            if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "trial":
                yield {keyword.arg for keyword in decorator.keywords}


@pytest.mark.parametrize("row", CLOSED, ids=names)
def test_a_closed_row_is_proved_by_a_law_that_refuses_the_printed_claim_or_a_slip(row):
    demanded = {"correct", "printed"} if row["verdict"] in FAULTS else {"correct"}
    given = list(trials(row["id"]))
    assert any(demanded <= keywords and keywords & {"printed", "slips"} for keywords in given)


@pytest.mark.parametrize("row", CLOSED, ids=names)
def test_a_closed_row_is_met_in_its_chapter(row):
    chapter = ledger.ROOT / "chapters" / f"{row['chapter']}.ipynb"
    assert chapter.exists(), f"{row['id']} is closed in {chapter.name}, which is not there yet"
    link = f"LEDGER.md#{ledger.anchor(row['id'])})"
    assert link in chapter.read_text(encoding="utf-8"), f"{chapter.name} has no link to ../{link[:-1]}"


def test_every_link_within_the_page_leads_to_a_row():
    anchors = {ledger.anchor(name) for name in ROWS}
    assert len(anchors) == len(ROWS)
    page = ledger.page()
    used = {part.split(")")[0] for part in page.split("](#")[1:]}
    assert used == anchors
    assert all(f'<a id="{name}"></a>' in page for name in anchors)


def test_formulas_survive_markdown():
    # Markdown reads a backslash before punctuation as an escape, and the page's usual host forbids \operatorname.
    page = ledger.page()
    assert not re.findall(r"\\[^a-zA-Z]|\\operatorname", page)
    assert [paragraph for paragraph in page.split("\n\n") if paragraph.count("$") % 2] == []


def test_the_stored_page_is_what_rows_and_markers_say():
    done = subprocess.run([sys.executable, str(ledger.ROOT / "tools" / "ledger.py"), "--check"], capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


def test_the_page_is_made_the_same_way_twice():
    assert ledger.page() == ledger.page()


def test_a_law_that_looks_at_its_claim_is_accepted():
    def law(claim):
        assert claim == 3

    judge(law, 3, holds=True)
    judge(law, 4, holds=False)


def test_a_law_that_accepts_a_false_claim_is_found_out():
    with pytest.raises(pytest.fail.Exception, match="accepts a claim that is not true"):
        judge(lambda claim: None, 4, holds=False)


def test_a_law_that_breaks_on_a_false_claim_has_not_refused_it():
    def law(claim):
        assert 1 / claim > 0

    with pytest.raises(ZeroDivisionError):
        judge(law, 0, holds=False)


def test_a_law_that_refuses_the_truth_fails():
    def law(claim):
        assert claim == 4

    with pytest.raises(AssertionError):
        judge(law, 3, holds=True)


def test_a_trial_without_a_false_claim_is_none():
    with pytest.raises(ValueError, match="expected a claim that must fail"):
        trial(correct=1)
