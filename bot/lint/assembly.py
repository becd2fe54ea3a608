"""A function's properties, by CloudFormation's names → what is planned. Pure; all readers end here."""

from __future__ import annotations

from bot.aws.texts import identifier
from bot.lint.facets import or_anything, planned_layers, planned_text, planned_variables
from bot.lint.log_settings import dropped_by_level
from bot.lint.model import Changer, Planned, PlannedFunction, Serving
from bot.lint.serving import DURABLE, MANAGED, SNAP_START
from bot.lint.tree import Node, Place
from checks.facts.log_classes import STANDARD

NO_RUNTIME = "the file does not name the runtime"


def configured(
    key: str, name: str, properties: Node, place: Place, changer: Changer | None = None
) -> PlannedFunction:
    """What the properties alone say; `changer` may change layers, variables and handler."""
    get = properties.get
    everything = None if changer is None or changer.only_variables else changer
    return PlannedFunction(
        key=identifier(key),
        place=place,
        name=identifier(name),
        region=None,
        runtime=_runtime(properties, place),
        handler=or_anything(planned_text(get("Handler"), place), everything),
        layers=or_anything(planned_layers(get("Layers"), place), everything),
        variables=planned_variables(_variables(properties), place, changer),
        log_class=Planned((STANDARD,), place),
        filters=Planned(((),), place),
        managed=get("CapacityProviderConfig") is not None,
        durable=get("DurableConfig") is not None,
        serving=_serving(properties),
        said=dropped_by_level(get("LoggingConfig")),
    )


def _variables(properties: Node) -> Node | None:
    """At the place of `Environment`, which is the one that people know."""
    environment = properties.get("Environment")
    variables = properties.get("Environment", "Variables")
    return variables.at(environment.place) if environment and variables else None


def _runtime(properties: Node, place: Place) -> Planned[str | None]:
    package = properties.get("PackageType")
    image = properties.get("ImageUri") or properties.get("Code", "ImageUri")
    if image or (package and package.text == "Image"):
        said = package if package and package.text == "Image" else image
        return Planned((None,), said.place if said else place)
    node = properties.get("Runtime")
    if node is None or node.value is None:
        return Planned((), place, NO_RUNTIME, open=True)
    return planned_text(node, place)


def _serving(properties: Node) -> tuple[Serving, ...]:
    """What the function's own properties send to a published version."""
    snap = properties.get("SnapStart")
    applies = properties.get("SnapStart", "ApplyOn")
    found = (
        (SNAP_START, snap if applies and applies.text != "None" else None),
        (MANAGED, properties.get("CapacityProviderConfig")),
        (DURABLE, properties.get("DurableConfig")),
    )
    return tuple(Serving(what, node.place) for what, node in found if node)
