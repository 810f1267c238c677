"""
Runs train.py --fsdp where torch has no fully_shard for this device: `torchrun stand-ins/fsdp.py train.py ARGS`.

Nothing is sharded, but the processes must do together what a sharded model makes them do together: every forward call meets
the others', as gathering the parameters would, and gradients are averaged. Who calls alone waits for the others and is ended.
"""
import datetime
import runpy
import sys
import types

import torch
import torch.distributed as dist


def fully_shard(module, mesh=None):
    if not hasattr(module, "set_requires_gradient_sync"):
        module.set_requires_gradient_sync = lambda on: None

    def meet(*_):
        counts = [None] * dist.get_world_size()
        dist.all_gather_object(counts, "forward")
        assert counts == ["forward"] * len(counts), f"not every process calls the model: {counts}"

    def average(gradient):
        dist.all_reduce(gradient)
        return gradient / dist.get_world_size()

    module.register_forward_pre_hook(meet)
    for parameter in module.parameters():
        if not hasattr(parameter, "averaged"):
            parameter.averaged = parameter.register_hook(average)
    return module


sys.modules["torch.distributed.fsdp"] = types.SimpleNamespace(fully_shard=fully_shard)
sys.modules["torch.distributed.device_mesh"] = types.SimpleNamespace(init_device_mesh=lambda device, shape: shape)
begin = dist.init_process_group
dist.init_process_group = lambda backend: begin(backend, timeout=datetime.timedelta(seconds=60))
sys.argv = sys.argv[1:]
sys.path.insert(0, sys.argv[0].rsplit("/", 1)[0])
runpy.run_path(sys.argv[0], run_name="__main__")
