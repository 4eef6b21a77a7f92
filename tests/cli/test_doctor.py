"""`aurelia doctor`: what works, what does not, what would help; and what stops a run."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from aurelia.errors import MediaError
from aurelia.media import tools
from aurelia.models import installed, keys, registry
from aurelia.types.finding import Finding
from tests.models.test_endpoints import OPENAI, serving

Typed = Callable[..., Result]
GEMINI = "google_genai:gemini-2.5-flash"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key of any provider, and no clip written for a test that is not about that."""
    for provider in keys.PROVIDERS:
        for name in provider.variables:
            monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(registry, "_built", {})
    fine = [Finding(tools.DECODING, "ok", "fine"), Finding(tools.WRITING, "ok", "fine")]
    monkeypatch.setattr("aurelia.models.doctor.check_media_tools", lambda: fine)


def _found(result: Result) -> dict[str, dict[str, dict[str, Any]]]:
    """Group and subject to a finding, of `--json`."""
    groups = json.loads(result.stdout)["findings"]
    return {name: {each["subject"]: each for each in found} for name, found in groups.items()}


def test_a_machine_without_keys_works_offline(typed: Typed) -> None:
    result = typed("doctor")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert "  ok       offline:perception: as actor, summarizer, critic" in lines
    assert "  missing  OPENAI_API_KEY: not set; only openai models need it" in lines
    assert "           help: export OPENAI_API_KEY=…" in lines
    assert "Servers" not in lines  # nobody configured one
    assert lines[-1] == "Nothing stops the configured roles from working."
    assert "\x1b" not in result.stdout


def test_keys_are_found_and_never_shown(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "sk-sentinel-0123456789"
    monkeypatch.setenv("OPENAI_API_KEY", secret)
    monkeypatch.setenv("GEMINI_API_KEY", f" {secret}\n")
    monkeypatch.setenv("GROQ_API_KEY", secret)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "")
    for words in (("doctor",), ("doctor", "--json"), ("doctor", "--target", "openai:gpt-4o")):
        result = typed(*words)
        assert result.exit_code == 0, result.output
        assert "sentinel" not in result.output
        assert str(len(secret)) not in "".join(
            line for line in result.stdout.splitlines() if "API_KEY" in line
        )
    found = _found(typed("doctor", "--json"))["keys"]
    assert found["OPENAI_API_KEY"]["state"] == "ok"
    assert found["GEMINI_API_KEY"]["state"] == "warning"
    assert "white space" in found["GEMINI_API_KEY"]["text"]
    assert found["GROQ_API_KEY"]["state"] == "ok"
    assert found["ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN"]["state"] == "missing"
    assert "MISTRAL_API_KEY" not in found


def test_a_role_without_its_key_stops_the_run(typed: Typed) -> None:
    result = typed("doctor", "--actor", GEMINI, "--critic", "grounded:anthropic:claude-sonnet-4-5")
    assert result.exit_code == 1
    assert "  missing  google_genai:gemini-2.5-flash: as actor: " in result.stdout
    # Anthropic's client would notice only when it is asked.
    assert "ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN: not set; a configured role needs it" in (
        result.stdout
    )
    assert result.stdout.splitlines()[-1] == (
        "2 problems stop the configured roles from working: google_genai:gemini-2.5-flash, "
        "ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN"
    )


def test_servers_of_the_roles_are_asked_and_no_others(typed: Typed) -> None:
    with serving(OPENAI) as one, serving(OPENAI) as two:
        roles = ("--actor", f"{one.host}/v1#m1", "--panel", f"{two.host}/v1#gone")
        result = typed("doctor", *roles, "--json")
        assert len(one.requests) == len(two.requests) == 1
    found = _found(result)["servers"]
    assert found[f"{one.host}/v1"]["state"] == "ok"
    assert found[f"{two.host}/v1"]["state"] == "warning"
    assert result.exit_code == 0
    after = typed("doctor", *roles)
    assert after.exit_code == 1
    assert f"{one.host}/v1: nothing listens there" in after.stdout


def test_a_server_is_found_by_its_real_address_and_shown_without_secrets(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_TOKEN", "sentinel-model")
    served = {"data": [{"id": "sentinel-model"}]}
    with serving(served) as told:
        result = typed("doctor", "--actor", f"{told.host}/v1#sentinel-model")
        assert len(told.requests) == 1
    assert result.exit_code == 0
    assert "it answers, and serves" in result.stdout
    assert "sentinel" not in result.output


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The configuration file that is in force."""
    monkeypatch.setenv("AURELIA_CONFIG", str(tmp_path / "aurelia.toml"))
    return tmp_path / "aurelia.toml"


def test_a_profile_is_asked_with_its_own_key_and_stops_nothing_unless_used(
    typed: Typed, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMNI_KEY", "sentinel-own-key")
    with serving(OPENAI) as told:
        file.write_text(
            f'[models.omni]\nmodel = "m1"\nbase_url = "{told.host}/v1"\napi_key_env = "OMNI_KEY"\n'
            '[models.spare]\nmodel = "m1"\nbase_url = "http://127.0.0.1:9/v1"\n'
        )
        unused = typed("doctor", "--json")
        assert [key for _, _, key in told.requests] == ["Bearer sentinel-own-key"]
    assert unused.exit_code == 0
    found = _found(unused)
    assert found["configuration"][str(file)]["state"] == "ok"
    assert found["servers"][f"{told.host}/v1"]["text"] == "it answers, and serves m1"
    assert found["servers"]["http://127.0.0.1:9/v1"]["state"] == "missing"
    assert found["keys"]["OMNI_KEY"]["state"] == "ok"
    assert "sentinel" not in unused.output
    assert typed("doctor", "--target", "spare").exit_code == 1
    monkeypatch.delenv("OMNI_KEY")
    without = typed("doctor", "--actor", "omni")
    assert without.exit_code == 1
    assert "OMNI_KEY" in without.stdout


def test_a_wrong_file_is_told_and_the_rest_is_checked_all_the_same(
    typed: Typed, file: Path
) -> None:
    file.write_text('[run]\ncritc = "mine"\n')
    result = typed("doctor")
    assert result.exit_code == 1
    assert "did you mean 'critic'?" in result.stdout
    assert "reading clips: fine" in result.stdout


def test_settings_that_can_not_be_kept_stop_the_run(typed: Typed, file: Path) -> None:
    file.write_text(
        '[run]\nmax_cost = 1\ncritic = "http://127.0.0.1:9/v1#m"\n'
        '[prompts]\npins = ["generator@000000000000"]\n'
    )
    found = _found(typed("doctor", "--json"))["configuration"]
    assert "no price is known for http://127.0.0.1:9/v1#m" in found["max_cost"]["text"]
    assert found["max_cost"]["blocks"]
    assert found["prompts"]["blocks"]


def test_a_misspelt_variable_is_a_warning(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AURELIA_TRESHOLD", "7")
    result = typed("doctor")
    assert result.exit_code == 0
    assert "AURELIA_TRESHOLD" in result.stdout
    assert "did you mean AURELIA_THRESHOLD?" in result.stdout


def test_the_cache_is_tried_and_measured(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    monkeypatch.setenv("AURELIA_CACHE_DIR", str(cache))
    assert "first needed" in _found(typed("doctor", "--json"))["cache"][str(cache)]["text"]
    assert not cache.exists()  # looking makes nothing
    (cache / "media").mkdir(parents=True)
    (cache / "media" / "a").write_bytes(b"x" * 3 * 1024)
    text = _found(typed("doctor", "--json"))["cache"][str(cache)]["text"]
    assert text == "writable, 3.0 kB in 1 file; each cache in it may grow to 2.0 GB"
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("AURELIA_CACHE_DIR", str(tmp_path / "file" / "cache"))
    result = typed("doctor")
    assert result.exit_code == 1
    assert "set AURELIA_CACHE_DIR" in result.stdout


def test_a_cache_that_can_not_be_made_stops_the_run(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AURELIA_CACHE_DIR", "/proc/nope")  # of a folder in which nobody makes any
    result = typed("doctor", "--json")
    assert result.exit_code == 1
    finding = _found(result)["cache"]["/proc/nope"]
    assert finding["blocks"]
    assert "can't be written" in finding["text"]


def test_a_limit_that_no_model_goes_by_is_told(
    typed: Typed, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(
        '[models.mine]\nmodel = "m"\nbase_url = "http://127.0.0.1:9/v1"\n'
        '[models.far]\nmodel = "m"\nbase_url = "https://127.0.0.1/v1"\n'
    )
    limits = "8,opnai=4,mine=2,127.0.0.1:9=1,127.0.0.1:443=1,offline=3,anthropic=2,sglang=1"
    monkeypatch.setenv("AURELIA_MAX_CONCURRENCY", limits)
    result = typed("doctor", "--json")
    assert result.exit_code == 0
    found = _found(result)["limits"]
    assert {subject: each["state"] for subject, each in found.items()} == {
        "max_concurrency of opnai": "warning",
        "max_concurrency of mine": "warning",
        "max_concurrency of anthropic": "ok",
        "max_concurrency of sglang": "warning",
    }
    assert found["max_concurrency of opnai"]["help"] == "did you mean openai?"
    assert "write 127.0.0.1:9" in found["max_concurrency of mine"]["help"]


def test_a_full_disk_is_a_warning(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aurelia.models.doctor.LITTLE_BYTES", 1024**6)
    result = typed("doctor")
    assert result.exit_code == 0
    assert "are left there" in result.stdout


def test_what_can_not_be_decoded_stops_the_run(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aurelia.models.doctor.check_media_tools", tools.check_media_tools)
    fine = _found(typed("doctor", "--json"))["media"]
    assert [fine[name]["state"] for name in (tools.DECODING, tools.WRITING)] == ["ok", "ok"]

    def broken(*_: object, **__: object) -> None:
        raise MediaError("The file is damaged.")

    monkeypatch.setattr(tools, "open_clip", broken)
    result = typed("doctor")
    assert result.exit_code == 1
    assert "can't read a clip that was just written: The file is damaged" in result.stdout


def test_a_clip_that_can_not_be_written_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("No ffmpeg exe could be found.")

    monkeypatch.setattr(tools, "render_clip", broken)
    decoding, writing = tools.check_media_tools()
    assert (writing.state, writing.blocks) == ("missing", False)
    assert "No ffmpeg exe could be found" in writing.text
    assert (decoding.state, decoding.blocks) == ("warning", False)
    monkeypatch.setattr(tools, "CODECS", ("h264", "nosuch"))
    lacking = tools.check_media_tools()[0]
    assert lacking.blocks
    assert "no decoder for nosuch" in lacking.text


def test_missing_extras_and_packages_come_with_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        installed,
        "EXTRAS",
        (installed.Optional("ocr", "reads", ("no_such_module",)),),
    )
    (extra,) = installed.check_extras()
    assert (extra.state, extra.help, extra.blocks) == (
        "missing",
        "pip install 'aurelia[ocr]'",
        False,
    )
    needed = ["numpy>=9999", "no-such-package>=1", "av>=1", "odd>=1; extra == 'odd'"]
    monkeypatch.setattr(installed, "requires", lambda _: needed)
    wrong = {each.subject: each for each in installed.check_packages()[2:]}
    assert set(wrong) == {"numpy", "no-such-package"}
    assert (wrong["numpy"].state, wrong["numpy"].help) == ("warning", "pip install 'numpy>=9999'")
    assert wrong["no-such-package"].blocks


def test_the_extras_are_those_of_the_project() -> None:
    root = Path(__file__).parents[2]
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    own = {extra.name for extra in installed.EXTRAS}
    assert own == set(project["optional-dependencies"]) - {"dev", "serve"}  # for working on it
