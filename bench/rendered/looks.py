"""The sets of appearances by name."""

from aurelia.bench.rendered.appearance import Appearance
from aurelia.bench.rendered.caption_words import CaptionWords
from aurelia.bench.rendered.development import DEVELOPMENT
from aurelia.bench.rendered.development_captions import CAPTIONS as DEVELOPMENT_CAPTIONS
from aurelia.bench.rendered.held_out import HELD_OUT
from aurelia.bench.rendered.held_out_captions import CAPTIONS as HELD_OUT_CAPTIONS
from aurelia.errors import InputError

_LOOKS = {"dev": DEVELOPMENT, "held_out": HELD_OUT}
_CAPTIONS = {"dev": DEVELOPMENT_CAPTIONS, "held_out": HELD_OUT_CAPTIONS}


def look_of(split: str) -> Appearance:
    """The appearance of a set.

    Raises:
        InputError: no such set.
    """
    _check(split)
    return _LOOKS[split]


def caption_words_of(split: str) -> CaptionWords:
    """How captions of a set are worded.

    Raises:
        InputError: no such set.
    """
    _check(split)
    return _CAPTIONS[split]


def _check(split: str) -> None:
    if split not in _LOOKS:
        raise InputError(f"There is no set {split!r}; choose {' or '.join(_LOOKS)}.")
