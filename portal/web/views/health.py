"""Answers for machines: is the process alive, can it serve."""

from functools import lru_cache

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from portal.accounts.rules import anyone
from portal.documents.health import storage_is_writable
from portal.http.access import open_to

OK, FAILED, DEGRADED = "ok", "failed", "degraded"


@open_to(anyone)
@never_cache
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@open_to(anyone)
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 503 without the database or with migrations missing; without Redis or the store of files only some things wait."""
    parts = {"database": _database(), "redis": _redis()}
    is_there = parts["database"] == OK
    parts["files"] = OK if is_there and storage_is_writable() else DEGRADED
    parts["migrations"] = _migrations() if is_there else FAILED
    return JsonResponse(parts, status=503 if FAILED in parts.values() else 200)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return FAILED
    return OK


def _redis() -> str:
    try:
        cache.get("readyz")
    except (RedisError, OSError):
        return DEGRADED
    return OK


def _migrations() -> str:
    try:
        _all_applied()
    except (DatabaseError, RuntimeError):
        return FAILED
    return OK


@lru_cache(maxsize=1)
def _all_applied() -> None:
    """Raise RuntimeError while migrations are missing; once they are there this is not asked again."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise RuntimeError("Migrations are missing.")
