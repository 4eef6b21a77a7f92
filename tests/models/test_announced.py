"""What a server says that it takes, against what it would be sent."""

import pytest

from aurelia.models.announced import objection
from aurelia.models.capabilities import Capabilities, Hearing, Sight

BOTH = {"image": 0, "video": 1, "audio": 1, "audio_in_video": False, "media": None}


@pytest.mark.parametrize(
    ("said", "sight", "hearing", "expected"),
    [
        (BOTH, "raw", "input_audio", None),
        (BOTH, "path", "off", None),
        (BOTH, "off", "raw", None),
        (BOTH, "frames", "off", ("it takes no images", "set video=raw")),
        (BOTH, "raw", "in_video", ("it does not hear the sound in a video file", "input_audio")),
        (BOTH | {"audio_in_video": True}, "raw", "in_video", None),
        (BOTH | {"audio": 0}, "raw", "mp3", ("it takes no sound of its own", "set audio=off")),
        (BOTH | {"audio": 0, "audio_in_video": True}, "path", "path", ("of its own", "in_video")),
        (BOTH | {"audio": 0}, "raw", "in_video", ("does not hear", "set audio=off")),
        (BOTH | {"media": 1}, "raw", "input_audio", ("one medium a question", "audio=off, or")),
        (BOTH | {"media": 1}, "raw", "off", None),
        (BOTH | {"video": 0, "image": 8}, "raw", "off", ("no video file", "set video=frames")),
        (BOTH | {"video": 0}, "frames", "off", ("it takes no images", "set video=off")),
        ({}, "raw", "input_audio", None),
        (BOTH | {"video": "many"}, "raw", "input_audio", None),
        ({"vision": True}, "raw", "in_video", None),
        (["vision"], "raw", "input_audio", None),  # of another server: it means something else
        (None, "raw", "in_video", None),
    ],
)
def test_what_will_not_reach_the_model_is_said(
    said: object, sight: Sight, hearing: Hearing, expected: tuple[str, str] | None
) -> None:
    found = objection(said, Capabilities(sight, hearing, "configured", "configured"))
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert expected[0] in found[0]
        assert expected[1] in found[1]
