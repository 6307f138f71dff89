"""Exercises of chapter 07: saddles, exponents of waits, the stages of a staircase, traps, and policies that lose.

The functions with one right value stand in `ch07_functions`, the stages in `ch07_stages`.
"""

from typing import Any, cast

import numpy as np

from raylab import dynamics, interference, plateaus
from raylab.checks.ch07_functions import EXPONENT, MEETING, SADDLES
from raylab.checks.ch07_stages import STAGES
from raylab.checks.engine import Derive, Exercise, Explain, Explore, Law, Mistake, Predict, numbers
from raylab.checks.powers import POWER_IS_RIGHT, wrong_power
from raylab.systems.bandit import Bandit, SoftmaxBandit

# 07.4 ---------------------------------------------------------------------------------------------------------

EDGE = 2e-9  # |(2m - 1) r - 1|: 1/3 written as a float, or with nine decimals, is meant to be 1/3; that leaves 1e-9


def _equal_cosines(K: int, r: float) -> np.ndarray:
    return (1 + r) * np.eye(K) - r * np.ones((K, K))


def _setting(answer: Any) -> tuple[int, float, np.ndarray] | str:
    """K, r and the start, or what is wrong with their form."""
    try:
        K, r, start = answer
        K, r, start = float(K), float(r), np.asarray(start, dtype=float)
    except (TypeError, ValueError):
        return "asked for: (K, r, start), for example (4, 0.1, [0.1, 0.2, 0.3, 0.1])"
    if K not in range(2, 9):
        return f"K is {K:g}; asked for: a whole number from 2 to 8"
    if start.shape != (int(K),):
        return f"start has the shape {start.shape}; asked for: one performance for each of the {K:g} components"
    if not (np.isfinite(start).all() and (start > 0).all() and (start <= 0.5).all()):
        return f"start is {numbers(start)}; asked for: every performance above 0, and at most 0.5"
    if not np.isfinite(r) or r <= 0:
        return f"r is {numbers(r)}; asked for: a positive number, the cosines are −r"
    return int(K), r, start


def _three(answer: Any) -> tuple[int, float, np.ndarray]:
    """The same, once their form is known to be right."""
    return cast(tuple[int, float, np.ndarray], _setting(answer))


def _has_the_form(answer: Any) -> bool | str:
    found = _setting(answer)
    return found if isinstance(found, str) else True


def _solvable(answer: Any) -> bool | str:
    K, r, _ = _three(answer)
    return r < 1 / (K - 1) or f"r = {numbers(r)}, and 1/(K − 1) = {numbers(1 / (K - 1))}"


def _more_than_two(answer: Any) -> bool:
    return _three(answer)[0] > 2


def _not_at_the_edge(answer: Any) -> bool | str:
    """At r = 1/(2m - 1), m = K - 1 learned, with p = J_K and q = 1 - J_1 small: p' = -s p q, q' = -s q^2, s = m r.

    So q is about 1/(s t), and u = p/q grows by u' = (1 - r) u p, that is du/dlog t = (1 - r) u^2/s: it is 1 when
    log t has grown by s/((1 - r) u) = m q/(2 (m - 1) p).
    """
    K, r, _ = _three(answer)
    m = K - 1
    times = f"{numbers(m / (2 * m - 2))} times ".removeprefix("1 times ")
    return bool(abs((2 * m - 1) * r - 1) > EDGE) or (
        f"K = {K}, r = 1/{2 * m - 1}: once the others are learned, the last takes about e to the power {times}"
        "(1 − J of the first learned)/(J of the last)"
    )


def _has_a_trap(answer: Any) -> bool | str:
    K, r, _ = _three(answer)
    last = (1 + r) / (1 - (2 * K - 3) * r) if (2 * K - 3) * r < 1 else np.inf
    return bool(plateaus.traps(_equal_cosines(K, r))) or f"K = {K}, r = {numbers(r)}: last exponent {numbers(last)}"


def _is_trapped(answer: Any) -> bool | str:
    K, r, start = _three(answer)
    V = np.linalg.cholesky(_equal_cosines(K, r))
    run = dynamics.climb(Bandit(V), np.linalg.solve(V, np.log(start) - np.log1p(-start)))
    learned = (run.components >= 0.9).any(axis=0)
    return not learned.all() or f"all {K} are learned at t = {run.times[-1]:.3g}"


TRAP = Explore(
    names="K, r, start",
    laws=(
        Law(_has_the_form, "Three things in this order: how many components, r, and the K performances at the start."),
        Law(
            _solvable,
            "It may never end, but nobody could solve it: from r = 1/(K − 1) on the K features have no direction in "
            "common, so no parameters make all goals perfect.",
        ),
        Law(
            _more_than_two,
            "Two components never trap each other: for m = 1 the exponent is finite up to r = 1. Who else could push?",
        ),
        Law(
            _not_at_the_edge,
            "This r is exactly the edge. The exponent is infinite there, but the wait still ends, after longer than "
            "any power of 1/p. Take r larger.",
        ),
        Law(
            _has_a_trap,
            "However long it takes, it ends. A wait of 10^100 is no wait for ever: r has to be beyond the place "
            "where the exponent of the last wait becomes infinite.",
        ),
        Law(
            _is_trapped,
            "The trap is there, but this start misses it: everybody climbs nearly together, or somebody is ahead just "
            "enough. Let some be learned well before the others.",
            "almost",
        ),
    ),
)

# 07.5 ---------------------------------------------------------------------------------------------------------

CONTEXTS = 3
LOWEST, HIGHEST = 0.1, 0.6
ROUNDING = 1e-9  # a policy at the limits, from its logarithms, may come out beyond them


def _sp() -> Any:
    from raylab.symbolic import sp  # late: sympy is slow to load, and its door is there

    return sp


def _says(rate: Any, expression: str) -> bool:
    from raylab.symbolic import equivalent

    K, n = _sp().symbols("K n")
    if getattr(rate, "is_Equality", False):  # Eq(rate, ...), as elsewhere
        rate = rate.rhs if rate.lhs.is_Symbol else rate.lhs
    try:
        truth = _sp().sympify(expression, locals={"K": K, "n": n})
        return bool(equivalent(rate, truth, domains={"K": range(2, 12), "n": range(2, 30)}))
    except Exception:  # whatever stands there is no expression
        return False


def _parts(answer: Any) -> tuple[Any, np.ndarray, np.ndarray] | str:
    """Rate, W and b, or what is wrong with their form."""
    if not isinstance(answer, tuple | list) or len(answer) != 3:
        return "asked for: (rate, W, b)"
    if callable(answer[0]) and not isinstance(answer[0], _sp().Basic):
        return "rate is a function; asked for: the expression itself"
    try:
        W, b = (np.asarray(part, dtype=float) for part in answer[1:])
    except (TypeError, ValueError):
        return "W and b should hold numbers"
    if W.shape != (CONTEXTS, CONTEXTS) or b.shape != (CONTEXTS,):
        return f"W has the shape {W.shape} and b {b.shape}; asked for: (3, 3), W[action, context], and (3,)"
    if not (np.isfinite(W).all() and np.isfinite(b).all()):
        return "there is NaN or infinity in W or b"
    return answer[0], W, b


def _has_three_parts(answer: Any) -> bool | str:
    found = _parts(answer)
    return found if isinstance(found, str) else True


def _is_not(expression: str) -> Any:
    return lambda answer: not _says(_parts(answer)[0], expression)


def _is_the_rate(answer: Any) -> bool | str:
    rate = _parts(answer)[0]
    return _says(rate, "(2*n - K - 1)/n**3") or f"yours: {rate}"


def _policy(answer: Any) -> tuple[np.ndarray, np.ndarray]:
    """The policy (n, K) and the rates (K,) of the components."""
    _, W, b = cast(tuple[Any, np.ndarray, np.ndarray], _parts(answer))
    bandit = SoftmaxBandit(CONTEXTS, CONTEXTS)
    theta = bandit.parameters(W, b)
    G = bandit.gradients(theta)
    return bandit.policy(theta), interference.rates(G, G.sum(axis=0))


def _holds_logits(answer: Any) -> bool | str:
    """False for probabilities: positive, and the columns (or the rows) add up to one, and no answer as they are."""
    _, W, _ = cast(tuple[Any, np.ndarray, np.ndarray], _parts(answer))
    if all(law(answer) is True for law in (_near, _someone_declines)):
        return True
    sums = [W.sum(axis=axis) for axis in (0, 1)]
    chances = bool((W > 0).all() and any(np.allclose(total, 1, rtol=0, atol=0.011) for total in sums))
    policy, _ = _policy(answer)
    return not chances or f"as logits they make the probabilities of context 0 {numbers(policy[:, 0], 3)}"


def _near(answer: Any) -> bool | str:
    policy, _ = _policy(answer)
    return bool(policy.min() >= LOWEST - ROUNDING and policy.max() <= HIGHEST + ROUNDING) or (
        f"your probabilities go from {policy.min():.3f} to {policy.max():.3f}"
    )


def _someone_declines(answer: Any) -> bool | str:
    _, rates = _policy(answer)
    return bool(rates.min() < 0) or f"the rates are {numbers(rates, 3)}"


def _not_turned(answer: Any) -> bool:
    """False for what is asked for with W turned, and only then."""
    rate, W, b = cast(tuple[Any, np.ndarray, np.ndarray], _parts(answer))
    here, turned = ([law(way) is True for law in (_near, _someone_declines)] for way in (answer, (rate, W.T, b)))
    return all(here) or not all(turned)


LOSER = Explore(
    names="rate, W, b",
    laws=(
        Law(
            _has_three_parts,
            "Three things in this order: an expression in `K` and `n`, an array (3, 3), an array (3,).",
        ),
        Law(
            _is_not("2*(n - 1)/n**3"),
            "`rate`: this is what a goal does for itself. The other K − 1 take something away.",
        ),
        Law(
            _is_not("(2*n - K - 2)/n**3"),
            "`rate`: a goal has K − 1 opponents, not K; it does not push itself down.",
        ),
        Law(
            _is_not("(2*n + K - 3)/n**3"),
            "`rate`: the others take away. At the uniform policy the cosine is −1/(2(n − 1)).",
        ),
        Law(
            _is_not("(2*n - K - 1)/(2*n**3)"),
            "`rate`: half of it. W and b both move every logit, so each inner product of the logits' slopes counts "
            "twice for a goal with itself, and once between two goals.",
        ),
        Law(
            _is_not("(n - K)/n**3"),
            "`rate`: W carries none of the interference, but half of what a goal does for itself. Count it.",
        ),
        Law(
            _is_not("2*(n - K)/n**3"),
            "`rate`: count the shared b once. W[:, k] serves context k alone, so between two goals W adds nothing; a "
            "goal with itself has both W and b.",
        ),
        Law(
            _is_not("(2*n - K - 1)/n**2"),
            "`rate`: each gradient has its own J_k = 1/n in front, so every product of two has 1/n².",
        ),
        Law(
            _is_not("(2*n - K - 1)/n"),
            "`rate`: the slope of J_k by its logits is J_k (e_k − π), not e_k − π. That is 1/n, squared.",
        ),
        Law(
            _is_not("(2*n - K - 1)/(2*(n - 1))"),
            "`rate`: that is the share that is left of what a goal does for itself. Multiply it by the squared length "
            "of its gradient.",
        ),
        Law(_is_not("(n - 1)/n**3"), "`rate`: right for K = n only. Leave K and n apart.", "almost"),
        Law(_is_not("(2*n - 4)/n**3"), "`rate`: right for K = 3. Asked for: any K.", "almost"),
        Law(_is_not("2/27"), "`rate`: right for K = n = 3. Asked for: any K and n.", "almost"),
        Law(_is_not("K*(2*n - K - 1)/n**3"), "`rate`: this is the slope of the sum J. Asked for: that of one goal."),
        Law(
            _is_the_rate,
            "`rate`: not yet. At the uniform policy J_k is 1/n: the squared length of a gradient, plus K − 1 inner "
            "products.",
        ),
        Law(
            _holds_logits,
            "`W, b`: W holds logits, and these look like probabilities. Take their logarithms.",
            "almost",
        ),
        Law(
            _not_turned,
            "The rate is right, and W is turned: it is W[action, context], a column for each context. Hand in `W.T`.",
            "almost",
        ),
        Law(
            _near,
            "`W, b`: too far from the uniform policy. Every probability, in every context, should be between 0.1 and "
            "0.6.",
        ),
        Law(
            _someone_declines,
            "The rate is right, but at this policy nobody declines. Make one context poor, and let the others oppose "
            "it as much as they can: where should its mistakes be?",
            "almost",
        ),
    ),
)

# 07.6 ---------------------------------------------------------------------------------------------------------

_both = wrong_power(beside=7.0)

LAST_WAIT = Predict(
    truth=(11.0, 7.0),
    atol=0.05,
    mistakes=(
        *_both(11 / 3, 8, "This is the wait before the last one, m = 4. Before the last component five are learned."),
        *_both(-11, 6, "This is m = 6, or the power of p. Before the last component five are learned."),
        *_both(10, 6, "The denominator is right. While the first one rose the others sank: 1 + r on top."),
        *_both(9, 6, "The denominator is right. While the first one rose the others sank: 1 + r on top, not 1 − r."),
        *_both(11 / 9, 6, "11/9 is the first wait, m = 1."),
        *_both(1, 6, "1 is the time to the first riser, before any wait."),
        *_both(2.2, 6, "2.2 is m = 3, or 1 − mr below the line. Five are learned, and the line has 1 − (2m − 1)r."),
        *_both(11 / 7, 6, "11/7 is m = 2. Six components, so the last wait begins when five are learned."),
        *_both(2.75, 10, "The denominator loses 2r from stage to stage: 1 − (2m − 1)r, not 1 − (m + 1)r."),
        *_both(3, 6, "3 is the two by two bandit, m = 1 and r = 1/2."),
        *_both(
            1 + 11 / 9 + 11 / 7 + 2.2 + 11 / 3 + 11,
            6,
            "You have added up the exponents of all stages. The longest wait outweighs the sum of the others.",
        ),
        *_both(
            1e11,
            6,
            "This is how many times as long the wait gets from a start ten times lower. Asked for: the power alone.",
        ),
        *_both(
            11 / 9 * 11 / 7 * 2.2 * 11 / 3 * 11,
            6,
            "You have multiplied the exponents of all stages. The law counts from the first start p already.",
        ),
        Mistake(
            (11.0, 6.0),
            POWER_IS_RIGHT + "6 is how many must be *learned*. The one that never comes is one more.",
            "almost",
        ),
        Mistake(
            (11.0, 6.5),
            POWER_IS_RIGHT + "2K − 3 = 10 lies between two numbers of goals. Which of them has the infinite wait?",
            "almost",
        ),
        Mistake(
            (11.0, 11.0),
            POWER_IS_RIGHT + "With 11 goals there is no solution any more, r = 1/(K − 1). The trap comes earlier.",
            "almost",
        ),
        Mistake(
            (11.0, 10.0),
            POWER_IS_RIGHT + "10 is 1/r. The denominator is 1 − (2m − 1)r, so it is 2m − 1 that has to be that large.",
            "almost",
        ),
        Mistake(
            (11.0, 8.0),
            POWER_IS_RIGHT + "With 8 the last one never comes, true; is there a smaller number?",
            "almost",
        ),
        Mistake((7.0, 11.0), "Both are right, in the other order: first the power, then the goals.", "almost"),
    ),
)

# 07.8 ---------------------------------------------------------------------------------------------------------


def _in_K(first: str, second: str) -> Any:
    def made() -> Any:
        sp = _sp()
        K = sp.Symbol("K", positive=True)
        return tuple(sp.sympify(text, locals={"K": K}) for text in (first, second))

    return made


BETWEEN = Derive(
    truth=_in_K("1/(2*K - 3)", "1/(K - 1)"),
    domains={"K": range(3, 12)},
    mistakes=(
        Mistake(
            _in_K("1/(2*K - 1)", "1/(K - 1)"),
            "The second is right. Before the last component m = K − 1 are learned, not K.",
            "almost",
        ),
        Mistake(
            _in_K("1/(2*K - 3)", "1/K"),
            "The first is right. Each goal has K − 1 others against it.",
            "almost",
        ),
        Mistake(
            _in_K("1/(2*K - 3)", "1"),
            "The first is right. r = 1 is the bound for two goals. For K of them add up all features: the squared "
            "length of the sum is K − K(K − 1)r.",
        ),
        Mistake(
            _in_K("1/(K - 1)", "1/(2*K - 3)"),
            "Both are right, in the other order: first where the trap begins, then where solutions end.",
            "almost",
        ),
        Mistake(
            _in_K("1/(2*K - 1)", "1/K"),
            "Both are one too late: m = K − 1 components are learned before the last wait, and each goal has K − 1 "
            "others against it.",
        ),
        Mistake(
            _in_K("1/3", "1/2"),
            "These are right for K = 3. Asked for: any K.",
            "almost",
        ),
        Mistake(
            _in_K("-1/(2*K - 3)", "-1/(K - 1)"),
            "These are the cosines. r is their size, and positive.",
            "almost",
        ),
        Mistake(
            _in_K("1/(2*K - 3)", "1/(K - 2)"),
            "The first is right. At r = 1/(K − 1) the features add up to zero, and beyond that no such features exist.",
        ),
        Mistake(
            _in_K("2*K - 3", "K - 1"),
            "These are the two denominators: each bound is 1 over it.",
            "almost",
        ),
        Mistake(
            _in_K("1/(2*K - 3)", "2/(K - 1)"),
            "The first is right. In ‖v₁ + ... + v_K‖² every pair stands twice: K(K − 1) products of −r.",
        ),
        Mistake(
            _in_K("1/(2*K - 3)", "1/(K*(K - 1))"),
            "The first is right. In ‖v₁ + ... + v_K‖² there are K squares, each of them 1.",
        ),
        Mistake(
            _in_K("1/(2*(K - 1))", "1/(K - 1)"),
            "The second is right. The first bound has 2m − 1, not 2m; m = K − 1.",
            "almost",
        ),
        Mistake(
            lambda: (lambda m, K: (1 / (2 * m - 1), 1 / (K - 1)))(*_sp().symbols("m K")),
            "Right. For the first, say which m: how many are learned before the last wait?",
            "almost",
        ),
        Mistake(
            _in_K("1", "1/(K - 1)"),
            "The second is right. The first wait diverges at r = 1; which one diverges at the smallest r?",
        ),
        Mistake(
            _in_K("1/(2*K - 5)", "1/(K - 1)"),
            "The second is right. With m learned the wait diverges at 1/(2m − 1); for the last one m = K − 1.",
        ),
    ),
)

# 07.9 ---------------------------------------------------------------------------------------------------------

# who names the bias and where the mistakes sit may speak of cosines, noise and starts as well
_UNLESS_BIAS = r"^(?![\s\S]*\b(bias\w*|mistake\w*|wrong (mass|action|arm)\w*|competitor\w*|favourite|favorite)\b)"

WHY_SHORTER = Explain(
    model=(
        "In a waiting context the mistakes are not spread evenly: they gather on the action that was learned first, "
        "because its bias was raised for its own context. So all waiting contexts have the same competitor. The next "
        "one that is learned takes the bias away from that action, and this helps every other waiting context: between "
        "two of them the cosine is positive now. In the model with equal cosines nothing of the kind can happen, "
        "because there the features are fixed, and whoever rises pushes all the others down."
    ),
    points=(
        "the mistakes of a waiting context sit on the action that is played already: on its bias",
        "who is learned next takes that bias away, and so lifts the others that wait",
        "in the model the features are fixed; in the bandit they depend on the policy",
    ),
    mistakes=(
        Mistake(
            _UNLESS_BIAS + r"[\s\S]*\b(nois\w*|sampl\w*|stochastic)\b",
            "Both are exact flows, without a single sample. What do the waiting contexts do when one of them rises?",
        ),
        Mistake(
            _UNLESS_BIAS + r"[\s\S]*\b(step sizes?|learning rates?|(larger|bigger) steps?)\b",
            "Flows have no steps: both run in continuous time. What do the waiting contexts do when one of them rises?",
        ),
        Mistake(
            _UNLESS_BIAS + r"[\s\S]*\b(cannot|can't|never|not) (fall|falls|sink|decline|decrease|go down)\b",
            "The sum never falls. Single ones do: before the second riser the waiting contexts are far lower than at "
            "the start. Where are their mistakes by then?",
        ),
        Mistake(
            _UNLESS_BIAS + r"[\s\S]*\b((easier and easier|faster and faster)|transfer\w*)\b",
            "That says that they get shorter. By what? Look at the action that a waiting context plays, and at who "
            "moves its bias.",
        ),
        Mistake(
            _UNLESS_BIAS + r"[\s\S]*(fewer (tasks|contexts|components|goals)|less (competition|interference)|"
            r"(no|fewer|less) (opponents?|competitors?) (left|remain\w*))",
            "Fewer are left to wait, but more are learned, and in the model it is the learned ones that push. Look at "
            "the bias: whose is it, and who takes it away?",
        ),
        Mistake(
            _UNLESS_BIAS + r"[\s\S]*\bnegative cosines?\b",
            "Negative cosines make waits longer, as in the model. In the bandit the cosine of two that wait does not "
            "stay as it was. Why?",
        ),
        Mistake(
            _UNLESS_BIAS + r"[\s\S]*\b(own weights?|weights? (of (its|their) own|is not shared|are not shared))\b",
            "Each context has its own column of W, from the beginning to the end; that does not change from wait to "
            "wait. What is shared, and who moves it?",
        ),
        Mistake(
            _UNLESS_BIAS + r"[\s\S]*\b(saturat\w*|gradients? (vanish\w*|die\w*|are (zero|small|tiny)))",
            "The learned ones saturate in the model as well, and there the waits get longer. Look at the waiting ones.",
        ),
        Mistake(
            _UNLESS_BIAS + r"[\s\S]*\b(head start|start(s|ed)? (from )?higher|(already|have) (collected|made) (some )?"
            r"progress)",
            "Look at the depths: before the second riser all that wait have sunk. What lifts them later?",
        ),
        Mistake(
            _UNLESS_BIAS + r"[\s\S]*\b(more (parameters|capacity|room)|(larger|higher) dimension\w*)\b",
            "Room is the paper's second reason, and it costs a constant factor, not a power. Look at where the "
            "mistakes of a waiting context are.",
        ),
    ),
    words=15,
)

EXERCISES = (
    Exercise(
        id="07.1",
        title="Counting saddles",
        difficulty=2,
        minutes=6,
        hints=(
            "A deterministic policy chooses one action in each context: how many are there? At all of them every "
            "gradient vanishes.",
            "Which of them are no saddles? One cannot be improved, and at some no context ever succeeds.",
            "Of the n actions of a context n − 1 are wrong: count the policies that are wrong in every context.",
        ),
        right="Nearly all of them are saddles, and their number grows exponentially with K.",
        task=SADDLES,
    ),
    Exercise(
        id="07.2",
        title="How long is the next wait?",
        difficulty=2,
        minutes=8,
        hints=(
            "Take m = 1 first. While one rises from the depth L to 0, how far do the others sink? It goes on rising: "
            "at which height are both equally far from 0?",
            "With everybody at the depth L, the wait that begins with m learned ends at a depth Lₘ. The number "
            "Lₘ(1 − (2m − 1)r) is the same for every m: what is it for m = 0?",
            "A wait that ends at the depth Lₘ takes e^Lₘ, and L is log(1/p).",
            "What happens where the denominator is zero or negative? Nobody ever meets anybody.",
        ),
        right="The whole staircase in one fraction, and where it has no end.",
        task=EXPONENT,
    ),
    Exercise(
        id="07.3",
        title="Find the stages",
        difficulty=3,
        minutes=15,
        hints=(
            "First t90: the first record at 0.9, or the place between two records. Who has none is not learned.",
            "Then look *backwards* from there: the last record below 0.1 begins the riser. With "
            "`np.flatnonzero(curve[:end] < 0.1)` you have all that are below; what if there is none?",
            "For the order do the same with one half, and sort by that time.",
        ),
        right="Smooth, dented, noisy: your function sees who is learned, when, and after whom.",
        task=STAGES,
    ),
    Exercise(
        id="07.4",
        title="Find the trap",
        difficulty=3,
        minutes=8,
        hints=(
            "When is the exponent of the last wait infinite? And up to which r are there features with which all goals "
            "can be reached? There must be room between the two.",
            "For K = 3: between 1/3 and 1/2. Now the start: low and unequal will do.",
            "If everybody is learned nearly together, start lower.",
        ),
        right="Nothing is missing but a way: a solution exists, and this learner will never find it.",
        task=TRAP,
    ),
    Exercise(
        id="07.5",
        title="Nobody loses, and somebody does",
        difficulty=4,
        minutes=15,
        hints=(
            "At the uniform policy J_k = 1/n. The slope of J_k by the logits of its context is J_k(e_k − π), and each "
            "logit is W plus b: a goal's squared length counts twice, the product of two goals once.",
            "⟨e_k − π, e_k − π⟩ = 1 − 1/n and ⟨e_k − π, e_j − π⟩ = −1/n. Add up, and compare with zero for K ≤ n.",
            "For the second part: a poor context moves slowly by itself, and a context half-way moves fastest. And "
            "interference is largest where the mistakes of one are the right action of the other.",
        ),
        right="All goals gain at the uniform policy, the less the more there are. Not far from it one already loses.",
        task=LOSER,
    ),
    Exercise(
        id="07.6",
        title="Six goals",
        difficulty=1,
        minutes=4,
        hints=(
            "How many are learned when the last wait begins?",
            "r is 1/10: put m into the law.",
            "Let m grow by one and look at the denominator. How many goals are there when m are learned and one waits?",
        ),
        right="A start ten times lower, and the sixth comes 100 000 000 000 times as late. A seventh never comes.",
        task=LAST_WAIT,
    ),
    Exercise(
        id="07.7",
        title="One stretch of the skeleton",
        difficulty=3,
        minutes=10,
        hints=(
            "Let each of the m push with a weight w. Its own logit rises by w, less r w for each of the m − 1 others. "
            "Which w makes that 1?",
            "An unlearned one sinks by r w for each of the m. That is its speed c per unit of rise.",
            "After a rise of u: height + u = depth + c u. When is there a solution?",
        ),
        right="One line of algebra, and all of the law is in it: the infinite plateau, too.",
        task=MEETING,
    ),
    Exercise(
        id="07.8",
        title="Between two bounds",
        difficulty=2,
        minutes=8,
        hints=(
            "The wait with m learned is infinite from r = 1/(2m − 1) on. Which m comes first as r grows?",
            "Unit features with the cosines −r: compute the squared length of their sum. It cannot be negative.",
        ),
        right="For K = 2 both are 1, and there is nothing between them. For many goals half of the range is a trap.",
        task=BETWEEN,
    ),
    Exercise(
        id="07.9",
        title="Why shorter?",
        difficulty=3,
        minutes=8,
        hints=(
            "In a waiting context the probability is nearly all on wrong actions. On which of them?",
            "When the second context is learned, whose bias goes up, and whose goes down? What does that do to the "
            "third?",
        ),
        right="Compare yours with this one.",
        task=WHY_SHORTER,
    ),
)
