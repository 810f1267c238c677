/** to_reference.py: runs in the reference's environment. */
export const toReferencePy = String.raw`"""Saves weights.safetensors as a checkpoint that the reference's training warm-starts from.

Runs in the reference's own environment, from this folder, with as many processes as will train:

    torchrun --standalone --nnodes 1 --nproc_per_node 1 to_reference.py --config_path config.yaml
"""
import os
import sys

import torch
from absl import app, flags

import tml.common.checkpointing.snapshot as snapshot_lib
import tml.projects.home.recap.config as recap_config_mod
import tml.projects.home.recap.model as model_mod
import tml.projects.home.recap.optimizer as optimizer_mod
from tml.common.device import setup_and_get_device
from tml.core import config as tml_config_mod
from tml.core import losses
from tml.core.loss_type import LossType
from tml.core.train_pipeline import TrainPipelineSparseDist
from tml.model import maybe_shard_model

from weights import WeightsError, load_into, read_safetensors, split_checkpoint

flags.DEFINE_string("config_path", "config.yaml", "The configuration in this folder.")
flags.DEFINE_string("weights", "weights.safetensors", "Weights under the reference's names.")

# Columns of each tensor after truncation: what the reference would learn from its data set.
SHAPES = SHAPES_GO_HERE


def main(_):
    config = tml_config_mod.load_config_from_yaml(recap_config_mod.RecapConfig, flags.FLAGS.config_path)
    target = config.training.initial_checkpoint_dir
    if os.path.exists(target):
        sys.exit(f"{target} is there already: remove it, or train.")
    device = setup_and_get_device()
    model = model_mod.create_ranking_model(
        data_spec={name: torch.Size(shape) for name, shape in SHAPES.items()},
        config=config,
        loss_fn=losses.build_multi_task_loss(
            loss_type=LossType.BCE_WITH_LOGITS,
            tasks=list(config.model.tasks),
            pos_weights=[task.pos_weight for task in config.model.tasks.values()],
        ),
        device=device,
    )
    tensors, metadata = read_safetensors(flags.FLAGS.weights)
    # The ranking model lies inside the module that adds the loss.
    load_into(model.model, split_checkpoint(tensors)[0], flags.FLAGS.weights)

    # As the training loop saves its state, so that it finds each part again; Adam's moments are fresh.
    optimizer, _ = optimizer_mod.build_optimizer(model, config.optimizer, None)
    pipeline = TrainPipelineSparseDist(
        model=maybe_shard_model(model, device), optimizer=optimizer, device=device,
        enable_amp=False, grad_accum=config.training.gradient_accumulation,
    )
    if hasattr(pipeline._optimizer, "init_state"):
        pipeline._optimizer.init_state()
    state = {"model": pipeline._model, "optimizer": pipeline._optimizer, "scaler": pipeline._grad_scaler}
    folder, step = os.path.split(target)
    snapshot_lib.Snapshot(save_dir=folder, state=state).save(global_step=int(step)).wait()
    print(f"{target} holds the weights after {metadata.get('step', '?')} steps; the reference starts at step 0.")


if __name__ == "__main__":
    try:
        app.run(main)
    except WeightsError as error:
        sys.exit(str(error))
`;
