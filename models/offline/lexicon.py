"""The closed vocabulary: words for what can be measured, and the words around them.

A question or a claim with any other content word ("dog", "instrument", "red") asks for something
that measuring sound and picture can't give.
"""

import re

SOUND = "sound sounds sounding audio noise noises audible heard hear hears hearing soundtrack"
SILENCE = "silent silence silences silently quiet mute muted soundless inaudible"
MOTION = "move moves moving moved movement movements motion motions"
STILL = "still stillness static motionless frozen freeze freezes stationary immobile"
CUT = "cut cuts shot shots transition transitions"
LIGHT = (
    "light lighter lightness dark darker darkness bright brighter brightness brighten brightens dim "
    "dimmer dims luma darkens darken lit black white lighting"
)
LOUD = (
    "loud louder loudest loudness volume level quieter quietest softer softest db dbfs decibel "
    "decibels averages peaks peak loudly"
)
BEAT = "tempo bpm beat beats rhythm rhythmic"
TOGETHER = (
    "together coincide coincides coinciding coincident overlap overlaps overlapping simultaneous "
    "simultaneously sync synchronous synchronised synchronized synchrony same align aligned "
    "concurrent concurrently"
)
ORDER = (
    "first before after earlier later precede precedes preceding follow follows followed next then "
    "order last second prior sooner"
)
_EDGES = (
    "start starts starting started begin begins beginning began onset stop stops stopping stopped "
    "end ends ending ended finish finishes cease ceases resume resumes set sets in out kick kicks "
    "come comes came coming appear appears fall falls fell go goes going gone went fade fades drop "
    "drops die dies away disappear disappears"
)
_PICTURE = (
    "picture pictures image images video videos clip clips recording film footage frame frames "
    "screen visual visuals visible visually see seen sees view camera file track tracks stream "
    "scene scenes"
)
_MEASURE = (
    "s sec secs second seconds minute minutes ms luma mean average averaged averaging roughly "
    "percent hz half halves whole entire entirely middle quarter third part parts stretch stretches "
    "burst bursts interval intervals period periods moment moments time times duration length long "
    "longer longest short shorter brief briefly total minus plus mono mix range scale full"
)
_FUNCTION = (
    "a an the this that these those it its itself there here is are was were be been being am do "
    "does did doing done has have had having can could may might must shall should will would not "
    "no nor none never nothing neither any anything everything initially some something all always ever every each both "
    "either one ones of to from for by with without within into onto on at as than so and or but if "
    "while whereas when whenever where which what how many much often number count during until till "
    "through throughout since between about around near nearly approximately almost exactly just "
    "only also again once twice up down over under above below most more less least very quite "
    "too rather clear clearly obvious obviously distinct separate separately single several few "
    "whether because therefore thus hence however meanwhile yes no true false we you they i me "
    "give tell say state describe description name answer question whatever happen happens happened "
    "happening occur occurs occurring occurred take takes place get gets getting become becomes "
    "remain remains remaining remained stay stays stayed stand stands standing stood keep keeps "
    "last lasts lasting continue continues continuing continuous continuously constant constantly "
    "lie lies present absent presence absence contain contains exist exists begin point instant "
    "onward onwards afterwards later then same reach reaches reached rise rises rising "
    "rose increase increases increasing decrease decreases decreasing change changes changing "
    "changed jump jumps jumping sudden suddenly abrupt abruptly gradual gradually steady steadily "
    "regular regularly hard faint faintly weak strong stronger strongest slight slightly low lower "
    "lowest high higher highest equal equally similar alike as well else other another toward "
    "towards back off medium normal found measured measure measurable detected detect noticeable "
    "noticed notice noticeably observed observe perceived perceive made make out call named "
    "throughout complete completely total totally fully entire relative comes ago past "
    "respectively least flicker flickers like stands stretch compared comparison "
    "followed immediately shortly soon right already even though although despite period rest "
    "exact precisely about ends one's isn't doesn't don't isnt doesnt dont wasn't t zero two three "
    "four five six seven eight nine ten eleven twelve onsets onset per dominant activity active"
)


def words(text: str) -> list[str]:
    """Words of a text in lower case; numbers and punctuation are left out."""
    plain = text.lower().replace("’", "'")
    plain = re.sub(r"n't\b", " not", plain)
    return re.findall(r"[a-z]+", re.sub(r"'s\b", "", plain))


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


def plain(text: str) -> str:
    """Lower case, digits for number words, one spelling of seconds, dashes and tolerances."""
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
