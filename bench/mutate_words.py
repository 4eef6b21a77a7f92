"""Words that can stand for one another in a lie, and words for what is heard or seen."""

import re


def _both_ways(pairs: str) -> dict[str, str]:
    """`a=b, c d=e f` as a table that works in both directions."""
    table: dict[str, str] = {}
    for pair in pairs.split(","):
        one, two = (" ".join(word.split()) for word in pair.split("="))
        table[one] = two
        table.setdefault(two, one)
    return table


COLOURS = _both_ways(
    "red=blue, green=yellow, orange=purple, white=black, violet=yellow, pink=green, brown=blue,"
    "black and white=brightly coloured, grey=red, gray=red, golden=blue,"
    "crimson=green, turquoise=orange"
)
PATHS = _both_ways(
    "left to right=right to left, from left to right=from right to left, from the left to the"
    " right=from the right to the left, from the left=from the right, to the left=to the right,"
    "towards the left=towards the right, leftwards=rightwards,"
    "leftward=rightward, on the left=on the right, left side=right side, upwards=downwards,"
    "upward=downward, top to bottom=bottom to top, from the top to the bottom=from the bottom to"
    " the top, clockwise=anticlockwise, counterclockwise=clockwise, rises=sinks, ascends=descends,"
    "into view=out of view, towards the camera=away from the camera"
)
SOUNDS = _both_ways(
    "bell=siren, bells=sirens, bell rings=siren wails, siren wails=bell rings, crash=knock,"
    "crashes=knocks, knocking=beeping, whirring=knocking, bang=beep, engine=bell, hum=bang,"
    "piano=trumpet, pianos=trumpets, guitar=flute, guitars=flutes, violin=drum, violins=drums,"
    "cello=saxophone, cellos=saxophones, clarinet=tuba, accordion=harp, xylophone=bagpipe,"
    "barking=meowing, barks=meows, laughter=crying, laughs=cries, applause=silence,"
    "cheering=booing, thunder=birdsong, whistle=drum roll, singing=snoring, sings=snores,"
    "horn=doorbell, beep=bang, gunshot=whistle, footsteps=hammering, buzzing=ringing,"
    "clapping=whistling, rain=traffic, male voice=female voice, man's voice=woman's"
    " voice"
)
MOODS = _both_ways(
    "cheerful=gloomy, happy=sad, bright music=dark music, bright melody=dark melody,"
    "music is bright=music is dark, music sounds bright=music sounds dark, bright mood=dark mood,"
    "bright tune=dark tune, upbeat=mournful, lively=sombre,"
    "joyful=melancholic, joyous=melancholy, uplifting=depressing, light-hearted=heavy-hearted,"
    "major key=minor key, calm=frantic, angry=friendly, excited=bored, smiling=frowning"
)
ORDER = _both_ways(
    "before=after, precedes=follows, preceded by=followed by, preceding=following, earlier=later,"
    "prior to=after, comes first=comes last, begins first=begins last, starts first=starts last"
)
SIGNS = ("Harbour", "Nineteen", "Velvet")
"""What a text on screen is made to say instead."""

_HEARD = re.compile(
    r"\b(?:sounds?|sounding|audio|audibl[ey]|hear\w*|noises?|silen\w+|quiet\w*|loud\w*|music|song"
    r"|melody|tones?|voices?|speech|speak\w*|says?|said|talk\w*|sing\w*|bells?|sirens?|crash\w*"
    r"|knock\w*|beep\w*|whirr\w*|bang\w*|bark\w*|meow\w*|laugh\w*|applause|clap\w*|thunder|buzz\w*"
    r"|rings?|ringing|wails?|plays?|playing|piano|guitars?|violins?|drum\w*|trumpets?|flutes?"
    r"|cellos?|instruments?|tempo|bpm|beats?|rhythm|narrat\w+|cheer\w*|tracks?|dbfs|soundtrack)\b",
    re.I,
)
_SEEN = re.compile(
    r"\b(?:see|seen|sees|saw|shows?|shown|showing|visib\w+|picture\w*|images?|screen|frames?|shots?"
    r"|mov(?:e|es|ed|ing|ement|ements)|motion\w*|still|cuts?|camera|scenes?|looks?|appears?|ball"
    r"|square|triangle|red|blue|green|yellow|orange|purple|white|black|bright\w*|dark\w*|text|sign"
    r"|flags?|left|right|upwards?|downwards?|background|foreground|wear\w*|stands?|walks?|runs?"
    r"|man|woman|person|people|dog|cat|car|dancer\w*|danc\w+|light\w*|luma|video|read(?:s|ing)?"
    r"|titles?|crosses|crossing|slides?|rolls?|travels?|glides?|drifts?)\b",
    re.I,
)


def heard(sentence: str) -> bool:
    """Whether a sentence speaks of something that is heard."""
    return bool(_HEARD.search(sentence))


def seen(sentence: str) -> bool:
    """Whether a sentence speaks of something that is seen."""
    return bool(_SEEN.search(sentence))
