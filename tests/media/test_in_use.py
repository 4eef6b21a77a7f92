"""Prepared media that somebody still uses are found without a look at any file."""

import gc
from pathlib import Path

import pytest

from aurelia.media.open import open_clip
from aurelia.media.prepare import media_in_use, prepare_media
from aurelia.media.prepared import PreparedMedia
from aurelia.types.clip import Clip
from tests import clips as make


def _found(clip: Clip, frames: int = 2) -> PreparedMedia | None:
    return media_in_use(clip, frames, max_side=768, frame_rule="informative", frames_per_minute=0.0)


def test_what_is_in_use_is_found_for_its_own_plan_alone(
    clips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AURELIA_CACHE_DIR", str(tmp_path / "cache"))
    clip = open_clip(make.ordinary(clips))
    assert _found(clip) is None
    media = prepare_media(clip, 2)
    assert _found(clip) is media
    assert _found(clip, 3) is None
    monkeypatch.setenv("AURELIA_CACHE_DIR", str(tmp_path / "other"))
    assert _found(clip) is None
    monkeypatch.setenv("AURELIA_CACHE_DIR", str(tmp_path / "cache"))
    del media
    gc.collect()
    assert _found(clip) is None
