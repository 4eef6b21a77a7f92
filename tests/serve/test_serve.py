"""Sound and picture reach a real model, by the tokens that the server counts for them.

In Gemma 4, 40 ms of sound are a token, and a picture of this shape is 11 by 6 of them; each medium
stands between two marks. A byte of text is a token of the tiny model, so labels count as written.
"""

from pathlib import Path

import pytest

from aurelia.models.capabilities import HEARINGS
from tests.clips import make_clip, no_audio
from tests.serve.asking import FRAMES, Heard, Served, ask

pytestmark = pytest.mark.serve

SECONDS = 2.0
SOUND = len("The sound of the clip:") + 2 + round(SECONDS / 0.040)
PICTURE = 2 + 11 * 6
FRAME = len("Frame at 0.00 s:") + PICTURE
VIDEO = 32 * (len("00:00 ") + PICTURE) + 31  # so many pictures it takes of a file; spaces between


@pytest.fixture(scope="module")
def low(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A block moves to a low tone."""
    return _clip(tmp_path_factory, 500.0)


@pytest.fixture(scope="module")
def high(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same picture, to a high tone."""
    return _clip(tmp_path_factory, 2000.0)


def _clip(places: pytest.TempPathFactory, hertz: float) -> Path:
    span = [(0.5, 1.5)]
    place = places.mktemp("clips") / f"{hertz:.0f}.mp4"
    return make_clip(place, SECONDS, moves=span, sounds=span, hertz=hertz)


@pytest.fixture(scope="module")
def bare(served: Served, low: Path) -> Heard:
    """The prompt without any media."""
    return ask(served, low, "video=off&audio=off")


@pytest.fixture(scope="module")
def in_video(served: Served, low: Path, _ffmpeg: None) -> Heard:
    """The prompt with the file, in the form that fits this server."""
    return ask(served, low, "video=path&audio=in_video")


def test_sound_alone_adds_its_tokens(served: Served, low: Path, bare: Heard) -> None:
    assert ask(served, low, "video=off&audio=path").count == bare.count + SOUND


def test_pictures_alone_add_theirs(served: Served, low: Path, bare: Heard) -> None:
    assert ask(served, low, "video=frames&audio=off").count == bare.count + FRAMES * FRAME


def test_both_add_both(served: Served, low: Path, bare: Heard) -> None:
    both = ask(served, low, "video=frames&audio=path")
    assert both.count == bare.count + FRAMES * FRAME + SOUND


def test_another_sound_of_the_same_length_is_answered_otherwise(
    served: Served, low: Path, high: Path
) -> None:
    one, other, again = (ask(served, c, "video=off&audio=path") for c in (low, high, low))
    assert one.count == other.count
    assert one.messages == other.messages
    assert one.text != other.text
    assert one.text == again.text  # so it is the sound, not chance


def test_a_sound_is_as_long_in_each_form_that_can_be_configured(
    served: Served, low: Path, bare: Heard
) -> None:
    forms = set(HEARINGS["compatible"]) - {"in_video", "off"}
    told = {form: ask(served, low, f"video=off&audio={form}") for form in forms}
    assert {heard.count for heard in told.values()} == {bare.count + SOUND}
    same = {told[form].text for form in ("path", "input_audio", "raw")}
    assert len(same) == 1  # three ways of sending one WAV file


@pytest.mark.usefixtures("_ffmpeg")
class TestVideoFiles:
    """The server takes the sound of every video file that it is given, asked or not."""

    def test_the_file_brings_picture_and_sound(
        self, served: Served, low: Path, high: Path, bare: Heard, in_video: Heard
    ) -> None:
        sound = in_video.count - bare.count - len("The clip:") - VIDEO - 2
        assert abs(sound - SECONDS / 0.040) <= 1  # as coded, it is a little longer
        other = ask(served, high, "video=path&audio=in_video")
        assert (other.count, other.messages) == (in_video.count, in_video.messages)
        assert other.text != in_video.text

    def test_audio_off_does_not_keep_it_from_hearing(
        self, served: Served, low: Path, in_video: Heard
    ) -> None:
        off = ask(served, low, "video=path&audio=off")
        renamed = len("The picture of the clip:") - len("The clip:")
        assert off.count == in_video.count + renamed

    def test_a_sound_of_its_own_is_heard_a_second_time(self, served: Served, low: Path) -> None:
        off = ask(served, low, "video=path&audio=off")
        assert ask(served, low, "video=path&audio=path").count == off.count + SOUND

    def test_a_file_without_sound_is_refused_by_the_server(
        self, served: Served, tmp_path: Path
    ) -> None:
        assert "500" in ask(served, no_audio(tmp_path), "video=path&audio=in_video").error


def test_it_reads_no_data_urls_of_videos(served: Served, low: Path) -> None:
    assert "500" in ask(served, low, "video=raw&audio=in_video").error
