"""What stands between the network and the page: who may ask, and what a browser may do with what it gets.

In comes a request; out comes the page, or a refusal in one sentence.
"""
