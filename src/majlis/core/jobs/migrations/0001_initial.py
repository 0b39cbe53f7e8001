import django.db.models.functions.datetime
from django.db import migrations, models

# Rows are short-lived: each is inserted, updated twice and deleted. Dead ones are collected early, by
# count rather than by share, so that the table stays in memory; and room is left in each page, so that
# the second update (the start of a run) stays in its page and touches no index.
_TUNE = """
alter table jobs_job set (
  fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0.0,
  autovacuum_vacuum_threshold = 2000,
  autovacuum_analyze_scale_factor = 0.0,
  autovacuum_analyze_threshold = 5000,
  autovacuum_vacuum_cost_delay = 0
);
alter table jobs_worker set (fillfactor = 50);
"""
_UNTUNE = """
alter table jobs_job reset (
  fillfactor,
  autovacuum_vacuum_scale_factor,
  autovacuum_vacuum_threshold,
  autovacuum_analyze_scale_factor,
  autovacuum_analyze_threshold,
  autovacuum_vacuum_cost_delay
);
alter table jobs_worker reset (fillfactor);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DeadLetter",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("arguments", models.JSONField()),
                ("key", models.CharField(max_length=200, null=True)),
                ("lane", models.SmallIntegerField()),
                ("enqueued_at", models.DateTimeField()),
                (
                    "died_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), db_index=True),
                ),
                ("attempts", models.IntegerField()),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("permanent", "It said itself that trying again is of no use."),
                            ("attempts", "It failed at every attempt."),
                            ("lost", "The worker was lost while running it, at every attempt."),
                            ("unknown", "No job of this name is known."),
                        ],
                        max_length=10,
                    ),
                ),
                ("error", models.TextField()),
                ("traceback", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Tick",
            fields=[
                ("name", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("slot", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Worker",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("host", models.CharField(max_length=255)),
                ("pid", models.IntegerField()),
                ("started_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("leased_until", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("arguments", models.JSONField()),
                ("key", models.CharField(max_length=200, null=True)),
                ("lane", models.SmallIntegerField()),
                ("run_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("enqueued_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("worker_id", models.IntegerField(null=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("attempts", models.IntegerField(db_default=0)),
                ("error", models.TextField(db_default="")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("worker_id__isnull", True)),
                        fields=["lane", "run_at", "id"],
                        name="jobs_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("worker_id__isnull", False)),
                        fields=["worker_id"],
                        name="jobs_held",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("key__isnull", False), ("worker_id__isnull", True)),
                        fields=("name", "key"),
                        name="jobs_one_waiting_per_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("started_at__isnull", True), ("worker_id__isnull", False), _connector="OR"
                        ),
                        name="jobs_started_means_held",
                    ),
                ],
            },
        ),
        migrations.RunSQL(_TUNE, _UNTUNE),
    ]
