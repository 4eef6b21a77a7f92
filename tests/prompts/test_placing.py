"""r* at another place: the block is moved, and the pair still differs by it alone."""

from dataclasses import replace
from typing import get_args

import pytest

from aurelia.configuration.text_rules import Place
from aurelia.errors import PromptError
from aurelia.prompts.check import EXAMPLES, check_prompts
from aurelia.prompts.loader import PARTIAL, SETS, load_prompts
from aurelia.prompts.pair import r_star_block
from aurelia.prompts.placing import placed
from aurelia.prompts.template import MediaPart, Template

PLACES: tuple[Place, ...] = get_args(Place)
EVERY = (*SETS, *PARTIAL)


def _pair(source: str) -> tuple[Template, Template]:
    prompts = load_prompts(source)
    return prompts.get("target_zero_shot"), prompts.get("target_distilled")


def _texts(template: Template) -> dict[str, str]:
    return {message.role: message.text for message in template.render(EXAMPLES)}


@pytest.mark.parametrize("source", EVERY)
@pytest.mark.parametrize("place", PLACES)
def test_the_pair_differs_by_the_block_alone(source: str, place: Place) -> None:
    pair = placed(*_pair(source), place)
    block = r_star_block(pair.zero_shot, pair.distilled, EXAMPLES)
    assert EXAMPLES["r_star"] in block
    as_written = r_star_block(*_pair(source), EXAMPLES)
    assert block.removeprefix("\0system\0\n").strip("\0").strip() == as_written


@pytest.mark.parametrize("source", EVERY)
def test_each_place_is_where_it_says(source: str) -> None:
    zero_shot, distilled = _pair(source)
    steps, question = EXAMPLES["r_star"], EXAMPLES["question"]
    for place in PLACES:
        texts = _texts(placed(zero_shot, distilled, place).distilled)
        if place == "system":
            assert steps in texts["system"]
            assert steps not in texts["user"]
            continue
        assert steps not in texts.get("system", "")
        before = texts["user"].index(steps) < texts["user"].index(question)
        assert before == (place == "before_question")
        if place == "merged":
            assert set(texts) == {"user"}
            system = _texts(distilled).get("system", "")
            assert system in texts["user"]


@pytest.mark.parametrize("source", EVERY)
def test_the_shipped_sets_have_it_after_the_question(source: str) -> None:
    pair = _pair(source)
    written = placed(*pair, "as_written")
    assert (written.zero_shot, written.distilled) == pair
    assert placed(*pair, "after_question") == written


@pytest.mark.parametrize("place", PLACES)
def test_the_clip_is_shown_once_and_first(place: Place) -> None:
    for template in placed(*_pair("default"), place).get(distilled=True).render(EXAMPLES):
        if template.role == "user":
            assert [isinstance(part, MediaPart) for part in template.parts] == [True, False]


@pytest.mark.parametrize("place", ["system", "before_question", "merged"])
def test_a_placed_prompt_has_an_identity_of_its_own_and_comes_back_by_its_text(
    place: Place,
) -> None:
    zero_shot, distilled = _pair("default")
    moved = placed(zero_shot, distilled, place).distilled
    assert moved.hash != distilled.hash
    again = load_prompts("default", {"target_distilled": moved.text}).get("target_distilled")
    assert again.hash == moved.hash


def test_a_set_of_ones_own_is_placed_as_well(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("mine")
    front = '---\nrole: target\nversion: "1"\nrequired: [{}]\noutput: text\n---\n## user\n'
    (folder / "target_zero_shot.md").write_text(
        front.format("question") + "{{media}}\nQ: {{ question }}\n"
    )
    (folder / "target_distilled.md").write_text(
        front.format("question, r_star") + "Follow: {{r_star}}\n\n{{media}}\nQ: {{ question }}\n"
    )
    assert check_prompts(folder) == []
    prompts = load_prompts(folder)
    pair = prompts.get("target_zero_shot"), prompts.get("target_distilled")
    moved = placed(*pair, "after_question").distilled
    assert moved.render(EXAMPLES)[0].text.index("Q:") < moved.render(EXAMPLES)[0].text.index("Fo")


def test_what_can_not_be_moved_is_said() -> None:
    zero_shot, distilled = _pair("default")
    text = distilled.text.replace("Think briefly", "Think long")
    other = load_prompts("default", {"target_distilled": text}).get("target_distilled")
    with pytest.raises(PromptError, match="differ by more than one inserted block"):
        placed(zero_shot, other, "system")
    assert placed(zero_shot, other, "as_written").distilled == other


def test_a_question_in_the_system_message_can_not_have_r_star_beside_it() -> None:
    front = '---\nrole: target\nversion: "1"\nrequired: [{}]\noutput: text\n---\n'
    body = "## system\n{{question}}\n## user\n{{media}}\n\nAnswer.\n"
    overrides = {
        "target_zero_shot": front.format("question") + body,
        "target_distilled": front.format("question, r_star") + f"{body}\n{{{{r_star}}}}\n",
    }
    prompts = load_prompts("default", overrides)
    pair = prompts.get("target_zero_shot"), prompts.get("target_distilled")
    with pytest.raises(PromptError, match="in its system message"):
        placed(*pair, "before_question")


def test_values_without_tags_are_for_targets_alone() -> None:
    brief = load_prompts("brief").get("target_distilled")
    text = brief.render({"question": "What?", "r_star": "1. Look.", "options": "A. x\nB. y"})[
        0
    ].text
    assert text == "Question: What?\nA. x\nB. y\n\nHints:\n1. Look.\n\nAnswer:"
    generator = load_prompts("default").get("generator").text
    bare = generator.replace("output: reasoning", "output: reasoning\nvalues: bare")
    with pytest.raises(PromptError, match="only a target"):
        load_prompts("default", {"generator": bare})
    wrong = brief.text.replace("values: bare", "values: naked")
    with pytest.raises(PromptError, match="`values` must be tagged or bare"):
        load_prompts("brief", {"target_distilled": wrong})


def test_a_bare_value_is_never_expanded_again() -> None:
    brief = load_prompts("brief").get("target_distilled")
    text = brief.render({"question": "{{r_star}}", "r_star": "1. Look."})[0].text
    assert text.startswith("Question: {{r_star}}\n")


def test_a_pair_that_can_not_be_placed_is_a_problem_of_the_set(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("mine")
    front = '---\nrole: target\nversion: "1"\nrequired: [{}]\noutput: text\n---\n'
    body = "## system\n{{question}}\n## user\n{{media}}\n\nAnswer.\n"
    (folder / "target_zero_shot.md").write_text(front.format("question") + body)
    (folder / "target_distilled.md").write_text(
        front.format("question, r_star") + f"{body}\n{{{{r_star}}}}\n"
    )
    (problem,) = check_prompts(folder)
    assert "placed for a target as `before_question`" in problem.message


def test_templates_are_found_placed_only_once() -> None:
    pair = _pair("default")
    assert placed(*pair, "system") is placed(*pair, "system")
    assert placed(replace(pair[0]), pair[1], "system") is placed(*pair, "system")
