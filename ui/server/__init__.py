"""What stands between the network and the page: who may ask, and what a browser may do with what it gets.

In comes a request; out comes the page, or a refusal in one sentence. Which routes are open, which names are answered to
and what another origin may do is changed in ``serving.py``; what the browser is allowed, in ``dressing.py``; how long a
connection may take, in ``connections.py``; how often a password may be tried, in ``attempts.py``; that a tab's stream
of messages stays open, in ``staying.py``.
"""

from ui.server.addresses import is_any, listen, page_addresses
from ui.server.listening import Listening
from ui.server.serving import Doorkeeper, browser_name
from ui.server.staying import stay
from ui.server.uploads import Uploads

__all__ = ["Doorkeeper", "Listening", "Uploads", "browser_name", "is_any", "listen", "page_addresses", "stay"]
