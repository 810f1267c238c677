"""The ranking model is the one that --format pytorch writes: its names are the reference's. PYTORCH_FOLDER is where."""
import importlib.util
import os
import sys

import torch


def _heavy_ranker():
    folder = os.environ["PYTORCH_FOLDER"]
    sys.path.append(folder)
    spec = importlib.util.spec_from_file_location("exported_model", os.path.join(folder, "model.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.HeavyRanker()


class ModelAndLoss(torch.nn.Module):
    def __init__(self, model, loss_fn):
        super().__init__()
        self.model, self.loss_fn = model, loss_fn


def create_ranking_model(data_spec, config, device, loss_fn):
    ranker = _heavy_ranker()
    rows = 2
    with torch.no_grad():
        # The data's widths must be the model's.
        outputs = ranker.eval()(**{name: torch.zeros(rows, shape[1]) for name, shape in data_spec.items()})
    assert outputs["logits"].shape == (rows, len(config.model.tasks))
    return ModelAndLoss(ranker.train(), loss_fn).to(device)
