"""Where media may come from, and that they arrive byte for byte and leave nothing behind."""

import hashlib
import os
import random
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.models.worker.running import ECHO, Running, data_url, medium

CONTENT = random.Random(3).randbytes(70_001)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A media root with a clip in it, a secret beside it, and ways that lead there."""
    place = tmp_path_factory.mktemp("place")
    root = place / "media"
    (root / "deep er").mkdir(parents=True)
    (root / "deep er" / "clip #1.MP4").write_bytes(CONTENT)
    (root / "empty.mp4").touch()
    (root / "inner.mp4").symlink_to(root / "deep er" / "clip #1.MP4")
    (place / "secret.mp4").write_bytes(b"secret")
    (place / "media-too").mkdir()
    (place / "media-too" / "clip.mp4").write_bytes(b"secret")
    (root / "out.mp4").symlink_to(place / "secret.mp4")
    (root / "outside").symlink_to(place)
    (root / "loop").symlink_to(root / "loop")
    os.mkfifo(root / "pipe.mp4")
    (root / "device.mp4").symlink_to("/dev/zero")
    return place


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="module")
def worker(place: Path, temporary: Path) -> Iterator[Running]:
    given = ("--media-root", str(place / "media"), "--max-body-mb", "0.5")
    with Running(ECHO, *given, env={"TMPDIR": str(temporary)}) as worker:
        yield worker


@pytest.mark.parametrize(
    ("mime", "begin", "ending"),
    [
        ("video/mp4", b"\0\0\0\x18ftypisom", ".mp4"),
        ("video/mp4", b"\x1a\x45\xdf\xa3", ".webm"),  # what it is, not what it is called
        ("video/quicktime", b"anything", ".quicktime"),
        ("VIDEO/MP4", b"anything", ".mp4"),
        ("application/octet-stream", b"\0\0\0\x18ftypisom", ".mp4"),
        ("application/octet-stream", b"anything", ""),
        ("video/../../x", b"anything", ".x"),
    ],
)
def test_data_arrive_as_they_were_sent(
    worker: Running, mime: str, begin: bytes, ending: str
) -> None:
    content = begin + CONTENT
    told = worker.ask("hi", medium("video", data_url(content, mime)))
    assert told.given["video"] == [hashlib.sha256(content).hexdigest(), ending]


def test_input_audio_arrives_with_its_ending(worker: Running) -> None:
    data = data_url(CONTENT, "").partition(",")[2]
    parts = [
        {"type": "input_audio", "input_audio": {"data": data, "format": form}}
        for form in ("wav", "mp3")
    ]
    assert worker.ask("hi", *parts).given["audios"] == [[SHA256, ".wav"], [SHA256, ".mp3"]]


def test_files_below_the_root_arrive_whole(worker: Running, place: Path) -> None:
    clip = place / "media" / "deep er" / "clip #1.MP4"
    urls = [
        f"file://{quote(str(clip))}",
        f"file://localhost{quote(str(clip))}",
        f"FILE://{quote(str(clip))}",
        str(clip),
        str(place / "media" / "inner.mp4"),
        str(place / "media" / "." / "deep er" / "clip #1.MP4"),
    ]
    for url in urls:
        assert worker.ask("hi", medium("video", url)).given["video"] == [SHA256, ".mp4"], url


@pytest.mark.parametrize(
    ("name", "status", "says"),
    [
        ("out.mp4", 403, "this one is elsewhere"),
        ("outside/secret.mp4", 403, "this one is elsewhere"),
        ("../secret.mp4", 400, "has no '..'"),
        ("%2e%2e/secret.mp4", 400, "has no '..'"),
        ("deep er/../../secret.mp4", 400, "has no '..'"),
        ("../media-too/clip.mp4", 400, "has no '..'"),
        ("pipe.mp4", 400, "no ordinary file"),
        ("device.mp4", 403, "this one is elsewhere"),
        ("deep er", 400, "no ordinary file"),
        ("missing.mp4", 400, "No such file"),
        ("empty.mp4/x", 400, "can't be opened"),
        ("loop", 400, "file"),
        ("empty.mp4", 400, "is empty"),
        ("a%00b", 400, "null character"),
        ("empty.mp4?x", 400, "has no ?"),
        ("x" * 5000, 400, "can't be opened"),
    ],
)
def test_ways_out_of_the_root_are_closed(
    worker: Running, place: Path, name: str, status: int, says: str
) -> None:
    told = worker.ask("hi", medium("video", f"file://{place}/media/{name}"))
    assert (told.status, says in told.error) == (status, True), told.error
    assert b"secret" not in told.body


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/clip.mp4",
        "https://example.org/clip.mp4",
        "file://elsewhere/clip.mp4",
        "file:clip.mp4",
        "clip.mp4",
        "~/clip.mp4",
        "",
    ],
)
def test_nothing_is_fetched(worker: Running, url: str) -> None:
    told = worker.ask("hi", medium("video", url))
    assert told.status == 400
    assert "fetches nothing from the network" in told.error


@pytest.mark.parametrize("name", ["secret.mp4", "media-too/clip.mp4"])
def test_a_neighbour_of_the_root_is_outside(worker: Running, place: Path, name: str) -> None:
    assert worker.ask("hi", medium("video", str(place / name))).status == 403


def test_without_a_root_there_are_no_files(place: Path) -> None:
    with Running(ECHO) as worker:
        told = worker.ask("hi", medium("video", str(place / "media" / "inner.mp4")))
    assert (told.status, "there is none" in told.error) == (403, True)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("data:video/mp4,abc", "is not data:video/...;base64"),
        ("data:video/mp4;base64", "is not data:video/...;base64"),
        ("data:audio/wav;base64,AAAA", "of type 'audio/wav'"),
        ("data:;base64,AAAA", "of type ''"),
        ("data:video/mp4;base64,AA A", "no base64"),
        ("data:video/mp4;base64,A", "no base64"),
        ("data:video/mp4;base64,AA*AA", "no base64"),
        ("data:video/mp4;base64,ä", "no base64"),
        ("data:video/mp4;base64,", "is empty"),
    ],
)
def test_data_that_are_none_are_refused(worker: Running, url: str, says: str) -> None:
    told = worker.ask("hi", medium("video", url))
    assert (told.status, says in told.error) == (400, True), told.error


def test_a_file_that_is_too_large_is_refused(worker: Running, place: Path) -> None:
    large = place / "media" / "large.mp4"
    large.write_bytes(bytes(600_000))
    told = worker.ask("hi", medium("video", str(large)))
    assert (told.status, "--max-body-mb: 600000 bytes" in told.error) == (400, True)


def test_nothing_of_a_question_stays_behind(worker: Running, temporary: Path) -> None:
    good = medium("audio", data_url(CONTENT, "audio/wav"))
    for text in ("hi", "!break", "!exit", "!refuse"):
        worker.ask(text, good)
    worker.ask("hi", good, medium("video", "nowhere"))
    (folder,) = temporary.iterdir()
    assert list(folder.iterdir()) == []
    assert folder.stat().st_mode & 0o077 == 0  # nobody else looks into what is being asked


def test_stopped_it_leaves_nothing(tmp_path: Path) -> None:
    with Running(ECHO, env={"TMPDIR": str(tmp_path)}):
        assert list(tmp_path.iterdir())
    assert list(tmp_path.iterdir()) == []
