"""Whether a file is still the one that was read: what caches of files go by."""

import os
import time

Signature = tuple[int, int, int, int]

_TICK_NS = 100_000_000
_COARSE_TICK_NS = 3_000_000_000


def signature(status: os.stat_result) -> Signature:
    """What changes when a file is edited or replaced: inode, size, and both times, ns."""
    return (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def settled(mark: Signature, now_ns: int | None = None) -> bool:
    """Whether an edit from now on would show in the signature.

    One that follows the last within a tick of the file system's clock would not: a few
    milliseconds where it keeps parts of seconds, else up to two seconds.

    Args:
        mark: of the file, taken before it was read.
        now_ns: the time at which it was taken, ns since 1970; None: now.
    """
    now = time.time_ns() if now_ns is None else now_ns
    changed = max(mark[2:])
    fine = any(time_ns % 1_000_000_000 for time_ns in mark[2:])
    return changed < now - (_TICK_NS if fine else _COARSE_TICK_NS)
