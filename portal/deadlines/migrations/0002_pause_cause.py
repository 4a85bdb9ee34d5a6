"""A pause knows its cause, so that only the end of that cause ends it."""

from django.db import migrations, models

CAUSES = {"R-152": "review.suspended", "A-09": "applications.on_show"}
ANY_OTHER = "applications.investigated"


def name_causes(apps, schema_editor):
    """Name the cause of what was paused so far: until now the basis told it."""
    pauses = apps.get_model("deadlines", "Pause").objects.using(schema_editor.connection.alias)
    for basis, cause in CAUSES.items():
        pauses.filter(basis=basis).update(cause=cause)
    pauses.exclude(basis__in=CAUSES).update(cause=ANY_OTHER)


class Migration(migrations.Migration):

    dependencies = [
        ('deadlines', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='pause',
            name='cause',
            field=models.CharField(default='', max_length=60),
            preserve_default=False,
        ),
        migrations.RunPython(name_causes, migrations.RunPython.noop, elidable=True),
        migrations.RemoveConstraint(
            model_name='pause',
            name='one_open_pause',
        ),
        migrations.AddConstraint(
            model_name='pause',
            constraint=models.UniqueConstraint(condition=models.Q(('resumed_at', None)), fields=('deadline', 'cause'), name='one_open_pause_a_cause'),
        ),
    ]
