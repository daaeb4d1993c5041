"""A third provider, made by the steps of docs/adding-a-provider.md, that exists in the tests only.

All but `sink`, the server that its tests talk to, would stand in `mailer/providers/postcard/`.
"""
