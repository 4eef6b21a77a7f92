"""True captions of samples."""

from aurelia.bench.sample import Fact, Sample


def true_caption(sample: Sample, seed: int) -> str:
    """A true caption from the sample's facts."""
    return " ".join(_plain(fact) for fact in sample.true_facts)


def _plain(fact: Fact) -> str:
    when = "" if fact.start_s is None else f" from {fact.start_s:.1f} to {fact.end_s:.1f} s"
    return f"{fact.value}{when}."
