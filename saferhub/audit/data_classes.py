"""Classes and retention of the audit's fields (see foundation.data_classes)."""

from saferhub.foundation.data_classes import Rule, fields

FIELDS = {
    # Internal throughout, though entries are about what people did: a row holds codes and random identifiers,
    # never a value (`operations.NotACode` refuses one), and says nothing about anybody without the rows that
    # its identifiers mean. Those are protected and can be disposed of; the chain of entries cannot lose a row.
    # Who may read entries is decided with the record, or the partnership, that they are about.
    "audit.Entry": fields(
        Rule.AUDIT,
        internal=(
            "id kind event actor agency partnership subject_kind subject purpose request codes"
            " at business_at xid era database_role row_hash"
        ),
    ),
    "audit.Seal": fields(
        Rule.AUDIT,
        internal="number era from_xid until_xid entries entries_hash previous_hash sealed_at seal_hash",
    ),
    "audit.Era": fields(Rule.AUDIT, internal="number cluster opened_at"),
}
