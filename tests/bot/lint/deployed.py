"""
A plan as it is once it is deployed into the fake account, and Dashboard has done what it could.

It follows the plan, not the templates, by what AWS and the frameworks document: so it knows nothing
of how lint reads files.
"""

from datetime import timedelta

from projects import layer_text

from bot.playground.account.demo_functions import FIREHOSE, NODE, PUBLISHER, PYTHON

ORG = "0b7c2f4e-5d1a-4c93-8f60-1a2b3c4d5e6f"
CONCATENATES = ("SAM", "SAM JSON")


def deploy(region, name, project, of, now):
    """`of` is a plan and the key of its function that is deployed as `name`."""
    plan, key = of
    own, shared = plan["functions"][key], plan["shared"]
    plain = {str(k): v for k, v in {**shared, **own}.items()}
    layers = [layer_text(each) for each in layers_of(project, plain, own, shared)]
    env = {str(k): v for k, v in {**env_of(shared), **env_of(own)}.items()}
    runtime = None if "image" in plain else plain["runtime"]
    answer = region.function(
        name, modified_at=now - timedelta(hours=1), runtime=runtime, layers=layers, environment=env
    )
    if runtime:
        answer["Handler"] = plain["handler"]
    group = region.group(f"/aws/lambda/{name}")
    for classes in plan.get("groups", {}).values():
        group.log_class = {str(k): v for k, v in classes}["LogGroupClass"]
    group.log_class = plain.get("log_class", group.log_class)
    for filter_, _ in plan.get("filters", []):
        where = f"arn:aws:lambda:{region.name}:{region.account}:function:forward"
        group.filters[str(filter_)] = where
    instrument(region, answer, group)


def env_of(settings):
    return next((v for k, v in settings.items() if k == "env"), {})


def layers_of(project, plain, own, shared):
    if project.kind in CONCATENATES:
        return [*shared.get("layers", []), *own.get("layers", [])]
    return plain.get("layers", [])


def instrument(region, answer, group):
    """Dashboard adds its layer, variables and filter, all or nothing."""
    runtime = answer.get("Runtime", "")
    language = {"nodejs": NODE, "python": PYTHON}.get(runtime.rstrip("0123456789.x"))
    variables = answer["Environment"]["Variables"]
    too_new = runtime.startswith("python3.") and int(runtime.split(".")[1]) >= 13
    full = len(str(variables)) > 3_900 or len(answer["Layers"]) >= 5 or len(group.filters) >= 5
    if language is None or too_new or full:
        return
    layer = f"arn:aws:lambda:{region.name}:{PUBLISHER}:layer:{language.layer}:1"
    answer["Layers"].append({"Arn": layer, "CodeSize": 100_000})
    variables.setdefault("AWS_LAMBDA_EXEC_WRAPPER", language.wrapper)
    variables["SLS_ORG_ID"] = ORG
    if group.log_class == "STANDARD":
        where = f"arn:aws:firehose:{region.name}:{region.account}:deliverystream/{FIREHOSE}"
        group.filters["serverless_logs-filter"] = where
