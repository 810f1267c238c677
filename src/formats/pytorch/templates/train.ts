/** train.py: the training loop, on one device or many. */
export const trainPy = String.raw`"""Trains the heavy ranker on a CPU, a GPU, or many.

    python train.py --data FILE --out DIR
    torchrun --nproc_per_node 8 train.py --data 'data/*.gz' --out DIR

Writes DIR/metrics.jsonl, DIR/evaluations.jsonl, DIR/checkpoints/STEP.safetensors and DIR/model.safetensors.
"""
import argparse
import contextlib
import json
import os
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

import data
import settings
from evaluation import evaluate_all
from model import BACKBONE, POS_WEIGHTS, TASKS, HeavyRanker, group_of
from parallel import Parallel, TrainingError
from schedules import schedule
from state import load_checkpoint, newest_checkpoint, save_checkpoint, save_weights
from weights import WeightsError, load_into, read_safetensors, split_checkpoint

FOLDER = os.path.dirname(os.path.abspath(__file__))


def arguments():
    flag = {"choices": ["true", "false"], "default": "true"}
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", nargs="+", help="TFRecord files; without it, train_data.inputs")
    parser.add_argument("--out", required=True, help="folder for the results")
    parser.add_argument("--steps", type=int, help="steps to train; without it, num_train_steps")
    parser.add_argument("--shuffle", **flag, help="whether to shuffle the records")
    parser.add_argument("--seed", type=int, default=settings.SEED, help="of dropout, shuffling and fresh weights")
    parser.add_argument("--weights", help="start from these; 'none' draws fresh ones; else weights.safetensors")
    parser.add_argument("--resume", action="store_true", help="go on from the newest checkpoint in --out")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, mps")
    parser.add_argument("--workers", type=int, default=0, help="processes that read data, for each trainer")
    parser.add_argument("--eval-data", nargs="+", help="evaluate every partition on these files")
    parser.add_argument("--amp", choices=["bf16"], help="mixed precision")
    parser.add_argument("--compile", action="store_true", help="torch.compile (torch 2.0 or newer)")
    parser.add_argument("--fsdp", action="store_true", help="shard parameters and moments (torch 2.6 or newer)")
    parser.add_argument("--noisy-shifts", action="store_true", help="train settings.FROZEN too, as the reference does")
    parser.add_argument("--double", action="store_true", help="compute in float64, to see what rounding does")
    args = parser.parse_args()
    if args.steps is not None and args.steps < 1:
        parser.error("--steps must be at least 1.")
    return args


class Stream(IterableDataset):
    """This process's batches from a global batch on; loader workers take turns, so the order stays."""

    def __init__(self, files, args, parallel, skip):
        self.options = {
            "shuffle": args.shuffle == "true", "seed": args.seed,
            "rank": parallel.rank, "world": parallel.world, "skip": skip,
        }
        self.files = files

    def __iter__(self):
        info = get_worker_info()
        worker, workers = (info.id, info.num_workers) if info else (0, 1)
        # The loader asks its workers in turn from the first on: that one must have the first batch.
        worker = (worker + self.options["skip"]) % workers
        return data.batches(settings.TRAIN_DATA, self.files, worker=worker, workers=workers, **self.options)


class Trainer:
    def __init__(self, args, parallel):
        self.args, self.parallel, self.device = args, parallel, parallel.device
        self.dtype = torch.float64 if args.double else torch.float32
        self.config = settings.TRAINING
        self.steps = args.steps or self.config["num_train_steps"]
        self.step = self.batches = self.examples = 0
        self.loss = None
        torch.manual_seed(args.seed)
        self.model = HeavyRanker()
        # Structurally without a gradient: Adam would turn their rounding noise into whole steps.
        for name, parameter in self.model.named_parameters():
            if name in settings.FROZEN and not args.noisy_shifts:
                parameter.requires_grad_(False)
        path, checkpoint = self.starting_point()
        tensors, self.metadata = read_safetensors(path) if path else ({}, {})
        weights, *moments = split_checkpoint(tensors)
        if path:
            load_into(self.model, weights, path)
        self.model.to(self.device, self.dtype)
        self.wrapped = parallel.wrap(self.model, args.fsdp)
        self.call = torch.compile(self.wrapped) if args.compile else self.wrapped
        self.optimizer = self.make_optimizer()
        if checkpoint:
            counters = load_checkpoint(self.model, self.optimizer, moments, self.metadata, path)
            self.step, self.batches, self.examples, self.loss = counters
        self.pos_weights = torch.tensor(POS_WEIGHTS, dtype=self.dtype, device=self.device)
        self.dropout = any(isinstance(m, torch.nn.Dropout) and m.p > 0 for m in self.model.modules())
        self.pending, self.saved_at, self.evaluated_at = [], self.step, self.step
        self.elapsed_ms = float(self.metadata.get("elapsed_ms", 0)) if checkpoint else 0.0
        self.since = time.monotonic()

    def starting_point(self):
        """The file to start from, and whether it is a checkpoint of this run."""
        if self.args.resume:
            path = newest_checkpoint(self.args.out)
            if path is None:
                raise TrainingError(f"{self.args.out}/checkpoints holds no checkpoint to go on from.")
            return path, True
        if newest_checkpoint(self.args.out) is not None:
            raise TrainingError(f"{self.args.out} holds a run already: give another --out, or --resume.")
        if self.args.weights == "none":
            return None, False
        return self.args.weights or os.path.join(FOLDER, "weights.safetensors"), False

    def make_optimizer(self):
        """Adam with one group for each task's tower and one for the backbone."""
        groups = {group: [] for group in [BACKBONE, *TASKS]}
        for name, parameter in self.model.named_parameters():
            if parameter.requires_grad:
                groups[group_of(name)].append(parameter)
        adam = settings.ADAM
        return torch.optim.Adam(
            [{"params": parameters, "name": group, "lr": 0.0} for group, parameters in groups.items() if parameters],
            lr=0.0, betas=(adam["beta_1"], adam["beta_2"]), eps=adam["epsilon"],
        )

    def to_device(self, array):
        # The loader makes tensors of arrays, the evaluation has arrays.
        return torch.as_tensor(array).to(self.device, self.dtype, non_blocking=True)

    def losses(self, batch):
        """Mean over the rows of weight * BCE-with-logits, by task."""
        features = {name: self.to_device(array) for name, array in batch.features.items()}
        labels = self.to_device(batch.labels)
        weights = None if batch.weights is None else self.to_device(batch.weights)
        amp = torch.autocast(self.device.type, torch.bfloat16) if self.args.amp else contextlib.nullcontext()
        with amp:
            logits = self.call(**features)["logits"]
        terms = F.binary_cross_entropy_with_logits(
            logits, labels, weight=weights, pos_weight=self.pos_weights, reduction="none"
        )
        return terms.mean(dim=0)

    def update(self, batches, rates):
        """One optimizer step on the mean gradient of the batches. Returns the task losses' mean."""
        self.wrapped.train()
        for group in self.optimizer.param_groups:
            group["lr"] = rates[group["name"]]
        self.optimizer.zero_grad(set_to_none=True)
        total = 0
        for number, batch in enumerate(batches):
            if self.dropout:
                # A run that is resumed drops what the uninterrupted one would.
                seed = ((self.args.seed * 1000003 + self.step) * 1009 + number) * 65537 + self.parallel.rank
                torch.manual_seed(seed % 2**63)
            with self.parallel.accumulating(self.wrapped, number < len(batches) - 1):
                losses = self.losses(batch)
                (losses.mean() / len(batches)).backward()
            total = total + losses.detach() / len(batches)
        self.optimizer.step()
        return total

    def run(self, stream):
        rates_of = {group: schedule(config) for group, config in settings.LEARNING_RATES.items()}
        self.parallel.only_main(lambda: open_log(self.args.out, "evaluations.jsonl", self.step + 1).close())
        with self.parallel.only_main(lambda: open_log(self.args.out, "metrics.jsonl", self.step)) as log:
            self.log = log
            while self.step < self.steps:
                wanted = self.config["gradient_accumulation"] or 1
                batches = [batch for _, batch in zip(range(wanted), stream)]
                if not batches:
                    if self.batches == 0:
                        size = settings.TRAIN_DATA["global_batch_size"]
                        raise data.DataError(f"the data gives no batch: it holds fewer than {size} examples.")
                    break
                rates = {group: rate(self.step) for group, rate in rates_of.items()}
                losses = self.update(batches, rates)
                self.batches += len(batches)
                self.examples += len(batches) * settings.TRAIN_DATA["global_batch_size"]
                self.pending.append((self.step, losses, rates, self.examples))
                self.step += 1
                # Processes report together, so the clock decides only where there is one.
                alone = self.parallel.world == 1
                if len(self.pending) >= (32 if alone else 8) or (alone and time.monotonic() - self.since > 1):
                    self.report()
                self.due(self.step % self.config["checkpoint_every_n"] == 0,
                         self.step % self.config["eval_log_every_n"] == 0)
            self.report()
            self.due(True, True)

    def due(self, checkpoint, evaluation):
        """Checkpoint and evaluation, where they are due and not done at this step."""
        if checkpoint and self.saved_at != self.step:
            self.report()
            self.parallel.same_buffers(self.model)
            save_checkpoint(self, self.args.out, settings.CONFIG_FILE)
            self.saved_at = self.step
        if evaluation and self.evaluated_at != self.step:
            self.report()
            self.parallel.same_buffers(self.model)
            evaluate_all(self)
            self.evaluated_at = self.step

    def report(self):
        """Losses of the steps since the last report: read late, so that the device is not waited for."""
        if not self.pending:
            return
        table = self.parallel.mean(torch.stack([losses for _, losses, _, _ in self.pending])).cpu().double()
        seconds = max(time.monotonic() - self.since, 1e-9)
        self.elapsed_ms += 1000 * seconds
        for (step, _, rates, examples), losses in zip(self.pending, table.tolist()):
            loss = float(np.mean(losses))
            if not np.isfinite(loss):
                raise TrainingError(
                    f"the loss of step {step} is not a finite number: lower the learning rate, then --resume."
                )
            self.loss = loss
            if self.log:
                line = {
                    "step": step, "loss": loss, "task_losses": dict(zip(TASKS, losses)), "learning_rates": rates,
                    "examples": examples, "elapsed_ms": round(self.elapsed_ms, 1),
                }
                self.log.write(json.dumps(line, ensure_ascii=False) + "\n")
        if self.log:
            self.log.flush()
            rate = len(self.pending) / seconds
            left = (self.steps - self.step) / rate
            print(
                f"step {self.step}/{self.steps}  loss {self.loss:.5f}  {rate:.1f} steps/s  {left:.0f} s left",
                file=sys.stderr,
            )
        self.pending, self.since = [], time.monotonic()


def open_log(folder, name, step):
    """A log to append to, without the lines of steps that are done again."""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, name)
    kept = []
    if step > 0 and os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            for line in file:
                # A process that was killed may have left half a line.
                if line.endswith("\n") and json.loads(line)["step"] < step:
                    kept.append(line)
    file = open(path, "w", encoding="utf-8")
    file.writelines(kept)
    return file


def train(args, parallel):
    files = data.find_files(args.data) if args.data else data.find_files(settings.TRAIN_DATA["files"] or [], FOLDER)
    if not files:
        raise data.DataError("there is no data: give --data FILE.")
    trainer = Trainer(args, parallel)
    if trainer.step >= trainer.steps:
        raise TrainingError(f"the checkpoint is at step {trainer.step} already: give more --steps.")
    stream = Stream(files, args, parallel, trainer.batches)
    cuda = parallel.device.type == "cuda"
    ahead = {"prefetch_factor": 4} if args.workers else {}
    loader = DataLoader(stream, batch_size=None, num_workers=args.workers, **ahead)
    parallel.say(
        f"Training {trainer.steps} steps on {parallel.description(cuda)}, {len(files)} file"
        f"{'' if len(files) == 1 else 's'}."
    )
    trainer.run(iter(loader))
    save_weights(trainer, os.path.join(args.out, "model.safetensors"), settings.CONFIG_FILE)
    parallel.say(f"Done: {trainer.step} steps, loss {trainer.loss:.5f}.")


def main():
    args = arguments()
    try:
        parallel = Parallel(args.device, args.fsdp)
        if args.compile and not hasattr(torch, "compile"):
            raise TrainingError(f"--compile needs torch 2.0 or newer; this is {torch.__version__}.")
        if args.fsdp and args.double:
            raise TrainingError("--double is for one process: leave --fsdp out.")
        with parallel:
            train(args, parallel)
    except (data.DataError, TrainingError, WeightsError, OSError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
`;
