"""Operators whose way back is written out: on a processor most of a step went into what autograd makes of them."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function


class Norm(Function):
    """The root mean square norm (Zhang and Sennrich 2019, arXiv:1910.07467) with a frozen weight."""

    @staticmethod
    def forward(context: Any, state: Tensor, weight: Tensor, epsilon: float) -> Tensor:  # noqa: ANN401
        """Return the state, shape (…, width), each row divided by its root mean square, times the weight."""
        length = torch.linalg.vector_norm(state, dim=-1, keepdim=True, dtype=torch.float32)
        scale = length.square_().div_(state.shape[-1]).add_(epsilon).rsqrt_()
        context.save_for_backward(state, weight, scale)
        return (state * scale.to(state.dtype)).mul_(weight)

    @staticmethod
    def backward(context: Any, given: Tensor) -> tuple[Tensor, None, None]:  # noqa: ANN401
        """Return the gradient of the state."""
        state, weight, scale = context.saved_tensors
        back = given * weight
        along = (back * state).sum(-1, keepdim=True, dtype=torch.float32)
        along.mul_(scale**3).div_(-state.shape[-1])
        return back.mul_(scale.to(back.dtype)).addcmul_(state, along.to(back.dtype)), None, None


class Merged(Function):
    """A product with a frozen matrix and a low-rank one.

    One product with their sum is faster than three of which two are thin; on the way back it is the other way round,
    since the gradient of the sum itself is not needed.
    """

    @staticmethod
    def forward(context: Any, state: Tensor, weight: Tensor, down: Tensor, up: Tensor) -> Tensor:  # noqa: ANN401
        """Return the state, shape (…, inputs), as (…, outputs)."""
        merged = torch.addmm(weight, up, down)
        context.save_for_backward(state, merged, down, up)
        return state @ merged.T

    @staticmethod
    def backward(context: Any, given: Tensor) -> tuple[Tensor, None, Tensor, Tensor]:  # noqa: ANN401
        """Return the gradients of the state and of both low-rank matrices."""
        state, merged, down, up = context.saved_tensors
        rows, flat = given.reshape(-1, given.shape[-1]), state.reshape(-1, state.shape[-1])
        of_down = (rows @ up).T @ flat
        of_up = ((flat @ down.T).T @ rows).T
        return given @ merged, None, of_down, of_up


class Rotated(Function):
    """Rotary positions (Su and others 2021, arXiv:2104.09864)."""

    @staticmethod
    def forward(context: Any, state: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:  # noqa: ANN401
        """Return the state, shape (…, tokens, size), rotated; cosines and sines have the shape (tokens, size / 2)."""
        context.save_for_backward(cosines, sines)
        return _turned(state, cosines, sines)

    @staticmethod
    def backward(context: Any, given: Tensor) -> tuple[Tensor, None, None]:  # noqa: ANN401
        """Return the gradient of the state: turned back."""
        cosines, sines = context.saved_tensors
        return _turned(given, cosines, -sines), None, None


def _turned(state: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
    made = torch.empty_like(state, memory_format=torch.contiguous_format)
    first, second = state.chunk(2, dim=-1)
    left, right = made.chunk(2, dim=-1)
    torch.mul(first, cosines, out=left).addcmul_(second, sines, value=-1)
    torch.mul(second, cosines, out=right).addcmul_(first, sines)
    return made


class Surprise(Function):
    """The mean cross-entropy of tokens over a large frozen vocabulary, a few rows at a time.

    The way back needs the shares of all tokens only once, so they are made, used and forgotten on the way there.
    """

    ROWS = 128

    @staticmethod
    def forward(context: Any, states: Tensor, table: Tensor, wanted: Tensor) -> Tensor:  # noqa: ANN401
        """Return the loss of ``states``, shape (rows, width), for the tokens ``wanted``, shape (rows,)."""
        total, back = torch.zeros((), device=states.device), torch.empty_like(states)
        for start in range(0, len(states), Surprise.ROWS):
            rows = slice(start, start + Surprise.ROWS)
            picked = wanted[rows, None]
            logs = torch.log_softmax((states[rows] @ table.T).float(), dim=1)
            total -= logs.gather(1, picked).sum()
            shares = logs.exp_()
            shares.scatter_add_(1, picked, torch.full(picked.shape, -1.0, device=picked.device))
            back[rows] = shares.to(table.dtype) @ table
        context.save_for_backward(back / len(states))
        return total / len(states)

    @staticmethod
    def backward(context: Any, given: Tensor) -> tuple[Tensor, None, None]:  # noqa: ANN401
        """Return the gradient of the states."""
        (back,) = context.saved_tensors
        return back * given.to(back.dtype), None, None
