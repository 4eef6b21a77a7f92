"""Which files a client of a server can have read, and that nothing else is looked at."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from aurelia.errors import MediaError
from aurelia.media.open import open_clip
from aurelia.media.roots import Reach, admit, open_binary, within
from tests import clips as make


@pytest.fixture
def root(tmp_path: Path, clips: Path) -> Path:
    """Clips of a server, and beside them what it must not read."""
    root = tmp_path / "root"
    (root / "films").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    film = make.one_frame(clips)
    shutil.copy(film, root / "films" / "film.mp4")
    shutil.copy(film, tmp_path / "outside" / "secret.mp4")
    (root / "to_secret.mp4").symlink_to(tmp_path / "outside" / "secret.mp4")
    (root / "to_absent.mp4").symlink_to(tmp_path / "outside" / "absent.mp4")
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "up").symlink_to("..")
    (root / "inside.mp4").symlink_to("films/film.mp4")
    (root / "loop.mp4").symlink_to("loop.mp4")
    (tmp_path / "root-2").mkdir()
    shutil.copy(film, tmp_path / "root-2" / "film.mp4")
    return root


def reach(root: Path, max_bytes: int | None = None) -> Reach:
    return Reach(roots=(str(root),), max_bytes=max_bytes)


def refusal(path: object, root: Path) -> str:
    with pytest.raises(MediaError) as caught:
        admit(path, "clip", reach(root))
    message = str(caught.value)
    assert message.endswith(".")
    assert "\n" not in message
    return message


def test_what_is_below_a_root_is_read(root: Path) -> None:
    film = str(root / "films" / "film.mp4")
    for named in (
        film,
        "films/film.mp4",
        "./films//film.mp4",
        "inside.mp4",
        str(root / "inside.mp4"),
    ):
        real = admit(named, "clip", reach(root))
        assert real == os.path.realpath(film)
        with within(reach(root)):
            assert open_clip(real).has_video


def test_a_relative_path_is_looked_for_below_each_root(root: Path, tmp_path: Path) -> None:
    both = Reach(roots=(str(root), str(tmp_path / "root-2")))
    assert admit("film.mp4", "clip", both) == os.path.realpath(tmp_path / "root-2" / "film.mp4")
    assert admit("films/film.mp4", "clip", both).startswith(os.path.realpath(root))


def test_a_root_may_itself_be_a_link(root: Path, tmp_path: Path) -> None:
    (tmp_path / "linked").symlink_to(root)
    linked = Reach(roots=(str(tmp_path / "linked"),))
    real = os.path.realpath(root / "films" / "film.mp4")
    for base in (root, tmp_path / "linked"):
        assert admit(str(base / "films" / "film.mp4"), "clip", linked) == real


OUTSIDE: list[Callable[[Path], str]] = [
    lambda tmp: str(tmp / "outside" / "NAME"),
    lambda tmp: "../outside/NAME",
    lambda tmp: "films/../../outside/NAME",
    lambda tmp: str(tmp / "root" / ".." / "outside" / "NAME"),
    lambda tmp: "out/NAME",
    lambda tmp: "up/outside/NAME",
    lambda tmp: str(tmp / "root" / "out" / "NAME"),
]


@pytest.mark.parametrize("named", OUTSIDE)
def test_what_is_outside_is_refused_alike_whether_it_is_there_or_not(
    root: Path, tmp_path: Path, named: Callable[[Path], str]
) -> None:
    there = refusal(named(tmp_path).replace("NAME", "secret.mp4"), root)
    absent = refusal(named(tmp_path).replace("NAME", "absent.mp4"), root)
    assert "not below a directory" in there
    assert there.replace("secret", "absent") == absent


def test_a_link_out_says_nothing_of_where_it_leads(root: Path) -> None:
    there, absent = refusal("to_secret.mp4", root), refusal("to_absent.mp4", root)
    assert there.replace("to_secret", "to_absent") == absent
    assert "outside" not in there


@pytest.mark.parametrize("name", ["root-2/film.mp4", "root"])
def test_a_root_is_no_prefix_of_names(root: Path, tmp_path: Path, name: str) -> None:
    assert "not below" in refusal(str(tmp_path / name), root)


@pytest.mark.parametrize(
    "named",
    [
        "concat:films/film.mp4|/etc/passwd",
        "subfile,,start,0,end,10,,:/etc/passwd",
        "file:/etc/passwd",
        "file:films/film.mp4",
        "http://127.0.0.1/film.mp4",
        "https://example.org/film.mp4",
        "data:video/mp4;base64,AAAA",
        "pipe:0",
        "crypto+file:film.mp4",
        "concatf:list.txt",
        "rtsp://example.org/film",
    ],
)
def test_protocols_are_refused(root: Path, named: str) -> None:
    assert "names a protocol" in refusal(named, root)


def test_a_name_with_a_colon_is_told_from_a_protocol(root: Path) -> None:
    said = refusal("lecture:1.mp4", root)
    offered = re.search(r"a file of that name is written '(.+)'\.$", said)
    assert offered
    named = root / "lecture:1.mp4"
    (root / "films" / "film.mp4").rename(named)
    assert admit(offered[1], "clip", reach(root)) == str(named.resolve())
    assert "of that name" not in refusal("http://127.0.0.1/film.mp4", root)


@pytest.mark.parametrize(
    "named", ["", "  ", None, 5, ["film.mp4"], {"path": "film.mp4"}, b"film.mp4"]
)
def test_what_is_no_path_is_refused(root: Path, named: object) -> None:
    assert "must be a text" in refusal(named, root)


@pytest.mark.parametrize("named", ["films/film.mp4\0.txt", "films/\udcff.mp4"])
def test_what_is_no_text_is_refused(root: Path, named: str) -> None:
    assert "no valid text" in refusal(named, root)


def test_devices_pipes_and_directories_are_refused(root: Path) -> None:
    os.mkfifo(root / "pipe.mp4")
    for named in ("pipe.mp4", "films", "loop.mp4"):
        with within(reach(root)), pytest.raises(MediaError):
            open_clip(admit(named, "clip", reach(root)))
    for device in ("/dev/zero", "/dev/stdin", "/proc/self/environ"):
        assert "not below" in refusal(device, root)
    (root / "zero.mp4").symlink_to("/dev/zero")
    assert "not below" in refusal("zero.mp4", root)


def test_large_files_are_refused(root: Path) -> None:
    film = root / "films" / "film.mp4"
    size = film.stat().st_size
    assert admit("films/film.mp4", "clip", reach(root, size))
    with pytest.raises(MediaError, match="more than the"):
        admit("films/film.mp4", "clip", reach(root, size - 1))
    with within(reach(root, size - 1)), pytest.raises(MediaError, match="larger"):
        open_binary(os.path.realpath(film))


def test_the_door_holds_what_changes_after_admission(root: Path, tmp_path: Path) -> None:
    """A folder or file that becomes a link between check and use is not followed."""
    real = admit("films/film.mp4", "clip", reach(root))
    with within(reach(root)):
        open_binary(real).close()
        Path(real).unlink()
        Path(real).symlink_to(tmp_path / "outside" / "secret.mp4")
        with pytest.raises(MediaError, match="link"):
            open_binary(real)
        with pytest.raises(MediaError, match="link"):
            open_clip(real)
        Path(real).unlink()
        (root / "films").rmdir()
        shutil.copy(tmp_path / "outside" / "secret.mp4", tmp_path / "outside" / "film.mp4")
        (root / "films").symlink_to(tmp_path / "outside")
        with pytest.raises(MediaError, match="link"):
            open_binary(real)
    assert open_clip(real).has_video  # nothing holds who is no client


@pytest.mark.parametrize("named", ["../outside/secret.mp4", "films/../../outside/secret.mp4"])
def test_the_door_opens_nothing_outside(root: Path, tmp_path: Path, named: str) -> None:
    with within(reach(root)):
        for path in (tmp_path / "outside" / "secret.mp4", f"{os.path.realpath(root)}/{named}"):
            with pytest.raises(MediaError, match="outside"):
                open_binary(path)
            with pytest.raises(MediaError):
                open_clip(path)


def test_the_door_waits_for_no_pipe(root: Path) -> None:
    os.mkfifo(root / "pipe.mp4")
    with within(reach(root)), pytest.raises(MediaError, match="no regular file"):
        open_binary(f"{os.path.realpath(root)}/pipe.mp4")


def test_names_that_people_have(root: Path) -> None:
    for name in ("Screenshot 3.04\u202fPM.mp4", "žluť 音\u3000.mp4", "a:b.mp4", "..mp4", "-i.mp4"):
        shutil.copy(root / "films" / "film.mp4", root / name)
        assert admit(name, "clip", reach(root)).endswith(name)
