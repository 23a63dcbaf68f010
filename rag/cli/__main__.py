"""``python -m rag.cli`` is ``rag``."""

from rag.cli.app import main

main()
