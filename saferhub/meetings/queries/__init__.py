"""What pages of meetings read."""
