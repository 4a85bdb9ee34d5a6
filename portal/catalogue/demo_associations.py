"""The demonstration's recognised association: one that does not exist, entered and approved by real steps.

For demonstrations and tests only.
"""

import datetime as dt

from portal.accounts.actors import Actor
from portal.accounts.districts import District
from portal.accounts.models import Organisation
from portal.accounts.roles import OrganisationKind
from portal.catalogue.domain import recognising
from portal.catalogue.domain.recognising import Recognised
from portal.catalogue.enums import Recogniser
from portal.catalogue.models import Recognition
from portal.workflow import carry_out

CREDIT_CODE = "51110102MX2832150G"
DOCUMENT = "演示数据：关于认可自由职业者职称申报推荐协会的通知（示例文号）"
RECOGNISED_ON = dt.date(2024, 3, 4)


def recognise(*, clerk: Actor, lead: Actor, prepared_at: dt.datetime, approved_at: dt.datetime) -> Recognition:
    """Put the demonstration's association on the list, or return its recognition where it stands already."""
    fields = {"name": "北京动漫游戏产业协会", "kind": OrganisationKind.ASSOCIATION, "district": District.XICHENG}
    association, _new = Organisation.objects.get_or_create(credit_code=CREDIT_CODE, defaults=fields)
    standing = Recognition.objects.filter(association=association).first()
    if standing is not None:
        return standing
    told = Recognised(association, Recogniser.CULTURE, DOCUMENT, RECOGNISED_ON)
    return carry_out(recognising.propose(told, by=clerk, at=prepared_at), "approve", by=lead, at=approved_at)
