"""The portal: ground floor and roof of the house. Exposes the Celery application, nothing more."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
