"""The worker and its adapters run where their models do: no packages, Python 3.8."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.models.worker.running import ECHO, WORKER, Running, data_url, medium, old_pythons

FILES = [WORKER, *sorted(p for p in (WORKER.parent / "adapters").glob("*.py"))]
OLD = old_pythons()


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_its_syntax_is_that_of_3_8(file: Path) -> None:
    ast.parse(file.read_text("utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_only_the_standard_library_is_imported_at_the_top(file: Path) -> None:
    tree = ast.parse(file.read_text("utf-8"))
    names = [
        alias.name if isinstance(node, ast.Import) else str(node.module)
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    ]
    tops = {name.partition(".")[0] for name in names}
    assert tops <= sys.stdlib_module_names
    everywhere = ast.unparse(tree)
    assert "import aurelia" not in everywhere
    assert "from aurelia" not in everywhere


def test_syntax_of_later_versions_would_be_found() -> None:
    with pytest.raises(SyntaxError):
        ast.parse("match x:\n    case 1: pass", feature_version=(3, 8))


@pytest.mark.skipif(not OLD, reason="no python3.8 or python3.9 on this machine")
@pytest.mark.parametrize("python", OLD, ids=lambda path: path.split("/")[-3])
def test_an_old_interpreter_serves_and_stops(python: str) -> None:
    isolated = "import sys; sys.exit(any('site-packages' in p for p in sys.path))"
    assert subprocess.run([python, "-S", "-c", isolated], check=False).returncode == 0
    with Running(ECHO, python=python) as worker:
        told = worker.ask("hi", medium("video", data_url(b"\0\0\0\x18ftyp", "video/mp4")), seed=3)
        assert (told.given["video"][1], told.given["seed"]) == (".mp4", 3)
        assert worker.ask("hi", stream=True).body.endswith(b"data: [DONE]\n\n")
        assert worker.ask("!break").status == 500
        assert worker.ask("hi", top_k=1).status == 400
        assert worker.post("/v1/chat/completions", b"[").status == 400
        assert worker.stop() == 0


@pytest.mark.skipif(not OLD, reason="no python3.8 or python3.9 on this machine")
def test_an_old_interpreter_reads_every_file() -> None:
    code = (
        "import sys; [compile(open(f, encoding='utf-8').read(), f, 'exec') for f in sys.argv[1:]]"
    )
    done = subprocess.run(
        [OLD[0], "-c", code, *map(str, FILES)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
