"""What goes on in threads while pages look at it: answers, downloads, reading ahead.

In comes a request; out comes a state that any number of tabs may look at, and that stops when a reader says so.
"""
