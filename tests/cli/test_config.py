"""`aurelia config show`: what is set, who says so, and no secret."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aurelia.graph.context import Context
from aurelia.prompts.loader import load_prompts
from aurelia.settings import LIMITS
from tests.cli.conftest import Typed

Write = Callable[[str], Path]
KEY = "a-private-key-of-tests"
FILE = """
[models.omni]
base_url = "http://127.0.0.1:8000/v1"
model = "Qwen/Qwen2.5-Omni-7B"
api_key_env = "OMNI"
video = "raw"
context = 32768
price = { input = 0.1, output = 0.4 }
[models.deaf]
model = "offline:perception?modality=deaf"
[run]
actor = "omni"
preset = "published"
threshold = 8
prompt_overrides = { _data = \"\"\"two
lines\"\"\" }
[limits]
rpm = { openai = 10 }
[prompts]
pins = ["repair@PIN", "generator@0123456789ab"]
"""


@pytest.fixture
def file(configured: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration of every kind, and variables besides."""
    monkeypatch.setenv("OMNI", KEY)
    monkeypatch.setenv("AURELIA_SEED", "3")
    monkeypatch.setenv("AURELIA_THRESHOLD", "5")
    monkeypatch.setenv("AURELIA_TRESHOLD", "5")
    return configured(FILE.replace("PIN", load_prompts("published").get("repair").hash))


def _shown(typed: Typed, *words: str) -> Any:
    result = typed("config", "show", "--json", *words)
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def _by_name(entries: list[dict[str, Any]]) -> dict[str, tuple[Any, str]]:
    return {entry["name"]: (entry["value"], entry["source"]) for entry in entries}


def test_every_setting_says_where_it_comes_from(typed: Typed, file: Path) -> None:
    shown = _shown(typed, "max_cost=2", "panel=omni,openai:a")
    settings = _by_name(shown["settings"])
    assert set(settings) == set(Context.model_fields)
    assert settings["threshold"] == (8, "aurelia.toml [run]")
    assert settings["seed"] == (3, "AURELIA_SEED")
    assert settings["max_frames"] == (5, "preset published")
    assert settings["critic"] == ("offline:perception", "default")
    assert settings["max_cost"] == (2, "explicit")
    assert settings["panel"] == (["omni", "openai:a"], "explicit")
    limits = _by_name(shown["limits"])
    assert set(limits) == set(LIMITS)
    assert limits["rpm"] == ({"openai": 10}, "aurelia.toml [limits]")
    assert limits["runs_dir"] == ("runs", "AURELIA_RUNS_DIR")
    assert limits["max_concurrency"] == ({"default": 8}, "default")
    assert shown["notes"] == [
        "AURELIA_TRESHOLD is set and means nothing; did you mean AURELIA_THRESHOLD?"
    ]


def test_profiles_are_shown_with_what_they_take_in_and_cost(typed: Typed, file: Path) -> None:
    omni, deaf = _shown(typed)["models"]
    assert (omni["name"], omni["api_key_env"], omni["key"]) == ("omni", "OMNI", "set")
    assert omni["takes"].startswith("picture: as a data URL (configured); sound: unknown")
    assert omni["costs"] == "$0.1/input MTok, $0.4/output MTok"
    assert deaf["takes"] == "the clip, to measure"


def test_pins_are_compared_with_what_would_run(typed: Typed, file: Path) -> None:
    repair, generator = _shown(typed, "prompt_overrides={}")["pins"]
    assert repair["matches"]
    assert not generator["matches"]
    assert generator["runs"] == load_prompts("published").get("generator").hash


def test_the_table_says_the_same(typed: Typed, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = typed("config", "show", "prompt_overrides={}").output
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert f"file {file}" in lines
    assert "threshold 8.0 aurelia.toml [run]" in lines
    assert "seed 3 AURELIA_SEED" in lines
    assert "target - default" in lines
    assert "api_key_env OMNI (set)" in lines
    assert any(line.startswith("repair@") and line.endswith("matches") for line in lines)
    assert any("generator@0123456789ab REFUSED: would run generator@" in line for line in lines)
    monkeypatch.delenv("OMNI")
    assert "OMNI (not set)" in typed("config", "show").output


def test_a_long_text_stands_for_itself_by_its_length(typed: Typed, file: Path) -> None:
    assert '{"_data": "9 characters"}' in typed("config", "show").output


def test_no_secret_is_shown(typed: Typed, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AURELIA_CRITIC", f"openai:{KEY}")
    for words in ((), ("--json",)):
        shown = typed("config", "show", *words).output
        assert KEY not in shown
        assert "openai:[secret]" in shown


def test_without_a_file_there_are_defaults(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = _shown(typed)
    assert (shown["models"], shown["pins"], shown["notes"]) == ([], [], [])
    assert {entry["source"] for entry in shown["settings"]} == {"default"}
    monkeypatch.delenv("AURELIA_CONFIG")
    assert "none: there is no aurelia.toml" in typed("config", "show").output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["threshold"], "'threshold' is not NAME=VALUE, such as threshold=7"),
        (["treshold=7"], "no setting 'treshold'; did you mean 'threshold'"),
        (["threshold=high"], "threshold is 'high'; input should be a valid number"),
    ],
)
def test_a_wrong_word_is_one_sentence(typed: Typed, words: list[str], said: str) -> None:
    result = typed("config", "show", *words)
    assert result.exit_code == 2
    assert said in result.output


def test_a_wrong_file_ends_every_command_with_one_sentence(
    typed: Typed, configured: Write, clip_path: str
) -> None:
    configured("[run]\ntreshold = 7\n")
    for words in (("config", "show"), ("reason", clip_path, "What sounds?")):
        result = typed(*words)
        assert result.exit_code == 2
        assert "[run]: there is no setting 'treshold'; did you mean 'threshold'?" in result.output


def test_the_demo_is_what_it_is_whatever_is_configured(typed: Typed, configured: Write) -> None:
    configured('[run]\nactor = "openai:gpt-4o"\nthreshold = 10\nmax_frames = 1\npanel = ["a"]\n')
    shown = json.loads(typed("demo", "--json").stdout)
    defaults = Context().model_dump(mode="json")
    assert {k: v for k, v in shown["context"].items() if v != defaults.get(k)} == {
        "target": "offline:perception?modality=deaf",
        "r_star_form": "evidence",
    }


def test_the_command_line_beats_the_file(typed: Typed, configured: Write, clip_path: str) -> None:
    configured('[run]\nthreshold = 9\nmax_iterations = 1\nactor = "openai:gpt-4o"\n')
    words = ("reason", clip_path, "When does the sound start?", "--json", "--no-save")
    shown = json.loads(typed(*words, "--actor", "offline:perception", "--threshold", "2").stdout)
    context = shown["context"]
    assert (context["actor"], context["threshold"]) == ("offline:perception", 2)
    assert context["max_iterations"] == 1
