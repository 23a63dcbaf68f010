"""Where things lie: the checkout, the bundled article, and the data that may stand beside the checkout."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "indexes" / "example"
EXAMPLE = EXAMPLES / "coalition.md"
SHARED = ROOT.parent / "shared" / "data"
REFUSING = Path(__file__).parent / "refusing"
