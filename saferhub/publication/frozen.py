"""What the database itself holds about frozen versions: laid on a concrete table by a migration of its app."""

from __future__ import annotations

from django.db import migrations

from .models import VERSION_LIFECYCLE

# What a version says. None of it changes but in a draft.
_SAID = ("number", "content", "content_hash", "figures", "correction", "corrects_id", "made_by", "made_at")
# Who did what to it, and when: written once.
_DONE = (("approved_by", "approved_at"), ("published_by", "published_at"))


def freeze(table: str, *, approved_with: tuple[str, ...] = ()) -> migrations.RunSQL:
    """Refuse in `table`, which holds a `FrozenDocument`, whatever would change a version that is no draft any more, a
    move that the table of moves does not know, a hash that is not its content's, and the removal of what is approved.

    `approved_with`: columns of the table's own that are written with the approval, and once as it is.
    """
    return migrations.RunSQL(
        frozen_sql(table, approved_with=approved_with),
        f'DROP TRIGGER frozen_version ON "{table}"; DROP FUNCTION {table}_frozen();',
    )


def frozen_sql(table: str, *, approved_with: tuple[str, ...] = ()) -> str:
    """The trigger and its function, as SQL."""
    moves = ", ".join(
        f"('{before.value}', '{after.value}')"
        for before, targets in VERSION_LIFECYCLE.transitions.items()
        for after in targets
    )
    old, new = _each("OLD", _SAID), _each("NEW", _SAID)
    # An approval that is taken back falls with it; what was published stays so.
    approved, published = (*_DONE[0], *approved_with), _DONE[1]
    done = " OR ".join(
        f"(OLD.{names[1]} IS NOT NULL AND ROW({_each('NEW', names)}) IS DISTINCT FROM ROW({_each('OLD', names)})"
        f"{' AND NEW.status <> ' + chr(39) + 'draft' + chr(39) if names is approved else ''})"
        for names in (approved, published)
    )
    return f"""
CREATE FUNCTION {table}_frozen() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.status <> 'draft' OR OLD.approved_at IS NOT NULL OR OLD.published_at IS NOT NULL THEN
      RAISE EXCEPTION 'a version that was approved is never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF NEW.content_hash <> encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex') THEN
    RAISE EXCEPTION 'the hash of a version is not its content''s' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'draft' THEN
      RAISE EXCEPTION 'a version begins as a draft' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN ({moves}) THEN
    RAISE EXCEPTION 'a version does not move from % to %', OLD.status, NEW.status USING ERRCODE = 'restrict_violation';
  END IF;
  IF (OLD.status <> 'draft' OR NEW.status <> 'draft') AND ROW({new}) IS DISTINCT FROM ROW({old}) THEN
    RAISE EXCEPTION 'only a draft can be changed' USING ERRCODE = 'restrict_violation';
  END IF;
  IF {done} THEN
    RAISE EXCEPTION 'who approved or published a version is written once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER frozen_version BEFORE INSERT OR UPDATE OR DELETE ON "{table}"
  FOR EACH ROW EXECUTE FUNCTION {table}_frozen();
"""


def _each(which: str, names: tuple[str, ...]) -> str:
    return ", ".join(f"{which}.{name}" for name in names)
