"""Relations between records point downward, as imports do: the linter cannot see names in strings."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

ROOT = Path(__file__).parents[3]


def layers() -> dict[str, int]:
    """Return the height of every package, from the contract import-linter checks."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    [contract] = [one for one in told["tool"]["importlinter"]["contracts"] if one["name"] == "layers"]
    return {
        name.strip(" ()"): height
        for height, layer in enumerate(reversed(contract["layers"]))
        for name in layer.split("|")
    }


HEIGHTS = layers()


def package(model: type[Model]) -> str:
    """Return our package a model is in, empty if it is not ours."""
    head, _, rest = model.__module__.partition(".")
    return rest.partition(".")[0] if head == "habeas" else ""


def relations(models: Iterable[type[Model]]) -> set[tuple[str, str, str]]:
    """Return (field, from, to) of every relation between two of our packages."""
    found = set()
    for model in models:
        for field in [*model._meta.get_fields(), *model._meta.private_fields]:
            related: Any = getattr(field, "related_model", None)
            is_ours = isinstance(related, type) and issubclass(related, Model)
            if is_ours and not field.auto_created and package(model) and package(related):
                found.add((f"{model.__name__}.{field.name}", package(model), package(related)))
    return found


def upward(found: Iterable[tuple[str, str, str]]) -> list[str]:
    """Return the relations that point to a higher layer, or to a sibling of the same height."""
    return sorted(name for name, here, there in found if here != there and HEIGHTS[here] <= HEIGHTS[there])


def test_no_record_points_to_a_layer_above_its_own() -> None:
    """The registry of cases stands without campaigns, and campaigns without the post."""
    found = relations(apps.get_models(include_auto_created=True))

    assert ("Campaign.case", "campaigns", "cases") in found
    assert upward(found) == []


@pytest.mark.parametrize(
    ("relation", "is_upward"),
    [
        (("Case.campaign", "cases", "campaigns"), True),
        (("Campaign.case", "campaigns", "cases"), False),
        (("Case.person", "cases", "cases"), False),
        (("Door.office", "door", "office"), True),
    ],
)
def test_the_check_finds_what_it_is_for(relation: tuple[str, str, str], is_upward: bool) -> None:  # noqa: FBT001
    """A planted relation upward does not pass."""
    assert bool(upward([relation])) == is_upward


def test_every_app_of_ours_has_its_layer() -> None:
    """A new one is put into the list first."""
    ours = {package(model) for model in apps.get_models()} - {""}

    assert ours <= HEIGHTS.keys()
    assert {"cases", "campaigns"} <= ours
