"""Add files or folders to a library of their own and list what it holds then.

python examples/add_and_list.py LIBRARY article.txt [notes/ …]
"""

import sys
from pathlib import Path

import rag


def main(library: str, *paths: str) -> None:
    """Print what becomes of each file, then the articles of the library."""
    workspace = rag.open_workspace()
    for step in workspace.add([Path(path) for path in paths], library=library):
        if isinstance(step, rag.Ingested):
            print(f"{step.status}: {step.entry.source}")
        elif isinstance(step, rag.Unread):
            print(step.error, file=sys.stderr)
    for entry in workspace.articles(library):
        print(f"{entry.identifier}  {entry.title}  ({entry.characters} characters, {entry.passages} passages)")
    workspace.close()


if __name__ == "__main__":
    if not sys.argv[1:]:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except rag.RagError as error:
        sys.exit(str(error))
