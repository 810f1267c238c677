"""The device, with the processes connected."""
import torch


def setup_and_get_device(tf_ok=True):
    if not torch.distributed.is_initialized():
        torch.distributed.init_process_group("gloo")
    return torch.device("cpu")
