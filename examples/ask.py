"""Ask one question and print the answer with the sentences of the article it rests on.

python examples/ask.py "Que dit la Russie ?" [LIBRARY]
"""

import sys

import rag


def main(question: str, library: str = rag.EXAMPLE_LIBRARY) -> None:
    """Print the answer, then what each of its citations says and where that stands."""
    workspace = rag.open_workspace()
    for event in workspace.answer(question, library=library):
        if isinstance(event, rag.Finished):
            answer = event.answer
            print(answer.marked_text())
            for citation in answer.citations:
                text = workspace.article(library, citation.article).text
                print(f"[{citation.n}] {text[citation.start : citation.end]} ({citation.start}-{citation.end})")
    workspace.close()


if __name__ == "__main__":
    if not sys.argv[1:]:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except rag.RagError as error:
        sys.exit(str(error))
