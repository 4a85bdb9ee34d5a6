"""Answers for machines."""

import pytest
from django.test import Client
from pytest_django import Settings


@pytest.mark.django_db
def test_alive_without_asking_anything(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert Client().get("/livez").text == "ok"


@pytest.mark.django_db
def test_ready_with_everything_there() -> None:
    response = Client().get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "redis": "ok", "files": "ok", "migrations": "ok"}


@pytest.mark.django_db
def test_without_redis_only_degraded(settings: Settings) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    response = Client().get("/readyz")
    assert response.status_code == 200
    assert response.json()["redis"] == "degraded"
