"""Telling those who must look that a day's money differs (N-13): the bureau of all, each agency of its own orders."""

import datetime as dt

from django.utils import dateformat
from django.utils.translation import gettext as _

from portal.accounts.models import Organisation
from portal.accounts.roles import BUREAU_DECIDERS, OrganisationKind, Role
from portal.notifications.post import post
from portal.notifications.recipients import holders_at
from review.letters.paying import DifferencesFound
from review.models import Reconciliation


def tell(reconciliation: Reconciliation, at: dt.datetime) -> None:
    """Tell how many differences of the day nobody has cleared up; tells nobody where there are none."""
    open_ones = list(
        reconciliation.differences.unsettled().select_related("order__payment__application__entry__committee__agency")
    )
    if not open_ones:
        return
    for bureau in Organisation.objects.filter(kind=OrganisationKind.BUREAU):
        _tell(reconciliation, bureau, BUREAU_DECIDERS, len(open_ones), at)
    agencies = [one.order.payment.application.entry.agency for one in open_ones if one.order is not None]
    for agency in {one for one in agencies if one is not None}:
        _tell(reconciliation, agency, frozenset({Role.AGENCY_LEAD}), agencies.count(agency), at)


def _tell(
    reconciliation: Reconciliation, whom: Organisation, roles: frozenset[Role], number: int, at: dt.datetime
) -> None:
    facts = {"day": dateformat.format(reconciliation.day, _("Y年n月j日")), "number": number}
    post(DifferencesFound, to=holders_at(whom, roles), about=reconciliation, at=at, facts=facts)
