"""Every notebook keeps every law: `pytest tests/notebooks/test_pages.py -k 02_interference` for one of them."""

import chapter_laws
import page_laws
import pages
import pytest
from blanking import blank, skeleton
from storing import read

EVERY_PAGE = [(law, path) for path in pages.paths() for law in page_laws.STORED + page_laws.WRITTEN]
CHAPTERS = [(law, path) for path in pages.paths("chapters") for law in chapter_laws.CHAPTER]
EXERCISES = [(law, path) for path in pages.paths("exercises", "solutions") for law in chapter_laws.EXERCISES]
NUMBERS = ("01", "02", "03", "04", "05", "06", "07", "08")


def cases(pairs):
    return [pytest.param(law, path, id=f"{pages.name(path)}: {law.__name__}") for law, path in pairs]


@pytest.mark.parametrize(("law", "path"), cases(EVERY_PAGE))
def test_a_notebook_keeps_the_law(law, path):
    assert law(pages.load(path)) == []


@pytest.mark.parametrize(("law", "path"), cases(CHAPTERS))
def test_a_chapter_keeps_the_law(law, path):
    assert law(pages.load(path)) == []


@pytest.mark.parametrize(("law", "path"), cases(EXERCISES))
def test_exercises_and_solutions_keep_the_law(law, path):
    assert law(pages.load(path)) == []


def test_every_chapter_has_its_exercises_and_its_solutions():
    names = {folder: [path.name for path in pages.paths(folder)] for folder in pages.FOLDERS}
    assert names["chapters"][0].startswith("00_start_here")
    assert names["chapters"][1:] == names["exercises"] == names["solutions"]
    assert [name[:2] for name in names["solutions"]] == list(NUMBERS)


@pytest.mark.parametrize("path", pages.paths("solutions"), ids=pages.name)
def test_making_the_exercises_again_changes_no_source_id_or_tag(path):
    committed = pages.ROOT / "exercises" / path.name
    assert skeleton(blank(read(path))) == skeleton(read(committed))


@pytest.mark.parametrize("path", pages.paths(), ids=pages.name)
def test_storing_a_notebook_again_would_write_it_in_the_same_form(path):
    from nbformat import writes

    assert path.read_bytes() == (writes(read(path)) + "\n").encode()
