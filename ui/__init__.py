"""The web page: a chat beside the article it answers from. Only ``ui.app`` knows Gradio."""

import rag  # noqa: F401  # sets the switches that keep Gradio offline before anything can import it
from ui.gradio_without_stubs import leave_out_stubs

leave_out_stubs()
