"""The WSGI application, for waitress or any other WSGI server.

Behind a proxy that speaks https, waitress must be told to believe it, or it drops X-Forwarded-Proto and every
page is redirected to itself: `waitress-serve --listen=127.0.0.1:8000 --trusted-proxy=127.0.0.1
--trusted-proxy-headers=x-forwarded-proto config.wsgi:application`
"""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
