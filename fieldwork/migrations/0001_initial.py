"""The tables of the field work."""

from __future__ import annotations

import uuid

import django.contrib.auth.models
import django.contrib.auth.validators
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import fieldwork.models.people


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Organization",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("slug", models.SlugField(max_length=80, unique=True, verbose_name="short name in addresses")),
                (
                    "organisation_number",
                    models.CharField(blank=True, default="", max_length=50, verbose_name="organisation number"),
                ),
                (
                    "country",
                    models.CharField(
                        default="SE", help_text="Two letters, like SE.", max_length=2, verbose_name="country"
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        default="SEK", help_text="Three letters, like SEK.", max_length=3, verbose_name="currency"
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        default="Europe/Stockholm",
                        max_length=63,
                        validators=[fieldwork.models.people.validate_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                ("email", models.EmailField(blank=True, default="", max_length=254, verbose_name="e-mail")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
            ],
            options={
                "verbose_name": "organization",
                "verbose_name_plural": "organizations",
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "language",
                    models.CharField(
                        choices=[("sv", "Svenska"), ("en", "English")],
                        default="sv",
                        max_length=8,
                        verbose_name="language",
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        default="Europe/Stockholm",
                        max_length=63,
                        validators=[fieldwork.models.people.validate_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "ordering": ("first_name", "last_name", "username"),
                "abstract": False,
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Material",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=50, verbose_name="number")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("short_text", models.CharField(blank=True, default="", max_length=500, verbose_name="short text")),
                ("long_text", models.TextField(blank=True, default="", verbose_name="long text")),
                (
                    "unit",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Abbreviation, like st, m or tim.",
                        max_length=20,
                        verbose_name="unit",
                    ),
                ),
                ("price", models.DecimalField(decimal_places=4, default=0, max_digits=14, verbose_name="price")),
                ("price_includes_vat", models.BooleanField(default=False, verbose_name="price includes VAT")),
                ("vat_percent", models.DecimalField(decimal_places=2, default=25, max_digits=5, verbose_name="VAT, %")),
                ("ean", models.CharField(blank=True, default="", max_length=20, verbose_name="EAN")),
                (
                    "currency",
                    models.CharField(
                        default="SEK", help_text="Three letters, like SEK.", max_length=3, verbose_name="currency"
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "stock_quantity",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=14, null=True, verbose_name="in stock"
                    ),
                ),
                ("product_type", models.CharField(default="simple", max_length=50, verbose_name="product type")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="materials",
                        to="fieldwork.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "material",
                "verbose_name_plural": "materials",
                "ordering": ("number",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="HourType",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=50, verbose_name="number")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("short_text", models.CharField(blank=True, default="", max_length=500, verbose_name="short text")),
                ("long_text", models.TextField(blank=True, default="", verbose_name="long text")),
                (
                    "unit",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Abbreviation, like st, m or tim.",
                        max_length=20,
                        verbose_name="unit",
                    ),
                ),
                ("price", models.DecimalField(decimal_places=4, default=0, max_digits=14, verbose_name="price")),
                ("price_includes_vat", models.BooleanField(default=False, verbose_name="price includes VAT")),
                ("vat_percent", models.DecimalField(decimal_places=2, default=25, max_digits=5, verbose_name="VAT, %")),
                ("ean", models.CharField(blank=True, default="", max_length=20, verbose_name="EAN")),
                (
                    "currency",
                    models.CharField(
                        default="SEK", help_text="Three letters, like SEK.", max_length=3, verbose_name="currency"
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hour_types",
                        to="fieldwork.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "hour type",
                "verbose_name_plural": "hour types",
                "ordering": ("number",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.CharField(blank=True, default="", max_length=50, verbose_name="customer number")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("is_company", models.BooleanField(default=True, verbose_name="is a company")),
                (
                    "organisation_number",
                    models.CharField(blank=True, default="", max_length=50, verbose_name="organisation number"),
                ),
                ("vat_number", models.CharField(blank=True, default="", max_length=50, verbose_name="VAT number")),
                ("email", models.EmailField(blank=True, default="", max_length=254, verbose_name="e-mail")),
                ("phone", models.CharField(blank=True, default="", max_length=50, verbose_name="phone")),
                ("mobile", models.CharField(blank=True, default="", max_length=50, verbose_name="mobile")),
                ("website", models.CharField(blank=True, default="", max_length=200, verbose_name="website")),
                ("street", models.CharField(blank=True, default="", max_length=200, verbose_name="street")),
                (
                    "street2",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="street, second line"),
                ),
                ("postcode", models.CharField(blank=True, default="", max_length=20, verbose_name="postcode")),
                ("city", models.CharField(blank=True, default="", max_length=100, verbose_name="city")),
                (
                    "country",
                    models.CharField(
                        default="SE", help_text="Two letters, like SE.", max_length=2, verbose_name="country"
                    ),
                ),
                (
                    "delivery_name",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="delivery name"),
                ),
                (
                    "delivery_street",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="delivery street"),
                ),
                (
                    "delivery_street2",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="delivery street, second line"
                    ),
                ),
                (
                    "delivery_postcode",
                    models.CharField(blank=True, default="", max_length=20, verbose_name="delivery postcode"),
                ),
                (
                    "delivery_city",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="delivery city"),
                ),
                (
                    "delivery_country",
                    models.CharField(blank=True, default="", max_length=2, verbose_name="delivery country"),
                ),
                (
                    "currency",
                    models.CharField(
                        default="SEK", help_text="Three letters, like SEK.", max_length=3, verbose_name="currency"
                    ),
                ),
                (
                    "discount_percent",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="discount, %",
                    ),
                ),
                (
                    "terms_of_payment",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="terms of payment"),
                ),
                ("note", models.TextField(blank=True, default="", verbose_name="note")),
                ("active", models.BooleanField(default=True, verbose_name="active")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="customers",
                        to="fieldwork.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "customer",
                "verbose_name_plural": "customers",
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="Project",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=50, verbose_name="project number")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("starts_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="starts")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="ends")),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "Active"), ("finished", "Finished")],
                        default="active",
                        max_length=16,
                        verbose_name="status",
                    ),
                ),
                ("notes", models.TextField(blank=True, default="", verbose_name="notes")),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="projects",
                        to="fieldwork.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="projects",
                        to="fieldwork.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "project",
                "verbose_name_plural": "projects",
                "ordering": ("number",),
            },
        ),
        migrations.CreateModel(
            name="WorkOrder",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=50, verbose_name="work order number")),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="revision")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("description", models.TextField(blank=True, default="", verbose_name="description")),
                (
                    "your_reference",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="your reference"),
                ),
                ("ordered_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="ordered")),
                ("planned_on", models.DateField(blank=True, null=True, verbose_name="planned")),
                ("delivery_on", models.DateField(blank=True, null=True, verbose_name="delivery date")),
                ("completed_at", models.DateTimeField(blank=True, null=True, verbose_name="completed")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="assigned_work_orders",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="assigned to",
                    ),
                ),
                (
                    "completed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="completed_work_orders",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="completed by",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="work_orders",
                        to="fieldwork.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="work_orders",
                        to="fieldwork.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="work_orders",
                        to="fieldwork.project",
                        verbose_name="project",
                    ),
                ),
            ],
            options={
                "verbose_name": "work order",
                "verbose_name_plural": "work orders",
                "ordering": ("-ordered_on", "-number"),
            },
        ),
        migrations.CreateModel(
            name="WorkOrderLine",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("position", models.PositiveIntegerField(default=0, verbose_name="position")),
                (
                    "kind",
                    models.CharField(
                        choices=[("material", "Material"), ("hours", "Hours"), ("text", "Text")],
                        default="material",
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.CharField(blank=True, default="", max_length=2000, verbose_name="text")),
                ("quantity", models.DecimalField(decimal_places=4, default=0, max_digits=12, verbose_name="quantity")),
                ("unit", models.CharField(blank=True, default="", max_length=20, verbose_name="unit")),
                (
                    "unit_price",
                    models.DecimalField(decimal_places=4, default=0, max_digits=14, verbose_name="unit price"),
                ),
                (
                    "discount_percent",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="discount, %",
                    ),
                ),
                ("performed_on", models.DateField(blank=True, null=True, verbose_name="performed")),
                (
                    "hour_type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="lines",
                        to="fieldwork.hourtype",
                        verbose_name="hour type",
                    ),
                ),
                (
                    "material",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="lines",
                        to="fieldwork.material",
                        verbose_name="material",
                    ),
                ),
                (
                    "performed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="performed_lines",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="performed by",
                    ),
                ),
                (
                    "work_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="fieldwork.workorder",
                        verbose_name="work order",
                    ),
                ),
            ],
            options={
                "verbose_name": "work order line",
                "verbose_name_plural": "work order lines",
                "ordering": ("position", "id"),
            },
        ),
        migrations.CreateModel(
            name="WorkOrderStatus",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("position", models.PositiveIntegerField(default=0, verbose_name="position")),
                (
                    "phase",
                    models.CharField(
                        choices=[("open", "Open"), ("completed", "Completed"), ("cancelled", "Cancelled")],
                        default="open",
                        max_length=16,
                        verbose_name="phase",
                    ),
                ),
                ("triggers_export", models.BooleanField(default=False, verbose_name="triggers export")),
                ("set_after_success", models.BooleanField(default=False, verbose_name="set after a successful export")),
                ("set_after_failure", models.BooleanField(default=False, verbose_name="set after a failed export")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="work_order_statuses",
                        to="fieldwork.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "work order status",
                "verbose_name_plural": "work order statuses",
                "ordering": ("position", "name"),
            },
        ),
        migrations.AddField(
            model_name="workorder",
            name="status",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="work_orders",
                to="fieldwork.workorderstatus",
                verbose_name="status",
            ),
        ),
        migrations.CreateModel(
            name="WorkSite",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("street", models.CharField(blank=True, default="", max_length=200, verbose_name="street")),
                ("postcode", models.CharField(blank=True, default="", max_length=20, verbose_name="postcode")),
                ("city", models.CharField(blank=True, default="", max_length=100, verbose_name="city")),
                (
                    "country",
                    models.CharField(
                        default="SE", help_text="Two letters, like SE.", max_length=2, verbose_name="country"
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="work_sites",
                        to="fieldwork.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "work site",
                "verbose_name_plural": "work sites",
                "ordering": ("name",),
            },
        ),
        migrations.AddField(
            model_name="workorder",
            name="work_site",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="work_orders",
                to="fieldwork.worksite",
                verbose_name="work site",
            ),
        ),
        migrations.CreateModel(
            name="ContactPerson",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("first_name", models.CharField(max_length=100, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, default="", max_length=100, verbose_name="last name")),
                ("email", models.EmailField(blank=True, default="", max_length=254, verbose_name="e-mail")),
                ("direct_phone", models.CharField(blank=True, default="", max_length=50, verbose_name="direct phone")),
                ("mobile", models.CharField(blank=True, default="", max_length=50, verbose_name="mobile")),
                ("is_reference", models.BooleanField(default=False, verbose_name="reference person")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contact_persons",
                        to="fieldwork.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact person",
                "verbose_name_plural": "contact persons",
                "ordering": ("-is_reference", "first_name", "last_name"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_reference", True)),
                        fields=("customer",),
                        name="one_reference_person_per_customer",
                        violation_error_message="This customer has a reference person already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "Owner"), ("coordinator", "Coordinator"), ("performer", "Performer")],
                        default="performer",
                        max_length=16,
                        verbose_name="role",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="fieldwork.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
                "ordering": ("organization__name", "user__username"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "organization"), name="one_membership_per_user_and_organization"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="material",
            index=models.Index(fields=["organization", "name"], name="material_by_name"),
        ),
        migrations.AddConstraint(
            model_name="material",
            constraint=models.UniqueConstraint(
                fields=("organization", "number"),
                name="one_material_per_number_and_organization",
                violation_error_message="Another material has this number already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="hourtype",
            constraint=models.UniqueConstraint(
                fields=("organization", "number"),
                name="one_hour_type_per_number_and_organization",
                violation_error_message="Another hour type has this number already.",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(fields=["organization", "name"], name="customer_by_name"),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(fields=["organization", "organisation_number"], name="customer_by_org_number"),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(fields=["organization", "email"], name="customer_by_email"),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True),
                fields=("organization", "number"),
                name="one_customer_per_number_and_organization",
                violation_error_message="Another customer has this number already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.UniqueConstraint(
                fields=("organization", "number"),
                name="one_project_per_number_and_organization",
                violation_error_message="Another project has this number already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="workorderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("hour_type__isnull", True), ("kind", "material"), ("material__isnull", False)),
                    models.Q(("hour_type__isnull", False), ("kind", "hours"), ("material__isnull", True)),
                    models.Q(("hour_type__isnull", True), ("kind", "text"), ("material__isnull", True)),
                    _connector="OR",
                ),
                name="a_line_refers_to_what_its_kind_says",
                violation_error_message="A material line needs a material, an hours line an hour type, and a text line neither.",
            ),
        ),
        migrations.AddConstraint(
            model_name="workorderstatus",
            constraint=models.UniqueConstraint(
                fields=("organization", "name"), name="one_status_per_name_and_organization"
            ),
        ),
        migrations.AddConstraint(
            model_name="workorderstatus",
            constraint=models.UniqueConstraint(
                condition=models.Q(("triggers_export", True)),
                fields=("organization",),
                name="one_status_triggers_export_per_organization",
                violation_error_message="Another status triggers the export already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="workorderstatus",
            constraint=models.UniqueConstraint(
                condition=models.Q(("set_after_success", True)),
                fields=("organization",),
                name="one_status_is_set_after_success_per_organization",
                violation_error_message="Another status is set after a successful export already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="workorderstatus",
            constraint=models.UniqueConstraint(
                condition=models.Q(("set_after_failure", True)),
                fields=("organization",),
                name="one_status_is_set_after_failure_per_organization",
                violation_error_message="Another status is set after a failed export already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="workorderstatus",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("phase", "completed"),
                    models.Q(("set_after_failure", False), ("set_after_success", False), ("triggers_export", False)),
                    _connector="OR",
                ),
                name="the_statuses_of_the_export_are_completed_ones",
                violation_error_message="A status that has to do with the export must be in the phase Completed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="worksite",
            constraint=models.UniqueConstraint(fields=("customer", "name"), name="one_work_site_per_name_and_customer"),
        ),
        migrations.AddIndex(
            model_name="workorder",
            index=models.Index(fields=["organization", "-ordered_on", "-number"], name="work_order_newest_first"),
        ),
        migrations.AddIndex(
            model_name="workorder",
            index=models.Index(fields=["organization", "completed_at"], name="work_order_by_completion"),
        ),
        migrations.AddConstraint(
            model_name="workorder",
            constraint=models.UniqueConstraint(
                fields=("organization", "number"),
                name="one_work_order_per_number_and_organization",
                violation_error_message="Another work order has this number already.",
            ),
        ),
    ]
