"""What stands between the network and the page: who may ask, and what a browser may do with what it gets.

In comes a request; out comes the page, or a refusal in one sentence. Which routes are open, which names are answered to
and what the browser is allowed is changed in ``serving.py``.
"""

from ui.server.serving import Doorkeeper, browser_name, claim, is_any

__all__ = ["Doorkeeper", "browser_name", "claim", "is_any"]
