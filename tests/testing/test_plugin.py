"""The plugin in a project of its own: what it gives, and that it leaves other tests alone."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLUGIN = "aurelia.testing.plugin"

EMBEDDING = """
import os
import socket
from pathlib import Path

import pytest

import aurelia
from aurelia.testing.scripts import actor, caption, everyone, verdict

pytestmark = pytest.mark.usefixtures("aurelia_cache", "aurelia_offline")


def test_a_run(aurelia_script, aurelia_clip):
    model = aurelia_script(actor(answer="B"), caption("A tone sounds."), verdict(9))
    clip = aurelia_clip(sounds=[(0.5, 0.9)], moves=[(1.2, 1.6)])
    run = aurelia.reason(clip, "What comes first?", **everyone(model))
    assert (run.stop_reason, run.actor_answer) == ("accepted", "B")


def test_models_that_measure_find_what_was_rendered(aurelia_clip):
    clip = aurelia_clip(sounds=[(0.5, 0.9)], moves=[(1.2, 1.6)])
    run = aurelia.reason(clip, "Which comes first, the sound or the movement?")
    assert run.actor_answer == "The sound"


def test_two_scripts_are_two_models(aurelia_script):
    assert aurelia_script(verdict(1)) != aurelia_script(verdict(2))


def test_a_clip_is_rendered_once(aurelia_clip):
    again = [aurelia_clip(sounds=[(0.5, 0.9)], moves=[(1.2, 1.6)]) for _ in range(2)]
    assert again[0] is again[1]
    assert aurelia_clip(sounds=None) != again[0]


def test_a_silent_clip_has_no_track(aurelia_clip):
    assert not aurelia.open_clip(aurelia_clip(sounds=None)).has_audio


def test_what_is_rendered_must_fit(aurelia_clip):
    with pytest.raises(ValueError, match="not within a clip of 2 s"):
        aurelia_clip(sounds=[(1.5, 2.5)])


@pytest.mark.parametrize(
    "wrong, said",
    [
        ({"duration_s": 0}, "duration_s is 0; give seconds, at least 0.04"),
        ({"duration_s": 0.01}, "duration_s is 0.01; give"),
        ({"duration_s": -1.0}, "duration_s is -1.0; give"),
        ({"duration_s": float("nan")}, "duration_s is nan; give"),
        ({"duration_s": "2"}, "duration_s is '2'; give"),
        ({"sounds": (1, 2)}, r"sounds is \\(1, 2\\); give pairs of seconds"),
        ({"sounds": 1}, "sounds is 1; give pairs"),
        ({"moves": [(0.5,)]}, "moves is .*; give pairs"),
        ({"moves": None}, "moves is None; give pairs"),
        ({"moves": ["ab"]}, "moves is .*; give pairs"),
        ({"cuts": 1.0}, "cuts is 1.0; give a list of seconds"),
        ({"cuts": ["1"]}, "cuts is .*; give a list"),
        ({"cuts": [3]}, "3 to 3 s is not within a clip of 2 s"),
    ],
)
def test_what_can_t_be_rendered_is_a_sentence(aurelia_clip, wrong, said):
    with pytest.raises(ValueError, match=said):
        aurelia_clip(**wrong)


def test_the_shortest_clip_has_a_picture(aurelia_clip):
    assert aurelia.open_clip(aurelia_clip(duration_s=0.04, sounds=None)).has_video


def test_lists_and_tuples_are_the_same_clip(aurelia_clip):
    assert aurelia_clip(sounds=[[0.5, 0.9]]) is aurelia_clip(sounds=((0.5, 0.9),))


def test_providers_are_refused_by_name(aurelia_clip):
    with pytest.raises(aurelia.ConfigurationError, match="'openai:gpt-4o' is a provider's model"):
        aurelia.reason(aurelia_clip(), "What?", actor="openai:gpt-4o?temperature=0")
    assert "OPENAI_API_KEY" not in os.environ


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"])
def test_other_machines_can_t_be_reached(host):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        with pytest.raises(RuntimeError, match="it is offline"):
            sock.connect((host, 443))
        with pytest.raises(RuntimeError, match="it is offline"):
            sock.connect_ex((host, 443))
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        with pytest.raises(RuntimeError, match="it is offline"):
            sock.sendto(b"", (host, 53))


def test_names_are_not_looked_up():
    with pytest.raises(RuntimeError, match="reaches for models.invalid"):
        socket.getaddrinfo("models.invalid", 443)


def test_this_machine_can_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1])).close()


@pytest.mark.parametrize("host", ["192.0.2.1", "models.invalid", "[2001:db8::1]:8000"])
def test_servers_elsewhere_are_refused_by_name(host, aurelia_clip):
    with pytest.raises(aurelia.ConfigurationError, match="is on another machine"):
        aurelia.reason(aurelia_clip(), "What?", actor=f"http://{host}/v1#m?video=frames")


def test_caches_are_this_test_s_own(aurelia_cache, aurelia_clip):
    assert os.environ["AURELIA_CACHE_DIR"].startswith(str(aurelia_cache))
    assert "AURELIA_ALLOWED_MODELS" not in os.environ
    assert not list(Path(aurelia_cache).glob("cache/*"))
    aurelia.prepare_media(aurelia.open_clip(aurelia_clip()))
    assert list(Path(aurelia_cache).glob("cache/*"))
"""

OTHER = """
import os
import socket
import sys

LOADED = set(sys.modules)


def test_nothing_is_loaded():
    ours = {name for name in LOADED if name.partition(".")[0] == "aurelia"}
    assert ours <= {"aurelia", "aurelia.testing", "aurelia.testing.plugin"}, ours
    heavy = {"langgraph", "langchain_core", "numpy", "av", "moviepy", "pydantic", "yaml", "httpx"}
    assert not heavy & LOADED


def test_nothing_is_changed():
    assert "connect" not in vars(socket.socket)
    assert socket.getaddrinfo.__module__ == "socket"
    assert os.environ["OPENAI_API_KEY"] == "mine"
    assert os.environ["AURELIA_ALLOWED_MODELS"] == "mine"
"""


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "mine")
    monkeypatch.setenv("AURELIA_ALLOWED_MODELS", "mine")
    # Only the plugin under test, whatever else is installed here.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def test_an_embedding_project_can_use_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(EMBEDDING)
    result = pytester.runpytest_subprocess("-p", PLUGIN, "-p", "no:cacheprovider")
    result.assert_outcomes(passed=31)


def test_a_project_that_does_not_use_it_is_left_alone(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(OTHER)
    pytester.runpytest_subprocess("-p", PLUGIN).assert_outcomes(passed=2)


def test_its_fixtures_explain_themselves(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_nothing(): pass")
    result = pytester.runpytest_subprocess("-p", PLUGIN, "--fixtures")
    for name in ("aurelia_script", "aurelia_offline", "aurelia_cache", "aurelia_clip"):
        result.stdout.fnmatch_lines([f"{name}*"])


def test_pytest_finds_it_under_the_name_by_which_it_is_imported() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    # Under another name, `-p` and `pytest_plugins` would register it a second time, and fail.
    assert project["entry-points"]["pytest11"] == {PLUGIN: PLUGIN}
    assert not any("pytest" in line for line in project["dependencies"])
