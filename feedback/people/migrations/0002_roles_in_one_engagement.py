import django.db.models.deletion
from django.db import migrations, models

# Apart from the first: engagements have a department, and a role may be held in an engagement.


class Migration(migrations.Migration):

    dependencies = [
        ('asking', '0001_initial'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='engagement',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='asking.engagement', verbose_name='in this engagement only'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='engagement',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='asking.engagement', verbose_name='in this engagement only'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('engagement', None)), fields=('user', 'department', 'role'), name='membership_unique', violation_error_message='The person has this role already.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('engagement__isnull', False)), fields=('user', 'department', 'role', 'engagement'), name='membership_in_an_engagement_unique', violation_error_message='The person has this role already.'),
        ),
    ]
