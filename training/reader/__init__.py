"""Trains the reader: which sentence answers, does any, and does a passage say a sentence?"""
