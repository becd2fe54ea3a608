"""The function's parts: configuration, log group, filters, invocations, log, traffic."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from bot.aws import configuration, invocations
from bot.aws.asked import Asked
from bot.aws.configuration import Configuration
from bot.aws.error_codes import DENIED, EXPIRED, NOT_ENABLED, SKEWED
from bot.aws.operations import FUNCTION_CONFIGURATION
from bot.aws.own_log import OwnLog, first_look, own_log
from bot.aws.refusals import (
    GARBLED,
    NO_CREDENTIALS,
    code_of,
    failure,
    garbled,
    refusal,
)
from bot.aws.traffic import Leads, leads, resources, traffic
from bot.aws.waves import Wave
from bot.errors import Denied, NoCredentials, NoSuchFunction, SlsdiagError, Unreachable
from checks.evidence import Invocations, Missing, Traffic

NO_CREDENTIALS_SAID = "There are no usable AWS credentials: set AWS_PROFILE or the AWS_… variables."


@dataclass(frozen=True, slots=True)
class FunctionParts:
    """What is this function's alone."""

    configuration: Configuration
    log: OwnLog
    invocations: Invocations | Missing
    resources: tuple[str, ...]
    """By which CloudWatch counts those invocations; none for the whole function's."""
    traffic: Traffic | Missing


def function_parts(wave: Wave, asked: Asked) -> FunctionParts:
    """Raises a SlsdiagError when not even the configuration can be had."""
    config = wave.ask("configuration", lambda: _configuration(asked))
    look = first_look(wave, asked, asked.default_group)
    listed = wave.ask("aliases", lambda: leads(asked))
    counted = wave.begin(lambda: _invocations(wave, asked, listed))
    found = wave.get(config)
    had = _had(found)
    busy = wave.ask("versions", lambda: traffic(wave, asked, wave.get(listed)))
    counts = wave.get(counted)
    names, invoked = ((), counts) if isinstance(counts, Missing) else counts
    log = wave.get(wave.begin(lambda: own_log(wave, asked, had, invoked, look)))
    late = OwnLog(log, log, log) if isinstance(log, Missing) else log
    return FunctionParts(had, late, invoked, names, wave.get(busy))


def _invocations(
    wave: Wave, asked: Asked, listed: Future[Leads | Missing]
) -> tuple[tuple[str, ...], Invocations | Missing]:
    """Only a version's number has to wait for the aliases that lead to it."""
    numbered = (asked.qualifier or "").isdigit()
    names = resources(asked, wave.get(listed) if numbered else ())
    recent = wave.ask("invocations", lambda: invocations.recent(asked, names))
    older = wave.ask("earlier invocations", lambda: invocations.older(asked, names))
    return names, invocations.joined(wave.get(recent), wave.get(older), asked.now)


def _had(found: Configuration | SlsdiagError | Missing) -> Configuration:
    if isinstance(found, SlsdiagError):
        raise found
    if isinstance(found, Missing):
        raise Unreachable(found.why)
    return found


def _configuration(asked: Asked) -> Configuration | SlsdiagError:
    """The configuration, or why there is nothing to check."""
    try:
        return configuration.read(asked.account, asked.region, asked.name, asked.qualifier)
    except ClientError as error:
        return _refused(error, asked)
    except NO_CREDENTIALS:
        return NoCredentials(NO_CREDENTIALS_SAID)
    except BotoCoreError as error:
        return Unreachable(failure(error, FUNCTION_CONFIGURATION, asked.region).why)
    except GARBLED:
        return Unreachable(garbled(FUNCTION_CONFIGURATION, asked.region).why)


def _refused(error: ClientError, asked: Asked) -> SlsdiagError:
    code = code_of(error)
    why = refusal(error, FUNCTION_CONFIGURATION, asked.region).why
    if code == "ResourceNotFoundException":
        spelled = f"{asked.name}:{asked.qualifier}" if asked.qualifier else asked.name
        where = f"{asked.region}{f' of {asked.account.id}' if asked.account.id else ''}"
        return NoSuchFunction(f"There is no function {spelled} in {where}.")
    if code in DENIED:
        return Denied(f"The configuration of {asked.name} may not be read: {why}")
    if code in NOT_ENABLED:
        return NoCredentials(f"AWS does not accept these credentials in {asked.region}.")
    return NoCredentials(why) if code in EXPIRED | SKEWED else Unreachable(why)
