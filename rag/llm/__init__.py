"""A prompt becomes text.

In come a question, the passages and the earlier turns; out comes text in pieces, whatever answers: llama.cpp in this
process (``llama/``), a server that a person named, or the article's own sentences. Another kind of model is one more
:class:`ChatModel`, opened in ``rag/opening.py``.
"""

from rag.llm.chat_model import ChatModel
from rag.llm.evidence import compose_evidence
from rag.llm.prompt import compose_prompt
from rag.llm.quoting import QuotingModel
from rag.llm.server import ServerModel

__all__ = ["ChatModel", "QuotingModel", "ServerModel", "compose_evidence", "compose_prompt"]
