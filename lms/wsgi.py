"""The WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

from lms.checks import refuse_weak_keys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
application = get_wsgi_application()
refuse_weak_keys()
