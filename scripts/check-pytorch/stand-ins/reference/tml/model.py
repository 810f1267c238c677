def maybe_shard_model(model, device):
    return model
