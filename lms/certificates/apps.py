"""App configuration."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    """The `lms.certificates` room."""

    name = "lms.certificates"
    label = "certificates"
