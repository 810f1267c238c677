/** evaluation.py: metrics on the configuration's partitions. */
export const evaluationPy = String.raw`"""Evaluates the model on every partition of validation_data and appends to evaluations.jsonl."""
import json
import os

import numpy as np
import torch

import data
import settings
from metrics import HeadMetrics
from model import POS_WEIGHTS, TASKS

FOLDER = os.path.dirname(os.path.abspath(__file__))
FIELDS = ("logits", "probabilities", "calibrated_probabilities")
_told = set()


def evaluate_all(trainer):
    for name, section in settings.VALIDATION_DATA.items():
        try:
            given = trainer.args.eval_data
            files = data.find_files(given) if given else data.find_files(section["files"] or [], FOLDER)
        except data.DataError:
            files = []
        if not files:
            if name not in _told:
                trainer.parallel.say(f"{name} is not evaluated: none of its files is here (--eval-data FILE).")
            _told.add(name)
            continue
        results = _collect(trainer, section, files)
        if trainer.parallel.main:
            lines = _lines(trainer, name, section, results)
            with open(os.path.join(trainer.args.out, "evaluations.jsonl"), "a", encoding="utf-8") as file:
                file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        trainer.parallel.barrier()


@torch.no_grad()
def _collect(trainer, section, files):
    """Predictions of every batch, in the data's order, in the first process. Processes take turns by batch."""
    parallel = trainer.parallel
    limit = settings.TRAINING["num_eval_steps"]
    section = {**section, "repeat_files": False}
    source = data.batches(section, files, worker=parallel.rank, workers=parallel.world, drop_remainder=False)
    trainer.model.eval()
    # Not through DistributedDataParallel: it would wait for processes that have no batch. A sharded model must
    # be called by all, so who has none goes along on zeros.
    mine = []
    while True:
        batch = next(source, None)
        if batch is not None and 0 <= limit <= batch.index:
            batch = None
        if not parallel.any(batch is not None):
            break
        if batch is None:
            if parallel.sharded:
                trainer.model(**{name: trainer.to_device(zeros) for name, zeros in _zeros(section).items()})
            continue
        features = {name: trainer.to_device(array) for name, array in batch.features.items()}
        outputs = trainer.model(**features)
        values = {field: outputs[field].double().cpu().numpy() for field in FIELDS}
        mine.append((batch.index, values, batch.labels, batch.weights, batch.discrete))
    trainer.model.train()
    return sorted((item for part in parallel.gather(mine) for item in part), key=lambda item: item[0])


def _zeros(section):
    """One row of every tensor."""
    columns = {column["name"]: column for column in section["columns"]}
    widths = {
        name: columns[name]["kept"] if columns[name]["mask"] is None else len(columns[name]["mask"])
        for name in section["inputs"]
    }
    return {name: np.zeros((1, width), np.float32) for name, width in widths.items()}


def _lines(trainer, partition, section, results):
    """One line for all examples, then one for each stratifier."""
    tasks = section["evaluation_tasks"] or TASKS
    for stratifier in [None, *settings.STRATIFIERS]:
        heads = {task: HeadMetrics(POS_WEIGHTS[TASKS.index(task)]) for task in tasks}
        examples = 0
        for _, values, labels, weights, discrete in results:
            chosen = slice(None)
            if stratifier:
                chosen = discrete[:, stratifier["index"]] == stratifier["value"]
            for task, head in heads.items():
                column = TASKS.index(task)
                head.update(
                    *(values[field][chosen, column] for field in FIELDS),
                    labels[chosen, column].astype(np.float64),
                    None if weights is None else weights[chosen, column].astype(np.float64),
                )
            examples += len(labels[chosen])
        summaries = {task: head.summary() for task, head in heads.items()}
        losses = [summary["loss"] for summary in summaries.values()]
        stratum = f"{stratifier['name']}={stratifier['value']}" if stratifier else None
        yield {
            "step": trainer.step, "partition": partition, "stratum": stratum, "examples": examples,
            "loss": None if None in losses else float(np.mean(losses)), "tasks": summaries,
        }
`;
