"""`transformers serve` as a process of its own, on a free port of this machine."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread, Timer

STARTS_WITHIN_S = 240.0
_ADDRESS = re.compile(r"running on (http://127\.0\.0\.1:\d+)")


@contextmanager
def transformers_serve(model: Path, home: Path) -> Iterator[str]:
    """A server that has loaded `model`: its address.

    Args:
        model: directory of the model; requests name it by this path.
        home: where the server may keep files.

    Raises:
        RuntimeError: it ended, or was not up in time; with what it said.
    """
    program = Path(sys.executable).with_name("transformers")
    command = [str(program), "serve", str(model), "--host", "127.0.0.1", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--device", "cpu"],
        env=offline(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    assert process.stdout is not None
    said: list[str] = []
    late = Timer(STARTS_WITHIN_S, process.kill)  # ends the reading below
    late.start()
    try:
        yield _address(process.stdout, said)
    finally:
        late.cancel()
        process.terminate()
        process.wait(30)
        process.stdout.close()


def offline(home: Path) -> dict[str, str]:
    """An environment without keys, which downloads nothing and takes one core."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {
        "HOME": str(home),
        "HF_HOME": str(home / "hub"),
        "HF_HUB_OFFLINE": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONUNBUFFERED": "1",
    }


def _address(output: Iterator[str], said: list[str]) -> str:
    for line in output:
        said.append(line)
        if found := _ADDRESS.search(line):
            # What it goes on to say has to be read, or it would wait for that.
            Thread(target=said.extend, args=(output,), daemon=True).start()
            return found[1]
    raise RuntimeError(f"transformers serve did not start:\n{''.join(said[-40:])}")
