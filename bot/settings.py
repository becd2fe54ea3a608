"""
What differs between installations, read once from the environment; names in interface.md §5.

What is not here is a constant beside its use.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import UsageError


class AccountSettings(BaseModel, frozen=True, extra="forbid"):
    """One of SLSDIAG_ACCOUNTS."""

    role_arn: str | None = None
    external_id: str | None = None
    org_id: str | None = None
    regions: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


class LookingSettings(BaseSettings):
    """What a look at AWS needs; nothing in it is required."""

    model_config = SettingsConfigDict(env_prefix="SLSDIAG_", frozen=True, extra="ignore")

    org_id: str | None = None
    accounts: dict[str, AccountSettings] = Field(default_factory=dict)
    regions: Annotated[tuple[str, ...], NoDecode] = ()
    filter_limit: int = Field(default=2, ge=1)
    aws_rate: float = Field(default=0.5, gt=0, le=1)

    @field_validator("regions", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return (
            tuple(filter(None, map(str.strip, value.split(","))))
            if isinstance(value, str)
            else value
        )


def looking_settings() -> LookingSettings:
    """The settings, or a UsageError that names the variable."""
    try:
        return LookingSettings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"SLSDIAG_{str(first['loc'][0]).upper()}" if first["loc"] else "A setting"
        raise UsageError(f"{name} is not valid: {first['msg']}.") from None
    except Exception as error:
        # pydantic-settings wraps a JSON that cannot be read in an error of its own
        raise UsageError("SLSDIAG_ACCOUNTS is not a JSON object.") from error
