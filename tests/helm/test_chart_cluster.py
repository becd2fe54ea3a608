"""What the chart makes of its values: two roles, closed by default, that find each other."""

from __future__ import annotations

import pytest
from documents import MODES, environment, of_kind, one, pods

SELECTOR = {"app.kubernetes.io/name": "slsdiag", "app.kubernetes.io/instance": "rel"}


def test_defaults_are_bot_and_worker(render):
    objects = render()
    verbs = {
        each["metadata"]["name"]: each["spec"]["template"]["spec"]["containers"][0]["args"]
        for each in of_kind(objects, "Deployment")
    }

    assert verbs == {"rel-slsdiag-bot": ["serve"], "rel-slsdiag-worker": ["worker"]}
    assert one(objects, "Deployment", "-bot")["spec"]["replicas"] == 2
    assert environment(objects, "bot")["SLSDIAG_WORKERS"] == "0"
    assert environment(objects, "worker")["SLSDIAG_WORKERS"] == "16"


def test_interface_values_do_what_they_say(render):
    objects = render(None, "bot.replicas=5", "worker.replicas=7", 'redis.url="rediss://cache"')

    assert one(objects, "Deployment", "-bot")["spec"]["replicas"] == 5
    assert one(objects, "Deployment", "-worker")["spec"]["replicas"] == 7
    assert environment(objects, "worker")["REDIS_URL"] == "rediss://cache"
    closed = render(None, "networkPolicy.enabled=false", "podDisruptionBudget.enabled=false")
    assert not of_kind(closed, "NetworkPolicy")
    assert not of_kind(closed, "PodDisruptionBudget")


@pytest.mark.parametrize("mode", [None, *MODES])
def test_pods_are_restricted(render, mode):
    """The pod security standard of that name, and more."""
    for pod in pods(render(mode)):
        spec = pod["spec"]
        assert spec["automountServiceAccountToken"] is False
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(spec)
        assert not any("hostPath" in each for each in spec.get("volumes", ()))
        for container in spec["containers"]:
            context = container["securityContext"]
            assert context["runAsNonRoot"] is True
            assert context["runAsUser"] == 10001
            assert context["readOnlyRootFilesystem"] is True
            assert context["allowPrivilegeEscalation"] is False
            assert context["capabilities"] == {"drop": ["ALL"]}
            assert "memory" in container["resources"]["limits"]
            assert "cpu" not in container["resources"]["limits"]


@pytest.mark.parametrize("mode", [None, *MODES])
def test_selectors_find_pods(render, mode):
    objects = render(mode)
    labels = [pod["metadata"]["labels"] for pod in pods(objects)]
    for each in of_kind(objects, "Service"):
        assert any(each["spec"]["selector"].items() <= label.items() for label in labels)
    for kind in ("PodDisruptionBudget", "Deployment"):
        for each in of_kind(objects, kind):
            wanted = each["spec"]["selector"]["matchLabels"]
            assert sum(wanted.items() <= label.items() for label in labels) == 1


def test_monitor_finds_the_services(render):
    objects = render("everything")
    monitor = one(objects, "ServiceMonitor")["spec"]
    for service in of_kind(objects, "Service"):
        assert monitor["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
        assert monitor["endpoints"][0]["port"] in {e["name"] for e in service["spec"]["ports"]}
    assert monitor["namespaceSelector"]["matchNames"] == ["tools"]


def test_operators_objects_wait_for_the_operator(render):
    on = ("serviceMonitor.enabled=true", "prometheusRule.enabled=true")
    skipped = (
        'serviceMonitor.renderMode="skipIfMissing"',
        'prometheusRule.renderMode="skipIfMissing"',
    )

    assert {"ServiceMonitor", "PrometheusRule"} <= {e["kind"] for e in render(None, *on)}
    kinds = {each["kind"] for each in render(None, *on, *skipped)}
    assert not kinds & {"ServiceMonitor", "PrometheusRule"}


def test_embedded_store_is_one_pod_on_one_volume(render):
    objects = render("embedded")
    (bot,) = of_kind(objects, "Deployment")
    spec = bot["spec"]["template"]["spec"]
    volume = one(objects, "PersistentVolumeClaim")
    given = environment(objects, "bot")

    assert bot["spec"]["strategy"] == {"type": "Recreate"}
    assert bot["spec"]["replicas"] == 1
    assert given["SLSDIAG_WORKERS"] == "16"
    assert "REDIS_URL" not in given
    claims = [each.get("persistentVolumeClaim") for each in spec["volumes"]]
    assert {"claimName": volume["metadata"]["name"]} in claims
    mounts = {each["name"]: each["mountPath"] for each in spec["containers"][0]["volumeMounts"]}
    assert given["SLSDIAG_STATE_DIR"] == mounts["state"]
    assert volume["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep"


@pytest.mark.parametrize("mode", ["keda", "hpa"])
def test_scaled_workers_have_no_fixed_number(render, mode):
    objects = render(mode)
    kind = {"keda": "ScaledObject", "hpa": "HorizontalPodAutoscaler"}[mode]
    worker = one(objects, "Deployment", "-worker")

    assert "replicas" not in worker["spec"]
    target = one(objects, kind)["spec"]["scaleTargetRef"]["name"]
    assert target == worker["metadata"]["name"]


def test_keda_asks_for_the_queues_that_the_bot_fills(render, redis, redis_url):
    """The names are of lists that a real broker makes."""
    from dramatiq import Message

    from bot.jobs.broker import Broker, Queue

    broker = Broker(redis_url)
    for queue in vars(broker).values():
        if isinstance(queue, Queue):
            queue.enqueue(Message(queue.name, queue.name, (), {}, {}))
    broker.close()
    lists = {key for key in redis.scan_iter() if redis.type(key) == "list"}

    triggers = [
        each["metadata"] for each in one(render("keda"), "ScaledObject")["spec"]["triggers"]
    ]
    assert {each["listName"] for each in triggers} == lists


def test_keda_reads_the_address_from_the_url(render):
    first, *_ = one(render("everything"), "ScaledObject")["spec"]["triggers"]
    own, *_ = one(render("keda"), "ScaledObject")["spec"]["triggers"]

    assert first["metadata"]["address"] == "cache.example.com:6379"
    assert first["metadata"]["enableTLS"] == "true"
    assert own["authenticationRef"]["name"] == "rel-slsdiag-worker"


def test_pods_roll_when_a_setting_changes(render):
    def sums(*sets):
        return [
            p["metadata"]["annotations"]["checksum/config"] for p in pods(render(None, *sets))[:2]
        ]

    assert sums() == sums()
    assert sums() != sums("settings.awsRate=0.25")


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        ("rediss://cache:6379", "rediss://:$(REDIS_PASSWORD)@cache:6379"),
        ("rediss://ada@cache:6379/1", "rediss://ada:$(REDIS_PASSWORD)@cache:6379/1"),
    ],
)
def test_password_is_put_into_the_address_by_kubernetes(render, url, whole):
    objects = render(None, f'redis.url="{url}"', 'redis.passwordKey="password"')
    given = list(environment(objects, "worker").items())

    # Kubernetes fills in only what stands before.
    assert given[-2:] == [("REDIS_PASSWORD", "password"), ("REDIS_URL", whole)]


def test_secrets_come_from_the_named_ones(render):
    container = one(render("everything"), "Deployment", "-bot")["spec"]["template"]["spec"]
    refs = {
        each["name"]: each["valueFrom"]["secretKeyRef"]
        for each in container["containers"][0]["env"]
        if "valueFrom" in each
    }

    assert refs["SLACK_BOT_TOKEN"] == {"name": "slack-app", "key": "bot-token"}
    assert refs["SLACK_SIGNING_SECRET"] == {"name": "slack-app", "key": "signing-secret"}
    assert "SLACK_APP_TOKEN" not in refs


def test_image_is_the_charts_version_or_a_digest(render):
    def image(mode):
        return one(render(mode), "Deployment", "-bot")["spec"]["template"]["spec"]["containers"][0][
            "image"
        ]

    assert image(None) == "slsdiag:0.1.0"
    assert image("everything").startswith("registry.example.com/tools/slsdiag@sha256:")


def test_role_comes_by_the_service_account(render):
    objects = render("everything")
    account = one(objects, "ServiceAccount")

    assert account["metadata"]["annotations"] == {
        "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/slsdiag"
    }
    for pod in pods(objects):
        assert pod["spec"]["serviceAccountName"] == account["metadata"]["name"]


def test_extra_objects_are_filled_in(render):
    names = {each["metadata"]["name"] for each in of_kind(render("everything"), "ConfigMap")}

    assert {"diagnosis-aws", "another"} <= names


def test_network_is_closed_but_for_what_is_needed(render):
    policy = one(render("socket"), "NetworkPolicy")["spec"]

    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert [each["ports"][0]["port"] for each in policy["ingress"]] == ["admin"]
    assert [port["port"] for rule in policy["egress"] for port in rule["ports"]] == [
        53,
        53,
        443,
        6379,
    ]
    # The node's own credentials are never within reach.
    everywhere = policy["egress"][1]["to"][0]["ipBlock"]
    assert everywhere == {"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}


def test_network_lets_slack_in_by_http_only(render):
    policy = one(render("everything"), "NetworkPolicy")["spec"]

    assert [each["ports"][0]["port"] for each in policy["ingress"]] == ["admin", "http"]
    assert {"cidr": "169.254.170.23/32"} in [e.get("ipBlock") for e in policy["egress"][3]["to"]]


@pytest.mark.parametrize("mode", MODES)
def test_the_test_pod_may_ask_the_bot(render, mode):
    objects = render(mode)
    test = one(objects, "Pod", "-test")
    address = test["spec"]["containers"][0]["args"][1]
    service = one(objects, "Service", "-bot")

    assert test["metadata"]["annotations"]["helm.sh/hook"] == "test"
    assert address == (
        f"http://{service['metadata']['name']}.{service['metadata']['namespace']}:8080/readyz"
    )
    for policy in of_kind(objects, "NetworkPolicy"):
        let_in = policy["spec"]["ingress"][0]["from"][0]["podSelector"]["matchLabels"]
        assert let_in.items() <= test["metadata"]["labels"].items()


@pytest.mark.parametrize("mode", ["http", "gateway"])
def test_slacks_path_leads_to_the_bot(render, mode):
    objects = render(mode)
    service = one(objects, "Service", "-bot")
    ports = {each["name"]: each["port"] for each in service["spec"]["ports"]}
    if mode == "http":
        path = one(objects, "Ingress")["spec"]["rules"][0]["http"]["paths"][0]
        assert path["path"] == "/slack/events"
        assert path["backend"]["service"]["name"] == service["metadata"]["name"]
        assert path["backend"]["service"]["port"]["name"] in ports
    else:
        rule = one(objects, "HTTPRoute")["spec"]["rules"][0]
        assert rule["matches"][0]["path"]["value"] == "/slack/events"
        assert rule["backendRefs"][0]["port"] == ports["http"]


def test_a_stop_has_time_to_drain(render):
    """20 seconds, after what HTTP mode waits first, and some to spare."""
    for mode in MODES:
        for deployment in of_kind(render(mode), "Deployment"):
            spec = deployment["spec"]["template"]["spec"]
            before = spec["containers"][0].get("lifecycle", {}).get("preStop", {}).get("exec")
            waits = int(before["command"][1]) if before else 0
            assert spec["terminationGracePeriodSeconds"] >= waits + 20


def test_notes_name_the_next_steps_and_the_risks(helm):
    def notes(*sets):
        more = [word for each in sets for word in ("--set-json", each)]
        return helm("install", "rel", "helm", "--dry-run=client", *more).stdout.split("NOTES:")[1]

    assert "create secret generic slsdiag-slack" in notes()
    assert "helm test rel" in notes()
    assert "WARNING" not in notes()
    for risk, word in (
        (["bot.replicas=1"], "one replica"),
        (["networkPolicy.enabled=false"], "networkPolicy is off"),
        (['redis.url="redis://cache"'], "not encrypted"),
        (["settings.limits=null"], "nothing bounds"),
        (['image.tag="latest"'], "not one version"),
        (["bot.replicas=1", "redis.embedded.enabled=true"], "one pod with one volume"),
    ):
        assert "WARNING" in notes(*risk)
        assert word in notes(*risk)
