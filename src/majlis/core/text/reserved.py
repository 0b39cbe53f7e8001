"""Handles nobody can have: places of the house, and names that would be taken for it."""

from __future__ import annotations

from typing import Final

_PLACES: Final = """
about account accounts actor admin api app apps archive article articles assets atom audience auth
backoffice backup badge bookmarks brand brands calendar campaign campaigns care circle circles code
compose composer contact cookies css customers delete demo direct discover docs domain download drafts
edit embed emoji event events explore export favicon favourites favorites feed feeds filters follow
followers following group groups hashtag health healthz help home host hostmaster htmx image images
import inbox index info insights instance invite invites join js jobs language legal library license
list lists local login logout mail mailer mastodon media member members mention mentions message
messages metrics mutes nodeinfo notes notification notifications oauth oembed offline official outbox
page pages password payment payments people photos pin pins poll polls post posts press preview privacy
proxy public push queue quote ranking recipe register report reports reset review reviews robots root
rss rules saved schedule scheduled search secure security session sessions settings share shared signin
signout signup sitemap sso static status statuses stories story stream streaming studio subscribe tag
tags team teams terms test thread threads timeline timelines token tokens tos trend trending trends
unsubscribe upload uploads user username users verify verified video videos web webfinger webhook
webhooks webmaster wellknown well_known widget worker www xrpc
"""

_ROLES: Final = """
administrator moderator moderators mod mods operator owner staff sysadmin system support service
abuse noreply no_reply postmaster security helpdesk billing
majlis majlis_team everyone all channel here me self nobody none null undefined anonymous deleted
ghost unknown true false nan
"""

_ARABIC: Final = """
مجلس المجلس ادارة الادارة مدير المدير مشرف المشرف المشرفون دعم الدعم مساعدة المساعدة فريق الفريق
النظام حساب الحساب اعدادات الاعدادات استكشاف بحث الرئيسية اشعارات الاشعارات رسائل الرسائل حول الخصوصية
الشروط القواعد تسجيل دخول خروج رسمي الرسمي موثق الموثق الكل الجميع مجهول محذوف امان الامان
"""

RESERVED_HANDLES: Final = frozenset((_PLACES + _ROLES + _ARABIC).split())
