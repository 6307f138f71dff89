"""Bandit policies that are networks: linear, or with layers of rectified units. Many runs stand on a leading axis."""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from raylab import arguments
from raylab.records import Components, Jacobian, PairMatrix, Parameters

Logits = Annotated[NDArray[np.float64], "... n K"]
INITS = ("he", "torch")
_LARGEST = 140.0  # decades of a logit: inner products of gradients are squares


class Layer(NamedTuple):
    """Where one layer stands in the vector of parameters: W (wide, narrow) row-major, then b (wide)."""

    W: slice
    b: slice
    wide: int
    narrow: int

    def weights(self, theta: torch.Tensor) -> torch.Tensor:
        """W of every run, (N, wide, narrow), a view."""
        return theta[:, self.W].unflatten(1, (self.wide, self.narrow))


class Pass(NamedTuple):
    """One forward pass: logits (N, K, n) and what goes into each layer, (N, K, narrow)."""

    logits: torch.Tensor
    inputs: list[torch.Tensor]


@dataclass(frozen=True)
class Policy:
    """K contexts, n actions: the logits are the outputs of a network that sees the context one-hot.  [Schaul19 App. A]

    widths: of the hidden layers of rectified units, () for the linear policy, which is
    `systems.bandit.SoftmaxBandit`, parameters and all. Every layer has weights and a bias, in the order W1, b1, W2, ...
    The right action of context k is action k; learning is on-policy, so that updates and gradients agree.
    Raises TypeError for sizes that are no whole numbers, ValueError unless 1 <= contexts <= actions, actions >= 2 and
    every width is at least 1.
    """

    contexts: int
    actions: int
    widths: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "contexts", arguments.count(self.contexts, "contexts", 1))
        object.__setattr__(self, "actions", arguments.count(self.actions, "actions", 2))
        widths = arguments.sequence(self.widths, "widths")
        object.__setattr__(self, "widths", tuple(arguments.count(w, f"widths[{i}]") for i, w in enumerate(widths)))
        if self.contexts > self.actions:
            raise ValueError(
                f"contexts: expected at most as many contexts as actions, found {self.contexts} > {self.actions}; "
                "the right action of context k is action k, so add actions."
            )

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers from the context to the logits."""
        found, first = [], 0
        for narrow, wide in pairwise((self.contexts, *self.widths, self.actions)):
            b = first + wide * narrow
            found.append(Layer(slice(first, b), slice(b, b + wide), wide, narrow))
            first = b + wide
        return tuple(found)

    @property
    def size(self) -> int:
        """d, the number of parameters."""
        return self.layers[-1].b.stop

    @property
    def slices(self) -> dict[str, slice]:
        """Which columns belong to W1, b1, W2, ..."""
        named = [(f"W{i}", layer.W, f"b{i}", layer.b) for i, layer in enumerate(self.layers, 1)]
        return {name: part for W, w, b, c in named for name, part in ((W, w), (b, c))}

    def draw(self, runs: int, rng: np.random.Generator, init: str = "he") -> Parameters:
        """Random parameters (runs, d).

        init "he": normal weights of variance 2 / inputs (1 / inputs in the last layer; a one-hot context counts as one
        input), biases zero; "torch": weights and biases uniform within 1 / sqrt(inputs), what torch.nn.Linear does.
        Raises TypeError or ValueError for malformed arguments.
        """
        runs, rng = arguments.count(runs, "runs"), arguments.generator(rng)
        if arguments.text(init, "init") not in INITS:
            raise ValueError(f"init: expected one of {', '.join(INITS)}, found {init!r}; the text of draw says more.")
        theta = np.zeros((runs, self.size))
        for i, layer in enumerate(self.layers):
            if init == "torch":
                bound = 1 / math.sqrt(layer.narrow)
                whole = slice(layer.W.start, layer.b.stop)
                theta[:, whole] = rng.uniform(-bound, bound, (runs, whole.stop - whole.start))
            else:
                gain = 1.0 if i == len(self.widths) else 2.0
                spread = math.sqrt(gain / (layer.narrow if i else 1))
                theta[:, layer.W] = rng.normal(0.0, spread, (runs, layer.wide * layer.narrow))
        return theta

    def logits(self, parameters: Parameters) -> Logits:
        """(..., d) -> (..., n, K): column k belongs to context k, as in `SoftmaxBandit.policy`."""
        theta, lead = self._stacked(parameters)
        found = self._forward(theta).logits.transpose(1, 2).numpy()
        return np.ascontiguousarray(found).reshape(*lead, self.actions, self.contexts)

    def with_logits(self, parameters: Parameters, logits: Logits) -> Parameters:
        """The parameters moved to these logits (..., n, K), up to a number for each context, by the last layer alone.

        Its least change in the Euclidean norm, so that networks of all shapes can start from the same policies.
        Raises TypeError or ValueError for malformed arguments, ValueError where contexts that look alike to the last
        layer (all of their units may be silent) would have to differ.
        """
        theta, lead = self._stacked(parameters)
        wanted = arguments.array(logits, "logits", f"... {self.actions} {self.contexts}")
        if wanted.shape[:-2] != lead:
            raise ValueError(
                f"logits: expected runs {lead} as in parameters, found {wanted.shape[:-2]}; make them agree."
            )
        now, last = self._forward(theta), self.layers[-1]
        aim = _owned(wanted.reshape(len(theta), self.actions, self.contexts)).transpose(1, 2)
        missing = _centred(aim - now.logits)
        seen = torch.nn.functional.pad(now.inputs[-1], (0, 1), value=1.0)  # the bias sees a one
        change = torch.linalg.pinv(seen, rtol=1e-9) @ missing
        left = (seen @ change - missing).abs().amax(dim=(1, 2))
        if (left > 1e-6 * (1 + missing.abs().amax(dim=(1, 2)))).any():
            raise ValueError(
                f"logits: expected policies that this network can hold, found run {int(left.argmax())} whose contexts "
                "look alike to its last layer; draw its parameters anew, or take wider layers."
            )
        theta = theta.clone()
        theta[:, last.W] += change[:, :-1].transpose(1, 2).flatten(1)
        theta[:, last.b] += change[:, -1]
        return theta.numpy().reshape(*lead, self.size)

    def components(self, parameters: Parameters) -> Components:
        """J_k = pi(k | k), (..., d) -> (..., K)."""
        theta, lead = self._stacked(parameters)
        return self._right(self._forward(theta))[0].numpy().reshape(*lead, self.contexts)

    def gradients(self, parameters: Parameters) -> Jacobian:
        """grad J_k, exactly: no sample is drawn, (..., d) -> (..., K, d).  [Schaul19 Sec. 2]"""
        theta, lead = self._stacked(parameters)
        now = self._forward(theta)
        J, score = self._right(now)
        return self._rows(theta, now, J[..., None] * score).reshape(*lead, self.contexts, self.size)

    updates = gradients

    def sample(self, parameters: Parameters, rng: np.random.Generator) -> Jacobian:
        """One sample per context: reward times score, (..., K, d); its mean is `updates`.  [Schaul19 Sec. 2]"""
        theta, lead = self._stacked(parameters)
        now = self._forward(theta)
        J, score = self._right(now)
        drawn = torch.from_numpy(arguments.generator(rng).random(J.shape)) < J
        return self._rows(theta, now, drawn[..., None] * score).reshape(*lead, self.contexts, self.size)

    def kernel(self, parameters: Parameters) -> Annotated[PairMatrix, "... K K"]:
        """How much a push on the logits of context j moves those of context k, (..., d) -> (..., K, K).

        Inner products of the gradients of the logits, averaged over the n - 1 directions in which a policy can change.
        2 on the diagonal and 1 beside it for the linear policy: its weights are its own, its bias is shared.
        """
        theta, lead = self._stacked(parameters)
        now, K, n = self._forward(theta), self.contexts, self.actions
        back = _centred(torch.eye(n, dtype=torch.float64)).expand(len(theta), K, n, n)
        found = torch.zeros(len(theta), K, K, dtype=torch.float64)
        for i in reversed(range(len(self.layers))):
            found += torch.einsum("Nkaw,Njaw->Nkj", back, back) * alike(now.inputs[i])
            if i:
                back = (back @ self.layers[i].weights(theta)[:, None]) * (now.inputs[i] > 0)[:, :, None]
        return (found / (n - 1)).numpy().reshape(*lead, K, K)

    def _forward(self, theta: torch.Tensor) -> Pass:
        """The pass of N runs at once, theta (N, d)."""
        inputs = [torch.eye(self.contexts, dtype=torch.float64).expand(len(theta), -1, -1)]
        z = inputs[0]
        for layer in self.layers:
            z = torch.baddbmm(theta[:, None, layer.b], inputs[-1], layer.weights(theta).transpose(1, 2))
            inputs.append(z.clamp_min(0.0))
        return Pass(z, inputs[:-1])

    def _right(self, now: Pass) -> tuple[torch.Tensor, torch.Tensor]:
        """(J (N, K), d log J_k / d logits of context k (N, K, n)); 1 - J_k as the sum over the wrong actions."""
        own = torch.eye(self.contexts, self.actions, dtype=torch.bool)
        pi = torch.softmax(now.logits, dim=-1)
        wrong = pi.masked_fill(own, 0.0).sum(dim=-1)
        return pi[:, own], torch.where(own, wrong[..., None], -pi)

    def _backward(self, theta: torch.Tensor, now: Pass, by_logit: torch.Tensor) -> list[torch.Tensor]:
        """From derivatives by the logits, (N, K, n), to those by what each layer gives, (N, K, wide), first to last."""
        found = [by_logit]
        for layer, seen in zip(self.layers[:0:-1], now.inputs[:0:-1], strict=True):
            found.append(torch.bmm(found[-1], layer.weights(theta)) * (seen > 0))
        return found[::-1]

    def _rows(self, theta: torch.Tensor, now: Pass, by_logit: torch.Tensor) -> NDArray[np.float64]:
        """Row k: what context k alone gives, (N, K, d)."""
        parts = []
        for seen, by in zip(now.inputs, self._backward(theta, now, by_logit), strict=True):
            parts += [(by[..., None] * seen[:, :, None]).flatten(2), by]
        return torch.cat(parts, dim=-1).numpy()

    def _stacked(self, parameters: Parameters, name: str = "parameters") -> tuple[torch.Tensor, tuple[int, ...]]:
        parameters = arguments.array(parameters, name, "... d")
        if parameters.shape[-1] != self.size:
            raise ValueError(
                f"{name}: expected {self.size} on the last axis, found shape {parameters.shape}; "
                "one column for each parameter of this network."
            )
        largest = float(np.abs(parameters).max())
        if len(self.layers) * math.log10(1 + largest * max(self.contexts, self.actions, *self.widths)) > _LARGEST:
            raise ValueError(
                f"{name}: expected numbers whose product over all layers fits into float64, found {largest:g}; "
                "divide them by a common scale."
            )
        return _owned(parameters.reshape(-1, self.size)), parameters.shape[:-1]


def _owned(values: NDArray[np.float64]) -> torch.Tensor:
    """A tensor of its own: numpy's array may be read-only, or run backwards."""
    return torch.from_numpy(np.array(values, order="C"))


def _centred(by_action: torch.Tensor) -> torch.Tensor:
    """A number added to all logits of a context changes no policy."""
    return by_action - by_action.mean(dim=-1, keepdim=True)


def alike(seen: torch.Tensor) -> torch.Tensor:
    """Inner products (N, K, K) of what a layer sees in two contexts, and one for its bias."""
    return torch.bmm(seen, seen.transpose(1, 2)) + 1.0
