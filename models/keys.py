"""Which providers' keys are there. None is ever shown, not even in part."""

from collections.abc import Collection
from dataclasses import dataclass

from aurelia.settings import variable
from aurelia.types.finding import Finding


@dataclass(frozen=True, slots=True)
class Keys:
    """The variables that a provider's package reads, the first that is set counts.

    Attributes:
        alone: whether its client notices by itself that it has no key, as it may sign in otherwise.
        always: whether it is listed even where nobody uses it.
    """

    provider: str
    variables: tuple[str, ...]
    alone: bool = False
    always: bool = False


# Those without an extra of ours are as their packages document them.
PROVIDERS = (
    Keys("openai", ("OPENAI_API_KEY",), alone=True, always=True),
    Keys("google_genai", ("GOOGLE_API_KEY", "GEMINI_API_KEY"), alone=True, always=True),
    Keys("anthropic", ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"), always=True),
    Keys("azure_openai", ("AZURE_OPENAI_API_KEY",), alone=True),
    Keys("cohere", ("COHERE_API_KEY",)),
    Keys("deepseek", ("DEEPSEEK_API_KEY",)),
    Keys("fireworks", ("FIREWORKS_API_KEY",)),
    Keys("groq", ("GROQ_API_KEY",)),
    Keys("huggingface", ("HF_TOKEN", "HUGGINGFACEHUB_API_TOKEN")),
    Keys("mistralai", ("MISTRAL_API_KEY",)),
    Keys("nvidia", ("NVIDIA_API_KEY",)),
    Keys("openrouter", ("OPENROUTER_API_KEY",)),
    Keys("perplexity", ("PPLX_API_KEY",)),
    Keys("together", ("TOGETHER_API_KEY",)),
    Keys("xai", ("XAI_API_KEY",)),
)


def check_keys(used: Collection[str], more: Collection[str] = ()) -> list[Finding]:
    """A line for each key that is set, that a role needs, or that most people look for.

    Args:
        used: providers of the configured roles, such as `openai`.
        more: further variables that are to hold a key, such as those that profiles name.
    """
    found = []
    for keys in PROVIDERS:
        there = [name for name in keys.variables if variable(name)]
        if there or keys.always or keys.provider in used:
            found.append(_finding(keys, there, keys.provider in used))
    own = [name for name in dict.fromkeys(more) if not any(name in k.variables for k in PROVIDERS)]
    for name in own:
        keys = Keys("", (name,))
        there = [name] if variable(name) else []
        found.append(_finding(keys, there, True))
    return found


def unset_key(provider: str) -> str:
    """The variable that is to hold a provider's key, where none of its variables is set."""
    for keys in PROVIDERS:
        if keys.provider == provider and not any(variable(name) for name in keys.variables):
            return keys.variables[0]
    return ""


def _finding(keys: Keys, there: list[str], used: bool) -> Finding:
    names = " or ".join(keys.variables)
    whose = f"{keys.provider} models" if keys.provider else "a profile"
    if not there:
        blocks = used and not keys.alone
        need = "a configured role needs it" if used else f"only {whose} need it"
        text = f"not set; {need}"
        return Finding(names, "missing", text, f"export {keys.variables[0]}=…", blocks=blocks)
    name = there[0]
    value = variable(name) or ""
    if value != value.strip():
        text = "set, with white space before or after it, which a provider refuses"
        return Finding(name, "warning", text, f"set {name} again without it")
    also = f"; {there[1]} is set as well, and not read" if len(there) > 1 else ""
    return Finding(name, "ok", f"set{also}")
