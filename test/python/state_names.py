"""Prints the state dict's names and shapes of each model.py in the folders given, as JSON."""
import importlib.util
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True

result = {}
for folder in sys.argv[1:]:
    spec = importlib.util.spec_from_file_location("model", os.path.join(folder, "model.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model = module.HeavyRanker()
    shapes = dict(model.shapes())
    groups = {name: module.group_of(name) for name in shapes}
    result[os.path.basename(folder)] = {"shapes": shapes, "groups": groups, "tasks": module.TASKS}
json.dump(result, sys.stdout)
