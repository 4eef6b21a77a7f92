"""The closed vocabulary: words for what can be measured, and the words around them.

A question or a claim with any other content word ("dog", "instrument", "red") asks for something
that measuring sound and picture can't give.
"""

import re

SOUND = """
    sound sounds sounding audio noise noises audible heard hear hears hearing soundtrack
"""
SILENCE = """
    silent silence silences silently quiet mute muted soundless inaudible
"""
MOTION = """
    move moves moving moved movement movements motion motions
"""
STILL = """
    still stillness static motionless frozen freeze freezes stationary immobile
"""
CUT = """
    cut cuts shot shots transition transitions
"""
LIGHT = """
    light lighter lightness dark darker darkness bright brighter brightness brighten brightens
    dim dimmer dims luma darkens darken lit black white lighting
"""
LOUD = """
    loud louder loudest loudness volume level quieter quietest softer softest db dbfs decibel
    decibels averages peaks peak loudly
"""
BEAT = """
    tempo bpm beat beats rhythm rhythmic
"""
TOGETHER = """
    together coincide coincides coinciding coincident overlap overlaps overlapping simultaneous
    simultaneously sync synchronous synchronised synchronized synchrony same align aligned
    concurrent concurrently
"""
ORDER = """
    first before after earlier later precede precedes preceding follow follows followed next
    then order last second prior sooner
"""
_EDGES = """
    start starts starting started begin begins beginning began onset stop stops stopping stopped
    end ends ending ended finish finishes cease ceases resume resumes set sets in out kick kicks
    come comes came coming appear appears fall falls fell go goes going gone went fade fades
    drop drops die dies away disappear disappears
"""
_PICTURE = """
    picture pictures image images video videos clip clips recording film footage frame frames
    screen visual visuals visible visually see seen sees view camera file track tracks stream
    scene scenes
"""
_MEASURE = """
    s sec secs second seconds minute minutes ms luma mean average averaged averaging roughly
    percent hz half halves whole entire entirely middle quarter third part parts stretch
    stretches burst bursts interval intervals period periods moment moments time times duration
    length long longer longest short shorter brief briefly total minus plus mono mix range scale
    full
"""
_FUNCTION = """
    accompany accompanies accompanied accompanying
    return returns returned early late consist consists consisting include includes including
    everywhere show shows showing shown plays play playing
    a about above abrupt abruptly absence absent active activity afterwards again ago alike all
    almost already also although always am an and another answer any anything apart
    approximately are around as aside at back be because become becomes been begin being below
    between both but by call can change changed changes changing clear clearly comes compared
    comparison complete completely constant constantly contain contains continue continues
    continuing continuous continuously could count decrease decreases decreasing describe
    description despite detect detected did distinct do does doesnt doing dominant done dont
    down during each eight either eleven else ends entire equal equally even ever every
    everything exact exactly except exist exists faint faintly false few five flicker flickers
    followed for found four from fully get gets getting give gradual gradually had happen
    happened happening happens hard has have having hence here high higher highest how however i
    if immediately increase increases increasing initially instant into is isnt it its itself
    jump jumping jumps just keep keeps last lasting lasts later least less lie lies like low
    lower lowest made make many may me meanwhile measurable measure measured medium might more
    most mostly much must name named near nearly neither never nine no none nor normal not nothing
    notice noticeable noticeably noticed number observe observed obvious obviously occur
    occurred occurring occurs of off often on once one ones only onset onsets onto onward
    onwards or other out over overall past per perceive perceived period place point precisely
    presence present question quite rather reach reached reaches regular regularly relative
    remain remained remaining remains respectively rest right rise rises rising rose same say
    separate separately settled seven several shall shortly should similar since single six slight
    slightly so some something soon stand standing stands state stay stayed stays steadily
    steady stood stretch strong stronger strongest sudden suddenly t take takes tell ten than
    that the then there therefore these they this those though three through throughout thus
    till to too total totally toward towards true twelve twice two unbroken under until up very was
    we weak well were what whatever when whenever where whereas whether which while will with
    within without would yes you zero
"""


def words(text: str) -> list[str]:
    """Words of a text in lower case; numbers and punctuation are left out."""
    plain = text.lower().replace("’", "'")
    plain = re.sub(r"n't\b", " not", plain)
    return re.findall(r"[^\W\d_]+", re.sub(r"'s\b", "", plain))


def word_set(listed: str) -> frozenset[str]:
    """A list of words as a set."""
    return frozenset(listed.split())


SUBJECTS: dict[str, frozenset[str]] = {
    "beat": word_set(BEAT),
    "cut": word_set(CUT),
    "loud": word_set(LOUD),
    "light": word_set(LIGHT),
    "silence": word_set(SILENCE),
    "still": word_set(STILL),
    "sound": word_set(SOUND),
    "motion": word_set(MOTION),
}
TOGETHER_WORDS, ORDER_WORDS = word_set(TOGETHER), word_set(ORDER)
_KNOWN = frozenset().union(
    *SUBJECTS.values(),
    TOGETHER_WORDS,
    ORDER_WORDS,
    *(word_set(s) for s in (_EDGES, _PICTURE, _MEASURE, _FUNCTION)),
)


def unknown_words(text: str, also: frozenset[str] = frozenset()) -> list[str]:
    """Words of a text that stand for nothing measurable, in order, each once."""
    return list(dict.fromkeys(w for w in words(text) if w not in _KNOWN and w not in also))


def subjects(text: str) -> list[str]:
    """Which measurable things a text names, in order of appearance."""
    found = []
    for word in words(text):
        found += [name for name, listed in SUBJECTS.items() if word in listed]
    return list(dict.fromkeys(found))


_NUMBERS = {
    word: str(value)
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ]
    )
}


_ESCAPE = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|[@-Z\\-_])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def plain(text: str) -> str:
    """No control codes, lower case, digits for number words, one spelling of seconds and dashes."""
    text = _CONTROL.sub(" ", _ESCAPE.sub("", text))
    text = text.lower().replace("’", "'").replace("−", "-").replace("–", "-").replace("—", " - ")
    text = re.sub(r"\b(\d+):(\d\d(?:\.\d+)?)\b", lambda m: _clock(m[1], m[2]), text)
    text = re.sub(r"\b(\w+)(?=[ -]second mark\b)", lambda m: _NUMBERS.get(m[1], m[1]), text)
    text = re.sub(
        r"\b(" + "|".join(_NUMBERS) + r")\b(?! (?:of|the|moment|after))",
        lambda m: _NUMBERS[m[1]],
        text,
    )
    text = re.sub(r"(\d)[ -]?(?:seconds?|secs?|s)(?: mark)?\b", r"\1 s", text)
    text = re.sub(r"(\d+(?:\.\d+)?)\s*-\s*(\d+(?:\.\d+)?) s\b", r"\1 s to \2 s", text)
    text = re.sub(r"(\d+(?:\.\d+)?) (to|and|until) (\d+(?:\.\d+)?) s\b", r"\1 s \2 \3 s", text)
    return re.sub(r"\s+", " ", text)


def _clock(minutes: str, seconds: str) -> str:
    return f"{int(minutes) * 60 + float(seconds):g} s"
