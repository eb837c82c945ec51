"""What the audit can say of the plan, by subject."""

from . import actions, counted, measures, scorecard, strategy, support, updates  # noqa: F401
