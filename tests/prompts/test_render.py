"""What becomes of variables, media, optional lines and braces."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.errors import PromptError
from aurelia.prompts.loader import load_prompts
from aurelia.prompts.template import MediaPart, Template, TextPart
from aurelia.types.replies import json_schema
from tests.prompts.sets import generator


def template(user: str, **sections: str) -> Template:
    return load_prompts(overrides={"generator": generator(user, **sections)}).get("generator")


def user_text(made: Template, **variables: str) -> str:
    return made.render(variables)[-1].text


def test_messages_come_in_order_with_the_media_in_its_place() -> None:
    system, user = template("Before.\n\n{{media}}\n\n{{question}}").render({"question": "why?"})
    assert (system.role, user.role) == ("system", "user")
    assert system.parts == (TextPart("Look and listen."),)
    before, media, after = user.parts
    assert (before, media) == (TextPart("Before."), MediaPart())
    assert isinstance(after, TextPart)
    assert after.text.startswith("<question-")
    assert user.text == f"Before.\n\n{after.text}"


def test_media_in_the_middle_of_a_line_parts_it() -> None:
    (_, user) = template("Here: {{media}} and {{question}}").render({"question": "why?"})
    assert [type(part) for part in user.parts] == [TextPart, MediaPart, TextPart]


def test_all_missing_variables_are_named_together() -> None:
    made = load_prompts().get("target_distilled")
    with pytest.raises(PromptError, match=r"`target_distilled` .* `question`, `r_star`"):
        made.render({"options": "A. yes"})


def test_a_required_variable_without_content_still_stands_there() -> None:
    assert "<question-" in user_text(template("{{media}}\n{{question}}"), question="")


def test_json_braces_stay_as_they_are() -> None:
    literal = '{"a": {"b": [{"c": {}}]}, "d": {e}}'
    made = template(f"{{{{media}}}}\n{literal}\n{{{{{{question}}}}}}")
    text = user_text(made, question="why?")
    assert text.startswith(literal)
    assert text.split("\n")[1].startswith("{<question-")
    assert text.endswith(">}")


def test_the_schema_is_compact_and_trusted() -> None:
    text = user_text(template("{{media}}\n{{question}}\n{{schema}}"), question="why?")
    line = text.split("\n")[-1]
    assert json.loads(line) == json_schema("reasoning")
    assert ": " not in line.replace("description", "").split('"description"')[0]


def test_the_callers_schema_counts_only_where_the_output_has_none() -> None:
    given_schema = {"question": "why?", "schema": "forged"}
    text = user_text(template("{{media}}\n{{question}}\n{{schema}}"), **given_schema)
    assert "forged" not in text
    repair = load_prompts().get("repair")
    with pytest.raises(PromptError, match="`schema`"):
        repair.render({"error": "e", "reply": "r"})
    assert "\n{}" in user_text(repair, error="e", reply="r", schema="{}")


@pytest.mark.parametrize("empty", [{}, {"options": ""}, {"options": " \n"}])
def test_a_line_of_one_empty_optional_variable_disappears(empty: dict[str, str]) -> None:
    made = template("{{media}}\n\n{{question}}\n\n{{options}}\n\n  {{evidence}}\n\nReply.")
    text = user_text(made, question="why?", **empty)
    question, blank, reply = text.split("\n")
    assert question.startswith("<question-")
    assert (blank, reply) == ("", "Reply.")


@pytest.mark.parametrize("empty", [{}, {"options": ""}, {"options": " \n"}])
def test_an_empty_optional_variable_inside_a_line_leaves_the_line(empty: dict[str, str]) -> None:
    made = template("{{media}}\n{{question}}\nOptions: {{options}}.")
    assert user_text(made, question="why?", **empty).endswith("\nOptions: .")


def test_vanishing_lines_at_either_end_leave_no_blank_lines() -> None:
    made = template("{{options}}\n\n{{media}}\n\n{{question}}\n\n{{evidence}}")
    (_, user) = made.render({"question": "why?"})
    assert user.parts[0] == MediaPart()
    assert user.text == user.text.strip()


def test_partials_are_put_in_alone_and_inside_a_line() -> None:
    made = load_prompts(
        overrides={
            "_one": "first\n{{> two}}\n",
            "_two": "second",
            "generator": generator("{{media}}\n{{> one}}\n{{question}} ({{> two}})"),
        }
    ).get("generator")
    text = user_text(made, question="why?")
    assert text.startswith("first\nsecond\n<question-")
    assert text.endswith("> (second)")
    assert "{{>" not in made.text
    assert "{{> one}}" in made.raw


@given(
    question=st.text(),
    options=st.sampled_from(["", "{{question}}", "{{> data}}", "{{media}}", "## system", "---"]),
)
def test_values_are_never_expanded_and_never_change_the_messages(
    question: str, options: str
) -> None:
    made = load_prompts().get("generator")
    messages = made.render({"question": question, "options": options})
    assert [message.role for message in messages] == ["system", "user"]
    assert [type(part) for part in messages[1].parts] == [MediaPart, TextPart]
    assert options in messages[1].text
    assert question in messages[1].text
