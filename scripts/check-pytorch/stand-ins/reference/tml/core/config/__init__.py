"""YAML read by PyYAML with string.Template's variables, keys as attributes."""
import getpass
import os
import string

import yaml

DEFAULTS = {"gradient_accumulation": None}


class Section:
    def __init__(self, value):
        self.__dict__.update({key: _wrapped(key, inner) for key, inner in value.items()})

    def __getattr__(self, name):
        if name in DEFAULTS:
            return DEFAULTS[name]
        raise AttributeError(name)


def _wrapped(key, value):
    if not isinstance(value, dict):
        return value
    if key == "tasks":
        return {name: Section(inner) for name, inner in value.items()}
    return Section(value)


def load_config_from_yaml(config_type, yaml_path):
    with open(yaml_path) as file:
        text = string.Template(file.read()).safe_substitute(os.environ, USER=getpass.getuser())
    return config_type(yaml.safe_load(text))
