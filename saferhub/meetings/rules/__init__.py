"""What meetings are decided by: values in, values out."""
