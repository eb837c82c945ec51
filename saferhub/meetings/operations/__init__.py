"""Every write to meetings: one transaction, checked, audited."""
