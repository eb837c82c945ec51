"""saferhub: the open platform on which a Community Safety Partnership runs its work."""

__version__ = "0.1.0"
