"""Exercises of chapter 05: labels instead of rewards, data of others, clocks, ablations, and a saddle that one leaves.

The long lists of mistakes that learners make with the three functions stand in `ch05_functions`.
"""

from typing import Any

from raylab.checks.ch05_functions import CLOCK, COUPLING, VELOCITY
from raylab.checks.engine import Derive, Exercise, Explain, Mistake, Predict

# 05.2 ---------------------------------------------------------------------------------------------------------


def _sp() -> Any:
    from raylab.symbolic import sp  # late: sympy is slow to load, and its door is there

    return sp


def _points(*pairs: tuple[int, int]) -> Any:
    """A set of points, each coordinate given in halves."""

    def made() -> Any:
        half = _sp().Rational(1, 2)
        return {(x * half, y * half) for x, y in pairs}

    return made


CORNERS = ((0, 0), (0, 2), (2, 0), (2, 2))
MIDDLES = ((0, 1), (1, 0))

FIXED_POINTS = Derive(
    truth=_points(*CORNERS, *MIDDLES),
    mistakes=(
        Mistake(
            _points(*CORNERS),
            "All four corners, and no other: these are the fixed points of the learner with rewards. A teacher does "
            "not "
            "stop on the edges between them: look at J₁ = 0 without dividing anything out.",
        ),
        Mistake(
            _points((2, 2)),
            "That one, yes: there both factors 1 − 2Jₖ + J vanish. But a rate also vanishes where its factor Jₖ(1 − "
            "Jₖ) does: put "
            "J₁ = 0, then solve for J₂.",
        ),
        Mistake(
            _points(*MIDDLES),
            "These are the two that are easy to miss. The easy ones are missing: the corners.",
        ),
        Mistake(
            _points((2, 2), *MIDDLES),
            "Two factors can vanish in each equation. You have met one of each; both may be the same kind.",
        ),
        Mistake(
            _points(*CORNERS, (2, 1), (1, 2)),
            "The two middle points are on the wrong edges. On J₁ = 1 the second rate is 2J₂(1 − J₂)², which vanishes "
            "at "
            "the ends only.",
        ),
        Mistake(
            _points(*CORNERS, *MIDDLES, (2, 1), (1, 2)),
            "Two too many. On the edges J₁ = 1 and J₂ = 1 nothing stands still between the corners.",
            "almost",
        ),
        Mistake(
            _points(*CORNERS, *MIDDLES, (1, 1)),
            "Six are right, and one is too many: in the middle, at (1/2, 1/2), both rates are 1/8.",
            "almost",
        ),
        Mistake(
            _points(*CORNERS, (1, 1)),
            "The middle of the square moves: there both factors 1 − 2Jₖ + J are 1/2. Try the edges.",
        ),
        Mistake(
            lambda: {(_sp().Integer(0), _sp().Rational(1, 2)), *_points(*CORNERS)()},
            "One is missing. The two tasks can be exchanged, so fixed points come in mirror pairs.",
            "almost",
        ),
        Mistake(
            lambda: {(_sp().Rational(1, 2), _sp().Integer(0)), *_points(*CORNERS)()},
            "One is missing. The two tasks can be exchanged, so fixed points come in mirror pairs.",
            "almost",
        ),
    ),
)

# 05.5 ---------------------------------------------------------------------------------------------------------

ABLATION = Predict(
    truth=("neither", "both", "interference", "coupling"),
    mistakes=(
        Mistake(
            ("both", "coupling", "interference", "neither"),
            "You have sorted by the length of the wait. The step sizes are not known, so one wait says nothing; what "
            "does the wait do when the start gets ten times lower?",
        ),
        Mistake(
            ("neither", "both", "coupling", "interference"),
            "A and B are right. C and D the other way round: whose wait is multiplied by the start, and where does a "
            "task lose ground?",
        ),
        Mistake(
            ("interference", "both", "neither", "coupling"),
            "B and D are right. In A nobody ever loses ground, in C somebody does: which of them shares something?",
        ),
        Mistake(
            ("neither", "coupling", "interference", "both"),
            "A and C are right. In B task 2 falls far below its start, in D nobody falls: who shares the bias?",
        ),
        Mistake(
            ("coupling", "interference", "both", "neither"),
            "The two questions have been exchanged. Coupling shows in how the wait grows, interference in who loses "
            "ground.",
        ),
        Mistake(
            ("interference", "both", "coupling", "neither"),
            "You have looked at the wait alone. Whether a task loses ground is in the last two columns.",
        ),
        Mistake(
            ("coupling", "both", "interference", "neither"),
            "B and C are right. A and D: nobody loses ground in either, so only the growth of the wait tells them "
            "apart.",
        ),
        Mistake(
            ("neither", "interference", "both", "coupling"),
            "A and D are right. In B and C somebody loses ground, as you saw. Which of the two pays for a lower start "
            "with a multiple of its wait, and which with a little more?",
        ),
        Mistake(
            ("both", "neither", "interference", "coupling"),
            "C and D are right. Somebody loses ground in B, and nobody does in A: who shares the bias?",
        ),
        Mistake(
            ("neither", "both", "both", "coupling"),
            "Each of the four learners occurs once. In C somebody loses ground, but does its wait multiply?",
        ),
    ),
)

# 05.7 ---------------------------------------------------------------------------------------------------------

TAKES_ALL = Predict(
    truth=0.5,
    atol=1e-3,
    mistakes=(
        Mistake(0.25, "One of the two regions. By symmetry there is another one."),
        Mistake(
            0.3768, "This is the learner with rewards, chapter 03. With labels the null clines are straight lines."
        ),
        Mistake(
            (-0.001, 0.001),
            "“No plateaus, so no winner takes all”: the two are not the same. Is there a place where J₁' is negative?",
        ),
        Mistake(
            0.75,
            "Too much. J₁' is negative below the line from (1/2, 0) to (1, 1): how large is that triangle? There is a "
            "second one, and the two do not overlap.",
        ),
        Mistake(
            0.125,
            "A quarter of it. The triangle in which J₁ falls has the base 1/2 and the height 1; and there are two.",
        ),
        Mistake(1.0, "In the white both improve: for example on the diagonal."),
        Mistake(
            0.5903, "The share of angles at the origin belongs to the learner with rewards. Here it is a whole area."
        ),
        Mistake((49.9, 50.1), "In percent. A share lies between 0 and 1.", "almost"),
    ),
)

# 05.8 ---------------------------------------------------------------------------------------------------------


def _pair(first: str, second: str) -> Any:
    return lambda: (_sp().Rational(first), _sp().Rational(second))


def _place() -> Any:
    sp = _sp()
    return (1 - sp.sqrt(sp.Rational(1, 7))) / 2, sp.Rational(9, 98)


THRESHOLD = Derive(
    truth=_pair("3/14", "9/98"),
    mistakes=(
        Mistake(
            _pair("7/30", "49/450"), "This is the shared bias, chapter 04. Here each rate is aₖ², without a product."
        ),
        Mistake(
            _pair("3/14", "9/196"),
            "The first is right. The slope is that of J₁ + J₂: both tasks move at a².",
            "almost",
        ),
        Mistake(
            _pair("3/14", "9/49"),
            "The first is right, and the second is twice too large: a weight alone has the feature norm 1, so Jₖ' = "
            "aₖ², "
            "not 2aₖ².",
            "almost",
        ),
        Mistake(
            _pair("1/4", "1/8"),
            "This is the middle of the square, where a is largest. Is 1 − 2Jₖ held fixed? It changes along the "
            "orbit, too.",
        ),
        Mistake(
            _pair("1/12", "1/72"),
            "In the derivative of 1 − 2Jₖ a factor is lost: it is −2Jₖ', and Jₖ' is aₖ², not aₖ.",
        ),
        Mistake(
            _pair("3/8", "9/32"),
            "a is never above 1/4. (1 − 2J)² is 1 − 4J(1 − J), so 1 − 4a and not 1 − 2a.",
        ),
        Mistake(
            _place,
            "The slope is right, and so is the place: this is J₁ there. Asked for: a = J₁(1 − J₁).",
            "almost",
        ),
        Mistake(
            _pair("0.2143", "0.0918"),
            "The numbers agree, but rounded. Asked for: exact ones. Solve the last line for a in fractions.",
            "almost",
        ),
        Mistake(
            _pair("0.214", "0.0918"),
            "The numbers agree, but rounded. Asked for: exact ones. Solve the last line for a in fractions.",
            "almost",
        ),
        Mistake(_pair("9/98", "3/14"), "Both are right, in the other order: first a, then the slope.", "almost"),
    ),
)

# 05.9 ---------------------------------------------------------------------------------------------------------


def _in_f0(first: str, second: str) -> Any:
    def made() -> Any:
        sp = _sp()
        f0 = sp.Symbol("f0", positive=True)
        return sp.Rational(first) * f0, sp.Rational(second) * f0

    return made


LEAVING = Derive(
    truth=_in_f0("1/2", "3/2"),
    mistakes=(
        Mistake(
            _in_f0("0", "2"),
            "That is what happens when the first task is perfect. But it is pulled off its place: where does x₁' "
            "vanish?",
        ),
        Mistake(
            _in_f0("1/2", "2"),
            "The balance is right. But task 1, though it stands still, goes on pulling: subtract its f.",
            "almost",
        ),
        Mistake(
            _in_f0("1/2", "5/2"),
            "The balance is right. The pull of task 1 goes against task 2: it is subtracted.",
            "almost",
        ),
        Mistake(
            _in_f0("2", "0"),
            "The balance upside down: 2f(J₁) = f(0), and not f(J₁) = 2f(0). With it nobody would ever leave.",
        ),
        Mistake(
            _in_f0("1", "1"),
            "In balance the first task has *half* the pull of the second, because it pulls itself twice.",
        ),
        Mistake(
            _pair("1/2", "3/2"),
            "These are the numbers of the learner with labels, f(0) = 1. Asked for: the same for any f(0), in `f0`.",
            "almost",
        ),
        Mistake(
            _in_f0("1/2", "1/2"),
            "The balance is right. For the rate of task 2 take 2f(0) − f(J₁), with f(J₁) from the balance.",
            "almost",
        ),
        Mistake(
            _in_f0("3/2", "1/2"), "Both are right, in the other order: first the balance, then the rate.", "almost"
        ),
    ),
)

# 05.6 ---------------------------------------------------------------------------------------------------------

# who names the silence of the unlearned task, or who pushes the bias, may mention noise, steps and optima as well
_UNLESS_SILENCE = (
    r"^(?![\s\S]*\b(zero|silent|silence|no (gradient|update|signal)|nothing|seldom|rarely|hardly ever|never rewarded|"
    r"only when|unless|push\w*|driv\w*|pull\w*)\b)"
)
_EXPLORES = r"\b(explor\w*|greedy|entropy|overfit\w*|momentum)\b"

OPTIMISERS = Explain(
    model=(
        "With exact gradients the unlearned task is heard at every update. Its gradient is tiny, but RMSProp divides "
        "it by its own recent size, so it moves at full speed, and the shared bias follows whichever task is louder. "
        "With samples the unlearned task has no gradient at all between two rewards, and zero divided by anything is "
        "zero. The learned task is rewarded nearly every time; its gradient is tiny as well, and normalised it goes on "
        "pushing its weight and the shared bias. The other one's logit falls at a constant rate, its chance of a "
        "reward exponentially, and the sum of all chances to come is finite: with a good chance it is never rewarded "
        "again. Plain ascent lets the push fade like 1/t; there the sum is infinite, and the reward comes."
    ),
    points=(
        "between two rewards the sampled gradient of the unlearned task is exactly zero, and normalising keeps it zero",
        "the learned task goes on pushing the shared bias, because its tiny gradient is normalised",
        "with exact gradients both are heard, and both are normalised",
    ),
    mistakes=(
        Mistake(
            _UNLESS_SILENCE + r"[\s\S]*\b(too nois\w*|because of (the |this |its )?(nois\w*|variance)|"
            r"(high|large) (nois\w*|variance))\b",
            "Plain ascent meets the same noise, and few of its runs are stuck. What does the normalisation make of a "
            "task that is not rewarded?",
        ),
        Mistake(
            _UNLESS_SILENCE
            + r"[\s\S]*((step size|learning rate|steps?) (is|are|was|were) (too|much too) (large|big|high)|"
            r"lower the (learning rate|step))",
            "At a tenth of the step size more than four runs in ten are still stuck. Follow both tasks between two "
            "rewards.",
        ),
        Mistake(
            _UNLESS_SILENCE + r"[\s\S]*(local (optimum|maximum|minimum)|other optimum)",
            "(1, 1) is the only optimum: from every other point some direction leads up. Who does not see it, and why?",
        ),
        Mistake(
            _UNLESS_SILENCE + r"[\s\S]*(gradients? (vanish\w*|(is|are) (too )?(small|tiny)) for both|"
            r"both gradients (vanish|are (too )?(small|tiny)))",
            "Small is no trouble for RMSProp: what is small is divided by its size, and moves at full speed. Zero is.",
        ),
        Mistake(
            _UNLESS_SILENCE + r"[\s\S]*" + _EXPLORES,
            "Both learners draw their actions alike, from their own policy, and neither has momentum. What differs is "
            "what they make of a gradient: divide, or not. Do it for each task, at an update without a reward for "
            "task 2.",
        ),
    ),
    words=15,
)

EXERCISES = (
    Exercise(
        id="05.1",
        title="The law of the taught",
        difficulty=2,
        minutes=8,
        hints=(
            "grad log Jₖ = grad Jₖ / Jₖ: of the slope aₖ = Jₖ(1 − Jₖ) the factor 1 − Jₖ is left in the step. The "
            "step is "
            "the sum of both.",
            "Jₖ itself still moves by its own gradient: dJₖ/dt is the inner product of grad Jₖ, with aₖ, and that "
            "step.",
            "The squared length of a feature is 2, the product of the two −1, as in chapter 03.",
        ),
        right="One factor less than with rewards, and every picture changes: the square below is yours.",
        task=VELOCITY,
    ),
    Exercise(
        id="05.2",
        title="Six places to stand still",
        difficulty=2,
        minutes=8,
        hints=(
            "Each rate is a product, Jₖ(1 − Jₖ)(1 − 2Jₖ + J of the other). One factor of each must vanish.",
            "Go through the edges one by one: put J₁ = 0 into the second rate. When does it vanish? Then J₁ = 1.",
            "`sp.solve` of both rates finds them all, if you give it the rates undivided.",
        ),
        right="Four corners, and two points half-way up an edge: there the taught learner waits, but not for long.",
        task=FIXED_POINTS,
    ),
    Exercise(
        id="05.3",
        title="Data of others",
        difficulty=2,
        minutes=8,
        hints=(
            "How likely is it that the right action is tried, if a share `mix` of the actions is drawn evenly among n?",
            "Only the right action is rewarded. Then the logit of the task moves by 1 − u.",
            "Chance of a reward, times what a reward teaches. Nothing corrects for who chose the action.",
        ),
        right="At u = 0 something is left: what it never does, it still sees now and then.",
        task=COUPLING,
    ),
    Exercise(
        id="05.4",
        title="The clock of a taught task",
        difficulty=3,
        minutes=12,
        hints=(
            "In the logit x the law is x' = 1 − J = 1/(1 + eˣ). Separate: (1 + eˣ) dx = dt.",
            "So x + eˣ = C + t, with C from the start. With w = eˣ: log w + w = C + t. Which function solves that?",
            "w is Lambert's W of e^(C + t), and J = w/(1 + w). Where that overflows, solve log w + w = C + t by "
            "Newton's "
            "method.",
        ),
        right="In closed form, early and late: the exponential take-off and the slow arrival are one formula.",
        task=CLOCK,
    ),
    Exercise(
        id="05.5",
        title="Read an ablation",
        difficulty=2,
        minutes=8,
        hints=(
            "Nobody tells you the step sizes, so compare a learner with itself: by how much does its wait grow?",
            "A wait that is multiplied when the start gets ten times lower is the mark of one cause. A task that falls "
            "below its start is the mark of the other. Which is which?",
        ),
        right="Two questions, four learners: what does a lower start cost, and does anybody lose ground?",
        task=ABLATION,
    ),
    Exercise(
        id="05.6",
        title="Who crosses, and why not with samples?",
        difficulty=3,
        minutes=8,
        hints=(
            "Write down both tasks' gradients at an update in which task 1 was rewarded and task 2 was not. Then "
            "divide each by its recent size.",
            "Do the same with the exact gradients, 1 − J₁ about equal to J₂, both tiny. Who pushes the bias now?",
            "Then ask how the chance of a reward changes while task 1 pushes, and what its sum over all updates is.",
        ),
        right="Compare yours with this one.",
        task=OPTIMISERS,
    ),
    Exercise(
        id="05.7",
        title="Labels: the area in which one takes all",
        difficulty=2,
        minutes=5,
        hints=(
            "Where is J₁' ≤ 0? Its factor Jₖ(1 − Jₖ) is positive, so look at 1 − 2J₁ + J₂.",
            "That is a triangle, with a corner at (1/2, 0). Count its mirror image, too.",
        ),
        right="More than with rewards. It is not the winner-takes-all that makes the wait, it is who the winner is.",
        task=TAKES_ALL,
    ),
    Exercise(
        id="05.8",
        title="How steep may a plateau be?",
        difficulty=3,
        minutes=12,
        hints=(
            "With Jₖ' = aₖ² and aₖ' = (1 − 2Jₖ) Jₖ' differentiate J' = a₁² + a₂² once, and once more.",
            "On J₁ + J₂ = 1 put 1 − 2J₂ = −(1 − 2J₁) and (1 − 2J₁)² = 1 − 4a. What is left is a power of a times a "
            "line.",
        ),
        right="The tabular learner has plateaus as well, on all of the antidiagonal but its middle.",
        task=THRESHOLD,
    ),
    Exercise(
        id="05.9",
        title="Leaving the saddle",
        difficulty=3,
        minutes=10,
        hints=(
            "Near J₂ = 0 the logits move at x₁' = 2f(J₁) − f(0) and x₂' = 2f(0) − f(J₁).",
            "First x₁' = 0. Then J₂, as long as it is small, grows at the rate x₂'.",
        ),
        right="For labels f(0) = 1 and the rate is 3/2; for own rewards f(0) = 0, and nothing grows exponentially.",
        task=LEAVING,
    ),
)
