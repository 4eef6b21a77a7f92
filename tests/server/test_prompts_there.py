"""Prompts on a real server: shown, edited in Studio's way, brought back to files."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from langgraph_sdk.client import SyncLangGraphClient
from typer.testing import CliRunner, Result

from aurelia.cli.main import app
from aurelia.prompts.loader import load_prompts
from tests.server.conftest import Server, template

Typed = Callable[..., Result]


@pytest.fixture
def typed(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Type `aurelia prompts …` in an empty folder, about this server."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, ["prompts", *words, "--url", server.url])

    return run


@pytest.fixture
def mine(typed: Typed, client: SyncLangGraphClient) -> Iterator[str]:
    """The assistant of a folder `mine` with an own generator; gone afterwards."""
    Path("mine").mkdir()
    Path("mine/generator.md").write_text(
        "---\n# by hand\nrole: actor\nversion: mine\nrequired: [question]\noutput: reasoning\n---\n"
        "## system\nYou watch closely.\n\n{{> data}}\n\n## user\n{{media}}\n\n{{question}}\n\n"
        "Reply with JSON that fits {{schema}}\n",
        "utf-8",
    )
    assert "mine prompts: created" in typed("push", "mine").output
    found = _named(client, "mine prompts")["assistant_id"]
    yield found
    client.assistants.delete(found)


def _named(client: SyncLangGraphClient, name: str) -> Any:
    return next(a for a in client.assistants.search(name=name))


def _edit(client: SyncLangGraphClient, name: str, **fields: str) -> None:
    """What Studio does: a new version with the whole form."""
    held = _named(client, name)
    client.assistants.update(held["assistant_id"], context={**held["context"], **fields})


def _reworded(client: SyncLangGraphClient, old: str, new: str) -> str:
    text: str = _named(client, "mine prompts")["context"]["generator_prompt"]
    assert old in text
    return text.replace(old, new)


def test_an_edit_comes_back_to_the_file_with_its_head_and_partials(
    typed: Typed, client: SyncLangGraphClient, mine: str
) -> None:
    _edit(
        client,
        "mine prompts",
        generator_prompt=_reworded(client, "watch closely", "watch twice").rstrip(),
    )
    before = Path("mine/generator.md").read_text()
    pulled = typed("pull", "mine", "-o", "mine")
    assert pulled.exit_code == 0, pulled.output
    assert Path("mine/generator.md").read_text() == before.replace("closely", "twice")
    assert [path.name for path in Path("mine").iterdir()] == ["generator.md"]
    assert "says the same already" in typed("pull", mine, "-o", "mine").output


def test_a_file_edited_meanwhile_is_not_overwritten(
    typed: Typed, client: SyncLangGraphClient, mine: str
) -> None:
    file = Path("mine/generator.md")
    file.write_text(file.read_text().replace("closely", "here"), "utf-8")
    kept = typed("pull", "mine prompts", "-o", "mine")  # nobody edited it there
    assert "left as they are: generator" in kept.output
    _edit(client, "mine prompts", generator_prompt=_reworded(client, "closely", "there"))
    refused = typed("pull", "mine prompts", "-o", "mine")
    assert refused.exit_code == 2
    assert "generator.md was edited here as well" in refused.output
    assert "watch here" in file.read_text()
    assert typed("pull", "mine prompts", "-o", "mine", "--force").exit_code == 0
    assert "watch there" in file.read_text()


def test_pushing_again_is_no_new_version_unless_a_file_changed(
    typed: Typed, client: SyncLangGraphClient, mine: str
) -> None:
    assert "mine prompts: unchanged" in typed("push", "mine").output
    assert _named(client, "mine prompts")["version"] == 1
    file = Path("mine/generator.md")
    file.write_text(file.read_text().replace("closely", "again"), "utf-8")
    assert "mine prompts: version 2 (generator)" in typed("push", "mine").output
    held = _named(client, "mine prompts")
    assert "watch again" in held["context"]["generator_prompt"]


def test_an_edit_on_the_server_is_not_pushed_over(
    typed: Typed, client: SyncLangGraphClient, mine: str
) -> None:
    edited = _reworded(client, "closely", "there")
    _edit(client, "mine prompts", generator_prompt=edited, threshold="7")
    file = Path("mine/generator.md")
    file.write_text(file.read_text().replace("closely", "here"), "utf-8")
    refused = typed("push", "mine")
    assert refused.exit_code == 1
    assert "edited on the server since (generator)" in refused.output
    assert _named(client, "mine prompts")["context"]["generator_prompt"] == edited
    assert typed("push", "mine", "--force").exit_code == 0
    held = _named(client, "mine prompts")["context"]
    assert "watch here" in held["generator_prompt"]
    assert held["threshold"] == "7"  # other settings of the form stay


def test_another_set_is_copied_whole_before_the_edit_is_written(
    typed: Typed, client: SyncLangGraphClient
) -> None:
    held = _named(client, "published prompts")
    text = held["context"]["summarizer_prompt"]
    own = client.assistants.create(
        "aurelia",
        name="mine, by hand",
        context={"prompts": "published", "summarizer_prompt": f"{text.rstrip()}\n\nBe brief.\n"},
    )
    try:
        pulled = typed("pull", "mine, by hand", "-o", "theirs")
    finally:
        client.assistants.delete(own["assistant_id"])
    assert pulled.exit_code == 0, pulled.output
    mine, shipped = load_prompts("theirs"), load_prompts("published")
    differing = [n for n in shipped.names if mine.get(n).hash != shipped.get(n).hash]
    assert differing == ["summarizer"]
    assert "{{> data}}" in Path("theirs/summarizer.md").read_text()


def test_a_set_that_nobody_edited_is_copied_where_there_are_no_prompts(typed: Typed) -> None:
    pulled = typed("pull", "published prompts", "-o", "pub")
    assert pulled.exit_code == 0, pulled.output
    assert "Copied the set to pub" in pulled.output
    assert "nothing in it is edited" in pulled.output
    mine, shipped = load_prompts("pub"), load_prompts("published")
    assert {n: mine.get(n).hash for n in mine.names} == {
        n: shipped.get(n).hash for n in shipped.names
    }
    again = typed("pull", "published prompts", "-o", "pub")
    assert again.output == "published prompts: pub says the same already.\n"


def test_default_prompts_that_nobody_edited_need_no_files(typed: Typed) -> None:
    pulled = typed("pull", "default prompts", "-o", "mine")
    assert pulled.exit_code == 0, pulled.output
    assert "nothing was written; `aurelia prompts init mine`" in pulled.output
    assert not Path("mine").exists()


def test_names_that_are_no_names_of_files_write_nothing(
    typed: Typed, client: SyncLangGraphClient
) -> None:
    text = template("generator")
    own = client.assistants.create(
        "aurelia", name="far", context={"prompt_overrides": {"generator./../../out": text}}
    )
    try:
        pulled = typed("pull", "far", "-o", "deep/er")
    finally:
        client.assistants.delete(own["assistant_id"])
    assert pulled.exit_code == 2
    assert list(Path().iterdir()) == []


def test_who_is_not_there_is_said_in_a_sentence(typed: Typed) -> None:
    missing = typed("pull", "nobody")
    assert missing.exit_code == 2
    assert "has no assistant 'nobody'; there are: 'aurelia', 'default prompts'" in missing.output
    result = CliRunner().invoke(app, ["prompts", "push", "--url", "http://127.0.0.1:9"])
    assert result.exit_code == 2
    assert "No LangGraph server answers" in result.output


def test_a_prompt_file_counts_at_once(server: Server, client: SyncLangGraphClient) -> None:
    def used() -> tuple[str, str]:
        ended: Any = client.runs.wait(
            None,
            "aurelia",
            input=server.asks(),
            context={"threshold": 1},
        )
        record = ended["trajectory"]
        identity = record["iterations"][0]["calls"][0]["prompt"]
        return identity, record["templates"][identity.partition("@")[2]]["text"]

    file = server.directory / "operators" / "generator.md"
    original = file.read_text("utf-8")
    before, _ = used()
    file.write_text(original.replace("## user", "Mind the corners.\n\n## user"), "utf-8")
    try:
        after, text = used()
        server.log.wait_for("Assistant operators prompts: version 2 (generator)", seconds=30)
        shown = _named(client, "operators prompts")["context"]["generator_prompt"]
    finally:
        file.write_text(original, "utf-8")
    assert before != after
    assert "Mind the corners." in text
    assert shown == text
