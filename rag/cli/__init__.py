"""The command line: ``rag add | list | remove | ask | chat | rebuild | verify | models | eval | doctor | sbom``.

In come words from a terminal; out come text, or JSON where ``--json`` is given. Nothing is decided here: each command
asks the workspace and prints what it says.
"""

from rag.cli.app import main

__all__ = ["main"]
