"""The events as types: what services and agencies may rely on, and nothing that acts."""
