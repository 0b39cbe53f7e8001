import django.db.models.deletion
import majlis.core.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('posts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CardFetch',
            fields=[
                ('card', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='posts.linkcard')),
                ('started_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='TrendingLink',
            fields=[
                ('card', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='posts.linkcard')),
                ('score', models.FloatField()),
                ('people', models.IntegerField()),
                ('posts', models.IntegerField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='TrendingPost',
            fields=[
                ('post', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='posts.post')),
                ('score', models.FloatField()),
                ('people', models.IntegerField(help_text='Distinct people, its author left out.')),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='TrendingTag',
            fields=[
                ('tag', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='posts.tag')),
                ('score', models.FloatField()),
                ('people', models.IntegerField(help_text='Distinct people who wrote it within the window.')),
                ('posts', models.IntegerField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='TrendRefusal',
            fields=[
                ('id', majlis.core.fields.Id(serialize=False)),
                ('kind', models.CharField(choices=[('link', 'Link'), ('host', 'Host'), ('post', 'Post'), ('author', 'Author')], max_length=16)),
                ('subject', models.CharField(max_length=2000)),
                ('made_at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('kind'), models.F('subject'), name='discovery_refusal_once')],
            },
        ),
    ]
