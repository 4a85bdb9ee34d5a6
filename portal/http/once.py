"""A POST happens once, however often its reply is lost and it is sent again."""

import secrets
from collections.abc import Callable
from http import HTTPStatus

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.http.models import HandledPost
from portal.shared import clock
from portal.shared.errors import KeyReused, Reason, Refusal

FIELD = "_key"
HEADER = "Idempotency-Key"


def new_key() -> str:
    """Return a key for one rendered form: 128 random bits."""
    return secrets.token_urlsafe(16)


def key_of(request: HttpRequest) -> str:
    """Return the key that came with the request, or an empty text."""
    return (request.headers.get(HEADER) or request.POST.get(FIELD) or "")[:64]


def once(request: HttpRequest, actor: Actor, act: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Answer with ``act()``, or with its earlier answer where the same actor already sent this key.

    Runs ``act`` in one transaction with the memory of its answer. An answer that changes nothing (a form shown
    again with errors, a refusal) is rolled back and not remembered, so that the person can correct and send again.
    Raises Refusal without a key, and KeyReused for a key that belongs to another address.
    """
    key, owner = key_of(request), actor.person.code if actor.person else ""
    if not key:
        raise Refusal([Reason(_("请求缺少防重复编号，请刷新页面后重试。"), code="key_missing")])
    try:
        with transaction.atomic():
            row = HandledPost.objects.create(key=key, owner=owner, path=request.path, handled_at=clock.now())
            response = act()
            if _has_effect(response):
                _remember(row, response)
            else:
                transaction.set_rollback(True)
            return response
    except IntegrityError as error:
        if "one_post_per_key" not in str(error):
            raise
    return _earlier_answer(request, key, owner)


def _has_effect(response: HttpResponseBase) -> bool:
    is_page = response.status_code == HTTPStatus.OK and not hasattr(response, "data")
    return response.status_code < HTTPStatus.BAD_REQUEST and not is_page


def _remember(row: HandledPost, response: HttpResponseBase) -> None:
    row.status = response.status_code
    row.location = response.headers.get("Location", "")
    row.body = getattr(response, "remembered", getattr(response, "data", None))
    row.save(update_fields=["status", "location", "body"])


def _earlier_answer(request: HttpRequest, key: str, owner: str) -> HttpResponseBase:
    row = HandledPost.objects.get(key=key, owner=owner)
    if row.path != request.path:
        raise KeyReused("post", [Reason(_("该请求编号已用于另一事项，请刷新页面后重试。"), code="key_reused")])
    if row.location:
        return HttpResponseRedirect(row.location, status=row.status)
    if row.body is not None:
        return JsonResponse(row.body, status=row.status, safe=False)
    return HttpResponse(status=row.status)
