"""The addresses of the back office. Without closing slashes: one that is put on would say that it is there."""

from __future__ import annotations

from django.urls import path

from majlis.backoffice.metrics import metrics
from majlis.backoffice.views import house, jobs, joining, overview, people, promotion, reports

rooms = [
    path("", overview.overview),
    path("reports", reports.index),
    path("reports/<int:report_id>", reports.report),
    path("reports/<int:report_id>/assign", reports.assign),
    path("reports/<int:report_id>/decide", reports.decide),
    path("reports/<int:report_id>/close", reports.close),
    path("reports/<int:report_id>/reopen", reports.reopen),
    path("appeals", reports.appeals),
    path("appeals/<int:decision_id>/answer", reports.answer),
    path("decisions/<int:decision_id>/lift", people.lift),
    path("people", people.index),
    path("people/<int:profile_id>", people.person),
    path("people/<int:profile_id>/decide", people.decide),
    path("people/<int:profile_id>/open-login", people.open_login),
    path("joining", joining.index),
    path("joining/<int:user_id>/approve", joining.approve),
    path("joining/<int:user_id>/refuse", joining.refuse),
    path("invitations", joining.invite),
    path("invitations/<int:invitation_id>/withdraw", joining.withdraw),
    path("rules", house.rules),
    path("rules/add", house.add_rule),
    path("rules/<int:rule_id>/reword", house.reword_rule),
    path("rules/<int:rule_id>/move", house.move_rule),
    path("rules/<int:rule_id>/withdraw", house.withdraw_rule),
    path("announcements", house.announcements),
    path("announcements/add", house.add_announcement),
    path("announcements/<int:announcement_id>/publish", house.publish_announcement),
    path("announcements/<int:announcement_id>/withdraw", house.withdraw_announcement),
    path("tags", house.tags),
    path("tags/<int:tag_id>", house.trend),
    path("tags/keep-out", house.keep_out),
    path("tags/let-trend", house.let_trend),
    path("feed", promotion.feed),
    path("feed/set", promotion.set_rule),
    path("promotion", promotion.index),
    path("promotion/<int:page_id>", promotion.account_of),
    path("promotion/<int:page_id>/top-up", promotion.top_up),
    path("jobs", jobs.index),
    path("jobs/retry", jobs.retry),
    path("jobs/discard", jobs.discard),
    path("settings", overview.settings),
    path("book", overview.book),
]
urlpatterns = [
    path("backoffice", overview.overview),
    *(path(f"backoffice/{each.pattern}", each.callback) for each in rooms),
    path("metrics", metrics),
]
