"""The shipped targets: all of the published table, each askable or refused with a reason."""

import csv
import re
import tomllib
from pathlib import Path

import pytest

from aurelia.configuration.profile import read_profile
from aurelia.errors import ConfigurationError
from aurelia.models.targets.catalogue import DATA, find_target, target_names, targets
from aurelia.models.targets.copying import ADAPTERS
from aurelia.models.targets.paste import profile_block
from aurelia.models.targets.record import ASKABLE, read_target
from aurelia.models.targets.roads import verified
from tests.models.worker.adapters.stubbing import NAMES as STUBBED

ROOT = Path(__file__).parents[3]
EVERY = target_names()
CURRENT = {
    "qwen2.5-omni",
    "qwen3-omni",
    "gemma-4",
    "gemma-3n",
    "minicpm-o",
    "phi-4-multimodal",
    "videollama3",
    "video-salmonn-2",
    "ola",
    "baichuan-omni",
}


def test_every_row_of_the_published_table_is_a_target() -> None:
    with (ROOT / "bench" / "published" / "poster.csv").open(newline="") as file:
        rows = {row["target"] for row in csv.DictReader(file)}
    assert len(rows) == 19
    assert sorted(t.paper for t in targets() if t.paper) == sorted(rows)


def test_the_current_ones_are_there() -> None:
    current = {target.name for target in targets() if target.generation == "current"}
    assert current >= CURRENT


@pytest.mark.parametrize("name", EVERY)
def test_a_target_says_how_it_is_served_and_what_is_not_known(name: str) -> None:
    target = find_target(name)
    assert target.source.startswith("https://") or target.source.startswith("http")
    served = target.status in ("served by vLLM", "served by transformers serve", "worker")
    assert bool(target.serve) == served
    assert (target.profile is not None) == (target.status in ASKABLE)
    for other in target.instead:
        assert find_target(other).status in ASKABLE
    if target.profile and target.profile.base_url and target.status != "hosted":
        assert target.profile.base_url.startswith("http://127.0.0.1:")
        assert target.profile.api_key_env is None


@pytest.mark.parametrize("name", EVERY)
def test_its_block_can_be_pasted(name: str) -> None:
    target = find_target(name)
    block = profile_block(target)
    if target.table is None:
        assert block == ""
        return
    pasted = tomllib.loads(block)["models"][name]
    assert pasted == target.table
    assert read_profile("pasted", name, pasted) == target.profile


@pytest.mark.parametrize("name", [name for name in EVERY if find_target(name).status == "worker"])
def test_what_the_adapter_says_is_what_the_data_says(name: str) -> None:
    target = find_target(name)
    source = (ADAPTERS / target.adapter).read_text("utf-8")
    named = re.search(r'^NAME = "([^"]+)"', source, re.M)
    assert named
    clones, checks_out, copies, runs = target.serve
    repository = target.source.partition(" (")[0]
    assert clones == f"git clone {repository}"
    # A default branch moves on: without its commit, an adapter calls what is no longer there.
    assert target.commit
    assert checks_out == f"git -C {repository.rpartition('/')[2]} checkout {target.commit}"
    folder = re.match(r"cd (\S+) && ", runs)
    assert folder
    assert copies == f"aurelia targets worker-file -o {folder[1]} {name}"
    assert f"python worker.py {target.adapter} " in runs
    assert target.profile
    model = target.profile.model
    assert model == named[1] or f" --name {model}" in runs
    said = re.search(r"^Repository: (\S+)\nCommit: ([0-9a-f]{40})(.*?)\nEntry", source, re.M | re.S)
    assert bool(said) == (target.adapter != "lmms_eval.py")  # which cites one file at a time
    if said:
        assert (target.source, target.commit) == (f"https://github.com/{said[1]}", said[2])
        cited = set(re.findall(r"\b[0-9a-f]{40}\b", source))
        assert ("to be checked out: the entry point's" in said[3]) == (len(cited) > 1)
        licence = re.search(r"^Licence: ((?:.|\n(?=    ))+)\.$", source, re.M)
        assert licence
        assert " ".join(licence[1].split()) == target.licence
    if budget := re.search(r'^CAPABILITIES = .*"text_budget": (\d+)', source, re.M):
        assert target.profile.text.budget == int(budget[1])


@pytest.mark.parametrize("name", [name for name in EVERY if find_target(name).status == "worker"])
def test_an_adapter_counts_as_verified_where_a_stub_has_its_model_s_signatures(name: str) -> None:
    target = find_target(name)
    stubbed = target.adapter.removesuffix(".py") in STUBBED
    assert ("adapter" in verified(target)) == stubbed
    assert ("lmms-eval" in verified(target)) != stubbed


def test_each_adapter_is_of_a_target() -> None:
    adapters = {path.name for path in ADAPTERS.glob("*.py")} - {"__init__.py"}
    assert adapters == {target.adapter for target in targets() if target.adapter}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("title = ", "titel = "), "there is no key 'titel'"),
        (('status = "served by vLLM"', 'status = "somewhere"'), "status is 'somewhere'"),
        (('licence = "Apache-2.0"', "licence = 2"), "licence is a whole number"),
        (('video = "raw"', 'vidio = "raw"'), "there is no key 'vidio'"),
        (("[profile]", "[profile"), "can't be read as TOML"),
        (('status = "served by vLLM"', 'status = "worker"'), "needs an adapter"),
        (('status = "served by vLLM"', 'status = "withdrawn"'), "don't go together"),
    ],
)
def test_wrong_data_is_refused_by_name(change: tuple[str, str], said: str, tmp_path: Path) -> None:
    text = (DATA / "qwen2.5-omni.toml").read_text("utf-8")
    assert change[0] in text
    file = tmp_path / "mine.toml"
    file.write_text(text.replace(*change, 1), "utf-8")
    with pytest.raises(ConfigurationError, match=re.escape(said)) as refused:
        read_target(file)
    assert "mine.toml" in str(refused.value)
