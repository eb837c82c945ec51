"""What the audit can say of reporting, by subject."""

from . import committees, published, questions, reports, sections  # noqa: F401
