"""What a client of the graph that a server loads can't do, whichever road it takes."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from langgraph.checkpoint.memory import InMemorySaver

import aurelia
from aurelia.errors import ConfigurationError, InputError, MediaError
from aurelia.graph.build import build_graph
from aurelia.graph.run import Fork
from aurelia.media import roots
from aurelia.models import registry
from aurelia.nodes.admission import Server
from tests.scripts import actor, caption, script, verdict

QUESTION = "Which comes first, the sound or the movement?"


class Client:
    """A client of a server that started in a directory with one clip, and a secret beside it."""

    def __init__(self, directory: Path, clip: str) -> None:
        self.root, self.outside = directory / "root", directory / "outside"
        self.root.mkdir()
        self.outside.mkdir()
        shutil.copy(clip, self.root / "film.mp4")
        shutil.copy(clip, self.outside / "secret.mp4")
        with (self.outside / "secret.mp4").open("ab") as file:
            file.write(b"\0" * 8)  # another content, as good a clip
        self.secret = str(self.outside / "secret.mp4")
        (self.root / "link.mp4").symlink_to(self.secret)
        self.graph = build_graph(InMemorySaver(), server=Server(start=self.root))
        self.config: Any = {}

    def run(self, clip: Any = "film.mp4", fork: Any = None, **settings: Any) -> dict[str, Any]:
        """Begin a run on the thread."""
        given: Any = {"clip": clip, "question": QUESTION, "fork": fork}
        return self.go(given, **settings)

    def go(self, given: Any, /, until: str | None = None, **settings: Any) -> dict[str, Any]:
        """Begin a thread with an input, or go on with None or a command."""
        if isinstance(given, dict):
            self.config = {"configurable": {"thread_id": uuid4().hex}}
        context = aurelia.Context(**settings) if settings else None
        work = self.graph.ainvoke(
            given, self.config, context=context, interrupt_before=[until] if until else None
        )
        return dict(asyncio.run(work) or {})

    def edit(self, as_node: str | None = None, **values: Any) -> None:
        """Change the thread's state, as anyone who holds it can."""
        asyncio.run(self.graph.aupdate_state(self.config, values, as_node))

    def state(self) -> dict[str, Any]:
        """The thread's state."""
        return dict(asyncio.run(self.graph.aget_state(self.config)).values)

    def paused(self, before: str) -> dict[str, Any]:
        """A run that stopped before a node."""
        given: Any = {"clip": "film.mp4", "question": QUESTION}
        self.go(given, until=before, max_iterations=1)
        return self.state()


@pytest.fixture
def client(tmp_path: Path, clip_path: str) -> Client:
    return Client(tmp_path, clip_path)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Paths of the files that were opened as media."""
    paths: list[str] = []
    door = roots.open_binary

    def noted(path: str | Path) -> Any:
        paths.append(str(path))
        return door(path)

    for module in ("media.container", "media.open", "nodes.admission", "models.adapters.check"):
        monkeypatch.setattr(f"aurelia.{module}.open_binary", noted)
    return paths


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the models that were looked up."""
    names: list[str] = []
    real = registry.resolve_model

    def noted(name: str) -> Any:
        names.append(name)
        return real(name)

    for module in ("nodes.observe", "nodes.turn", "models.call"):
        monkeypatch.setattr(f"aurelia.{module}.resolve_model", noted, raising=False)
    return names


def one_sentence(error: pytest.ExceptionInfo[Exception]) -> str:
    message = str(error.value)
    assert message.endswith(".")
    assert "\n" not in message
    return message


def test_a_run_below_the_root(client: Client, opened: list[str]) -> None:
    result = client.run(max_iterations=1)
    assert result["stop_reason"] in ("accepted", "exhausted", "cannot_answer")
    assert set(opened) == {str(client.root / "film.mp4")}


def test_the_demo_clip_needs_no_root(client: Client) -> None:
    assert client.go({}, max_iterations=1)["trajectory"]["iterations"]


CLIPS = [
    "SECRET",
    "../outside/secret.mp4",
    "link.mp4",
    "concat:film.mp4|SECRET",
    "subfile,,start,0,end,9,,:SECRET",
    "http://127.0.0.1/film.mp4",
    "/dev/zero",
    {"path": "SECRET"},
    {"path": "film.mp4", "audio": "SECRET"},
    {"path": "film.mp4", "audio": "link.mp4"},
    {"path": "film.mp4", "audio": "http://127.0.0.1/sound.wav"},
    {"path": "film.mp4", "candidates": {"A": "film.mp4", "B": "../outside/secret.mp4"}},
    {"path": "film.mp4", "candidates": ["SECRET"]},
    {"path": ["SECRET"]},
    {"path": {"path": "SECRET"}},
    {"sha256": "0" * 64, "path": "SECRET"},
    {"sha256": "0" * 64, "path": "http://127.0.0.1/film.mp4"},
    {"sha256": "0", "path": "film.mp4", "candidates": [{"label": "A", "path": "SECRET"}]},
    {"sha256": "0", "path": "film.mp4", "candidates": {"A": "SECRET"}},
    ["SECRET"],
    5,
]


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: json.dumps(clip)[:60])
def test_clips_that_are_refused(client: Client, opened: list[str], clip: Any) -> None:
    clip = json.loads(json.dumps(clip).replace("SECRET", client.secret))
    with pytest.raises(InputError) as caught:
        client.run(clip)
    one_sentence(caught)
    assert opened == []


@pytest.mark.parametrize("given", ["relative", "absolute"])
@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "There is no file at"), (b"", "is empty"), (b"words", "can't be read")],
)
def test_an_error_names_a_clip_as_its_client_does(
    client: Client, given: str, content: bytes | None, words: str
) -> None:
    (client.root / "below").mkdir()
    file = client.root / "below" / "other.mp4"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(MediaError, match=words) as caught:
        client.run("below/other.mp4" if given == "relative" else str(file))
    assert "'below/other.mp4'" in one_sentence(caught)
    assert str(client.root) not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["a" * 9_000, "../" + "a" * 9_000, "a" * 9_000 + "\0", "/" * 9_000]
)
@pytest.mark.parametrize("part", ["path", "audio", "candidates"])
def test_a_long_name_does_not_come_back_whole(client: Client, name: str, part: str) -> None:
    with pytest.raises(InputError) as caught:
        client.run({"path": "film.mp4", part: {name: name} if part == "candidates" else name})
    assert len(one_sentence(caught)) < 600


def test_roots_of_the_owner(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AURELIA_MEDIA_ROOTS", f"{tmp_path}/outside:{tmp_path}/root")
    assert client.run(client.secret, max_iterations=1)["trajectory"]
    monkeypatch.setenv("AURELIA_MEDIA_ROOTS", f"{tmp_path}/outside")
    with pytest.raises(MediaError, match="not below"):
        client.run(str(client.root / "film.mp4"))
    monkeypatch.setenv("AURELIA_MEDIA_ROOTS", f"{tmp_path}/absent")
    with pytest.raises(ConfigurationError, match="AURELIA_MEDIA_ROOTS"):
        client.run()


def test_a_server_at_the_top_of_its_files_must_name_roots(clip_path: str) -> None:
    graph = build_graph(server=Server(start=Path("/")))
    given: Any = {"clip": clip_path, "question": QUESTION}
    with pytest.raises(ConfigurationError, match="AURELIA_MEDIA_ROOTS"):
        asyncio.run(graph.ainvoke(given))


def test_large_clips_are_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AURELIA_MEDIA_MAX_MB", "0.01")
    with pytest.raises(MediaError, match="more than the"):
        client.run()


def test_urls_are_downloaded_where_the_owner_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "http://127.0.0.1:9/film.mp4"
    with pytest.raises(MediaError, match="does not download"):
        client.run(url)
    monkeypatch.setenv("AURELIA_MEDIA_URLS", "1")
    with pytest.raises(MediaError, match="open Internet"):
        client.run(url)


@pytest.mark.parametrize("node", ["generator", "summarizer", "evaluator", "distill"])
@pytest.mark.parametrize("what", ["clip", "audio", "candidate", "link"])
def test_a_clip_that_is_edited_into_state(
    client: Client, opened: list[str], node: str, what: str
) -> None:
    clip = client.paused(before=node)["clip"]
    known = {"sha256": "0" * 64, "duration_s": 1.0}
    changes: dict[str, Any] = {
        "clip": {"path": client.secret},
        "link": {"path": str(client.root / "link.mp4")},
        "audio": {"audio": client.secret, "audio_sha256": "0" * 64},
        "candidate": {"candidates": [{"label": "A", "path": client.secret, **known}]},
    }
    before = list(client.state())
    client.edit(clip={**clip, **changes[what]})
    opened.clear()
    with pytest.raises(MediaError, match="not below") as caught:
        client.go(None)
    one_sentence(caught)
    assert opened == []
    assert before == list(client.state())


def test_a_thread_that_was_never_looked_at(client: Client, opened: list[str]) -> None:
    """State that is put in as if `observe` had written it."""
    state = client.paused(before="generator")
    clip = {**state["clip"], "path": client.secret}
    clip["sha256"] = aurelia.open_clip(client.secret).sha256
    client.config = {"configurable": {"thread_id": "fresh"}}
    client.edit("observe", **{**state, "clip": clip})
    opened.clear()
    with pytest.raises(MediaError, match="not below"):
        client.go(None)
    assert opened == []


def test_another_content_that_is_edited_into_state(client: Client, tmp_path: Path) -> None:
    """What was prepared is found by content: who names another's would be shown it."""
    clip = client.paused(before="generator")["clip"]
    other = aurelia.open_clip(client.secret)
    client.edit(clip={**clip, "sha256": other.sha256})
    with pytest.raises(MediaError, match="not the one") as caught:
        client.go(None)
    one_sentence(caught)


def test_a_file_that_changes_during_a_run(client: Client) -> None:
    client.paused(before="evaluator")
    shutil.copy(client.secret, client.root / "film.mp4")
    with pytest.raises(MediaError, match="not the one"):
        client.go(None)


@pytest.mark.parametrize("clip", [None, "film.mp4", {"path": "film.mp4"}, [], {}])
def test_what_is_no_opened_clip_in_state(client: Client, clip: Any) -> None:
    client.paused(before="generator")
    client.edit(clip=clip)
    with pytest.raises(InputError) as caught:
        client.go(None)
    one_sentence(caught)


def test_paths_in_a_fork_are_not_gone_to(client: Client, opened: list[str]) -> None:
    """A run that is gone on with says where its clip was, on whatever machine that was."""
    earlier = client.run(max_iterations=1, stop_when="never")["trajectory"]
    earlier["clip"]["path"] = client.secret
    earlier["clip"]["candidates"] = [
        {"label": "A", "path": client.secret, "sha256": "0", "duration_s": 1}
    ]
    opened.clear()
    result = client.run(fork={"trajectory": earlier, "iteration": 1}, max_iterations=2)
    assert result["trajectory"]["clip"]["path"] == str(client.root / "film.mp4")
    assert set(opened) == {str(client.root / "film.mp4")}


MODELS = [
    "openai:gpt-4o",
    "google_genai:gemini-2.5-flash",
    "http://127.0.0.1:9/v1#model",
    "https://example.org/v1#model",
    "SCRIPT",
    "replay:/runs/one",
    "mine",
    "ollama:gemma3?base_url=http://127.0.0.1:9",
]


@pytest.mark.parametrize("role", ["actor", "summarizer", "critic", "target", "panel"])
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("grounded", ["", "grounded:"])
def test_models_that_only_the_owner_may_choose(
    client: Client,
    opened: list[str],
    resolved: list[str],
    tmp_path: Path,
    role: str,
    model: str,
    grounded: str,
) -> None:
    model = grounded + model.replace("SCRIPT", script(tmp_path, [actor()]))
    settings: Any = {role: [model] if role == "panel" else model}
    with pytest.raises(ConfigurationError, match="can't be chosen by a client") as caught:
        client.run(**settings)
    one_sentence(caught)
    assert opened == []
    assert resolved == []


def test_a_refusal_shows_no_key_of_a_url(client: Client) -> None:
    with pytest.raises(ConfigurationError) as caught:  # before there is a run
        client.run(actor="https://me:hush@example.org/v1?key=hush#model")
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("role", ["actor", "critic", "panel"])
def test_a_setting_behind_an_allowed_name_is_what_the_refusal_names(
    client: Client, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    monkeypatch.setenv("AURELIA_ALLOWED_MODELS", "openai:gpt-4o")
    name = "openai:gpt-4o?temperature=0.1&base_url=there"
    settings: Any = {role: [name] if role == "panel" else name}
    with pytest.raises(ConfigurationError, match="as here 'temperature, base_url'") as caught:
        client.run(**settings)
    said = one_sentence(caught)
    assert "can't be chosen" not in said  # it can
    assert "there" not in said
    assert f"give {'critic' if role == 'panel' else role}_sampling" in said


def test_a_profiles_name_takes_no_settings_from_a_client(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aurelia.nodes.admission.profile_names", lambda: frozenset({"puppet"}))
    with pytest.raises(ConfigurationError, match="'puppet' can't be given settings") as caught:
        client.run(actor="puppet?temperature=0")
    assert "'temperature'" in one_sentence(caught)


def test_models_that_the_owner_allows(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    registered = registry.resolve_model(
        script(tmp_path, [actor(), caption("A tone."), verdict(9)])
    ).chat
    monkeypatch.setitem(registry._registered, "mine", _as_registered(registered))
    with pytest.raises(ConfigurationError, match="can't be chosen"):
        client.run(actor="mine", summarizer="mine", critic="mine")
    monkeypatch.setenv("AURELIA_ALLOWED_MODELS", "openai:gpt-4o, mine")
    result = client.run(actor="mine", summarizer="mine", critic="mine")
    assert result["stop_reason"] == "accepted"


def _as_registered(chat: Any) -> Any:
    return registry.ResolvedModel("mine", chat, paid=False, computes=True, family="measures")


def test_models_of_the_owners_configuration(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Profiles by name; and what the owner runs by default, whatever that is."""
    model = script(tmp_path, [actor(), caption("A tone."), verdict(9)])
    file = tmp_path / "aurelia.toml"
    file.write_text('[models.deaf]\nmodel = "offline:perception?modality=deaf"\n')
    monkeypatch.setenv("AURELIA_CONFIG", str(file))
    assert client.run(actor="deaf", max_iterations=1)["trajectory"]
    with pytest.raises(ConfigurationError, match="offline:perception, deaf"):
        client.run(actor="blind")
    monkeypatch.setenv("AURELIA_ACTOR", model)
    monkeypatch.setenv("AURELIA_SUMMARIZER", model)
    monkeypatch.setenv("AURELIA_CRITIC", model)
    assert client.run(max_iterations=1, seed=1)["trajectory"]["iterations"]


def test_settings_that_are_edited_into_state(client: Client, resolved: list[str]) -> None:
    for change in (
        {"actor": "http://127.0.0.1:9/v1#m"},
        {"panel": ["scripted:/etc/passwd"]},
        {"prompts": "/etc"},
        {"actor_sampling": {"base_url": "http://127.0.0.1:9"}},
    ):
        settings = client.paused(before="generator")["context"]
        client.edit(context={**settings, **change})
        resolved.clear()
        with pytest.raises(ConfigurationError) as caught:
            client.go(None)
        one_sentence(caught)
        assert resolved == []


def test_settings_that_a_resume_brings(client: Client) -> None:
    client.paused(before="evaluator")
    with pytest.raises(ConfigurationError, match="can't be chosen"):
        client.go(None, critic="http://127.0.0.1:9/v1#m")
    with pytest.raises(ConfigurationError, match="no prompt set"):
        client.go(None, prompts="/etc")


@pytest.mark.parametrize("role", ["actor", "summarizer", "critic", "target"])
def test_sampling_says_nothing_of_where_a_request_goes(client: Client, role: str) -> None:
    for name, value in {"base_url": "http://a", "extra_headers": {"a": "b"}, "model": "o3"}.items():
        settings: Any = {f"{role}_sampling": {"temperature": 0, name: value}}
        with pytest.raises(ConfigurationError, match=f"{role}_sampling"):  # before there is a run
            client.run(**settings)
    fine: Any = {f"{role}_sampling": {"temperature": 0, "stop": ["END"]}}
    assert client.run(max_iterations=1, **fine)["trajectory"]


@pytest.mark.parametrize("prompts", ["DIRECTORY", "/etc", "..", "prompts/default", "./default", ""])
def test_prompt_directories_are_refused(client: Client, tmp_path: Path, prompts: str) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "generator.md").write_text("secret text")
    with pytest.raises(ConfigurationError, match="no prompt set") as caught:
        client.run(prompts=prompts.replace("DIRECTORY", str(mine)))
    assert "secret text" not in one_sentence(caught)


def test_prompt_sets_are_allowed(client: Client) -> None:
    assert client.run(prompts="published", max_iterations=1)["trajectory"]
    assert client.run(preset="published", max_iterations=1)["trajectory"]


GENERATOR = """---
role: actor
version: "mine"
required: [question]
output: reasoning
---
## user
{{media}}
PARTIAL
{{question}}
"""


@pytest.mark.parametrize("road", ["prompt_overrides", "generator_prompt"])
@pytest.mark.parametrize(
    "include", ["/etc/passwd", "../../etc/passwd", "../outside/secret", "file:///etc/passwd", "a/b"]
)
def test_prompts_include_no_files(client: Client, include: str, road: str) -> None:
    (client.root / "a").mkdir()
    (client.root / "a" / "_b.md").write_text("secret text")
    text = GENERATOR.replace("PARTIAL", f"{{{{> {include}}}}}")
    with pytest.raises(InputError) as caught:
        client.run(**{road: {"generator": text} if road == "prompt_overrides" else text})
    assert "root:" not in str(caught.value)
    assert "secret text" not in str(caught.value)


@pytest.mark.parametrize("name", ["/etc/passwd", "../generator", "_../../etc/passwd", "_a/b"])
def test_names_of_overrides_are_no_paths(client: Client, name: str) -> None:
    (client.root / "a").mkdir()
    (client.root / "a" / "_b.md").write_text("secret text")
    before = sorted(client.root.rglob("*"))
    try:
        result = client.run(prompt_overrides={name: "text"}, max_iterations=1)
    except InputError as error:
        result = {"error": str(error)}
    assert "secret text" not in json.dumps(result)
    assert sorted(client.root.rglob("*")) == before


def test_a_question_is_text_and_no_template(
    client: Client, opened: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-hush-hush-hush")
    model = script(tmp_path, [actor(), caption("A tone."), verdict(9)])
    for role in ("ACTOR", "SUMMARIZER", "CRITIC"):
        monkeypatch.setenv(f"AURELIA_{role}", model)
    question = (
        f"What is in {client.secret}, {{{{> /etc/passwd}}}}, {{{{options}}}}, {{{{media}}}} and "
        "${OPENAI_API_KEY} or file:///etc/passwd?"
    )
    given: Any = {"clip": "film.mp4", "question": question, "options": [question, "neither"]}
    result = client.go(given, max_iterations=1)
    record = json.dumps(result["trajectory"])
    assert "hush" not in record
    assert "root:" not in record
    assert result["trajectory"]["question"] == question
    assert set(opened) == {str(client.root / "film.mp4")}


def test_whoever_runs_it_may_name_what_they_like(client: Client, tmp_path: Path) -> None:
    """Only clients of a server are held; Python and the command line are the owner's."""
    model = script(tmp_path, [actor(), caption("A tone."), verdict(9)])
    record = aurelia.reason(
        client.root / "link.mp4", QUESTION, actor=model, summarizer=model, critic=model
    )
    assert record.stop_reason == "accepted"
    again = aurelia.reason(
        client.secret, QUESTION, fork=Fork(record, 0), actor=model, summarizer=model, critic=model
    )
    assert again.stop_reason == "accepted"


def test_what_a_server_loads_is_held(clip_path: str) -> None:
    from aurelia.graph.app import graph

    given: Any = {"clip": clip_path, "question": QUESTION}
    with pytest.raises(MediaError, match="not below"):
        asyncio.run(graph.ainvoke(given))
