"""What the documents say is still so."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import aurelia

ROOT = Path(__file__).parents[2]


def mermaid_of(text: str) -> str:
    match = re.search(r"```mermaid\n(.*?)```", text, re.S)
    assert match
    return match.group(1).strip()


def test_the_readme_shows_the_graph_as_it_is() -> None:
    shown = mermaid_of((ROOT / "README.md").read_text("utf-8"))
    assert shown == aurelia.build_graph().get_graph().draw_mermaid().strip()


def test_the_result_in_the_readme_is_what_the_demo_prints() -> None:
    shown = re.search(r"```text\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    assert shown
    command = [str(Path(sys.executable).parent / "aurelia"), "demo"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = iter(printed.splitlines())
    for line in filter(None, shown.group(1).splitlines()):
        assert line in lines, line  # in this order: `in` consumes the iterator


def test_the_python_in_the_readme_runs(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", text, re.S))
    aurelia.demo_clip(tmp_path).rename(tmp_path / "clip.mp4")
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("accepted The movement")


def tracked() -> list[Path]:
    out = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    paths = [ROOT / name for name in out.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file() and not path.is_symlink()]


def test_every_relative_link_leads_somewhere() -> None:
    for path in tracked():
        if path.suffix == ".md":
            for link in re.findall(r"\]\(([^)#\s]+)", path.read_text("utf-8")):
                if not re.match(r"[a-z]+:", link):
                    assert (path.parent / link).exists(), f"{path.name}: {link}"


def test_nothing_large_is_committed() -> None:
    assert [p.name for p in tracked() if p.stat().st_size > 300_000] == []


def test_constraints_hold_versions_and_no_addresses() -> None:
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines():
        assert re.fullmatch(r"[A-Za-z0-9_.\-]+==[A-Za-z0-9_.+!\-]+", line), line


@pytest.mark.parametrize("target", ["help", "demo", "test", "check", "bench"])
def test_make_help_lists_the_targets(target: str) -> None:
    out = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert f"make {target}" in out.stdout
