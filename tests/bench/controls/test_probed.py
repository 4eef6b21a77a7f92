"""Probes on the wire: another sound or another picture, and everything else as it was."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.bench.probes.clips import drawn
from aurelia.media.altered import PROBES, alter
from aurelia.media.open import open_clip
from aurelia.models.adapters.check import sent_form, video_mime
from aurelia.models.registry import resolve_model
from tests.bench.controls.lab import Lab, about
from tests.clips import make_clip, wav
from tests.models.wire.exchange import Received
from tests.models.wire.server import KEY

LACK = {"muted": {"silent"}, "other_audio": {"silent", "short"}, "shifted": {"silent"}}
LACK |= {"frozen": {"dark"}}


def media(lab_of: Lab, request: Received) -> tuple[list[str], list[str], str]:
    """Hashes of sounds, of pictures, and the text without times of frames."""
    return (
        [part.sha256 for part in lab_of.parts(request, "audio")],
        [part.sha256 for part in lab_of.parts(request, "image")],
        lab_of.text(request),
    )


@pytest.mark.parametrize("probe", PROBES)
def test_a_probe_sends_what_it_says(probe: str, lab_of: Lab) -> None:
    replies, plain = lab_of.ask(probe)
    own = {
        about(call): media(lab_of, call)
        for call in lab_of.server.calls
        if call.body["model"] == "target"
        and call not in plain
        and "r_star-" not in call.raw.decode()
    }
    lacking = {name for name, reply in replies.items() if reply.status == "missing"}
    assert lacking == LACK[probe]
    assert {about(call) for call in plain} == set(lab_of.samples) - lacking
    for call in plain:
        sounds, pictures, _ = media(lab_of, call)
        before = own[about(call)]
        if probe == "frozen":
            assert len(sounds) == len(before[0])
            assert pictures
            assert set(pictures).isdisjoint(before[1])
        else:
            assert len(sounds) == 1
            assert sounds != before[0]
        assert replies[about(call)].clip == probe
        assert replies[about(call)].why  # what exactly was done
    helped, told = lab_of.ask(f"{probe}_r_star")
    assert helped["third"].stands_for == probe
    assert {about(call) for call in told} == set(lab_of.samples) - lacking - {"third"}
    plain_by = {about(call): media(lab_of, call) for call in plain}
    for call in told:
        sounds, pictures, text = media(lab_of, call)
        assert (sounds, pictures) == plain_by[about(call)][:2]
        assert "r_star-" in text
        injected = lab_of.replies("distilled")[about(call)].injected
        assert injected
        assert injected.text in text


def test_the_other_sound_is_that_of_a_clip_with_another_answer(lab_of: Lab) -> None:
    replies, _ = lab_of.ask("other_audio")
    samples = lab_of.samples
    for name, reply in replies.items():
        if reply.status != "missing":
            donor = reply.why.removeprefix("the sound of ")
            assert samples[donor].ground_truth != samples[name].ground_truth
            assert donor != "silent"


def test_the_shift_is_recorded(lab_of: Lab) -> None:
    replies, _ = lab_of.ask("shifted")
    assert replies["first"].why.startswith("the sound ")
    assert "later, going round (as measured orders turn)" in replies["first"].why


@pytest.mark.parametrize("beside", [False, True])
def test_a_target_that_takes_video_files_is_sent_a_probe_in_the_same_form(
    tmp_path: Path, beside: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_API_KEY", KEY)
    model = resolve_model("google_genai:gemini-2.5-pro")
    path = make_clip(tmp_path / "clip.mp4", 2.0, moves=[(0.5, 1.0)], sounds=[(1.2, 1.6)])
    donor = open_clip(make_clip(tmp_path / "donor.mp4", 1.0, sounds=[(0.2, 0.4)]))
    clip = open_clip(path, audio=wav(tmp_path) if beside else None)
    for probe in PROBES:
        made = alter(clip, probe, donor=donor if probe == "other_audio" else None).clip
        assert sent_form(model, made) == sent_form(model, clip)
        assert video_mime(made) == video_mime(clip) == "video/mp4"
    assert ("frames" in sent_form(model, clip)) is beside  # the file's own sound would be heard


@given(
    items=st.lists(st.integers(), unique=True, max_size=30),
    seed=st.integers(0, 9),
    purpose=st.text(max_size=5),
)
def test_what_is_drawn_follows_from_seed_and_purpose(
    items: list[int], seed: int, purpose: str
) -> None:
    order = drawn(items, seed, purpose, "s1")
    assert sorted(order) == sorted(items)
    assert order == drawn(items, seed, purpose, "s1")
    many = list(range(20))
    assert drawn(many, seed, purpose, "s1") != drawn(many, seed + 1, purpose, "s1")
    assert drawn(many, seed, purpose, "s1") != drawn(many, seed, purpose, "s2")
