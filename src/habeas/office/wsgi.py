"""The office as a WSGI application, loaded once in each worker process."""

import os

from django.core.wsgi import get_wsgi_application

from habeas.lib.processes import end_with_server

end_with_server()  # a worker must not outlive its server and keep the port
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "habeas.office.settings")
application = get_wsgi_application()
