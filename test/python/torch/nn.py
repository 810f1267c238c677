"""The stand-in's modules."""
from torch import Tensor


class Parameter(Tensor):
    def __init__(self, value):
        super().__init__(value.shape)


class Module:
    def __init__(self):
        self.__dict__.update(_modules={}, _tensors={})

    def __setattr__(self, name, value):
        if isinstance(value, Module):
            self._modules[name] = value
        elif isinstance(value, Tensor):
            self._tensors[name] = value
        self.__dict__[name] = value

    def register_buffer(self, name, value):
        setattr(self, name, value)

    def modules(self):
        yield self
        for module in self._modules.values():
            yield from module.modules()

    def shapes(self, prefix=""):
        for name, value in self._tensors.items():
            yield prefix + name, value.shape
        for name, module in self._modules.items():
            yield from module.shapes(prefix + name + ".")


class Sequential(Module):
    def __init__(self, *modules):
        super().__init__()
        named = modules[0].items() if isinstance(modules[0], dict) else enumerate(modules)
        self._modules.update((str(name), module) for name, module in named)


class ModuleList(Module):
    def __init__(self, modules):
        super().__init__()
        self._modules.update((str(index), module) for index, module in enumerate(modules))


class Linear(Module):
    def __init__(self, inputs, outputs, bias=True):
        super().__init__()
        self.weight = Parameter(Tensor([outputs, inputs]))
        self.bias = Parameter(Tensor([outputs])) if bias else None


class Embedding(Module):
    def __init__(self, rows, columns):
        super().__init__()
        self.num_embeddings, self.embedding_dim = rows, columns
        self.weight = Parameter(Tensor([rows, columns]))


class LayerNorm(Module):
    def __init__(self, width, eps, elementwise_affine=True):
        super().__init__()
        if elementwise_affine:
            self.weight, self.bias = Parameter(Tensor([width])), Parameter(Tensor([width]))


class BatchNorm1d(Module):
    def __init__(self, width, eps, momentum, affine=True):
        super().__init__()
        if affine:
            self.weight, self.bias = Parameter(Tensor([width])), Parameter(Tensor([width]))
        self.running_mean, self.running_var = Tensor([width]), Tensor([width])
        self.num_batches_tracked = Tensor([])


class Dropout(Module):
    def __init__(self, rate):
        super().__init__()


class init:
    @staticmethod
    def xavier_uniform_(tensor):
        pass

    @staticmethod
    def zeros_(tensor):
        pass

    @staticmethod
    def uniform_(tensor, low, high):
        pass


class functional:
    """Functions are only named when a model is made."""

    gelu = "gelu"
