"""Every mode of the chart is something that Helm takes and Kubernetes would."""

from __future__ import annotations

import kubernetes_validate
import pytest
from documents import CHART, MODES

OLDEST, NEWEST = "1.27", "1.37"
OPERATORS = (
    "external-secrets.io",
    "gateway.networking.k8s.io",
    "keda.sh",
    "monitoring.coreos.com",
)


@pytest.mark.parametrize("mode", MODES)
def test_lint_finds_nothing(helm, mode):
    found = helm("lint", str(CHART), "--strict", "--values", str(CHART / f"ci/{mode}-values.yaml"))

    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
@pytest.mark.parametrize("mode", [None, *MODES])
def test_documents_are_what_kubernetes_takes(render, mode, version):
    for each in render(mode):
        if not each["apiVersion"].startswith(OPERATORS):
            kubernetes_validate.validate(each, version, strict=True)


@pytest.mark.parametrize("mode", MODES)
def test_operators_documents_are_what_they_publish(render, published, mode):
    theirs = [each for each in render(mode) if each["apiVersion"].startswith(OPERATORS)]

    assert published(theirs) == []


def test_every_operators_kind_is_tried(render):
    tried = {each["kind"] for mode in MODES for each in render(mode)}

    assert tried >= {
        "ExternalSecret",
        "HTTPRoute",
        "PrometheusRule",
        "ScaledObject",
        "ServiceMonitor",
        "TriggerAuthentication",
    }


def test_a_wrong_document_is_noticed(published):
    """The witnesses do see."""
    wrong = {"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "metadata": {"name": "x"}}

    assert published([wrong | {"spec": {"maxReplicaCount": "many"}}])
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(
            {"apiVersion": "v1", "kind": "Service", "spec": {"portz": []}}, NEWEST, strict=True
        )


@pytest.mark.parametrize("mode", [None, *MODES])
def test_names_are_used_once(render, mode):
    names = [(each["kind"], each["metadata"]["name"]) for each in render(mode)]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("mode", MODES)
def test_every_object_is_in_the_namespace(render, mode):
    wanted = "tools" if mode == "everything" else "ns"

    assert {each["metadata"]["namespace"] for each in render(mode)} == {wanted}
