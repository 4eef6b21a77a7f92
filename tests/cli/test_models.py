"""`aurelia models`: what each role's model takes in, what it costs, and why one can't be had."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from aurelia.models import registry
from aurelia.models.capabilities import HEARINGS, SIGHTS
from aurelia.models.overview import Sense, picture_words, price_of, sound_words
from aurelia.models.registry import resolve_model

Typed = Callable[..., Result]

GEMINI = "google_genai:gemini-2.5-flash"
SERVER = "http://127.0.0.1:9/v1#Qwen/Qwen2.5-Omni-7B"
HEARS = f"{SERVER}?video=raw&audio=input_audio&context=32768"


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_API_KEY", "sk-sentinel-1234")
    monkeypatch.setattr(registry, "_built", {})


def _blocks(result: Result) -> dict[str, dict[str, str]]:
    """Model to what is said of it, word for word."""
    found: dict[str, dict[str, str]] = {}
    for block in result.stdout.strip().split("\n\n"):
        head, *lines = block.splitlines()
        found[head] = {line[2:11].strip(): line[11:] for line in lines if line.startswith("  ")}
    return found


def _listed(result: Result) -> dict[str, Any]:
    return {each["model"]: each for each in json.loads(result.stdout)["models"]}


def test_offline_roles_are_one_model_that_costs_nothing(typed: Typed) -> None:
    result = typed("models")
    assert result.exit_code == 0
    assert _blocks(result) == {
        "offline:perception": {
            "as": "actor, summarizer, critic",
            "takes": "the clip itself: picture and sound",
            "price": "none: it computes here",
        }
    }


def test_each_model_says_what_it_takes_and_how_that_is_known(typed: Typed) -> None:
    roles = ("--actor", GEMINI, "--critic", f"grounded:{HEARS}", "--panel", SERVER)
    result = typed("models", *roles, "--target", "offline:perception?modality=deaf")
    assert result.exit_code == 0, result.output
    blocks = _blocks(result)
    assert blocks[GEMINI] == {
        "as": "actor",
        "picture": "the video file (its package says so)",
        "sound": "the file's own, or WAV (its package says so)",
        "context": "1,048,576 tokens",
        "price": "$0.3 in, $2.5 out a million tokens; for sound $1 in",
        "family": "gemini",
    }
    assert blocks[HEARS] == {
        "as": "grounded critic",
        "picture": "the video file, as a data URL (as configured)",
        "sound": "WAV, as input_audio (as configured)",
        "context": "32,768 tokens",
        "price": "unknown",
        "family": "qwen",
    }
    assert blocks[SERVER]["as"] == "panel member 1"
    assert blocks[SERVER]["picture"] == "unknown; it is sent labelled frames"
    assert blocks[SERVER]["sound"] == "unknown; it is sent none"
    assert blocks[SERVER]["context"] == "unknown"
    assert blocks["offline:perception?modality=deaf"]["takes"] == "the clip itself: picture"
    assert "set video=, audio= and context= there" in result.stdout
    assert "sentinel" not in result.output


def test_a_model_that_can_not_be_had_leaves_the_others_listed(typed: Typed) -> None:
    words = ("--actor", "openai:gpt-4o", "--critic", GEMINI, "--target", "groq:llama-4")
    result = typed("models", *words, "--panel", "grounded:grounded:offline:perception")
    assert result.exit_code == 2
    blocks = _blocks(result)
    assert "OPENAI_API_KEY" in blocks["openai:gpt-4o"]["problem"]
    assert "pip install langchain-groq" in blocks["groq:llama-4"]["problem"]
    assert "write grounded: once" in blocks["grounded:offline:perception"]["problem"]
    assert blocks[GEMINI]["context"] == "1,048,576 tokens"
    as_json = typed("models", *words, "--json")
    assert as_json.exit_code == 2
    assert _listed(as_json)["groq:llama-4"]["price"] is None


@pytest.mark.parametrize("name", ["openai:gpt-4o", "spare"])
def test_without_its_key_a_model_still_says_what_it_takes(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "aurelia.toml").write_text(
        '[models.spare]\nmodel = "openai:gpt-4o"\napi_key_env = "SPARE_KEY"\n'
    )
    monkeypatch.setenv("AURELIA_CONFIG", str(tmp_path / "aurelia.toml"))
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    result = typed("models", "--actor", name)
    assert result.exit_code == 2
    said = _blocks(result)[name]
    assert "_KEY" in said["problem"]
    assert said["picture"] == "labelled frames (its package says so)"
    assert said["price"] == "$2.5 in, $10 out a million tokens"


def test_only_critics_are_grounded_and_other_schemes_are_none(typed: Typed) -> None:
    result = typed("models", "--actor", f"grounded:{SERVER}", "--critic", "htp://x/v1#m")
    assert result.exit_code == 2
    blocks = _blocks(result)
    assert "The actor can't be grounded" in blocks[SERVER]["problem"]
    assert "begins with htp://, which leads to no server" in blocks["htp://x/v1#m"]["problem"]


def test_critics_of_the_actors_family_are_noted(typed: Typed) -> None:
    result = typed("models", "--actor", GEMINI, "--critic", "grounded:google_genai:gemini-2.5-pro")
    assert "are of one family (gemini)" in result.stdout
    assert "one family" not in typed("models", "--actor", GEMINI, "--critic", SERVER).stdout


def test_json_is_alone_on_stdout_and_tells_unknown_from_no(typed: Typed) -> None:
    result = typed("models", "--actor", SERVER, "--critic", f"{SERVER}?audio=off", "--json")
    assert result.exit_code == 0
    listed = _listed(result)
    assert listed[SERVER]["sound"] == {"takes": None, "form": "off", "source": "unknown"}
    off = listed[f"{SERVER}?audio=off"]["sound"]
    assert off == {"takes": False, "form": "off", "source": "configured"}
    assert listed[SERVER]["price"]["input_mtok"] is None
    assert listed["offline:perception"]["price"]["input_mtok"] == 0
    assert listed["offline:perception"]["roles"] == ["summarizer"]


def test_every_profile_is_listed_with_what_it_leads_to(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "aurelia.toml").write_text(
        '[run]\ncritic = "omni"\n'
        '[models.omni]\nmodel = "Qwen/Qwen2.5-Omni-7B"\nbase_url = "http://127.0.0.1:9/v1"\n'
        'api_key_env = "OMNI_KEY"\nprice = { input = 0.5, output = 2 }\n'
        '[models.spare]\nmodel = "openai:gpt-4o"\napi_key_env = "SPARE_KEY"\n'
    )
    monkeypatch.setenv("AURELIA_CONFIG", str(tmp_path / "aurelia.toml"))
    monkeypatch.setenv("OMNI_KEY", "sentinel-5678")
    result = typed("models")
    assert result.exit_code == 2  # the other profile has no key
    blocks = _blocks(result)
    assert blocks["omni"]["as"] == "critic, profile"
    assert blocks["omni"]["is"] == "http://127.0.0.1:9/v1#Qwen/Qwen2.5-Omni-7B"
    assert blocks["omni"]["price"] == "$0.5 in, $2 out a million tokens (its profile)"
    assert blocks["omni"]["family"] == "qwen"
    assert blocks["spare"]["as"] == "profile"
    assert "SPARE_KEY" in blocks["spare"]["problem"]
    assert "sentinel" not in result.output


def test_dearer_prompts_are_mentioned() -> None:
    price = price_of(resolve_model("google_genai:gemini-2.5-pro"))
    assert price.text == "$1.25 in, $10 out a million tokens; more for long prompts"
    assert (price.source, price.input_mtok, price.output_mtok) == ("list", 1.25, 10)


def test_a_summarizer_is_said_to_get_no_clip(typed: Typed) -> None:
    assert _blocks(typed("models", "--summarizer", GEMINI))[GEMINI]["note"].startswith("a summ")
    both = typed("models", "--summarizer", GEMINI, "--actor", GEMINI)
    assert "note" not in _blocks(both)[GEMINI]


def test_a_wrong_setting_is_one_sentence(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AURELIA_THRESHOLD", "high")
    result = typed("models")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "AURELIA_THRESHOLD" in result.stderr


def test_every_form_that_a_client_can_be_sent_has_words() -> None:
    for forms, words in ((SIGHTS, picture_words), (HEARINGS, sound_words)):
        for form in {form for each in forms.values() for form in each}:
            assert words(Sense(True, form, "configured")).endswith("(as configured)")
