"""`aurelia targets`: what is listed, shown and copied."""

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from aurelia.models.targets.catalogue import target_names
from aurelia.models.targets.copying import ADAPTERS, WORKER

Typed = Callable[..., Result]


def test_all_are_listed_by_generation(typed: Typed) -> None:
    out = typed("targets", "list").stdout
    paper, current = out.split("Current (13)")
    assert "Of the published table (19)" in paper
    assert re.search("^  crema +CREMA .4B.: worker; sees the video file; hears", paper, re.M)
    assert "76 tokens of text" in paper
    assert "qwen2.5-omni" in current


@pytest.mark.parametrize(
    ("road", "names"),
    [
        ("withdrawn", {"gemini-1.5-pro", "reka-core"}),
        ("no code", {"av-llm"}),
        ("transformers", {"gemma-4", "gemma-3n"}),
        ("vLLM", {"qwen2.5-omni", "qwen3-omni", "minicpm-o", "phi-4-multimodal"}),
    ],
)
def test_a_road_is_listed_alone(road: str, names: set[str], typed: Typed) -> None:
    listed = json.loads(typed("targets", "list", "--status", road, "--json").stdout)["targets"]
    assert {target["name"] for target in listed} == names
    shown = typed("targets", "list", "--status", road).stdout
    assert all(f"  {name} " in shown for name in names)


@pytest.mark.parametrize("road", ["foo", "", "served by vLLM2"])
def test_an_unknown_road_is_refused_with_those_that_there_are(road: str, typed: Typed) -> None:
    refused = typed("targets", "list", "--status", road, "--json")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert f"There is no road {road!r}; there are: served by vLLM, " in refused.stderr
    assert "withdrawn, no code." in refused.stderr


def test_the_json_holds_all_of_it(typed: Typed) -> None:
    listed = json.loads(typed("targets", "list", "--json").stdout)["targets"]
    assert {target["name"] for target in listed} == set(target_names())
    for target in listed:
        one = json.loads(typed("targets", "show", target["name"], "--json").stdout)
        assert one == target
        assert (one["toml"] is None) == (one["profile"] is None)


def test_show_has_the_commands_and_a_block_to_paste(typed: Typed) -> None:
    out = typed("targets", "show", "x-instructblip").stdout
    assert "git clone https://github.com/salesforce/LAVIS\n" in out
    assert "aurelia targets worker-file -o LAVIS x-instructblip\n" in out
    assert "126 tokens, counted by its server" in out
    assert "r* stands before the question; asked in the words of `brief`" in out
    block = out.partition("with this to edit:\n")[2].partition("\n\n")[0]
    table = tomllib.loads(block)["models"]["x-instructblip"]
    assert table["text"] == {"budget": 126, "r_star": "before_question", "prompt": "brief"}
    assert "Verified   the request as the real client sends it" in out
    assert "Unknown    That vicuna13b.yaml is of the weights" in out


def test_what_can_not_be_asked_is_shown_with_what_can(typed: Typed) -> None:
    out = typed("targets", "show", "target:gemini-1.5-pro").stdout
    assert "Instead    target:gemini-3.1-pro, target:gemini-3.8-flash" in out
    assert "Ask it" not in out
    assert "Serve it" not in out


def test_an_unknown_name_is_told_the_nearest(typed: Typed) -> None:
    result = typed("targets", "show", "cremma")
    assert result.exit_code == 2
    assert result.stderr == "aurelia: There is no target 'cremma'; did you mean 'crema'?\n"


def test_the_worker_is_copied_alone_or_with_an_adapter(typed: Typed, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    alone = typed("targets", "worker-file", "-o", str(folder))
    assert alone.stdout == f"{folder / 'worker.py'}\n"
    both = typed("targets", "worker-file", "-o", str(folder), "ola")  # and what is there already
    assert both.stdout.split() == [str(folder / "worker.py"), str(folder / "lmms_eval.py")]
    assert (folder / "worker.py").read_bytes() == WORKER.read_bytes()
    assert (folder / "lmms_eval.py").read_bytes() == (ADAPTERS / "lmms_eval.py").read_bytes()


def test_another_file_of_that_name_is_kept(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "crema.py").write_text("mine")
    result = typed("targets", "worker-file", "-o", str(tmp_path), "crema")
    assert result.exit_code == 2
    assert "is there with another content" in result.stderr
    assert (tmp_path / "crema.py").read_text() == "mine"


@pytest.mark.parametrize("name", ["qwen3-omni", "av-llm"])
def test_a_target_without_a_worker_is_said(name: str, typed: Typed, tmp_path: Path) -> None:
    result = typed("targets", "worker-file", "-o", str(tmp_path), name)
    assert result.exit_code == 2
    assert "needs no worker" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_can_not_be_written_is_said(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = typed("targets", "worker-file", "-o", str(tmp_path / "file"), "crema")
    assert result.exit_code == 2
    assert "can't be written" in result.stderr
