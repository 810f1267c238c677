/** state.py: checkpoints of train.py. */
export const statePy = String.raw`"""Checkpoints: weights, Adam's moments and counters in one safetensors file, as the playground writes them."""
import os
import re

import torch

import settings
from weights import EXP_AVG, EXP_AVG_SQ, WeightsError, write_safetensors

FORMAT = "heavy-ranker-playground"


def checkpoints(folder):
    """Steps of the complete checkpoints, ascending, with their files: one that is being written has another name."""
    at = os.path.join(folder, "checkpoints")
    names = os.listdir(at) if os.path.isdir(at) else []
    steps = sorted(int(name.split(".")[0]) for name in names if re.fullmatch(r"\d+\.safetensors", name))
    return [(step, os.path.join(at, f"{step}.safetensors")) for step in steps]


def newest_checkpoint(folder):
    found = checkpoints(folder)
    return found[-1][1] if found else None


def _metadata(trainer, config_file):
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), config_file)
    with open(here, encoding="utf-8") as file:
        config = file.read()
    return {"format": FORMAT, "config": config, "step": str(trainer.step), "seed": str(trainer.args.seed)}


def _model_state(trainer):
    """Whole tensors under the reference's names, float32."""
    state = {}
    for name, tensor in trainer.model.state_dict().items():
        tensor = trainer.parallel.whole(tensor)
        state[name] = tensor.float() if tensor.is_floating_point() else tensor
    return state


def save_weights(trainer, path, config_file):
    """The model's weights and buffers. Every process must call it; the first writes."""
    state = _model_state(trainer)
    if trainer.parallel.main:
        write_safetensors(path, state, _metadata(trainer, config_file))
    trainer.parallel.barrier()


def save_checkpoint(trainer, folder, config_file):
    """Everything that a run needs to go on; then the oldest go that checkpoint_max_to_keep has no room for."""
    tensors = _model_state(trainer)
    for name, tensor in tensors.items():
        if tensor.is_floating_point() and not torch.isfinite(tensor).all():
            raise WeightsError(f"after step {trainer.step - 1}, {name} is not finite: lower the learning rate.")
    for name, parameter in trainer.model.named_parameters():
        moments = trainer.optimizer.state.get(parameter, {})
        for prefix, key in ((EXP_AVG, "exp_avg"), (EXP_AVG_SQ, "exp_avg_sq")):
            moment = moments.get(key)
            if moment is None:
                tensors[prefix + name] = torch.zeros(parameter.shape)
            else:
                tensors[prefix + name] = trainer.parallel.whole(moment).float()
    if trainer.parallel.main:
        os.makedirs(os.path.join(folder, "checkpoints"), exist_ok=True)
        metadata = {
            **_metadata(trainer, config_file),
            "optimizer_step": str(trainer.step), "batches": str(trainer.batches),
            "examples": str(trainer.examples), "elapsed_ms": str(round(trainer.elapsed_ms)),
        }
        if trainer.loss is not None:
            metadata["loss"] = repr(trainer.loss)
        write_safetensors(os.path.join(folder, "checkpoints", f"{trainer.step}.safetensors"), tensors, metadata)
        keep = settings.TRAINING["checkpoint_max_to_keep"]
        for _, path in checkpoints(folder)[: -keep if keep else 0]:
            os.remove(path)
    trainer.parallel.barrier()


def load_checkpoint(model, optimizer, moments, metadata, path):
    """Moments and counters of a checkpoint whose weights are loaded already: (step, batches, examples, loss)."""
    exp_avg, exp_avg_sq = moments
    step = int(metadata.get("optimizer_step", metadata.get("step", 0)))
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        if name not in exp_avg or name not in exp_avg_sq:
            raise WeightsError(f"{path} has no moments of {name}: it is no checkpoint.")
        state = {"step": torch.tensor(float(step))}
        for key, moment in (("exp_avg", exp_avg[name]), ("exp_avg_sq", exp_avg_sq[name])):
            state[key] = _like(parameter, moment)
        optimizer.state[parameter] = state
    numbers = [int(metadata.get(key, 0)) for key in ("step", "batches", "examples")]
    return (*numbers, float(metadata["loss"]) if "loss" in metadata else None)


def _like(parameter, tensor):
    """A whole tensor, placed as the parameter is."""
    tensor = tensor.reshape(parameter.shape).to(parameter.device, parameter.dtype)
    if hasattr(parameter, "full_tensor"):
        from torch.distributed.tensor import distribute_tensor

        return distribute_tensor(tensor, parameter.device_mesh, parameter.placements)
    return tensor.clone()
`;
