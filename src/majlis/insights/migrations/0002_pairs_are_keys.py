"""Facts, encounters and rollups are found by what they are about: that is their key, and needs no id beside it.

The tables are made anew: nothing was ever written to them.
"""

import django.contrib.postgres.indexes
from django.db import migrations, models

import majlis.core.fields


class Migration(migrations.Migration):
    dependencies = [("insights", "0001_initial")]

    operations = [
        migrations.DeleteModel(name="DayViewer"),
        migrations.DeleteModel(name="Encounter"),
        migrations.DeleteModel(name="Fact"),
        migrations.DeleteModel(name="Hourly"),
        migrations.CreateModel(
            name='DayViewer',
            fields=[
                ('pk', models.CompositePrimaryKey('page_id', 'viewer', 'day', blank=True, editable=False, primary_key=True, serialize=False)),
                ('page_id', models.BigIntegerField()),
                ('day', models.DateField()),
                ('viewer', models.BigIntegerField()),
                ('follower', models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name='FactFile',
            fields=[
                ('id', majlis.core.fields.Id(serialize=False)),
                ('name', models.CharField(max_length=100, unique=True)),
                ('day', models.DateField()),
                ('facts', models.IntegerField()),
                ('written_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Encounter',
            fields=[
                ('pk', models.CompositePrimaryKey('post_id', 'viewer', blank=True, editable=False, primary_key=True, serialize=False)),
                ('post_id', models.BigIntegerField()),
                ('viewer', models.BigIntegerField()),
                ('follower', models.BooleanField()),
                ('state', models.PositiveSmallIntegerField()),
                ('organic', models.BooleanField(default=False)),
                ('paid', models.BooleanField(default=False)),
                ('impressions', models.IntegerField(default=0)),
                ('served_at', models.DateTimeField(null=True)),
                ('viewed_at', models.DateTimeField(null=True)),
                ('engaged_at', models.DateTimeField(null=True)),
                ('first_view', models.BigIntegerField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['viewer'], name='insights_met_by')],
            },
        ),
        migrations.CreateModel(
            name='Fact',
            fields=[
                ('pk', models.CompositePrimaryKey('post_id', 'viewer', 'kind', 'nonce', blank=True, editable=False, primary_key=True, serialize=False)),
                ('page_id', models.BigIntegerField()),
                ('post_id', models.BigIntegerField(default=0, help_text='0: about the page itself.')),
                ('viewer', models.BigIntegerField(default=0, help_text='0: somebody who is not signed in.')),
                ('kind', models.PositiveSmallIntegerField()),
                ('source', models.PositiveSmallIntegerField()),
                ('paid', models.BooleanField(default=False)),
                ('nonce', models.BigIntegerField()),
                ('link_id', models.BigIntegerField(null=True)),
                ('value', models.DecimalField(decimal_places=3, max_digits=14, null=True)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('at', models.DateTimeField()),
                ('arrived_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['page_id', 'at'], name='insights_facts_of_page'), django.contrib.postgres.indexes.BrinIndex(fields=['at'], name='insights_facts_by_time', pages_per_range=32)],
            },
        ),
        migrations.CreateModel(
            name='Hourly',
            fields=[
                ('pk', models.CompositePrimaryKey('page_id', 'hour', 'post_id', 'kind', 'source', 'paid', blank=True, editable=False, primary_key=True, serialize=False)),
                ('page_id', models.BigIntegerField()),
                ('post_id', models.BigIntegerField(default=0)),
                ('kind', models.PositiveSmallIntegerField()),
                ('source', models.PositiveSmallIntegerField()),
                ('paid', models.BooleanField(default=False)),
                ('hour', models.DateTimeField()),
                ('facts', models.IntegerField(default=0)),
                ('reach', models.IntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['post_id', 'hour'], name='insights_hours_of_post')],
            },
        ),
        migrations.AddIndex(
            model_name='following',
            index=models.Index(fields=['viewer'], name='insights_followings_of'),
        ),
        migrations.CreateModel(
            name='LastDay',
            fields=[
                ('pk', models.CompositePrimaryKey('page_id', 'day', blank=True, editable=False, primary_key=True, serialize=False)),
                ('page_id', models.BigIntegerField()),
                ('day', models.DateField()),
                ('viewers', models.IntegerField(default=0)),
                ('followers', models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('pk', models.CompositePrimaryKey('post_id', 'follower', 'state', blank=True, editable=False, primary_key=True, serialize=False)),
                ('post_id', models.BigIntegerField()),
                ('follower', models.BooleanField()),
                ('state', models.PositiveSmallIntegerField()),
                ('members', models.IntegerField(default=0)),
                ('viewed', models.IntegerField(default=0)),
                ('organic', models.IntegerField(default=0)),
                ('paid', models.IntegerField(default=0)),
                ('impressions', models.BigIntegerField(default=0)),
            ],
        ),
        # rows that are changed again and again find room beside themselves, so that no index is touched
        migrations.RunSQL(
            sql="ALTER TABLE insights_encounter SET (fillfactor = 80); ALTER TABLE insights_hourly SET (fillfactor = 70);"
            " ALTER TABLE insights_standing SET (fillfactor = 50); ALTER TABLE insights_lastday SET (fillfactor = 70)",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
