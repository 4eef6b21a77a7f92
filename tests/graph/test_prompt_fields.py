"""Each prompt has a setting of its own: what an editor on a node of Studio writes."""

from pathlib import Path
from typing import Any

import pytest

import aurelia
from aurelia.errors import InputError, PromptError
from aurelia.graph.context import Context, make_context
from aurelia.graph.forms import PROMPT_NODES, SUFFIX
from aurelia.prompts.inventory import INVENTORY
from aurelia.prompts.loader import load_prompts
from tests.scripts import actor, caption, everyone, script, verdict

SHIPPED = load_prompts("default").get("summarizer").text


def _text(line: str) -> str:
    return SHIPPED.replace("## user", f"{line}\n\n## user", 1)


def _runs(context: Context) -> str:
    return context.load_prompts().get("summarizer").text


def test_every_prompt_of_the_graph_has_a_field() -> None:
    assert set(PROMPT_NODES) == set(INVENTORY) - {"answer_judge"}
    assert {f"{name}{SUFFIX}" for name in PROMPT_NODES} <= set(Context.model_fields)


def test_the_text_on_the_node_beats_the_overrides_and_the_set() -> None:
    overrides = {"summarizer": _text("By override."), "feedback": "unused"}
    both = Context(prompt_overrides=overrides, summarizer_prompt=_text("On the node."))
    assert both.overrides == {**overrides, "summarizer": _text("On the node.")}
    assert _runs(Context(summarizer_prompt=_text("On the node."))) == _text("On the node.")


def test_a_text_that_would_run_anyway_is_no_setting_of_the_run(
    clip_path: str, tmp_path: Path
) -> None:
    model = script(tmp_path, [actor(), caption("A tone."), verdict(9)])
    record = aurelia.reason(clip_path, "q?", summarizer_prompt=f"{SHIPPED}\n", **everyone(model))
    assert record.context["summarizer_prompt"] == ""
    overridden = aurelia.reason(
        clip_path,
        "q?",
        summarizer_prompt=SHIPPED,
        prompt_overrides={"summarizer": _text("By override.")},
        **everyone(model),
    )
    assert overridden.context["summarizer_prompt"] == SHIPPED
    used = {t.name: t.text for t in overridden.templates.values()}
    assert used["summarizer"] == SHIPPED


@pytest.mark.parametrize("nothing", ["", "  \n", None])
def test_nothing_on_the_node_leaves_the_override_or_the_set(nothing: str | None) -> None:
    given = {"summarizer_prompt": nothing}
    assert _runs(Context.model_validate(given)) == SHIPPED
    overrides = {"summarizer": _text("By override.")}
    both = Context.model_validate({**given, "prompt_overrides": overrides})
    assert _runs(both) == overrides["summarizer"]


def test_blank_lines_at_the_ends_change_no_identity() -> None:
    identity = load_prompts("default").get("summarizer").identity
    for text in (SHIPPED.strip(), f"\n{SHIPPED}\n\n", SHIPPED.replace("\n", "\r\n")):
        settings = make_context(summarizer_prompt=text, prompt_pins=[identity])
        assert settings.load_prompts().get("summarizer").identity == identity


def test_a_text_without_its_placeholders_is_refused() -> None:
    with pytest.raises(PromptError, match="`steps`"):
        make_context(summarizer_prompt=SHIPPED.replace("{{steps}}", "")).load_prompts()


def test_the_run_records_the_setting_and_the_text(clip_path: str, tmp_path: Path) -> None:
    model = script(tmp_path, [actor(), caption("A tone."), verdict(9)])
    text = _text("/look/at/this and listen.")
    record = aurelia.reason(clip_path, "q?", summarizer_prompt=text, **everyone(model))
    assert record.context["summarizer_prompt"] == text
    used = next(c.prompt for c in record.iterations[0].calls if c.role == "summarizer")
    template = record.templates[used.partition("@")[2]]
    assert (template.text, template.source) == (text, "override summarizer")
    saved = aurelia.save_run(record, tmp_path / "run")
    assert aurelia.load_run(saved).context["summarizer_prompt"] == text


def test_a_wrong_text_is_found_before_anything_is_asked(clip_path: str, tmp_path: Path) -> None:
    model = script(tmp_path, [])  # would fail as soon as it was asked
    with pytest.raises(InputError, match="front matter"):
        aurelia.reason(clip_path, "q?", feedback_prompt="Try again.", **everyone(model))


def test_an_edit_that_no_model_reads_comes_with_a_word(clip_path: str, tmp_path: Path) -> None:
    model = script(tmp_path, [caption("A tone."), verdict(9)])
    mixed = {**everyone(model), "actor": "offline:perception"}
    shipped = load_prompts("default").get("generator").text
    edited = shipped.replace("## user", "Mind the corners.\n\n## user")
    told = aurelia.reason(clip_path, "q?", generator_prompt=edited, **mixed).warnings
    assert any("actor measure" in line and "generator change nothing" in line for line in told)
    same: dict[str, Any] = {
        "generator_prompt": shipped,
        "summarizer_prompt": _text("Read by a model."),
    }
    assert aurelia.reason(clip_path, "q?", **same, **mixed).warnings == []
