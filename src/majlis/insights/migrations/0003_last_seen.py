"""Reach of a window in any zone: viewers of a page by the quarter of an hour in which they were reached last.

Filled from the facts; of those that moved to files the day is known.
"""

from django.db import migrations, models

FILL = """
    INSERT INTO insights_pageviewer (page_id, viewer, last_at, followed_at)
    SELECT f.page_id, f.viewer, date_bin('15 minutes', max(f.at), 'epoch'::timestamptz),
           date_bin('15 minutes', max(f.at) FILTER (WHERE EXISTS (
               SELECT 1 FROM insights_following w
               WHERE w.page_id = f.page_id AND w.viewer = f.viewer AND w.since <= f.at AND (w.until IS NULL OR w.until > f.at)
           )), 'epoch'::timestamptz)
    FROM insights_fact f WHERE f.kind = 2 AND f.viewer <> 0 GROUP BY 1, 2;
    INSERT INTO insights_pageviewer (page_id, viewer, last_at, followed_at)
    SELECT d.page_id, d.viewer, max(d.day)::timestamp AT TIME ZONE 'UTC',
           max(d.day) FILTER (WHERE d.follower)::timestamp AT TIME ZONE 'UTC'
    FROM insights_dayviewer d WHERE d.viewer <> 0 GROUP BY 1, 2
    ON CONFLICT (page_id, viewer) DO NOTHING;
    INSERT INTO insights_lastseen (page_id, at, viewers, followers)
    SELECT c.page_id, c.at, sum(c.viewers), sum(c.followers)
    FROM (
        SELECT v.page_id, v.last_at AS at, 1 AS viewers, 0 AS followers FROM insights_pageviewer v
        UNION ALL
        SELECT v.page_id, v.followed_at, 0, 1 FROM insights_pageviewer v WHERE v.followed_at IS NOT NULL
    ) c GROUP BY 1, 2;
"""
# rows that are changed again and again find room beside themselves, so that no index is touched
ROOM = (
    "ALTER TABLE insights_pageviewer SET (fillfactor = 80); ALTER TABLE insights_lastseen SET (fillfactor = 70)"
)


class Migration(migrations.Migration):
    dependencies = [("insights", "0002_pairs_are_keys")]

    operations = [
        migrations.CreateModel(
            name="PageViewer",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "page_id", "viewer", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("page_id", models.BigIntegerField()),
                ("viewer", models.BigIntegerField()),
                ("last_at", models.DateTimeField()),
                ("followed_at", models.DateTimeField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["viewer"], name="insights_viewer_of")]},
        ),
        migrations.CreateModel(
            name="LastSeen",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "page_id", "at", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("page_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("viewers", models.IntegerField(default=0)),
                ("followers", models.IntegerField(default=0)),
            ],
        ),
        migrations.RunSQL(sql=f"{ROOM}; {FILL}", reverse_sql=migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="following",
            index=models.Index(fields=["page", "since"], name="insights_follows_begun"),
        ),
        migrations.AddIndex(
            model_name="following",
            index=models.Index(
                fields=["page", "until"],
                name="insights_follows_ended",
                condition=models.Q(until__isnull=False),
            ),
        ),
        migrations.DeleteModel(name="DayViewer"),
        migrations.DeleteModel(name="LastDay"),
    ]
