"""One way down: the contracts hold, and each is seen to fail on an import that goes up."""

import tomllib
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from grimp import ImportGraph, build_graph
from importlinter.configuration import configure
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract

configure()
ROOT = Path(__file__).resolve().parents[2]
CLASSES = {"layers": LayersContract, "forbidden": ForbiddenContract}
# Every step of the house and both pairs of neighbours: a lower room that imports a higher one.
UP = [
    ("accounts.models.people", "courses.models.pages"),
    ("courses.films.models", "courses.models.pages"),
    ("courses.h5p.models", "courses.models.pages"),
    ("courses.h5p.models", "courses.scorm.models"),
    ("courses.packages.models", "courses.h5p.models"),
    ("courses.models.pages", "lms.hours.models"),
    ("lms.certificates.models", "lms.desk.models"),
    ("lms.certificates.models", "lms.feedback.models"),
    ("lms.desk.models", "lms.feedback.models"),
    ("lms.desk.models", "lms.views"),
    ("lms.feedback.models", "lms.desk.models"),
    ("lms.hours.models", "lms.study.models"),
    ("lms.hours.models", "lms.training.classes.models"),
    ("lms.jobs.models", "accounts.models.people"),
    ("lms.jobs.models", "lms.celery"),
    ("lms.jobs.models", "lms.demo.load"),
    ("lms.obligations.models", "lms.certificates.models"),
    ("lms.study.models", "lms.obligations.models"),
    ("lms.study.models", "lms.training.classes.models"),
    ("lms.training.classes.models", "lms.obligations.models"),
    ("lms.training.classes.models", "lms.study.models"),
]


@cache
def configuration() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]


@cache
def graph() -> ImportGraph:
    return build_graph(*configuration()["root_packages"], cache_dir=None)


def broken(graph: ImportGraph) -> set[str]:
    """The contracts that a graph breaks."""
    session = {"root_packages": configuration()["root_packages"]}
    found = set()
    for options in configuration()["contracts"]:
        contract = CLASSES[options["type"]](
            name=options["name"], session_options=session, contract_options=options
        )
        if not contract.check(graph=deepcopy(graph), verbose=False).kept:
            found.add(options["id"])
    return found


def test_the_house_keeps_its_contracts() -> None:
    assert broken(graph()) == set()


@pytest.mark.parametrize(("importer", "imported"), UP)
def test_an_import_that_goes_up_breaks_a_contract(importer: str, imported: str) -> None:
    planted = deepcopy(graph())
    assert {importer, imported} <= planted.modules
    planted.add_import(importer=importer, imported=imported, line_number=1, line_contents="planted")
    assert broken(planted)


def test_every_contract_is_seen_to_fail() -> None:
    seen = set()
    for importer, imported in UP:
        planted = deepcopy(graph())
        planted.add_import(importer=importer, imported=imported, line_number=1, line_contents="planted")
        seen |= broken(planted)
    assert seen == {options["id"] for options in configuration()["contracts"]}


def test_every_room_has_its_floor() -> None:
    """A new room or a new module of the root must take its place in the contracts."""
    contracts = {options["id"]: options for options in configuration()["contracts"]}
    layers, root = contracts["layers"], contracts["root"]
    floors = {room.strip() for floor in layers["layers"] for room in floor.split("|")}
    children = graph().find_children("lms")
    assert children == {name for name in floors if name.startswith("lms.")} | set(root["forbidden_modules"])
    assert floors == set(root["source_modules"])
    matter = contracts["matter"]
    # Below both: how things are chosen, what finishes a lesson, how long reading takes, what uploads may be,
    # how files are sent.
    below = {
        "choosing",
        "competencies",
        "delivery",
        "disk",
        "finishing",
        "quizzes",
        "reading_time",
        "signed_views",
        "signing",
        "uploads",
    }
    inside = set(matter["source_modules"]) | {f"courses.{name}" for name in below}
    pages = graph().find_children("courses") - inside - {"courses.migrations"}
    assert pages <= set(matter["forbidden_modules"])
