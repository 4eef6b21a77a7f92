"""Where `aurelia.toml` is found, and one sentence for each mistake in it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from aurelia.configuration.file import find_file
from aurelia.errors import ConfigurationError
from aurelia.settings import configuration, forget_configuration, load_settings

Write = Callable[[str], Path]
SERVER = '[models.m]\nmodel = "m1"\nbase_url = "http://127.0.0.1:1/v1"\n'
PRIVATE = "sk-1234567890abcdef"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder three deep."""
    deep = tmp_path / "a" / "b" / "c"
    deep.mkdir(parents=True)
    return deep


def test_the_nearest_file_is_found_up_to_the_repository(tree: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "a" / ".git").mkdir()
    (tmp_path / "aurelia.toml").touch()
    assert find_file(tree, elsewhere) is None  # above the repository's root
    (top := tmp_path / "a" / "aurelia.toml").touch()
    assert find_file(tree, elsewhere) == top
    (near := tree.parent / "aurelia.toml").touch()
    assert find_file(tree, elsewhere) == near


def test_it_is_looked_for_up_to_the_home_directory(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "aurelia.toml").touch()
    assert find_file(tree, tmp_path / "a") is None
    assert find_file(tree, tmp_path) == tmp_path / "aurelia.toml"


def test_outside_home_and_repositories_only_the_folder_itself_counts(
    tree: Path, tmp_path: Path
) -> None:
    (tree.parent / "aurelia.toml").touch()
    assert find_file(tree, tmp_path / "elsewhere") is None
    (own := tree / "aurelia.toml").touch()
    assert find_file(tree, tmp_path / "elsewhere") == own


def test_a_file_of_another_user_is_not_followed(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tree / "aurelia.toml"
    file.write_text('[run]\nactor = "offline:perception"\n')
    monkeypatch.chdir(tree)
    monkeypatch.delenv("AURELIA_CONFIG")
    monkeypatch.setattr("os.getuid", lambda: file.stat().st_uid + 1)
    forget_configuration()
    if file.stat().st_uid:
        with pytest.raises(ConfigurationError, match="belongs to another user; set AURELIA_CONFIG"):
            configuration()
    else:
        assert configuration().path == file  # what root wrote is trusted


def test_the_working_directory_is_where_the_search_begins(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AURELIA_CONFIG")
    monkeypatch.chdir(tree)
    forget_configuration()
    assert configuration().path is None
    (tree / "aurelia.toml").write_text('[limits]\nruns_dir = "saved"\n')
    forget_configuration()
    assert load_settings().runs_dir == Path("saved")  # as it was written, where they are one
    assert configuration().path == tree / "aurelia.toml"


def test_no_working_directory_and_no_home_are_no_file(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AURELIA_CONFIG")
    monkeypatch.chdir(tree)
    tree.rmdir()
    forget_configuration()
    assert configuration().path is None
    monkeypatch.chdir(tree.parent)
    monkeypatch.setattr(Path, "home", lambda: (_ for _ in ()).throw(RuntimeError("no home")))
    (tree.parent / "aurelia.toml").touch()
    forget_configuration()
    assert configuration().path == tree.parent / "aurelia.toml"


def test_an_empty_file_changes_nothing(configured: Write) -> None:
    before = load_settings()
    configured("")
    assert load_settings() == before


def test_a_named_file_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AURELIA_CONFIG", "nowhere.toml")
    forget_configuration()
    with pytest.raises(ConfigurationError, match=r"names 'nowhere.toml', and there is no such"):
        configuration()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[run]\nactor = \n", "can't be read as TOML: .*line 2"),
        ("[rnu]\n", "no table 'rnu'; did you mean 'run'"),
        ("run = 1\n", r"run is a whole number; write a table \[run\]"),
        ("[models]\nx = 1\n", r"\[models.x\]: it is a whole number; write a table"),
        (SERVER + 'modle = "x"\n', r"\[models.m\]: there is no key 'modle'; did you mean 'model'"),
        (SERVER + "video = true\n", "video is true or false; give a text"),
        (SERVER + 'context = "8"\n', "context is a text; give a whole number"),
        ('["models"."a:b"]\nmodel = "m"\n', "'a:b' is no name"),
        ("[models.m]\n", "it has no model"),
        ('[models.m]\nmodel = "gpt-4o"\n', "there is no base_url; give base_url for a server"),
        ('[models.m]\nmodel = "http://h/v1#m"\n', "model is a URL; give base_url"),
        ('[models.m]\nmodel = "grounded:openai:x"\n', "write grounded:m in the role"),
        ('[models.m]\nmodel = "m"\nbase_url = "h:1"\n', "base_url is no URL of a server"),
        ('[models.m]\nmodel = "m"\nbase_url = "http://me:word@h"\n', "holds a user or password"),
        ('[models.m]\nmodel = "m?a=1"\nbase_url = "http://h"\n', "settings go into parameters"),
        (SERVER + 'api_key_env = "not a name"\n', "api_key_env is no name of a variable"),
        (SERVER + "price = { input = 1 }\n", "price needs both input and output"),
        (SERVER + "price = { input = -1, output = 1 }\n", "price.input is -1"),
        (SERVER + "price = { inptu = 1, output = 1 }\n", "did you mean 'input'"),
        (SERVER + "parameters = { video = 1 }\n", "video is no parameter"),
        (SERVER + 'parameters = { base_url = "x" }\n', "base_url says where requests go"),
        (
            '[models.m]\nmodel = "openai:m?seed=1"\nparameters = { seed = 2 }\n',
            "seed stands both in model and in parameters",
        ),
        ('[models.m]\nmodel = "offline:perception"\nvideo = "raw"\n', "model of this machine"),
        ('[models.m]\nmodel = "ollama:m"\nextra_body = { a = 1 }\n', "extra_body goes with base"),
        ("[prompts]\npin = []\n", "did you mean 'pins'"),
        ('[prompts]\npins = "generator@00"\n', "pins must be a list"),
        ('[prompts]\npins = ["generator"]\n', "'generator' is no pin"),
    ],
)
def test_a_mistake_is_one_sentence_that_says_where(configured: Write, text: str, said: str) -> None:
    configured(text)
    with pytest.raises(ConfigurationError, match=said) as caught:
        configuration()
    assert "aurelia.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        f'{SERVER}api_key = "{PRIVATE}"\n',
        f'{SERVER}api_key = "plain"\n',
        f'{SERVER}api_key_env = "{PRIVATE}"\n',
        '[models.m]\nmodel = "m"\napi_key_env = "AIzaSyA1234567890"\nbase_url = "http://h"\n',
        f'{SERVER}extra_body = {{ deep = [{{ token = "plain" }}] }}\n',
        f'{SERVER}parameters = {{ user = "Bearer plain" }}\n',
        '[models.m]\nmodel = "openai:m?api_key=plain"\n',
        f'[run]\nactor = "{PRIVATE}"\n',
        '[limits]\nhf_token = "plain"\n',
    ],
)
def test_a_key_in_the_file_is_refused_and_not_repeated(configured: Write, text: str) -> None:
    configured(text)
    with pytest.raises(ConfigurationError, match="api_key_env") as caught:
        configuration()
    assert PRIVATE not in str(caught.value)
    assert "plain" not in str(caught.value)
    assert "AIza" not in str(caught.value)


def test_counts_of_tokens_and_words_of_tokenisers_are_no_secrets(configured: Write) -> None:
    extra = (
        '{ max_tokens = 9, stop_token_ids = [1], eos_token = "</s>", skip_special_tokens = true }'
    )
    configured(f"{SERVER}extra_body = {extra}\n")
    assert configuration().models["m"].extra_body["max_tokens"] == 9


def test_limits_of_the_file_beat_the_environment(
    configured: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AURELIA_MAX_CONCURRENCY", "3,openai=1")
    monkeypatch.setenv("AURELIA_RPM", "google_genai=10")
    file = configured(
        "[limits]\ncache_max_mb = 1.5\n"
        'runs_dir = "saved"\nmax_concurrency = { default = 4, "127.0.0.1:8000" = 2 }\n'
    )
    settings = load_settings()
    assert settings.cache_max_bytes == 1.5 * 1024**2
    assert settings.runs_dir == file.parent / "saved"  # where the file stands
    assert [settings.max_concurrency.of(p) for p in ("openai", "127.0.0.1:8000")] == [4, 2]
    assert settings.rpm.of("google_genai") == 10
    assert settings.sources["rpm"] == "AURELIA_RPM"
    assert settings.sources["runs_dir"] == f"{file} [limits]"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("max_mb = 1", "there is no key 'max_mb'; did you mean 'cache_max_mb'"),
        ("cache_dir = 1", "cache_dir is a whole number; give the path of a folder"),
        ("cache_max_mb = true", "cache_max_mb is true or false; give a number of megabytes"),
        ("cache_max_mb = -1", "cache_max_mb is -1; give a number of megabytes"),
        ("rpm = 0", "rpm has 0 for default; give whole numbers from 1 on"),
        ("rpm = { openai = 1.5 }", "rpm has 1.5 for openai"),
    ],
)
def test_a_wrong_limit_is_named(configured: Write, text: str, said: str) -> None:
    configured(f"[limits]\n{text}\n")
    with pytest.raises(ConfigurationError, match=rf"\[limits\]: {said}"):
        load_settings()
