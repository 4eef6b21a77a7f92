"""What Studio is told about the graph: a form of settings, an input with examples, a picture."""

from typing import Any

import pytest
from langgraph_sdk.client import SyncLangGraphClient

from aurelia.graph.context import Context
from tests.server.conftest import Server

Schemas = dict[str, Any]


@pytest.fixture(scope="module")
def schemas(client: SyncLangGraphClient) -> Schemas:
    """The schemas of the graph, as the server gives them."""
    return dict(client.assistants.get_schemas(_plain(client)))


def _plain(client: SyncLangGraphClient) -> str:
    """The assistant that the server makes by itself: no settings of its own."""
    return str(next(a for a in _all(client) if a["name"] == "aurelia")["assistant_id"])


def _all(client: SyncLangGraphClient) -> list[Any]:
    return list(client.assistants.search(graph_id="aurelia", limit=50))


def test_every_setting_says_what_it_is_and_what_it_is_unless_set(schemas: Schemas) -> None:
    fields = schemas["context_schema"]["properties"]
    assert set(fields) == set(Context.model_fields)
    assert [name for name, field in fields.items() if not field.get("description")] == []
    assert [name for name, field in fields.items() if "default" not in field] == []
    references = [name for name, field in fields.items() if "$ref" in str(field)]
    assert references == []  # forms show nothing for them


def test_bounds_and_choices_reach_the_form(schemas: Schemas) -> None:
    fields = schemas["context_schema"]["properties"]
    assert (fields["threshold"]["minimum"], fields["threshold"]["maximum"]) == (1, 10)
    assert (fields["max_iterations"]["minimum"], fields["max_iterations"]["maximum"]) == (1, 50)
    assert fields["review"]["enum"] == ["off", "steps", "verdict", "exhausted"]
    assert fields["actor_sampling"]["type"] == "object"
    assert fields["panel"] == {**fields["panel"], "type": "array", "items": {"type": "string"}}


def test_each_prompt_is_edited_on_the_nodes_that_read_it(
    schemas: Schemas, client: SyncLangGraphClient
) -> None:
    graph: Any = client.assistants.get_graph(_plain(client), xray=True)
    nodes = {node["id"] for node in graph["nodes"]}
    fields = schemas["context_schema"]["properties"]
    prompts = {n: f for n, f in fields.items() if f.get("langgraph_type") == "prompt"}
    assert {name: field["langgraph_nodes"] for name, field in prompts.items()} == {
        "generator_prompt": ["generator"],
        "generator_revise_prompt": ["generator"],
        "summarizer_prompt": ["summarizer"],
        "evaluator_prompt": ["evaluator"],
        "feedback_prompt": ["feedback"],
        "repair_prompt": ["generator", "summarizer", "evaluator"],
        "target_zero_shot_prompt": ["distill"],
        "target_distilled_prompt": ["distill"],
    }
    assert all(field["type"] == "string" for field in prompts.values())
    assert "{{caption}}" in prompts["evaluator_prompt"]["description"]
    placed = {node for field in fields.values() for node in field.get("langgraph_nodes", ())}
    assert placed <= nodes


def test_the_input_comes_with_examples(schemas: Schemas) -> None:
    fields = schemas["input_schema"]["properties"]
    for name in ("clip", "question", "options"):
        assert fields[name]["description"]
        assert fields[name]["examples"]
    assert "ground_truth" not in fields
    assert set(schemas["output_schema"]["properties"]) == {"trajectory", "answer", "stop_reason"}


def test_the_picture_reads_as_the_loop(client: SyncLangGraphClient) -> None:
    graph: Any = client.assistants.get_graph(_plain(client))
    said = {(e["source"], e["target"]): e.get("data") for e in graph["edges"]}
    assert said["evaluator", "feedback"] == "score < τ"
    assert said["evaluator", "distill"] == "score ≥ τ or spent"
    assert said["generator", "review"] == "ask a person"
    assert ("feedback", "generator") in said


def test_the_loop_hides_no_subgraph(client: SyncLangGraphClient) -> None:
    assert client.assistants.get_subgraphs(_plain(client), recurse=True) == {}


def test_each_prompt_set_has_an_assistant_that_shows_its_texts(
    server: Server, client: SyncLangGraphClient
) -> None:
    found = {a["name"]: a["context"] for a in _all(client)}
    assert {"default prompts", "published prompts", "operators prompts"} <= set(found)
    assert found["published prompts"]["prompts"] == "published"
    assert found["default prompts"]["evaluator_prompt"].startswith("---\nrole: critic\n")
    assert "{{>" not in found["default prompts"]["generator_prompt"]
    assert str(server.directory) not in str(found)
