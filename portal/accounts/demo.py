"""The accounts of the demonstration: one per desk, in organisations that do not exist except the authorities.

Applicants and their employers are those whom the sandbox of the outside registers knows, so that insurance, schooling
and earlier titles fit. For demonstrations only; refuses to work wherever the demonstration clock is off, which is everywhere in production.
"""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from portal.accounts import invented
from portal.accounts.districts import OFFICES, District
from portal.accounts.identifiers import DocumentKind, identify
from portal.accounts.models import IdentityDocument, Membership, Organisation, Person, VerificationSource
from portal.accounts.roles import OrganisationKind, Role
from portal.shared import clock

PASSWORD = "Zhicheng-2026"  # noqa: S105 - printed for everybody who tries the demonstration
SINCE = dt.date(2024, 1, 1)
BUREAU = "北京市人力资源和社会保障局"


@dataclass(frozen=True)
class Place:
    """An organisation of the demonstration; without ``code`` its code is invented from the serial ``key``."""

    key: int
    name: str
    kind: OrganisationKind
    registrar: str
    district: str = ""
    under: int = 0
    code: str = ""


@dataclass(frozen=True)
class Account:
    """An account of the demonstration: who, at which desk, in which roles of which organisation (0: personally).

    Without ``number`` the identity number is invented.
    """

    username: str
    full_name: str
    desk: str
    place: int = 0
    roles: tuple[Role, ...] = ()
    document: DocumentKind = DocumentKind.RESIDENT_ID
    number: str = ""


PLACES = [
    Place(1, BUREAU, OrganisationKind.BUREAU, "11"),
    Place(2, "北京云衡电子有限公司", OrganisationKind.EMPLOYER, "91", District.HAIDIAN, code="91110108MX68523279"),
    Place(3, "北京动漫游戏产业协会", OrganisationKind.ASSOCIATION, "51", District.XICHENG, code="51110102MX2832150G"),
    Place(4, "北京示例人才评价中心", OrganisationKind.AGENCY, "12", District.CHAOYANG),
    Place(5, "北京示例研究院", OrganisationKind.EMPLOYER, "12", District.HAIDIAN, under=6),
    Place(6, "北京市示例产业主管局", OrganisationKind.COMPETENT, "11"),
    Place(7, "北京市示例行业管理局", OrganisationKind.INDUSTRY, "11"),
    Place(8, "中央示例集团有限公司", OrganisationKind.CENTRAL, "91", District.XICHENG),
    *(
        Place(20 + number, office, OrganisationKind.DISTRICT, "11", district, under=1)
        for number, (district, office) in enumerate(OFFICES.items())
    ),
]
HAIDIAN_OFFICE = next(place.key for place in PLACES if place.name == OFFICES[District.HAIDIAN])

ACCOUNTS = [
    Account("applicant", "林知远", "申报人", number="110108198803129931"),
    Account("applicant-2", "孙维成", "申报人（同一单位）", number="110108198607309951"),
    Account("applicant-freelance", "吴一帆", "申报人（自由职业）", number="11010219950214996X"),
    Account(
        "applicant-hk",
        "李港生",
        "申报人（香港居民）",
        document=DocumentKind.HMT_RESIDENCE_PERMIT,
        number="810000198506124316",
    ),
    Account(
        "applicant-abroad",
        "MARIA ROSSI",
        "申报人（外国人）",
        document=DocumentKind.FOREIGN_RESIDENT_ID,
        number="911840198704231058",
    ),
    Account("employer-clerk", "李敏", "用人单位经办人", 2, (Role.EMPLOYER_CLERK,)),
    Account("employer-head", "赵国强", "用人单位主要负责人", 2, (Role.EMPLOYER_HEAD,)),
    Account("association-clerk", "孙丽", "协会、学会经办人", 3, (Role.ASSOCIATION_CLERK,)),
    Account("association-head", "周文", "协会、学会负责人", 3, (Role.ASSOCIATION_HEAD,)),
    Account("agency-clerk", "吴芳", "评审服务机构经办人", 4, (Role.AGENCY_CLERK,)),
    Account("agency-lead", "郑凯", "评审服务机构负责人", 4, (Role.AGENCY_LEAD,)),
    Account("expert", "冯启明", "评审专家", 4, (Role.EXPERT,)),
    Account("expert-2", "单明远", "评审专家", 4, (Role.EXPERT,)),
    Account("expert-3", "解思齐", "评审专家", 4, (Role.EXPERT,)),
    Account("commissioner", "褚立", "监督委员", 4, (Role.COMMISSIONER,)),
    Account("unit-admin", "卫东", "自主评审单位专职机构", 5, (Role.UNIT_ADMIN,)),
    Account("unit-head", "蒋华", "自主评审单位主要负责人", 5, (Role.EMPLOYER_HEAD,)),
    Account("competent", "沈静", "主管部门", 6, (Role.COMPETENT_OFFICER,)),
    Account("district", "韩雪", "区人社局经办人", HAIDIAN_OFFICE, (Role.DISTRICT_CLERK,)),
    Account("district-lead", "杨帆", "区人社局负责人", HAIDIAN_OFFICE, (Role.DISTRICT_LEAD,)),
    Account("industry", "朱琳", "行业主管部门", 7, (Role.INDUSTRY_OFFICER,)),
    Account("central-head", "秦川", "中央在京单位负责人", 8, (Role.EMPLOYER_HEAD,)),
    Account("bureau-clerk", "尤佳", "市人社局经办人", 1, (Role.BUREAU_CLERK,)),
    Account("bureau-lead", "许诺", "市人社局负责人", 1, (Role.BUREAU_LEAD,)),
    Account("bureau-lead-2", "何平", "市人社局负责人", 1, (Role.BUREAU_LEAD,)),
    Account("auditor", "吕正", "审计员", 1, (Role.AUDITOR,)),
    Account("sysadmin", "施宏", "系统管理员", 1, (Role.SYSADMIN,)),
    Account("expert-4", "梁书成", "评审专家", 4, (Role.EXPERT,)),
    Account("expert-5", "邹文博", "评审专家", 4, (Role.EXPERT,)),
    Account("expert-6", "唐立群", "评审专家", 4, (Role.EXPERT,)),
    Account("expert-7", "程远航", "评审专家", 4, (Role.EXPERT,)),
    Account("expert-8", "袁静", "评审专家", 4, (Role.EXPERT,)),
    Account("expert-9", "段宏毅", "评审专家", 4, (Role.EXPERT,)),
    Account("expert-10", "邱雨桐", "评审专家", 4, (Role.EXPERT,)),
    Account("expert-11", "贺建平", "评审专家", 4, (Role.EXPERT,)),
]


@transaction.atomic
def load() -> list[Account]:
    """Create what is missing of the demonstration's organisations and accounts; a second run changes nothing.

    Raises RuntimeError outside demonstrations and tests.
    """
    if not settings.DEMO_CLOCK:
        raise RuntimeError("Demonstration accounts are never created where the demonstration clock is off.")
    places: dict[int, Organisation] = {}
    for place in sorted(PLACES, key=lambda each: each.under):
        places[place.key] = _organisation(place, places.get(place.under))
    for serial, account in enumerate(ACCOUNTS, start=1):
        person = _person(account, serial)
        for role in account.roles:
            Membership.objects.get_or_create(
                person=person, organisation=places[account.place], role=role, defaults={"since": SINCE}
            )
    return ACCOUNTS


def _organisation(place: Place, parent: Organisation | None) -> Organisation:
    area = place.district if place.district.isdigit() else "110000"
    code = place.code or invented.credit_code(place.key, place.registrar, area)
    fields = {"name": place.name, "kind": place.kind, "district": place.district, "parent": parent}
    return Organisation.objects.get_or_create(credit_code=code, defaults=fields)[0]


def _person(account: Account, serial: int) -> Person:
    known = Person.objects.filter(username=account.username).first()
    if known is not None:
        return known
    found = identify(account.document, account.number or _invented_number(serial), on=clock.today())
    person = Person.objects.create_user(
        account.username,
        PASSWORD,
        full_name=account.full_name,
        email=f"{account.username}@example.com",
        phone=invented.mobile_number(serial),
        born_on=found.born_on,
        sex=found.sex or "",
    )
    IdentityDocument.objects.create(
        person=person,
        kind=found.kind,
        number=found.number,
        verified_at=clock.start_of(SINCE),
        source=VerificationSource.IDENTITY_REGISTER,
    )
    return person


def _invented_number(serial: int) -> str:
    return invented.resident_number(dt.date(1970 + serial, 1 + serial % 12, 1 + serial % 28), serial)
