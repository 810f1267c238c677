/** data.py: TFRecord files as batches. Records, decoding and preprocessing are in modules of their own. */
export const dataPy = String.raw`"""Batches from TFRecord files, streaming, in the same order on any number of processes.

Standard library and numpy only. Every process reads the same stream of records, shuffled alike, and cuts it into
global batches; of each it decodes only its own rows, i % world == rank. So N processes train on what one process
would, batch by batch, and a run can go on at any global batch.
"""
import glob
import os
from collections import namedtuple

import numpy as np

from records import DataError, check_payloads, read_records
from examples import Block, preprocess

__all__ = ["Batch", "DataError", "batches", "find_files", "for_prediction"]

# features: float32 [rows, columns] by tensor name; labels: [rows, tasks]; weights: [rows, tasks] or None;
# discrete: the columns that stratifiers read, or None; index: the number of the global batch, from 0.
Batch = namedtuple("Batch", "features labels weights discrete index")


def find_files(patterns, base="."):
    """Files that the patterns (*, ?, **) match, each pattern's sorted by name."""
    files = []
    for pattern in [patterns] if isinstance(patterns, str) else patterns:
        path = os.path.join(base, os.path.expandvars(os.path.expanduser(pattern)))
        found = [path] if os.path.isfile(path) else sorted(filter(os.path.isfile, glob.glob(path, recursive=True)))
        if not found:
            raise DataError(f"no file matches {pattern}.")
        files.extend(found)
    return files


def for_prediction(section, batch_size):
    """A data section without what drops or changes examples for training; labels may be missing."""
    return {
        **section, "global_batch_size": batch_size, "repeat_files": False,
        "downsample_negatives": None, "rectify_labels": None, "labels": False,
        "columns": [column for column in section["columns"] if column["role"] != "label"],
        "ignore_data_errors": False,
    }


def _stream(section, files, shuffle, seed):
    """(file, number in it, offset, payload) of every record, epoch after epoch when files repeat."""
    random = np.random.RandomState(seed % 2**32) if shuffle else None
    size = section["examples_shuffle_buffer_size"] if shuffle else 0
    buffer = []
    while True:
        count = 0
        order = random.permutation(len(files)) if random is not None else range(len(files))
        for number in order:
            for record in read_records(files[number], section["ignore_data_errors"]):
                count += 1
                if size < 2:
                    yield record
                elif len(buffer) < size:
                    buffer.append(record)
                else:
                    at = random.randint(size)
                    yield buffer[at]
                    buffer[at] = record
        if count == 0:
            raise DataError(f"{', '.join(files)}: there is no readable record.")
        if not section["repeat_files"]:
            break
    if random is not None:
        random.shuffle(buffer)
    yield from buffer


def batches(
    section, files, shuffle=False, seed=0, rank=0, world=1, worker=0, workers=1, skip=0, drop_remainder=True
):
    """
    This process's rows of global batch skip, skip + 1, …; a worker's are those with index % workers == worker.
    What skip leaves out is read, but not decoded.
    """
    size = section["global_batch_size"]
    if size % world:
        raise DataError(f"global_batch_size {size} can't be divided by {world} processes: change either.")
    downsample = section["downsample_negatives"]
    raw_size = size * ((downsample or {}).get("batch_multiplier") or 1)
    files = files[: section["num_files_to_keep"] or len(files)]
    index, position, rows = 0, 0, []

    def make(rows):
        return _batch(section, rows, index)

    for record in _stream(section, files, shuffle, seed):
        mine = index >= skip and index % workers == worker
        if mine and position % world == rank:
            rows.append(record)
        position += 1
        if position == raw_size:
            if mine:
                yield make(rows)
            index, position, rows = index + 1, 0, []
    if rows and not drop_remainder:
        yield make(rows)


def _batch(section, records, index):
    """Decodes and preprocesses records."""
    check_payloads(records)
    block = Block(section, len(records))
    row = 0
    for record in records:
        try:
            block.decode(row, record.payload)
            row += 1
        except DataError as error:
            what = f"{record.file}: record {record.index} at byte {record.offset}: {error}"
            if not section["ignore_data_errors"]:
                raise DataError(what) from error
    block.keep(row)
    preprocess(block, section)
    features = {name: block.matrix(name) for name in section["inputs"]}
    labels = None
    if section.get("labels", True):
        labels = np.stack([block.column(task) for task in section["tasks"]], axis=1).astype(np.float32)
    discrete = block.matrix("discrete") if section["keep_discrete"] else None
    return Batch(features, labels, block.weights, discrete, index)
`;
