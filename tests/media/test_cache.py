"""The media cache: keyed by content, whole or absent, bounded, shared by processes."""

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from aurelia.errors import MediaError
from aurelia.media.cache import Cache, entry_key
from aurelia.media.open import open_clip
from aurelia.media.prepare import prepare_media
from tests import clips as make

_CHILD = """
import json, sys
from pathlib import Path
from aurelia.media.open import open_clip
from aurelia.media.prepare import prepare_media

media = prepare_media(open_clip(sys.argv[1]), 4, cache_dir=Path(sys.argv[2]))
sizes = [len(frame.jpeg) for frame in media.frames]
print(json.dumps([media.manifest(), sizes, media.wav.stat().st_size]))
"""


def _fill(text: str, size: int = 1000) -> object:
    def build(place: Path) -> None:
        (place / "data").write_text(text.ljust(size))

    return build


def _entries(cache: Path) -> list[Path]:
    return sorted((cache / "media").glob("??/*"))


def test_content_not_name_is_the_key(clips: Path, tmp_path: Path, cache: Path) -> None:
    original = make.ordinary(clips)
    copy = shutil.copy(original, tmp_path / "renamed.bin")
    first = prepare_media(open_clip(original), 4, cache_dir=cache)
    second = prepare_media(open_clip(copy), 4, cache_dir=cache)
    assert first.key == second.key
    assert len(_entries(cache)) == 1
    other = prepare_media(open_clip(original, start_s=1.0), 4, cache_dir=cache)
    fewer = prepare_media(open_clip(original), 3, cache_dir=cache)
    assert len({first.key, other.key, fewer.key}) == 3


def test_a_hit_reads_what_was_built(
    clips: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = open_clip(make.ordinary(clips))
    first = prepare_media(clip, 4, cache_dir=cache)

    def refuse(*args: object) -> None:
        raise AssertionError("built again")

    monkeypatch.setattr("aurelia.media.prepare.build_entry", refuse)
    second = prepare_media(clip, 4, cache_dir=cache)
    assert second.manifest() == first.manifest()
    assert [f.path for f in second.frames] == [f.path for f in first.frames]


@pytest.mark.parametrize("harm", ["cut", "change", "remove", "no index", "bad index"])
def test_a_damaged_entry_is_built_again(clips: Path, cache: Path, harm: str) -> None:
    clip = open_clip(make.ordinary(clips))
    first = prepare_media(clip, 4, cache_dir=cache)
    whole = [f.jpeg for f in first.frames]
    entry, file = _entries(cache)[0], first.frames[0].path
    if harm == "cut":
        file.write_bytes(whole[0][:100])
    elif harm == "change":
        file.write_bytes(b"x" * len(whole[0]))
    elif harm == "remove":
        file.unlink()
    elif harm == "no index":
        (entry / "entry.json").unlink()
    else:
        (entry / "entry.json").write_text("{half")
    again = prepare_media(clip, 4, cache_dir=cache)
    assert [f.jpeg for f in again.frames] == whole


def test_several_processes_fill_it_at_once(clips: Path, cache: Path) -> None:
    path = make.ordinary(clips)
    command = [sys.executable, "-c", _CHILD, str(path), str(cache)]
    children = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    replies = []
    for child in children:
        out, err = child.communicate(timeout=120)
        assert child.returncode == 0, err
        replies.append(json.loads(out))
    assert all(reply == replies[0] for reply in replies)
    assert len(_entries(cache)) == 1
    assert not list((cache / "media").glob(".build-*"))


def test_the_longest_unused_entry_goes_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path, max_bytes=2500)
    keys = [entry_key(i) for i in range(3)]
    for key in keys[:2]:
        _, lease = cache.get(key, _fill(key))  # type: ignore[arg-type]
        lease.release()
    _, lease = cache.get(keys[0], _fill(keys[0]))  # type: ignore[arg-type]
    lease.release()
    cache.get(keys[2], _fill(keys[2]))  # type: ignore[arg-type]
    left = {p.name for p in tmp_path.glob("??/*")}
    assert left == {keys[0], keys[2]}


def test_an_entry_in_use_stays(clips: Path, cache: Path) -> None:
    held = prepare_media(open_clip(make.ordinary(clips)), 4, cache_dir=cache, cache_max_bytes=1)
    other = prepare_media(open_clip(make.no_audio(clips)), 4, cache_dir=cache, cache_max_bytes=1)
    assert held.frames[0].jpeg
    assert other.frames[0].jpeg
    del held
    third = prepare_media(open_clip(make.one_frame(clips)), 4, cache_dir=cache, cache_max_bytes=1)
    assert other.frames[0].jpeg
    assert third.frames[0].jpeg
    assert len(_entries(cache)) == 2


def test_a_failed_build_leaves_nothing(tmp_path: Path) -> None:
    def fail(place: Path) -> None:
        (place / "half").write_text("x")
        raise MediaError("no")

    cache = Cache(tmp_path, max_bytes=10**6)
    with pytest.raises(MediaError):
        cache.get(entry_key("x"), fail)
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".build")] == []
    place, _ = cache.get(entry_key("x"), _fill("good"))  # type: ignore[arg-type]
    assert (place / "data").read_text().startswith("good")


def test_threads_of_one_process_share_it(tmp_path: Path) -> None:
    cache = Cache(tmp_path, max_bytes=1500)

    def use(number: int) -> str:
        key = entry_key(number % 3)
        place, lease = cache.get(key, _fill(key))  # type: ignore[arg-type]
        text = (place / "data").read_text().strip()
        lease.release()
        return text

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(use, range(60)))
    assert found == [entry_key(i % 3) for i in range(60)]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(MediaError, match="AURELIA_CACHE_DIR"):
        Cache(blocked / "media", max_bytes=1).get(entry_key("x"), _fill("x"))  # type: ignore[arg-type]
