"""The record of learning, and the root that composes the site."""

from lms.celery import app as celery_app

__all__ = ["celery_app"]
