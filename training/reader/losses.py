"""What the reader is corrected by."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from training.reader.batches import Batch
from training.reader.network import Scores


def losses(scores: Scores, batch: Batch) -> dict[str, Tensor]:
    """Return each part of the loss, as a mean over what it is known for."""
    logits = {"answers": [], "ranking": [], "span": [], "evidence": [], "verdict": []}  # type: dict[str, list[Tensor]]
    at = {}  # type: dict[int, list[int]]
    for row, (pair, group) in enumerate(zip(batch.pairs, batch.groups, strict=True)):
        at.setdefault(group, []).append(row)
        if pair.verdict >= 0:
            logits["verdict"].append(_verdict(scores.verdicts[row], pair.verdict))
            continue
        wanted = torch.tensor(float(pair.answers))
        logits["answers"].append(functional.binary_cross_entropy_with_logits(scores.answers[row], wanted))
        length = len(pair.passage)
        tokens = scores.tokens[row, :length]
        if pair.spans:
            for side in (0, 1):
                shares = functional.log_softmax(tokens[:, side], dim=0)
                logits["span"].append(-torch.logsumexp(shares[[span[side] for span in pair.spans]], dim=0))
        known = [one for one in pair.sentences if one[2] >= 0]
        if known:
            means = torch.stack([tokens[start : end + 1, 2].mean() for start, end, _ in known])
            wanted = torch.tensor([float(one[2]) for one in known])
            logits["evidence"].append(functional.binary_cross_entropy_with_logits(means, wanted))
            if 0 < wanted.sum() < len(known):
                shares = functional.log_softmax(means, dim=0)
                logits["evidence"].append(-torch.logsumexp(shares[wanted > 0], dim=0))
    for rows in at.values():
        if len(rows) > 1 and batch.pairs[rows[0]].answers == 1:
            logits["ranking"].append(-functional.log_softmax(scores.answers[rows], dim=0)[0])
    return {name: torch.stack(values).mean() for name, values in logits.items() if values}


def _verdict(logits: Tensor, verdict: int) -> Tensor:
    """Return the loss of one verdict; 3 is anything but entailed, 4 anything but contradicted."""
    shares = functional.log_softmax(logits, dim=0)
    if verdict < 3:
        return -shares[verdict]
    return -torch.logsumexp(shares[[1, 2] if verdict == 3 else [0, 2]], dim=0)
