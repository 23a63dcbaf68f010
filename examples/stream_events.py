"""Follow an answer while it is made: what was found, what is written, and what the check says of each sentence.

python examples/stream_events.py "Combien de pays ?"
"""

import sys

import rag


def main(question: str) -> None:
    """Print one line for each event of the answer, in the order they come."""
    workspace = rag.open_workspace()
    for event in workspace.answer(question, library=rag.EXAMPLE_LIBRARY):
        match event:
            case rag.Retrieved():
                print(f"found     {len(event.hits)} passages, probability {event.evidence.probability:.2f}")
            case rag.Working():
                print(f"model     {event.stage} {event.done:.0%}")
            case rag.Token():
                print(f"text      {event.text!r}")
            case rag.Cited():
                print(f"citation  [{event.citation.n}]")
            case rag.Checked():
                print(f"check     sentence {event.index}: {event.sentence.supported}")
            case rag.Finished():
                print(f"finished  {'refused' if event.answer.refused else 'answered'} by {event.answer.model}")
    workspace.close()


if __name__ == "__main__":
    if not sys.argv[1:]:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except rag.RagError as error:
        sys.exit(str(error))
