"""What has no room for the SDK: code, layers, variables."""

from __future__ import annotations

from collections.abc import Mapping

from checks.actions import change_in_code
from checks.error_remedies.remedy import Remedy, do
from checks.facts.error_texts import ErrorKind
from checks.model import Action

REMEDIES: Mapping[ErrorKind, Remedy] = {
    ErrorKind.CODE_STORAGE: Remedy(
        "The account's code storage is full",
        do(
            Action(
                "Delete old function and layer versions that nothing uses, or raise the quota of "
                "75 GB",
                caution="a deleted version cannot be restored: check aliases first",
            )
        ),
    ),
    ErrorKind.CODE_SIZE: Remedy(
        "Code and layers are over the size limit",
        do(change_in_code("Remove unused dependencies or layers")),
    ),
    ErrorKind.LAYER_VERSIONS: Remedy(
        "Two versions of one layer are attached",
        do(change_in_code("Remove the older version of the layer")),
    ),
    ErrorKind.LAYERS: Remedy(
        "The function has five layers already",
        do(change_in_code("Remove one of the five layers, or merge two")),
    ),
    ErrorKind.ENVIRONMENT: Remedy(
        "The variables are over the 4 KB limit",
        do(change_in_code("Shorten variables, or move large values to Parameter Store or S3")),
    ),
    ErrorKind.RESERVED_VARIABLE: Remedy(
        "A variable has a name that Lambda reserves",
        do(change_in_code("Remove the reserved variable that the error names")),
    ),
}
