"""On-screen text: read line by line and shot by shot, cleaned, and nothing where none stands."""

import importlib.util
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.errors import MissingExtra
from aurelia.media.labels import text_engine
from aurelia.media.labels.seen_types import TextSeen
from aurelia.media.labels.text import text_shown
from aurelia.media.labels.text_again import text_shown_again
from aurelia.media.labels.text_engine import cleaned, read_lines
from aurelia.media.labels.text_frames import MOST_SHOTS
from aurelia.media.open import open_clip
from aurelia.types.clip import Clip
from tests.media.labels.pictures import (
    ROUGH,
    STEADY,
    Camera,
    dancer,
    filmed,
    in_turn,
    real_footage,
    sign,
)

Method = Callable[[Clip, Sequence[float]], tuple[TextSeen, ...]]
_METHODS: tuple[Method, ...] = (text_shown, text_shown_again)

reads = pytest.mark.skipif(
    importlib.util.find_spec("rapidocr") is None, reason="needs the ocr extra"
)


@reads
@pytest.mark.parametrize("camera", [STEADY, ROUGH], ids=["steady", "rough"])
def test_signs_shot_by_shot(tmp_path: Path, camera: Camera) -> None:
    texts = ["BEST DAY EVER", "Nairobi", "I FAILED MY EXAM"]
    shots = [(0.8, sign(k + 10, text)) for k, text in enumerate(texts)]
    clip = filmed(tmp_path / "clip.mp4", in_turn(*shots, (0.8, dancer(1, 90))), 3.2, camera)
    for method in _METHODS:
        found = method(clip, [0.8, 1.6, 2.4])
        assert [f.text.lower() for f in found] == [t.lower() for t in texts]
        assert [f.start_s for f in found] == pytest.approx([0.0, 0.8, 1.6])
        assert all(0.6 <= f.confidence <= 1 for f in found)


@reads
def test_lines_stand_from_top_to_bottom_with_their_words_together(tmp_path: Path) -> None:
    clip = filmed(tmp_path / "clip.mp4", sign(3, "WHEN THE BUS", "IS LATE", panel=True), 0.6)
    for method in _METHODS:
        assert [f.text for f in method(clip, ())] == ["WHEN THE BUS", "IS LATE"]


@reads
def test_shots_beyond_the_twelfth_are_not_read(tmp_path: Path) -> None:
    still = dancer(1, 90)(0.0)
    shots = [(0.2, lambda time: still)] * MOST_SHOTS + [(0.4, sign(1, "TOO LATE"))]
    clip = filmed(tmp_path / "clip.mp4", in_turn(*shots), 0.2 * MOST_SHOTS + 0.4)
    cuts = [0.2 * (k + 1) for k in range(MOST_SHOTS)]
    assert text_shown(clip, cuts) == ()
    assert [f.text for f in text_shown(clip, cuts[-1:])] == ["TOO LATE"]


@reads
def test_threads_share_one_reader_that_keeps_quiet(caplog: Any, capfd: Any) -> None:
    pictures = [sign(k, "GOOD MORNING", panel=True)(0.0) for k in range(3)]
    blank = np.full_like(pictures[0], 128)
    with caplog.at_level(logging.DEBUG), ThreadPoolExecutor(4) as pool:
        found = list(pool.map(read_lines, [*pictures, blank]))
    assert [[line.text for line in lines] for lines in found] == [["GOOD MORNING"]] * 3 + [[]]
    assert text_engine._engine.cache_info().currsize == 1
    assert capfd.readouterr() == ("", "")
    assert not caplog.records


@reads
@pytest.mark.parametrize("path", real_footage(), ids=lambda path: path.stem)
def test_real_footage_holds_no_text(path: Path) -> None:
    for method in _METHODS:
        assert method(open_clip(path), [1.0, 2.0, 3.0]) == ()


def test_a_missing_extra_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_engine, "find_spec", lambda name: None)
    text_engine._engine.cache_clear()
    with pytest.raises(MissingExtra, match=r"pip install 'aurelia\[ocr\]'"):
        read_lines(sign(0, "HELLO")(0.0))


def test_without_letters_the_extra_is_not_needed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(text_engine, "find_spec", lambda name: None)
    text_engine._engine.cache_clear()
    grey = np.full((240, 320, 3), 120, np.uint8)
    clip = filmed(tmp_path / "clip.mp4", lambda time: grey, 0.4)
    assert text_shown(clip, ()) == ()


@given(st.text(max_size=200))
def test_text_from_a_picture_is_one_harmless_line(text: str) -> None:
    tidy = cleaned(text)
    assert len(tidy) <= 80
    assert all(c.isalnum() or c in " .,!?'&:-" for c in tidy)
    assert tidy == tidy.strip()
    assert cleaned(tidy) == tidy


def test_quotes_and_markup_are_dropped() -> None:
    assert cleaned('Say "hi" to <b>Ann</b>\n& Bob\'s friend') == "Say hi to b Ann b & Bob's friend"
