"""A hand for each kind of widget: it moves what can be moved, by keyboard and by mouse, and compares what is said.

A hand is a generator that yields after each act that was compared: first the widget as it stands, then a key, then
all else.
"""

import itertools
import re

import numpy as np
import pytest
import widget_oracles as oracles

WITHIN = 0.015  # the sentences give three digits; their starts are rounded to three decimals
STILL = 400  # ms without a new sentence: a drag is answered several times
PATIENCE = 30_000  # ms
_RESTED = """async (card, [selector, before, still, patience]) => {
    const words = () => card.querySelector(selector)?.textContent ?? null; // innerText would lay out the whole page
    const began = performance.now();
    let last = words(), since = began;
    for (let now = began; now < began + patience; now = performance.now()) {
        if (words() !== last) [last, since] = [words(), now];
        if (last !== null && last !== before && now >= since + still) return last;
        await new Promise((resume) => setTimeout(resume, 25));
    }
    throw new Error(`it stayed: ${last}`);
}"""
_SPOKEN = """async (card, patience) => {
    const words = (selector) => card.querySelector(selector).textContent;
    for (const began = performance.now(); performance.now() < began + patience;) {
        if (words(".ray-live") === words("p.ray-mark")) return true;
        await new Promise((resume) => setTimeout(resume, 25));
    }
    return false;
}"""


def drive(page, card, acts: int | None = None) -> str:
    """Drive one card by its kind, with all that its hand can do or with the first few acts; the kind."""
    kind = next(kind for kind in HANDS if f"ray-{kind}" in card.get_attribute("class").split())
    card.scroll_into_view_if_needed()
    done = sum(1 for _ in itertools.islice(HANDS[kind](page, card), acts))
    assert done, f"the hand for {kind} compares nothing"
    return kind


def sentence(card) -> str:
    """What the card says."""
    return card.locator(".ray-stage + p").first.text_content()


def after(page, card, act) -> str:
    """Do something that must change the sentence; the sentence when it has come to rest."""
    before = sentence(card)
    act()
    return rested(page, card, before)


def rested(page, card, before: str | None = None) -> str:
    """The sentence, once it is another than before and stays; picture and voice say the same."""
    last = card.evaluate(_RESTED, [".ray-stage + p", before, STILL, PATIENCE])
    assert card.locator(".ray-picture").get_attribute("aria-label") == card.locator(".ray-stage + p").evaluate(
        "p => p.textContent"
    )
    return last


def type_into(card, name: str, value: float) -> None:
    """Type a number into the box of that name."""
    box = card.get_by_role("spinbutton", name=name, exact=True)
    box.fill(f"{value:g}")
    box.press("Enter")


def drag(page, knob, dx: float, dy: float) -> None:
    """Take the handle with the mouse and move it, in pixels."""
    knob.scroll_into_view_if_needed()
    box = knob.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for i in range(1, 21):
        page.mouse.move(x + dx * i / 20, y + dy * i / 20)
    page.mouse.up()


def press(card, key: str, name: str = "") -> None:
    """A key on a handle; it must stay with the handle and not go to the notebook."""
    knob = card.locator(".ray-knob").first
    knob.focus()
    knob.press(key)
    assert knob.evaluate("knob => document.activeElement === knob")


def pressed_until(button, key: str, answer) -> None:
    """A key on a button until the answer is there: after a click the notebook may take the focus a moment later."""
    for beat in range(PATIENCE // 100):
        if beat % 50 == 0:
            button.press(key)
        if answer.count():
            return
        button.page.wait_for_timeout(100)
    raise AssertionError(f"{key} on the button is not answered")


def slide(card, nth: int, key: str) -> None:
    """A key on the nth slider."""
    card.locator(".noUi-handle").nth(nth).focus()
    card.locator(".noUi-handle").nth(nth).press(key)


def bet(page, card):
    """An empty bet is refused, the first one stands, and the focus stays on the button."""
    button, answer = card.get_by_role("button"), card.locator("p.ray-mark")
    button.click()
    card.get_by_text("Choose a line first.", exact=True).first.wait_for()
    lines = card.locator(".widget-radio-box label").all_inner_texts()
    card.get_by_role("radio").nth(1).check()
    button.click()
    answer.get_by_text(f"Your bet stands: {lines[1].strip()}.").wait_for()
    assert button.evaluate("button => document.activeElement === button")
    card.get_by_role("radio").nth(0).check()
    yield pressed_until(button, "Enter", answer.get_by_text(f"Your first bet stands: {lines[1].strip()}."))


def question(page, card):
    """Every choice is answered, and at least one of them is right; arrow keys move between them; the voice follows."""
    radios, said = card.get_by_role("radio"), [""]
    for i in range(radios.count()):
        radios.nth(i).check() if i == 0 else radios.nth(i - 1).press("ArrowDown")
        said.append(card.evaluate(_RESTED, ["p.ray-mark", said[-1], 0, PATIENCE]))
    del said[0]
    assert len(set(said)) == len(said) == radios.count() > 1, "two choices get the same answer"
    assert any(words.startswith("● Right.") for words in said)
    assert all(re.match(r"(● Right\.|✕ Not this one\.) \S", words) for words in said), said
    yield said
    assert card.evaluate(_SPOKEN, PATIENCE), "the last answer is not read out"
    yield said


def square(page, card, law=oracles.shared_bias):
    """Keyboard, mouse, box, slider and preset; waiting time, smallest J_k and flatness against Runge-Kutta in J."""
    yield _square_says(rested(page, card), law)
    assert card.locator(".ray-picture polygon").count() >= 4, "the tinted regions are missing"
    yield _square_says(after(page, card, lambda: press(card, "ArrowRight")), law)
    yield _square_says(after(page, card, lambda: press(card, "Shift+ArrowUp")), law)
    yield _square_says(after(page, card, lambda: drag(page, card.locator(".ray-knob").first, 60, -20)), law)
    typed = after(page, card, lambda: type_into(card, "J₂ start", 0.05))
    assert oracles.said(typed, "J₂ =") == 0.05
    yield _square_says(typed, law)
    yield _square_says(after(page, card, lambda: slide(card, 0, "ArrowLeft")), law)
    last = after(page, card, lambda: card.get_by_role("button", name="one ahead").click())
    assert (oracles.said(last, "J₁ ="), oracles.said(last, "J₂ =")) == (0.1, 0.02)
    yield _square_says(last, law)


def _square_says(sentence: str, law) -> None:
    start = oracles.said(sentence, "J₁ ="), oracles.said(sentence, "J₂ =")
    assert oracles.said(sentence, "learned at t =") == pytest.approx(oracles.waiting(start, law), rel=WITHIN)
    assert oracles.said(sentence, "progress is J′ =") == pytest.approx(oracles.slowest(start, law), rel=0.06)
    falls = re.search("J([₁₂]) falls to", sentence)
    lows = [oracles.lowest(start, k, law) for k in (0, 1)]
    if falls:
        k = "₁₂".index(falls[1])
        assert oracles.said(sentence, "falls to") == pytest.approx(lows[k], rel=0.06)
    else:
        assert all(low > 0.998 * J for low, J in zip(lows, start, strict=True))


def dots(page, card, law=oracles.shared_bias):
    """Counts of learners that have learned, at several times, against Runge-Kutta in J."""
    yield _dots_say(rested(page, card), law)
    card.get_by_role("button", name="25 points").click()
    card.locator(".ray-picture g g").first.wait_for(state="detached")  # no pictures are left where there are points
    for t in (20, 150, 2000):
        yield _dots_say(after(page, card, lambda t=t: type_into(card, "time t", t)), law)
    yield _dots_say(after(page, card, lambda: slide(card, 1, "ArrowLeft")), law)
    yield _dots_say(after(page, card, lambda: card.get_by_role("button", name="and later").click()), law)


def _dots_say(sentence: str, law) -> None:
    t = oracles.said(sentence, "at t =")
    grid = (0.02, 0.05, 0.1, 0.2, 0.4)
    done = np.array([[oracles.learned((one, two), k, law) for k in (0, 1)] for two in grid for one in grid])
    close = (np.abs(done / t - 1) < 0.01).any(axis=1).sum()  # the sentence rounds its time
    has = done <= t
    counts = (
        has.all(axis=1).sum(),
        (has[:, 0] & ~has[:, 1]).sum(),
        (~has[:, 0] & has[:, 1]).sum(),
        (~has).all(axis=1).sum(),
    )
    told = re.search(
        r"of 25 learners (\d+) have learned both, (\d+) only J₁, (\d+) only J₂, and (\d+) neither", sentence
    )
    assert told, sentence
    assert sum(map(int, told.groups())) == 25
    assert all(abs(int(a) - b) <= close for a, b in zip(told.groups(), counts, strict=True)), (sentence, counts)


def draw(page, card):
    """Bend, press, compare; then another start."""
    assert "You say" in rested(page, card)
    after(page, card, lambda: press(card, "Shift+ArrowUp"))
    after(page, card, lambda: drag(page, card.locator(".ray-knob").nth(3), 0, -30))
    boxes = card.get_by_role("spinbutton", name="J₁ + J₂ at t =")
    assert boxes.count() == card.locator(".ray-knob").count() >= 6, "every handle has a box as its twin"
    for box in boxes.all():
        box.fill("0")
        box.press("Enter")
    yield _drawn_says(after(page, card, lambda: card.get_by_role("button", name="Show what happened").click()))
    heights = card.locator(".ray-knob").evaluate_all("knobs => knobs.map((knob) => knob.getAttribute('aria-valuenow'))")
    assert set(heights) == {"0"}, f"the handles do not stand where the boxes say: {heights}"
    yield _drawn_says(after(page, card, lambda: type_into(card, "J₂ start", 0.03)))
    yield _drawn_says(after(page, card, lambda: slide(card, 0, "ArrowRight")))
    yield _drawn_says(after(page, card, lambda: card.get_by_role("button", name="as it was").click()))


def _drawn_says(sentence: str) -> None:
    start = oracles.said(sentence, "J₁ ="), oracles.said(sentence, "J₂ =")
    assert oracles.said(sentence, "passes 0.5 at t =") == pytest.approx(oracles.passes(start, 0.5), rel=WITHIN)
    assert oracles.said(sentence, "passes 1.5 at t =") == pytest.approx(oracles.passes(start, 1.5), rel=WITHIN)
    assert "Yours does not reach 0.5" in sentence  # it was bent to zero
    assert oracles.said(sentence, "At most they are") == 2.0


def transfer(page, card):
    """Sizes and share; cosine, J and J′ against finite differences of a softmax policy."""
    yield _transfer_says(rested(page, card))
    yield _transfer_says(after(page, card, lambda: press(card, "Shift+ArrowRight")))
    yield _transfer_says(after(page, card, lambda: drag(page, card.locator(".ray-knob").first, 70, 0)))
    yield _transfer_says(after(page, card, lambda: type_into(card, "actions n", 7)))
    yield _transfer_says(after(page, card, lambda: type_into(card, "contexts K", 4)))
    yield _transfer_says(after(page, card, lambda: slide(card, 2, "ArrowLeft")))
    yield _transfer_says(after(page, card, lambda: card.get_by_role("button", name="spurious dominate").click()))
    yield _transfer_says(after(page, card, lambda: type_into(card, "actions n", 4)))


def _transfer_says(sentence: str) -> None:
    contexts, actions = (
        int(size) for size in re.search(r"With (\d+) contexts(?:,| and) (\d+) actions", sentence).groups()
    )
    share = 0.0 if "none is spurious" in sentence else oracles.said(sentence, "actions and") / 100
    cosine, J, rate = oracles.cosine(contexts, actions, share)
    assert oracles.said(sentence, "cosine is") == pytest.approx(cosine, rel=0.01, abs=2e-4)
    assert oracles.said(sentence, "has J =") == pytest.approx(J, rel=0.01)
    assert oracles.said(sentence, "at J′ =") == pytest.approx(rate, rel=0.01)
    if abs(cosine) > 1e-3:
        assert ("help each other" in sentence) == (cosine > 0)


def ruler(page, card, law=oracles.shared_bias):
    """Start and epsilon, each by handle, box and slider; time shares and the crossing against Runge-Kutta in J."""
    yield _ruler_says(rested(page, card), law)
    yield _ruler_says(after(page, card, lambda: press(card, "Shift+ArrowUp")), law)
    level = card.locator(".ray-knob").nth(1)
    moved = after(page, card, lambda: (level.focus(), level.press("ArrowUp")))
    assert oracles.said(moved, "J′ ≤") > 1.5e-4, "the level rises with the arrow"
    yield _ruler_says(moved, law)
    left = level.bounding_box()["x"]
    yield _ruler_says(after(page, card, lambda: drag(page, level, 30, 12)), law)
    assert abs(level.bounding_box()["x"] - left) < 1, "the level only rises and falls"
    yield _ruler_says(after(page, card, lambda: drag(page, card.locator(".ray-knob").first, 40, -20)), law)
    typed = after(page, card, lambda: type_into(card, "epsilon", 1e-3))
    assert oracles.said(typed, "J′ ≤") == 1e-3
    yield _ruler_says(after(page, card, lambda: slide(card, 0, "ArrowLeft")), law)
    yield _ruler_says(after(page, card, lambda: type_into(card, "J₂ start", 0.03)), law)
    last = after(page, card, lambda: card.get_by_role("button", name="far behind").click())
    assert (oracles.said(last, "J₁ ="), oracles.said(last, "J₂ =")) == (0.1, 0.005)
    yield _ruler_says(last, law)


def _ruler_says(sentence: str, law) -> None:
    start = oracles.said(sentence, "J₁ ="), oracles.said(sentence, "J₂ =")
    wait, slope = oracles.waiting(start, law), oracles.crossing(start, law)
    assert oracles.said(sentence, "learned at t =") == pytest.approx(wait, rel=WITHIN)
    share = 100 * oracles.slow_share(start, oracles.said(sentence, "J′ ≤"), law)
    assert oracles.said(sentence, "; for") == pytest.approx(share, rel=0.02, abs=0.2)
    assert oracles.said(sentence, "= 1 with J′ =") == pytest.approx(slope, rel=0.03)
    if slope < 49 / 450 and "a wait of" in sentence:
        assert oracles.said(sentence, "a wait of") == pytest.approx(4 * np.sqrt(2) / 3 / np.sqrt(slope), rel=0.02)
    else:
        assert "no plateau" in sentence and slope > 0.1


def basin(page, card):
    """A bet before anything is told; then the square by handle, boxes, slider and buttons, against Runge-Kutta."""
    button, paint = card.get_by_role("button", name="This is my bet"), card.locator(".ray-picture polygon")
    if button.count():
        assert rested(page, card).startswith("Your bet, please") and "%" not in sentence(card)
        assert paint.count() == 0, "painted before the bet"
        assert after(page, card, lambda: button.press("Enter")).startswith("Choose a line first.")
        card.get_by_role("radio").nth(1).check()
        assert ": you bet 20 %." in after(page, card, button.click) or "that was your bet" in sentence(card)
        assert button.evaluate("button => document.activeElement === button")
    yield _basin_says(rested(page, card))
    assert card.locator(".ray-picture rect").count() > 5
    for act in (
        lambda: card.get_by_role("button", name="half as far").click(),
        lambda: press(card, "Shift+ArrowRight"),
        lambda: drag(page, card.locator(".ray-knob").first, 30, -25),
        lambda: type_into(card, "J₂ middle", 0.2),
        lambda: type_into(card, "side", 0.15),
        lambda: type_into(card, "epsilon", 0.01),
        lambda: slide(card, 3, "ArrowRight"),
        lambda: slide(card, 2, "ArrowLeft"),
    ):
        yield _basin_says(after(page, card, act))


def _basin_says(sentence: str) -> None:
    one, two = (
        tuple(map(oracles.number, re.search(rf"{J} from (\S+) to ([^ ,]+),", sentence).groups())) for J in ("J₁", "J₂")
    )
    epsilon, told = (
        oracles.said(sentence, "basin of ε ="),
        _per_cent(re.search(r", ([^,%]+%) are in", sentence)),
    )
    assert told == pytest.approx(100 * oracles.share_of_square(one, two, epsilon), rel=0.01, abs=0.15)
    line = re.search(r"on the line J₁ \+ J₂ = (\S+) through its middle, ([^%]+%)", sentence)
    total = oracles.number(line[1])
    assert total == pytest.approx((sum(one) + sum(two)) / 2, rel=0.01)
    share = 100 * oracles.share_of_line(total, epsilon)
    assert oracles.said(line[2].replace("more than", "").strip(), "") == pytest.approx(share, rel=0.01, abs=0.15)


def _per_cent(found) -> float:
    return oracles.said(re.sub("(more|less) than ", "", found[1]), "")


def causes(page, card):
    """Every switch, keyboard and mouse; the wait of each combination, and its ratio to the one before."""
    yield (before := _causes_say(rested(page, card)))
    for i in (1, 2, 0):
        yield (before := _causes_say(after(page, card, lambda i=i: card.get_by_role("radio").nth(i).check()), before))
    yield (
        before := _causes_say(after(page, card, lambda: card.get_by_role("radio").nth(3).press("ArrowDown")), before)
    )
    yield (before := _causes_say(after(page, card, lambda: card.get_by_role("radio").nth(5).check()), before))
    yield (before := _causes_say(after(page, card, lambda: card.get_by_role("radio").nth(7).check()), before))
    assert card.locator(".ray-picture image, .ray-picture rect").count() >= 12, "bars of what was tried are kept"
    for name in ("nothing shared", "all three causes"):
        yield (
            before := _causes_say(after(page, card, lambda n=name: card.get_by_role("button", name=n).click()), before)
        )
    yield _causes_say(after(page, card, lambda: type_into(card, "J₂ start", 0.02)))
    yield _causes_say(after(page, card, lambda: press(card, "Shift+ArrowUp")))
    yield _causes_say(after(page, card, lambda: drag(page, card.locator(".ray-knob").first, 50, -10)))
    yield _causes_say(after(page, card, lambda: slide(card, 1, "ArrowLeft")))
    said = after(page, card, lambda: card.get_by_role("button", name="clear the clock").click())
    assert "combination before" not in said


def _causes_say(sentence: str, before: str = "") -> str:
    start = oracles.said(sentence, "J₁ ="), oracles.said(sentence, "J₂ =")
    features, lesson = re.match(r"([\w ]+), (own data|10 % mix|uniform data|labels)", sentence).groups()
    wait = oracles.waiting(start, oracles.combined(features.lower(), lesson))
    assert oracles.said(sentence, "learned at t =") == pytest.approx(wait, rel=WITHIN)
    if before:
        was = oracles.said(before, "learned at t =")
        assert oracles.said(sentence, "That is") == pytest.approx(max(wait / was, was / wait), rel=WITHIN)
        assert ("times as long" in sentence) == (wait > was)
    return sentence


def shape(page, card):
    """f by key, mouse, box and preset; cosine and start; corner, strip and wait against Runge-Kutta in J."""
    yield _shape_says(card, rested(page, card))
    key = "Shift+ArrowDown" if _box(card, "f(0)") > 0.89 else "Shift+ArrowUp"
    yield _shape_says(card, after(page, card, lambda: press(card, key)))
    third = card.locator(".ray-knob").nth(2)
    left = third.bounding_box()["x"]
    yield _shape_says(card, after(page, card, lambda: drag(page, third, 40, -25)))
    assert abs(third.bounding_box()["x"] - left) < 1, "a handle of f only rises and falls"
    saddle = after(page, card, lambda: type_into(card, "f(0)", 0))
    assert "is a saddle" in saddle and "a bent f" in saddle
    yield _shape_says(card, saddle)
    yield _shape_says(card, after(page, card, lambda: type_into(card, "cosine", -0.35)))
    yield _shape_says(card, after(page, card, lambda: slide(card, 0, "ArrowRight")))
    yield _shape_says(card, after(page, card, lambda: drag(page, card.locator(".ray-knob").nth(5), 30, -20)))
    yield _shape_says(card, after(page, card, lambda: type_into(card, "J₂ start", 0.03)))
    for name in reversed(oracles.NAMED):
        said = after(page, card, lambda name=name: card.get_by_role("button", name=name, exact=True).click())
        assert said.startswith(f"With {name} and")
        yield _shape_says(card, said)


def _box(card, name: str) -> float:
    return float(card.get_by_role("spinbutton", name=name, exact=True).input_value())


def _shape_says(card, sentence: str) -> str:
    name, angle, two = re.match(r"With (.*?) and cosine (\S+), f.*and J₂ = (0\.\d+), ", sentence).groups()
    if name == "your f":
        return sentence
    cosine, start = oracles.number(angle), (oracles.said(sentence, "From J₁ ="), float(two))
    f = oracles.NAMED.get(name) or oracles.through([_box(card, f"f({u:g})") for u in (0, 0.2, 0.4, 0.6, 0.8)])
    assert ("is a saddle" in sentence) == (f(0.0) == 0 and not oracles.sinks(f, cosine))
    assert ("is a trap" in sentence) == oracles.sinks(f, cosine)
    wide = oracles.strip(f, cosine)
    if wide:
        assert oracles.said(sentence, "takes all in a strip") == pytest.approx(wide, rel=WITHIN)
    else:
        assert "there is no strip that J₂ takes" in sentence
    wait, comes, leaves = oracles.chased(f, cosine, start)
    for before, expected in (("learned at t =", wait), ("0 at t =", comes), ("leaves it at t =", leaves)):
        if np.isfinite(expected):
            assert oracles.said(sentence, before) == pytest.approx(expected, rel=WITHIN)
    assert np.isfinite(wait) or "never ends" in sentence or "not both learned" in sentence
    return sentence


def staircase(page, card):
    """K, r, start, ratio and what is taught; times and powers against Runge-Kutta in another clock."""
    yield _staircase_says(rested(page, card))
    yield _staircase_says(after(page, card, lambda: press(card, "Shift+ArrowLeft")))
    yield _staircase_says(after(page, card, lambda: drag(page, card.locator(".ray-knob").first, 15, 0)))
    lower = after(page, card, lambda: card.get_by_role("button", name="a tenth of the start").click())
    assert "Measured from p =" in lower
    yield _staircase_says(lower)
    yield _staircase_says(after(page, card, lambda: type_into(card, "components K", 5)))
    yield _staircase_says(after(page, card, lambda: type_into(card, "r", 0.09)))
    yield _staircase_says(after(page, card, lambda: type_into(card, "ratio", 3)))
    yield _staircase_says(after(page, card, lambda: slide(card, 2, "ArrowRight")))
    trap = after(page, card, lambda: card.get_by_role("button", name="the last is a trap").click())
    assert "the third never" in trap
    yield _staircase_says(trap)
    taught = after(page, card, lambda: card.get_by_role("radio").nth(1).check())
    assert "never" not in taught and card.get_by_role("radio").nth(1).is_checked()
    yield _staircase_says(taught)


def _staircase_says(sentence: str) -> str:
    found = re.match(r"(\d) components of cosine (\S+), taught by (\w+), from", sentence)
    K, r, labels = int(found[1]), -oracles.number(found[2]), found[3] == "labels"
    start, ratio = oracles.said(sentence, "J₁ ="), oracles.said(sentence, "lower by a factor")
    told, times = oracles.listed(sentence, "learned at t ="), oracles.climbed(K, r, start, ratio, labels, 120.0)
    assert len(told) == len(times) and told == pytest.approx(10 ** np.array(times), rel=WITHIN)
    if not labels:
        rising = [1 - (2 * m - 1) * r for m in range(1, K)]
        expected = [1.0, *((1 + r) / left if left > 1e-9 else np.inf for left in rising)]
        assert oracles.listed(sentence, "to the powers") == pytest.approx(expected, rel=WITHIN)
    return sentence


def modes(page, card):
    """Start, depth, strengths, tilt, axis; half-times against quadrature and Runge-Kutta on the weights."""
    yield _modes_say(rested(page, card))
    yield _modes_say(after(page, card, lambda: press(card, "Shift+ArrowLeft")))
    yield _modes_say(after(page, card, lambda: drag(page, card.locator(".ray-knob").first, 20, 0)))
    yield _modes_say(after(page, card, lambda: card.get_by_role("button", name="a tenth of the start").click()))
    yield _modes_say(after(page, card, lambda: type_into(card, "layers", 3)))
    yield _modes_say(after(page, card, lambda: type_into(card, "strength 2", 2.5)))
    yield _modes_say(after(page, card, lambda: slide(card, 0, "ArrowLeft")))
    card.get_by_role("radio").nth(1).check()
    card.get_by_text("time, log scale").wait_for()
    tilted = after(page, card, lambda: card.get_by_role("button", name="two layers, tilted").click())
    assert "tilted by 70 %" in tilted
    yield _modes_say(tilted)
    other = after(page, card, lambda: card.get_by_role("button", name="another draw").click())
    for asked, same in (("aligned layers", True), ("half learned at t =", False)):
        assert (oracles.listed(other, asked) == oracles.listed(tilted, asked)) == same
    yield other


def _modes_say(sentence: str) -> str:
    s, start = tuple(oracles.listed(sentence, "strengths")), oracles.said(sentence, "from")
    depth = int(re.search(r"in (\d) layer", sentence)[1])
    theory = oracles.listed(sentence, "theory" if "tilted" not in sentence else "aligned layers")
    assert theory == pytest.approx([oracles.grows(v, start, depth) for v in s], rel=WITHIN)
    tilt = oracles.said(sentence, "tilted by") / 100 if "tilted" in sentence else 0.0
    told = oracles.listed(sentence, "half learned at t =")
    assert told == pytest.approx([t for t in oracles.grown(s, start, depth, tilt) if t < np.inf], rel=WITHIN)
    return sentence


HANDS = {"predict": bet, "quiz": question, "square": square, "dots": dots, "draw": draw, "transfer": transfer}
HANDS |= {"ruler": ruler, "basin": basin, "causes": causes, "shape": shape, "staircase": staircase, "modes": modes}
