"""The two modes that are compared, and the summarizer's caption as a control for captions."""

from dataclasses import dataclass

from aurelia.bench.run.condition import Ask, Decision, Given, Item, Missing, Same, World
from aurelia.bench.run.steps import accepted_steps, loop_calls


@dataclass(frozen=True, slots=True)
class ZeroShot:
    """The target by itself."""

    name: str = "zero_shot"
    title: str = "zero-shot"
    needs_rollout: bool = False
    cheap: bool = True

    async def decide(self, item: Item, world: World) -> Decision:
        """Ask without r*."""
        return Ask()


@dataclass(frozen=True, slots=True)
class Distilled:
    """The target with the accepted r*. By intention to treat: where there is none, the zero-shot
    reply stands, and the loop's calls were spent all the same. Of a log of full depth those count
    that a loop makes which stops at acceptance (`loop_calls`)."""

    name: str = "distilled"
    title: str = "with r*"
    needs_rollout: bool = True
    cheap: bool = True

    async def decide(self, item: Item, world: World) -> Decision:
        """Ask with r*, where there is one."""
        if item.rollout is not None:
            world.spend(loop_calls(item.rollout))
        steps = accepted_steps(item.rollout, item.form, world.settings.leaks)
        if not steps.text:
            return Same("zero_shot", steps.why)
        return Ask(r_star=steps.text, form=item.form, origin=steps.origin)


@dataclass(frozen=True, slots=True)
class SummarizerCaption:
    """Of captioning alone: what the summarizer wrote in the best pass, accepted or not. A target
    that says no more than this has gained a copy."""

    name: str = "summarizer_caption"
    title: str = "summarizer's caption"
    needs_rollout: bool = True
    cheap: bool = True

    async def decide(self, item: Item, world: World) -> Decision:
        """Hand the caption on as if it were a reply."""
        if item.sample.answer_type != "caption":
            return Missing("the question wants no caption")
        if item.rollout is None:
            return Given("", "there is no rollout of this sample, and so no caption")
        world.spend(loop_calls(item.rollout))
        passes = [i for i in item.rollout.iterations if i.caption]
        best = item.rollout.best_iteration or (passes[-1] if passes else None)
        if best is None or not best.caption:
            return Given("", f"no pass wrote a caption ({item.rollout.stop_reason})")
        return Given(best.caption, f"the summarizer's caption of pass {best.index}")


MODES = (ZeroShot(), Distilled())
