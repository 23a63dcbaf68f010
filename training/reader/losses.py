"""What the reader is corrected by."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from training.reader.batches import Batch
from training.reader.network import Scores

_START, _END, _EVIDENCE = 0, 1, 2  # what the scores of a token tell


def losses(scores: Scores, batch: Batch) -> dict[str, Tensor]:
    """Return each part of the loss, as a mean over what it is known for."""
    parts = {}
    asked = batch.answers >= 0
    if asked.any():
        parts["answers"] = functional.binary_cross_entropy_with_logits(
            scores.answers[asked], batch.answers[asked].float()
        )
    if (batch.verdicts >= 0).any():
        judged = batch.verdicts >= 0
        parts["verdict"] = _verdicts(scores.verdicts[judged], batch.verdicts[judged])
    if len(batch.spans):
        parts["span"] = _spans(scores.tokens, batch)
    if len(batch.sentences):
        parts["evidence"] = _evidence(scores.tokens[:, :, _EVIDENCE], batch)
    if len(batch.rivals):
        parts["ranking"] = _ranking(scores.answers, batch.rivals)
    return parts


def _verdicts(logits: Tensor, verdicts: Tensor) -> Tensor:
    """Return the loss of verdicts; 3 is anything but entailed, 4 anything but contradicted."""
    allowed = torch.tensor(
        [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 1], [1, 0, 1]], dtype=torch.bool, device=logits.device
    )[verdicts]
    shares = functional.log_softmax(logits, dim=1)
    return -shares.masked_fill(~allowed, -torch.inf).logsumexp(1).mean()


def _spans(tokens: Tensor, batch: Batch) -> Tensor:
    """Return the loss of where answers begin and end: any of the places that are right for a pair will do."""
    pair, first, last = batch.spans.T
    present = torch.arange(tokens.shape[1], device=tokens.device) < batch.lengths[:, None]
    found = []
    for side, place in ((_START, first), (_END, last)):
        shares = functional.log_softmax(tokens[:, :, side].masked_fill(~present, -torch.inf), dim=1)
        right = torch.zeros_like(present)
        right[pair, place] = True
        rows = right.any(1)
        found.append(-shares[rows].masked_fill(~right[rows], -torch.inf).logsumexp(1))
    return torch.cat(found).mean()


def _evidence(scores: Tensor, batch: Batch) -> Tensor:
    """Return the loss of which sentences answer: of all of a pair together, and of the right ones among the others."""
    pair, first, last, right = batch.sentences.T
    sums = functional.pad(scores.cumsum(1), (1, 0))
    means = (sums[pair, last + 1] - sums[pair, first]) / (last + 1 - first)
    wanted = right.to(means.dtype)
    each = functional.binary_cross_entropy_with_logits(means, wanted, reduction="none")
    count = torch.zeros(len(scores), device=scores.device).index_add(0, pair, torch.ones_like(wanted))
    told = torch.zeros_like(count).index_add(0, pair, wanted)
    alone = (torch.zeros_like(count).index_add(0, pair, each) / count)[count > 0]
    mixed = (told > 0) & (told < count)
    if not mixed.any():
        return alone.mean()
    among = _log_sum(means, pair, len(scores)) - _log_sum(means[right > 0], pair[right > 0], len(scores))
    return torch.cat([alone, among[mixed]]).mean()


def _ranking(answers: Tensor, rivals: Tensor) -> Tensor:
    """Return the loss of the first passage of a question, which answers, among all of it.

    Args:
        answers: logits, shape (pairs,).
        rivals: numbers of the pairs of each question, shape (questions, most), -1 where there are no more.
    """
    logits = answers[rivals.clamp(min=0)].masked_fill(rivals < 0, -torch.inf)
    return -functional.log_softmax(logits, dim=1)[:, 0].mean()


def _log_sum(values: Tensor, group: Tensor, groups: int) -> Tensor:
    """Return the logarithm of the sum of exponentials of each group, shape (groups,); -inf where one is empty."""
    most = torch.full((groups,), -torch.inf, device=values.device).scatter_reduce(0, group, values.detach(), "amax")
    safe = most.masked_fill(most == -torch.inf, 0.0)
    sums = torch.zeros(groups, device=values.device).index_add(0, group, (values - safe[group]).exp())
    return safe + sums.clamp(min=torch.finfo(values.dtype).tiny).log()
