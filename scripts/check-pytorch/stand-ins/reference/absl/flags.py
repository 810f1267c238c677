"""Flags from the command line."""
import sys


class _Flags:
    pass


FLAGS = _Flags()


def DEFINE_string(name, default, _help):
    setattr(FLAGS, name, default)


def parse(argv):
    for name, value in zip(argv[::2], argv[1::2]):
        if not hasattr(FLAGS, name.lstrip("-")):
            sys.exit(f"Unknown flag {name}.")
        setattr(FLAGS, name.lstrip("-"), value)
