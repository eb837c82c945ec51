"""What the audit can say of reporting: sections."""
