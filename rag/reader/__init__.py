"""A passage read closely: does it answer, with which words, and does it say a sentence?

In come a question or a claim, and texts; out come logits for their sentences and words, or the probability that they
say the claim. It is the standard embedder once more, its upper layers trained to read both texts together; what is
trained stands in ``training/reader``, and what it learned in ``rag/reader/data``.
"""

from rag.reader.reader import Entailment, Readable, Reader, Reading

__all__ = ["Entailment", "Readable", "Reader", "Reading"]
