"""Words that narrow or turn a question or a claim, and which of them a reading has not used.

A reading that knows the subject but drops such a word answers another question. So each reading
names the words that it uses; what is left of this table afterwards takes the sentence out of it.
"""

import re
from collections.abc import Iterable

_NARROWING = r"""
    first | second | third | fourth | fifth | sixth | last | next | other | another
  | every | each | all | only | just | always | constantly | continuous(?:ly)? | constant(?:ly)?
  | throughout | both | whole | entire(?:ly)? | most(?:ly)? | least
  | (?:long|short|strong|loud|quiet|soft|high|low|late|early)(?:er|est)
  | (?:bright|dark|light|dimm)er
  | earlier | earliest | short | long | brief(?:ly)? | strong(?:ly)? | weak | slight(?:ly)?
  | gradual(?:ly)? | sudden(?:ly)? | abrupt(?:ly)? | steadily | regular(?:ly)? | longest | almost
  | half | halves | middle | third | quarter | beginning | start | starts | started | starting
  | begin | begins | began | initially | (?:at|to|towards?|until|till|by) \ (?:its|the)
    \ (?:very\ )?end | together | while | whilst | during | whenever | when | where | since | with
  | until | till | between | how | bpm | -?\d+(?:\.\d+)?(?:\ s\b)?
"""
_TURNING = r"""
    not | no | never | nothing | none | neither | nor | without | cannot | hardly | more | less
  | fewer | few | than | except | else | false | true | wrong | instead | if | before | after
  | later | sooner | prior | precede(?:s|d)? | follow(?:s|ed)? | stop | stops | stopped
  | stopping | end | ends | ended | ending | cease | ceases | finish(?:es|ed)? | disappears?
  | dies | fades? | absen(?:t|ce)
"""
_NARROWS = re.compile(rf"(?<![\w.])(?:{_NARROWING})(?!\w)", re.VERBOSE)
_TURNS = re.compile(rf"(?<![\w.])(?:{_TURNING})(?!\w)|n't\b", re.VERBOSE)


def narrowing(text: str, used: Iterable[str]) -> list[str]:
    """Words of normalised text that say more than a reading that used the patterns `used`."""
    return _NARROWS.findall(_without(text, used))


def turning(text: str, used: Iterable[str]) -> list[str]:
    """Words left over that may say the opposite, or something else altogether."""
    return _TURNS.findall(_without(text, used))


def _without(text: str, used: Iterable[str]) -> str:
    for pattern in used:
        text = re.sub(pattern, " _ ", text)
    return text
