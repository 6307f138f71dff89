"""Exercises of chapter 08: one mode and its clock, depth, names of modes, and starts that do not wait.

The functions of 08.1 and 08.2 stand in `ch08_flow`, that of 08.4 in `ch08_track`, that of 08.8 in `ch08_seeds`, the
search of 08.6 in `ch08_start`.
"""

from typing import Any

from raylab.checks.ch08_flow import RATES, STRENGTH
from raylab.checks.ch08_seeds import SEEDS
from raylab.checks.ch08_start import START
from raylab.checks.ch08_track import TRACK
from raylab.checks.engine import Derive, Exercise, Mistake, Predict


def _sp() -> Any:
    from raylab.symbolic import sp  # late: sympy is slow to load, and its door is there

    return sp


# 08.3 ---------------------------------------------------------------------------------------------------------


def _time(change: Any) -> Any:
    def made() -> Any:
        sp = _sp()
        return change(*sp.symbols("s u0 tau", positive=True), sp.log)

    return made


_NEGATIVE = "The sign: for a low start this is a negative time."
_RELAXES = "This is a mode that relaxes, as a single layer does. With two layers it begins at the speed 2su₀, slowly."

HALF = Derive(
    truth=_time(lambda s, u0, tau, log: tau * log(s / u0 - 1) / (2 * s)),
    domains={"s": (2.0, 5.0), "u0": (0.01, 0.5), "tau": (0.5, 3.0)},
    mistakes=(
        Mistake(
            _time(lambda s, u0, tau, log: tau * log(s / u0) / (2 * s)),
            "Right for low starts. The log odds begin at log(u₀/(s − u₀)), not at log(u₀/s).",
            "almost",
        ),
        Mistake(
            _time(lambda s, u0, tau, log: tau * log(s / u0 - 1) / s),
            "Twice too long: the log odds rise at the rate 2s/τ.",
        ),
        Mistake(
            _time(lambda s, u0, tau, log: log(s / u0 - 1) / (2 * s)),
            "τ is missing: with a larger time scale everything takes longer.",
            "almost",
        ),
        Mistake(
            _time(lambda s, u0, tau, log: log(s / u0 - 1) / (2 * s * tau)),
            "τ is on the wrong side: with a larger time scale everything takes longer.",
        ),
        Mistake(
            _time(lambda s, u0, tau, log: tau * log(s / (2 * u0)) / (2 * s)),
            "So long would pure growth take, e^(2st/τ), to s/2. Near s/2 it is already slowed down by the factor "
            "s − w.",
        ),
        Mistake(
            _time(lambda s, u0, tau, log: tau * log(u0 / (s - u0)) / (2 * s)),
            _NEGATIVE,
        ),
        Mistake(
            _time(lambda s, u0, tau, log: tau * log(u0 / s) / (2 * s)),
            _NEGATIVE,
        ),
        Mistake(
            _time(lambda s, u0, tau, log: tau * log(1 - s / u0) / (2 * s)),
            "For a start below the goal this is the logarithm of a negative number: turn the difference round.",
        ),
        Mistake(
            _time(lambda s, u0, tau, log: tau * log(s / (2 * u0) - 1) / (2 * s)),
            "Here s/2 has become the goal. The goal stays s; s/2 is where w is at the time you look for.",
        ),
        Mistake(
            _time(lambda s, u0, tau, log: tau * log(s / u0 + 1) / (2 * s)),
            "Check the sign in the logarithm: a mode that starts at s/2 has to wait for no time at all.",
        ),
        Mistake(
            _time(lambda s, u0, tau, log: tau * log(1 / u0 - 1) / (2 * s)),
            "This is half-way for the goal 1 in the logarithm. The odds are w/(s − w).",
        ),
        Mistake(
            _time(lambda s, u0, tau, log: tau * log(s / u0 - 1) / 2),
            "The rate of the log odds is 2s/τ, so that strong modes are faster: divide by s as well.",
        ),
        Mistake(
            _time(lambda s, u0, tau, log: tau * log(2) / (2 * s) + 0 * u0),
            _RELAXES,
        ),
        Mistake(
            _time(lambda s, u0, tau, log: tau * log(2 * (s - u0) / s)),
            _RELAXES,
        ),
    ),
)

# 08.5 ---------------------------------------------------------------------------------------------------------

_SPEED = "This is 2 − 2/L, the power in the speed, and the integral of its inverse is one power less."
_COMPLEMENT = "This falls as layers are added: 2/L. More layers wait longer, and the power goes to 1, the bandit's."

DEPTH = Predict(
    truth=(1 / 3, 2 / 3, 20.0),
    atol=0.0051,
    mistakes=(
        Mistake(
            (2 / 3, 5 / 6, 10.0),
            "This is c = 1 − 1/L, the power in f ~ J^c. The wait is the integral of u^(−2c): its power is 2c − 1.",
        ),
        Mistake((4 / 3, 5 / 3, 20.0), _SPEED),
        Mistake((4 / 3, 5 / 3, 2 / 1.1), _SPEED),
        Mistake((2 / 3, 1 / 3, 20.0), _COMPLEMENT),
        Mistake((2 / 3, 1 / 3, 2 / 0.9), _COMPLEMENT),
        Mistake(
            (-1 / 3, -2 / 3, 20.0),
            "The sizes are right. Asked for are powers of *one over* the start: the waits grow.",
            "almost",
        ),
        Mistake(
            (3.0, 6.0, 0.9),
            "So steep would it be if every layer brought a power of its own. No depth waits longer than the bandit.",
        ),
        Mistake(
            (1.0, 4.0, 2.9),
            "This is L − 2, the power if the weight of one layer is taken as the start. u₀ is the product of all L.",
        ),
        Mistake(
            (0.0, 0.0, 0.9),
            "This is the answer for two layers, whose wait is a logarithm. From three layers on it is a power.",
        ),
        Mistake(
            (1 / 3, 2 / 3, 10.0),
            "The two powers are right. For the last one solve 1 − 2/L = 0.9.",
            "almost",
        ),
        Mistake(
            (1 / 3, 1 / 6, 20.0),
            "This falls with L. More layers wait longer: 1/L comes with a minus sign.",
        ),
        Mistake(
            (1 / 3, 0.5, 20.0),
            "The first and the last are right. 1 − 2/L at L = 6?",
            "almost",
        ),
    ),
)

# 08.7 ---------------------------------------------------------------------------------------------------------


def _in_s(change: Any) -> Any:
    def made() -> Any:
        sp = _sp()
        return change(sp.Symbol("s", positive=True), sp.sqrt)

    return made


BALANCE = Derive(
    truth=_in_s(lambda s, root: s / root(6)),
    domains={"s": (0.5, 5.0)},
    mistakes=(
        Mistake(
            _in_s(lambda s, root: s**2 / 6),
            "This is q². Take the root.",
            "almost",
        ),
        Mistake(
            _in_s(lambda s, root: s / root(2)),
            "From there on the *strength* w never speeds up. J has the slope (s − w)w', with one more factor s − w.",
        ),
        Mistake(
            _in_s(lambda s, root: s / (2 * root(6))),
            "A 4 is missing: the speed has the root of q² + 4w².",
        ),
        Mistake(
            _in_s(lambda s, root: 0 * s),
            "At w = 0 any q will do. But on the way, near w = s/6, the slope may still rise: look at all w.",
        ),
        Mistake(
            _in_s(lambda s, root: s / root(3)),
            "Nearly. −12w² + 4sw is at most s²/3, and that is compared with 2q².",
        ),
        Mistake(
            _in_s(lambda s, root: s / 6),
            "This is the w at which the slope is the last to stop rising. Put it in, and solve for q.",
        ),
        Mistake(
            _in_s(lambda s, root: s),
            "So much is enough, and more than enough. Asked for: the smallest.",
        ),
        Mistake(
            _in_s(lambda s, root: root(s)),
            "Look at the units: q is a square of weights, as s is. Their ratio is a number.",
        ),
        Mistake(
            _in_s(lambda s, root: s / root(8)),
            "Two slips. In J' the factor (s − w) is squared: once for the speed, once for what the speed does to J. "
            "And under the root stands 4w².",
        ),
        Mistake(
            _in_s(lambda s, root: -s / root(6)),
            "The size is right. Asked for is |q|, which is not negative.",
            "almost",
        ),
        Mistake(
            _in_s(lambda s, root: s * root(6)),
            "Upside down: compare s² with 6q².",
        ),
    ),
)

EXERCISES = (
    Exercise(
        id="08.1",
        title="The strength of a mode",
        difficulty=2,
        minutes=8,
        hints=(
            "Where does w/(s − w) begin, and how fast does its logarithm rise?",
            "Divide numerator and denominator of the chapter's formula by e^(2st/τ): what is left holds e to negative "
            "powers only, and those may well be zero.",
        ),
        right="The exact law, and it holds for 1000 time units as well as for one.",
        task=STRENGTH,
    ),
    Exercise(
        id="08.2",
        title="The flow of two layers",
        difficulty=2,
        minutes=8,
        hints=(
            "Shapes first: dW₁ is (hidden, in), dW₂ is (out, hidden), and the error Σ_xy − W₂W₁Σ_xx is (out, in).",
            "A change of W₁ acts through W₂, so its gradient comes back through W₂ᵀ; W₂ sees what W₁ hands on.",
        ),
        right="That is gradient descent on half the mean squared error, in two products.",
        task=RATES,
    ),
    Exercise(
        id="08.3",
        title="Half-way",
        difficulty=2,
        minutes=8,
        hints=(
            "At one half of the goal the odds w/(s − w) are 1, and their logarithm is 0.",
            "The log odds begin at log(u₀/(s − u₀)) and rise at the rate 2s/τ.",
        ),
        right="One over s, up to a logarithm: that is why strong modes come first.",
        task=HALF,
    ),
    Exercise(
        id="08.4",
        title="Keep their names",
        difficulty=3,
        minutes=10,
        hints=(
            "Whose singular vectors do not change during training?",
            "numpy gives U, s, Vᵀ. Column a of U and row a of Vᵀ belong together; their signs cancel in the product.",
            "An `einsum` over times, or a loop: the strength is u ᵀ (W₂W₁) v for each a.",
        ),
        right="No sorting, no swaps, and the signs of the singular vectors do not matter.",
        task=TRACK,
    ),
    Exercise(
        id="08.5",
        title="What depth does to the wait",
        difficulty=3,
        minutes=8,
        hints=(
            "The speed near 0 is a power of w: L w^(2 − 2/L) s. The wait is the integral of one over it, from u₀ on.",
            "∫ w^(−a) dw from u₀ is u₀^(1 − a)/(a − 1) if a > 1. For which L is a − 1 equal to 0.9?",
        ),
        right="Two layers wait a logarithm, twenty nearly as long as the bandit.",
        task=DEPTH,
    ),
    Exercise(
        id="08.6",
        title="Take the plateaus away",
        difficulty=3,
        minutes=12,
        hints=(
            "The product has to be small, not both of its factors.",
            "A mode moves at once if one of its two weights is large: q = β² − α² far from 0. Every mode needs that.",
            "A first layer with orthogonal columns of some size, and a second one that is zero. How large? See 08.7.",
        ),
        right="It starts at once, and never waits. Look at what the large layer has learned.",
        task=START,
    ),
    Exercise(
        id="08.7",
        title="How far out of balance?",
        difficulty=4,
        minutes=12,
        hints=(
            "J' = (s − w) w'. Write it as a function of w, and ask where that function rises.",
            "The logarithm is easier to differentiate: −2/(s − w) + 4w/(q² + 4w²) must not be positive.",
            "That is −12w² + 4sw − 2q² ≤ 0 for all w from 0 to s. Where is the left side largest?",
        ),
        right="A conserved number decides, at the start, whether there will ever be a wait.",
        task=BALANCE,
    ),
    Exercise(
        id="08.8",
        title="Seeds",
        difficulty=4,
        minutes=12,
        hints=(
            "ρₐ = (W₁vₐ + W₂ᵀuₐ)/2 is a vector in the hidden space; u and v are those of the target.",
            "Go from the strongest mode to the weakest. From each seed subtract its projection on the directions of "
            "all seeds before it (as they were left), then square the length.",
            "`np.linalg.qr` of the matrix of seeds does just that: look at the diagonal of R.",
        ),
        right="From these numbers follows when each mode will be learned, before the first update.",
        task=SEEDS,
    ),
)
