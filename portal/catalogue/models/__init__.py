"""Tables of the catalogue."""

from portal.catalogue.models.authority import AgencyAuthority, Suspension
from portal.catalogue.models.condition import Condition, ConditionSet
from portal.catalogue.models.edition import CatalogueEntry, Committee, Edition
from portal.catalogue.models.guide import Criterion, Guide
from portal.catalogue.models.policy import NoPolicyInForceError, PolicyValue, PolicyVersion
from portal.catalogue.models.recognition import Recognition
from portal.catalogue.models.row_import import RowImport
from portal.catalogue.models.schedule import AnnualSchedule
from portal.catalogue.models.series import Level, Series, Specialty, TitleName

__all__ = [
    "AgencyAuthority",
    "AnnualSchedule",
    "CatalogueEntry",
    "Committee",
    "Condition",
    "ConditionSet",
    "Criterion",
    "Edition",
    "Guide",
    "Level",
    "NoPolicyInForceError",
    "PolicyValue",
    "PolicyVersion",
    "Recognition",
    "RowImport",
    "Series",
    "Specialty",
    "Suspension",
    "TitleName",
]
