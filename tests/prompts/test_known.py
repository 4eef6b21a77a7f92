"""Prompts that a run has loaded already are known to its nodes without a look at files."""

from pathlib import Path

from aurelia.prompts.loader import known_prompts, load_prompts


def test_a_shipped_set_is_known_once_it_was_loaded() -> None:
    loaded = load_prompts("default", {"feedback": load_prompts().get("feedback").text})
    known = known_prompts("default", {"feedback": load_prompts().get("feedback").text})
    assert known is not None
    assert {n: t.hash for n, t in known.templates.items()} == {
        n: t.hash for n, t in loaded.templates.items()
    }
    assert known.get("feedback").source == "override feedback"


def test_a_directory_is_looked_at_each_time(tmp_path: Path) -> None:
    (tmp_path / "feedback.md").write_text(load_prompts().get("feedback").raw, "utf-8")
    load_prompts(tmp_path)
    assert known_prompts(str(tmp_path), {}) is None


def test_wrong_texts_are_left_to_loading_which_says_why() -> None:
    load_prompts()
    assert known_prompts("default", {"no_such_prompt": "x"}) is None
