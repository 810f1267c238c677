/** The small classes that a model.py defines for itself, as far as its model needs them. */
import type { OwnClass } from './translate.ts';

const GROUP = `class Group(nn.Module):
    """Modules under names of their own choosing, so that the state dict has the reference's names."""

    def __init__(self, modules):
        super().__init__()
        self._modules.update(modules)

    def __getitem__(self, name):
        return self._modules[name]`;

const LAYER = `class Layer(nn.Module):
    """A module called \`layer\`, as the reference wraps its input norms."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        return self.layer(x)`;

const OWN: Readonly<Record<OwnClass, string>> = {
  ElementWise: `class ElementWise(nn.Module):
    """A function of every element; its constants are part of the state dict."""

    def __init__(self, function, **constants):
        super().__init__()
        self.function = function
        for name, value in constants.items():
            self.register_buffer(name, torch.tensor([float(value)]))

    def forward(self, x):
        return self.function(x)`,
  ExactLayerNorm: `class ExactLayerNorm(nn.LayerNorm):
    """LayerNorm with epsilon 0: a row without variance becomes 0 (plus the offset), where PyTorch has NaN."""

    def forward(self, x):
        constant = x.amax(dim=1, keepdim=True) == x.amin(dim=1, keepdim=True)
        # Some row with a variance stands in: its result and its gradient are dropped below.
        ramp = torch.arange(x.shape[1], dtype=x.dtype, device=x.device).expand_as(x)
        y = super().forward(torch.where(constant, ramp, x))
        offset = torch.zeros_like(y) if self.bias is None else self.bias.to(y.dtype).expand_as(y)
        return torch.where(constant, offset, y)`,
  SmallEmbedding: `class SmallEmbedding(nn.Embedding):
    """The rows of a table that a column of the discrete tensor names."""

    def __init__(self, rows, width, column):
        super().__init__(rows, width)
        self.column = column

    def forward(self, discrete):
        return super().forward(discrete[:, self.column].long())`,
  PositionEmbedding: `class PositionEmbedding(nn.Embedding):
    """The row of a tweet's position, later ones sharing the last. Predictions do not know it and read zeros, as does a
    share of the training examples."""

    def __init__(self, rows, width, column, drop):
        super().__init__(rows, width)
        self.column = column
        self.drop = drop

    def forward(self, discrete):
        position = discrete[:, self.column].long().clamp(0, self.num_embeddings - 1)
        if not self.training:
            return self.weight.new_zeros(position.shape[0], self.embedding_dim)
        kept = torch.rand(position.shape[0], 1, device=position.device) >= self.drop
        return super().forward(position) * kept`,
  DotInteraction: `class DotInteraction(nn.Module):
    """Dot products of the input's equal parts with one another: 1 with 0, 2 with 0 and 1, and so on."""

    def __init__(self, vectors):
        super().__init__()
        self.vectors = vectors

    def forward(self, x):
        parts = x.reshape(x.shape[0], self.vectors, -1)
        first, second = torch.tril_indices(self.vectors, self.vectors, offset=-1)
        return torch.bmm(parts, parts.transpose(1, 2))[:, first, second]`,
  Affine: `class Affine(nn.Module):
    """A learned scale and offset of a logit."""

    def __init__(self, scale, bias):
        super().__init__()
        self.weight = nn.Parameter(torch.tensor([[float(scale)]]))
        self.bias = nn.Parameter(torch.tensor([float(bias)]))

    def forward(self, x):
        return x * self.weight + self.bias`,
  Calibrator: `class Calibrator(nn.Module):
    """Holds a task's negative over its positive downsampling rate, see the end of HeavyRanker.forward."""

    def __init__(self, ratio):
        super().__init__()
        self.register_buffer("ratio", torch.tensor([float(ratio)]))`,
};

/** Definitions of the classes that are used, each followed by two empty lines. */
export function ownClasses(own: ReadonlySet<OwnClass>, containers: ReadonlySet<string>): string {
  const used = [
    ...(containers.has('Group') ? [GROUP] : []),
    ...(containers.has('Layer') ? [LAYER] : []),
    ...(Object.keys(OWN) as (keyof typeof OWN)[]).filter((name) => own.has(name)).map((name) => OWN[name]),
  ];
  return used.map((text) => `${text}\n\n\n`).join('');
}
