"""The step rules against torch.optim, step by step, on gradients that shrink, vanish and turn."""

import numpy as np
import pytest

from raylab.optimisers import Adam, Momentum, Plain, RMSProp

STEPS, RATE = 300, 0.03


def directions(seed=0):
    """Uphill directions (STEPS, 2, 3) over eight orders of magnitude, some of them zero, one parameter never moved."""
    rng = np.random.default_rng(seed)
    found = rng.normal(size=(STEPS, 2, 3)) * 10.0 ** rng.uniform(-8, 0, size=(STEPS, 1, 3))
    found[rng.random((STEPS, 2, 3)) < 0.2] = 0.0
    found[:, 0, 0] = 0.0
    return found


def path(rule, given):
    theta, state, found = np.zeros((2, 3)), None, []
    for direction in given:
        move, state = rule(direction, state)
        theta = theta + RATE * move
        found.append(theta)
    return np.array(found)


def torch_path(make, given):
    torch = pytest.importorskip("torch")
    theta = torch.zeros(2, 3, dtype=torch.float64, requires_grad=True)
    optimiser, found = make(torch.optim, theta), []
    for direction in given:
        theta.grad = torch.tensor(-direction)  # torch goes downhill
        optimiser.step()
        found.append(theta.detach().numpy().copy())
    return np.array(found)


CASES = {
    "plain": (Plain(), lambda o, p: o.SGD([p], lr=RATE)),
    "RMSProp as it comes": (RMSProp(), lambda o, p: o.RMSprop([p], lr=RATE)),
    "Adam as it comes": (Adam(), lambda o, p: o.Adam([p], lr=RATE)),
}
for decay in (0.0, 0.5, 0.9, 1.0):
    CASES[f"momentum {decay}"] = Momentum(decay), lambda o, p, d=decay: o.SGD([p], lr=RATE, momentum=d)
for decay, eps in ((0.0, 1e-8), (0.5, 1e-3), (0.9, 1e-8), (0.999, 1.0), (1.0, 1e-2)):
    CASES[f"RMSProp {decay} {eps}"] = (
        RMSProp(decay, eps),
        lambda o, p, d=decay, e=eps: o.RMSprop([p], lr=RATE, alpha=d, eps=e),
    )
for first, second, eps in ((0.0, 0.5, 1e-8), (0.9, 0.9, 1e-3), (0.5, 0.999, 1e-12), (0.99, 0.0, 1.0)):
    CASES[f"Adam {first} {second} {eps}"] = (
        Adam(first, second, eps),
        lambda o, p, a=first, b=second, e=eps: o.Adam([p], lr=RATE, betas=(a, b), eps=e),
    )


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("seed", [0, 1])
def test_every_step_is_torchs(name, seed):
    rule, make = CASES[name]
    given = directions(seed)
    wanted = torch_path(make, given)
    np.testing.assert_allclose(path(rule, given), wanted, rtol=1e-12, atol=1e-12 * np.abs(wanted).max())
    assert np.abs(wanted[-1]).max() > 0


@pytest.mark.parametrize(
    ("rule", "make"),
    [
        (Momentum(0.9), lambda o, p: o.SGD([p], lr=RATE, momentum=0.9, dampening=0.9)),
        (Momentum(0.9), lambda o, p: o.SGD([p], lr=RATE, momentum=0.9, nesterov=True)),
        (RMSProp(0.9), lambda o, p: o.RMSprop([p], lr=RATE, alpha=0.9, centered=True)),
        (RMSProp(0.9, 1e-4), lambda o, p: o.RMSprop([p], lr=RATE, alpha=0.9, eps=1e-8)),
        (Adam(), lambda o, p: o.Adam([p], lr=RATE, amsgrad=True)),
        (Adam(0.9, 0.99), lambda o, p: o.Adam([p], lr=RATE, betas=(0.99, 0.9))),
    ],
)
def test_torchs_other_variants_are_told_apart(rule, make):
    given = directions()
    assert np.abs(path(rule, given) - torch_path(make, given)).max() > 1e-4


@pytest.mark.parametrize("rule", [Plain(), Momentum(), RMSProp(), Adam()])
def test_a_batch_is_its_loop_and_no_argument_is_written_to(rule):
    given = directions()
    kept = given.copy()
    together = path(rule, given)
    assert np.array_equal(given, kept)
    for i, j in np.ndindex(2, 3):
        alone, theta, state = [], 0.0, None
        for direction in given[:, i, j]:
            move, state = rule(np.array([direction]), state)
            alone.append(theta := theta + RATE * move[0])
        np.testing.assert_allclose(together[:, i, j], alone, rtol=1e-13)


@pytest.mark.parametrize("rule", [RMSProp(0.9, 0.0), Adam(0.9, 0.99, 0.0)])
def test_without_epsilon_a_parameter_that_never_had_a_direction_stays(rule):
    found = path(rule, directions())
    assert (found[:, 0, 0] == 0).all() and np.isfinite(found).all()


def test_a_constant_direction_ends_up_at_the_speed_that_the_docstrings_say():
    given = np.full((2000, 1), 1e-5)
    for rule, speed in ((Momentum(0.9), 1e-4), (RMSProp(0.9), 1 / (1 + 1e-3)), (Adam(), 1 / (1 + 1e-3))):
        state = None
        for direction in given:
            move, state = rule(direction, state)
        assert move[0] == pytest.approx(speed, rel=1e-6)


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Momentum(1.5), ValueError, r"decay: .*in \[0.0, 1.0\]"),
        (lambda: RMSProp(epsilon=-1.0), ValueError, "epsilon"),
        (lambda: Adam(second=1.0), ValueError, r"second: expected a decay in \[0, 1\)"),
        (lambda: Adam(first="0.9"), TypeError, "first: expected one real number"),
    ],
)
def test_bad_decays_are_refused(make, error, words):
    with pytest.raises(error, match=words):
        make()


def test_rules_are_records():
    assert RMSProp(0.9) == RMSProp(0.9, 1e-8) != RMSProp(0.99)
    assert len({Adam(), Adam(0.9), Momentum(), Plain()}) == 3
