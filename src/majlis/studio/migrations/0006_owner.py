import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('brands', '0001_initial'),
        ('people', '0001_initial'),
        ('studio', '0005_rivals'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReportLetter',
            fields=[
                ('pk', models.CompositePrimaryKey('page_id', 'profile_id', 'month', blank=True, editable=False, primary_key=True, serialize=False)),
                ('month', models.DateField(help_text='Its first day.')),
                ('begun_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('told', models.JSONField(help_text='As studio.money.results.Told.', null=True)),
                ('page', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='brands.page')),
                ('profile', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.profile')),
            ],
        ),
        migrations.CreateModel(
            name='ReportWish',
            fields=[
                ('pk', models.CompositePrimaryKey('page_id', 'profile_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('day', models.PositiveSmallIntegerField(help_text="1 to 28, in the page's time zone.")),
                ('language', models.CharField(max_length=16)),
                ('made_at', models.DateTimeField()),
                ('page', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='brands.page')),
                ('profile', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.profile')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('day__gte', 1), ('day__lte', 28)), name='studio_reportwish_day')],
            },
        ),
    ]
