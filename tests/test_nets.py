"""Component gradients of torch networks against backward passes; policies that are networks against torch's own."""

from itertools import pairwise

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="raylab.nets is the only module that needs torch")

from raylab import dynamics, interference, nets  # noqa: E402  (after the check that torch is there)
from raylab.ensembles import starts  # noqa: E402
from raylab.systems.bandit import SoftmaxBandit  # noqa: E402


@pytest.fixture
def model():
    torch.manual_seed(0)
    return torch.nn.Sequential(
        torch.nn.Linear(4, 6), torch.nn.ReLU(), torch.nn.LayerNorm(6), torch.nn.Linear(6, 3)
    ).double()


@pytest.fixture
def x():
    return torch.tensor(np.random.default_rng(0).normal(size=(5, 4)))


def losses(model, x):
    return (model(x) ** 2).mean(dim=0)


def test_each_row_is_one_backward_pass(model, x):
    G = nets.component_gradients(model, losses(model, x))
    for k in range(3):
        model.zero_grad()
        losses(model, x)[k].backward()
        by_hand = np.concatenate([p.grad.numpy().ravel() for p in model.parameters()])
        np.testing.assert_allclose(G[k], by_hand, rtol=1e-12, atol=1e-16)
    assert G.dtype == np.float64 and G.shape == (3, sum(p.numel() for p in model.parameters()))


def test_columns_are_named_and_tile_the_whole(model, x):
    slices = nets.parameter_slices(model)
    assert list(slices) == [name for name, _ in model.named_parameters()]
    assert [s.start for s in slices.values()][1:] == [s.stop for s in slices.values()][:-1]
    G = nets.component_gradients(model, losses(model, x))
    model.zero_grad()
    losses(model, x)[1].backward()
    np.testing.assert_allclose(G[1, slices["3.bias"]], model[3].bias.grad.numpy(), rtol=1e-12)
    parts = interference.inner_by_block(G, slices)
    np.testing.assert_allclose(sum(parts.values()), interference.inner(G), rtol=1e-10)


def test_shared_and_separate_parameters_are_told_apart():
    torch.manual_seed(1)
    trunk, heads = torch.nn.Linear(3, 4), torch.nn.ModuleList([torch.nn.Linear(4, 1) for _ in range(2)])
    both = torch.nn.ModuleDict({"trunk": trunk, "heads": heads}).double()
    hidden = torch.tanh(both["trunk"](torch.ones(3, dtype=torch.float64)))
    G = nets.component_gradients(both, [head(hidden) for head in both["heads"]])
    slices = nets.parameter_slices(both)
    assert np.all(G[0, slices["heads.1.weight"]] == 0) and np.any(G[0, slices["heads.0.weight"]])
    assert np.any(G[0, slices["trunk.weight"]]) and np.any(G[1, slices["trunk.weight"]])


def test_frozen_parameters_have_no_column_and_constants_no_gradient(model, x):
    model[0].weight.requires_grad_(False)
    assert "0.weight" not in nets.parameter_slices(model)
    values = [losses(model, x)[0], torch.tensor(3.0)]
    G = nets.component_gradients(model, values)
    assert G.shape == (2, sum(p.numel() for p in model.parameters() if p.requires_grad))
    assert np.any(G[0]) and not np.any(G[1])


def test_the_graph_is_kept_and_no_grad_is_touched(model, x):
    values = losses(model, x)
    nets.component_gradients(model, values)
    assert all(p.grad is None for p in model.parameters())
    values.sum().backward()  # still possible


def test_sparse_gradients_count_like_dense_ones():
    torch.manual_seed(2)
    words = torch.tensor([1, 3, 3])
    sparse, dense = (torch.nn.Embedding(5, 3, sparse=kind).double() for kind in (True, False))
    dense.load_state_dict(sparse.state_dict())
    G, H = (nets.component_gradients(m, (m(words) ** 2).sum(dim=0)) for m in (sparse, dense))
    np.testing.assert_array_equal(G, H)
    assert np.any(G)


@pytest.mark.parametrize("around", [torch.no_grad, torch.inference_mode])
def test_a_context_without_gradients_around_the_call_changes_nothing(model, x, around):
    values = losses(model, x)
    with around():
        inside = nets.component_gradients(model, values)
    np.testing.assert_array_equal(inside, nets.component_gradients(model, values))


def test_a_value_of_another_network_is_a_constant_here_and_nothing_else_is_refused(model, x):
    other = torch.nn.Linear(4, 1).double()
    G = nets.component_gradients(model, [losses(model, x)[0], other(x).sum()])
    assert np.any(G[0]) and not np.any(G[1])
    with pytest.raises(ValueError, match="this very model"):
        nets.component_gradients(other, losses(model, x))


def test_a_graph_that_is_gone_or_overwritten_is_told(model, x):
    values = losses(model, x)
    values.sum().backward()
    with pytest.raises(ValueError, match="still whole"):
        nets.component_gradients(model, values)
    values = losses(model, x)
    values.sum().backward(retain_graph=True)
    torch.optim.SGD(model.parameters(), 0.1).step()
    with pytest.raises(ValueError, match="before any backward"):
        nets.component_gradients(model, values)


# Policies that are networks

WIDTHS = [(), (5,), (6, 4), (5, 4, 3)]


def twin(policy, theta):
    """The same network as a torch module: (module, J_k as tensors with a graph)."""
    sizes = (policy.contexts, *policy.widths, policy.actions)
    layers = []
    for layer in policy.layers:
        linear = torch.nn.Linear(layer.narrow, layer.wide).double()
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(theta[layer.W].reshape(layer.wide, layer.narrow)))
            linear.bias.copy_(torch.from_numpy(theta[layer.b]))
        layers += [linear, torch.nn.ReLU()]
    assert policy.size == sum(i * o + o for i, o in pairwise(sizes))
    module = torch.nn.Sequential(*layers[:-1])
    pi = torch.softmax(module(torch.eye(policy.contexts).double()), dim=-1)
    return module, pi.diagonal()


@pytest.mark.parametrize("init", nets.INITS)
@pytest.mark.parametrize("widths", WIDTHS)
def test_a_policy_and_its_gradients_are_those_of_a_torch_network(widths, init):
    policy = nets.Policy(3, 4, widths)
    theta = policy.draw(4, np.random.default_rng(0), init)
    J, G = policy.components(theta), policy.gradients(theta)
    for i, row in enumerate(theta):
        module, values = twin(policy, row)
        np.testing.assert_allclose(J[i], values.detach().numpy(), rtol=1e-13)
        np.testing.assert_allclose(G[i], nets.component_gradients(module, values), rtol=1e-11, atol=1e-15)
        assert list(nets.parameter_slices(module).values()) == list(policy.slices.values())
    assert np.abs(G).max() > 1e-3


def test_the_linear_policy_is_the_softmax_bandit_parameters_and_all():
    policy, bandit = nets.Policy(3, 5), SoftmaxBandit(3, 5)
    theta = np.random.default_rng(1).normal(scale=2, size=(2, 6, policy.size))
    for name in ("policy", "components", "gradients", "updates"):
        ours = getattr(policy, name)(theta) if name != "policy" else np.exp(policy.logits(theta))
        ours = ours / ours.sum(axis=-2, keepdims=True) if name == "policy" else ours
        np.testing.assert_allclose(ours, getattr(bandit, name)(theta), rtol=1e-12, atol=1e-16)
    draws = [learner.sample(theta, np.random.default_rng(2)) for learner in (policy, bandit)]
    np.testing.assert_allclose(*draws, rtol=1e-12, atol=1e-16)
    np.testing.assert_allclose(policy.kernel(theta), np.broadcast_to(np.eye(3) + 1, (2, 6, 3, 3)), rtol=1e-13)


@pytest.mark.parametrize("widths", WIDTHS)
def test_finite_differences_batches_bounds_and_samples(widths):
    policy = nets.Policy(2, 3, widths)
    theta, h = policy.draw(3, np.random.default_rng(3), "torch"), 1e-6
    found = [
        (policy.components(theta + h * e) - policy.components(theta - h * e)) / (2 * h) for e in np.eye(policy.size)
    ]
    np.testing.assert_allclose(policy.gradients(theta), np.stack(found, axis=-1), atol=1e-9)
    for name in ("components", "gradients", "updates", "logits", "kernel"):
        f = getattr(policy, name)
        np.testing.assert_allclose(f(theta[None]), [[f(row) for row in theta]], rtol=1e-10, atol=1e-15)
    for scale in (1.0, 1e3, 1e6):
        J = policy.components(scale * theta)
        assert (J >= 0).all() and (J <= 1).all() and np.isfinite(policy.gradients(scale * theta)).all()
    N = 20_000
    draws = policy.sample(np.broadcast_to(theta[0], (N, policy.size)), np.random.default_rng(4))
    error = np.abs(draws.mean(axis=0) - policy.updates(theta[0]))
    assert (error <= 5.5 * draws.std(axis=0) / np.sqrt(N) + 1e-12).all()


@pytest.mark.parametrize("widths", WIDTHS)
def test_the_kernel_is_how_pushes_on_logits_move_logits(widths):
    """Gradients of all logits by autograd, less their mean over the actions, which changes no policy."""
    policy = nets.Policy(3, 4, widths)
    theta = policy.draw(1, np.random.default_rng(5))[0]
    module, _ = twin(policy, theta)
    z = module(torch.eye(3).double())
    G = nets.component_gradients(module, (z - z.mean(dim=-1, keepdim=True)).flatten()).reshape(3, 4, -1)
    np.testing.assert_allclose(policy.kernel(theta), np.einsum("kad,jad->kj", G, G) / 3, rtol=1e-11)


@pytest.mark.parametrize("widths", [(), (9,), (20, 12), (30, 24, 18)])
@pytest.mark.parametrize("init", nets.INITS)
def test_a_start_is_put_into_the_last_layer_and_nowhere_else_and_by_the_least_change(widths, init):
    policy, rng = nets.Policy(3, 4, widths), np.random.default_rng(6)
    theta, wanted = policy.draw(5, rng, init), starts("simplex", 5, 3, 4, seed=7)
    moved = policy.with_logits(theta, wanted)
    off = policy.logits(moved) - wanted
    np.testing.assert_allclose(off - off.mean(axis=-2, keepdims=True), 0, atol=1e-9)
    last = policy.layers[-1].W.start
    np.testing.assert_array_equal(moved[:, :last], theta[:, :last])
    np.testing.assert_allclose(policy.with_logits(moved, wanted), moved, atol=1e-9)
    _, _, Vt = np.linalg.svd(np.array([_of_last(policy, theta[0], e) for e in np.eye(policy.size)[last:]]).T)
    silent = Vt[12 - 3 :]  # directions of the last layer that change no policy in any context: 3 x 4 logits less 3
    np.testing.assert_allclose(silent @ (moved[0] - theta[0])[last:], 0, atol=1e-8)


def _of_last(policy, theta, direction):
    """How the logits move, up to their mean in each context; linear in the last layer."""
    moved = policy.logits(theta + direction) - policy.logits(theta)
    return (moved - moved.mean(axis=0)).ravel()


def test_contexts_that_look_alike_cannot_begin_apart():
    policy = nets.Policy(2, 2, (3,))
    theta = policy.draw(2, np.random.default_rng(8))
    theta[1, policy.slices["b1"]] = -100.0  # all silent
    with pytest.raises(ValueError, match="run 1 whose contexts look alike"):
        policy.with_logits(theta, starts("simplex", 2))


@pytest.mark.parametrize("widths", [(), (16,), (64, 64)])
def test_the_flow_of_many_is_that_of_each_one_and_of_small_steps(widths):
    policy = nets.Policy(2, 2, widths)
    theta = policy.with_logits(policy.draw(3, np.random.default_rng(9)), starts("simplex", 3, performance=0.6, seed=2))
    found = nets.flow(policy, theta, level=0.9, tolerance=1e-4)
    speed = np.trace(policy.kernel(theta), axis1=-2, axis2=-1).max()
    rate, steps = 0.02 / speed, 600
    run = dynamics.ascend(policy, theta, steps, rate)
    for i in range(3):
        met = found.times[i] < run.times[-1]
        J = np.stack([np.interp(found.times[i, met], run.times, J) for J in run.components[i].T], axis=-1)
        np.testing.assert_allclose(found.components[i, met], J, atol=0.01)
        assert J[-1].max() > J[0].max() + 0.1
        alone = nets.flow(policy, theta[i : i + 1], level=0.9, tolerance=1e-4)
        last = len(alone.times[0]) - 1
        np.testing.assert_allclose(found.times[i, [last, -1]], alone.times[0, -1], rtol=1e-9)
        np.testing.assert_allclose(found.components[i, -1], alone.components[0, -1], rtol=1e-9)
    assert (found.components[:, -1].min(axis=-1) >= 0.9).all()
    np.testing.assert_allclose(policy.components(found.parameters), found.components[:, -1], rtol=1e-12)
    G = policy.gradients(found.parameters)
    np.testing.assert_allclose(found.inner[:, -1], interference.inner(G), rtol=1e-9)
    np.testing.assert_allclose(found.rates[:, -1], interference.rates(G, G.sum(axis=-2)), rtol=1e-9)


def test_the_linear_flow_waits_as_long_as_the_bandit_does():
    theta = nets.Policy(2, 2).with_logits(np.zeros((4, 6)), starts("angle", 4, seed=3))
    found = nets.flow(nets.Policy(2, 2), theta, tolerance=1e-5)
    for start, times in zip(theta, found.times, strict=True):
        climb = dynamics.climb(SoftmaxBandit(2, 2), start, level=0.95)
        assert times[-1] == pytest.approx(climb.times[-1], rel=0.02)  # both overshoot the level by a step


def test_a_flow_ends_at_its_horizon_or_where_nothing_moves():
    policy = nets.Policy(2, 2)
    late = nets.flow(policy, policy.with_logits(np.zeros((1, 6)), starts("equal", 1, performance=0.01)), horizon=1.0)
    assert late.times[0, -2] <= 1.0 < late.times[0, -1] and late.components[0, -1].max() < 0.1
    lost = np.array([[-900.0, 900, 900, -900, 0, 0]])  # W[a, k] row-major: J_k = 0 to all digits
    still = nets.flow(policy, lost)
    assert still.times.shape == (1, 1) and (still.components == 0).all()


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda p, t: nets.Policy(3, 2), ValueError, "at most as many contexts"),
        (lambda p, t: nets.Policy(2, 2, 16), TypeError, "list or tuple"),
        (lambda p, t: nets.Policy(2, 2, (16, 0)), ValueError, r"widths\[1\]"),
        (lambda p, t: p.draw(3, np.random.default_rng(0), "xavier"), ValueError, "one of he, torch"),
        (lambda p, t: p.draw(3, 0), TypeError, "Generator"),
        (lambda p, t: p.components(t[:, 1:]), ValueError, "on the last axis"),
        (lambda p, t: p.with_logits(t, np.zeros((3, 2, 2))), ValueError, "runs"),
        (lambda p, t: nets.flow(SoftmaxBandit(2, 2), t), TypeError, "nets.Policy"),
        (lambda p, t: nets.flow(p, t[0]), ValueError, "start"),
        (lambda p, t: nets.flow(p, t, tolerance=0.0), ValueError, "tolerance"),
        (lambda p, t: nets.flow(p, t, level=1.0), ValueError, "level"),
    ],
)
def test_bad_policies_and_flows_are_told(call, error, words):
    policy = nets.Policy(2, 2, (3,))
    with pytest.raises(error, match=words):
        call(policy, policy.draw(2, np.random.default_rng(0)))


@pytest.mark.filterwarnings("ignore:Complex modules:UserWarning")
@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda m, x: nets.component_gradients(m, m(x)), ValueError, r"shape \(K,\)"),
        (lambda m, x: nets.component_gradients(m, losses(m, x).detach()), ValueError, "depend on the model"),
        (lambda m, x: nets.component_gradients("net", losses(m, x)), TypeError, "torch.nn.Module"),
        (lambda m, x: nets.component_gradients(m, [0.5, 0.2]), TypeError, "scalar tensor"),
        (lambda m, x: nets.component_gradients(m, []), ValueError, "at least one scalar"),
        (lambda m, x: nets.component_gradients(m, losses(m, x) * 1j), TypeError, "real number"),
        (lambda m, x: nets.parameter_slices(torch.nn.Linear(2, 2).to(torch.cfloat)), TypeError, "real parameters"),
        (lambda m, x: nets.component_gradients(m, losses(m, x) * float("nan")), ValueError, "component 0"),
        (lambda m, x: nets.parameter_slices(torch.nn.ReLU()), ValueError, "at least one trainable"),
    ],
)
def test_bad_input_is_told_what_was_expected(model, x, call, error, words):
    with pytest.raises(error, match=words):
        call(model, x)
