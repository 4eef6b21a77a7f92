"""`aurelia generate`: the loop over all samples of a file, unattended; the same command goes on."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from aurelia.cli.role_options import Actor, Critic, Panel, Summarizer, Target

if TYPE_CHECKING:
    from aurelia.bench.generate.order import Order
    from aurelia.bench.sample import Sample


def generate(
    samples: Annotated[
        Path, typer.Argument(metavar="SAMPLES.jsonl", help="What to generate reasoning for.")
    ],
    output: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="DIR", help="Where rollouts are kept."),
    ],
    variant: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=PROMPTS",
            help="A prompt set or folder to run by this name, in place of `default`; repeatable.",
        ),
    ] = None,
    repeat: Annotated[
        int, typer.Option(metavar="N", min=1, help="Independent rollouts of each sample.")
    ] = 1,
    limit: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Only the first N samples.")
    ] = None,
    at_once: Annotated[
        int, typer.Option("-j", "--at-once", metavar="N", min=1, help="Rollouts under way.")
    ] = 8,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Ask again for rollouts that failed.")
    ] = False,
    give_up_after: Annotated[
        int,
        typer.Option(
            metavar="N", min=0, help="Stop when the models of so many in a row failed; 0: never."
        ),
    ] = 50,
    max_cost: Annotated[
        float | None,
        typer.Option(metavar="USD", min=0, help="Begin no more once all have cost this much."),
    ] = None,
    max_cost_each: Annotated[
        float | None, typer.Option(metavar="USD", help="Stop a rollout that has cost this much.")
    ] = None,
    actor: Actor = None,
    summarizer: Summarizer = None,
    critic: Critic = None,
    target: Target = None,
    panel: Panel = None,
    threshold: Annotated[
        float | None,
        typer.Option(metavar="N", min=1, max=10, help="Accept at this score, 1 to 10."),
    ] = None,
    max_iterations: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Give up after so many passes.")
    ] = None,
    stop_when: Annotated[
        Literal["accepted", "never"] | None,
        typer.Option(help="`never` makes every pass, for thresholds to be replayed."),
    ] = None,
    prompts: Annotated[
        str | None,
        typer.Option(metavar="SET_OR_DIR", help="A prompt set by name, or a folder of templates."),
    ] = None,
    evidence: Annotated[
        str | None,
        typer.Option(
            metavar="WHEN",
            help="Measured sentences for models: off, missing_modalities or always.",
        ),
    ] = None,
    preset: Annotated[
        str | None, typer.Option(metavar="P", help="Named settings: default or published.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(metavar="S", min=0, help="Which draw the first repeat is.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The summary as JSON.")] = False,
) -> None:
    """Run the loop on every sample, and keep each rollout as soon as it has ended.

    The same command goes on after a kill, a crash or Ctrl-C: what has ended stands, and no reply
    that was recorded is paid for again.
    """
    from aurelia.bench.generate.order import Order, check_run_cost, make_variants, named_variants
    from aurelia.bench.generate.pool import Bounds
    from aurelia.bench.sample import read_samples
    from aurelia.errors import InputError

    try:
        listed = read_samples(samples)
    except InputError as error:
        raise InputError(f"{error} Nothing was started.") from None
    given: dict[str, Any] = {
        "actor": actor,
        "summarizer": summarizer,
        "critic": critic,
        "target": target,
        "panel": panel or None,
        "threshold": threshold,
        "max_iterations": max_iterations,
        "stop_when": stop_when,
        "prompts": prompts,
        "evidence": evidence,
        "preset": preset,
        "max_cost": max_cost_each,
        "seed": seed,
    }
    settings = {name: value for name, value in given.items() if value is not None}
    variants = make_variants(named_variants(variant or ()), settings)
    order = Order(samples, listed[:limit], variants, repeat)
    check_run_cost(order, max_cost)
    _run(order, listed, output, Bounds(at_once, max_cost, give_up_after, retry_failed), as_json)


def _run(order: "Order", listed: "list[Sample]", folder: Path, bounds: Any, as_json: bool) -> None:
    """Generate with a view, and leave with the exit code of the run."""
    import signal

    from aurelia.bench.generate.run import generate as make
    from aurelia.cli.console import write_result
    from aurelia.cli.exits import FAILED, INTERRUPTED
    from aurelia.cli.generate_end import as_summary, exit_of, interrupted_rows, rows_of
    from aurelia.cli.generate_view import GenerateView
    from aurelia.cli.rows import show

    view = GenerateView(order, folder)
    # What ends a job on a cluster; it is to end as Ctrl-C does.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with view:
            ended = make(
                order, listed, folder, bounds, on_start=view.on_start, on_rollout=view.on_rollout
            )
    except KeyboardInterrupt:
        show(view.console, interrupted_rows(view.tally, len(order), folder))
        raise typer.Exit(INTERRUPTED) from None
    finally:
        signal.signal(signal.SIGTERM, before)
    show(view.console, rows_of(ended, order, folder, view.failures))
    if as_json:
        write_result(as_summary(ended, order, folder))
    if not exit_of(ended):
        raise typer.Exit(FAILED)
