"""
What the value of AWS_LAMBDA_EXEC_WRAPPER leads to, by its spelling and the layers.

The runtime's bootstrap takes the value to the letter: with blanks or quotation marks around it
the path does not exist, and the function exits with status 127 (read in public copies of the
bootstrap). Layers are unpacked in /opt, the function's own code in /var/task (AWS Lambda).
"""

from __future__ import annotations

from dataclasses import dataclass

from checks.facts.other_tools import owner_of_wrapper
from checks.facts.sdk import NODE, PYTHON, Language, is_our_wrapper, layer_of, only_ours

ABSENT = "The exec wrapper does not exist"
_QUOTES = "'\"`“”‘’"


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A value that is not empty."""

    value: str
    path: str
    """Without blanks and quotation marks around it."""

    @property
    def language(self) -> Language | None:
        """Whose wrapper of the SDK's it is, to the letter."""
        return next(
            (language for language in (NODE, PYTHON) if self.path == language.wrapper), None
        )

    @property
    def of_sdk(self) -> bool:
        """Whether the SDK's own is meant."""
        return is_our_wrapper(self.path)

    @property
    def owner(self) -> str | None:
        """The other tool that is known to have it."""
        return owner_of_wrapper(self.path)

    @property
    def in_the_code(self) -> bool:
        """Whether it is a file of the function's own code."""
        return self.path.startswith("/var/task/")

    @property
    def flaw(self) -> str | None:
        """What is around the path that does not belong there, in words."""
        if self.value == self.path:
            return None
        inside = self.value.strip()
        return "blanks around it" if inside == self.path else "quotation marks around it"

    @property
    def described(self) -> str:
        """'/opt/x ', with blanks around it"""
        if self.flaw:
            return f"{self.value!r}, with {self.flaw}"
        return f"{self.path}, {self._whose}"

    @property
    def belongs(self) -> str:
        """Whose it is: belongs to Lumigo (/opt/lumigo_wrapper)."""
        return f"belongs to {self.owner} ({self.path})" if self.owner else f"is {self.described}"

    @property
    def _whose(self) -> str:
        if self.owner:
            return f"which is {self.owner}'s"
        if self.in_the_code:
            return "a script of the function's own"
        return "which is not a file of the SDK's" if self.of_sdk else "which is another tool's"

    @property
    def headline_if_absent(self) -> str:
        """Where there is no such file."""
        if self.flaw:
            return f"The exec wrapper's path has {self.flaw}"
        if self.of_sdk:
            return "The exec wrapper's path is wrong"
        return f"{_begun(self.owner)} exec wrapper does not exist" if self.owner else ABSENT

    def leads_nowhere(self, runtime: str | None, layers: tuple[str, ...], *, ran: bool) -> bool:
        """
        Whether there is no such file, as far as spelling and layers show.

        `ran` is what the log knows better, except of the SDK's files, which are in its layers
        and nowhere else. An image may hold anything, and provided.* knows no wrapper.
        """
        if runtime is None or runtime.startswith("provided"):
            return False
        if self.language and not self.flaw:
            return not layer_of(self.language, layers)
        if ran:
            return False
        return bool(self.flaw) or self.of_sdk or (self._in_a_layer and only_ours(layers))

    @property
    def _in_a_layer(self) -> bool:
        return self.path.startswith("/opt/")


def _begun(owner: str) -> str:
    return f"{owner[0].upper()}{owner[1:]}'s"


def wrapper_of(value: str) -> Wrapper:
    """`value` taken apart."""
    path = value.strip().strip(_QUOTES).strip()
    return Wrapper(value, path or value)
