"""What a submitted application says, as plain JSON: the one shape that is frozen, shown, printed and compared."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.domain.gathering import Gathered, proofs_of
from applications.domain.lookups import Insured
from applications.enums import LookupState, System
from applications.models import ArchiveItem, Lookup
from applications.sections import SECTIONS, ItemKind, SheetKind, sheets_in
from applications.values import shown
from portal.accounts.districts import District
from portal.accounts.models import Person
from portal.catalogue.enums import Schooling
from portal.catalogue.models import Criterion
from portal.publicity.enums import Field as Shown

FORM = 1
COMMITMENT = gettext_lazy(
    "本人承诺：所填报内容和提交的全部材料客观、真实、准确、完整，业绩成果无抄袭、剽窃、不当署名等情形；如有不实，愿意承担取消申报资格、撤销职称、记入职称申报评审诚信档案等后果。"
)


def content_of(gathered: Gathered) -> dict[str, Any]:
    """Return what ``gathered`` says; ``parts`` names everything that the employer checks one by one."""
    rows = [_item(item, gathered.criteria.get(item.pk)) for item in gathered.items]
    return {
        "form": FORM,
        "application": _about(gathered),
        "person": _person(gathered.application.applicant),
        "employer": _employer(gathered.insured),
        "sheets": {kind: dict(content) for kind, content in gathered.sheets.items()},
        "items": rows,
        "parts": ["person", *(section.key for section in sheets_in(gathered.sheets)), *(row["code"] for row in rows)],
        "lookups": [_lookup(gathered.lookups.get(system), system) for system in System],
        "commitment": str(COMMITMENT),
    }


def publicised(content: Mapping[str, Any]) -> dict[str, str]:
    """Return what an employer's notice shows of a submitted application, and nothing else (domain §8.8 #1)."""
    about, sheets = content["application"], content["sheets"]
    results = [item for item in content["items"] if item["kind"] == ItemKind.RESULT]
    summary = sheets.get(SheetKind.SUMMARY, {}).get("achievement", "")
    names = _("；").join(item["content"].get("name", "") for item in results)
    return {
        Shown.NAME.value: content["person"]["name"],
        Shown.UNIT.value: content["employer"].get("name", "") or (_("自由职业者") if "association" in content else ""),
        Shown.SERIES.value: about["series"],
        Shown.SPECIALTY.value: about["specialty"],
        Shown.LEVEL.value: about["level"],
        Shown.TITLE.value: about["title"],
        Shown.EDUCATION.value: _highest(content["items"]),
        Shown.YEARS.value: _years(sheets.get(SheetKind.POST, {}), about["year"]),
        Shown.ACHIEVEMENTS.value: "\n".join(text for text in (summary, names) if text),
    }


def _about(gathered: Gathered) -> dict[str, Any]:
    application, entry = gathered.application, gathered.application.entry
    return {
        "code": application.code,
        "year": application.year,
        "channel": application.channel,
        "series": str(entry.specialty.series),
        "specialty": str(entry.specialty),
        "level": str(entry.level),
        "level_key": entry.level.key,
        "title": application.title,
        "committee": str(entry.committee),
        "agency": str(entry.agency),
        "entry": entry.code,
        "edition": entry.edition.code,
    }


def _person(person: Person) -> dict[str, Any]:
    documents = sorted((one for one in person.documents.all() if one.ended_at is None), key=lambda one: one.pk)
    document = documents[0] if documents else None
    return {
        "code": person.code,
        "name": person.full_name,
        "sex": str(person.get_sex_display()) if person.sex else "",
        "born_on": person.born_on.isoformat() if person.born_on else "",
        "document": str(document.get_kind_display()) if document else "",
        "number": document.masked_number if document else "",
        "phone": person.masked_phone,
    }


def _employer(insured: Insured | None) -> dict[str, str]:
    if insured is None:
        return {}
    district = dict(District.choices).get(insured.district, "")
    return {
        "name": insured.name,
        "credit_code": insured.credit_code,
        "district": str(district),
        "work_unit": insured.work_unit,
    }


def _item(item: ArchiveItem, criterion: Criterion | None) -> dict[str, Any]:
    return {
        "code": item.code,
        "kind": item.kind,
        "content": dict(item.content),
        "source": item.source,
        "verified_at": item.verified_at.isoformat() if item.verified_at else "",
        "dispute": item.dispute,
        "criterion": {"text": criterion.text, "indicator": criterion.indicator} if criterion is not None else None,
        "evidence": [
            {
                "file": proof.file.code,
                "name": proof.file.original_name,
                "sha256": proof.file.sha256,
                "label": proof.label,
            }
            for proof in proofs_of(item)
        ],
    }


def _lookup(lookup: Lookup | None, system: System) -> dict[str, Any]:
    settled = lookup.settled_at.isoformat() if lookup is not None and lookup.settled_at else ""
    return {"system": system.value, "state": lookup.state if lookup else LookupState.WAITING.value, "at": settled}


def _highest(items: list[dict[str, Any]]) -> str:
    own = [item["content"] for item in items if item["kind"] == ItemKind.EDUCATION]
    fields, order = SECTIONS[ItemKind.EDUCATION], Schooling.values
    ranked = sorted((one for one in own if one.get("level") in order), key=lambda one: order.index(one["level"]))
    parts = [shown(fields.field(name), ranked[0].get(name)) for name in ("level", "degree")] if ranked else []
    return _("，").join(part for part in parts if part)


def _years(post: Mapping[str, Any], year: int) -> str:
    since = str(post.get("professional_since") or "")
    if not since:
        return ""
    years = max(year - int(since[:4]), 0)
    return ngettext("%(n)s年", "%(n)s年", years) % {"n": years}
