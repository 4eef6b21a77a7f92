"""`target:NAME@URL#MODEL?name=value` in a role."""

import pytest

from aurelia.configuration.strings import string_problem
from aurelia.errors import ConfigurationError
from aurelia.graph.context import make_context
from aurelia.models.allowed import is_allowed_model
from aurelia.models.doctor import examine
from aurelia.models.limits import provider_of
from aurelia.models.overview import known
from aurelia.models.registry import resolve_model


def test_a_target_has_all_that_its_data_says() -> None:
    model = resolve_model("target:qwen2.5-omni")
    takes = model.takes
    assert (takes.sight, takes.hearing) == ("raw", "input_audio")
    assert model.name == model.profile == "target:qwen2.5-omni"
    assert model.identity.startswith("http://127.0.0.1:8000/v1#Qwen/Qwen2.5-Omni-7B?")
    assert provider_of("target:qwen2.5-omni") == "127.0.0.1:8000"


def test_elsewhere_under_another_name_with_other_settings() -> None:
    string = "target:qwen2.5-omni@http://127.0.0.1:9/v1#mine?video=frames&temperature=0"
    model = resolve_model(string)
    assert model.takes.sight == "frames"
    assert model.identity.startswith("http://127.0.0.1:9/v1#mine?audio=input_audio&")
    assert model.settings["parameters"] == {"temperature": 0}
    assert model.settings["extra_body"] == {"mm_processor_kwargs": {"use_audio_in_video": False}}


def test_a_string_adds_to_the_extra_body() -> None:
    model = resolve_model('target:qwen2.5-omni?extra_body={"top_k":1}')
    assert model.settings["extra_body"] == {
        "mm_processor_kwargs": {"use_audio_in_video": False},
        "top_k": 1,
    }


def test_a_vendors_key_is_not_taken_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REKA_API_KEY", "a-private-key-of-tests")
    assert resolve_model("target:reka-edge").settings["api_key_env"] == "REKA_API_KEY"
    other = resolve_model("target:reka-edge#other").settings  # the vendor's own host still
    assert (other["api_key_env"], other["model"]) == ("REKA_API_KEY", "other")
    assert other["base_url"] == resolve_model("target:reka-edge").settings["base_url"]
    elsewhere = resolve_model("target:reka-edge@http://127.0.0.1:9/v1#other")
    assert "api_key_env" not in elsewhere.settings


@pytest.mark.parametrize(
    ("string", "said"),
    [
        ("crema", "Did you mean 'target:crema'?"),
        ("target:qwen2.5-omi", "did you mean 'qwen2.5-omni'?"),
        ("target:", "There is no target ''"),
        ("target:../data/qwen2.5-omni", "There is no target"),
        ("target:QWEN2.5-OMNI", "There is no target"),
        ("target:gemini-1.5-pro", "was withdrawn by its vendor; use target:gemini-3.1-pro or"),
        ("target:av-llm", "has no published code"),
        ("target:gemini-3.8-flash@http://127.0.0.1:9/v1", "can't be served elsewhere"),
        ("target:qwen2.5-omni@ftp://host/v1", "is no URL of a server"),
        ("target:qwen2.5-omni?temprature=0", "temprature"),
        ("target:qwen2.5-omni?video=native", "video=native"),
        ("target:reka-edge", "REKA_API_KEY"),
        ("target:crema@", "has no address behind the @: write target:crema@http://"),
        ("target:crema@#mine", "has no address behind the @"),
        ("target:crema@@http://127.0.0.1:9/v1", "has two addresses"),
        ("target:crema@http://127.0.0.1:9/v1@http://127.0.0.1:8/v1", "has two addresses"),
        ("target:crema@http://127.0.0.1:9/v1@127.0.0.1:8", "has two addresses"),
        ("target:crema@http://127.0.0.1@http://127.0.0.1:8/v1", "has two addresses"),
    ],
)
def test_what_can_not_be_asked_is_told_why(string: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        resolve_model(string)
    assert said in str(refused.value)
    assert known(string).problem


@pytest.mark.parametrize(
    "string",
    [
        "target:ola@http://user:secret@127.0.0.1:9/v1",
        "target:ola@http://127.0.0.1:9/v1#m?api_key=abcdefghijkl",
        "target:ola@http://127.0.0.1:9/v1?token=abcdefghijkl",
    ],
)
def test_no_secret_is_saved_with_a_run(string: str) -> None:
    assert string_problem(string)
    with pytest.raises(ConfigurationError):
        make_context(target=string)


@pytest.mark.parametrize("string", ["target:qwen2.5-omni", "target:ola@http://169.254.169.254/v1"])
def test_a_client_of_a_server_is_given_targets_by_its_owner_alone(string: str) -> None:
    assert not is_allowed_model(string, set(), ())
    assert is_allowed_model(string, set(), ("target:*",)) == ("://" not in string)


@pytest.mark.parametrize("string", ["target:nobody", "target:av-llm", "target:qwen2.5-omni"])
def test_the_doctor_says_so_and_goes_on(string: str) -> None:
    found = examine([("target", string)])
    (told,) = [each for group in found.values() for each in group if each.subject == string]
    assert told.state == ("ok" if string.endswith("omni") else "missing")
