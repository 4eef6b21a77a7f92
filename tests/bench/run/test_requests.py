"""What goes over the wire: the two modes differ by the r* block alone, and truth never goes."""

import json
from pathlib import Path
from typing import Any

from aurelia.bench.sample import Fact, Sample
from tests.bench.run.study import STEPS, follower, make_study, run, target
from tests.models.wire.exchange import Received
from tests.models.wire.server import Wire

TRUTH = "truth-sentinel"


def texts(request: Received) -> str:
    """All text of a request."""
    return json.dumps([part for message in request.body["messages"] for part in _parts(message)])


def _parts(message: dict[str, Any]) -> list[str]:
    content = message["content"]
    return [content] if isinstance(content, str) else [p["text"] for p in content if "text" in p]


def test_the_modes_differ_by_the_block_of_steps_alone(tmp_path: Path) -> None:
    study = make_study(tmp_path, {"s0": [(9, True)]})
    with Wire(follower) as server:
        run(study.order(target(server)))
        zero, distilled = server.calls
    injected = study.replies()["distilled", "s0"].injected
    assert injected is not None
    assert STEPS in injected.text
    assert {k: v for k, v in zero.body.items() if k != "messages"} == {
        k: v for k, v in distilled.body.items() if k != "messages"
    }
    changed = 0
    for one, other in zip(zero.body["messages"], distilled.body["messages"], strict=True):
        assert one["role"] == other["role"]
        assert _media(one) == _media(other)
        before, after = "\n".join(_parts(one)), "\n".join(_parts(other))
        if before == after:
            continue
        changed += 1
        # What is left once one run of lines is taken out is the zero-shot prompt, to the letter.
        start = next(i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b)
        length = len(after) - len(before)
        assert after[:start] + after[start + length :] == before
        assert injected.text in after[start : start + length]
    assert changed == 1


def _media(message: dict[str, Any]) -> list[Any]:
    content = message["content"]
    return [] if isinstance(content, str) else [p for p in content if p["type"] != "text"]


def test_truth_facts_and_references_go_nowhere(tmp_path: Path) -> None:
    def hidden(_: Sample) -> dict[str, Any]:
        return {
            "options": None,
            "answer_type": "open",
            "ground_truth": [f"{TRUTH}-answer"],
            "reference_reasoning": [f"{TRUTH}-steps"],
            "true_facts": [Fact(kind="text.shown", modality="visual", value=f"{TRUTH}-fact")],
            "source": f"{TRUTH}-source",
            "licence": f"{TRUTH}-licence",
            "category": f"{TRUTH}-category",
        }

    study = make_study(tmp_path, {"s0": [(9, False)], "s1": [(2, False)]}, hidden)
    with Wire(follower) as server:
        run(study.order(target(server), controls="cheap"))
        assert len(server.calls) >= 3
        assert not [call for call in server.calls if TRUTH.encode() in call.raw]
        assert any("What of s0?" in texts(call) for call in server.calls)


def test_steps_are_handed_over_in_the_form_that_was_asked_for(tmp_path: Path) -> None:
    from aurelia.bench.run.settings import RunSettings

    study = make_study(tmp_path, {"s0": [(9, True)]})
    with Wire(follower) as server:
        name = target(server)
        run(study.order(name, settings=RunSettings(form="plan_and_findings")))
        with_steps = next(call for call in server.calls if STEPS.encode() in call.raw)
    assert "Findings: Something." in texts(with_steps)
    reply = study.replies()["distilled", "s0"]
    assert reply.injected is not None
    assert reply.injected.form == "plan_and_findings"
    assert reply.injected.origin is not None
    assert (reply.injected.origin.run, reply.injected.origin.iteration) == ("run-s0-default-0", 1)
    assert reply.calls[0].prompt == reply.prompt
    assert (study.out / "prompts" / f"{reply.prompt}.md").is_file()
