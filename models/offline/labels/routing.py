"""From a question about labels to its family and intent, or why it can't be answered."""

import re
from collections.abc import Mapping
from typing import Literal

from aurelia.models.offline.intent import LABEL_KINDS, Intent, IntentKind, Outside
from aurelia.models.offline.labels.asked import MODEL, STOPS, beyond, outside
from aurelia.models.offline.labels.countries import countries_named
from aurelia.models.offline.labels.mentions import in_time, mentions
from aurelia.models.offline.labels.routing_instruments import (
    HIDDEN,
    about_instruments,
    instruments,
)
from aurelia.models.offline.lexicon import plain, unknown_words, word_set
from aurelia.models.offline.relations import things
from aurelia.models.offline.scope import left_over

_DANCE = re.compile(
    r"\b(?:dan(?:ce|ces|cer|cers|cing|ced)|mov(?:e|es|ing|ed)|movements?|motion|choreograph\w*"
    r"|steps?|stepping|figure|sway\w*|performer|body|bob\w*|bounc\w*|swing\w*|gestur\w*|arms|limbs|person"
    r"|character|silhouette)\b"
)
_TRACK = re.compile(
    r"\b(?:tracks?|candidates?|songs?|tunes?|audios?|music|recordings?|pieces?|soundtracks?|beats?"
    r"|rhythms?|melod(?:y|ies)|(?:sound )?files?|accompaniments?|scores?|sounds?|tempos?|pulses?)\b"
)
_OWN_TRACK = re.compile(
    r"\b(?:tracks?|candidates?|songs?|tunes?|soundtracks?|recordings?|audio (?:tracks?|files?)"
    r"|music)\b"
)
_FIT = re.compile(
    r"\b(?:match\w*|fits?|fitting|fitted|go(?:es)? with|belong\w*|suits?|in (?:time|sync|step)"
    r"|sync\w*|same (?:tempo|pace|beat|speed|rate|rhythm|pulse)|accompan\w*|danc(?:es|ed|ing)"
    r"|beat for beat|keep\w* (?:time|step|pace|up)|follow\w*|in rhythm|align\w*|agree\w*"
    r"|correspond\w*|pair\w*|moving to|moves to|set to|driv\w*|lead\w*|meant for|made for)\b"
)
_RIGHT = re.compile(
    r"\b(?:right|correct|original|real|true|proper|intended|meant|video|clip|picture|film|scene|this)\b"
)
_CHOOSE = re.compile(
    r"\b(?:which|what|whose|where|pick|choose|match|listen|one of|select|find|name|identify|tell)\b"
)
_PLACE = re.compile(
    r"\b(?:countr(?:y|ies)|continents?|nations?|cit(?:y|ies)|flags?|where|place|town|state|part of"
    r" the world|capital)\b"
)
_LEVELS = (
    ("continent", r"\bcontinents?\b|\bpart of the world\b"),
    ("country", r"\bcountr(?:y|ies)\b|\bnations?\b|\bflags?\b|\bstate\b|\bwhose\b"),
    ("city", r"\bcit(?:y|ies)\b|\btown\b|\bcapital\b|\bsign\b"),
)
_MOMENT = re.compile(
    r"\b(?:when|while|as|during|at the (?:moment|time|instant|point)|the moment|on screen"
    r"|coincid\w*|accompan\w*|together with|sounds?|heard|hear)\b"
)
_IRONY = re.compile(
    r"\b(?:iron(?:y|ic|ically)|sarcas\w*|humou?r\w*|funny|joke|comic\w*|satir\w*|tongue in cheek"
    r"|sincere|meant seriously|at face value)\b"
)
_TEXT = re.compile(
    r"\b(?:text|words?|captions?|writing|written|overlay|lettering|message|line|title|says)\b"
)
_MOOD = re.compile(r"\b(?:mood|music|melody|tune|soundtrack|audio|song|sound|feel\w*|score)\b")
_DISAGREE = re.compile(
    r"\b(?:disagree\w*|mismatch\w*|contradict\w*|clash\w*|at odds|conflict\w*|opposite|differ\w*"
    r"|contrast\w*|incongru\w*|oppose[sd]?|undercut\w*|against|belie[sd]?|pull\w* (?:apart"
    r"|in (?:different|opposite)))\b"
)
_AGREE = re.compile(
    r"\b(?:agree\w*|match\w*|fits?|consistent|in line|same mood|suits?|support\w*|go(?:es)? "
    r"(?:well )?(?:together|with)|harmon\w*|in tune|sincere|seriously|face value|align\w*)\b"
)
_ORDER = re.compile(
    r"\b(?:order|sequence|chronolog\w*|timeline|first|before|after|then|earlier|later|next"
    r"|unfold\w*|succession)\b|\bwhat happens\b.*\bwhen\b"
)
_SUPPORTED_ORDER = re.compile(
    r"\b(?:order|sequence|chronolog\w*|timeline|unfold\w*|succession|first)\b|\bbefore\b|\bafter\b"
)
_WHICH_ACCOUNT = re.compile(
    r"\b(?:which|what|choose|pick|select)\b.*\b(?:captions?|descriptions?|accounts?|statements?"
    r"|summar(?:y|ies)|options?|sentences?|describes?|timelines?|sequences?)\b"
)
_DESCRIBE = re.compile(
    r"\b(?:describe|caption|summari[sz]e|description|tell|report|account|give|write)\b"
    r"|\bwhat (?:happens|is happening|goes on|is going on|takes place)\b"
    r"|\bwhat (?:can|do|does|is|are) .*\b(?:see|seen)\b.*\b(?:hear|heard)\b"
    r"|\bwhat (?:can|do|does|is|are) .*\b(?:hear|heard)\b.*\b(?:see|seen)\b"
)
_DESCRIBING = word_set(
    """
    describe describes caption captions summarise summarize summary description report account tell
    give write please sentence sentences objects object things thing events event covers cover
    covering both ear ears eye eyes everything happening content contents detail details brief
    short words word occurs viewer listener scene scenes visual audio audible visible sounds sound
    move moves moving goes going takes notice provide mention mentioning include including us me
    someone blind deaf would perceive detailed complete full one
    """
)
_WHEN = re.compile(r"\bwhen\b|\bat what (?:time|second|moment)\b|\bwhat time\b")


def route_labels(
    question: str, options: Mapping[str, str] | None = None, *, candidates: bool = False
) -> Intent | Outside | None:
    """The intent of a question about labels; None where it is about none.

    A question that says more than its intent can use is `Outside`, as everywhere.
    """
    normal = plain(question).strip().rstrip("?.! ")
    intent = _route(normal, options, candidates)
    if not isinstance(intent, Intent) or intent.kind not in LABEL_KINDS:
        return intent
    hidden = HIDDEN.search(normal) if intent.kind == "sources_compare" else None
    left = beyond(normal, intent, hidden[0] if hidden else "")
    if not left:
        return intent
    quoted = ", ".join(f"“{w}”" for w in left[:4])
    return Outside(
        f"The question says more ({quoted}) than what is measured here can answer.",
        ("the question in simpler words, one thing at a time", MODEL),
    )


def _route(
    normal: str, options: Mapping[str, str] | None, candidates: bool
) -> Intent | Outside | None:
    """Family and intent.

    The family comes first (instruments, dance, place, irony, order, one named thing), then what
    exactly is asked. Inside a family, an unsupported question is `Outside`.
    """
    if candidates and (danced := _dance(normal, candidates)):
        return danced
    if about_instruments(normal):
        return instruments(normal)
    if _describes(normal) and not options:
        return Intent("description")
    if danced := _dance(normal, candidates):
        return danced
    if irony := _irony(normal):
        return irony
    if _PLACE.search(normal) and re.search(r"\b(?:which|what|where|name)\b", normal):
        place = _place(normal)
        if place:
            return place
    return _named(normal)


def _describes(normal: str) -> bool:
    """Whether a description of all is asked for, and of nothing that can't be named."""
    if not _DESCRIBE.search(normal) or re.match(r"(?:which|how|when|where|who)\b", normal):
        return False
    if mentions(normal) or (_ORDER.search(normal) and not re.search(r"\bin order\b", normal)):
        return False
    return not unknown_words(normal, _DESCRIBING) and not left_over(normal, Intent("description"))


def _dance(normal: str, candidates: bool) -> Intent | Outside | None:
    """Which track goes with a movement; a clip that brings candidate tracks needs fewer words."""
    moves, track, fits = _DANCE.search(normal), _TRACK.search(normal), _FIT.search(normal)
    danced = re.search(r"\bdan\w+", normal)
    about = (danced and track) or (moves and fits and _OWN_TRACK.search(normal))
    if candidates:
        about = about or danced or moves or fits or (track and _RIGHT.search(normal))
        if not about and re.search(r"\b(?:which|what) (?:\w+ )?(?:tracks?|candidates?)\b", normal):
            return outside("that of the candidate tracks, only which fits a movement")
    if not about or (not candidates and not danced and _plain_motion(normal)):
        return None
    if re.search(r"\b(?:loud\w*|quiet\w*|longe\w*|shorte\w*|starts?|begins?|ends?)\b", normal):
        return outside("that of a dance or of its tracks") if candidates or danced else None
    yes_no = re.match(r"(?:is|are|was|were|does|do|did|has|have|can|could)\b", normal)
    if _CHOOSE.search(normal) or (candidates and not yes_no):
        return Intent("dance_match")
    return outside("whether a dance and one track match")


def _plain_motion(normal: str) -> bool:
    """Whether only sound and movement as such are spoken of."""
    return not unknown_words(normal)


def _irony(normal: str) -> Intent | None:
    """Whether text and mood agree."""
    both = _TEXT.search(normal) and _MOOD.search(normal)
    disagree, agree = _DISAGREE.search(normal), _AGREE.search(normal)
    ironic = _IRONY.search(normal)
    if not ironic and not (both and (disagree or agree)):
        return None
    if not (disagree or agree):
        word = str(ironic and ironic[0])
        sincere = word.startswith(("sincere", "meant", "at face"))
        claim = "agree" if sincere else "disagree"
        return Intent("irony", claim=claim)
    if ironic and not str(ironic[0]).startswith(("sincere", "meant", "at face")):
        return Intent("irony", claim="disagree")
    return Intent("irony", claim="disagree" if disagree else "agree")


def _place(normal: str) -> Intent | None:
    """Which place is shown while something is heard."""
    level = next((name for name, pattern in _LEVELS if re.search(pattern, normal)), "country")
    heard = [m for m in mentions(normal) if m.sense == "heard"]
    if heard and _MOMENT.search(normal):
        return Intent("place_when", subjects=(), claim=f"{level}:{heard[0].name}")
    if re.search(r"\bflags?\b|\bsigns?\b", normal) and not heard:
        return Intent("place_when", claim=f"{level}:")
    return None


def _named(normal: str) -> Intent | Outside | None:
    """Questions about named sounds and objects: in which order, or when."""
    named = mentions(normal)
    senses = {m.sense for m in named}
    if _WHICH_ACCOUNT.search(normal) and not named:
        return Intent("event_order")
    if _ORDER.search(normal) and not named and len(things(normal)) < 2 and _about_events(normal):
        return Intent("event_order")
    if len(named) >= 2 and _SUPPORTED_ORDER.search(normal):
        yes_no = re.match(r"(?:is|are|was|were|does|do|did|has|have)\b", normal)
        if yes_no and " or " not in normal:
            if len(named) > 2:
                return outside("how three things relate at once")
            order = in_time(normal)
            return Intent("event_order", claim=f"{order[0].name}<{order[1].name}")
        return Intent("event_order", claim="|".join(m.name for m in named))
    if len(named) == 1 and _WHEN.search(normal) and not countries_named(normal):
        edge: Literal["stop"] | None = "stop" if re.search(STOPS, normal) else None
        kind: IntentKind = "event_when" if senses == {"heard"} else "object_when"
        return Intent(kind, claim=named[0].name, edge=edge)
    if len(named) == 1 and re.match(r"(?:is|are|was|were|does|do|did|can)\b", normal):
        rest = re.sub(r"\W+", " ", normal[: named[0].start] + normal[named[0].end :]).split()
        if all(w in _PRESENT for w in rest):
            present: IntentKind = "event_present" if senses == {"heard"} else "object_present"
            return Intent(present, claim=named[0].name)
    return None


_PRESENT = word_set(
    """
    is are was were does do did can there a an the any be heard hear seen see you one in to at all
    clip video picture audible visible sound sounds shown show move moves moving appear
    """
)


def _about_events(normal: str) -> bool:
    """Whether an order is asked of what is seen and heard, without naming it."""
    if re.search(r"\b(?:sound|noise|movement|motion|cut|loud|light)\w*\b.*\bfirst\b", normal):
        return False
    return bool(
        re.search(
            r"\b(?:events?|happen\w*|descri\w*|caption\w*|seen and heard|see and hear"
            r"|heard and seen|account|statement|sequence|order|takes? place|unfold\w*)\b",
            normal,
        )
    )
