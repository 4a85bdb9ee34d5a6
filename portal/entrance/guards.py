"""Facts that must hold before somebody works for an organisation."""

import hmac
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import NEEDS_FOUR_EYES, ROLES_OF_KIND, OrganisationKind, Role
from portal.shared import clock
from portal.workflow import Attempt, guard


@guard(_("该类单位没有这个角色。"), basis="R-001", field="role")
def role_belongs_to_the_kind(request: Any, attempt: Attempt) -> bool:
    return Role(request.role) in ROLES_OF_KIND[OrganisationKind(request.organisation.kind)]


@guard(_("该角色须由一名负责人提出、另一名负责人批准，提出人不能自己批准。"), basis="R-001")
def second_pair_of_eyes(request: Any, attempt: Attempt) -> bool:
    if Role(request.role) not in NEEDS_FOUR_EYES:
        return True
    return attempt.by.person is not None and attempt.by.person.pk != request.proposed_by_id


@guard(_("不能为自己批准。"), basis="R-001")
def not_for_oneself(request: Any, attempt: Attempt) -> bool:
    return attempt.by.person is not None and attempt.by.person.pk != request.person_id


@guard(_("邀请链接不正确或者已失效。"), basis="R-013")
def link_is_right(request: Any, attempt: Attempt) -> bool:
    return bool(request.digest) and hmac.compare_digest(request.digest, str(attempt.facts.get("digest", "")))


@guard(_("邀请已过期，请联系单位重新邀请。"), basis="R-013")
def in_time(request: Any, attempt: Attempt) -> bool:
    return request.expires_at is not None and attempt.at < request.expires_at


@guard(_("邀请的是另一位人员：您实名的姓名与邀请中的姓名不同。"), basis="R-013")
def name_is_the_invited(request: Any, attempt: Attempt) -> bool:
    return attempt.by.person is not None and attempt.by.person.full_name == request.full_name


@guard(_("提出或者批准的人不能同时是被邀请人。"), basis="R-001")
def nobody_admits_themselves(request: Any, attempt: Attempt) -> bool:
    return attempt.by.person is not None and attempt.by.person.pk not in {
        request.proposed_by_id,
        request.approved_by_id,
    }


@guard(_("您的证件尚未核验或者已过有效期，请先更新证件。"), basis="A-46")
def identity_is_verified(request: Any, attempt: Attempt) -> bool:
    if attempt.by.person is None:
        return False
    day = clock.day_of(attempt.at)
    return any(document.is_valid_on(day) for document in attempt.by.person.documents.all())
