/** examples.py: tf.Example decoding and the configuration's preprocessing. */
export const examplesPy = String.raw`"""tf.Example messages as rows of arrays, and the preprocessing that the configuration asks for."""
import numpy as np

from records import DataError


def _varint(data, at, end):
    result = shift = 0
    while at < end and shift < 70:
        byte = data[at]
        at += 1
        result |= (byte & 0x7F) << shift
        if byte < 0x80:
            return result, at
        shift += 7
    raise DataError("a number is cut off, so this is no tf.Example.")


def _fields(data, at, end):
    """(number, wire type, begin, end) of every field of a message; a varint's begin is its value."""
    while at < end:
        tag, at = _varint(data, at, end)
        number, wire = tag >> 3, tag & 7
        if wire == 0:
            value, at = _varint(data, at, end)
            yield number, wire, value, at
            continue
        if wire == 2:
            length, at = _varint(data, at, end)
        elif wire in (1, 5):
            length = 8 if wire == 1 else 4
        else:
            raise DataError("a field has an unknown type, so this is no tf.Example.")
        if at + length > end:
            raise DataError("a field is cut off, so this is no tf.Example.")
        yield number, wire, at, at + length
        at += length


def _varints(data):
    """Packed int64 values."""
    raw = np.frombuffer(data, np.uint8)
    if raw.size == 0 or raw.max() < 0x80:
        return raw.astype(np.int64)
    ends = np.flatnonzero(raw < 0x80)
    if len(ends) == 0 or ends[-1] != len(raw) - 1:
        raise DataError("a number is cut off.")
    starts = np.concatenate([[0], ends[:-1] + 1])
    lengths = ends - starts + 1
    if lengths.max() > 10:
        raise DataError("a number has more than 64 bits.")
    place = np.arange(len(raw)) - np.repeat(starts, lengths)
    parts = (raw & 0x7F).astype(np.uint64) << (7 * place).astype(np.uint64)
    return np.bitwise_or.reduceat(parts, starts).view(np.int64)


def _values(data, begin, end, kind, name):
    """The values of a Feature; None where it is there but not set."""
    wanted = 2 if kind == "float_list" else 3
    result = None
    for number, _, at, stop in _fields(data, begin, end):
        if number not in (1, 2, 3):
            continue
        if number != wanted:
            raise DataError(f"feature {name} is no {kind}, as the data schema says.")
        parts = []
        for inner, wire, first, last in _fields(data, at, stop):
            if inner != 1:
                continue
            if wire == 2 and wanted == 2:
                if (last - first) % 4:
                    raise DataError(f"feature {name}: a number is cut off.")
                parts.append(np.frombuffer(data[first:last], "<f4"))
            elif wire == 2:
                parts.append(_varints(data[first:last]))
            elif wire == 5 and wanted == 2:
                parts.append(np.frombuffer(data[first:last], "<f4"))
            elif wire == 0 and wanted == 3:
                parts.append(np.array([first], np.uint64).view(np.int64))
        result = np.concatenate(parts) if parts else None
    return result


class Block:
    """Rows of all columns that a data section reads; absent features are zeros, as in the reference."""

    def __init__(self, section, size):
        self.size, self.weights = size, None
        self.columns = {}
        self._wanted = {}
        for spec in section["columns"]:
            dtype = np.float32 if spec["kind"] == "float_list" else np.int64
            if spec["role"] != "field":
                dtype = np.float32
            array = np.zeros((size, spec["length"]), dtype)
            self.columns[spec["name"]] = array
            self._wanted[spec["feature"].encode("utf-8")] = (spec, array)

    def decode(self, row, payload):
        found = {}
        for number, wire, begin, end in _fields(payload, 0, len(payload)):
            if number != 1 or wire != 2:
                continue
            for entry, kind, first, last in _fields(payload, begin, end):
                if entry != 1 or kind != 2:
                    continue
                key, value = b"", None
                for part, _, at, stop in _fields(payload, first, last):
                    if part == 1:
                        key = bytes(payload[at:stop])
                    elif part == 2:
                        value = (at, stop)
                if key in self._wanted and value:
                    found[key] = value
        for key, (spec, array) in self._wanted.items():
            values = None
            if key in found:
                values = _values(payload, *found[key], spec["kind"], spec["feature"])
            if values is None:
                array[row] = 0
            elif len(values) != spec["length"]:
                raise DataError(
                    f"feature {spec['feature']} has {len(values)} values, {spec['length']} in the data schema."
                )
            else:
                array[row] = values

    def keep(self, rows):
        """The first rows, or the rows of an array of numbers."""
        chosen = slice(rows) if isinstance(rows, int) else rows
        self.columns = {name: array[chosen] for name, array in self.columns.items()}
        if self.weights is not None:
            self.weights = self.weights[chosen]
        self.size = rows if isinstance(rows, int) else len(rows)

    def column(self, name):
        return self.columns[name][:, 0]

    def matrix(self, name):
        return np.ascontiguousarray(self.columns[name], np.float32)


def preprocess(block, section):
    """All steps, in the reference's order; weights come from the labels as they were read."""
    for name, bits in section["mask_mantissa_features"].items():
        if name in block.columns and bits:
            words = np.ascontiguousarray(block.columns[name], np.float32).view(np.int32)
            block.columns[name] = (words & np.int32(-1 << bits)).view(np.float32)
    if section.get("labels", True):
        block.weights = _sample_weights(block, section["tasks"])
    if section["downsample_negatives"]:
        _downsample_negatives(block, section)
    for spec in section["columns"]:
        array = block.columns[spec["name"]][:, : spec["kept"]]
        block.columns[spec["name"]] = array if spec["mask"] is None else array[:, spec["mask"]]
    for name, kind in section["downcast"].items():
        if name in block.columns:
            block.columns[name] = _cast(block.columns[name], kind)
    if section["rectify_labels"]:
        _rectify_labels(block, section["rectify_labels"])
    for row in section["extract_features"]:
        if row["source_tensor"] in block.columns:
            index = row["index"]
            block.columns[row["name"]] = block.columns[row["source_tensor"]][:, index : index + 1]


def _sample_weights(block, tasks):
    """label / pos_rate + (1 - label) / neg_rate, or None when every rate is 1."""
    if all(pos == 1 and neg == 1 for pos, neg in tasks.values()):
        return None
    columns = []
    for task, (pos, neg) in tasks.items():
        label = block.column(task).astype(np.float64)
        columns.append(label / pos + (1 - label) / neg)
    return np.stack(columns, axis=1).astype(np.float32)


def _downsample_negatives(block, section):
    """
    Of B m rows keeps B: positives of the listed engagements first, then negatives, which are weighed up so that
    the total weight stays. With B positives or more, these carry the weight of all positives.
    """
    config = section["downsample_negatives"]
    multiplier = config["batch_multiplier"] or 1
    size = block.size // multiplier
    positive = np.zeros(block.size, bool)
    for name in config["engagements_list"]:
        if name in block.columns:
            positive |= block.column(name) == 1
    order = np.concatenate([np.flatnonzero(positive), np.flatnonzero(~positive)])[:size]
    count = int(positive.sum())
    crowded = count >= size
    up = count / size if crowded else 1.0
    down = 0.0 if crowded else (multiplier * size - count) / (size - count)
    old = block.weights
    if old is None:
        old = np.ones((block.size, len(section["tasks"])), np.float32)
    factor = np.where(positive, up, down)[:, None]
    block.weights = (old.astype(np.float64) * factor).astype(np.float32)
    block.keep(order)


def _cast(array, kind):
    """Rounds to a smaller type and back, ties to even."""
    array = np.ascontiguousarray(array, np.float32)
    if kind == "float16":
        with np.errstate(over="ignore"):
            return array.astype(np.float16).astype(np.float32)
    if kind == "bool":
        return (array != 0).astype(np.float32)
    if kind == "uint8":
        return np.trunc(np.clip(np.nan_to_num(array, nan=0.0), 0, 255)).astype(np.float32)
    if kind == "bfloat16":
        bits = array.view(np.uint32)
        rounded = (bits + np.uint32(0x7FFF) + ((bits >> 16) & 1)) & np.uint32(0xFFFF0000)
        return np.where(np.isnan(array), array, rounded.view(np.float32))
    return array


def _rectify_labels(block, config):
    """A label counts only if impression and engagement came soon enough after serving; times in milliseconds."""
    window = int(config["label_rectification_window_in_hours"] * 3600000)
    for label, field in config["label_to_engaged_timestamp_field"].items():
        names = (label, field, config["served_timestamp_field"], config["impressed_timestamp_field"])
        if any(name not in block.columns for name in names):
            continue
        value, engaged, served, impressed = (block.column(name) for name in names)
        keep = (value > 0) & (impressed - served < window) & (engaged - served < window)
        block.columns[label] = np.where(keep, value, 0).astype(np.float32)[:, None]
`;
