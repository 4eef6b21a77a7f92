"""Who may import whom: the contract holds, and it catches a planted violation."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on a tree."""
    return subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the packages and their configuration."""
    for name in ("graph", "nodes", "prompts", "evaluators", "media", "models", "bench", "aurelia"):
        shutil.copytree(
            ROOT / name,
            tmp_path / name,
            symlinks=True,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_layers_hold(tree: Path) -> None:
    result = lint(tree)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("media/open.py", "import aurelia.nodes.observe"),
        ("nodes/generator.py", "import aurelia.graph.build"),
        ("evaluators/leak.py", "import langgraph.graph"),
        ("nodes/feedback.py", "import langchain_openai"),
        ("models/call.py", "import av"),
        ("prompts/loader.py", "import aurelia.media.open"),
    ],
)
def test_a_planted_violation_is_caught(tree: Path, file: str, line: str) -> None:
    path = tree / file
    path.write_text(f"{path.read_text('utf-8')}\n{line}\n", "utf-8")
    result = lint(tree)
    assert result.returncode != 0
    assert "BROKEN" in result.stdout


def test_a_module_without_a_layer_is_caught(tree: Path) -> None:
    (tree / "aurelia" / "stray.py").write_text('"""Stray."""\n', "utf-8")
    assert lint(tree).returncode != 0
