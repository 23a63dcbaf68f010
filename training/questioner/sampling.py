"""Has a model write, many texts at a time."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from training.answerer.batches import PADDING
from training.answerer.network import GLOBAL_EVERY, Answerer, Earlier, mask_of, rotation_of

TEMPERATURE = 0.8  # likelier words are likelier still
NUCLEUS = 0.9  # of the likelihood: the words that make it up can be chosen (Holtzman and others 2020, arXiv:1904.09751)


@torch.no_grad()
def sampled(model: Answerer, prompts: Sequence[Sequence[int]], end: int, most: int, seed: int) -> list[list[int]]:
    """Return what the model writes after each prompt, without the token that ends it.

    Prompts are padded on the left. What is written stands where it would without padding, for the model knows places
    by their distance alone.

    Args:
        model: that writes.
        prompts: as tokens.
        end: token that ends a text.
        most: tokens of a text.
        seed: of what is chosen.
    """
    device = model.table.device
    chance = torch.Generator(device).manual_seed(seed)
    longest = max(map(len, prompts))
    tokens = torch.full((len(prompts), longest), PADDING, device=device)
    for row, prompt in enumerate(prompts):
        tokens[row, longest - len(prompt) :] = torch.tensor(list(prompt), device=device)
    here = tokens != PADDING
    earlier = [Earlier(len(prompts), longest + most, model.size, device) for _ in model.layers]
    written = torch.full((len(prompts), most), end, device=device)
    over = torch.zeros(len(prompts), dtype=torch.bool, device=device)
    for step in range(most):
        state = _last_state(model, tokens, here, earlier)
        tokens = _chosen((state @ model.table.T).float(), chance).masked_fill(over[:, None], end)
        written[:, step : step + 1] = tokens
        over |= tokens[:, 0] == end
        if step % 8 == 7 and over.all():  # seldom: to ask a device is to wait for it
            break
        here = torch.cat([here, torch.ones_like(tokens, dtype=torch.bool)], dim=1)
    return [row[: row.index(end)] if end in row else row for row in written.tolist()]


def _last_state(model: Answerer, tokens: Tensor, here: Tensor, earlier: Sequence[Earlier]) -> Tensor:
    """Return the state of the last of the tokens, shape (texts, width); ``here`` tells all tokens from padding."""
    length, count = here.shape[1], tokens.shape[1]
    state = model.table[tokens] * model.table.shape[1] ** 0.5
    cosines = [
        tuple(part[-count:] for part in rotation_of(base, length, model.size, tokens.device)) for base in model.bases
    ]
    absent = torch.where(here, 0.0, -1e9).to(torch.bfloat16)[:, None, None, :]
    masks = [mask_of(length, window, tokens.device)[-count:] + absent for window in (model.window, length)]
    for number, layer in enumerate(model.layers):
        everywhere = (number + 1) % GLOBAL_EVERY == 0
        state = layer(state, cosines[everywhere], masks[everywhere], earlier[number])
    return model.normed(state[:, -1])


def _chosen(logits: Tensor, chance: torch.Generator) -> Tensor:
    """Return a token for each row of logits, drawn by its likelihood from the likeliest, shape (texts, 1)."""
    likely, which = (logits / TEMPERATURE).topk(64, dim=1)
    shares = likely.softmax(1)
    shares = shares.masked_fill(shares.cumsum(1) - shares > NUCLEUS, 0.0)
    return which.gather(1, torch.multinomial(shares, 1, generator=chance))
