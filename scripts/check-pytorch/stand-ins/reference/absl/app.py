"""Runs main with the flags parsed."""
import sys

from absl import flags


def run(main):
    flags.parse(sys.argv[1:])
    main(sys.argv[:1])
