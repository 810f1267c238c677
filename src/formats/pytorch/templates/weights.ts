/** weights.py: safetensors without the safetensors package. */
export const weightsPy = String.raw`"""safetensors files: u64 length of a JSON header, the header, then the tensors' little-endian bytes."""
import json
import os
import struct

import torch

DTYPES = {
    "F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16,
    "I64": torch.int64, "I32": torch.int32, "I16": torch.int16, "I8": torch.int8, "U8": torch.uint8,
    "BOOL": torch.bool,
}
NAMES = {dtype: name for name, dtype in DTYPES.items()}

EXP_AVG = "optimizer.exp_avg."
EXP_AVG_SQ = "optimizer.exp_avg_sq."


class WeightsError(Exception):
    """A file of weights that can't be used; names the file and the tensor."""


def read_safetensors(path):
    """Tensors by name, and the metadata (text by text)."""
    with open(path, "rb") as file:
        data = bytearray(file.read())
    try:
        (length,) = struct.unpack_from("<Q", data)
        header = json.loads(data[8 : 8 + length].decode("utf-8"))
        metadata = header.pop("__metadata__", {})
        tensors = {}
        for name, entry in header.items():
            begin, end = entry["data_offsets"]
            dtype, shape = DTYPES[entry["dtype"]], entry["shape"]
            if 8 + length + end > len(data):
                raise WeightsError(f"{path}: tensor {name} is cut off: copy the file again.")
            if begin == end:
                tensors[name] = torch.zeros(shape, dtype=dtype)
                continue
            raw = data[8 + length + begin : 8 + length + end]
            tensors[name] = torch.frombuffer(raw, dtype=dtype).reshape(shape)
        return tensors, metadata
    except (struct.error, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise WeightsError(f"{path}: this is no safetensors file ({error}).") from error


def write_safetensors(path, tensors, metadata):
    """Writes the file aside and renames it when it is whole: nobody ever finds half of it."""
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    # Large elements first, so that every tensor starts at a multiple of its element size.
    order = sorted(tensors, key=lambda name: -tensors[name].element_size())
    offsets, end = {}, 0
    for name in order:
        begin, end = end, end + tensors[name].numel() * tensors[name].element_size()
        offsets[name] = [begin, end]
    header = {"__metadata__": metadata}
    for name, tensor in tensors.items():
        header[name] = {
            "dtype": NAMES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": offsets[name],
        }
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    text += b" " * (-len(text) % 8)
    aside = f"{path}.part-{os.getpid()}"
    try:
        with open(aside, "wb") as file:
            file.write(struct.pack("<Q", len(text)) + text)
            for name in order:
                file.write(tensors[name].reshape(-1).view(torch.uint8).numpy().tobytes())
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    finally:
        if os.path.exists(aside):
            os.remove(aside)


def load_into(module, tensors, path):
    """
    Copies tensors into a module's parameters and buffers by name. A count of batches may be missing, and a
    scalar may be [] or [1]; anything else that does not fit is an error that names it.
    """
    state = module.state_dict()
    missing = [
        name for name in state if name not in tensors and not name.endswith("num_batches_tracked")
    ]
    unexpected = [name for name in tensors if name not in state]
    for problem, names in (("lacks", missing), ("has, but the model has not,", unexpected)):
        if names:
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            raise WeightsError(f"{path} {problem} {', '.join(names[:3])}{more}: is it this model's?")
    with torch.no_grad():
        for name, own in state.items():
            tensor = tensors.get(name)
            if tensor is None:
                continue
            if list(tensor.shape) != list(own.shape) and not tensor.numel() == own.numel() == 1:
                raise WeightsError(
                    f"{path}: {name} is {list(tensor.shape)}, the model needs {list(own.shape)}."
                )
            if tensor.is_floating_point() and not torch.isfinite(tensor).all():
                raise WeightsError(f"{path}: {name} holds numbers that are not finite.")
            own.copy_(tensor.reshape(own.shape))


def split_checkpoint(tensors):
    """The model's tensors, and Adam's moments by parameter name (empty in a file of weights only)."""
    model, exp_avg, exp_avg_sq = {}, {}, {}
    for name, tensor in tensors.items():
        if name.startswith(EXP_AVG):
            exp_avg[name[len(EXP_AVG) :]] = tensor
        elif name.startswith(EXP_AVG_SQ):
            exp_avg_sq[name[len(EXP_AVG_SQ) :]] = tensor
        else:
            model[name] = tensor
    return model, exp_avg, exp_avg_sq
`;
