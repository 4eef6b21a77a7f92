"""Prompts are read anew where a file changed, and only there."""

import os
from pathlib import Path

import pytest

from aurelia.errors import PromptError
from aurelia.prompts.loader import load_prompts, read_text
from aurelia.prompts.template import Template


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A prompt set of one's own, of one prompt."""
    (tmp_path / "feedback.md").write_text(load_prompts().get("feedback").text, "utf-8")
    return tmp_path


def feedback(folder: Path) -> Template:
    return load_prompts(folder).get("feedback")


def edit(folder: Path, old: str, new: str) -> None:
    file = folder / "feedback.md"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Files that were read, by name."""
    names: list[str] = []

    def read(path: Path) -> str:
        names.append(path.name)
        return read_text(path)

    monkeypatch.setattr("aurelia.prompts.loader.read_text", read)
    return names


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """No edit is so recent that another one may bear the same time."""
    monkeypatch.setattr("aurelia.prompts.folder.settled", lambda *_: True)


def test_an_edit_of_the_same_length_counts_at_once(folder: Path) -> None:
    before = feedback(folder)
    times = (folder / "feedback.md").stat()
    edit(folder, "the", "teh")
    # As on a file system whose clock did not tick between the two.
    os.utime(folder / "feedback.md", ns=(times.st_atime_ns, times.st_mtime_ns))
    after = feedback(folder)
    assert before.hash != after.hash
    assert len(before.text) == len(after.text)


@pytest.mark.usefixtures("settled")
def test_what_has_not_changed_is_not_read_again(folder: Path, readings: list[str]) -> None:
    first = feedback(folder)
    readings.clear()
    assert feedback(folder) is first
    assert readings == []
    edit(folder, "the", "teh")
    assert feedback(folder).hash != first.hash
    assert readings == ["feedback.md"]


@pytest.mark.usefixtures("settled")
def test_files_that_come_and_go_are_noticed(folder: Path) -> None:
    feedback(folder)
    (folder / "repair.md").write_text(load_prompts().get("repair").text, "utf-8")
    assert load_prompts(folder).get("repair").source == f"{folder.name}/repair.md"
    (folder / "repair.md").unlink()
    assert load_prompts(folder).get("repair").source == "default/repair.md"


def test_a_set_that_was_handed_out_is_the_callers_own(folder: Path) -> None:
    load_prompts(folder).templates.clear()
    assert feedback(folder).name == "feedback"


def test_a_link_that_leads_nowhere_is_named(folder: Path) -> None:
    (folder / "repair.md").symlink_to(folder / "gone.md")
    with pytest.raises(PromptError, match=r"repair\.md can't be read"):
        load_prompts(folder)
