"""When the voice of a widget speaks: drag.js alone on an empty page, under a clock that the test sets."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

DRAG = Path(__file__).resolve().parents[2] / "raylab" / "widgets" / "drag.js"
# A model without a kernel; `say` is what Python does when it shows something.
FAKE = """
const held = { view: "", labels: [], handles: [], readings: [], box: [], axes: "xy", step: 1, front: "", back: "" };
const heard = {};
Object.assign(held, { sentence: "as the page came", mark: "", answered: 0 });
const model = { get: (name) => held[name], on: (name, act) => { heard[name] = act; }, off: () => {}, send: () => {} };
window.say = (sentence) => { held.sentence = sentence; held.mark = "#000000"; heard["change:frame"](); };
made.render({ model, el: document.querySelector("div") });
"""


@pytest.fixture
def page(browser):
    source = DRAG.read_text(encoding="utf-8")
    page = browser.new_page()
    page.clock.install(time=0)
    page.set_content("<div></div>")
    page.clock.pause_at(1000)
    page.add_script_tag(content=source.replace("export default", "const made =") + FAKE, type="module")
    page.wait_for_function("() => window.say")
    yield page
    page.close()


def spoken(page) -> str:
    return page.locator(".ray-live").evaluate("live => live.textContent")


def test_the_voice_speaks_when_the_hand_rests_and_only_the_last_words(page):
    page.clock.run_for(5000)
    for words in ("one", "two", "three"):
        page.evaluate("words => say(words)", words)
        page.clock.run_for(300)
        assert page.locator("p").inner_text() == words and spoken(page) == ""
    page.clock.run_for(300)
    assert spoken(page) == "three"


def test_what_stood_there_when_the_page_came_is_not_read_out(page):
    page.clock.run_for(5000)
    assert page.locator("p").inner_text() == "as the page came" and spoken(page) == ""
    page.evaluate("words => say(words)", "news")
    page.clock.run_for(5000)
    assert spoken(page) == "news"
