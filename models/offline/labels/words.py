"""The words for labels: how people name the sounds, colours, shapes and moods that are measured."""

import re
from collections.abc import Mapping

from aurelia.media.labels.vocabulary import Brightness, Colour, Path, Shape, SoundLabel

_SOUNDS: Mapping[SoundLabel, str] = {
    "bell": r"bells?|chim(?:e|es|ed|ing)|r[iau]ng(?:s|ing)?|gongs?|toll(?:s|ed|ing)?|dings?|"
    r"ding(?:ing)?|jingl\w+",
    "crash": r"crash(?:es|ed|ing)?|bang(?:s|ed|ing)?|smash(?:es|ed|ing)?|"
    r"boom(?:s|ed|ing)?|clatter\w*",
    "knock": r"knock(?:s|ed|ing|ings)?|thud(?:s|ded|ding)?|thump(?:s|ed|ing)?|rap(?:s|ped|ping)?|"
    r"tap(?:s|ped|ping)?",
    "siren": r"sirens?|wail(?:s|ed|ing)?",
    "whirring": r"whirr?(?:s|ed|ing)?|hum(?:s|med|ming)?|buzz(?:es|ed|ing)?|"
    r"dron(?:e|es|ed|ing)|rumbl\w+|purr\w*",
    "beeping": r"beep(?:s|ed|ing)?|bleep(?:s|ed|ing)?",
}
_COLOURS: Mapping[Colour, str] = {
    "red": "red|crimson|scarlet",
    "orange": "orange",
    "yellow": "yellow|golden",
    "green": "green",
    "blue": "blue",
    "purple": "purple|violet",
    "white": "white",
    "black": "black",
}
_SHAPES: Mapping[Shape, str] = {
    "ball": "balls?|circles?|discs?|disks?|dots?|spheres?",
    "square": "squares?|box(?:es)?|blocks?|cubes?|rectangles?",
    "triangle": "triangles?|wedges?",
}
NOUN = re.compile(r"\b(?:objects?|shapes?|things?|figures?|forms?|items?|blobs?|somethings?)\b")
_MOODS: Mapping[Brightness, str] = {
    "bright": r"bright|cheerful|cheery|happy|upbeat|lively|joyful|joyous|sunny|merry|light-?hearted"
    r"|major|uplifting|playful|light|jolly|glad|buoyant|spirited|gleeful|perky|chirpy",
    "dark": r"dark|gloomy|sad|sombre|somber|melanchol\w+|mournful|minor|sorrowful|bleak|dreary|"
    r"brooding|heavy-?hearted|downcast|grave|doleful|glum|grim|unhappy|solemn|wistful",
}
SOUND_PHRASES: Mapping[SoundLabel, str] = {
    "bell": "A bell is heard",
    "crash": "A crash is heard",
    "knock": "Knocking is heard",
    "siren": "A siren is heard",
    "whirring": "Whirring is heard",
    "beeping": "Beeping is heard",
}
"""How a named sound is told."""

_PATHS: tuple[tuple[Path, str], ...] = (
    ("left to right", r"\bleft\b.*\bright\b|\b(?:to|towards?) the right\b|\brightwards?\b"),
    ("right to left", r"\bright\b.*\bleft\b|\b(?:to|towards?) the left\b|\bleftwards?\b"),
    (
        "downwards",
        r"\b(?:top|above)\b.*\b(?:bottom|below)\b|\bdown(?:wards?)?\b|\b(?:falls?|falling|drops?|sinks?|descends?)\b",
    ),
    (
        "upwards",
        r"\b(?:bottom|below)\b.*\b(?:top|above)\b|\bup(?:wards?)?\b|\b(?:rises?|rising|climbs?|ascends?)\b",
    ),
)


def _alternatives(table: Mapping[str, str]) -> re.Pattern[str]:
    groups = "|".join(f"(?P<{name}>{words})" for name, words in table.items())
    return re.compile(rf"\b(?:{groups})\b")


SOUND = _alternatives(_SOUNDS)  # type: ignore[arg-type]
COLOUR = _alternatives(_COLOURS)  # type: ignore[arg-type]
SHAPE = _alternatives(_SHAPES)  # type: ignore[arg-type]
MOOD = _alternatives(_MOODS)  # type: ignore[arg-type]
MUSIC = re.compile(
    r"\b(?:music|melody|tune|soundtrack|song|score|piece|accompaniment|harmony|harmonies)\b"
)
HEARD = re.compile(
    r"\b(?:hear\w*|audible|audibly|sound(?:s|ing|ed)?|play(?:s|ed|ing)?|soundtrack|audio|listen\w*"
    r"|ears?|aural(?:ly)?|acoustic(?:ally)?|music|melody|tune|ensemble|band|mix|perform\w*"
    r"|recording|ring out)\b"
)
SHOWN = re.compile(
    r"\b(?:shown|shows?|showing|seen|see|sees|visibl[ey]|visually|on[- ]?screen|screen|in view"
    r"|on view|pictur\w*|in (?:the )?(?:frame|shot|image|video)|display\w*|appear\w*|depict\w*"
    r"|drawn|in sight|sight|eyes?|look\w*|image|stands?|viewer\w*|watch\w*)\b"
)
COUNTED = re.compile(
    r"\b(?:instruments?|sources?|players?|performers?|musicians?|voices?|parts?|things?|timbres?"
    r"|silhouettes?|objects?|items?|lines?|members?|ensemble|band|sounds? sources?)\b"
)


def all_of(pattern: re.Pattern[str], text: str) -> list[tuple[str, int, int]]:
    """Each label that a text names, with where, in order."""
    return [(m.lastgroup or "", m.start(), m.end()) for m in pattern.finditer(text)]


def path_in(text: str) -> Path | None:
    """Which way something is said to go; of several readings the one that names both ends."""
    for path, pattern in _PATHS:
        found = re.search(pattern, text)
        if found and path in ("left to right", "right to left") and ".*" in pattern:
            first = re.search(r"\b(?:left|right)(?:wards?)?\b", text)
            both = re.search(r"\bleft\b", text) and re.search(r"\bright\b", text)
            if both and first:
                return "left to right" if first[0].startswith("left") else "right to left"
        if found:
            return path
    return None


_SPEAKING = """
    across along around toward towards against cross crosses crossed crossing roll rolls rolled
    rolling travel travels travelled traveling travelling glide glides glided gliding slide slides
    sliding drift drifts drifted drifting fly flies flying flew pass passes passed passing sweep
    sweeps sweeping traverse traverses enter enters entered entering exit exits leave leaves left
    right edge edges side sides corner top bottom way path float floats floating bounce bounces
    bouncing shape shapes object objects thing things something figure figures coloured colored
    colour color round ring rings rang strike strikes struck striking hit hits blow blows blare
    blares blaring noisy blast blasts echo echoes tone tones voice voices instrument instruments
    source sources player players silhouette silhouettes musician musicians different distinct
    simultaneously exactly dancer dancers dance dances dancing figure figures body bodies person
    gesture gestures rate speed pace bpm repeat repeats repeated repeating cycle cycles cycling
    swing swings sway sways move moves candidate candidates track tracks labelled labeled run runs
    running clocks clock ticks tick flag flags banner banners sign signs text texts word words
    caption captions letters lettering read reads reading say says saying written write overlaid
    overlay title headline line lines inscription message display displays displayed stay stays
    visible appear appears appearing disappear music melody tune song score soundtrack key mood
    feel feels feeling character notes note sound sounds like speech unidentified identified
    waves wave waving hang hangs hanging country nation city town place gone again onwards away
    ear ears eye eyes duo trio quartet pair couple ensemble band number numbers count counts counted
    makes make out hold holds contain contains drawn recording members performers performer stand
    device devices machine machines mechanism piece someone somebody over done ongoing lasting
    back forth view comes into out audibly bursts burst rough low high pitched percussion medium
    downwards upwards downward upward down up rightwards leftwards rightward leftward falls falling
    drops dropping sinks sinking rises rising climbs climbing descends ascends
    slow slowly quick quickly fast rapidly gently loudly single
"""
SPEAKING = frozenset(_SPEAKING.split())
"""Words that sentences about labels need and that claim nothing more than the label does."""


def known_label_words(text: str) -> frozenset[str]:
    """Words of a normalised text that a label accounts for."""
    found: set[str] = set()
    for pattern in (SOUND, COLOUR, SHAPE, MOOD):
        for _, start, end in all_of(pattern, text):
            found.update(re.findall(r"[^\W\d_]+", text[start:end]))
    return frozenset(found) | SPEAKING
