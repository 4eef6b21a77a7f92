"""The process that a generation is measured in: nothing of this machine, and its memory."""

import os
from pathlib import Path


def alone(scratch: Path) -> None:
    """Keep what this machine has set up, and tracing, out of what is measured."""
    for name in [name for name in os.environ if name.startswith("AURELIA_")]:
        del os.environ[name]
    nothing = scratch / "nothing.toml"
    nothing.write_text("", "utf-8")
    os.environ |= {
        "AURELIA_CONFIG": str(nothing),
        "AURELIA_CACHE_DIR": str(scratch / "cache"),
        "AURELIA_MAX_CONCURRENCY": "1000",
        "LANGSMITH_TRACING": "false",
        "LANGCHAIN_TRACING_V2": "false",
    }


def resident_mb() -> float:
    """Resident memory of this process, MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
