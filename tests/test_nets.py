"""Component gradients of torch networks against one backward pass for each component."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="raylab.nets is the only module that needs torch")

from raylab import interference, nets  # noqa: E402  (after the check that torch is there)


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
