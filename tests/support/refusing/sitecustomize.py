"""Run at the start of every program a test starts: refuses the libraries that the test's marks do not name."""

import os
import sys


class Refusing:
    """Finds no module and refuses those of ``REFUSED_IMPORTS``."""

    names = frozenset(os.environ.get("REFUSED_IMPORTS", "").split())

    def find_spec(self, name, *_):
        if name in self.names:
            raise ImportError(f"this test is not marked as one that needs {name} (see tests/conftest.py)")


sys.meta_path.insert(0, Refusing())
