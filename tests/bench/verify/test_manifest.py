"""The manifest, the kept prompts, and lines of replies that were added."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from aurelia.bench.verify.run import verify
from aurelia.errors import InputError
from tests.bench.verify.tampering import edit_manifest, lines, of, wrong
from tests.bench.verify.test_verify import score


def _again(out: Path, how: dict[str, Any], keep: bool = True) -> None:
    """Ask once more for the zero-shot reply to s1, until it is right."""
    path = out / "replies.jsonl"
    listed = lines(path)
    one = next(line for line in listed if of("zero_shot", "s1")(line))
    kept = [line for line in listed if keep or line is not one]
    path.write_text("".join(json.dumps(line) + "\n" for line in [*kept, {**one, **how}]), "utf-8")
    score(out)


def test_a_reply_that_was_drawn_again(forged: Path) -> None:
    _again(forged, {"attempt": 1})
    (found,) = wrong(verify(forged))
    assert (found.kind, found.count) == ("duplicate", 1)
    assert "had not failed" in found.text


def test_a_reply_that_was_drawn_again_and_its_first_one_taken_out(forged: Path) -> None:
    _again(forged, {"attempt": 1}, keep=False)
    (found,) = wrong(verify(forged))
    assert "the earlier ones are not there" in found.text


def test_a_further_attempt_at_what_had_failed_or_has_another_rollout(forged: Path) -> None:
    path = forged / "replies.jsonl"
    listed = lines(path)
    zero = next(line for line in listed if of("zero_shot", "s1")(line))
    first = {**zero, "status": "failed", "said": [], "calls": []}
    helped = next(line for line in listed if of("distilled", "s1")(line))
    before = {**helped, "rollout": "exhausted"}
    last = [{**zero, "attempt": 1}, {**helped, "attempt": 1}]
    rest = [line for line in listed if line not in (zero, helped)]
    path.write_text("".join(json.dumps(x) + "\n" for x in [*rest, first, before, *last]), "utf-8")
    assert wrong(verify(forged), "duplicate") == []


def test_prompts_that_are_gone(forged: Path) -> None:
    shutil.rmtree(forged / "prompts")
    (found,) = wrong(verify(forged))
    assert (found.kind, found.count) == ("manifest", 2)
    assert "not kept in prompts/" in found.text


@pytest.mark.parametrize("title", ["Results on rendered clips", "Results", None])
def test_a_title_that_the_samples_do_not_give(forged: Path, title: str | None) -> None:
    edit_manifest(forged, lambda manifest: manifest.update(title=title))
    score(forged)
    (found,) = wrong(verify(forged))
    assert (
        f"The title is {title!r}, and the samples give 'Results on samples.jsonl (own" in found.text
    )


def test_rendered_clips_are_called_so(forged: Path) -> None:
    edit_manifest(forged, lambda manifest: manifest["samples"].update(rendered={"count": 1}))
    (found,) = wrong(verify(forged))
    assert "the samples give 'Results on rendered clips'" in found.text


def test_a_control_that_was_taken_out_of_the_manifest(forged: Path) -> None:
    edit_manifest(forged, lambda manifest: manifest["conditions"].pop("actor_answer"))
    score(forged)
    (found,) = wrong(verify(forged))
    assert "'actor_answer' has replies and is not in the manifest" in found.text
    assert found.where[0].endswith("actor_answer: 8 replies")


def test_a_target_that_was_taken_out_of_the_manifest(forged: Path) -> None:
    edit_manifest(forged, lambda manifest: manifest.update(targets={"another": "one"}))
    assert any("targets have replies" in f.text for f in wrong(verify(forged), "manifest"))


@pytest.mark.parametrize("name", ["samples", "prompts", "places", "conditions", "settings"])
def test_a_manifest_of_another_shape(forged: Path, name: str) -> None:
    edit_manifest(forged, lambda manifest: manifest.update({name: [1]}))
    says = rf"manifest\.json is damaged: .*'?{name}'?"
    with pytest.raises(InputError, match=says):
        verify(forged)
    if name == "settings":
        with pytest.raises(InputError, match=says):
            score(forged)
