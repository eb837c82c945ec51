"""What pages of casework read."""
