import torch


def build_optimizer(model, optimizer_config, emb_optimizer_config=None):
    return torch.optim.Adam(model.parameters(), eps=optimizer_config.adam.epsilon), None
