"""What of the clip does an answer hang on? The two modes on clips with one thing changed."""

from dataclasses import dataclass

from aurelia.bench.controls.common import accepted, spend_loop
from aurelia.bench.probes.clips import make_probe, missing_probe, told
from aurelia.bench.run.condition import Ask, Decision, Item, Missing, Same, World
from aurelia.media.altered import PROBES, ProbeName

TITLES: dict[ProbeName, str] = {
    "muted": "muted",
    "other_audio": "another clip's sound",
    "shifted": "sound shifted",
    "frozen": "picture frozen",
}


@dataclass(frozen=True, slots=True)
class Probed:
    """Zero-shot, or with r*, on a probe of the clip. An answer that survives the loss of what the
    question is about was not read off it."""

    probe: ProbeName
    with_r_star: bool
    cheap: bool = False

    @property
    def name(self) -> str:
        """Such as `muted`, `muted_r_star`."""
        return f"{self.probe}_r_star" if self.with_r_star else self.probe

    @property
    def title(self) -> str:
        """As in tables."""
        return f"{TITLES[self.probe]}{', with r*' if self.with_r_star else ''}"

    @property
    def needs_rollout(self) -> bool:
        """Only with r*."""
        return self.with_r_star

    async def decide(self, item: Item, world: World) -> Decision:
        """Ask about the probe."""
        if why := await missing_probe(self.probe, item.sample, world):
            return Missing(why)
        if not self.with_r_star:
            done = (await make_probe(self.probe, item.sample, world)).parameters
            return Ask(clip=self.probe, note=told(done))
        spend_loop(item, world)
        steps = accepted(item, world)
        if not steps.text:
            return Same(self.probe, steps.why)
        done = (await make_probe(self.probe, item.sample, world)).parameters
        return Ask(
            clip=self.probe,
            r_star=steps.text,
            form=item.form,
            origin=steps.origin,
            note=told(done),
        )


PROBED = tuple(Probed(probe, with_r_star) for probe in PROBES for with_r_star in (False, True))
