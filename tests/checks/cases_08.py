"""What people write for the exercises of chapter 08: right ones, wrong ones, nearly right ones."""

import math
from importlib.util import find_spec

import numpy as np
import scipy
import sympy as sp
from scipy.integrate import odeint, solve_ivp
from scipy.special import expit

TORCH = find_spec("torch") is not None


def with_torch(**cases):
    """These cases, if they can be run: whoever has no torch still tries all the others."""
    return cases if TORCH else {}


# --------------------------------------------------------------------------------------------- 08.1 mode_strength


def by_log_odds(t, s, u0, tau):
    if u0 > s:  # the odds are negative there
        return s / (1 - (1 - s / u0) * np.exp(-2 * s * t / tau))
    return s * expit(np.log(u0) - np.log(s - u0) + 2 * s * t / tau)


def by_negative_powers(t, s, u0, tau):
    return s / (1 + (s / u0 - 1) * np.exp(-2 * s * t / tau))


def tensor_by_negative_powers(t, s, u0, tau):
    import torch

    return s / (1 + (s / u0 - 1) * torch.exp(-2 * s * torch.tensor(t) / tau))


def by_loop(t, s, u0, tau):
    found = np.empty(len(t))
    for i, moment in enumerate(t):
        fade = 2.718281828459045 ** (-2 * s * moment / tau)
        found[i] = 1 / (1 / s + (1 / u0 - 1 / s) * fade)
    return found


def as_printed(t, s, u0, tau):
    with np.errstate(all="ignore"):
        grown = np.exp(2 * s * t / tau)
        return s * grown / (grown - 1 + s / u0)


def by_tanh(t, s, u0, tau):
    """In factors that do not cancel: e to both signs of half the exponent, the larger one divided out."""
    half = np.exp(-s * t / tau)
    return s * u0 / (u0 * (1 - half) * (1 + half) + s * half**2)


def cut_off(t, s, u0, tau):
    x = 2 * s * t / tau
    return np.where(x < 50, as_printed(t, s, u0, tau), s)


def clipped(t, s, u0, tau):
    return np.maximum(by_negative_powers(t, s, min(u0, s), tau), 0)


def by_euler(t, s, u0, tau):
    found = []
    for end in t:
        w = u0
        for _ in range(1000):
            w += end / 1000 * 2 * w * (s - w) / tau
        found.append(w)
    return np.array(found)


def by_a_solver(t, s, u0, tau):
    return solve_ivp(lambda _, w: 2 * w * (s - w) / tau, (0, t[-1]), [u0], t_eval=t, rtol=1e-9, atol=1e-12).y[0]


def by_a_solver_from_the_first_time_on(t, s, u0, tau):
    """As if every list of times began at 0."""
    return odeint(lambda w, _: 2 * w * (s - w) / tau, u0, t)[:, 0]


# ------------------------------------------------------------------------------------------------ 08.2 flow_rates


def error(W1, W2, Sxy, Sxx):
    return Sxy - W2 @ W1 @ Sxx


def by_einsum(W1, W2, Sxy, Sxx):
    E = Sxy - np.einsum("oh,hi,ij->oj", W2, W1, Sxx)
    return np.einsum("oh,oi->hi", W2, E), np.einsum("oi,hi->oh", E, W1)


def by_terms(W1, W2, Sxy, Sxx):
    return W2.T @ Sxy - W2.T @ W2 @ W1 @ Sxx, Sxy @ W1.T - W2 @ W1 @ Sxx @ W1.T


def by_differences(W1, W2, Sxy, Sxx):
    """The loss is quadratic in each layer, so that central differences of step one are exact."""
    loss = lambda A, B: -np.sum(Sxy * (B @ A)) + np.trace(B @ A @ Sxx @ A.T @ B.T) / 2
    first, second = np.zeros(W1.shape), np.zeros(W2.shape)
    for at in np.ndindex(W1.shape):
        one = np.zeros(W1.shape)
        one[at] = 1
        first[at] = (loss(W1 - one, W2) - loss(W1 + one, W2)) / 2
    for at in np.ndindex(W2.shape):
        one = np.zeros(W2.shape)
        one[at] = 1
        second[at] = (loss(W1, W2 - one) - loss(W1, W2 + one)) / 2
    return first, second


def by_autograd(W1, W2, Sxy, Sxx):
    import torch

    A, B = (torch.tensor(W, requires_grad=True) for W in (W1, W2))
    y, x = torch.tensor(Sxy), torch.tensor(Sxx)
    (torch.trace(B @ A @ x @ A.T @ B.T) / 2 - (y * (B @ A)).sum()).backward()
    return -A.grad.numpy(), -B.grad.numpy()


def tensors_by_terms(W1, W2, Sxy, Sxx):
    import torch

    return [torch.tensor(d) for d in by_terms(W1, W2, Sxy, Sxx)]


# ------------------------------------------------------------------------------------------------- 08.3 half-way

s, u0, tau = sp.symbols("s u0 tau", positive=True)
HALF = tau / (2 * s) * sp.log((s - u0) / u0)


# ----------------------------------------------------------------------------------------------- 08.4 track_modes


def by_loops(path, target):
    U, strengths, Vt = np.linalg.svd(target)
    return np.array([[U[:, a] @ W @ Vt[a] for a in range(len(strengths))] for W in path])


def with_other_signs(path, target):
    """Another library's convention: the largest entry of every u is negative."""
    U, _, Vt = np.linalg.svd(target, full_matrices=False)
    turn = -np.sign(U[np.abs(U).argmax(0), range(U.shape[1])])
    return np.einsum("ia,tij,aj->ta", U * turn, path, Vt * turn[:, None])


def by_eigenvectors(path, target):
    values, V = np.linalg.eigh(target.T @ target)
    order = np.argsort(values)[::-1][: min(target.shape)]
    V = V[:, order]
    U = target @ V
    U = U / np.linalg.norm(U, axis=0)
    return np.stack([(U * (W @ V)).sum(0) for W in path])


def by_traces(path, target):
    U, _, Vt = np.linalg.svd(target, full_matrices=False)
    return np.stack([[np.trace(np.outer(v, u) @ W) for u, v in zip(U.T, Vt, strict=True)] for W in path])


def by_scipy(path, target):
    U, strengths, Vt = scipy.linalg.svd(target)
    return np.array([np.diagonal(U.T @ W @ Vt.T) for W in path])[:, : len(strengths)]


def by_torch(path, target):
    import torch

    U, _, V = torch.svd(torch.tensor(target))
    return torch.einsum("ia,tij,ja->ta", U, torch.tensor(path), V).numpy()


def by_least_squares(path, target):
    U, _, Vt = np.linalg.svd(target, full_matrices=False)
    modes = np.stack([np.outer(u, v).ravel() for u, v in zip(U.T, Vt, strict=True)], axis=1)
    return np.linalg.lstsq(modes, path.reshape(len(path), -1).T, rcond=None)[0].T


def with_signs(signs):
    """The same for every convention: any sign for each pair."""

    def answer(path, target):
        U, _, Vt = np.linalg.svd(target, full_matrices=False)
        e = np.array(signs)[: len(Vt)]
        return np.einsum("ia,tij,aj->ta", U * e, path, Vt * e[:, None])

    return answer


def two_decompositions(path, target):
    """u and v from two calls of eigh, which know nothing of each other's signs."""
    r = min(target.shape)
    U, V = (np.linalg.eigh(square)[1][:, ::-1][:, :r] for square in (target @ target.T, target.T @ target))
    return np.einsum("ia,tij,ja->ta", U, path, V)


def positive_first_entries(path, target):
    U, _, Vt = np.linalg.svd(target, full_matrices=False)
    return np.einsum("ia,tij,aj->ta", U * np.sign(U[0]), path, Vt * np.sign(Vt[:, :1]))


def by_overlap(path, target):
    U, _, Vt = np.linalg.svd(target, full_matrices=False)
    rows = []
    for W in path:
        u, s, vt = np.linalg.svd(W, full_matrices=False)
        rows.append(
            [
                s[np.argmax([abs(U[:, a] @ x) * abs(Vt[a] @ y) for x, y in zip(u.T, vt, strict=True)])]
                for a in range(len(Vt))
            ]
        )
    return np.array(rows)


def lengths_of_all(path, target):
    return np.linalg.norm(path @ np.linalg.svd(target)[2].T, axis=1)


def signs_apart(path, target):
    """Fixes the signs of u alone."""
    U, _, Vt = np.linalg.svd(target, full_matrices=False)
    return np.einsum("ia,tij,aj->ta", U * np.where(np.arange(U.shape[1]) % 2, 1, -1), path, Vt)


def overlaps(path, target):
    return np.stack([[np.sum(W * target)] * min(target.shape) for W in path])


# ------------------------------------------------------------------------------------------------- 08.6 the start


def orthonormal(size, seed=0):
    rng = np.random.default_rng(seed)
    return size * np.linalg.qr(rng.normal(size=(5, 4)))[0], np.zeros((3, 5))


def random(scale):
    rng = np.random.default_rng(1)
    return scale * rng.normal(size=(5, 4)), scale * rng.normal(size=(3, 5))


GOAL = np.diag([3.0, 1.0, 0.4]) @ np.eye(3, 4)
READ = 1.5 * np.linalg.qr(np.random.default_rng(3).normal(size=(5, 3)))[0]


# ---------------------------------------------------------------------------------------------------- 08.8 seeds


def means(W1, W2, target):
    U, _, Vt = np.linalg.svd(target, full_matrices=False)
    return (W1 @ Vt.T + W2.T @ U) / 2


def by_qr(W1, W2, target):
    return np.diagonal(np.linalg.qr(means(W1, W2, target))[1]) ** 2


def by_determinants(W1, W2, target):
    R = means(W1, W2, target)
    R = R / (scale := np.abs(R).max())
    minors = [1.0] + [np.linalg.det(R[:, :a].T @ R[:, :a]) for a in range(1, R.shape[1] + 1)]
    return scale**2 * np.array(minors[1:]) / np.array(minors[:-1])


def by_subtraction(W1, W2, target):
    R = means(W1, W2, target).copy()
    for a in range(R.shape[1]):
        for b in range(a):
            R[:, a] -= (R[:, a] @ R[:, b]) / (R[:, b] @ R[:, b]) * R[:, b]
    return (R**2).sum(0)


def by_cholesky(W1, W2, target):
    R = means(W1, W2, target)
    return np.diagonal(np.linalg.cholesky(R.T @ R)) ** 2


def by_torch_qr(W1, W2, target):
    import torch

    return torch.linalg.qr(torch.tensor(means(W1, W2, target)))[1].diagonal().numpy() ** 2


def by_projectors(W1, W2, target):
    free, found = np.eye(len(W1)), []
    for seed in means(W1, W2, target).T:
        rest = free @ seed
        found.append(rest @ rest)
        free = free - np.outer(rest, rest) / (rest @ rest)
    return np.array(found)


def with_other_pairs(W1, W2, target):
    """Every second pair of u and v turned round."""
    U, _, Vt = np.linalg.svd(target, full_matrices=False)
    e = (-1.0) ** np.arange(len(Vt))
    return np.diagonal(np.linalg.qr((W1 @ (Vt.T * e) + W2.T @ (U * e)) / 2)[1]) ** 2


def loop(direction, of_what_is_left=True, from_what_is_left=True):
    """Gram-Schmidt as people write it: `direction` makes of a vector what is projected on."""

    def answer(W1, W2, target):
        R = means(W1, W2, target)
        left = []
        for a in range(R.shape[1]):
            rest = R[:, a].copy()
            for b in range(a):
                d = left[b] if of_what_is_left else R[:, b]
                x = rest if from_what_is_left else R[:, a]
                rest = rest - direction(x, d)
            left.append(rest)
        return np.array([rest @ rest for rest in left])

    return answer


right_projection = lambda x, d: (x @ d) / (d @ d) * d
no_length = lambda x, d: (x @ d) * d
one_length = lambda x, d: (x @ d) / np.linalg.norm(d) * d


def longest_first(W1, W2, target):
    R = means(W1, W2, target)
    order = sorted(range(R.shape[1]), key=lambda a: -np.linalg.norm(R[:, a]))
    found = dict(zip(order, np.diagonal(np.linalg.qr(R[:, order])[1]) ** 2, strict=True))
    return np.array([found[a] for a in range(len(order))])


def only_the_one_before(W1, W2, target):
    left = []
    for seed in means(W1, W2, target).T:
        left.append(seed - right_projection(seed, left[-1]) if left else seed)
    return np.array([rest @ rest for rest in left])


def signs_of_v(W1, W2, target):
    U, _, Vt = np.linalg.svd(target, full_matrices=False)
    return np.diagonal(np.linalg.qr((W1 @ (Vt * np.sign(U[0] * Vt[:, 0])[:, None]).T + W2.T @ U) / 2)[1]) ** 2


def columns_of_Vt(W1, W2, target):
    U, strengths, Vt = np.linalg.svd(target)
    r = len(strengths)
    return np.diagonal(np.linalg.qr((W1 @ Vt[:, :r] + W2.T @ U[:, :r]) / 2)[1]) ** 2


def first_only(W1, W2, target):
    R = means(W1, W2, target).copy()
    n = R[:, 0] / np.linalg.norm(R[:, 0])
    R[:, 1:] -= np.outer(n, n @ R[:, 1:])
    return (R**2).sum(0)


S = sp.Symbol("s")

CASES = {
    "08.1": {
        "right": {
            "log odds": by_log_odds,
            "negative powers": by_negative_powers,
            "a loop": by_loop,
            "no cancelling": by_tanh,
        },
        "wrong": {
            "no 2": (lambda t, s, u0, tau: s / (1 + (s / u0 - 1) * np.exp(-s * t / tau)), "A factor 2"),
            "no tau": (lambda t, s, u0, tau: s / (1 + (s / u0 - 1) * np.exp(-2 * s * t)), "τ is missing"),
            "times tau": (lambda t, s, u0, tau: s / (1 + (s / u0 - 1) * np.exp(-2 * s * t * tau)), "wrong side"),
            "share": (lambda t, s, u0, tau: 1 / (1 + (s / u0 - 1) * np.exp(-2 * s * t / tau)), "end at s, not at 1"),
            "growth": (lambda t, s, u0, tau: u0 * np.e ** (2 * s / tau * t), "never ends"),
            "growth, cut off": (
                lambda t, s, u0, tau: [s if w > s else w for w in u0 * np.exp(2 * s * t / tau)],
                "A mode has no corner",
            ),
            "u0 in the rate": (
                lambda t, s, u0, tau: u0 * s / (u0 + (s - u0) * np.exp(-2 * (s - u0) * t / tau)),
                "no u₀ in the exponent",
            ),
            "near low starts only": (
                lambda t, s, u0, tau: by_negative_powers(t, s, u0, tau * (1 + u0 / s / 2)),
                "instances differ",
            ),
            "relaxes": (lambda t, s, u0, tau: s - (s - u0) * np.exp(-2 * s * t / tau), "as if the speed"),
            "one layer": (lambda t, s, u0, tau: s - (s - u0) * np.exp(-t / tau), "single layer"),
            "odds u0/s": (lambda t, s, u0, tau: s * u0 / (u0 + s * np.exp(-2 * s * t / tau)), "The odds at the start"),
            "goal 1": (lambda t, s, u0, tau: u0 / (u0 + (1 - u0) * np.exp(-2 * s * t / tau)), "goal of 1"),
            "weight": (
                lambda t, s, u0, tau: s / (1 + (s / u0**0.5 - 1) * np.exp(-2 * s * t / tau)),
                "product of both",
            ),
            "the last": (lambda t, s, u0, tau: by_negative_powers(t, s, u0, tau)[-1], "every time in `t`"),
            "back in time": (lambda t, s, u0, tau: as_printed(-t, s, u0, tau), "back in time"),
            "u0/s": (lambda t, s, u0, tau: s / (1 + (u0 / s - 1) * np.exp(-2 * s * t / tau)), "Upside down"),
            "no brackets": (
                lambda t, s, u0, tau: s * np.exp(2 * s * t / tau) / np.exp(2 * s * t / tau) - 1 + s / u0,
                "Brackets",
            ),
            "log odds": (lambda t, s, u0, tau: 2 * s * t / tau - np.log(s / u0 - 1), "the log odds, log"),
            "odds": (lambda t, s, u0, tau: np.exp(2 * s * t / tau) / (s / u0 - 1), "the odds, w/"),
            "u0 on top": (lambda t, s, u0, tau: u0 + (s - u0) * by_log_odds(t, s, u0, tau) / s, "instances differ"),
            "math": (lambda t, s, u0, tau: s / (1 + (s / u0 - 1) * math.exp(-2 * s * t / tau)), "raised TypeError"),
        },
        "almost": {
            "Euler": (by_euler, "closed form"),
            "a solver": (by_a_solver, "closed form"),
            "a solver from the first time on": (by_a_solver_from_the_first_time_on, "closed form"),
            "cut off": (cut_off, "From 1e-30"),
            "single": (
                lambda t, s, u0, tau: by_negative_powers(t.astype(np.float32), s, u0, tau).astype(np.float32),
                "single precision",
            ),
            **with_torch(tensors=(tensor_by_negative_powers, "torch tensor")),
            "as printed": (as_printed, "e to negative powers"),
            "from below only": (clipped, "above its goal"),
            "a list": (lambda t, s, u0, tau: list(by_negative_powers(t, s, u0, tau)), "come as a list"),
        },
    },
    "08.2": {
        "right": {
            "einsum": by_einsum,
            "terms": by_terms,
            "differences": by_differences,
            **with_torch(autograd=by_autograd),
            "a list of two": lambda *given: list(by_terms(*given)),
        },
        "wrong": {
            "white": (lambda W1, W2, Sxy, Sxx: (W2.T @ (Sxy - W2 @ W1), (Sxy - W2 @ W1) @ W1.T), "white inputs only"),
            "ascent of the loss": (
                lambda W1, W2, Sxy, Sxx: (-W2.T @ error(W1, W2, Sxy, Sxx), -error(W1, W2, Sxy, Sxx) @ W1.T),
                "the loss goes down",
            ),
            "nothing learned": (lambda W1, W2, Sxy, Sxx: (W2.T @ Sxy, Sxy @ W1.T), "does already"),
            "moved": (
                lambda W1, W2, Sxy, Sxx: (
                    d := by_terms(W1, W2, Sxy, Sxx)[0],
                    error(W1 + d, W2, Sxy, Sxx) @ (W1 + d).T,
                ),
                "already moved",
            ),
            "solved": (
                lambda W1, W2, Sxy, Sxx: (
                    np.linalg.pinv(W2) @ error(W1, W2, Sxy, Sxx),
                    error(W1, W2, Sxy, Sxx) @ np.linalg.pinv(W1),
                ),
                "solves for a layer",
            ),
            "best map": (
                lambda W1, W2, Sxy, Sxx: (
                    W2.T @ (Sxy @ np.linalg.inv(Sxx) - W2 @ W1),
                    (Sxy @ np.linalg.inv(Sxx) - W2 @ W1) @ W1.T,
                ),
                "best linear map",
            ),
            "Sxx twice": (
                lambda W1, W2, Sxy, Sxx: (
                    W2.T @ error(W1, W2, Sxy, Sxx),
                    (Sxy @ Sxx - W2 @ W1 @ Sxx @ Sxx) @ W1.T,
                ),
                "too many",
            ),
            "no transposes": (
                lambda W1, W2, Sxy, Sxx: (W2 @ error(W1, W2, Sxy, Sxx), error(W1, W2, Sxy, Sxx) @ W1),
                "Not yet",
            ),
            "one array": (lambda W1, W2, Sxy, Sxx: W2.T @ error(W1, W2, Sxy, Sxx), "returns the shape"),
            "Sxy turned": (
                lambda W1, W2, Sxy, Sxx: (W2.T @ (Sxy.T - W2 @ W1 @ Sxx), (Sxy.T - W2 @ W1 @ Sxx) @ W1.T),
                "leave its transpose out",
            ),
            "W1 W2": (
                lambda W1, W2, Sxy, Sxx: (W2.T @ (Sxy - W1 @ W2 @ Sxx), (Sxy - W1 @ W2 @ Sxx) @ W1.T),
                "the map is W₂W₁",
            ),
            "Sxx in front": (
                lambda W1, W2, Sxy, Sxx: (W2.T @ (Sxy - Sxx @ W2 @ W1), (Sxy - Sxx @ W2 @ W1) @ W1.T),
                "side of the inputs",
            ),
            "stars": (
                lambda W1, W2, Sxy, Sxx: (W2.T * (Sxy - W2 * W1 * Sxx), (Sxy - W2 * W1 * Sxx) * W1.T),
                "entry by entry",
            ),
            "own layer": (
                lambda W1, W2, Sxy, Sxx: (W1.T @ error(W1, W2, Sxy, Sxx), error(W1, W2, Sxy, Sxx) @ W2.T),
                "layers are exchanged",
            ),
            "gradient of all": (lambda *given: [-2 * d for d in by_terms(*given)], "whole squared error"),
            "mse_loss": (lambda *given: [2 * d / len(given[2]) for d in by_terms(*given)], "number of outputs"),
            "half mse_loss": (lambda *given: [d / len(given[2]) for d in by_terms(*given)], "number of outputs"),
            "stacked": (lambda *given: np.array(by_terms(*given)), "raised ValueError"),
            "a dict": (lambda *given: dict(zip("12", by_terms(*given), strict=True)), "of type dict"),
        },
        "almost": {
            "half of it": (lambda *given: [d / 2 for d in by_terms(*given)], "takes away the half"),
            "turned": (lambda *given: [d.T for d in by_terms(*given)], "Both are transposed"),
            **with_torch(tensors=(tensors_by_terms, "torch tensor")),
            "not half": (lambda W1, W2, Sxy, Sxx: [2 * d for d in by_terms(W1, W2, Sxy, Sxx)], "Twice too fast"),
            "other order": (lambda W1, W2, Sxy, Sxx: by_terms(W1, W2, Sxy, Sxx)[::-1], "first dW₁, then dW₂"),
        },
    },
    "08.3": {
        "right": {
            "one logarithm": HALF,
            "two logarithms": tau * (sp.log(s - u0) - sp.log(u0)) / (2 * s),
            "solved": sp.log(((s - u0) / u0) ** (tau / (2 * s))),
            "artanh": tau / s * sp.atanh((s - 2 * u0) / s),
            "an integral": tau * sp.Rational(1, 2) / s * -sp.log(u0 / (s - u0)),
        },
        "wrong": {
            "no 2": (2 * HALF, "Twice too long"),
            "tau below": (HALF / tau**2, "on the wrong side"),
            "growth": (tau / 2 / s * sp.log(s / u0 / 2), "pure growth"),
            "sign": (-HALF, "negative time"),
            "plus": (tau / 2 / s * sp.log((s + u0) / u0), "has to wait for no time"),
            "goal 1": (tau / 2 / s * sp.log((1 - u0) / u0), "goal 1 in the logarithm"),
            "no s": (HALF * s, "divide by s"),
            "no start": (tau * sp.log(2) / (2 * s), "begins at the speed"),
            "the odds": ((s - u0) / u0, "Not yet"),
            "low and negative": (tau / 2 / s * sp.log(u0 / s), "negative time"),
            "turned": (tau / 2 / s * sp.log((u0 - s) / u0), "a negative number"),
            "goal s/2": (tau / 2 / s * sp.log(s / 2 / u0 - 1), "s/2 has become the goal"),
            "relaxes": (tau * sp.log((s - u0) / (s / 2)), "begins at the speed"),
        },
        "almost": {
            "low": (tau / 2 / s * sp.log(s / u0), "Right for low starts"),
            "no tau": (HALF / tau, "τ is missing: with"),
        },
    },
    "08.4": {
        "right": {
            "loops": by_loops,
            "other signs": with_other_signs,
            "eigenvectors": by_eigenvectors,
            "traces": by_traces,
            "scipy": by_scipy,
            **with_torch(torch=by_torch),
            "least squares": by_least_squares,
            **{f"signs {signs}": with_signs(signs) for signs in ((-1, 1, 1), (1, -1, 1), (-1, -1, -1))},
        },
        "wrong": {
            "sorted": (lambda path, target: np.array([np.linalg.svd(W)[1] for W in path]), "names are swapped"),
            "size": (lambda path, target: abs(by_loops(path, target)), "No absolute values"),
            "signs mended": (
                lambda path, target: by_loops(path, target) * np.sign(by_loops(path, target)[-1]),
                "No sign has to be mended",
            ),
            "sorted later": (lambda path, target: -np.sort(-by_loops(path, target), axis=1), "brings the swaps back"),
            "diagonal": (
                lambda path, target: np.array([[W[a, a] for a in range(min(W.shape))] for W in path]),
                "diagonal of the product",
            ),
            "of the last": (lambda path, target: by_loops(path, path[-1]), "the last product"),
            "length": (
                lambda path, target: (
                    np.array([[np.linalg.norm(u @ W) for u in U.T] for W in path])
                    if (U := np.linalg.svd(target, full_matrices=False)[0]) is not None
                    else None
                ),
                "A length holds",
            ),
            "columns of Vt": (
                lambda path, target: np.array(
                    [
                        np.diag(U.T @ W @ Vt)[: min(target.shape)]
                        for W in path
                        for U, _, Vt in [np.linalg.svd(target, full_matrices=False)]
                    ]
                ),
                "*rows*",
            ),
            "signs apart": (signs_apart, "A whole column"),
            "two decompositions": (two_decompositions, "A whole column"),
            "positive first entries": (positive_first_entries, "A whole column"),
            "sorted, rising": (
                lambda path, target: np.sort(np.linalg.svd(path, compute_uv=False), axis=1),
                "names are swapped",
            ),
            "by overlap": (by_overlap, "named by their vectors"),
            "of the first": (lambda path, target: by_loops(path, path[0]), "the first product"),
            "times s": (lambda path, target: by_loops(path, target) * np.linalg.svd(target)[1], "a factor s"),
            "length of Wv": (
                lambda path, target: np.linalg.norm(path @ np.linalg.svd(target, full_matrices=False)[2].T, axis=1),
                "A length holds",
            ),
            "too many lengths": (lengths_of_all, "instances differ"),
            "einsum of Vt": (
                lambda path, target: np.einsum(
                    "ia,tij,ja->ta", *(lambda U, _, Vt: (U, path, Vt))(*np.linalg.svd(target, full_matrices=False))
                ),
                "*rows*",
            ),
            "further away": (
                lambda path, target: np.array(
                    [np.diag(U @ W @ Vt) for U, _, Vt in [np.linalg.svd(target)] for W in path]
                ),
                "turns the product further away",
            ),
            "rows of U": (
                lambda path, target: np.array(
                    [
                        [U[a] @ W @ Vt[a] for a in range(len(strengths))]
                        for U, strengths, Vt in [np.linalg.svd(target)]
                        for W in path
                    ]
                ),
                "*columns* of U",
            ),
            "the last time": (lambda path, target: by_loops(path, target)[-1], "returns the shape"),
            "overlap": (overlaps, "instances differ"),
        },
        "almost": {
            "weakest first": (lambda path, target: by_loops(path, target)[..., ::-1], "strongest mode comes first"),
            "shares": (
                lambda path, target: by_loops(path, target) / by_loops(target[None], target),
                "shares of the goals",
            ),
            "turned": (lambda path, target: by_loops(path, target).T, "ninety degrees"),
            "the whole matrix": (
                lambda path, target: (lambda U, _, Vt: U.T @ path @ Vt.T)(*np.linalg.svd(target, full_matrices=False)),
                "on its diagonal",
            ),
            "single": (
                lambda path, target: by_loops(path.astype(np.float32), target.astype(np.float32)),
                "single precision",
            ),
        },
    },
    "08.5": {
        "right": {
            "decimals": (0.333, 0.667, 20),
            "a list": [1 / 3, 2 / 3, 20.0],
            "fractions": (sp.Rational(1, 3), sp.Rational(2, 3), 20),
        },
        "wrong": {
            "c": ((0.667, 0.833, 10), "This is c = 1"),
            "the speed": ((1.333, 1.667, 20), "power in the speed"),
            "the speed, solved": ((1.333, 1.667, 1.818), "power in the speed"),
            "two over L": ((2 / 3, 1 / 3, 20), "and the power goes to 1"),
            "two over L, solved": ((0.667, 0.333, 2.222), "and the power goes to 1"),
            "layers": ((3, 6, 0.9), "a power of its own"),
            "of a weight": ((1, 4, 2.9), "the product of all L"),
            "logarithm": ((0, 0, 0.9), "whose wait is a logarithm"),
            "falls": ((0.333, 0.167, 20), "This falls with L"),
            "two": ((0.333, 0.667), "3 values"),
            "another middle": ((0.333, 0.7, 20), "The first and the third are right. Look at the second"),
            "another depth": ((0.333, 0.667, 12), "Look at the third"),
            "guesses": ((0.7, 0.9, 30), "0 of 3"),
        },
        "almost": {
            "signs": ((-0.333, -0.667, 20), "*one over* the start"),
            "last": ((0.333, 0.667, 10), "For the last one"),
            "middle": ((0.333, 0.5, 20), "at L = 6?"),
        },
    },
    "08.6": {
        "right": {
            "orthonormal": orthonormal(1.5),
            "other draw": orthonormal(3.0, 7),
            "plain": (2 * np.eye(5, 4), np.zeros((3, 5))),
            "the readout large": (np.zeros((5, 4)), READ.T),
            "just enough": (np.diag([1.2, 0.7, 0.45, 0])[[0, 1, 2, 3, 3]], np.zeros((3, 5))),
            "some read, some written": (2 * np.eye(5, 4) * [1, 1, 0, 0], 2 * np.eye(3, 5, 2) * [[0], [0], [1]]),
            "lists": (orthonormal(2)[0].tolist(), [[0] * 5] * 3),
            "and a little noise": (2 * np.eye(5, 4), 1e-4 * np.random.default_rng(0).normal(size=(3, 5))),
        },
        "wrong": {
            "small": (random(0.05), "speeds up"),
            "zeros": ((np.zeros((5, 4)), np.zeros((3, 5))), "never leaves"),
            "the answer": ((np.eye(5, 4), GOAL @ np.eye(4, 5)), "begin near 0"),
            "ordinary": (random(0.5), "begin near 0"),
            "huge": ((50 * np.eye(5, 4), np.zeros((3, 5))), "turn the clock"),
            "too small a first layer": (orthonormal(0.5), "speeds up"),
            "two units only": ((2 * np.eye(5, 4) * (np.arange(4) < 2), np.zeros((3, 5))), "no hidden unit reads"),
            "one mode waits": ((orthonormal(2)[0] * [1, 1, 0.1, 1], np.zeros((3, 5))), "speeds up"),
            "tiny": (random(1e-8), "no hidden unit reads"),
            "one number for all": ((np.full((5, 4), 2.0), np.zeros((3, 5))), "no hidden unit reads"),
            "other shapes": ((np.eye(4, 5), np.zeros((5, 3))), "shape"),
        },
        "almost": {},
    },
    "08.7": {
        "right": {
            "a fraction": S / sp.sqrt(6),
            "rationalised": sp.sqrt(6) * S / 6,
            "solved": sp.sqrt(sp.Symbol("s", positive=True) ** 2 / 6),
            "a size": sp.Abs(sp.Symbol("s", positive=True)) / sp.sqrt(6),
            "an equation": sp.Eq(sp.Symbol("q"), S / sp.sqrt(6)),
        },
        "wrong": {
            "of w": (S / sp.sqrt(2), "*strength* w never"),
            "no 4": (S / sp.sqrt(24), "A 4 is missing"),
            "none": (sp.S(0), "near w = s/6"),
            "root 3": (S / sp.sqrt(3), "is at most s²/3"),
            "the place": (S / 6, "last to stop rising"),
            "s": (S, "more than enough"),
            "root s": (sp.sqrt(sp.Symbol("s", positive=True)), "Look at the units"),
            "no square, no 4": (S / (2 * sp.sqrt(2)), "Two slips"),
            "upside down": (sp.sqrt(6) * S, "Upside down"),
            "a number": (1 / sp.sqrt(6), "Not yet"),
        },
        "almost": {"q squared": (S**2 / 6, "This is q²"), "minus": (-S / sp.sqrt(6), "which is not negative")},
    },
    "08.8": {
        "right": {
            "QR": by_qr,
            "determinants": by_determinants,
            "subtraction": by_subtraction,
            "Cholesky": by_cholesky,
            **with_torch(torch=by_torch_qr),
            "projectors": by_projectors,
            "a loop": loop(right_projection),
            "a classical loop": loop(right_projection, from_what_is_left=False),
            "other pairs": with_other_pairs,
        },
        "wrong": {
            "as if alone": (lambda W1, W2, target: (means(W1, W2, target) ** 2).sum(0), "Right for the first mode"),
            "strength": (
                lambda W1, W2, target: by_loops((W2 @ W1)[None], target)[0],
                "strength at the start, uᵀW₂W₁v",
            ),
            "its size": (
                lambda W1, W2, target: abs(by_loops((W2 @ W1)[None], target)[0]),
                "is not what grows",
            ),
            "weakest first": (
                lambda W1, W2, target: np.diagonal(np.linalg.qr(means(W1, W2, target)[:, ::-1])[1])[::-1] ** 2,
                "chooses first, so",
            ),
            "difference": (lambda W1, W2, target: by_qr(W1, -W2, target), "dies out"),
            "first layer": (lambda W1, W2, target: by_qr(2 * W1, 0 * W2, target), "first layer alone"),
            "added later": (
                lambda W1, W2, target: by_qr(W1, 0 * W2, target) + by_qr(0 * W1, W2, target),
                "help or cancel",
            ),
            "singular values": (
                lambda W1, W2, target: np.linalg.svd(means(W1, W2, target))[1] ** 2,
                "mix all seeds",
            ),
            "first direction only": (first_only, "several directions to take away"),
            "only the one before": (only_the_one_before, "several directions to take away"),
            "weakest first, not turned back": (
                lambda W1, W2, target: np.diagonal(np.linalg.qr(means(W1, W2, target)[:, ::-1])[1]) ** 2,
                "chooses first, so",
            ),
            "longest first": (longest_first, "the longest seed"),
            "no length": (loop(no_length), "Too little is taken away"),
            "no length, classical": (loop(no_length, from_what_is_left=False), "Too little is taken away"),
            "one length": (loop(one_length), "Too little is taken away"),
            "no length, raw": (loop(no_length, of_what_is_left=False), "Too little is taken away"),
            "raw seeds": (loop(right_projection, of_what_is_left=False), "it is taken away twice"),
            "raw seeds, classical": (
                loop(right_projection, of_what_is_left=False, from_what_is_left=False),
                "it is taken away twice",
            ),
            "all others": (
                lambda W1, W2, target: 1 / np.diag(np.linalg.pinv(means(W1, W2, target).T @ means(W1, W2, target))),
                "to all others",
            ),
            "signs of v": (signs_of_v, "Some u has met −v"),
            "columns of Vt": (columns_of_Vt, "its *rows*"),
            "no transpose": (
                lambda W1, W2, target: (lambda U, _, Vt: np.diagonal(np.linalg.qr((W1 @ Vt.T + W2 @ U) / 2)[1]) ** 2)(
                    *np.linalg.svd(target, full_matrices=False)
                ),
                "leads the transpose",
            ),
            "rows": (
                lambda W1, W2, target: np.diagonal(np.linalg.qr(means(W1, W2, target).T)[1]) ** 2,
                "rows that were made orthogonal",
            ),
            "length, no mean": (lambda W1, W2, target: 2 * np.sqrt(by_qr(W1, W2, target)), "instances differ"),
        },
        "almost": {
            "weakest handed back first": (lambda *given: by_qr(*given)[::-1], "handed back in reverse"),
            "sorted": (lambda *given: -np.sort(-by_qr(*given)), "sorted by size"),
            "diagonal of R": (lambda *given: np.diagonal(np.linalg.qr(means(*given))[1]), "lengths with a sign"),
            "single": (lambda *given: by_qr(*(part.astype(np.float32) for part in given)), "single precision"),
            "a list": (lambda *given: by_qr(*given).tolist(), "come as a list"),
            "no mean": (lambda W1, W2, target: by_qr(2 * W1, 2 * W2, target), "A factor 4"),
            "length": (
                lambda W1, W2, target: abs(np.diagonal(np.linalg.qr(means(W1, W2, target))[1])),
                "length of what is left",
            ),
        },
    },
}
