"""Training steps a second of a generated model.py: eager, torch.compile and a CUDA graph, with TF32 and without.

    python3 steps.py FOLDER      # FOLDER holds model.py and inputs.json (names and widths of the inputs, batch size)

One JSON line a row on standard output: mode, tf32, device, steps_per_second, or the error that kept it from running.
The same batch each step, forward, BCE with logits, backward and fused Adam, as the rows beside it. Runs on torch 1.13
and later; without a CUDA device the eager row on the CPU is all there is.
"""
import importlib
import json
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
    torch.manual_seed(1)
    model = module.HeavyRanker().to(device).train()
    size = shape["size"]
    batch = {name: torch.rand(size, width, device=device) for name, width in shape["inputs"].items()}
    labels = (torch.rand(size, len(module.TASKS), device=device) < 0.3).float()
    weights = torch.tensor([float(weight) for weight in module.POS_WEIGHTS], device=device)
    return model, batch, labels, weights


def adam(model, device, capturable):
    options = {"lr": RATE, "betas": (0.9, 0.999), "eps": 1e-8}
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
    model, batch, labels, weights = make(folder, device)
    optimizer = adam(model, device, capturable=mode == "cuda graph")
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
