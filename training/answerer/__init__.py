"""Trains the answerer: a small language model that answers from numbered evidence, or says what is missing there."""
