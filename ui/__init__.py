"""The web page: a chat beside the article it answers from. Only ``ui.chat`` and ``ui.app`` know Gradio."""

import os

from rag.offline import SWITCHES  # importing rag sets the switches that keep Gradio offline before it can be imported
from ui.gradio_without_stubs import leave_out_stubs

leave_out_stubs()
# What the environment says to Gradio is meant for a person's own programs: here it could keep the page from starting.
for _name in [name for name in os.environ if name.startswith("GRADIO_") and name not in SWITCHES]:
    del os.environ[_name]
