"""What a question wants, learned: utterances written for it, and the command that fits the head to them.

``utterances`` holds one file for each intent, one utterance a line with its language, written by hand for this project
(CC0). ``{topic}`` in an utterance stands for each of ``topics.jsonl``. ``content.jsonl`` holds what is easily taken for
another intent and is a question about the text.
"""
