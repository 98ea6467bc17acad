"""What changes people and places: a roster, an election, an offer, a merger."""

from datetime import date, datetime

from accounts.actions import bring_sheet
from accounts.elections.actions import TermFacts, bring_results, open_election
from accounts.elections.models import Election, ResultSheet
from accounts.mergers.actions import prepare_merger
from accounts.mergers.lines import Line
from accounts.mergers.models import Merger
from accounts.models import Cadre, Level, PeopleImport, Post, Role, Unit
from accounts.roster.sheets import read_rows
from accounts.transfers.actions import offer_person
from accounts.transfers.models import TransferOffer
from tests.accounts.rosters import csv_file, line
from tests.factories import CadreFactory
from tests.factories.people import CountyTree
from tests.world.who import AT


def election(tree: CountyTree, by: Cadre) -> Election:
    """The county's next term, which begins in July."""
    facts = TermFacts(tree.county, 13, date(2026, 7, 1), date(2031, 6, 30))
    return open_election(facts=facts, by=by, at=AT)


def bring_list(election: Election, by: Cadre, at: datetime) -> ResultSheet:
    """A list of results with a good row and a wrong one, judged and not yet written."""
    villages = Unit.objects.within(by.unit).filter(level=Level.VILLAGE).order_by("code")
    post = Post.objects.filter(unit=villages[0], role=Role.SECRETARY, to_on=None).select_related("person")[0]
    header = ["单位代码", "姓名", "职务", "是否新当选"]
    good = [villages[0].code, post.person.name, "书记", ""]
    file = csv_file(good, [villages[1].code, "周新", "村长", "是"], header=header)
    return bring_results(
        election=election,
        sheet=read_rows(file),
        file_name="换届结果.csv",
        begins_on=election.term.starts_on,
        scope=[by.unit],
        by=by,
        at=at,
    )


def offer(tree: CountyTree, by: Cadre) -> TransferOffer:
    person = CadreFactory(name="钱明", unit=tree.village)
    return offer_person(
        person=person, unit=tree.far_village, on=AT.date(), is_shared=False, ending=[], by=by, at=AT
    )


def merger(tree: CountyTree, by: Cadre) -> Merger:
    lines = [Line(unit.code, "140728100210", "新合村") for unit in (tree.village, tree.other_village)]
    return prepare_merger(over=tree.county, level=Level.VILLAGE, lines=lines, on=AT.date(), by=by, at=AT)


def bring_roster(by: Cadre, at: datetime) -> PeopleImport:
    """A roster with a good row and a wrong one, judged and not yet written."""
    file = csv_file(line(unit=by.unit.code[:9] + "201"), line(name="没有单位", unit="99"))
    return bring_sheet(
        sheet=read_rows(file), file_name="花名册.csv", scope=[by.unit], on=at.date(), by=by, at=at
    )
