"""True captions of rendered samples, and captions that are false in one respect."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from numpy.random import Generator, default_rng

from aurelia.bench.rendered.caption_words import CaptionWords, Phrase
from aurelia.bench.rendered.corrupt import changes
from aurelia.bench.rendered.looks import caption_words_of, look_of
from aurelia.bench.rendered.relations import relation_in
from aurelia.bench.sample import Fact, Sample


@dataclass(frozen=True, slots=True)
class Corruption:
    """A caption with one change.

    Attributes:
        kind: `sound_swapped`, `time_shifted`, `colour_swapped`, `tempo_off`, `mood_flipped`,
            `place_swapped`, `text_changed`, `count_off`, `modality_dropped`, `path_reversed`,
            `order_reversed` or `place_moved`.
        caption: the true caption's wording but for the change.
        changed: what it was and what it became.
    """

    kind: str
    caption: str
    changed: str


def true_caption(sample: Sample, seed: int) -> str:
    """A caption that states all of the sample's facts, with their times (to 0.1 s), and in the
    families that ask about order or coincidence how two of them go together.

    Phrasings and their order are drawn from the sample's id and the seed.
    """
    facts = _rounded(sample.true_facts)
    return f"{_Plan.drawn(sample, facts, seed).say(facts)}{_related(sample, facts)}"


def corruptions(sample: Sample, seed: int) -> list[Corruption]:
    """The caption of the same seed with one change, once for every kind that applies."""
    facts = _rounded(sample.true_facts)
    plan = _Plan.drawn(sample, facts, seed)
    draw = _generator(sample, seed, "corruptions")
    found = [
        Corruption(kind, f"{plan.say(changed)}{_related(sample, changed)}", what)
        for kind, changed, what in changes(facts, look_of(sample.split), draw)
    ]
    if relation := relation_in(sample):
        true, false = relation.say(facts), relation.lie(facts, draw)
        found.append(Corruption(relation.kind, f"{plan.say(facts)} {false}", f"{true} -> {false}"))
    return found


def _related(sample: Sample, facts: Sequence[Fact | None]) -> str:
    relation = relation_in(sample)
    sentence = relation.say(facts) if relation else ""
    return f" {sentence}" if sentence else ""


def _generator(sample: Sample, seed: int, purpose: str) -> Generator:
    return default_rng(zlib.crc32(f"{purpose} {sample.id} {seed}".encode()))


def _rounded(facts: Sequence[Fact]) -> list[Fact]:
    """Times to 0.1 s before anything is changed, so that a shift by 0.5 s reads as 0.5 s."""
    return [
        fact
        if fact.start_s is None or fact.end_s is None
        else fact.model_copy(
            update={"start_s": round(fact.start_s, 1), "end_s": round(fact.end_s, 1)}
        )
        for fact in facts
    ]


@dataclass(frozen=True, slots=True)
class _Plan:
    """In which order and by which phrases facts are said; which of them join the one before."""

    words: CaptionWords
    order: tuple[int, ...]
    phrases: tuple[Phrase, ...]
    joined: tuple[bool, ...]

    @classmethod
    def drawn(cls, sample: Sample, facts: Sequence[Fact], seed: int) -> "_Plan":
        draw, words = _generator(sample, seed, "caption"), caption_words_of(sample.split)
        # Either as things happen, or seen and heard apart, or in any order.
        style = int(draw.integers(3))
        order = [int(k) for k in draw.permutation(len(facts))]
        if style == 0:
            order.sort(key=lambda k: facts[k].start_s or 0.0)
        elif style == 1:
            order.sort(key=lambda k: facts[k].modality, reverse=bool(draw.integers(2)))
        phrases = []
        for fact in facts:
            sign = fact.kind == "text.shown" and sample.task == "av_geoiq"
            templates = words.templates["sign" if sign else fact.kind]
            phrases.append(
                Phrase(templates[int(draw.integers(len(templates)))], int(draw.integers(60)))
            )
        joined = tuple(bool(one) for one in draw.random(len(facts)) < 0.2)
        return cls(words, tuple(order), tuple(phrases), joined)

    def say(self, facts: Sequence[Fact | None]) -> str:
        """The caption; facts that are None are left out."""
        sentences: list[str] = []
        for place, spot in enumerate(self.order):
            fact = facts[spot]
            if fact is None:
                continue
            sentence = self.phrases[spot].say(fact, self.words)
            if sentences and self.joined[place] and fact.kind in ("event.heard", "object.moves"):
                sentences[-1] = f"{sentences[-1][:-1]}, and {sentence[0].lower()}{sentence[1:]}"
            else:
                sentences.append(sentence)
        return " ".join(sentences)
