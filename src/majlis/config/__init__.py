"""Settings, addresses, the server and the command line: the only place that knows everything.

Nobody imports it; what a module needs from the settings it reads from ``django.conf.settings``.
"""
