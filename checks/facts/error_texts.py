"""
What an error text of the instrumentation means: its kind.

Texts as AWS and the platform write them (public issue threads, botocore's models; read
2026-11-29), matched by their stable words and tolerantly, because Dashboard cuts and rewrites
them. The order matters: what is distinguished by more words comes first. "Rate exceeded" is AWS's
throttling, while the runbook takes it for a full filter limit: whoever asks must count the
filters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from checks.facts.denials import DeniedBy, denied_by
from checks.facts.fact import Certainty, Fact


class ErrorKind(StrEnum):
    """The kinds that have a remedy of their own, as people read them."""

    SERVICE_CONTROL_POLICY = "service control policy"
    BOUNDARY = "permissions boundary"
    LAYER_NOT_SHARED = "layer not shared or not there"
    TRUST = "trust"
    FIREHOSE_QUOTA = "Firehose quota"
    FIREHOSE_ROLE = "Firehose role"
    FIREHOSE_MISSING = "missing Firehose"
    FIREHOSE_NOT_READY = "Firehose not ready"
    LOG_CLASS = "log class"
    NO_LOG_GROUP = "no log group"
    CODE_STORAGE = "code storage"
    CODE_SIZE = "code size"
    LAYER_VERSIONS = "two versions of a layer"
    LAYERS = "layer limit"
    ENVIRONMENT = "environment size"
    RESERVED_VARIABLE = "reserved variable"
    KMS = "KMS key"
    RUNTIME = "runtime"
    IN_PROGRESS = "update in progress"
    EXECUTION_ROLE = "execution role"
    NETWORK = "VPC"
    IMAGE = "container image"
    FILE_SYSTEM = "file system"
    PACKAGE = "package"
    START = "function's start"
    CAPACITY = "capacity"
    FUNCTION_GONE = "function gone"
    TRAILS = "CloudTrail quota"
    ROLE_EXISTS = "role exists"
    ROLE_DELETED = "role deleted"
    POLICIES_ATTACHED = "policies attached to a role"
    BUCKET_NOT_EMPTY = "bucket not empty"
    CUSTOM_RESOURCE = "custom resource"
    QUOTA = "quota of roles or buckets"
    OTHER_ORG = "other organization"
    REGION = "region"
    FILTER_LIMIT = "filter limit"
    THROTTLED = "throttling"
    OTHER = "other"


QUOTED = 300
"""Characters of a text that are shown."""

_PATTERNS: tuple[tuple[ErrorKind, str], ...] = (
    (
        ErrorKind.LAYER_NOT_SHARED,
        r"not authorized to perform: lambda:GetLayerVersion|Layer version .{0,200}does not exist",
    ),
    (ErrorKind.TRUST, r"not authorized to perform: sts:AssumeRole"),
    (ErrorKind.FIREHOSE_QUOTA, r"limit of \d+ delivery streams"),
    (ErrorKind.FIREHOSE_ROLE, r"Firehose is unable to assume role"),
    (ErrorKind.FIREHOSE_MISSING, r"Firehose .{0,80}not found"),
    (ErrorKind.FIREHOSE_NOT_READY, r"could not deliver test message"),
    (ErrorKind.LOG_CLASS, r"not supported for log groups in the \w+ class"),
    (ErrorKind.NO_LOG_GROUP, r"specified log group does not exist"),
    (ErrorKind.CODE_STORAGE, r"code ?storage ?(limit )?exceeded"),
    (
        ErrorKind.CODE_SIZE,
        r"uncompressed size is greater than( the)? max|maximum allowed size of \d+"
        r"|available size of \d+|Unzipped size must be smaller|Layers consume more than",
    ),
    (ErrorKind.LAYER_VERSIONS, r"two different versions of the same layer"),
    (
        ErrorKind.LAYERS,
        r"more than (5|five) layers|'layers' failed .{0,120}less than or equal to 5",
    ),
    (
        ErrorKind.ENVIRONMENT,
        r"exceeded the 4 ?KB limit|4 ?KB limit|smaller than 5120 bytes",
    ),
    (ErrorKind.RESERVED_VARIABLE, r"reserved keys"),
    (
        ErrorKind.KMS,
        r"KMS key .{0,120}(invalid|not found|disabled)|unable to decrypt the environment variables"
        r"|KMSKey|KMSAccessDenied|KMSInvalid|KMSDisabled|KMSNotFound|KMS access was denied",
    ),
    (ErrorKind.RUNTIME, r"runtime parameter of .{0,60}no longer supported"),
    (ErrorKind.IN_PROGRESS, r"update is in progress|ResourceConflict|state: Pending"),
    (
        ErrorKind.EXECUTION_ROLE,
        r"cannot be assumed by Lambda|does not have permissions to call CreateNetworkInterface",
    ),
    (ErrorKind.NETWORK, r"set up VPC access"),
    (ErrorKind.FUNCTION_GONE, r"Function not found"),
    (ErrorKind.TRAILS, r"MaximumNumberOfTrails|already has \d+ trails"),
    (
        ErrorKind.ROLE_EXISTS,
        r"Role with name \S+ already exists|EntityAlreadyExists"
        r"|AWS::IAM::Role.{0,120}already exists|Serverless\w*Role\W{1,3}already exists",
    ),
    (ErrorKind.POLICIES_ATTACHED, r"must detach all policies"),
    (ErrorKind.BUCKET_NOT_EMPTY, r"bucket you tried to delete is not empty|BucketNotEmpty"),
    (ErrorKind.ROLE_DELETED, r"role with name \S+ cannot be found"),
    (ErrorKind.QUOTA, r"Cannot exceed quota for|TooManyBuckets"),
    (ErrorKind.OTHER_ORG, r"already integrated with another org"),
    (ErrorKind.REGION, r"RegionDisabled|STS is not activated"),
    (ErrorKind.FILTER_LIMIT, r"resource limit exceeded|LimitExceededException"),
    (ErrorKind.CUSTOM_RESOURCE, r"from custom resource"),
    (ErrorKind.THROTTLED, r"rate \(?(limit\)? )?exceeded|TooManyRequests|Throttl"),
)

_DENIALS: Mapping[DeniedBy | None, ErrorKind] = {
    DeniedBy.SERVICE_CONTROL_POLICY: ErrorKind.SERVICE_CONTROL_POLICY,
    DeniedBy.RESOURCE_CONTROL_POLICY: ErrorKind.SERVICE_CONTROL_POLICY,
    DeniedBy.PERMISSIONS_BOUNDARY: ErrorKind.BOUNDARY,
}

REASON_CODES: Fact[Mapping[str, ErrorKind]] = Fact(
    "Lambda's codes for a failed update or state, by the kind of error that each is",
    {
        **dict.fromkeys(
            (
                "EniLimitExceeded",
                "SubnetOutOfIPAddresses",
                "InvalidSubnet",
                "InvalidSecurityGroup",
                "DisallowedByVpcEncryptionControl",
            ),
            ErrorKind.NETWORK,
        ),
        "InsufficientRolePermissions": ErrorKind.EXECUTION_ROLE,
        **dict.fromkeys(("ImageDeleted", "ImageAccessDenied", "InvalidImage"), ErrorKind.IMAGE),
        **dict.fromkeys(
            ("KMSKeyAccessDenied", "KMSKeyNotFound", "InvalidStateKMSKey", "DisabledKMSKey"),
            ErrorKind.KMS,
        ),
        **dict.fromkeys(
            ("EFSIOError", "EFSMountConnectivityError", "EFSMountFailure", "EFSMountTimeout"),
            ErrorKind.FILE_SYSTEM,
        ),
        "InvalidRuntime": ErrorKind.RUNTIME,
        "InvalidZipFileException": ErrorKind.PACKAGE,
        **dict.fromkeys(
            (
                "FunctionError",
                "FunctionError.InitTimeout",
                "FunctionError.RuntimeInitError",
                "FunctionError.ExtensionInitError",
                "FunctionError.InvalidEntryPoint",
                "FunctionError.InvalidWorkingDirectory",
                "FunctionError.PermissionDenied",
                "FunctionError.TooManyExtensions",
                "FunctionError.InitResourceExhausted",
            ),
            ErrorKind.START,
        ),
        **dict.fromkeys(
            (
                "ServiceQuotaExceededException",
                "VcpuLimitExceeded",
                "CapacityProviderScalingLimitExceeded",
                "InsufficientCapacity",
                "EC2RequestLimitExceeded",
                "IncompatibleAcceleratorInstanceTypes",
            ),
            ErrorKind.CAPACITY,
        ),
        **dict.fromkeys(
            (
                "Idle",
                "Creating",
                "Restoring",
                "DrainingDurableExecutions",
                "InvalidConfiguration",
                "InternalError",
                "DependencyError",
            ),
            ErrorKind.OTHER,
        ),
    },
    "botocore 1.44.5, Lambda StateReasonCode and LastUpdateStatusReasonCode",
    Certainty.READ,
)

OWN_REASONS = frozenset(
    {
        ErrorKind.KMS,
        ErrorKind.EXECUTION_ROLE,
        ErrorKind.NETWORK,
        ErrorKind.RUNTIME,
        ErrorKind.IMAGE,
        ErrorKind.FILE_SYSTEM,
        ErrorKind.PACKAGE,
        ErrorKind.START,
        ErrorKind.CAPACITY,
    }
)
"""Reasons for a failed update that have nothing to do with the instrumentation."""
OF_THE_SETUP = OWN_REASONS | {
    ErrorKind.LAYER_NOT_SHARED,
    ErrorKind.CODE_STORAGE,
    ErrorKind.CODE_SIZE,
    ErrorKind.LAYER_VERSIONS,
    ErrorKind.LAYERS,
    ErrorKind.ENVIRONMENT,
    ErrorKind.RESERVED_VARIABLE,
    ErrorKind.IN_PROGRESS,
}
"""What keeps layer and variables off a function; a payload proves that it has what it needs."""


def classify(text: str) -> ErrorKind:
    """The kind of `text`; OTHER where none is known."""
    if denial := _DENIALS.get(denied_by(text)):
        return denial
    for kind, pattern in _PATTERNS:
        if re.search(pattern, text, re.IGNORECASE | re.DOTALL):
            return kind
    words = (word.rstrip(".") for word in re.findall(r"[\w.]+", text))
    return next((REASON_CODES.value[w] for w in words if w in REASON_CODES.value), ErrorKind.OTHER)


def quoted(text: str) -> str:
    """`text` on one line, short, without the variables that AWS repeats after "String measured"."""
    line = " ".join(text.split("String measured", 1)[0].split())
    return f"{line[:QUOTED]}…" if len(line) > QUOTED else line
