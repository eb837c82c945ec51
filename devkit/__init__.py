"""What `./dev` is made of: set-up, the local PostgreSQL, the processes of a local start.

No page is served by anything in here, and `saferhub` imports none of it. Everything up to
`bootstrap` runs on the standard library alone, since nothing else is installed yet.
"""
