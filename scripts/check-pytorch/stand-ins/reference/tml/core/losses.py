import torch

from tml.core.loss_type import LossType


def build_multi_task_loss(loss_type, tasks, task_loss_reduction="mean", global_reduction="mean", pos_weights=None):
    assert loss_type is LossType.BCE_WITH_LOGITS and len(pos_weights) == len(tasks)

    def loss(logits, labels, weights):
        return torch.nn.functional.binary_cross_entropy_with_logits(
            logits, labels, weights, pos_weight=torch.tensor(pos_weights)
        )

    return loss
