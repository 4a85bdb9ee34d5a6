"""Roles that a person can hold at an organisation, and the named sets that the rules speak of (domain §1.2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganisationKind(models.TextChoices):
    """What an organisation is in the title system; one organisation has one kind."""

    EMPLOYER = "employer", _("用人单位")
    ASSOCIATION = "association", _("协会、学会")
    AGENCY = "agency", _("职称评审服务机构")
    DISTRICT = "district", _("区人力资源社会保障局")
    COMPETENT = "competent", _("主管部门")
    INDUSTRY = "industry", _("行业主管部门")
    CENTRAL = "central", _("中央在京单位")
    BUREAU = "bureau", _("市人力资源社会保障局")


class Role(models.TextChoices):
    """What a person may do for an organisation during a membership."""

    EMPLOYER_CLERK = "employer_clerk", _("单位经办人")
    EMPLOYER_HEAD = "employer_head", _("单位主要负责人")
    ASSOCIATION_CLERK = "association_clerk", _("协会学会经办人")
    ASSOCIATION_HEAD = "association_head", _("协会学会负责人")
    AGENCY_CLERK = "agency_clerk", _("评审服务机构经办人")
    AGENCY_LEAD = "agency_lead", _("评审服务机构负责人")
    EXPERT = "expert", _("评审专家")
    COMMISSIONER = "commissioner", _("监督委员")
    UNIT_ADMIN = "unit_admin", _("自主评审单位专职机构")
    COMPETENT_OFFICER = "competent_officer", _("主管部门经办人")
    DISTRICT_CLERK = "district_clerk", _("区人社局经办人")
    DISTRICT_LEAD = "district_lead", _("区人社局负责人")
    INDUSTRY_OFFICER = "industry_officer", _("行业主管部门经办人")
    BUREAU_CLERK = "bureau_clerk", _("市人社局经办人")
    BUREAU_LEAD = "bureau_lead", _("市人社局负责人")
    AUDITOR = "auditor", _("审计员")
    SYSADMIN = "sysadmin", _("系统管理员")


BUREAU_DECIDERS = frozenset({Role.BUREAU_CLERK, Role.BUREAU_LEAD})
AGENCY_STAFF = frozenset({Role.AGENCY_CLERK, Role.AGENCY_LEAD})
DISTRICT_STAFF = frozenset({Role.DISTRICT_CLERK, Role.DISTRICT_LEAD})
EMPLOYER_STAFF = frozenset({Role.EMPLOYER_CLERK, Role.EMPLOYER_HEAD})
ASSOCIATION_STAFF = frozenset({Role.ASSOCIATION_CLERK, Role.ASSOCIATION_HEAD})
HEADS = frozenset({Role.EMPLOYER_HEAD, Role.ASSOCIATION_HEAD})

# Who says who works for an organisation. Where a kind has no lead of its own, the bureau says it.
LEADS = HEADS | {Role.AGENCY_LEAD, Role.DISTRICT_LEAD, Role.BUREAU_LEAD}

# Roles that one lead proposes and another one grants: they decide over the whole city or watch over those who do.
NEEDS_FOUR_EYES = BUREAU_DECIDERS | {Role.AUDITOR, Role.SYSADMIN, Role.DISTRICT_LEAD}

# Who must prove a second factor at log-in: people whose clicks bind others.
NEEDS_SECOND_FACTOR = (
    BUREAU_DECIDERS
    | AGENCY_STAFF
    | DISTRICT_STAFF
    | {Role.EXPERT, Role.COMMISSIONER, Role.COMPETENT_OFFICER, Role.INDUSTRY_OFFICER, Role.AUDITOR, Role.SYSADMIN}
)

ROLES_OF_KIND: dict[OrganisationKind, frozenset[Role]] = {
    OrganisationKind.EMPLOYER: EMPLOYER_STAFF | {Role.UNIT_ADMIN},
    OrganisationKind.ASSOCIATION: ASSOCIATION_STAFF,
    OrganisationKind.AGENCY: AGENCY_STAFF | {Role.EXPERT, Role.COMMISSIONER},
    OrganisationKind.DISTRICT: DISTRICT_STAFF | AGENCY_STAFF | {Role.EXPERT, Role.COMMISSIONER},
    OrganisationKind.COMPETENT: frozenset({Role.COMPETENT_OFFICER}),
    OrganisationKind.INDUSTRY: frozenset({Role.INDUSTRY_OFFICER}),
    OrganisationKind.CENTRAL: EMPLOYER_STAFF,
    OrganisationKind.BUREAU: BUREAU_DECIDERS | {Role.COMMISSIONER, Role.AUDITOR, Role.SYSADMIN},
}
