"""Each notebook runs from top to bottom and shows what it promises."""

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.models.wire.script import say
from tests.models.wire.server import KEY, Wire

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
PROMISED: dict[str, tuple[int, list[str]]] = {  # pictures, and what is printed
    "01_one_clip": (3, ["Iteration 1: score", "contradicted"]),
    "02_swap_models": (
        2,
        [
            r"gemini +not set up",
            r"\nhasty +lenient +2/2 +9\.0 +1\.0 +1/2 +1/2\n",  # accepted though wrong
            r"\nhasty +grounded:lenient +2/2 +9\.0 +1\.5 +2/2 +0/2\n",  # sent back, then right
            r"\nstubborn +grounded:lenient +1/2 +7\.0 +2\.0 +1/2 +0/2\n",  # never accepted wrong
            r"\nperception +perception +2/2 +10\.0 +1\.0 +2/2 +0/2\n",
            "lenient.yaml 9, strict.yaml 4, offline:perception 2 -> median 4, disagreement 7",
            r"own score 9, kept 5\n  bounded by 'grounded' at 5\n  contradicted: ",
            r"are of one family \(toy\)",
        ],
    ),
    "03_benchmark": (
        3,
        [
            r"Results on rendered clips\n6 samples, 12 scored replies\ntarget: offline:",
            r"\nav_compositional +zero-shot [01]\.00, with r\* 1\.00, n = 1\n",
            r"\nup to pass 1: gain \+0\.\d\d to \+0\.\d\d \(known for 6 of 6\)",
            r"\npass 3: \d right, \d wrong, \d unread, AUROC ",
        ],
    ),
}
# What a real model might say in any role of the second notebook.
SAID = {
    "steps": [{"text": "Watch when the block starts.", "modality": "visual"}],
    "findings": "The movement starts before the sound.",
    "answer": "The movement comes first.",
    "sentences": [{"text": "The movement starts before the sound.", "steps": [1]}],
    "score": 8,
    "claims": [{"text": "The movement starts first.", "modality": "visual", "status": "supported"}],
}


def read(path: Path) -> Any:
    """A notebook; its cells are dictionaries with attributes."""
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def shown_by(notebook: Any, place: Path) -> tuple[str, list[Any]]:
    """What a notebook prints, run in `place`, and all of its outputs."""
    client = NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": place}}
    )
    client.execute()
    outputs = [o for cell in notebook.cells if cell.cell_type == "code" for o in cell.outputs]
    return "".join(o.get("text", "") for o in outputs), outputs


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path, tmp_path: Path) -> None:
    count, promised = PROMISED[path.stem]
    printed, outputs = shown_by(read(path), tmp_path)
    pictures = [o for o in outputs if "image/png" in o.get("data", {})]
    assert len(pictures) >= count
    assert [pattern for pattern in promised if not re.search(pattern, printed)] == []


def test_models_whose_key_is_there_join_the_same_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = read(next(path for path in NOTEBOOKS if path.stem == "02_swap_models"))
    upto = next(i for i, cell in enumerate(notebook.cells) if "MATRIX = " in cell.source)
    del notebook.cells[upto + 1 :]
    source = "\n".join(cell.source for cell in notebook.cells)
    assert source.count("\nSPEND = 0.0\n") == 1  # nothing is spent unless somebody says so
    for cell in notebook.cells:
        cell.source = cell.source.replace("SPEND = 0.0", "SPEND = 0.05")
        cell.source = cell.source.replace('"stubborn": stubborn}', "}")  # fewer pairs
    with Wire(say(json.dumps(SAID)), polls=0) as wire:
        for name in ("GOOGLE_API_KEY", "GOOGLE_GEMINI_BASE_URL"):
            monkeypatch.setenv(name, wire.environment[name])
        printed, outputs = shown_by(notebook, tmp_path)
        assert wire.uploads == 1  # two windows of one file, actor and critic
    assert re.search(r"gemini +joins in\ngpt +not set up", printed)
    assert re.search(r"\ngemini +gemini +2/2 +8\.0 +1\.0 +1/2 +1/2\n", printed)
    assert re.search(r"\ngemini +perception +1/2 ", printed)
    assert re.search(r"\nhasty +gemini +2/2 ", printed)
    assert KEY not in json.dumps(outputs)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_committed_without_outputs_and_uses_the_public_api(path: Path) -> None:
    notebook = read(path)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs for cell in code)
    source = "\n".join(cell.source for cell in code)
    assert not re.search(r"aurelia\.[a-z]+\.[a-z]+|from aurelia", source)
