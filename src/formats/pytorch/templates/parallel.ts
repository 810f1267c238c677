/** parallel.py: one process or many, for train.py. */
export const parallelPy = String.raw`"""One process or many: who I am, how the model is wrapped, what is averaged and gathered."""
import contextlib
import os
import sys

import torch
import torch.distributed as dist


class TrainingError(Exception):
    """What ends a training with one sentence."""


def pick_device(name, local_rank):
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    device = torch.device(name)
    if device.type == "cuda":
        if not torch.cuda.is_available():
            raise TrainingError("--device cuda: torch finds no CUDA device here.")
        device = torch.device("cuda", device.index if device.index is not None else local_rank)
        torch.cuda.set_device(device)
    return device


class Parallel:
    """The processes that torchrun started, or this one alone. A context: inside it they are connected."""

    def __init__(self, device, fsdp):
        self.rank = int(os.environ.get("RANK", 0))
        self.world = int(os.environ.get("WORLD_SIZE", 1))
        self.launched = "RANK" in os.environ and "WORLD_SIZE" in os.environ
        self.device = pick_device(device, int(os.environ.get("LOCAL_RANK", 0)))
        self.main = self.rank == 0
        self.sharded = fsdp
        if fsdp:
            if not self.launched:
                raise TrainingError("--fsdp shards over processes: start with torchrun.")
            try:
                from torch.distributed.fsdp import fully_shard
            # ValueError: torch 1.13 under Python 3.11 fails on its own module.
            except (ImportError, ValueError):
                raise TrainingError(f"--fsdp needs torch 2.6 or newer; this is {torch.__version__}.") from None
            self.fully_shard = fully_shard

    def __enter__(self):
        if self.launched:
            dist.init_process_group("nccl" if self.device.type == "cuda" else "gloo")
        return self

    def __exit__(self, *error):
        if self.launched:
            dist.destroy_process_group()

    def say(self, text):
        if self.main:
            print(text, file=sys.stderr)

    def description(self, cuda):
        name = torch.cuda.get_device_name(self.device) if cuda else self.device.type
        return f"{self.world} processes, {name}" if self.world > 1 else name

    def only_main(self, make):
        """What make() gives, in the first process; nothing in the others."""
        return make() if self.main else contextlib.nullcontext()

    def wrap(self, model, fsdp):
        """DistributedDataParallel, or parameters sharded over the processes; a process alone has neither."""
        if fsdp:
            from torch.distributed.device_mesh import init_device_mesh

            mesh = init_device_mesh(self.device.type, (self.world,))
            for module in model.modules():
                if isinstance(module, torch.nn.Linear) and module.weight.numel() >= 100_000:
                    self.fully_shard(module, mesh=mesh)
            self.fully_shard(model, mesh=mesh)
            return model
        if not self.launched:
            return model
        ids = [self.device.index] if self.device.type == "cuda" else None
        return torch.nn.parallel.DistributedDataParallel(model, device_ids=ids)

    @contextlib.contextmanager
    def accumulating(self, wrapped, more):
        """Gradients are exchanged with the last of an update's batches only."""
        if self.sharded:
            wrapped.set_requires_gradient_sync(not more)
            yield
        elif more and self.launched:
            with wrapped.no_sync():
                yield
        else:
            yield

    def mean(self, tensor):
        """The mean over the processes."""
        if self.world > 1:
            dist.all_reduce(tensor)
            tensor = tensor / self.world
        return tensor

    def same_buffers(self, model):
        """Running statistics of the first process for all: each has seen its own rows only."""
        if self.world > 1:
            for buffer in model.buffers():
                dist.broadcast(buffer, 0)

    def any(self, flag):
        """Whether the flag is set in some process."""
        if self.world == 1:
            return flag
        tensor = torch.tensor([1.0 if flag else 0.0], device=self.device)
        dist.all_reduce(tensor)
        return tensor.item() > 0

    def gather(self, value):
        """Every process's value, in the first process; an empty list in the others."""
        if self.world == 1:
            return [value]
        values = [None] * self.world if self.main else None
        dist.gather_object(value, values, 0)
        return values or []

    def whole(self, tensor):
        """A tensor, put together from its shards where it is sharded. All processes must ask."""
        tensor = tensor.detach()
        return tensor.full_tensor() if hasattr(tensor, "full_tensor") else tensor

    def barrier(self):
        if self.world > 1:
            dist.barrier()
`;
