"""Pull or help? Interference of K contexts over n actions, as the policy moves onto actions that are right nowhere."""

from dataclasses import dataclass
from functools import lru_cache

import ipywidgets as ui
import numpy as np

from raylab import arguments, interference, palette, projection
from raylab.systems.bandit import SoftmaxBandit
from raylab.widgets import svg, words
from raylab.widgets.card import Card
from raylab.widgets.dial import Dial
from raylab.widgets.stage import Stage

MOST_CONTEXTS, MOST_ACTIONS = 8, 16
LEAST, MOST = 0.1, 99.9  # per cent of the policy on spurious actions
SHARES = np.linspace(LEAST, MOST, 121)
VIEW = "0 0 640 340"
PLOT = svg.Panel(64, 34, 330, 240, (0, 100), (-0.56, 0.34))
MATRIX = svg.Panel(446, 50, 168, 168)
PRESETS = {"uniform policy": None, "half spurious": 50.0, "spurious dominate": 99.0}


def transfer(contexts: int = 2, actions: int = 3) -> "Transfer":
    """Contexts, actions, and how much of the policy's probability sits on actions that are right in no context.

    Shows the cosine between two components over that share, and the whole interference matrix at the chosen one.
    contexts in 2 .. 8, actions in contexts .. 16.
    Raises TypeError for sizes that are no whole numbers, ValueError for sizes out of range.
    """
    K = arguments.count(contexts, "contexts", 2)
    n = arguments.count(actions, "actions", K)
    arguments.number(K, "contexts", 2, MOST_CONTEXTS)
    arguments.number(n, "actions", K, MOST_ACTIONS)
    return Transfer(K, n)


@dataclass(frozen=True)
class Reading:
    """At policies with `shares` (S,) per cent on spurious actions: cosines (S, K, K), J_k and its rate J_k′ (S, K)."""

    shares: np.ndarray
    cosines: np.ndarray
    components: np.ndarray
    rates: np.ndarray


@lru_cache(maxsize=64)
def compute(contexts: int, actions: int, shares: tuple[float, ...]) -> Reading:
    """Interference of the softmax bandit whose bias alone puts that share on the spurious actions."""
    bandit = SoftmaxBandit(contexts, actions)
    spurious = actions - contexts
    s = np.array(shares) / 100
    b = np.zeros((len(s), actions))
    if spurious:
        b[:, contexts:] = (np.log(s / spurious) - np.log((1 - s) / contexts))[:, None]
    parameters = bandit.parameters(np.zeros((len(s), actions, contexts)), b)
    G = bandit.gradients(parameters)
    rates = interference.rates(G, projection.total(bandit.updates(parameters)))
    return Reading(np.array(shares), interference.cosine(G), bandit.components(parameters), rates)


def curve(contexts: int, actions: int) -> Reading:
    """`compute` over the whole axis; a single policy where there is no spurious action."""
    return compute(contexts, actions, tuple(SHARES) if actions > contexts else (0.0,))


def uniform_share(contexts: int, actions: int) -> float:
    """Per cent of the uniform policy on spurious actions."""
    return 100 * (actions - contexts) / actions


def backdrop() -> str:
    """The axes of the cosine, and its sign in words."""
    p = PLOT
    out = [f'<path d="M{p.left:g},{p.top:g}V{p.bottom:g}M{p.left:g},{p.y(0):g}H{p.right:g}" stroke="{palette.QUIET}"/>']
    for v in (-0.5, -0.25, 0.0, 0.25):
        out.append(svg.text(p.left - 9, p.y(v) + 5, words.number(v), anchor="end"))
    for share in (0, 25, 50, 75, 100):
        out.append(svg.text(p.x(share), p.bottom + 20, f"{share} %"))
    out.append(svg.text(p.left + p.width / 2, p.bottom + 42, "of the policy on spurious actions"))
    out.append(svg.text(p.left, p.top - 14, "cosine of two components", anchor="start"))
    out.append(svg.text(p.left + 8, p.y(0.28), "they help each other", palette.QUIET, "start", 13))
    out.append(svg.text(p.right, p.y(-0.51), "they pull against each other", palette.QUIET, "end", 13))
    out.append(svg.text(MATRIX.left + MATRIX.width / 2, p.top - 14, "all K × K cosines"))
    return "".join(out)


def render(contexts: int, actions: int, share: float) -> tuple[str, str, float]:
    """(front, sentence, cosine) at `share` per cent of the policy on spurious actions."""
    share = share if actions > contexts else 0.0
    here = compute(contexts, actions, (share,))
    cosine = float(here.cosines[0, 0, 1])
    front = _line(contexts, actions) + _limits(contexts, actions) + _matrix(here.cosines[0])
    return front, _sentence(contexts, actions, share, cosine, here), cosine


def _line(contexts: int, actions: int) -> str:
    along = curve(contexts, actions)
    cosine = along.cosines[:, 0, 1]
    if actions == contexts:
        return ""
    parts = []  # below zero in the colour of conflict, above in that of help
    for part, colour in ((cosine <= 0, palette.EARTH), (cosine >= 0, palette.PLATEAU)):
        if part.sum() > 1:
            parts.append(PLOT.line(along.shares[part], cosine[part], colour, 3))
    return "".join(parts)


def _limits(contexts: int, actions: int) -> str:
    """Theory, in black: the exact value at the uniform policy and, dashed, where spurious actions have it all."""
    share, value = uniform_share(contexts, actions), -1 / (2 * (actions - 1))
    x, y = PLOT.x(share), PLOT.y(value)
    side, way = (12, "start") if share < 60 else (-10, "end")
    out = svg.dot(x, y, 5, palette.PAPER, palette.INK, 2)
    out += svg.text(x + side, y + 19, f"uniform: −1/{2 * (actions - 1)}", palette.INK, way)
    if actions > contexts:
        top = 2 * (actions - contexts + 1)
        y = PLOT.y(1 / top)
        out += svg.line([PLOT.x(40), PLOT.right], [y, y], palette.INK, 1.4, "5 4")
        out += svg.text(PLOT.right, y - 8, f"spurious alone: +1/{top}", palette.INK, "end")
    return out


def _matrix(cosines: np.ndarray) -> str:
    """The matrix as squares; their area is the size of the cosine, filled where negative, else open, as in plots."""
    K = len(cosines)
    side, out = MATRIX.width / K, []
    for i in range(K):
        for j in range(K):
            x, y = MATRIX.left + side * (j + 0.5), MATRIX.top + side * (i + 0.5)
            half = 0.46 * side * np.sqrt(abs(cosines[i, j]))
            look = f'fill="{palette.INK}"' if cosines[i, j] < 0 else f'fill="{palette.PAPER}" stroke="{palette.EARTH}"'
            look = f'fill="none" stroke="{palette.QUIET}" stroke-dasharray="1 3"' if i == j else look
            size = f'x="{x - half:.1f}" y="{y - half:.1f}" width="{2 * half:.1f}" height="{2 * half:.1f}"'
            out.append(f"<rect {size} {look}/>")
    frame = f'x="{MATRIX.left:g}" y="{MATRIX.top:g}" width="{MATRIX.width:g}" height="{MATRIX.height:g}"'
    key = (("filled: pull against", 24), ("open: help", 45), ("area: size of the cosine", 66))
    words_ = [
        svg.text(MATRIX.left + MATRIX.width / 2, MATRIX.bottom + dy, said, palette.QUIET, size=13) for said, dy in key
    ]
    return f'<rect {frame} fill="{palette.SAND}"/>' + "".join(out + words_)


def _sentence(contexts: int, actions: int, share: float, cosine: float, here: Reading) -> str:
    J, rate = here.components[0, 0], here.rates[0, 0]
    if actions == contexts:
        where = f"With {contexts} contexts and {actions} actions none is spurious"
    else:
        where = (
            f"With {contexts} contexts, {actions} actions and {words.number(share, 4)} % of the policy on spurious ones"
        )
    meets = "do not touch" if abs(cosine) < 5e-4 else "help each other" if cosine > 0 else "pull against each other"
    change = 100 * (contexts - 1) * cosine
    speed = f"{words.number(abs(change), 2)} % {'faster' if change > 0 else 'slower'} than alone"
    said = "−" if cosine < 0 else "+"
    return (
        f"{where}, the cosine is <b>{said}{words.number(abs(cosine))}</b>: two components {meets}. "
        f"Each has J = {words.number(J)} and rises at J′ = {words.number(rate)}, {speed}."
    )


class Transfer(Card):
    """The widget that `transfer` returns."""

    def __init__(self, contexts: int, actions: int):
        self.stage = Stage(
            VIEW,
            backdrop(),
            labels=["share of the policy on spurious actions; left and right keys, with Shift ten times as far"],
            box=[PLOT.x(LEAST), PLOT.top, PLOT.x(MOST), PLOT.bottom],
            axes="x",
            step=PLOT.width / 100,
            moved=lambda _, x, __: self.put(share=PLOT.value(x, 0)[0]),
        )
        self.contexts = Dial("contexts K", contexts, 2, MOST_CONTEXTS, 1, lambda K: self.put(contexts=int(K)))
        self.actions = Dial("actions n", actions, 2, MOST_ACTIONS, 1, lambda n: self.put(actions=int(n)))
        self.share = Dial("spurious, %", _uniform(contexts, actions), LEAST, MOST, 0.01, lambda s: self.put(share=s))
        presets = [ui.Button(description=name) for name in PRESETS]
        for preset in presets:
            preset.on_click(lambda b: self.put(share=PRESETS[b.description] or self._uniform_now()))
        super().__init__(self.stage, self.contexts, self.actions, self.share, ui.HBox(presets))
        self.put()

    def _uniform_now(self) -> float:
        return _uniform(int(self.contexts.value), int(self.actions.value))

    def put(self, contexts: int | None = None, actions: int | None = None, share: float | None = None) -> None:
        """Change what is given; the other size follows where K would exceed n.

        Raises TypeError or ValueError for sizes that are no whole numbers and a share that is no finite number.
        """
        K, n = (
            int(dial.value) if size is None else arguments.count(size, name, 2)
            for size, name, dial in ((contexts, "contexts", self.contexts), (actions, "actions", self.actions))
        )
        K, n = (min(K, n), n) if actions else (K, max(n, K))
        if share is not None:
            self.share.put(float(np.clip(round(arguments.number(share, "share"), 2), LEAST, MOST)))
        self.contexts.put(K)
        self.actions.put(n)
        front, said, cosine = render(K, n, self.share.value)
        at = PLOT.x(self.share.value if n > K else 0.0)
        self.sentence = words.plain(said)
        self.stage.show(front, said, [[at, PLOT.y(cosine)]], [f"{self.share.value:g} % spurious"])


def _uniform(contexts: int, actions: int) -> float:
    return float(np.clip(round(uniform_share(contexts, actions), 2), LEAST, MOST))
