"""Every control, in the order in which tables list them."""

from aurelia.bench.controls.answers import ActorAnswer, TargetWithAnswer
from aurelia.bench.controls.best_of_k import BestOfK
from aurelia.bench.controls.blind_steps import BlindRStar, QuestionPlan
from aurelia.bench.controls.by_itself import SelfConsistency, StepByStep
from aurelia.bench.controls.no_clip import TextOnly, TextOnlyRStar
from aurelia.bench.controls.other_steps import FirstPass, OtherClipSteps, RandomAcceptance
from aurelia.bench.controls.probed import PROBED
from aurelia.bench.run.condition import Condition

CONTROLS: tuple[Condition, ...] = (
    ActorAnswer(),
    TargetWithAnswer(),
    FirstPass(),
    OtherClipSteps(),
    RandomAcceptance(),
    TextOnly(),
    TextOnlyRStar(),
    BlindRStar(),
    QuestionPlan(),
    StepByStep(),
    SelfConsistency(),
    BestOfK(),
    *PROBED,
)
