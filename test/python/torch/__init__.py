"""A stand-in for torch: as much of it as making a model takes, so that its names can be read without PyTorch."""


class Tensor:
    def __init__(self, shape):
        self.shape = list(shape)


def tensor(values):
    shape = []
    while isinstance(values, list):
        shape.append(len(values))
        values = values[0]
    return Tensor(shape)


def __getattr__(name):
    """Functions are only named when a model is made."""
    if name.startswith("__") or name == "nn":
        raise AttributeError(name)
    return name
