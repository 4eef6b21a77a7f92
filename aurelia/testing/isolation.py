"""Nothing of the machine's own settings, keys and caches reaches a test."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock


@contextmanager
def isolated(directory: Path) -> Iterator[Path]:
    """Within this block, settings are the defaults and no `aurelia.toml` is read.

    Args:
        directory: holds the cache, the ledger, runs and threads; made if missing.
    """
    from aurelia.settings import forget_configuration

    directory.mkdir(parents=True, exist_ok=True)
    nothing = directory / "nothing.toml"
    nothing.touch()
    own = {
        "AURELIA_CONFIG": str(nothing),
        "AURELIA_CACHE_DIR": str(directory / "cache"),
        "AURELIA_RUNS_DIR": str(directory / "runs"),
    }
    with mock.patch.dict(os.environ):
        for name in [name for name in os.environ if name.startswith("AURELIA_")]:
            del os.environ[name]
        os.environ.update(own)
        forget_configuration()
        try:
            yield directory
        finally:
            forget_configuration()
