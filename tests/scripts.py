"""Scripted models, as `aurelia.testing` gives them to everyone."""

from aurelia.testing.scripts import STEPS as STEPS
from aurelia.testing.scripts import actor as actor
from aurelia.testing.scripts import caption as caption
from aurelia.testing.scripts import everyone as everyone
from aurelia.testing.scripts import failing as failing
from aurelia.testing.scripts import said as said
from aurelia.testing.scripts import script as script
from aurelia.testing.scripts import target as target
from aurelia.testing.scripts import verdict as verdict
