"""From a torch network to numpy: one gradient row for each component."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from raylab.records import Jacobian


def component_gradients(model: torch.nn.Module, values: torch.Tensor | Sequence[torch.Tensor]) -> Jacobian:
    """Gradient of every component with respect to all trainable parameters of `model`: (K, d) float64.

    values: K scalars from one forward pass, losses or returns, as a 1-d tensor or a sequence. Row k is the
    gradient of values[k]; it is zero where values[k] does not depend on a parameter. `parameter_slices` names
    the columns. The graph is kept, so that one may still call backward; no `.grad` is touched.
    Raises TypeError if `model` or `values` are something else or complex, ValueError if no value depends on the
    model, its graph is gone or a gradient is not finite.
    """
    parameters = [p for _, p in _trainable(model)]
    with torch.inference_mode(False), torch.enable_grad():  # a no_grad() around this call is about the caller's graph
        rows = _scalars(values)
        found = [_row(v, parameters) for v in rows]
    if all(row is None for row in found):
        raise ValueError(
            "values: expected scalars that depend on the model's parameters, found none that does; compute them "
            "from a forward pass of this very model, without torch.no_grad() and without .detach()."
        )
    nothing = np.zeros(sum(p.numel() for p in parameters))
    G = np.array([nothing if row is None else row for row in found])
    if not np.isfinite(G).all():
        bad = int(np.argmax(~np.isfinite(G).all(axis=1)))
        raise ValueError(
            f"values: expected finite gradients, found NaN or infinity in component {bad}; look at its loss."
        )
    return G


def parameter_slices(model: torch.nn.Module) -> dict[str, slice]:
    """Which columns of `component_gradients` belong to which trainable parameter: name -> slice, in order.

    Raises TypeError if `model` is no torch module, ValueError if it has no trainable parameter.
    """
    slices, first = {}, 0
    for name, p in _trainable(model):
        slices[name] = slice(first, first + p.numel())
        first += p.numel()
    return slices


def _row(value: torch.Tensor, parameters: Sequence[torch.Tensor]) -> np.ndarray | None:
    """The gradient of one value, or None where it depends on no parameter at all."""
    if not value.requires_grad:
        return None
    try:
        found = torch.autograd.grad(value, parameters, retain_graph=True, allow_unused=True)
    except RuntimeError as error:
        raise ValueError(
            f"values: expected a graph that is still whole, found: {str(error).splitlines()[0]} "
            "Run the forward pass anew, and take the gradients before any backward() or optimiser step."
        ) from error
    if all(g is None for g in found):
        return None
    parts = [torch.zeros_like(p) if g is None else g for g, p in zip(found, parameters, strict=True)]
    # to_dense: an embedding may give sparse gradients, which numpy cannot read
    return np.concatenate([g.detach().to_dense().cpu().to(torch.float64).numpy().ravel() for g in parts])


def _trainable(model: Any) -> list[tuple[str, torch.nn.Parameter]]:
    if not isinstance(model, torch.nn.Module):
        raise TypeError(f"model: expected a torch.nn.Module, found {type(model).__name__}; pass the network itself.")
    found = [(name, p) for name, p in model.named_parameters() if p.requires_grad and p.numel()]
    if not found:
        raise ValueError("model: expected at least one trainable parameter, found none; is it frozen?")
    for name, p in found:
        if p.is_complex():
            raise TypeError(f"model: expected real parameters, found {name} with {p.dtype}; use a real layer.")
    return found


def _scalars(values: Any) -> list[torch.Tensor]:
    rows = _listed(values)
    for k, v in enumerate(rows):
        if v.is_complex():
            raise TypeError(f"values[{k}]: expected a real number, found {v.dtype}; take .real or .abs().")
    return rows


def _listed(values: Any) -> list[torch.Tensor]:
    if isinstance(values, torch.Tensor):
        if values.ndim != 1 or not len(values):
            raise ValueError(
                f"values: expected a tensor of shape (K,), found {tuple(values.shape)}; one scalar for each component."
            )
        return list(values)
    if isinstance(values, list | tuple) and not values:
        raise ValueError("values: expected at least one scalar, found none; one for each component.")
    if not isinstance(values, Sequence) or isinstance(values, str):
        raise TypeError(
            f"values: expected a 1-d tensor or a sequence of scalars, found {type(values).__name__}; "
            "for example torch.stack([loss_1, loss_2])."
        )
    for k, v in enumerate(values):
        if not isinstance(v, torch.Tensor) or v.numel() != 1:
            raise TypeError(
                f"values[{k}]: expected a scalar tensor, found {type(v).__name__}; keep the graph: no .item()."
            )
    return [v.reshape(()) for v in values]
