"""Ask the article: questions about a text, answered offline, with every sentence traced to exact characters.

This is the door for programs that use the package. Importing it is quick: torch, faiss, llama_cpp and gradio are
imported when a model, an index or the page is opened.
"""

from rag.offline import switch_off_networks

switch_off_networks()
