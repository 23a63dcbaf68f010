"""What the page knows of one thing at one moment: an exchange, a download, a problem.

In come the events of ``rag``; out come frozen values that threads hand over, tabs hold and ``ui.html`` shows. A field
that the page is to show of an answer or a download is added here. Nothing here waits, asks or keeps.
"""

from ui.state.download import DownloadState
from ui.state.exchange import Exchange, fold
from ui.state.problem import Notice, Problem

__all__ = ["DownloadState", "Exchange", "Notice", "Problem", "fold"]
