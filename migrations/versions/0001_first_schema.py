"""The seven record types, the journal and the search index.

Revision: 0001
Follows:
"""

import uuid

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "change",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "collection",
            sa.String(length=20).with_variant(sa.String(length=20, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "record_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("op", sa.String(length=6), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("door", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "replaced_by",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("snapshot", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(op = 'delete') = (snapshot IS NULL)", name=op.f("ck_change_snapshot_unless_deleted")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_change_version_positive")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_change")),
        sa.UniqueConstraint(
            "collection",
            "record_id",
            "version",
            name=op.f("uq_change_collection_record_id_version"),
        ),
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_change_collection_seq"), ["collection", "seq"], unique=False
        )

    op.create_table(
        "search_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "collection",
            sa.String(length=20).with_variant(sa.String(length=20, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "record_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("prose", sa.Text(), nullable=False),
        sa.Column(
            "vector", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(["seq"], ["change.seq"], name=op.f("fk_search_entry_seq")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
        sa.UniqueConstraint(
            "collection", "record_id", name=op.f("uq_search_entry_collection_record_id")
        ),
    )
    op.create_table(
        "store",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("seeded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_store_single_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store")),
    )
    op.create_table(
        "action",
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("dimension", sa.String(length=40), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=True),
        sa.Column("starts_on", sa.String(length=10), nullable=True),
        sa.Column("starts_on_first", sa.Date(), nullable=False),
        sa.Column("starts_on_last", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.String(length=10), nullable=True),
        sa.Column("ends_on_first", sa.Date(), nullable=False),
        sa.Column("ends_on_last", sa.Date(), nullable=False),
        sa.Column("horizon", sa.Text(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("actors", sa.JSON(none_as_null=True), nullable=False),
        sa.Column(
            "id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("sources", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("external_ids", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("translations", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "starts_on IS NULL OR ends_on IS NULL OR starts_on_first <= ends_on_last",
            name=op.f("ck_action_ends_after_start"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_action_version_positive")),
        sa.ForeignKeyConstraint(["seq"], ["change.seq"], name=op.f("fk_action_seq")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
        sa.UniqueConstraint("seq", name=op.f("uq_action_seq")),
    )
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_action_dimension_id"), ["dimension", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_action_scope_id"), ["scope", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_action_starts_on_first_id"), ["starts_on_first", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_action_starts_on_last_id"), ["starts_on_last", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_action_status_id"), ["status", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_action_updated_at_id"), ["updated_at", "id"], unique=False
        )

    op.create_table(
        "city",
        sa.Column(
            "name",
            sa.String(length=500).with_variant(sa.String(length=500, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("aliases", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("subdivision", sa.String(length=6), nullable=True),
        sa.Column("commission", sa.String(length=8), nullable=True),
        sa.Column("unlocode", sa.String(length=5), nullable=True),
        sa.Column("latitude", sa.Float(precision=53), nullable=True),
        sa.Column("longitude", sa.Float(precision=53), nullable=True),
        sa.Column("timezone", sa.String(length=64), nullable=True),
        sa.Column("population", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("coverage", sa.JSON(none_as_null=True), nullable=False),
        sa.Column(
            "id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("sources", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("external_ids", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("translations", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_city_located_wholly")
        ),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_city_latitude_range")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_city_longitude_range")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_city_version_positive")),
        sa.ForeignKeyConstraint(["seq"], ["change.seq"], name=op.f("fk_city_seq")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_city")),
        sa.UniqueConstraint("seq", name=op.f("uq_city_seq")),
    )
    with op.batch_alter_table("city", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_city_commission_id"), ["commission", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_city_country_id"), ["country", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_city_latitude_id"), ["latitude", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_city_name_id"), ["name", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_city_subdivision_id"), ["subdivision", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_city_unlocode_id"), ["unlocode", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_city_updated_at_id"), ["updated_at", "id"], unique=False
        )

    op.create_table(
        "document",
        sa.Column(
            "title",
            sa.String(length=500).with_variant(sa.String(length=500, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("aliases", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=True),
        sa.Column("kind_as_printed", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=True),
        sa.Column("symbol", sa.String(length=100), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("published_on", sa.String(length=10), nullable=True),
        sa.Column("published_on_first", sa.Date(), nullable=False),
        sa.Column("published_on_last", sa.Date(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=True),
        sa.Column("authors", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("files", sa.JSON(none_as_null=True), nullable=False),
        sa.Column(
            "id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("sources", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("external_ids", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("translations", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.CheckConstraint("pages >= 1", name=op.f("ck_document_pages_positive")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_document_version_positive")),
        sa.ForeignKeyConstraint(["seq"], ["change.seq"], name=op.f("fk_document_seq")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("seq", name=op.f("uq_document_seq")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_kind_id"), ["kind", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_document_published_on_first_id"),
            ["published_on_first", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_document_published_on_last_id"),
            ["published_on_last", "id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_document_scope_id"), ["scope", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_status_id"), ["status", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_symbol_id"), ["symbol", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_title_id"), ["title", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_document_updated_at_id"), ["updated_at", "id"], unique=False
        )

    op.create_table(
        "finding",
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("dimension", sa.String(length=40), nullable=True),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("attributed_to", sa.JSON(none_as_null=True), nullable=False),
        sa.Column(
            "id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("sources", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("external_ids", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("translations", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_finding_version_positive")),
        sa.ForeignKeyConstraint(["seq"], ["change.seq"], name=op.f("fk_finding_seq")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("seq", name=op.f("uq_finding_seq")),
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_finding_dimension_id"), ["dimension", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_finding_scope_id"), ["scope", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_finding_updated_at_id"), ["updated_at", "id"], unique=False
        )

    op.create_table(
        "project",
        sa.Column(
            "title",
            sa.String(length=500).with_variant(sa.String(length=500, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("aliases", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("objective", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.String(length=10), nullable=True),
        sa.Column("starts_on_first", sa.Date(), nullable=False),
        sa.Column("starts_on_last", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.String(length=10), nullable=True),
        sa.Column("ends_on_first", sa.Date(), nullable=False),
        sa.Column("ends_on_last", sa.Date(), nullable=False),
        sa.Column("funder", sa.Text(), nullable=True),
        sa.Column("agencies", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column(
            "id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("sources", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("external_ids", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("translations", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "starts_on IS NULL OR ends_on IS NULL OR starts_on_first <= ends_on_last",
            name=op.f("ck_project_ends_after_start"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_project_version_positive")),
        sa.ForeignKeyConstraint(["seq"], ["change.seq"], name=op.f("fk_project_seq")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("seq", name=op.f("uq_project_seq")),
    )
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_project_starts_on_first_id"), ["starts_on_first", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_project_starts_on_last_id"), ["starts_on_last", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_project_title_id"), ["title", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_project_updated_at_id"), ["updated_at", "id"], unique=False
        )

    op.create_table(
        "recommendation",
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("dimension", sa.String(length=40), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=True),
        sa.Column("horizon", sa.Text(), nullable=True),
        sa.Column("actors", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("validations", sa.JSON(none_as_null=True), nullable=False),
        sa.Column(
            "id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("sources", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("external_ids", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("translations", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_recommendation_version_positive")),
        sa.ForeignKeyConstraint(["seq"], ["change.seq"], name=op.f("fk_recommendation_seq")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint("seq", name=op.f("uq_recommendation_seq")),
    )
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recommendation_dimension_id"), ["dimension", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_recommendation_scope_id"), ["scope", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_recommendation_status_id"), ["status", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_recommendation_updated_at_id"), ["updated_at", "id"], unique=False
        )

    op.create_table(
        "workshop",
        sa.Column(
            "title",
            sa.String(length=500).with_variant(sa.String(length=500, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("title_as_printed", sa.Text(), nullable=True),
        sa.Column("aliases", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=True),
        sa.Column("kind_as_printed", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("objectives", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("outcomes", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("starts_on", sa.String(length=10), nullable=True),
        sa.Column("starts_on_first", sa.Date(), nullable=False),
        sa.Column("starts_on_last", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.String(length=10), nullable=True),
        sa.Column("ends_on_first", sa.Date(), nullable=False),
        sa.Column("ends_on_last", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("date_as_printed", sa.Text(), nullable=True),
        sa.Column("time_as_printed", sa.Text(), nullable=True),
        sa.Column("mode", sa.String(length=16), nullable=True),
        sa.Column("platform", sa.Text(), nullable=True),
        sa.Column("venue", sa.Text(), nullable=True),
        sa.Column("organisers", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("participants", sa.JSON(none_as_null=True), nullable=True),
        sa.Column(
            "part_of",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("sources", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("external_ids", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("translations", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "starts_on IS NULL OR ends_on IS NULL OR starts_on_first <= ends_on_last",
            name=op.f("ck_workshop_ends_after_start"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_workshop_version_positive")),
        sa.ForeignKeyConstraint(
            ["part_of"],
            ["workshop.id"],
            name=op.f("fk_workshop_part_of"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["seq"], ["change.seq"], name=op.f("fk_workshop_seq")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop")),
        sa.UniqueConstraint("seq", name=op.f("uq_workshop_seq")),
    )
    with op.batch_alter_table("workshop", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workshop_kind_id"), ["kind", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_workshop_mode_id"), ["mode", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_workshop_part_of_id"), ["part_of", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_workshop_scope_id"), ["scope", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_workshop_starts_on_first_id"), ["starts_on_first", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_workshop_starts_on_last_id"), ["starts_on_last", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_workshop_status_id"), ["status", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_workshop_title_id"), ["title", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_workshop_updated_at_id"), ["updated_at", "id"], unique=False
        )

    op.create_table(
        "action_cities",
        sa.Column(
            "owner_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["action.id"], name=op.f("fk_action_cities_owner_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["value"], ["city.id"], name=op.f("fk_action_cities_value")),
        sa.PrimaryKeyConstraint("owner_id", "value", name=op.f("pk_action_cities")),
        info={"field": "cities"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("action_cities", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_action_cities_value_owner_id"), ["value", "owner_id"], unique=False
        )

    op.create_table(
        "action_external_ids",
        sa.Column(
            "owner_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["action.id"],
            name=op.f("fk_action_external_ids_owner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "value", name=op.f("pk_action_external_ids")),
        info={"field": "external_ids"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("action_external_ids", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_action_external_ids_value_owner_id"), ["value", "owner_id"], unique=False
        )

    op.create_table(
        "action_projects",
        sa.Column(
            "owner_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["action.id"],
            name=op.f("fk_action_projects_owner_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["value"], ["project.id"], name=op.f("fk_action_projects_value")),
        sa.PrimaryKeyConstraint("owner_id", "value", name=op.f("pk_action_projects")),
        info={"field": "projects"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("action_projects", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_action_projects_value_owner_id"), ["value", "owner_id"], unique=False
        )

    op.create_table(
        "action_recommendations",
        sa.Column(
            "owner_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["action.id"],
            name=op.f("fk_action_recommendations_owner_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["value"], ["recommendation.id"], name=op.f("fk_action_recommendations_value")
        ),
        sa.PrimaryKeyConstraint("owner_id", "value", name=op.f("pk_action_recommendations")),
        info={"field": "recommendations"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("action_recommendations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_action_recommendations_value_owner_id"),
            ["value", "owner_id"],
            unique=False,
        )

    op.create_table(
        "city_external_ids",
        sa.Column(
            "owner_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["city.id"],
            name=op.f("fk_city_external_ids_owner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "value", name=op.f("pk_city_external_ids")),
        info={"field": "external_ids"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("city_external_ids", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_city_external_ids_value_owner_id"), ["value", "owner_id"], unique=False
        )

    op.create_table(
        "city_projects",
        sa.Column(
            "owner_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["city.id"], name=op.f("fk_city_projects_owner_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["value"], ["project.id"], name=op.f("fk_city_projects_value")),
        sa.PrimaryKeyConstraint("owner_id", "value", name=op.f("pk_city_projects")),
        info={"field": "projects"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("city_projects", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_city_projects_value_owner_id"), ["value", "owner_id"], unique=False
        )

    op.create_table(
        "document_cities",
        sa.Column(
            "owner_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["document.id"],
            name=op.f("fk_document_cities_owner_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["value"], ["city.id"], name=op.f("fk_document_cities_value")),
        sa.PrimaryKeyConstraint("owner_id", "value", name=op.f("pk_document_cities")),
        info={"field": "cities"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("document_cities", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_document_cities_value_owner_id"), ["value", "owner_id"], unique=False
        )

    op.create_table(
        "document_external_ids",
        sa.Column(
            "owner_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["document.id"],
            name=op.f("fk_document_external_ids_owner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "value", name=op.f("pk_document_external_ids")),
        info={"field": "external_ids"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("document_external_ids", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_document_external_ids_value_owner_id"),
            ["value", "owner_id"],
            unique=False,
        )

    op.create_table(
        "document_languages",
        sa.Column(
            "owner_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["document.id"],
            name=op.f("fk_document_languages_owner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "value", name=op.f("pk_document_languages")),
        info={"field": "files"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("document_languages", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_document_languages_value_owner_id"), ["value", "owner_id"], unique=False
        )

    op.create_table(
        "document_projects",
        sa.Column(
            "owner_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["document.id"],
            name=op.f("fk_document_projects_owner_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["value"], ["project.id"], name=op.f("fk_document_projects_value")),
        sa.PrimaryKeyConstraint("owner_id", "value", name=op.f("pk_document_projects")),
        info={"field": "projects"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("document_projects", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_document_projects_value_owner_id"), ["value", "owner_id"], unique=False
        )

    op.create_table(
        "document_workshops",
        sa.Column(
            "owner_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["document.id"],
            name=op.f("fk_document_workshops_owner_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["value"], ["workshop.id"], name=op.f("fk_document_workshops_value")
        ),
        sa.PrimaryKeyConstraint("owner_id", "value", name=op.f("pk_document_workshops")),
        info={"field": "workshops"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("document_workshops", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_document_workshops_value_owner_id"), ["value", "owner_id"], unique=False
        )

    op.create_table(
        "finding_cities",
        sa.Column(
            "owner_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["finding.id"],
            name=op.f("fk_finding_cities_owner_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["value"], ["city.id"], name=op.f("fk_finding_cities_value")),
        sa.PrimaryKeyConstraint("owner_id", "value", name=op.f("pk_finding_cities")),
        info={"field": "cities"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("finding_cities", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_finding_cities_value_owner_id"), ["value", "owner_id"], unique=False
        )

    op.create_table(
        "finding_documents",
        sa.Column(
            "owner_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["finding.id"],
            name=op.f("fk_finding_documents_owner_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["value"], ["document.id"], name=op.f("fk_finding_documents_value")
        ),
        sa.PrimaryKeyConstraint("owner_id", "value", name=op.f("pk_finding_documents")),
        info={"field": "documents"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("finding_documents", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_finding_documents_value_owner_id"), ["value", "owner_id"], unique=False
        )

    op.create_table(
        "finding_external_ids",
        sa.Column(
            "owner_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["finding.id"],
            name=op.f("fk_finding_external_ids_owner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "value", name=op.f("pk_finding_external_ids")),
        info={"field": "external_ids"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("finding_external_ids", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_finding_external_ids_value_owner_id"),
            ["value", "owner_id"],
            unique=False,
        )

    op.create_table(
        "finding_projects",
        sa.Column(
            "owner_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["finding.id"],
            name=op.f("fk_finding_projects_owner_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["value"], ["project.id"], name=op.f("fk_finding_projects_value")),
        sa.PrimaryKeyConstraint("owner_id", "value", name=op.f("pk_finding_projects")),
        info={"field": "projects"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("finding_projects", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_finding_projects_value_owner_id"), ["value", "owner_id"], unique=False
        )

    op.create_table(
        "project_external_ids",
        sa.Column(
            "owner_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["project.id"],
            name=op.f("fk_project_external_ids_owner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "value", name=op.f("pk_project_external_ids")),
        info={"field": "external_ids"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("project_external_ids", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_project_external_ids_value_owner_id"),
            ["value", "owner_id"],
            unique=False,
        )

    op.create_table(
        "recommendation_cities",
        sa.Column(
            "owner_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["recommendation.id"],
            name=op.f("fk_recommendation_cities_owner_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["value"], ["city.id"], name=op.f("fk_recommendation_cities_value")
        ),
        sa.PrimaryKeyConstraint("owner_id", "value", name=op.f("pk_recommendation_cities")),
        info={"field": "cities"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("recommendation_cities", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recommendation_cities_value_owner_id"),
            ["value", "owner_id"],
            unique=False,
        )

    op.create_table(
        "recommendation_documents",
        sa.Column(
            "owner_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["recommendation.id"],
            name=op.f("fk_recommendation_documents_owner_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["value"], ["document.id"], name=op.f("fk_recommendation_documents_value")
        ),
        sa.PrimaryKeyConstraint("owner_id", "value", name=op.f("pk_recommendation_documents")),
        info={"field": "documents"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("recommendation_documents", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recommendation_documents_value_owner_id"),
            ["value", "owner_id"],
            unique=False,
        )

    op.create_table(
        "recommendation_external_ids",
        sa.Column(
            "owner_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["recommendation.id"],
            name=op.f("fk_recommendation_external_ids_owner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "value", name=op.f("pk_recommendation_external_ids")),
        info={"field": "external_ids"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("recommendation_external_ids", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recommendation_external_ids_value_owner_id"),
            ["value", "owner_id"],
            unique=False,
        )

    op.create_table(
        "recommendation_findings",
        sa.Column(
            "owner_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["recommendation.id"],
            name=op.f("fk_recommendation_findings_owner_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["value"], ["finding.id"], name=op.f("fk_recommendation_findings_value")
        ),
        sa.PrimaryKeyConstraint("owner_id", "value", name=op.f("pk_recommendation_findings")),
        info={"field": "findings"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("recommendation_findings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recommendation_findings_value_owner_id"),
            ["value", "owner_id"],
            unique=False,
        )

    op.create_table(
        "recommendation_projects",
        sa.Column(
            "owner_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["recommendation.id"],
            name=op.f("fk_recommendation_projects_owner_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["value"], ["project.id"], name=op.f("fk_recommendation_projects_value")
        ),
        sa.PrimaryKeyConstraint("owner_id", "value", name=op.f("pk_recommendation_projects")),
        info={"field": "projects"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("recommendation_projects", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recommendation_projects_value_owner_id"),
            ["value", "owner_id"],
            unique=False,
        )

    op.create_table(
        "recommendation_validations",
        sa.Column(
            "owner_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["recommendation.id"],
            name=op.f("fk_recommendation_validations_owner_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["value"], ["workshop.id"], name=op.f("fk_recommendation_validations_value")
        ),
        sa.PrimaryKeyConstraint("owner_id", "value", name=op.f("pk_recommendation_validations")),
        info={"field": "validations"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("recommendation_validations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recommendation_validations_value_owner_id"),
            ["value", "owner_id"],
            unique=False,
        )

    op.create_table(
        "workshop_cities",
        sa.Column(
            "owner_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["workshop.id"],
            name=op.f("fk_workshop_cities_owner_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["value"], ["city.id"], name=op.f("fk_workshop_cities_value")),
        sa.PrimaryKeyConstraint("owner_id", "value", name=op.f("pk_workshop_cities")),
        info={"field": "cities"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("workshop_cities", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_workshop_cities_value_owner_id"), ["value", "owner_id"], unique=False
        )

    op.create_table(
        "workshop_external_ids",
        sa.Column(
            "owner_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["workshop.id"],
            name=op.f("fk_workshop_external_ids_owner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "value", name=op.f("pk_workshop_external_ids")),
        info={"field": "external_ids"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("workshop_external_ids", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_workshop_external_ids_value_owner_id"),
            ["value", "owner_id"],
            unique=False,
        )

    op.create_table(
        "workshop_languages",
        sa.Column(
            "owner_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["workshop.id"],
            name=op.f("fk_workshop_languages_owner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "value", name=op.f("pk_workshop_languages")),
        info={"field": "languages"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("workshop_languages", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_workshop_languages_value_owner_id"), ["value", "owner_id"], unique=False
        )

    op.create_table(
        "workshop_projects",
        sa.Column(
            "owner_id",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["workshop.id"],
            name=op.f("fk_workshop_projects_owner_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["value"], ["project.id"], name=op.f("fk_workshop_projects_value")),
        sa.PrimaryKeyConstraint("owner_id", "value", name=op.f("pk_workshop_projects")),
        info={"field": "projects"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("workshop_projects", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_workshop_projects_value_owner_id"), ["value", "owner_id"], unique=False
        )
    _add_search()
    store = sa.table("store", sa.column("id"), sa.column("epoch"), sa.column("seq"))
    op.execute(store.insert().values(id=1, epoch=uuid.uuid4().hex, seq=0))


def _add_search() -> None:
    """Make what each database matches words with; words come folded and split by spaces.

    FTS5's ascii tokenizer leaves every non-ASCII letter alone, so folding is done in one place.
    """
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_fts USING fts5(collection, names, prose,"
            " content='search_entry', content_rowid='id', tokenize='ascii', prefix='2 3 4')"
        )
    else:
        op.execute("CREATE INDEX ix_search_entry_vector ON search_entry USING gin (vector)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_fts")
    with op.batch_alter_table("workshop_projects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workshop_projects_value_owner_id"))

    op.drop_table("workshop_projects")
    with op.batch_alter_table("workshop_languages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workshop_languages_value_owner_id"))

    op.drop_table("workshop_languages")
    with op.batch_alter_table("workshop_external_ids", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workshop_external_ids_value_owner_id"))

    op.drop_table("workshop_external_ids")
    with op.batch_alter_table("workshop_cities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workshop_cities_value_owner_id"))

    op.drop_table("workshop_cities")
    with op.batch_alter_table("recommendation_validations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recommendation_validations_value_owner_id"))

    op.drop_table("recommendation_validations")
    with op.batch_alter_table("recommendation_projects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recommendation_projects_value_owner_id"))

    op.drop_table("recommendation_projects")
    with op.batch_alter_table("recommendation_findings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recommendation_findings_value_owner_id"))

    op.drop_table("recommendation_findings")
    with op.batch_alter_table("recommendation_external_ids", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recommendation_external_ids_value_owner_id"))

    op.drop_table("recommendation_external_ids")
    with op.batch_alter_table("recommendation_documents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recommendation_documents_value_owner_id"))

    op.drop_table("recommendation_documents")
    with op.batch_alter_table("recommendation_cities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recommendation_cities_value_owner_id"))

    op.drop_table("recommendation_cities")
    with op.batch_alter_table("project_external_ids", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_external_ids_value_owner_id"))

    op.drop_table("project_external_ids")
    with op.batch_alter_table("finding_projects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_projects_value_owner_id"))

    op.drop_table("finding_projects")
    with op.batch_alter_table("finding_external_ids", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_external_ids_value_owner_id"))

    op.drop_table("finding_external_ids")
    with op.batch_alter_table("finding_documents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_documents_value_owner_id"))

    op.drop_table("finding_documents")
    with op.batch_alter_table("finding_cities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_cities_value_owner_id"))

    op.drop_table("finding_cities")
    with op.batch_alter_table("document_workshops", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_workshops_value_owner_id"))

    op.drop_table("document_workshops")
    with op.batch_alter_table("document_projects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_projects_value_owner_id"))

    op.drop_table("document_projects")
    with op.batch_alter_table("document_languages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_languages_value_owner_id"))

    op.drop_table("document_languages")
    with op.batch_alter_table("document_external_ids", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_external_ids_value_owner_id"))

    op.drop_table("document_external_ids")
    with op.batch_alter_table("document_cities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_cities_value_owner_id"))

    op.drop_table("document_cities")
    with op.batch_alter_table("city_projects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_city_projects_value_owner_id"))

    op.drop_table("city_projects")
    with op.batch_alter_table("city_external_ids", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_city_external_ids_value_owner_id"))

    op.drop_table("city_external_ids")
    with op.batch_alter_table("action_recommendations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_recommendations_value_owner_id"))

    op.drop_table("action_recommendations")
    with op.batch_alter_table("action_projects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_projects_value_owner_id"))

    op.drop_table("action_projects")
    with op.batch_alter_table("action_external_ids", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_external_ids_value_owner_id"))

    op.drop_table("action_external_ids")
    with op.batch_alter_table("action_cities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_cities_value_owner_id"))

    op.drop_table("action_cities")
    with op.batch_alter_table("workshop", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workshop_updated_at_id"))
        batch_op.drop_index(batch_op.f("ix_workshop_title_id"))
        batch_op.drop_index(batch_op.f("ix_workshop_status_id"))
        batch_op.drop_index(batch_op.f("ix_workshop_starts_on_last_id"))
        batch_op.drop_index(batch_op.f("ix_workshop_starts_on_first_id"))
        batch_op.drop_index(batch_op.f("ix_workshop_scope_id"))
        batch_op.drop_index(batch_op.f("ix_workshop_part_of_id"))
        batch_op.drop_index(batch_op.f("ix_workshop_mode_id"))
        batch_op.drop_index(batch_op.f("ix_workshop_kind_id"))

    op.drop_table("workshop")
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recommendation_updated_at_id"))
        batch_op.drop_index(batch_op.f("ix_recommendation_status_id"))
        batch_op.drop_index(batch_op.f("ix_recommendation_scope_id"))
        batch_op.drop_index(batch_op.f("ix_recommendation_dimension_id"))

    op.drop_table("recommendation")
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_updated_at_id"))
        batch_op.drop_index(batch_op.f("ix_project_title_id"))
        batch_op.drop_index(batch_op.f("ix_project_starts_on_last_id"))
        batch_op.drop_index(batch_op.f("ix_project_starts_on_first_id"))

    op.drop_table("project")
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_updated_at_id"))
        batch_op.drop_index(batch_op.f("ix_finding_scope_id"))
        batch_op.drop_index(batch_op.f("ix_finding_dimension_id"))

    op.drop_table("finding")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_updated_at_id"))
        batch_op.drop_index(batch_op.f("ix_document_title_id"))
        batch_op.drop_index(batch_op.f("ix_document_symbol_id"))
        batch_op.drop_index(batch_op.f("ix_document_status_id"))
        batch_op.drop_index(batch_op.f("ix_document_scope_id"))
        batch_op.drop_index(batch_op.f("ix_document_published_on_last_id"))
        batch_op.drop_index(batch_op.f("ix_document_published_on_first_id"))
        batch_op.drop_index(batch_op.f("ix_document_kind_id"))

    op.drop_table("document")
    with op.batch_alter_table("city", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_city_updated_at_id"))
        batch_op.drop_index(batch_op.f("ix_city_unlocode_id"))
        batch_op.drop_index(batch_op.f("ix_city_subdivision_id"))
        batch_op.drop_index(batch_op.f("ix_city_name_id"))
        batch_op.drop_index(batch_op.f("ix_city_latitude_id"))
        batch_op.drop_index(batch_op.f("ix_city_country_id"))
        batch_op.drop_index(batch_op.f("ix_city_commission_id"))

    op.drop_table("city")
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_updated_at_id"))
        batch_op.drop_index(batch_op.f("ix_action_status_id"))
        batch_op.drop_index(batch_op.f("ix_action_starts_on_last_id"))
        batch_op.drop_index(batch_op.f("ix_action_starts_on_first_id"))
        batch_op.drop_index(batch_op.f("ix_action_scope_id"))
        batch_op.drop_index(batch_op.f("ix_action_dimension_id"))

    op.drop_table("action")
    op.drop_table("store")
    op.drop_table("search_entry")
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_change_collection_seq"))

    op.drop_table("change")
