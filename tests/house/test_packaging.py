"""The wheel holds exactly the tree, and nothing generic at its top level."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("graph", "nodes", "prompts", "evaluators", "media", "models", "bench")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Names in a wheel built from a copy of what git tracks; the tree may hold a stale build."""
    copy = tmp_path_factory.mktemp("copy")
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    for name in filter(None, tracked.split("\0")):
        source, place = ROOT / name, copy / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if source.is_symlink():
            place.symlink_to(source.readlink())
        elif source.exists():
            place.write_bytes(source.read_bytes())
    out = copy / "dist"
    # Isolation would download the build backend; the one that is installed will do.
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)],
        cwd=copy,
        check=True,
        capture_output=True,
    )
    (built,) = out.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return archive.namelist()


def test_the_wheel_holds_exactly_the_tree(wheel: list[str]) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    expected = set()
    for name in filter(None, tracked.split("\0")):
        top = name.split("/")[0]
        code = name.endswith((".py", ".typed"))
        prompt = top == "prompts" and name.endswith((".md", ".yaml"))
        page = name.startswith("aurelia/pages/templates/")
        figures = name.startswith("bench/published/") and name.endswith(".csv")
        targets = name.startswith("models/targets/data/") and name.endswith(".toml")
        if top == "aurelia" and (code or page):
            expected.add(name)
        elif top in FOLDERS and (code or prompt or figures or targets):
            expected.add(f"aurelia/{name}")
    held = {name for name in wheel if ".dist-info/" not in name}
    assert held == expected
    assert any(name.startswith("aurelia/prompts/default/") for name in held)
    assert "aurelia/pages/templates/thread.html" in held
    assert "aurelia/bench/published/poster.csv" in held
    assert "aurelia/models/targets/data/qwen2.5-omni.toml" in held


def test_nothing_generic_at_top_level(wheel: list[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"aurelia"}


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_folder_is_reached_through_a_relative_link(folder: str) -> None:
    link = ROOT / "aurelia" / folder
    assert link.is_symlink()
    assert str(link.readlink()) == f"../{folder}"
