"""Whether a short text is glad or sad, by its words."""

import re

_GLAD = """
    best better happy happiest happiness love loved loves lovely loving great greatest good fine
    success successful succeed win wins won winner winning joy joyful joyous wonderful amazing
    awesome fantastic perfect beautiful brilliant excellent excited exciting fun funny celebrate
    celebration party blessed lucky luck glad delighted delight smile smiling laugh laughing laughs
    laughter proud victory triumph paradise dream dreams holiday vacation sunshine sunny hope
    hopeful thrilled cheerful cheers hooray hurray yay enjoy enjoying enjoyed favourite favorite
    nice super bliss heaven gift welcome congratulations birthday free freedom peace peaceful calm
    promoted promotion passed aced rich sweet magical splendid superb terrific grateful thankful
    nailed treat bonus jackpot dancing friends together alive healthy safe
"""
_SAD = """
    worst worse bad sad saddest sadness unhappy terrible horrible awful lost lose loses losing
    losses loss lonely alone broken broke break fail failed fails failing failure hate hated hates
    hurt hurts pain painful cry crying cried tears tired exhausted sick ill ruined ruin disaster
    disasters tragic tragedy wrong mistake mistakes problem problems trouble angry anger mad upset
    miserable misery depressed depressing gloomy grief mourning dead death die dying died dies
    goodbye farewell regret regrets sorry forgot forgotten missed missing stolen fired late
    cancelled canceled crash crashed dump dumped rejected rejection poor debt debts bills stuck
    nightmare nightmares fear afraid scared worry worried worries stress stressed boring bored
    empty cold dark heartbroken heartbreak betrayed doomed doom hopeless useless worthless
    unlucky defeat defeated trapped abandoned spilled flat burnt burned monday mondays ugly
"""
_TURN = re.compile(
    r"not|no|never|nothing|nobody|without|hardly|cannot|cant|dont|isnt|wasnt|didnt|doesnt|wont"
    r"|\w+n't"
)
GLAD, SAD = frozenset(_GLAD.split()), frozenset(_SAD.split())
_JOINED = 8
_INSIDE = re.compile(
    "|".join(sorted((w for w in GLAD | SAD if len(w) >= 4), key=len, reverse=True)) + "|won|sad|not"
)


def _apart(words: list[str]) -> list[str]:
    """Words, and instead of a long unknown one the longest known ones in it."""
    found: list[str] = []
    for word in words:
        if len(word) < _JOINED or word in GLAD or word in SAD:
            found.append(word)
        else:
            found += _INSIDE.findall(word)
    return found


def polarity(text: str) -> str | None:
    """`glad` or `sad` by the words of a text; None where they don't tell.

    A negation turns the words behind it ("not happy"). A word for gladness and one for sadness
    cancel out. Words that a text recogniser ran together are told apart where they are long.
    """
    score, turned = 0, 1
    plain = text.lower().replace("’", "'")
    for word in _apart(re.findall(r"[a-z]+(?:'t)?", plain)):
        if _TURN.fullmatch(word):
            turned = -1
        elif word in GLAD or word in SAD:
            score += turned if word in GLAD else -turned
    return None if score == 0 else "glad" if score > 0 else "sad"
