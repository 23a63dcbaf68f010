"""Gradio's page made ours: its language, our styles and script, and what the browser may do in it.

The Content-Security-Policy knows no origin but this one. Inline scripts run only with a nonce drawn for each page, so
markup that slipped into a page cannot. ``unsafe-eval`` stays allowed: Gradio compiles the templates of its HTML
component in the browser.
"""

from __future__ import annotations

import re
from html import escape

from ui.html import shell_html
from ui.words import words

FONTS = ("serif-latin", "sans-latin")
STYLES = ("theme", "chat", "turn", "bar", "side", "article", "card", "drawer", "touch", "print")


def policy(nonce: str) -> str:
    """Return the Content-Security-Policy of the page."""
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def dress(page: str, nonce: str, language: str, *, unstyled: str = "") -> str:
    """Return Gradio's page in ``language``, with our styles and script, a nonce on each script, no foreign address.

    The shell is painted before Gradio's scripts have arrived, and covered by the bar that follows.

    Args:
        page: as Gradio sends it.
        nonce: of its scripts.
        language: of the reader.
        unstyled: what a browser shows that is given neither styles nor scripts; the styles hide it.
    """
    page = re.sub(r"<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*>\s*", "", page)
    page = re.sub(r"<html\s+lang=\"en\"", f'<html lang="{language}"', page, count=1)
    script = '<script type="module" src="page/chat.js"></script>'  # it imports the others
    first = '<script src="page/theme.js"></script>'  # before anything is painted
    fonts = "".join(
        f'<link rel="preload" href="page/{name}.woff2" as="font" type="font/woff2" crossorigin>' for name in FONTS
    )
    page = page.replace("<head>", f"<head>{first}{fonts}{script}", 1)
    styles = "".join(f'<link rel="stylesheet" href="page/{name}.css">' for name in STYLES)
    page = page.replace("</head>", f"{styles}</head>", 1)
    shell = f'<p class="unstyled">{escape(unstyled)}</p>{shell_html(words(language))}'
    page = re.sub(r"<body\b[^>]*>", lambda body: body[0] + shell, page, count=1)
    return re.sub(r"<script(?=[\s>])", f'<script nonce="{nonce}"', page)
