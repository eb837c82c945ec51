"""Things of casework as their users would have made them, for tests."""
