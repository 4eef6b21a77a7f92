"""What is known without the clip: the question alone, and r* alone (the functional leak)."""

from dataclasses import dataclass

from aurelia.bench.controls.common import accepted, control_prompt, spend_loop
from aurelia.bench.run.condition import NO_CLIP, Ask, Decision, Item, Same, World


@dataclass(frozen=True, slots=True)
class TextOnly:
    """The question without any media. Above chance, it can be guessed."""

    name: str = "text_only"
    title: str = "no clip"
    needs_rollout: bool = False
    cheap: bool = True

    async def decide(self, item: Item, world: World) -> Decision:
        """Ask without the clip."""
        prompt = await control_prompt("control_text_only", item, world)
        return Ask(clip=NO_CLIP, prompt=prompt)


@dataclass(frozen=True, slots=True)
class TextOnlyRStar:
    """The question and r*, without any media: what a reader gains from r* who can't follow it into
    the clip is what r* gives away."""

    name: str = "text_only_r_star"
    title: str = "no clip, with r*"
    needs_rollout: bool = True
    cheap: bool = True

    async def decide(self, item: Item, world: World) -> Decision:
        """Ask without the clip, with the r* that `distilled` hands over."""
        spend_loop(item, world)
        steps = accepted(item, world)
        if not steps.text:
            return Same("text_only", steps.why)
        prompt = await control_prompt("control_text_only_r_star", item, world)
        return Ask(
            clip=NO_CLIP, prompt=prompt, r_star=steps.text, form=item.form, origin=steps.origin
        )
