"""Whole runs on the server: one upload for all roles, and refusals before anything is paid."""

import json
from pathlib import Path
from typing import Any

import pytest

import aurelia
from aurelia.graph.context import Context
from aurelia.nodes.turn import delivery_for
from tests.clips import audio_only, wav
from tests.models.asking import Shown
from tests.models.sending import serving
from tests.models.wire.exchange import Received
from tests.models.wire.script import Say, say
from tests.models.wire.server import Wire

pytestmark = pytest.mark.usefixtures("ledger_path")

GEMINI = "google_genai:gemini-2.5-pro"
STEPS = {
    "steps": [{"text": "Listen for the tone.", "modality": "audio", "start_s": 0, "end_s": 1}],
    "findings": "A tone.",
    "answer": "the tone",
}
CAPTION = {"sentences": [{"text": "A tone sounds.", "steps": [1]}]}
VERDICT = {
    "score": 4,
    "claims": [{"text": "A tone sounds.", "modality": "audio", "status": "supported"}],
}


def _in_role(request: Received) -> Say:
    """What each role would say, told by its prompt."""
    told = json.dumps(request.body)
    if "You check a caption" in told:
        return say(json.dumps(VERDICT))
    return say(json.dumps(STEPS if "how a question about it can be answered" in told else CAPTION))


def _with_media(wire: Wire) -> list[Received]:
    return [c for c in wire.calls if {p.kind for p in wire.media(c)} - {"text"}]


def test_five_passes_of_two_roles_upload_the_clip_once(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch, _in_role) as wire:
        run = aurelia.reason(
            shown.clip.path, "What sounds?", actor=GEMINI, summarizer=GEMINI, critic=GEMINI
        )
        assert len(run.iterations) == 5
        assert all(i.score is not None for i in run.iterations)
        assert (len(wire.calls), len(_with_media(wire)), wire.uploads) == (15, 10, 1)
        assert wire.sent < shown.clip.size_bytes + sum(c.size for c in wire.calls) + 1000
        assert max(call.size for call in wire.calls) < 10_000  # no media but by reference


def test_a_critic_that_hears_has_checked_the_sound(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch, _in_role) as wire:
        heard = aurelia.critique(shown.clip.path, "A tone sounds.", critic=GEMINI)
        unheard = aurelia.critique(shown.clip.path, "A tone sounds.", critic=wire.model)
    assert _statuses(heard) == ["supported"]
    assert _statuses(unheard) == ["unverifiable"]


def _statuses(verdict: Any) -> list[str]:
    return [claim.status for claim in verdict.claims]


@pytest.mark.parametrize("role", ["actor", "critic", "target", "panel"])
def test_whoever_can_not_hear_the_candidates_is_named_before_anything_is_paid(
    shown: Shown, role: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = aurelia.open_clip(shown.clip.path, candidates={"A": wav(tmp_path)})
    with serving(monkeypatch, _in_role) as wire:
        roles: dict[str, Any] = {"actor": GEMINI, "critic": GEMINI, "summarizer": GEMINI}
        chosen: dict[str, Any] = {role: [wire.model] if role == "panel" else wire.model}
        with pytest.raises(aurelia.ConfigurationError, match="set audio=input_audio if it does"):
            aurelia.reason(clip, "Which fits?", **{**roles, **chosen})
        assert not wire.requests


def test_a_clip_of_sound_alone_can_be_told_in_measured_sentences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = audio_only(tmp_path)
    with serving(monkeypatch, _in_role) as wire:
        roles: dict[str, Any] = {
            "actor": wire.model,
            "critic": wire.model,
            "summarizer": wire.model,
        }
        with pytest.raises(aurelia.ConfigurationError, match="this clip has no picture"):
            aurelia.reason(clip, "What sounds?", **roles)
        assert not wire.requests
        run = aurelia.reason(
            clip, "What sounds?", evidence="missing_modalities", max_iterations=1, **roles
        )
        assert run.iterations[0].reasoning
        assert not _with_media(wire)
        said = f"The actor {wire.model} is sent text; it "
        assert any(warning.startswith(said) for warning in run.warnings)


def test_a_text_model_needs_measured_sentences_too(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = "openai:gpt-3.5-turbo"
    roles: dict[str, Any] = {"actor": model, "critic": model, "summarizer": model}
    with serving(monkeypatch, _in_role) as wire:
        with pytest.raises(aurelia.ConfigurationError, match="no picture and no sound"):
            aurelia.reason(shown.clip.path, "What sounds?", **roles)
        run = aurelia.reason(
            shown.clip.path, "What sounds?", evidence="always", max_iterations=1, **roles
        )
        assert run.iterations[0].reasoning
        assert not _with_media(wire)


def test_how_often_a_clip_will_be_used_is_counted_by_provider() -> None:
    context = Context(
        actor=GEMINI,
        critic="grounded:google_genai:gemini-2.5-flash",
        panel=["openai:gpt-4o"],
        target="openai:gpt-4o",
        max_iterations=3,
        video_fps=2,
        context_cache=True,
    )
    gemini = delivery_for(GEMINI, context)
    assert (gemini.uses, gemini.video_fps, gemini.context_cache) == (6, 2, True)
    assert delivery_for("openai:gpt-4o", context).uses == 5
    assert delivery_for("offline:perception", context).uses == 1
    alone = Context(actor=GEMINI, critic=GEMINI, max_iterations=1)
    assert delivery_for(GEMINI, alone).uses == 2
