"""The agreements of the small repository of which sites are built in tests."""

NAMES = ("avocet", "heron", "plover", "redwing")
