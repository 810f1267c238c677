"""Training steps a second of a generated model.py: eager, torch.compile and a CUDA graph, with TF32 and without.

    python3 steps.py FOLDER      # FOLDER holds model.py, inputs.json (shapes, batch size, Adam) and values.bin (float32)

One JSON line a row on standard output: mode, tf32, device, steps_per_second, or the error that kept it from running.
The same weights at first and the same batch each step as the rows beside it, so that the first losses agree where
nothing is dropped; forward, BCE with logits, backward and fused Adam. Runs on torch 1.13 and later; without a CUDA device
there are the rows of the CPU, eager and, from torch 2.0, compiled.
"""
import importlib
import json
import math
import sys
import time

import torch
from torch.nn import functional

WARM_UP = 10
SECONDS = 5.0
RATE = 1e-3


def make(folder, device):
    """The model, its optimizer, and one fixed batch."""
    sys.path.insert(0, folder)
    module = importlib.import_module("model")
    with open(folder + "/inputs.json") as file:
        shape = json.load(file)
    with open(folder + "/values.bin", "rb") as file:
        values = torch.frombuffer(bytearray(file.read()), dtype=torch.float32)

    def take(*dims):
        nonlocal values
        count = math.prod(dims)
        taken, values = values[:count].reshape(dims), values[count:]
        return taken.to(device)

    size = shape["size"]
    batch = {name: take(size, width) for name, width in shape["inputs"].items()}
    labels = take(size, len(module.TASKS))
    model = module.HeavyRanker().to(device).train()
    state = {tensor["name"]: take(*tensor["shape"]) for tensor in shape["state"]}
    if len(values) > 0:
        raise ValueError(f"{len(values)} values are left over")
    missing, unexpected = model.load_state_dict(state, strict=False)
    if unexpected or any(not name.endswith("num_batches_tracked") for name in missing):
        raise ValueError(f"the weights are not this model's: {missing} missing, {unexpected} unexpected")
    weights = torch.tensor([float(weight) for weight in module.POS_WEIGHTS], device=device)
    return model, batch, labels, weights, shape["adam"]


def adam(model, given, device, capturable):
    options = {"lr": RATE, "betas": (given["beta1"], given["beta2"]), "eps": given["epsilon"]}
    if device.type == "cuda":
        if capturable:
            options["capturable"] = True
        try:
            return torch.optim.Adam(model.parameters(), fused=True, **options)
        except (TypeError, RuntimeError):
            options["foreach"] = True
    return torch.optim.Adam(model.parameters(), **options)


def step_function(model, optimizer, batch, labels, weights):
    def step():
        optimizer.zero_grad(set_to_none=True)
        logits = model(**batch)["logits"]
        loss = functional.binary_cross_entropy_with_logits(logits, labels, pos_weight=weights)
        loss.backward()
        optimizer.step()
        return loss

    return step


def captured(step, model):
    """The step as one CUDA graph: warmed up on a side stream, then recorded once and replayed."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    for parameter in model.parameters():
        parameter.grad = None
    with torch.cuda.graph(graph):
        loss = step()

    def replay():
        graph.replay()
        return loss

    return replay


def measure(step, device):
    """Steps a second, the last loss awaited. Losses are not read between, as a pipelined row does not wait either."""
    wait = torch.cuda.synchronize if device.type == "cuda" else (lambda: None)
    first = float(step())
    for _ in range(WARM_UP if device.type == "cuda" else 1):
        step()
    wait()
    done = 0
    start = time.perf_counter()
    while time.perf_counter() - start < SECONDS:
        for _ in range(20 if device.type == "cuda" else 1):
            loss = step()
            done += 1
        wait()
    seconds = time.perf_counter() - start
    return {"steps_per_second": done / seconds, "steps": done, "loss_first": first, "loss_last": float(loss)}


def row(folder, device, mode, tf32):
    torch.backends.cuda.matmul.allow_tf32 = tf32
    torch.backends.cudnn.allow_tf32 = tf32
    model, batch, labels, weights, given = make(folder, device)
    optimizer = adam(model, given, device, capturable=mode == "cuda graph")
    runner = torch.compile(model) if mode == "compile" else model
    step = step_function(runner, optimizer, batch, labels, weights)
    if mode == "cuda graph":
        step = captured(step, model)
    return measure(step, device)


def main():
    folder = sys.argv[1]
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    name = torch.cuda.get_device_name() if device.type == "cuda" else "CPU"
    on_card = device.type == "cuda"
    modes = ["eager"] + (["compile", "cuda graph"] if on_card else ["compile"])
    for mode in modes:
        for tf32 in [False, True] if on_card else [False]:
            line = {"mode": mode, "tf32": tf32, "device": name, "torch": torch.__version__}
            try:
                if mode == "compile" and not hasattr(torch, "compile"):
                    raise RuntimeError("torch.compile came with torch 2.0")
                line.update(row(folder, device, mode, tf32))
            except Exception as error:  # a row that can't run says why, and the others go on
                line["error"] = str(error).splitlines()[0] if str(error) else type(error).__name__
            print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
