"""Values become escaped HTML: turns, the conversation, panels, the article.

In come answers, articles and words; out come strings that may stand in the page. Nothing here asks anything or keeps
anything; whatever came from a document or a model is escaped here and nowhere else.
"""
