"""Makes questions to train on: a model that learned from those people asked writes such about other texts."""
