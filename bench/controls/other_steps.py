"""Is it the loop's choice of steps that helps? Other steps, handed over in the same way."""

from dataclasses import dataclass

from aurelia.bench.controls.common import accepted, ask_with
from aurelia.bench.probes.clips import drawn
from aurelia.bench.run.condition import Decision, Item, Missing, Same, World
from aurelia.bench.run.steps import accepted_steps, calls_of, loop_calls, steps_of
from aurelia.types.trajectory import Trajectory

_MOST_PEERS = 24
"""So many rollouts of other clips are read before there is said to be no partner."""


@dataclass(frozen=True, slots=True)
class FirstPass:
    """The steps of pass 1, whatever the critic said of them: what `distilled` gains on this is
    what critic and feedback are worth; on the accepted subset as often as r*, over all samples more
    often."""

    name: str = "first_pass"
    title: str = "steps of pass 1"
    needs_rollout: bool = True
    cheap: bool = True

    async def decide(self, item: Item, world: World) -> Decision:
        """Ask with them."""
        run = item.rollout
        if run is None or not run.iterations:
            return Same("zero_shot", "there is no first pass of this sample")
        first = run.iterations[0].index
        # Summarizer and critic are what this does without.
        world.spend(call for call in calls_of(run, first) if call.role == "actor")
        steps = steps_of(run, first, item.form, world.settings.leaks)
        if steps.text and steps.text == accepted(item, world).text:
            return Same("distilled", f"pass {first} is the one that was accepted")
        return ask_with(steps, item, f"pass {first}, unconditionally")


@dataclass(frozen=True, slots=True)
class OtherClipSteps:
    """Accepted steps of another clip with the same kind of question and another answer. What this
    gains is the form of the help, not its content."""

    name: str = "other_clip_steps"
    title: str = "steps of another clip"
    needs_rollout: bool = True
    cheap: bool = True

    async def decide(self, item: Item, world: World) -> Decision:
        """Ask with the steps of a clip that is drawn by the run's seed."""
        settings = world.settings
        peers = drawn(world.peers(item.sample), settings.seed, self.name, item.sample.id)
        for peer in peers[:_MOST_PEERS]:
            run = await world.rollout(peer.id)
            steps = accepted_steps(run, item.form, settings.leaks)
            if run is not None and steps.text:
                world.spend(loop_calls(run))
                return ask_with(steps, item, f"accepted for {peer.id}")
        return Missing(
            "no other clip has accepted steps for a question of this kind with another answer"
        )


@dataclass(frozen=True, slots=True)
class RandomAcceptance:
    """A pass drawn at random instead of the one that the critic accepted: what `distilled` gains
    on this, on the accepted subset, is what the critic's choice is worth. Over all samples it is
    less clear: this hands steps over where the critic accepted none, too. It takes rollouts that
    ran every pass, for of others the critic has chosen which passes there are."""

    name: str = "random_acceptance"
    title: str = "a random pass accepted"
    needs_rollout: bool = True
    cheap: bool = True

    async def decide(self, item: Item, world: World) -> Decision:
        """Ask with the steps of the pass that is drawn by the run's seed."""
        run = item.rollout
        if run is None:
            return Missing("there is no rollout of this sample")
        if not _full_depth(run):
            return Missing(
                "the rollout ended where the critic accepted; generate with --stop-when never"
            )
        passes = [i.index for i in run.iterations if i.reasoning and i.reasoning.steps]
        if not passes:
            return Same("zero_shot", f"no pass has steps that could be read ({run.stop_reason})")
        purpose = (self.name, item.sample.id, str(item.repeat))
        index = drawn(passes, world.settings.seed, *purpose)[0]
        world.spend(calls_of(run, index))
        steps = steps_of(run, index, item.form, world.settings.leaks)
        if steps.text and steps.text == accepted(item, world).text:
            return Same("distilled", f"pass {index} was drawn, the one that the critic accepted")
        return ask_with(steps, item, f"pass {index} of {len(passes)}, drawn")


def _full_depth(run: Trajectory) -> bool:
    return run.context.get("stop_when") == "never" or run.context.get("max_iterations") == 1
